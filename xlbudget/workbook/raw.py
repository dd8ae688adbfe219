"""What stands in a workbook, before anybody knows what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from xlbudget.packs.layout import Box

from .package import Package


class RawCell(NamedTuple):
    """One cell with content. Rows and columns are 1-based.

    ``kind``: number, text, bool, error, or blank (a formula without a stored result). ``value``: for
    numbers the digits exactly as the file has them, for errors the code (``#DIV/0!``), None when blank.
    ``formula`` has no leading "=", None for constants; shared formulas are written out for every cell.
    """

    row: int
    col: int
    kind: str
    value: str | bool | None
    style: int
    formula: str | None
    number_format: str


@dataclass(slots=True)
class RawSheet:
    """One worksheet: its cells with content by (row, column), and its merged ranges."""

    name: str
    part: str
    state: str  # visible, hidden, veryHidden
    cells: dict[tuple[int, int], RawCell]
    merges: list[Box]
    protected: bool


@dataclass(frozen=True, slots=True)
class RawName:
    """A defined name; ``sheet`` is where it is local to, None for the whole workbook."""

    name: str
    sheet: str | None
    target: str
    hidden: bool = False


@dataclass(slots=True)
class RawBook:
    """A whole workbook as read. ``properties`` are the custom document properties as texts."""

    sheets: list[RawSheet]
    names: list[RawName]
    properties: dict[str, str]
    package: Package
    date1904: bool
    main: str  # name of the workbook part
    macros: bool = False
    signed: bool = False  # carries a digital signature, which any change will break
    _by_name: dict[str, RawSheet] = field(default_factory=dict, repr=False)

    def sheet(self, name: str) -> RawSheet | None:
        """The worksheet of that name, whatever its letter case."""
        if not self._by_name:
            self._by_name.update((s.name.lower(), s) for s in self.sheets)
        return self._by_name.get(name.lower())
