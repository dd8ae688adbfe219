"""Oddly written parts in the one plain way that the fast readers know.

No prefixes, no comments, no CDATA, attributes in double quotes with ``r``, ``s``, ``t`` first, every
row and cell with its address. Elements of other namespaces are left out. For reading only: what is
written back into a workbook is always spliced into the original bytes.
"""

from __future__ import annotations

from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from .errors import refusal
from .limits import Limits
from .markup import MAIN
from .sheetscan import cell_ref, row_number

_FIRST = ("r", "s", "t")


class _Writer:
    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.out: list[str] = []
        self.depth = self.foreign = self.row = self.col = 0
        self.path: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise refusal("too-deep", part=self.name, limit=self.limits.depth)
        uri, _, local = tag.rpartition(" ")
        if self.foreign or uri not in MAIN:
            self.foreign += 1
            return
        plain = {key: value for key, value in attributes.items() if " " not in key}
        if local == "row" and self.path[-1:] == ["sheetData"]:
            self.row = row_number(plain["r"]) if plain.get("r") else self.row + 1
            self.col = 0
            plain["r"] = str(self.row)
        elif local == "c" and self.path[-1:] == ["row"]:
            self.col = cell_ref(plain["r"])[1] if plain.get("r") else self.col + 1
            if not plain.get("r"):
                plain["r"] = f"{_letters(self.col)}{self.row}"
        self.path.append(local)
        order = sorted(plain, key=lambda k: _FIRST.index(k) if k in _FIRST else len(_FIRST))
        quoted = "".join(f' {key}="{escape(plain[key], {chr(34): "&quot;"})}"' for key in order)
        self.out.append(f"<{local}{quoted}>")

    def end(self, _tag: str) -> None:
        self.depth -= 1
        if self.foreign:
            self.foreign -= 1
        else:
            self.out.append(f"</{self.path.pop()}>")

    def text(self, data: str) -> None:
        if not self.foreign:
            self.out.append(escape(data))


def canonical(part: bytes, name: str, limits: Limits) -> str:
    """The part, given in UTF-8, rewritten. Raises :class:`WorkbookRefused` when it is malformed."""
    if part.count(b"<") > limits.odd_tags:
        raise refusal("part-too-many-tags", part=name, limit=limits.odd_tags)
    writer = _Writer(name, limits)
    parser = ParserCreate("UTF-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    try:
        parser.Parse(part, True)
    except ExpatError:
        raise refusal("part-malformed", part=name) from None
    return "".join(writer.out)


def _letters(col: int) -> str:
    out = ""
    while col:
        col, rest = divmod(col - 1, 26)
        out = chr(65 + rest) + out
    return out
