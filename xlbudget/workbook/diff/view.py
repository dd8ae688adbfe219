"""One state of a workbook, as far as marking and changing cells can make a difference."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cached_property

from xlbudget.workbook.book import RawSheet, read_book
from xlbudget.workbook.mark import vml
from xlbudget.workbook.mark.conditional import SIGNATURE, own_rules
from xlbudget.workbook.mark.labels import MARGIN_NAME, PRINT_AREA
from xlbudget.workbook.mark.notes import SheetNotes, position, reference
from xlbudget.workbook.mark.notetext import OPENING, box_size
from xlbudget.workbook.mark.ownsheets import own_sheets
from xlbudget.workbook.mark.sheetedit import SheetEdit, start_tag
from xlbudget.workbook.mark.skeleton import Book, Name, Sheet, unquoted
from xlbudget.workbook.mark.splice import Draft
from xlbudget.workbook.package import Package
from xlbudget.workbook.sheetscan import letters_number
from xlbudget.workbook.xmltext import TRUE, decode_escapes, unescape

from .areas import settled

At = tuple[int, int]

_SEVERITY = re.compile(rf'"{re.escape(SIGNATURE)}"\s*<>\s*"([^"]*)"')
_COLUMN = re.compile(r"\$?([A-Z]{1,3})(?:\$?\d+)?:\$?\1(?:\$?\d+)?")
_PADDING = Decimal("0.7109375")  # of a column, in characters of the usual fonts


class View:
    """A workbook. Raises :class:`WorkbookRefused` when a part that is looked at is broken."""

    def __init__(self, package: Package) -> None:
        self.draft = Draft(package)  # only looked through
        self.book = Book(self.draft)
        self.raw = {s.name: s for s in read_book(package).sheets}
        self.own = {s.name for s in own_sheets(self.book)}
        self.titles = [e.attrs.get("name", "") for e in self.book.sheet_elements()]
        self.names: dict[tuple[str, str], Name] = {}  # by the sheet where they hold ("" for all) and the name
        for n in self.book.names:
            if n.scope is None or n.scope < len(self.titles):
                self.names["" if n.scope is None else self.titles[n.scope], n.name] = n

    def pages(self) -> dict[str, Page]:
        """The worksheets that are not ours, by their names."""
        return {s.name: Page(self, s, self.raw[s.name]) for s in self.book.sheets if s.name not in self.own}

    def shown(self) -> set[str]:
        """The sheets of any kind that are not hidden."""
        elements = self.book.sheet_elements()
        return {e.attrs.get("name", "") for e in elements if e.attrs.get("state", "visible") == "visible"}


class Page:
    """One worksheet."""

    def __init__(self, view: View, sheet: Sheet, raw: RawSheet) -> None:
        self.view = view
        self.name = sheet.name
        self.raw = raw
        self.part = sheet.part
        self._sheet = sheet

    @cached_property
    def edit(self) -> SheetEdit:
        return SheetEdit(self.view.draft, self.view.book, self._sheet)

    @cached_property
    def _notes(self) -> SheetNotes:
        return SheetNotes(self.edit)

    @cached_property
    def notes(self) -> dict[At, str]:
        """The whole texts of notes by their cells; what only stands in for a threaded comment is left out."""
        out: dict[At, str] = {}
        if not any(r.kind == "comments" for r in self.view.draft.relations(self.part)):
            return out
        for ref, comment in self._notes.comments.items():
            at = position(ref)
            if at and at not in self._notes.threads:
                out[at] = decode_escapes(comment.string()).replace("\r\n", "\n")
        return out

    def box(self, at: At) -> tuple[str, str]:
        """Width and height in points of a note's box: room for our words, or as large as it is."""
        text = self.notes[at]
        known = None
        if OPENING not in text and self._notes.drawing:
            data = self.view.draft.source(self._notes.drawing)
            shape = vml.note_shapes(data).get(at)
            known = vml.size(data[shape.start : shape.end]) if shape else None
        width, height = known or (f"{pixels * 3 // 4}" for pixels in box_size(text))
        return width, height

    @cached_property
    def highlights(self) -> dict[str, tuple[str, ...]]:
        """Severity → the ranges that conditional formats of ours colour."""
        found: dict[str, list[str]] = {}
        if SIGNATURE.encode() not in self.view.draft.source(self.part):
            return {}
        for child, rules, _ in own_rules(self.edit):
            ranges = start_tag(self.edit.xml, child).get("sqref", "").split()
            for rule in rules:
                said = _SEVERITY.search(unescape(rule[0].decode("utf-8", "replace")))
                found.setdefault(said[1] if said else "", []).extend(ranges)
        return {severity: settled(ranges) for severity, ranges in found.items()}

    @property
    def margin(self) -> str:
        """The letters of the column with our labels, "" without one."""
        name = self.view.names.get((self.name, MARGIN_NAME))
        found = _COLUMN.fullmatch(unquoted(name.target)[1]) if name else None
        return found[1] if found else ""

    def width(self, letters: str) -> str:
        """A column's width as Excel shows it; "0" for a hidden one, "" where it has the standard width."""
        stated = self.edit.column(letters_number(letters))
        return "0" if stated.get("hidden") in TRUE else shown_width(stated.get("width", ""))

    @property
    def print_area(self) -> str:
        """The printed ranges without sheet and dollar signs, split by commas."""
        name = self.view.names.get((self.name, PRINT_AREA))
        if name is None:
            return ""
        if "(" in name.target:  # computed; marking leaves it alone
            return name.target
        return ",".join(rest.replace("$", "") for _, rest in parts(name.target))

    def label(self, at: At) -> str:
        return reference(at)


def shown_width(stated: str) -> str:
    """A width as files state it, in the characters that Excel shows; "" for what is no number."""
    try:
        shown = max(Decimal(stated) - _PADDING, Decimal(0))
    except InvalidOperation:
        return ""
    return f"{shown.quantize(Decimal('0.01')).normalize():f}"


def parts(target: str) -> list[tuple[str, str]]:
    """The references of a target such as ``'a,b'!$A$1,c!$B$2``, each as (sheet, rest)."""
    found = re.findall(r"(?:'(?:[^']|'')*'|[^',])+", target)
    return [unquoted(text.strip()) for text in found]
