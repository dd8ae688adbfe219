"""A data book: every sheet of one .xlsx file is a table. Read behind the guard against hostile files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlbudget.workbook.book import RawCell, RawSheet, read_book

from .cells import number_text
from .errors import Problem
from .table import Table, build_table


def read_data_book(path: Path) -> list[Table]:
    """All sheets of a data book as tables. Raises WorkbookRefused when the file cannot be read safely."""
    book = read_book(path)
    return [_table(path.name, sheet, book.date1904) for sheet in book.sheets]


def _table(file: str, sheet: RawSheet, date1904: bool) -> Table:
    where = f"{file} 的工作表“{sheet.name}”"
    problems: list[Problem] = []
    table = build_table(sheet.name, where, _rows(sheet, where, date1904, problems))
    table.problems += problems
    return table


def _rows(
    sheet: RawSheet, where: str, date1904: bool, problems: list[Problem]
) -> Iterator[tuple[int, list[str | None]]]:
    rows: dict[int, dict[int, str]] = {}
    for (row, col), cell in sheet.cells.items():
        text = _text(cell, date1904)
        if text is None:
            reason = "公式没有保存计算结果；请用 Excel 打开并保存一次" if cell.kind == "blank" else "是错误值"
            problems.append(Problem(where, f"第 {col} 列的单元格{reason}", row))
        elif text:
            rows.setdefault(row, {})[col] = text
    for row in sorted(rows):
        cells = rows[row]
        yield row, [cells.get(col) for col in range(1, max(cells) + 1)]


def _text(cell: RawCell, date1904: bool) -> str | None:
    """The text of a cell, "" when blank, None when there is no value to be had."""
    if cell.kind == "error" or (cell.kind == "blank" and cell.formula):
        return None
    if cell.kind == "number":
        return number_text(str(cell.value), cell.number_format, date1904)
    if cell.kind == "bool":
        return "TRUE" if cell.value else "FALSE"
    return "" if cell.value is None else str(cell.value)
