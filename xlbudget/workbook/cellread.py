"""What stands in one cell, where that is more than a shared text or a bare number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from xlbudget.rules.record import column_letters

from .errors import refusal
from .limits import LAST_COL, Limits
from .numformats import GENERAL
from .sharedformula import moved
from .sheetscan import cell_ref, style_index
from .strings import item_text
from .xmltext import TRUE, attributes, decode_escapes, unescape

is_number = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?").fullmatch
_FORMULA = re.compile(r"<f(\s[^>]*?)?(?:/>|>([^<]*)</f>)")
_VALUE = re.compile(r"<v(?:\s[^>]*)?>([^<]*)</v>")
_INLINE = re.compile(r"<is(?:\s[^>]*)?>(.*)</is>", re.S)

_KEPT = 50_000  # addresses, and attributes of one workbook, that are remembered

Content = tuple[str, str | bool | None, str | None]  # kind, value, formula of a RawCell
Shared = dict[str, tuple[int, int, str]]  # shared formulas by index: where written, and the text


class Places(dict[str, tuple[int, int, int]]):
    """Address → its position in reading order, row, column; position 0 when content may not be there."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits

    def __missing__(self, ref: str) -> tuple[int, int, int]:
        row, col = cell_ref(ref)
        near = row <= self.limits.last_row and col <= self.limits.last_col
        found = row * LAST_COL + col if near else 0, row, col
        if len(self) < _KEPT:
            self[ref] = found
        return found


class Heads(dict[str, tuple[str, int, str]]):
    """Attributes of a cell as written → its type, style index, number format.

    A style index beyond the table counts as General, which is how other readers see it too.
    """

    def __init__(self, formats: list[str]) -> None:
        super().__init__()
        self.formats = formats

    def __missing__(self, text: str) -> tuple[str, int, str]:
        given = attributes(text)
        style = style_index(given.get("s", ""))
        number_format = self.formats[style] if style < len(self.formats) else GENERAL
        found = given.get("t", "n"), style, number_format
        if len(self) < _KEPT:
            self[text] = found
        return found


@dataclass(slots=True)
class Workshop:
    """What all sheets of a workbook share while they are read, and how much may still come."""

    strings: list[str]
    heads: Heads
    places: Places
    limits: Limits
    left: int
    shared_left: int

    @classmethod
    def of(cls, strings: list[str], formats: list[str], limits: Limits) -> Workshop:
        return cls(strings, Heads(formats), _places(limits), limits, limits.cells, limits.shared_text)


@lru_cache(maxsize=2)
def _places(limits: Limits) -> Places:
    """What an address means depends on the limits alone, so all workbooks share what was worked out."""
    return Places(limits)


@dataclass(slots=True)
class OddCell:
    """Reads the inside of one cell."""

    sheet: str
    shop: Workshop
    row: int
    col: int

    def read(self, kind: str, formula: str, value: str, inside: str, shared: Shared) -> Content:
        """Kind, value and formula, from the groups of the cell pattern. Blank without formula: nothing there.

        Raises :class:`WorkbookRefused` for a shared text that does not exist, and for endless text.
        """
        text: str | None = self._bounded(unescape(formula)) if formula else None
        if "<f" in inside:
            text = self._formula(inside, shared)
        if kind == "inlineStr" and inside:
            found = _INLINE.search(inside)
            return "text", self._bounded(item_text(found.group(1)) if found else ""), text
        if inside:
            found = _VALUE.search(inside)
            value = found.group(1) if found else ""
        return (*self._value(kind, unescape(value)), text)

    def _value(self, kind: str, value: str) -> tuple[str, str | bool | None]:
        if kind in ("str", "d", "inlineStr"):  # a date of the strict variant is its ISO text
            return "text", self._bounded(decode_escapes(value))
        value = value.strip()
        if not value:
            return "blank", None
        if kind == "s":
            strings = self.shop.strings
            if not (value.isascii() and value.isdigit() and int(value[:9]) < len(strings)):
                raise refusal("bad-string", sheet=self.sheet, ref=self._ref())
            return "text", strings[int(value)]
        if kind == "b":
            return "bool", value.lower() in TRUE
        if kind == "e":
            return "error", self._bounded(value)
        if kind == "n":
            return ("number", self._bounded(value)) if is_number(value) else ("error", "#NUM!")
        return "text", self._bounded(value)

    def _formula(self, inside: str, shared: Shared) -> str | None:
        found = _FORMULA.search(inside)
        if not found:
            return None
        text = unescape(found.group(2) or "").strip().removeprefix("=")
        options = attributes(found.group(1) or "")
        if options.get("t") == "shared":
            index = options.get("si", "")
            if text:
                shared[index] = (self.row, self.col, text)
            elif index in shared:
                row, col, first = shared[index]
                self.shop.shared_left -= len(first)
                if self.shop.shared_left < 0:
                    raise refusal("too-many-formulas", limit=self.shop.limits.shared_text)
                text = moved(first, self.row - row, self.col - col)
        return self._bounded(text) or None

    def _bounded(self, text: str) -> str:
        if len(text) > self.shop.limits.text:
            raise refusal("too-long", sheet=self.sheet, ref=self._ref(), limit=self.shop.limits.text)
        return text

    def _ref(self) -> str:
        return f"{column_letters(self.col)}{self.row}"
