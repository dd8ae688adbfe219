"""The old drawing language in which spreadsheets keep the boxes of notes.

Such parts are often not well-formed XML, so they are read with patterns, never parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SHAPE = re.compile(rb"<([\w.-]+):shape\s.*?</\1:shape\s*>", re.DOTALL)
_ROW = re.compile(rb"<[\w.-]+:Row>\s*(\d+)\s*</")
_COLUMN = re.compile(rb"<[\w.-]+:Column>\s*(\d+)\s*</")
_ANCHOR = re.compile(rb"<[\w.-]+:Anchor>([^<]*)</")
_NOTE = re.compile(rb"""\sObjectType\s*=\s*["']Note["']""")
_STYLE = re.compile(rb"""\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SIZE = re.compile(rb"(?:^|[;\s])(width|height)\s*:\s*(\d+(?:\.\d+)?)pt")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_IDMAP = re.compile(rb"""<[\w.-]+:idmap[^>]*?\sdata\s*=\s*["']([\d,]+)["']""")
_HAS_TYPE = re.compile(rb"""\sid\s*=\s*["']_x0000_t202["']""")
_CLOSE = re.compile(rb"</xml\s*>\s*$")
_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NAMESPACES = (
    (b"v", b"urn:schemas-microsoft-com:vml"),
    (b"o", b"urn:schemas-microsoft-com:office:office"),
    (b"x", b"urn:schemas-microsoft-com:office:excel"),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A new note box: its cell (1-based), anchor, size in pixels and background (``#rrggbb``)."""

    row: int
    col: int
    anchor: tuple[int, ...]
    width: int
    height: int
    background: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A note box that is there: where it stands in the part and, if it has one, its anchor."""

    start: int
    end: int
    anchor: tuple[int, ...]
    anchor_at: tuple[int, int]


def note_shapes(data: bytes) -> dict[tuple[int, int], Shape]:
    """The note boxes of a drawing by their cells (1-based row, column)."""
    out = {}
    for m in _SHAPE.finditer(data):
        row, col = _ROW.search(m[0]), _COLUMN.search(m[0])
        if not row or not col or not _NOTE.search(m[0]):
            continue
        found = _ANCHOR.search(m[0])
        numbers = [n.strip() for n in found[1].split(b",")] if found else []
        usable = len(numbers) == 8 and all(n.isdigit() for n in numbers)
        anchor = tuple(int(n) for n in numbers) if usable else ()
        at = (m.start() + found.start(1), m.start() + found.end(1)) if found else (0, 0)
        out[int(row[1]) + 1, int(col[1]) + 1] = Shape(m.start(), m.end(), anchor, at)
    return out


def size(shape: bytes) -> tuple[str, str] | None:
    """Width and height of a shape in points, where it states them so."""
    style = _STYLE.search(shape)
    found = dict(_SIZE.findall(style[1] or style[2])) if style else {}
    return (found[b"width"].decode(), found[b"height"].decode()) if len(found) == 2 else None


def shape_count(data: bytes) -> int:
    """How many shapes of any kind a drawing has."""
    return len(_SHAPE.findall(data))


def used_blocks(drawings: Iterable[bytes]) -> set[int]:
    """The blocks of shape numbers (1024 each) that drawings have claimed."""
    return {int(n) for d in drawings for m in _IDMAP.findall(d) for n in m.split(b",") if n}


def empty(block: int) -> bytes:
    """A drawing without shapes that claims a block of shape numbers."""
    spaces = b" ".join(b'xmlns:%s="%s"' % pair for pair in _NAMESPACES)
    return b'<xml %s><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout></xml>' % (
        spaces,
        block,
    )


def insertion(data: bytes, boxes: Iterable[Box]) -> tuple[int, bytes]:
    """Where in a drawing new boxes go, and what is to be put there."""
    ids = [int(n) for n in _SHAPE_ID.findall(data)]
    block = _IDMAP.search(data)
    following = max(ids, default=int(block[1].split(b",")[0]) * 1024 if block else 1024) + 1
    spaces = _undeclared(data)
    new = [] if _HAS_TYPE.search(data) else [_TYPE.replace(b" ", spaces + b" ", 1)]
    depth = shape_count(data)
    for k, box in enumerate(boxes, 1):
        new.append(_shape(box, following + k - 1, depth + k).replace(b" ", spaces + b" ", 1))
    closing = _CLOSE.search(data)
    return (closing.start() if closing else len(data)), b"".join(new)


def _undeclared(data: bytes) -> bytes:
    """Declarations of the prefixes that the root does not know (some programs declare them elsewhere)."""
    root = re.search(rb"<xml[^>]*>", data)
    declared = root[0] if root else b""
    return b"".join(
        b' xmlns:%s="%s"' % pair for pair in _NAMESPACES if b"xmlns:%s=" % pair[0] not in declared
    )


def _shape(box: Box, number: int, depth: int) -> bytes:
    background = box.background.encode()
    return (
        b'<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;'
        b'margin-left:60pt;margin-top:2pt;width:%dpt;height:%dpt;z-index:%d;visibility:hidden" '
        b'fillcolor="%s" o:insetmode="auto">'
        b'<v:fill color2="%s"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%s</x:Anchor>'
        b"<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
        % (
            number,
            box.width * 3 // 4,
            box.height * 3 // 4,
            depth,
            background,
            background,
            ", ".join(map(str, box.anchor)).encode(),
            box.row - 1,
            box.col - 1,
        )
    )
