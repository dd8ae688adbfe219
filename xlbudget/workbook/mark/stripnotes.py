"""Taking our words out of notes, and notes and boxes that were ours altogether.

Excel gives every note the name of whoever is logged in, so the author alone does not tell. Our words
stand first in a note of ours; in a note of the user's a line break goes before them.
"""

from __future__ import annotations

from . import vml
from .notes import AUTHOR, SheetNotes, position
from .notetext import OPENING, OURS
from .outline import Element, escape, set_attribute
from .sheetedit import SheetEdit
from .splice import Draft, rels_part


def strip_notes(edit: SheetEdit) -> None:
    """Take our words out of the notes of one sheet."""
    notes = SheetNotes(edit)
    authors = notes.authors()
    gone = []
    for ref, comment in notes.comments.items():
        text = comment.child("text")
        said = text.string() if text else ""
        if text is None or OPENING not in said or position(ref) in notes.threads:
            continue
        author = authors.get(comment.attrs.get("authorId", ""), "").strip()
        ours = said.startswith(OPENING) or author in (AUTHOR, "")  # LibreOffice forgets authors
        if ours and not OURS.sub("", said).strip():
            gone.append((ref, comment))
        else:
            _shorten(edit.draft, notes.part, text)
    if gone:
        _drop_notes(edit, notes, gone)


def _shorten(draft: Draft, part: str, text: Element) -> None:
    """Cut our words out of a note's text elements; what the user wrote stays in its runs."""
    pieces = [e for e in _texts(text) if e.text]
    whole = "".join(e.text for e in pieces)
    keep = [True] * len(whole)
    for m in OURS.finditer(whole):
        keep[m.start() : m.end()] = [False] * (m.end() - m.start())
    at = 0
    for e in pieces:
        left = "".join(ch for ch, k in zip(e.text, keep[at:], strict=False) if k)
        at += len(e.text)
        if left == e.text:
            continue
        run = e.parent if e.parent is not None and e.parent.name == "r" else e
        if left:
            spaced = b'<%st xml:space="preserve">' % e.prefix
            draft.replace(part, e.start, e.close, spaced + escape(left))
        else:
            draft.cut(part, run)


def _texts(element: Element) -> list[Element]:
    return [e for e in element.walk() if e.name == "t" and not (e.parent and e.parent.name == "rPh")]


def _drop_notes(edit: SheetEdit, notes: SheetNotes, gone: list[tuple[str, Element]]) -> None:
    """Take whole notes out with their boxes, and parts that have nothing left in them."""
    draft = edit.draft
    if len(gone) == len(notes.comments):
        draft.remove(notes.part)
        _unrelate_part(edit, notes.part)
    else:
        for _, comment in gone:
            draft.cut(notes.part, comment)
        _drop_author(draft, notes, {id(comment) for _, comment in gone})
    if not notes.drawing:
        return
    data = draft.source(notes.drawing)
    shapes = vml.note_shapes(data)
    cut = [shapes[at] for ref, _ in gone if (at := position(ref)) in shapes]
    if cut and len(cut) == vml.shape_count(data):
        draft.remove(notes.drawing)
        _unrelate_part(edit, notes.drawing)
        child = edit.scan.child("legacyDrawing")
        if child:
            draft.replace(edit.part, child.start, child.end, b"")
    else:
        for shape in cut:
            draft.replace(notes.drawing, shape.start, shape.end, b"")


def _drop_author(draft: Draft, notes: SheetNotes, gone: set[int]) -> None:
    """Take our author out when no note is left of ours; the numbers behind it move up."""
    numbers = [int(k) for k, name in notes.authors().items() if name == AUTHOR]
    left = [c for c in notes.comments.values() if id(c) not in gone and c.attrs.get("authorId", "").isdigit()]
    used = {int(c.attrs["authorId"]) for c in left}
    holder = notes.root.child("authors") if notes.root else None
    if holder is None or len(numbers) != 1 or numbers[0] in used:
        return
    draft.cut(notes.part, holder.all("author")[numbers[0]])
    for c in left:
        if int(c.attrs["authorId"]) > numbers[0]:
            tag = draft.source(notes.part)[c.start : c.inner]
            moved = set_attribute(tag, b"authorId", b"%d" % (int(c.attrs["authorId"]) - 1))
            draft.replace(notes.part, c.start, c.inner, moved)


def _unrelate_part(edit: SheetEdit, part: str) -> None:
    draft = edit.draft
    relations = draft.relations(edit.part)
    mine = [r for r in relations if r.part == part]
    if len(mine) == len(relations):
        draft.remove(rels_part(edit.part))
    for r in mine:
        draft.unrelate(edit.part, r.id)
