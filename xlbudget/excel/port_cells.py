"""The steps that concern the cells of one sheet; ``.api`` is used where xlwings has no call of its own.

Numbers are written as floats through Value2, because in a currency cell Excel turns anything else into money
with two decimals. Texts are never parsed: the cell is a text cell while it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from xlbudget.rules.record import column_letters
from xlbudget.workbook.ops import Do, Look, Op
from xlbudget.workbook.sheetscan import letters_number

_TEXT, _GENERAL = "@", "General"
_EXPRESSION = 2  # xlExpression
_PATTERNS = {"lightUp": 14, "gray125": 17}  # xlLightUp, xlGray16
_SINGLE, _THIN, _MEDIUM = 1, 2, -4138  # xlContinuous, xlThin, xlMedium
_UNDERLINED, _NOT_UNDERLINED = 2, -4142  # xlUnderlineStyleSingle, xlUnderlineStyleNone
_PIECE = 200  # characters of a note in one call: some versions of Excel take no more than 255
_ROWS = 15  # whole rows in one address, which may have 255 characters
_CELL = re.compile(r"([A-Z]+)(\d+)")


def place(ref: str) -> tuple[int, int]:
    """Row and column of a cell."""
    found = _CELL.fullmatch(ref)
    assert found is not None, ref
    return int(found[2]), letters_number(found[1])


def bgr(rgb: str) -> int:
    """RRGGBB as Excel's number."""
    red, green, blue = (int(rgb[k : k + 2], 16) for k in (0, 2, 4))
    return red | green << 8 | blue << 16


def _cells(sheet: Any, op: Op) -> Any:
    """The cells of a step; areas are split by spaces there and by commas in Excel."""
    return sheet[op.ref.replace(" ", ",")]


# ---- contents ----


def _number(sheet: Any, op: Op) -> None:
    cell = _cells(sheet, op)
    textual = cell.number_format == _TEXT
    if textual:
        cell.number_format = _GENERAL  # in a text cell the number would become a text
    cell.api.Value2 = float(op.args[0])
    if textual:
        cell.number_format = _TEXT


def _formula(sheet: Any, op: Op) -> None:
    cell = _cells(sheet, op)
    before = cell.number_format
    if before == _TEXT:
        cell.number_format = _GENERAL
    cell.api.Formula = op.args[0]  # xlwings' own asks for the shape of the range first
    if cell.number_format != before:  # Excel takes over formats from the cells that a formula names
        cell.number_format = before


def _text(sheet: Any, op: Op) -> None:
    _write(_cells(sheet, op), op.args[0])


def _row(sheet: Any, op: Op) -> None:
    row, col = place(op.ref)
    for k, text in enumerate(op.args):
        _write(sheet[f"{column_letters(col + k)}{row}"], text)


def _write(cell: Any, text: str) -> None:
    """A text into one cell, which keeps its number format and its wrapping."""
    before = cell.number_format
    wrapped = cell.wrap_text if "\n" in text else None  # Excel would switch it on
    if before != _TEXT:
        cell.number_format = _TEXT
    cell.api.Value2 = _kept(text)
    if before != _TEXT:
        cell.number_format = before
    if wrapped is False:
        cell.wrap_text = False


def _kept(text: str) -> str:
    """Excel takes an apostrophe in front for a sign of its own, in text cells too."""
    return f"'{text}" if text.startswith("'") else text


def write_rows(sheet: Any, rows: Sequence[Op]) -> None:
    """Rows (:attr:`Do.ROW`, one below the other) of a new sheet in one call; what none names stays blank."""
    places = [place(op.ref) for op in rows]
    left = min(col for _, col in places)
    right = max(col + len(op.args) for (_, col), op in zip(places, rows, strict=True))
    table = tuple(
        ("",) * (col - left) + tuple(map(_kept, op.args)) + ("",) * (right - col - len(op.args))
        for (_, col), op in zip(places, rows, strict=True)
    )
    first, last = places[0][0], places[-1][0]
    cells = sheet[f"{column_letters(left)}{first}:{column_letters(right - 1)}{last}"]
    cells.number_format = _TEXT
    cells.api.Value2 = table
    cells.number_format = _GENERAL


def _blank(sheet: Any, op: Op) -> None:
    _cells(sheet, op).api.Value2 = ""  # ClearContents would refuse a part of a merged area


# ---- notes and links ----


def _note(sheet: Any, op: Op) -> None:
    text, width, height = op.args
    cell = _cells(sheet, op).api  # xlwings' own asks for the place of the cell each time
    note = cell.Comment
    if note is None:
        note = cell.AddComment(text[:_PIECE])
    else:
        note.Text(text[:_PIECE])
    for k in range(_PIECE, len(text), _PIECE):
        note.Text(text[k : k + _PIECE], _units(text[:k]) + 1, False)
    box = note.Shape
    box.Width = float(width)
    box.Height = float(height)


def _units(text: str) -> int:
    """The length as Excel counts, in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _unnote(sheet: Any, op: Op) -> None:
    note = _cells(sheet, op).api.Comment
    if note is not None:
        note.Delete()


def _link(sheet: Any, op: Op) -> None:
    sheet.api.Hyperlinks.Add(_cells(sheet, op).api, "", op.args[0])


# ---- formats ----


def _unformat(sheet: Any, op: Op) -> None:
    formats = sheet.cells.api.FormatConditions
    for k in range(formats.Count, 0, -1):
        one = formats(k)
        if one.Type == _EXPRESSION and op.args[0] in one.Formula1:
            one.Delete()


def _format(sheet: Any, op: Op) -> None:
    formula, fill, stroke, pattern = op.args
    new = _cells(sheet, op).api.FormatConditions.Add(Type=_EXPRESSION, Formula1=formula)
    ground = new.Interior
    if pattern in _PATTERNS:
        ground.Pattern = _PATTERNS[pattern]
    ground.Color = bgr(fill)
    if pattern in _PATTERNS:
        ground.PatternColor = bgr(stroke)
    new.StopIfTrue = False  # Excel's own default for rules that come from a program is True
    new.SetFirstPriority()


def _look(sheet: Any, op: Op) -> None:
    look = Look(*op.args)
    cells = _cells(sheet, op)
    font = cells.font
    font.name, font.size, font.bold = look.font, float(look.size), look.bold == "1"
    font.color = f"#{look.color}"
    font.api.Underline = _UNDERLINED if look.line == "1" else _NOT_UNDERLINED
    cells.color = f"#{look.fill}" if look.fill else None
    if look.border:  # without one nothing is taken away: the neighbour's edge could go with it
        sides = cells.api.Borders
        sides.LineStyle = _SINGLE
        sides.Weight = _MEDIUM if look.heavy == "1" else _THIN
        sides.Color = bgr(look.border)
    cells.horizontal_alignment = look.across or "general"
    cells.vertical_alignment = look.down or "bottom"
    cells.wrap_text = look.wrap == "1"
    cells.number_format = look.format or _GENERAL


def _unlook(sheet: Any, op: Op) -> None:
    _cells(sheet, op).clear_formats()


def _merge(sheet: Any, op: Op) -> None:
    _cells(sheet, op).api.Merge()  # xlwings' own sets DisplayAlerts for each


# ---- rows, columns, pages ----


def _width(sheet: Any, op: Op) -> None:
    column = sheet[f"{op.ref}:{op.ref}"]
    if op.args[0]:
        column.column_width = float(op.args[0])
    else:
        column.api.UseStandardWidth = True


def set_heights(sheet: Any, ops: Sequence[Op]) -> None:
    """Heights of rows (:attr:`Do.HEIGHT`), all rows of one height together."""
    rows: dict[str, list[str]] = {}
    for op in ops:
        rows.setdefault(op.args[0], []).append(f"{op.ref}:{op.ref}")
    for points, refs in rows.items():
        for k in range(0, len(refs), _ROWS):
            sheet[",".join(refs[k : k + _ROWS])].row_height = float(points)


def _print_area(sheet: Any, op: Op) -> None:
    sheet.page_setup.print_area = op.args[0]


def _filter(sheet: Any, op: Op) -> None:
    if not sheet.api.AutoFilterMode:  # calling it again would switch it off
        _cells(sheet, op).api.AutoFilter()


STEPS: dict[Do, Callable[[Any, Op], None]] = {
    Do.UNFORMAT: _unformat,
    Do.FORMAT: _format,
    Do.NOTE: _note,
    Do.UNNOTE: _unnote,
    Do.NUMBER: _number,
    Do.TEXT: _text,
    Do.FORMULA: _formula,
    Do.BLANK: _blank,
    Do.ROW: _row,
    Do.LOOK: _look,
    Do.UNLOOK: _unlook,
    Do.WIDTH: _width,
    Do.HEIGHT: lambda sheet, op: set_heights(sheet, [op]),
    Do.MERGE: _merge,
    Do.LINK: _link,
    Do.PRINTAREA: _print_area,
    Do.FILTER: _filter,
}
"""What a carrier does on one sheet (an xlwings ``Sheet``); the other kinds need the workbook."""
