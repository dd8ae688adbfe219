"""Taking marks out by their signatures, for a workbook that another program has saved since.

Nothing is known then of the original bytes, but each kind of mark can be told for certain: conditional
formats by their formula, note texts by their opening and closing words, labels by their wording, sheets
and adapted print areas by hidden names. Formats of ours that nothing uses any more stay in the styles.
"""

from __future__ import annotations

import re

from xlbudget.workbook.sheetscan import Cell, attribute, letters_number
from xlbudget.workbook.xmltext import attributes, decode_escapes, unescape

from . import vml
from .conditional import SIGNATURE
from .labels import ARROW, LABEL, MARGIN_NAME, PRINT_AREA, PRINT_NAME
from .notes import AUTHOR, SheetNotes, position
from .notetext import OPENING, OURS
from .outline import Element, escape, set_attribute
from .ownsheets import own_sheets, shared_strings
from .sheetedit import SheetEdit
from .skeleton import OWN_NAME, Book, Name, Sheet, unquoted
from .splice import Draft, rels_part
from .undo import Manifest

_RULE = re.compile(rb"<((?:[\w.-]+:)?)cfRule(?=\s).*?</\1cfRule\s*>", re.DOTALL)
_ANY_RULE = re.compile(rb"<(?:[\w.-]+:)?cfRule(?=[\s>/])")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)</")
_TEXT = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^>]*)?>([^<]*)</")
_MARGIN = re.compile(r"\$?([A-Z]{1,3})(?:\$?\d+)?:\$?\1(?:\$?\d+)?")
_COL = re.compile(rb"<(?:[\w.-]+:)?col\s[^>]*/>")


def strip(draft: Draft, book: Book, manifest: Manifest | None) -> bool:
    """Take out whatever is recognised as ours; says whether there was anything.

    When there was nothing, the draft has not been used and can be used further.
    """
    own = own_sheets(book)
    parts = {s.part for s in own}
    labels = _take_label_strings(draft, book)
    for sheet in book.sheets:
        if sheet.part not in parts:
            _strip_sheet(draft, book, sheet, labels)
    names = [n for n in book.names if n.name.startswith(OWN_NAME)]
    _restore_print_areas(book, names)
    ours = {s.name for s in own}
    builtin = (n for n in book.names if n.name.startswith("_xlnm.") and unquoted(n.target)[0] in ours)
    book.drop(own, [*names, *builtin])
    _drop_calculation_chain(draft, book, {s.element.attrs.get("sheetId", "") for s in own})
    if manifest:
        _drop_manifest(draft, book, manifest)
    if draft.pristine:
        return False
    draft.carry_out()
    return True


def _strip_sheet(draft: Draft, book: Book, sheet: Sheet, labels: set[str]) -> None:
    """One sheet of the user's; it is only looked at closely when some of its bytes could be ours."""
    xml = draft.source(sheet.part)
    margin = any(n.name == MARGIN_NAME and unquoted(n.target)[0] == sheet.name for n in book.names)
    notes = any(
        r.kind == "comments" and draft.has(r.part) and _mentions(draft.source(r.part), OPENING)
        for r in draft.relations(sheet.part)
    )
    if not (labels or margin or notes or SIGNATURE.encode() in xml or _mentions(xml, ARROW)):
        return
    edit = SheetEdit(draft, book, sheet)
    _strip_formats(edit)
    _strip_labels(edit, labels)
    _strip_width(edit)
    if notes:
        _strip_notes(edit)


# -- conditional formats, labels, widths, print areas --------------------------------------------------


def _strip_formats(edit: SheetEdit) -> None:
    if SIGNATURE.encode() not in edit.xml:
        return
    for child in edit.children("conditionalFormatting"):
        ours = [m for m in _RULE.finditer(edit.xml, child.inner, child.end) if SIGNATURE.encode() in m[0]]
        if ours and len(ours) == len(_ANY_RULE.findall(edit.xml, child.inner, child.end)):
            edit.draft.replace(edit.part, child.start, child.end, b"")
        else:
            for m in ours:
                edit.draft.replace(edit.part, m.start(), m.end(), b"")


def _take_label_strings(draft: Draft, book: Book) -> set[str]:
    """The numbers (as text) of shared strings that are labels of ours; the strings become empty."""
    part = book.related("sharedStrings")
    if not part or not _mentions(draft.source(part), ARROW):
        return set()
    found = {k for k, text in enumerate(shared_strings(draft, book)) if LABEL.fullmatch(text)}
    entries = draft.outline(part).all("si")
    for k in found:
        draft.replace(part, entries[k].inner, entries[k].close, b"<%st/>" % entries[k].prefix)
    return {str(k) for k in found}


def _mentions(xml: bytes, text: str) -> bool:
    """Whether a part may hold a text, written plainly or with its first character as a reference."""
    if text.encode() in xml:
        return True
    if b"#" not in xml:
        return False
    first = ord(text[0])
    return any(r.encode() in xml for r in (f"#{first};", f"#x{first:x};", f"#x{first:X};"))


def _strip_labels(edit: SheetEdit, labels: set[str]) -> None:
    for cell in edit.scan.all_cells():
        if cell.inner < cell.end and _is_label(edit.xml, cell, labels):
            edit.draft.replace(edit.part, cell.start, cell.end, b"")


def _is_label(xml: bytes, cell: Cell, labels: set[str]) -> bool:
    kind = attribute(xml[cell.start : cell.inner], b"t")
    body = xml[cell.inner : cell.end]
    if kind == "s":
        value = _VALUE.search(body)
        return value is not None and value[1].decode().strip() in labels
    pattern = {"inlineStr": _TEXT, "str": _VALUE}.get(kind)
    if pattern is None:
        return False
    text = "".join(unescape(t.decode("utf-8", "replace")) for t in pattern.findall(body))
    return LABEL.fullmatch(decode_escapes(text)) is not None


def _strip_width(edit: SheetEdit) -> None:
    """Give the margin column its default width back, where it has an entry of its own."""
    targets = [unquoted(n.target) for n in edit.book.names if n.name == MARGIN_NAME]
    own = next((column for sheet, column in targets if sheet == edit.sheet.name), "")
    holder = edit.scan.child("cols")
    found = _MARGIN.fullmatch(own)
    if found is None or holder is None:
        return
    col = str(letters_number(found[1]))
    entries = list(_COL.finditer(edit.xml, holder.inner, holder.end))
    for m in entries:
        a = attributes(m[0].decode("utf-8", "replace"))
        if a.get("min") == a.get("max") == col:
            whole = holder if len(entries) == 1 else None
            start, end = (whole.start, whole.end) if whole else m.span()
            edit.draft.replace(edit.part, start, end, b"")


def _restore_print_areas(book: Book, names: list[Name]) -> None:
    for ours in names:
        if ours.name == PRINT_NAME:
            sheet = unquoted(ours.target)[0]
            areas = (n for n in book.names if n.name == PRINT_AREA and unquoted(n.target)[0] == sheet)
            for area in areas:
                book.retarget(area, ours.target)


# -- notes ---------------------------------------------------------------------------------------------


def _strip_notes(edit: SheetEdit) -> None:
    notes = SheetNotes(edit)
    if not notes.part or OPENING.encode() not in edit.draft.source(notes.part):
        return
    authors = notes.authors()
    gone = []
    for ref, comment in notes.comments.items():
        text = comment.child("text")
        if text is None or OPENING not in text.string():
            continue
        left = OURS.sub("", text.string())
        author = authors.get(comment.attrs.get("authorId", ""), "")
        if not left.strip() and author.strip() in (AUTHOR, ""):  # LibreOffice forgets authors
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


# -- parts that only we needed -------------------------------------------------------------------------


def _drop_calculation_chain(draft: Draft, book: Book, sheet_ids: set[str]) -> None:
    """The order of calculation must not name cells of a sheet that is gone; programs make it anew."""
    part = book.related("calcChain")
    if part and any(e.attrs.get("i") in sheet_ids for e in draft.outline(part).all("c")):
        draft.remove(part)
        for r in draft.relations(book.main):
            if r.part == part:
                draft.unrelate(book.main, r.id)


def _drop_manifest(draft: Draft, book: Book, manifest: Manifest) -> None:
    for r in draft.relations(manifest.part):
        if r.part and r.kind == "customXmlProps":
            draft.remove(r.part)
    draft.remove(manifest.part)
    for r in draft.relations(book.main):
        if r.part == manifest.part:
            draft.unrelate(book.main, r.id)
