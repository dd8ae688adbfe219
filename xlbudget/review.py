"""Checking workbooks: packages in, marked packages out. What the command line and the add-in share.

Several workbooks of one unit are checked as one; see :mod:`.joint`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from xlbudget import joint
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.rules.model import AuditResult
from xlbudget.rules.record import Record, column_letters
from xlbudget.workbook.book import RawBook, read_book
from xlbudget.workbook.findings import RESULT_SHEET, findings_patch, read_explanations
from xlbudget.workbook.guard import check_file
from xlbudget.workbook.mark import Report, apply_patch, clear, own_sheet_rows
from xlbudget.workbook.mark.ownsheets import own_name
from xlbudget.workbook.mark.skeleton import Book
from xlbudget.workbook.mark.splice import Draft
from xlbudget.workbook.package import Package
from xlbudget.workbook.papers import PAPERS_SHEET, papers_sheet
from xlbudget.workbook.patch import Mark, OwnSheet, Patch
from xlbudget.workbook.read import Detected, ReadReport, detect_pack, read_record
from xlbudget.workbook.read.detect import signature

_SHOWN = 10  # cells that a sentence names


@dataclass(slots=True)
class Reading:
    """A workbook as read. ``package`` and ``book`` are without what an earlier run put in.

    ``found`` is None where the pack was given, ``explanations`` is what stood in 审核结果, ``papers`` tells
    whether the workbook had a 评分底稿 of ours.
    """

    name: str
    package: Package
    book: RawBook
    pack: Pack
    record: Record
    report: ReadReport
    found: Detected | None
    explanations: dict[str, str]
    papers: bool

    @property
    def notes(self) -> list[str]:
        """How the workbook was understood, in sentences."""
        told = [self.found.sentence] if self.found else []
        return told + self.report.sentences()


@dataclass(slots=True)
class Reviewed:
    """A workbook with its marks in it. ``result`` has its own findings, ``notes`` stand in its 审核结果."""

    reading: Reading
    result: AuditResult
    patch: Patch
    notes: list[str]
    done: Report

    @property
    def unshown(self) -> list[str]:
        """What could not be shown in the cells, in sentences; it stands in 审核结果 all the same."""
        out = []
        if self.done.unnoted:
            out.append(f"有线程批注的单元格没有另加批注，只标了颜色：{_cells(self.done.unnoted)}。")
        if self.done.unplaced:
            out.append(f"找不到工作表，没有标注：{_cells(self.done.unplaced)}。")
        return out

    @property
    def explained(self) -> int:
        """How many findings carry an explanation."""
        return sum(f.fingerprint in self.reading.explanations for f in self.result.findings)


@dataclass(slots=True)
class Review:
    """What came out: for all workbooks together, and for each. ``notes`` tell how they were joined."""

    result: AuditResult
    books: list[Reviewed]
    notes: list[str]


def read_workbook(name: str, source: bytes | str | os.PathLike[str], pack: Pack | None = None) -> Reading:
    """Read a workbook under a pack, or under the one that fits it.

    Raises WorkbookRefused when it cannot be read or holds none of the forms.
    """
    package = check_file(source)
    explanations = read_explanations(own_sheet_rows(package, RESULT_SHEET))
    papers = has_sheet(package, PAPERS_SHEET)
    clear(package)  # what is read and marked is the accountant's workbook, without our earlier marks
    book = read_book(package)
    found = None if pack else detect_pack(book)
    used = pack or (found.pack if found else None)
    assert used is not None
    record, report = read_record(book, used)
    return Reading(name, package, book, used, record, report, found, explanations, papers)


def fits(reading: Reading, given: bool = False) -> bool:
    """Whether a workbook that was read under another's pack is of that pack itself; ``given``: it must be."""
    signed = signature(reading.book)
    if signed:
        return signed[0] == reading.pack.id
    own = detect_pack(reading.book, [reading.pack])
    return given or own.confidence >= detect_pack(reading.book).confidence


def has_sheet(package: Package, name: str) -> bool:
    """Whether the workbook holds a sheet of ours of this name; one of the user's does not count."""
    return any(n.name == own_name(name) for n in Book(Draft(package)).names)


def review(readings: Sequence[Reading]) -> Review:
    """Audit workbooks of one unit together and put the findings into each. The first is the leading one.

    Raises WorkbookRefused when a part that has to be changed is broken.
    """
    if len(readings) == 1:
        reading = readings[0]
        result = audit(pack_program(reading.pack), reading.record)
        patch = findings_patch(result, reading.pack, reading.explanations, reading.notes)
        return Review(result, [_marked(reading, result, patch, reading.notes)], [])
    together = joint.join([(r.name, r.record) for r in readings], readings[0].pack)
    result = audit(pack_program(readings[0].pack), together.record)
    books = [_joined(r, result, together) for r in readings]
    return Review(result, books, together.notes)


def _joined(reading: Reading, result: AuditResult, together: joint.Joint) -> Reviewed:
    """One of several workbooks: its sheets list its own findings, its cells are marked whosever they are."""
    own = together.own(result, reading.name)
    untrue = joint.linking_notes(reading.record, reading.pack)  # said as if there were no other workbook
    notes = [n for n in reading.notes if n not in untrue]
    others = "、".join(f"“{name}”" for name in together.names if name != reading.name)
    notes.append(f"与{others}一并审核；“审核规则”里的次数是几本工作簿合计的。")
    notes += together.notes
    patch = findings_patch(own, reading.pack, reading.explanations, notes)
    everything = findings_patch(together.seen_from(result, reading.name), reading.pack)
    patch.marks = [m for m in everything.marks if not joint.is_foreign(m.sheet)]
    return _marked(reading, own, patch, notes)


def _marked(reading: Reading, result: AuditResult, patch: Patch, notes: list[str]) -> Reviewed:
    if reading.papers:
        patch.sheets.append(papers_of(reading.pack, reading.record))
    done = apply_patch(reading.package, patch, cleared=True)
    return Reviewed(reading, result, patch, notes, done)


def papers_of(pack: Pack, record: Record) -> OwnSheet:
    """The sheet 评分底稿 of a record as it is now."""
    return papers_sheet(pack, record, derive(pack_program(pack), record))


def _cells(marks: Sequence[Mark]) -> str:
    places = list(dict.fromkeys(f"{m.sheet}!{column_letters(m.col)}{m.row}" for m in marks))
    return "、".join(places[:_SHOWN]) + (f" 等 {len(places)} 处" if len(places) > _SHOWN else "")
