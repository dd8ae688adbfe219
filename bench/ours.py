"""Our own ways, from bytes to bytes: files and the console are left out for all contestants."""

from __future__ import annotations

from collections.abc import Callable

from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.workbook.book import read_book
from xlbudget.workbook.fill import fill, placed
from xlbudget.workbook.findings import RESULT_SHEET, findings_patch, read_explanations
from xlbudget.workbook.guard import check_file
from xlbudget.workbook.mark import apply_patch, clear, own_sheet_rows
from xlbudget.workbook.package import Package
from xlbudget.workbook.read import detect_pack, read_record

from .subject import Subject


def regenerate(s: Subject) -> bytes:
    """Data to official workbook: placed, derived, filled with formulas and their values."""
    record = placed(s.pack, s.record)
    return fill(s.pack, record, derive(pack_program(s.pack), record))


def regenerate_marked(s: Subject) -> bytes:
    """The same with ten marks and notes."""
    package = Package.open(regenerate(s))
    apply_patch(package, s.marks, cleared=True)
    return package.save()


def mark(s: Subject) -> bytes:
    """Ten marks and notes in a workbook that is there."""
    package = Package.open(s.filled)
    apply_patch(package, s.marks)
    return package.save()


def read(s: Subject) -> object:
    """A workbook to a record: guard, cells, recognising the forms, finding every field."""
    book = read_book(s.filled)
    return read_record(book, detect_pack(book).pack)


def validate(s: Subject) -> bytes:
    """A workbook as handed in to its highlighted copy, with both sheets of ours."""
    package = check_file(s.filled)
    explanations = read_explanations(own_sheet_rows(package, RESULT_SHEET))
    clear(package)
    book = read_book(package)
    pack = detect_pack(book).pack
    record, report = read_record(book, pack)
    result = audit(pack_program(pack), record)
    apply_patch(package, findings_patch(result, pack, explanations, report.sentences()), cleared=True)
    return package.save()


def auditor(s: Subject) -> tuple[Callable[[], object], int]:
    """All rules over one record that is read already; and how many outcomes there are."""
    record, _ = read_record(read_book(s.filled), s.pack)
    program = pack_program(s.pack)
    return lambda: audit(program, record), len(audit(program, record).outcomes)
