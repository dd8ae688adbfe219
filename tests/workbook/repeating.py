"""The smallest live carrier: repeats steps on a workbook that openpyxl holds, and looks at what came out.

Like Excel it knows nothing of undo data, gives notes the name of the user, and writes every number as a
double. Carriers proper are tested elsewhere; this one shows that the steps themselves say enough.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable
from copy import copy
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.hyperlink import Hyperlink

from xlbudget.workbook.ops import Do, Look, Op

USER = "张三"
_PADDING = 0.7109375


def loaded(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


def repeated(data: bytes, ops: Iterable[Op]) -> bytes:
    """The workbook after all steps, saved by openpyxl."""
    book = loaded(data)
    for op in ops:
        assert any(s.sheet_state == "visible" for s in book.worksheets)
        if op.do in _BOOK:
            _BOOK[op.do](book, op)
        else:
            sheet = book[op.sheet]
            locked = sheet.protection.sheet and op.do is not Do.OPEN
            assert not locked, f"{op} on a protected sheet"
            _SHEET[op.do](sheet, op)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# -- steps on the workbook -----------------------------------------------------------------------------


def _addsheet(book: Any, op: Op) -> None:
    colour, landscape, frozen, titles = op.args
    assert op.sheet not in book.sheetnames
    sheet = book.create_sheet(op.sheet)
    sheet.sheet_properties.tabColor = colour or None
    sheet.page_setup.orientation = "landscape" if landscape == "1" else "portrait"
    if frozen != "0":
        sheet.freeze_panes = f"A{int(frozen) + 1}"
    if titles:
        sheet.print_title_rows = titles


def _dropsheet(book: Any, op: Op) -> None:
    assert sum(s.sheet_state == "visible" for s in book.worksheets if s.title != op.sheet) > 0
    del book[op.sheet]


def _name(book: Any, op: Op) -> None:
    holder = book[op.sheet] if op.sheet else book
    target, hidden = op.args
    quoted = re.match(r"'((?:[^']|'')+)'!", target)
    assert not quoted or quoted[1].replace("''", "'") in book.sheetnames, (
        "a name of a sheet that is not there"
    )
    holder.defined_names[op.ref] = DefinedName(op.ref, attr_text=target, hidden=hidden == "1")


def _unname(book: Any, op: Op) -> None:
    del (book[op.sheet] if op.sheet else book).defined_names[op.ref]


_BOOK = {Do.ADDSHEET: _addsheet, Do.DROPSHEET: _dropsheet, Do.NAME: _name, Do.UNNAME: _unname}


# -- steps on a sheet ----------------------------------------------------------------------------------


def _cells(sheet: Any, ref: str) -> Iterable[Any]:
    assert len(ref) < 255
    for area in ref.split(" "):
        found = sheet[area]
        for row in found if isinstance(found, tuple) else ((found,),):
            yield from row


def _put(sheet: Any, ref: str, value: Any, kind: str) -> None:
    sheet[ref].value = value
    sheet[ref].data_type = kind


def _blank(sheet: Any, op: Op) -> None:
    for merged in sheet.merged_cells.ranges:  # Excel refuses to clear a part of one
        assert merged.isdisjoint(CellRange(op.ref)) or merged.issubset(CellRange(op.ref))
    for cell in _cells(sheet, op.ref):
        if type(cell).__name__ != "MergedCell":
            cell.value = None


def _row(sheet: Any, op: Op) -> None:
    first = sheet[op.ref]
    for k, text in enumerate(op.args):
        if text:
            _put(sheet, f"{get_column_letter(first.column + k)}{first.row}", text, "s")


def _look(sheet: Any, op: Op) -> None:
    look = Look(*op.args)
    side = Side("medium" if look.heavy == "1" else "thin", look.border) if look.border else Side()
    for cell in _cells(sheet, op.ref):
        cell.font = Font(
            name=look.font, sz=float(look.size), b=look.bold == "1", color=look.color,
            u="single" if look.line == "1" else None,
        )  # fmt: skip
        cell.fill = PatternFill("solid", fgColor=look.fill) if look.fill else PatternFill()
        cell.border = Border(side, side, side, side)
        cell.alignment = Alignment(look.across or None, look.down or None, wrap_text=look.wrap == "1")
        cell.number_format = look.format or "General"


def _unlook(sheet: Any, op: Op) -> None:
    for cell in _cells(sheet, op.ref):
        cell.style = "Normal"


def _unformat(sheet: Any, op: Op) -> None:
    kept = ConditionalFormattingList()
    for formats in sheet.conditional_formatting:
        for rule in formats.rules:
            if not any(op.args[0] in f for f in rule.formula):
                kept.add(str(formats.sqref), rule)
    sheet.conditional_formatting = kept


def _format(sheet: Any, op: Op) -> None:
    formula, fill, stroke, pattern = op.args
    assert len(op.ref) < 255
    dxf = DifferentialStyle(fill=PatternFill(pattern, fgColor=stroke, bgColor=fill))
    rule = Rule("expression", dxf=dxf, formula=[formula.removeprefix("=")])
    sheet.conditional_formatting.add(op.ref, rule)


def _note(sheet: Any, op: Op) -> None:
    text, width, height = op.args
    sheet[op.ref].comment = Comment(text, USER, width=float(width) * 4 / 3, height=float(height) * 4 / 3)


def _unnote(sheet: Any, op: Op) -> None:
    assert sheet[op.ref].comment is not None
    sheet[op.ref].comment = None


def _width(sheet: Any, op: Op) -> None:
    _split(sheet, column_index_from_string(op.ref))
    dimensions = sheet.column_dimensions
    if op.args[0] in ("", "0"):
        dimensions.pop(op.ref, None)
    if op.args[0]:
        dimensions[op.ref].hidden = op.args[0] == "0"
        dimensions[op.ref].width = float(op.args[0]) + _PADDING


def _split(sheet: Any, col: int) -> None:
    """openpyxl keeps one entry for columns of one width: take ours out of it."""
    for letters, entry in list(sheet.column_dimensions.items()):
        if entry.min and entry.min <= col <= entry.max and entry.min < entry.max:
            for k in (c for c in (entry.min, col, col + 1) if c <= entry.max):
                part = copy(entry)
                part.index = get_column_letter(k)
                part.min = k
                part.max = {entry.min: max(col - 1, k), col: col, col + 1: entry.max}[k]
                sheet.column_dimensions[part.index] = part
            assert letters in sheet.column_dimensions


def _height(sheet: Any, op: Op) -> None:
    sheet.row_dimensions[int(op.ref)].height = float(op.args[0])


def _link(sheet: Any, op: Op) -> None:
    sheet[op.ref].hyperlink = Hyperlink(ref=op.ref, location=op.args[0])


def _printarea(sheet: Any, op: Op) -> None:
    sheet.print_area = op.args[0] or None


def _filter(sheet: Any, op: Op) -> None:
    sheet.auto_filter.ref = op.ref


def _protect(sheet: Any, op: Op) -> None:
    sheet.protection.sheet = op.do is Do.CLOSE


_SHEET = {
    Do.OPEN: _protect,
    Do.CLOSE: _protect,
    Do.UNFORMAT: _unformat,
    Do.FORMAT: _format,
    Do.NOTE: _note,
    Do.UNNOTE: _unnote,
    Do.NUMBER: lambda sheet, op: _put(sheet, op.ref, float(op.args[0]), "n"),
    Do.TEXT: lambda sheet, op: _put(sheet, op.ref, op.args[0], "s"),
    Do.FORMULA: lambda sheet, op: _put(sheet, op.ref, op.args[0], "f"),
    Do.BLANK: _blank,
    Do.ROW: _row,
    Do.LOOK: _look,
    Do.UNLOOK: _unlook,
    Do.WIDTH: _width,
    Do.HEIGHT: _height,
    Do.MERGE: lambda sheet, op: sheet.merge_cells(op.ref),
    Do.LINK: _link,
    Do.PRINTAREA: _printarea,
    Do.FILTER: _filter,
}


# -- what there is to see ------------------------------------------------------------------------------


def shown(data: bytes) -> dict[str, Any]:
    """Everything that marking may change, sheet by sheet, in a form that does not depend on the writer."""
    book = loaded(data)
    out: dict[str, Any] = {"names": _names(book)}
    for sheet in book.worksheets:
        cells = [c for row in sheet.iter_rows() for c in row]
        texts = {c.coordinate: c.value for c in cells if c.value not in (None, "")}
        out[sheet.title] = {
            "cells": texts,
            "looks": {ref: _seen(sheet[ref]) for ref in texts if _is_ours(sheet, texts[ref])},
            "notes": {c.coordinate: c.comment.text for c in cells if c.comment},
            "colours": sorted(_colours(sheet)),
            "merges": sorted(map(str, sheet.merged_cells.ranges)),
            "links": {c.coordinate: c.hyperlink.location for c in cells if c.hyperlink},
            "print": (sheet.print_area, sheet.print_title_rows, sheet.freeze_panes, sheet.auto_filter.ref),
            "names": _names(sheet),
            "locked": sheet.protection.sheet,
        }
    return out


def _is_ours(sheet: Any, value: Any) -> bool:
    return sheet.title.startswith("审核") or str(value).startswith("◀")


def _seen(cell: Any) -> tuple[Any, ...]:
    font, fill, box, where = cell.font, cell.fill, cell.border, cell.alignment
    edge = (box.left.style, box.left.color.rgb[2:] if box.left.color else "")
    return (
        *(font.name, font.sz, font.b, font.u, font.color.rgb[2:]),
        *(fill.fill_type, fill.fgColor.rgb[2:] if fill.fill_type else "", edge),
        *(where.horizontal, where.vertical, bool(where.wrap_text), cell.number_format),
    )


def _colours(sheet: Any) -> Iterable[tuple[Any, ...]]:
    for formats in sheet.conditional_formatting:
        for rule in formats.rules:
            fill = rule.dxf.fill if rule.dxf else None
            how = (fill.patternType, fill.fgColor.rgb[2:], fill.bgColor.rgb[2:]) if fill else ()
            yield rule.type, tuple(rule.formula), " ".join(sorted(str(formats.sqref).split())), how


def _names(holder: Any) -> dict[str, tuple[str, bool]]:
    return {n: (d.attr_text, bool(d.hidden)) for n, d in holder.defined_names.items() if "_xlnm" not in n}
