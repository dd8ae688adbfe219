"""What stands in a workbook that LibreOffice has open."""

from __future__ import annotations

from typing import Any

BOOK = "表 (1).xlsx"  # the blank form of the tests of XbApply


def state(book: Any) -> list[Any]:
    """All that marks can change, as LibreOffice tells it."""
    return [[sheet.Name, *_sheet(sheet)] for sheet in map(book.Sheets.getByIndex, range(book.Sheets.Count))]


def _sheet(sheet: Any) -> list[Any]:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    columns = [round(sheet.Columns.getByIndex(i).Width, -1) for i in range(16)]  # in 1/100 mm
    area = sheet.getCellRangeByPosition(0, 0, 30, cursor.RangeAddress.EndRow)
    notes = {n.String for n in map(sheet.Annotations.getByIndex, range(sheet.Annotations.Count))}
    formats = [
        f.Range.RangeAddressesAsString + f.getByIndex(0).Formula1
        for f in sheet.ConditionalFormats.getConditionalFormats()
    ]
    printed = [(a.StartColumn, a.StartRow, a.EndColumn, a.EndRow) for a in sheet.getPrintAreas()]
    return [area.getFormulaArray(), notes, sorted(formats), columns, printed]


def selected(book: Any) -> str:
    """The sheet and the first cell that the user is at."""
    sheet, _, ref = book.CurrentSelection.AbsoluteName.replace("$", "").rpartition(".")
    return f"{sheet.strip(chr(39))}!{ref.partition(':')[0]}"


def sheet_rows(book: Any, name: str) -> list[list[str]]:
    sheet = book.Sheets.getByName(name)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    return [
        [sheet.getCellByPosition(c, r).String for c in range(end.EndColumn + 1)]
        for r in range(end.EndRow + 1)
    ]


def place(sheet: Any, name: str) -> Any:
    content = sheet.NamedRanges.getByName(name).Content
    return sheet.getCellRangeByName(content.rpartition(".")[2].replace("$", ""))
