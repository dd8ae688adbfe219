"""What the tests of filling in and exporting share: samples as bytes, changes to them, looks into them."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import openpyxl

from xlbudget.packs import load_pack
from xlbudget.workbook.book import RawBook, RawCell, read_book
from xlbudget.workbook.mark import apply_patch
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import CellEdit, Patch
from xlbudget.workbook.read import read_record
from xlbudget.workbook.refill import Refill, refill
from xlbudget.workbook.sheetscan import cell_ref

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
HN = load_pack("S3-HN")


def sample(name: str = "clean") -> bytes:
    return (WORKBOOKS / "samples" / f"{name}.xlsx").read_bytes()


def edit(sheet: str, ref: str, value: Fraction | str | int | None, formula: str = "") -> CellEdit:
    number = Fraction(value) if isinstance(value, int) else value
    return CellEdit(sheet, *cell_ref(ref), number, formula)


def changed(data: bytes, *edits: CellEdit) -> bytes:
    """A workbook with other contents in some cells; everything else keeps its bytes."""
    package = Package.open(data)
    assert not apply_patch(package, Patch(cells=list(edits)), cleared=True).refused
    return package.save()


def by_openpyxl(data: bytes, change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A workbook opened, changed and saved by another program; stored results are lost."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def planned(data: bytes) -> Refill:
    """What filling would do to a workbook of the Hunan pack."""
    book = read_book(data)
    return refill(book, HN, read_record(book, HN)[0])


def cell(data: bytes | RawBook, sheet: str, ref: str) -> RawCell | None:
    book = data if isinstance(data, RawBook) else read_book(data)
    page = book.sheet(sheet)
    assert page is not None, sheet
    return page.cells.get(cell_ref(ref))


def refs(edits: list[CellEdit]) -> dict[str, CellEdit]:
    from xlbudget.rules.record import column_letters

    return {f"{e.sheet}!{column_letters(e.col)}{e.row}": e for e in edits}
