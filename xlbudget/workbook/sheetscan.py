"""Where things stand in a worksheet part, in bytes: its direct children, its rows, the cells of a row.

All edits of a sheet are splices at such offsets, so that nothing of the user's is written anew. Plain
sheets are scanned with regular expressions, others with expat; both give the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from .errors import refusal
from .limits import DEFAULT, LAST_COL, LAST_ROW, Limits
from .markup import Markup, inspect

_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SHORT = re.compile(rb"<([^\s/>]+)[^>]*?(/?)>")


class Element(NamedTuple):
    """A direct child of the worksheet. ``inner`` is the end of its start tag (= ``end`` when ``<x/>``)."""

    name: str  # without prefix
    start: int
    inner: int
    end: int


class Row(NamedTuple):
    """A row element; ``row`` is its 1-based number, stated or counted."""

    row: int
    start: int
    inner: int
    end: int

    @property
    def empty(self) -> bool:
        """Written as ``<row/>``: it has to be opened before cells can be put in."""
        return self.inner == self.end


class Cell(NamedTuple):
    """A cell element with its style index; blank cells that only carry a style are cells too."""

    row: int
    col: int
    start: int
    inner: int
    end: int
    style: int


@dataclass(slots=True)
class SheetScan:
    """Offsets into ``xml`` (the UTF-8 bytes that were scanned)."""

    xml: bytes
    markup: Markup
    children: list[Element]
    rows: list[Row]
    _cells: dict[int, list[Cell]] = field(default_factory=dict)  # start of row → cells

    @property
    def prefix(self) -> bytes:
        """What stands before element names, ``b""`` or for example ``b"x:"``."""
        return self.markup.prefix

    def child(self, name: str) -> Element | None:
        """The first direct child of that name."""
        return next((c for c in self.children if c.name == name), None)

    def cells(self, row: Row) -> list[Cell]:
        """Cells of one row in the order in which they stand."""
        if row.start not in self._cells:
            self._cells[row.start] = _plain_cells(self.xml, self.prefix, row)
        return self._cells[row.start]

    def all_cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from self.cells(row)

    def last_col(self) -> int:
        """The rightmost column in which a cell stands, blank styled ones included; 0 without cells."""
        return max((cells[-1].col for row in self.rows if (cells := self.cells(row))), default=0)


def scan_sheet(
    xml: bytes, name: str = "", limits: Limits = DEFAULT, markup: Markup | None = None
) -> SheetScan:
    """Scan a worksheet part given in UTF-8 (see :func:`~.xmltext.utf8`); ``markup`` if it is known already.

    Raises :class:`WorkbookRefused` when it is malformed, too large, or not a worksheet.
    """
    from .sheetscan_events import scan_by_events  # only odd sheets need it

    markup = markup or inspect(xml, name, limits)
    if markup.root != "worksheet":
        raise refusal("not-a-sheet", part=name)
    children = _plain_children(xml, markup.prefix) if markup.plain else None
    if children is None:
        return scan_by_events(xml, name, markup, limits)
    data = next((c for c in children if c.name == "sheetData"), None)
    rows = _plain_rows(xml, markup.prefix, data, limits, name) if data else []
    return SheetScan(xml, markup, children, rows)


def cell_ref(ref: str) -> tuple[int, int]:
    """``B7`` → (7, 2). Raises :class:`WorkbookRefused` when it is no address of a cell."""
    found = _REF.fullmatch(ref)
    if found:
        row, col = int(found.group(2)), letters_number(found.group(1))
        if row <= LAST_ROW and col <= LAST_COL:
            return row, col
    raise refusal("bad-reference", ref=ref)


@lru_cache(maxsize=LAST_COL)
def letters_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for ch in letters:
        number = number * 26 + ord(ch) - 64
    return number


@lru_cache
def _tags(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    """Start tags of an element (group 1: attributes, group 2: "/" when empty) and its end tags."""
    full = re.escape(prefix + name)
    return re.compile(rb"<%b(?=[\s/>])([^>]*?)(/?)>|</%b\s*>" % (full, full))


def _plain_children(xml: bytes, prefix: bytes) -> list[Element] | None:
    """Direct children of the root; None when there is more than one sheetData or one inside another."""
    out: list[Element] = []
    sheet_data, seen = prefix + b"sheetData", False
    at = xml.index(b">", xml.index(b"<" + prefix + b"worksheet"))
    while (at := xml.find(b"<", at)) >= 0 and xml[at + 1] != 0x2F:
        tag = _SHORT.match(xml, at)
        if tag is None:
            return None
        name, inner = tag.group(1), tag.end()
        if name != sheet_data:
            end = inner if tag.group(2) else _element_end(xml, name, inner)
        else:  # the largest child by far: looked through for another of its name once only
            end = inner if tag.group(2) else _simple_end(xml, name, inner)
            if seen or not end:
                return None
            seen = True
        out.append(Element(_local(name), at, inner, end))
        at = end
    return out


def _element_end(xml: bytes, name: bytes, inner: int) -> int:
    """The end of an element whose content begins at ``inner``.

    It is the next end tag of that name, unless an element of a like name is inside: then tags are counted.
    """
    end = _simple_end(xml, name, inner)
    if end:
        return end
    depth, at = 1, inner
    while depth:
        at = xml.index(b"<", at)
        close = xml.index(b">", at) + 1
        if xml[at + 1] == 0x2F:
            depth -= 1
        elif xml[close - 2] != 0x2F:
            depth += 1
        at = close
    return at


def _simple_end(xml: bytes, name: bytes, inner: int) -> int:
    """The end of an element without elements of a like name inside; 0 when there are some."""
    closing = xml.index(b"</" + name, inner)
    return 0 if xml.find(b"<" + name, inner, closing) >= 0 else xml.index(b">", closing) + 1


@lru_cache
def _local(name: bytes) -> str:
    """A name without its prefix."""
    return name.rpartition(b":")[2].decode()


def _plain_rows(xml: bytes, prefix: bytes, data: Element, limits: Limits, name: str) -> list[Row]:
    rows: list[Row] = []
    number = start = inner = 0
    for found in _tags(prefix, b"row").finditer(xml, data.inner, data.end):
        head = found.group(1)
        if head is None:
            rows.append(Row(number, start, inner, found.end()))
            continue
        if len(rows) >= limits.rows:
            raise refusal("too-many-rows", sheet=name, limit=limits.rows)
        stated = attribute(head, b"r")
        number = row_number(stated) if stated else number + 1
        start, inner = found.start(), found.end()
        if found.group(2):
            rows.append(Row(number, start, inner, inner))
    return rows


def _plain_cells(xml: bytes, prefix: bytes, row: Row) -> list[Cell]:
    cells: list[Cell] = []
    number = row.row
    col = start = inner = style = 0
    for found in _tags(prefix, b"c").finditer(xml, row.inner, row.end):
        head, empty = found.groups()
        if head is None:
            cells.append(Cell(number, col, start, inner, found.end(), style))
            continue
        stated, style = _head(head)
        col = stated or col + 1
        start, inner = found.span()
        if empty:
            cells.append(Cell(number, col, start, inner, inner, style))
    return cells


@lru_cache(maxsize=8192)
def _head(head: bytes) -> tuple[int, int]:
    """Column (0 when not stated) and style index from the attributes of a cell."""
    ref = attribute(head, b"r")
    return cell_ref(ref)[1] if ref else 0, style_index(attribute(head, b"s"))


def attribute(head: bytes, name: bytes) -> str:
    """An attribute without entities from the inside of a start tag, "" when it is not there."""
    found = _attribute(name).search(head)
    return (found.group(1) or found.group(2) or b"").decode() if found else ""


@lru_cache
def _attribute(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\s%b\s*=\s*(?:\"([^\"]*)\"|'([^']*)')" % name)


def row_number(text: str) -> int:
    """The number of a row; refuses what is none."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LAST_ROW:
        return int(text)
    raise refusal("bad-reference", ref=text)


def style_index(text: str) -> int:
    """A style index; what is no number counts as the default style."""
    return int(text[:9]) if text.isascii() and text.isdigit() else 0
