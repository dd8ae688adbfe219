"""Taking marks out by their signatures, for a workbook that another program has saved since.

Nothing is known then of the original bytes, but each kind of mark can be told for certain: conditional
formats by their formula, note texts by their opening and closing words, labels by their wording, sheets
and adapted print areas by hidden names. Formats of ours that nothing uses any more stay in the styles.
"""

from __future__ import annotations

import re

from xlbudget.workbook.sheetscan import Cell, attribute, letters_number
from xlbudget.workbook.xmltext import attributes, decode_escapes, unescape

from .conditional import SIGNATURE, own_rules
from .labels import ARROW, HIDDEN, LABEL, MARGIN_NAME, PRINT_AREA, PRINT_NAME, WIDTH_NAME
from .notetext import OPENING
from .outline import set_attribute
from .ownsheets import own_sheets, shared_strings
from .sheetedit import COLUMN, SheetEdit
from .skeleton import OWN_NAME, Book, Name, Sheet, unquoted
from .splice import Draft
from .stripnotes import strip_notes
from .undo import Manifest

_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)</")
_TEXT = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^>]*)?>([^<]*)</")
_MARGIN = re.compile(r"\$?([A-Z]{1,3})(?:\$?\d+)?:\$?\1(?:\$?\d+)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


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
    chain = book.related("calcChain")
    ids = {s.element.attrs.get("sheetId", "") for s in own}
    if chain and any(e.attrs.get("i") in ids for e in draft.outline(chain).all("c")):
        book.drop_calculation_chain()
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
        strip_notes(edit)


# -- conditional formats, labels, widths, print areas --------------------------------------------------


def _strip_formats(edit: SheetEdit) -> None:
    for child, ours, alone in own_rules(edit):
        if alone:
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
    """Give the margin column its former width back, where it has an entry of its own."""
    targets = [unquoted(n.target) for n in edit.book.names if n.name == MARGIN_NAME]
    own = next((column for sheet, column in targets if sheet == edit.sheet.name), "")
    holder = edit.scan.child("cols")
    found = _MARGIN.fullmatch(own)
    if found is None or holder is None:
        return
    col = str(letters_number(found[1]))
    entries = list(COLUMN.finditer(edit.xml, holder.inner, holder.end))
    for m in entries:
        a = attributes(m[0].decode("utf-8", "replace"))
        if not a.get("min") == a.get("max") == col:
            continue
        former = _former(edit, m[0])
        if former or len(entries) > 1:
            end = m.end() if m[0].endswith(b"/>") or former else edit.xml.index(b">", m.end()) + 1
            edit.draft.replace(edit.part, m.start(), end, former)
        else:
            edit.draft.replace(edit.part, holder.start, holder.end, b"")


def _former(edit: SheetEdit, tag: bytes) -> bytes:
    """The margin column's opening tag with the width that it had, b"" when it had the standard width."""
    of_sheet = (n for n in edit.book.names if n.name == WIDTH_NAME and n.scope == edit.sheet.index)
    kept = next((n.target.strip('"') for n in of_sheet), "")
    width = kept.removesuffix(HIDDEN)
    if not _NUMBER.fullmatch(width):
        return b""
    tag = set_attribute(tag, b"width", width.encode())
    return set_attribute(tag, b"hidden", b"1") if kept != width else tag


def _restore_print_areas(book: Book, names: list[Name]) -> None:
    for ours in names:
        if ours.name == PRINT_NAME:
            sheet = unquoted(ours.target)[0]
            areas = (n for n in book.names if n.name == PRINT_AREA and unquoted(n.target)[0] == sheet)
            for area in areas:
                book.retarget(area, ours.target)


# -- parts that only we needed -------------------------------------------------------------------------


def _drop_manifest(draft: Draft, book: Book, manifest: Manifest) -> None:
    for r in draft.relations(manifest.part):
        if r.part and r.kind == "customXmlProps":
            draft.remove(r.part)
    draft.remove(manifest.part)
    for r in draft.relations(book.main):
        if r.part == manifest.part:
            draft.unrelate(book.main, r.id)
