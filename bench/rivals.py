"""What people do today: openpyxl, XlsxWriter, LibreOffice. Each makes or marks the same workbook."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

import openpyxl
import python_calamine
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

from tests.office import Office

from .subject import Subject

_FILLS = {"错误": "FFFFC7CE", "核实": "FFFFEB9C", "提示": "FFDDEBF7"}


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _type_in(book: Workbook, s: Subject) -> None:
    for sheet, cells in s.inputs.items():
        for ref, value in cells.items():
            book[sheet][ref] = value


def _mark(book: Workbook, s: Subject) -> None:
    for m in s.marks.marks:
        cell = book[m.sheet].cell(m.row, m.col)
        cell.fill = PatternFill("solid", fgColor=_FILLS[m.severity])
        cell.comment = Comment(m.note, "xlbudget")


def openpyxl_fill(s: Subject) -> bytes:
    """Load the blank forms, type the data in, save; formulas stay without values."""
    book = openpyxl.load_workbook(io.BytesIO(s.blank))
    _type_in(book, s)
    return _saved(book)


def openpyxl_fill_marked(s: Subject) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(s.blank))
    _type_in(book, s)
    _mark(book, s)
    return _saved(book)


def openpyxl_mark(s: Subject) -> bytes:
    """Load a workbook, mark ten cells, save."""
    book = openpyxl.load_workbook(io.BytesIO(s.filled))
    _mark(book, s)
    return _saved(book)


def openpyxl_save(s: Subject) -> bytes:
    """Load and save, nothing else."""
    return _saved(openpyxl.load_workbook(io.BytesIO(s.filled)))


def openpyxl_read(s: Subject) -> int:
    """Load, and look at every cell."""
    book = openpyxl.load_workbook(io.BytesIO(s.filled))
    return sum(cell is not None for sheet in book for row in sheet.values for cell in row)


def openpyxl_stream(s: Subject) -> int:
    """Values only, row by row, in the mode for large files."""
    book = openpyxl.load_workbook(io.BytesIO(s.filled), read_only=True, data_only=True)
    return sum(cell is not None for sheet in book for row in sheet.values for cell in row)


def calamine_read(s: Subject) -> int:
    """Values only: no formulas, formats or names."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(s.filled))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


# -- XlsxWriter ---------------------------------------------------------------------------------------

_Written = Callable[[xlsxwriter.Workbook], None]


def writer_fill(s: Subject) -> Callable[[], bytes]:
    """The same cells, formulas with values, merges, formats, sizes from scratch.

    What is to be written is found out beforehand; names, input checks and live highlights are left out.
    """
    plan = _plan(s)

    def make() -> bytes:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            for step in plan:
                step(book)
        return out.getvalue()

    return make


def _plan(s: Subject) -> list[_Written]:
    formulas = openpyxl.load_workbook(io.BytesIO(s.filled))
    values = openpyxl.load_workbook(io.BytesIO(s.filled), data_only=True)
    plan: list[_Written] = []
    for sheet in formulas:
        cells = []
        for row in sheet.iter_rows():
            for cell in row:
                if cell.has_style or cell.value is not None:
                    look = _look(cell) if cell.has_style else {}
                    shown = values[sheet.title].cell(cell.row, cell.column).value
                    cells.append((cell.row - 1, cell.column - 1, cell.value, shown, look))
        merges = [
            tuple(n - 1 for n in (m.min_row, m.min_col, m.max_row, m.max_col)) for m in sheet.merged_cells
        ]
        heights = {n - 1: d.height for n, d in sheet.row_dimensions.items() if d.height}
        widths = {letter: d.width for letter, d in sheet.column_dimensions.items()}
        plan.append(_sheet_writer(sheet.title, cells, merges, heights, widths))
    return plan


def _look(cell: openpyxl.cell.Cell) -> dict[str, object]:
    at, left = cell.alignment, cell.border.left
    return {
        "font_name": cell.font.name, "font_size": cell.font.size, "bold": bool(cell.font.bold),
        "border": 1 if left is not None and left.style else 0, "num_format": cell.number_format,
        "text_wrap": bool(at.wrap_text),
        "align": at.horizontal or "left", "valign": {"center": "vcenter"}.get(at.vertical, "top"),
    }  # fmt: skip


def _sheet_writer(
    title: str,
    cells: list[tuple[int, int, object, object, dict[str, object]]],
    merges: list[tuple[int, ...]],
    heights: dict[int, float],
    widths: dict[str, float],
) -> _Written:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet(title)
        formats: dict[tuple[object, ...], xlsxwriter.format.Format] = {}
        for letter, width in widths.items():
            sheet.set_column(f"{letter}:{letter}", width)
        for row, height in heights.items():
            sheet.set_row(row, height)
        for r1, c1, r2, c2 in merges:
            sheet.merge_range(r1, c1, r2, c2, "")
        for row, col, value, shown, look in cells:
            key = tuple(look.values())
            if key not in formats:
                formats[key] = book.add_format(look)
            if isinstance(value, str) and value.startswith("="):
                sheet.write_formula(row, col, value, formats[key], "" if shown is None else shown)
            elif isinstance(value, str):
                sheet.write_string(row, col, value, formats[key])
            elif isinstance(value, int | float):
                sheet.write_number(row, col, value, formats[key])
            else:
                sheet.write_blank(row, col, None, formats[key])

    return write


# -- LibreOffice --------------------------------------------------------------------------------------


class OfficeFill(AbstractContextManager["OfficeFill"]):
    """A running LibreOffice that loads the blank forms, types in, recalculates and saves."""

    def __init__(self) -> None:
        self._office = Office()
        self._folder = tempfile.TemporaryDirectory(prefix="xlbudget-bench-")

    def way(self, s: Subject) -> Callable[[], object]:
        folder = Path(self._folder.name)
        source, target = folder / f"blank{s.sheets}.xlsx", folder / f"out{s.sheets}.xlsx"
        source.write_bytes(s.blank)
        return lambda: self._office.fill(source, target, s.inputs)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._office.close()
        self._folder.cleanup()
