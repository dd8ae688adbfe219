"""A sheet without its cells, built by openpyxl: views, widths, merges, checks, live formats, print set-up."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.worksheet.worksheet import Worksheet

from xlbudget.packs.layout import Box
from xlbudget.rules.model import Severity
from xlbudget.rules.record import column_letters

from .checks import data_validations
from .live import Live
from .shape import Plan
from .styles import differential

_A4 = 9
_FIRST_PRIORITY = 11  # of live formats; the numbers before it are left to the marks of an audit
_BODY = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.S)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_CHARACTER = re.compile(rb"&#([1-9][0-9]{2,6});")  # Chinese as openpyxl writes it
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMPTY = re.compile(rb"<(\w+)></\1>")
_HEADER = 0.3  # inches between the paper's edge and the page number


def skeleton(plan: Plan, lives: Iterable[Live], merges: Iterable[Box]) -> tuple[bytes, bytes]:
    """The sheet's XML before its rows, without a selected tab, and behind them."""
    book = Workbook()
    register_differentials(book)
    sheet = book.create_sheet("form")
    _page(sheet, plan)
    for validation in data_validations(plan):
        sheet.add_data_validation(validation)
    for priority, live in enumerate(lives, _FIRST_PRIORITY):
        look = differential(live.severity)
        rule = FormatRule(type="expression", priority=priority, dxf=look, formula=[live.formula])
        sheet.conditional_formatting.add(live.sqref, rule)
    xml = _written(book, "xl/worksheets/sheet2.xml").replace(b' tabSelected="1"', b"")
    head, tail = _BODY.split(_CHARACTER.sub(_utf8, xml), maxsplit=1)
    last = f"{column_letters(plan.placement.last_col)}{plan.placement.last_row}"
    head = _DIMENSION.sub(b'<dimension ref="A1:%s"/>' % last.encode(), head, count=1)
    ignored = _text_numbers(plan)
    return _DECLARATION + head, _merge_cells(merges) + tail.replace(
        b"</worksheet>", ignored + b"</worksheet>"
    )


def _merge_cells(merges: Iterable[Box]) -> bytes:
    """Written here because openpyxl keeps merged ranges in no order."""
    cells = [b'<mergeCell ref="%s"/>' % box.range.encode() for box in sorted(merges)]
    return b'<mergeCells count="%d">%s</mergeCells>' % (len(cells), b"".join(cells)) if cells else b""


def _utf8(found: re.Match[bytes]) -> bytes:
    return chr(int(found[1])).encode()


def register_differentials(book: Workbook) -> None:
    """Give each severity's fill the same number in every workbook: the order of first use decides it."""
    sheet = book.worksheets[0]
    for row, severity in enumerate(Severity, 1):
        rule = FormatRule(type="expression", dxf=differential(severity), formula=["TRUE"])
        sheet.conditional_formatting.add(f"A{row}", rule)


def _page(sheet: Worksheet, plan: Plan) -> None:
    form, placement = plan.form, plan.placement
    for number, width in enumerate(form.widths, 1):
        sheet.column_dimensions[column_letters(number)].width = width
    setup = form.print_setup
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = setup.orientation
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = setup.fit_height
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = setup.margins
    margins.header = margins.footer = _HEADER
    sheet.sheet_view.showGridLines = False
    if not setup.fit_height:
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
        header = header_row(plan)
        if header and header < placement.last_row:
            sheet.freeze_panes = f"A{header + 1}"


def header_row(plan: Plan) -> int:
    """The row with the captions of the first row set, 0 where the form has none."""
    if not plan.form.rowsets:
        return 0
    rowset = plan.form.rowsets[0]
    header = next((b for b in plan.form.blocks if b.name == rowset.header), None)
    return plan.placement.start[header.name] + header.rows if header else 0


def _text_numbers(plan: Plan) -> bytes:
    """Cells of the text format that may hold numbers get no green corner for it."""
    areas = [
        plan.placement.column(rowset.name, column.name).range
        for rowset in plan.form.rowsets
        for column in rowset.columns
        if column.kind in ("quantity", "code") and not column.derived
    ]
    areas += [
        plan.placement.field(field.name).ref
        for field in plan.form.fields
        if field.kind in ("quantity", "code") and not field.derived
    ]
    if not areas:
        return b""
    sqref = " ".join(areas).encode()
    return b'<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>' % sqref


def _written(book: Workbook, part: str) -> bytes:
    return written_parts(book, part)[0]


def written_parts(book: Workbook, *parts: str) -> list[bytes]:
    """Parts of a workbook as openpyxl saves it, with empty elements in one spelling.

    openpyxl writes ``<a />`` or ``<a/>``, and ``<a></a>`` here and there, depending on whether lxml is
    installed. In texts and attributes < and > are escaped, so nothing else is changed.
    """
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as z:
        return [_EMPTY.sub(rb"<\1/>", z.read(part).replace(b" />", b"/>")) for part in parts]
