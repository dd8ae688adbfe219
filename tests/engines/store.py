"""What keeps the workbook behind the object model. Rows and columns count from 1; a box is inclusive.

A store does as it is told: it parses nothing and refuses nothing. Excel's ways are in :mod:`.model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

Box = tuple[int, int, int, int]
Value = float | str | bool | None


@dataclass(slots=True)
class Condition:
    """One conditional format. ``kind`` is Excel's number of its type (2: a formula)."""

    areas: list[Box]
    formula: str = ""
    kind: int = 2
    fill: str = ""  # RRGGBB
    stroke: str = ""
    pattern: str = ""
    stop: bool = True
    key: Any = None  # the store's own


@dataclass(frozen=True, slots=True)
class Named:
    """A defined name; ``target`` without its equals sign, ``sheet`` its scope or ""."""

    sheet: str
    name: str
    target: str
    hidden: bool = False


@dataclass(slots=True)
class Guard:
    """Protection of a sheet: with which password, and what is allowed all the same."""

    on: bool = False
    password: str = ""
    objects: bool = False
    scenarios: bool = False
    allowed: dict[str, bool] = field(default_factory=dict)


class SheetStore(Protocol):
    """One worksheet."""

    name: str
    guard: Guard

    def last(self) -> tuple[int, int]: ...
    def value(self, row: int, col: int) -> Value: ...
    def formula(self, row: int, col: int) -> str: ...
    def put(self, row: int, col: int, value: Value, formula: str = "") -> None: ...
    def number_format(self, row: int, col: int) -> str: ...
    def wraps(self, row: int, col: int) -> bool: ...
    def style(self, box: Box, what: str, value: Any) -> None:
        """``what`` is format, font, size, bold, line, color, fill, border, heavy, across, down or wrap."""

    def plain(self, box: Box) -> None: ...
    def merges(self) -> list[Box]: ...
    def merge(self, box: Box) -> None: ...
    def note(self, row: int, col: int) -> str | None: ...
    def set_note(self, row: int, col: int, text: str | None) -> None: ...
    def conditions(self) -> list[Condition]: ...
    def add_condition(self, condition: Condition) -> None:
        """Behind all others."""

    def to_front(self, condition: Condition) -> None:
        """Before all others."""

    def change_condition(self, condition: Condition) -> None: ...
    def drop_condition(self, condition: Condition) -> None: ...
    def width(self, first: int, last: int, characters: float | None) -> None: ...
    def height(self, first: int, last: int, points: float) -> None: ...
    def link(self, row: int, col: int, target: str) -> None: ...
    def print_area(self, area: str) -> None: ...
    def page(self, what: str, value: Any) -> None:
        """``what`` is landscape, titles, tab, frozen, grid, filter or one step of fitting to the page."""


class BookStore(Protocol):
    """One workbook."""

    def sheets(self) -> Sequence[SheetStore]: ...
    def add_sheet(self, name: str, index: int) -> None: ...
    def move_sheet(self, name: str, index: int) -> None: ...
    def drop_sheet(self, name: str) -> None: ...
    def names(self) -> list[Named]: ...
    def put_name(self, name: Named) -> None: ...
    def drop_name(self, name: Named) -> None: ...
    def calculate(self) -> None: ...
    def save_copy(self, path: Path) -> None: ...
    def close(self) -> None: ...
