"""Marking and clearing a whole package."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import CellEdit, Mark, Patch

from . import cells, conditional, labels, notes, ownsheets, strip, undo
from .sheetedit import SheetEdit
from .skeleton import Book
from .splice import Draft
from .styles import Styles


class Cleared(StrEnum):
    """What clearing did: nothing was there, the original bytes are back, or marks were cut out one by one."""

    NOTHING = "没有标注"
    EXACT = "原样恢复"
    STRUCTURAL = "逐项清除"


@dataclass(slots=True)
class Report:
    """What marking could not do as asked; all empty in the usual case."""

    unplaced: list[Mark] = field(default_factory=list)  # there is no such worksheet
    unnoted: list[Mark] = field(default_factory=list)  # the cell carries a threaded comment
    refused: list[CellEdit] = field(default_factory=list)  # the cell cannot be changed by itself
    signed: bool = False  # a digital signature of the file is no longer valid


def apply_patch(package: Package, patch: Patch, cleared: bool = False) -> Report:
    """Change cells, and put marks and own sheets into a package in place of what an earlier run put there.

    :func:`clear` takes the marks and sheets out again; changed cells stay.

    ``cleared`` says that :func:`clear` has been called just before, or that the package is newly made.
    The same package and the same patch give the same bytes. Only the parts concerned are changed.
    Raises :class:`WorkbookRefused` when such a part is broken.
    """
    draft = Draft(package)
    book = Book(draft)
    if not cleared:
        draft, book, _ = _cleared(package)
    report = Report(signed=any(n.lower().startswith("_xmlsignatures/") for n in package.names()))
    if patch.cells:  # first and by themselves: what undoes the marks must leave them
        report.refused = cells.write(draft, book, patch.cells)
        if not draft.pristine:
            draft.carry_out()
            draft = Draft(package)
            book = Book(draft)
    if not patch.marks and not patch.sheets:
        return report
    styles = Styles(draft, book)
    by_sheet: dict[str, list[Mark]] = {}
    for m in patch.marks:
        by_sheet.setdefault(m.sheet, []).append(m)
    known = {s.name: s for s in book.sheets}
    for name, marks in by_sheet.items():
        if name not in known:
            report.unplaced += marks
            continue
        edit = SheetEdit(draft, book, known[name])
        labels.add(edit, styles, marks)
        conditional.add(edit, styles, marks)
        report.unnoted += notes.add(edit, marks)
        edit.finish()
    ownsheets.add(draft, book, styles, patch.sheets)
    styles.write()
    book.write_names()
    manifest = undo.reserve(draft, book)
    undo.write(package, manifest, draft.carry_out())
    return report


def clear(package: Package) -> Cleared:
    """Take all marks and own sheets out of a package.

    Unless another program has saved the file since it was marked, every part is byte for byte what it
    was. Otherwise whatever is recognised as ours is cut out and the rest is left alone.
    """
    return _cleared(package)[2]


def _cleared(package: Package) -> tuple[Draft, Book, Cleared]:
    """Clear a package; gives a fresh draft for what is to follow."""
    draft = Draft(package)
    book = Book(draft)
    manifest = undo.find(draft, book)
    if manifest and undo.restore(package, manifest):
        done = Cleared.EXACT
    elif strip.strip(draft, book, manifest):
        done = Cleared.STRUCTURAL
    else:
        return draft, book, Cleared.NOTHING
    draft = Draft(package)
    return draft, Book(draft), done
