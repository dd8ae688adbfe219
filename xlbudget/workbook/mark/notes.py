"""Notes on marked cells: into the sheet's comments part, with a box in its drawing.

A note of the user keeps every word; ours are appended to it. A cell with a threaded comment gets no
note, because Excel shows the thread instead: its finding stands in 审核结果.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlbudget.rules.record import column_letters
from xlbudget.workbook.patch import Mark
from xlbudget.workbook.sheetscan import letters_number

from . import vml
from .geometry import Geometry
from .look import TONES
from .notetext import NoteText
from .outline import Element, escape
from .sheetedit import SheetEdit, start_tag

AUTHOR = "xlbudget 审核"
_THREAD_AUTHOR = "tc="  # Excel's stand-in note for a thread has such an author
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")

At = tuple[int, int]


def add(edit: SheetEdit, marks: Iterable[Mark]) -> list[Mark]:
    """Write the notes of one sheet; gives back the marks whose cells could not get one."""
    by_cell: dict[At, list[Mark]] = {}
    for m in marks:
        by_cell.setdefault((m.row, m.col), []).append(m)
    notes = SheetNotes(edit)
    refused = []
    for at, of_cell in sorted(by_cell.items()):
        if at in notes.threads:
            refused += of_cell
        else:
            notes.put(at, NoteText.of(of_cell))
    notes.write()
    return refused


def reference(at: At) -> str:
    return f"{column_letters(at[1])}{at[0]}"


class SheetNotes:
    """The notes of one sheet: the comments part and the drawing that belongs to it, or those to be."""

    def __init__(self, edit: SheetEdit) -> None:
        self.edit = edit
        self.draft = edit.draft
        related = {r.kind: r.part for r in self.draft.relations(edit.part) if r.part}
        part = related.get("comments", "")
        self.part = part if part and self.draft.has(part) else ""
        self.root = self.draft.outline(self.part) if self.part else None
        self.list = self.root.child("commentList") if self.root else None
        self.comments = {e.attrs.get("ref", ""): e for e in self.list.all("comment")} if self.list else {}
        self.threads = self._threads()
        self.drawing = self._drawing()
        self.geometry = Geometry(edit)
        self._new: list[tuple[At, NoteText]] = []
        self._taller: list[tuple[At, NoteText]] = []

    def _threads(self) -> set[At]:
        """Cells with a threaded comment."""
        refs = set()
        for r in self.draft.relations(self.edit.part):
            if r.kind == "threadedComment" and r.part and self.draft.has(r.part):
                refs |= {e.attrs.get("ref", "") for e in self.draft.outline(r.part).walk()}
        authors = self.authors()
        for ref, e in self.comments.items():
            if authors.get(e.attrs.get("authorId", ""), "").startswith(_THREAD_AUTHOR):
                refs.add(ref)
        return {at for at in map(position, refs) if at}

    def authors(self) -> dict[str, str]:
        """Author names by their numbers as text."""
        holder = self.root.child("authors") if self.root else None
        return {str(k): e.text for k, e in enumerate(holder.all("author"))} if holder else {}

    def _drawing(self) -> str:
        """The part that holds the boxes: the one that the sheet's legacyDrawing element names."""
        child = self.edit.scan.child("legacyDrawing")
        if child is None:
            return ""
        ids = [v for k, v in start_tag(self.edit.xml, child).items() if k.endswith(":id")]
        named = (r.part for r in self.draft.relations(self.edit.part) if r.id in ids)
        return next((part for part in named if self.draft.has(part)), "")

    def put(self, at: At, note: NoteText) -> None:
        """A note on a cell without one, or our words behind the user's."""
        own = self.comments.get(reference(at))
        if own is None:
            self._new.append((at, note))
        else:
            self._append(own, note)
            self._taller.append((at, note))

    def _append(self, comment: Element, note: NoteText) -> None:
        """Ours begin on a line of their own even in an empty note, which tells it from a note of ours."""
        prefix = comment.prefix
        text = comment.child("text")
        if text is None:
            whole = b"<%stext>%s</%stext>" % (prefix, note.runs(prefix, True), prefix)
            self.draft.insert(self.part, comment.inner, whole)
            return
        runs = note.runs(prefix, True)
        bare = text.child("t")
        if bare:  # text without runs: it becomes a run, so that ours can follow
            self.draft.insert(self.part, bare.start, b"<%sr>" % prefix)
            self.draft.insert(self.part, bare.end, b"</%sr>" % prefix)
        before = [c for c in text.children if c.name in ("t", "r")]
        if before:
            self.draft.insert(self.part, before[-1].end, runs)
        elif text.empty:
            self.draft.append(self.part, text, runs)
        else:
            self.draft.insert(self.part, text.inner, runs)

    # -- putting down ------------------------------------------------------------------------------

    def write(self) -> None:
        if self._new:
            self._write_comments()
        if self._new or self._taller:
            self._write_boxes()

    def _write_comments(self) -> None:
        author = str(len(self.authors()))
        if self.root is None:
            self.part = self.draft.fresh(self.edit.book.folder + "comments{}.xml")
            data = (
                b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="%s"><authors>'
                b"<author>%s</author></authors><commentList>%s</commentList></comments>"
                % (self.edit.book.dialect.main.encode(), escape(AUTHOR), self._entries(b"", author))
            )
            self.draft.create(self.part, data, _COMMENTS_TYPE)
            self.draft.relate(self.edit.part, self.edit.book.dialect.relation("comments"), self.part)
            return
        p = self.root.prefix
        one = b"<%sauthor>%s</%sauthor>" % (p, escape(AUTHOR), p)
        holder = self.root.child("authors")
        if holder:
            self.draft.append(self.part, holder, one)
        else:
            self.draft.insert(self.part, self.root.inner, b"<%sauthors>%s</%sauthors>" % (p, one, p))
        entries = self._entries(p, author)
        if self.list:
            self.draft.append(self.part, self.list, entries)
        else:
            whole = b"<%scommentList>%s</%scommentList>" % (p, entries, p)
            self.draft.insert(self.part, self.root.close, whole)

    def _entries(self, p: bytes, author: str) -> bytes:
        return b"".join(
            b'<%scomment ref="%s" authorId="%s"><%stext>%s</%stext></%scomment>'
            % (p, reference(at).encode(), author.encode(), p, note.runs(p, False), p, p)
            for at, note in self._new
        )

    def _write_boxes(self) -> None:
        boxes = [self._box(at, note) for at, note in self._new]
        if self.drawing:
            data = self.draft.source(self.drawing)
            shapes = vml.note_shapes(data)
            for at, note in self._taller:
                if at in shapes and shapes[at].anchor:
                    self._enlarge(shapes[at], note)
                elif at not in shapes:
                    boxes.append(self._box(at, note))
            if boxes:
                self.draft.insert(self.drawing, *vml.insertion(data, boxes))
            return
        boxes += [self._box(at, note) for at, note in self._taller]
        names = [n for n in self.draft.package.names() if n.lower().endswith(".vml")]
        taken = vml.used_blocks(self.draft.source(n) for n in names)
        taken |= self.draft.blocks
        block = max(taken, default=0) + 1
        self.draft.blocks.add(block)
        data = vml.empty(block)
        end, new = vml.insertion(data, boxes)
        part = self.draft.fresh(self.edit.book.folder + "drawings/vmlDrawing{}.vml")
        self.draft.default_type("vml", _DRAWING_TYPE)
        self.draft.create(part, data[:end] + new + data[end:], _DRAWING_TYPE)
        dialect, p = self.edit.book.dialect, self.edit.prefix
        rid = self.draft.relate(self.edit.part, dialect.relation("vmlDrawing"), part)
        link = b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (p, dialect.rel.encode(), rid.encode())
        old = self.edit.scan.child("legacyDrawing")
        if old:  # it named a part that is not there
            self.draft.replace(self.edit.part, old.start, old.end, link)
        else:
            self.edit.insert_child("legacyDrawing", link)

    def _box(self, at: At, note: NoteText) -> vml.Box:
        width, height = note.size()
        fill = "#" + TONES[note.severity].fill[2:].decode().lower()
        return vml.Box(*at, self.geometry.anchor(*at, width, height), width, height, fill)

    def _enlarge(self, shape: vml.Shape, note: NoteText) -> None:
        """Make the user's box deep enough for our words as well."""
        a = shape.anchor
        bottom, y = self.geometry.deeper(a[6], a[7], note.size()[1])
        numbers = ", ".join(map(str, (*a[:6], bottom, y))).encode()
        self.draft.replace(self.drawing, *shape.anchor_at, numbers)


def position(ref: str) -> At | None:
    """``B7`` → (7, 2); None for anything else."""
    found = _REFERENCE.fullmatch(ref)
    return (int(found[2]), letters_number(found[1])) if found else None
