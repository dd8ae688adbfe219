"""Rows that are a hierarchy by their codes: 类 208, 款 20805, 项 2080505.

The parent of a row is the nearest row above whose code is the longest proper prefix of its own. In a row with
rows below it an amount is the sum of those rows; ``合计(行集[列])`` is the sum of the rows at the top.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlbudget.figures import Figure

from .language import Binary, Call, Column, Node, Number, Text
from .language.values import ZERO
from .record import Entry

TOTAL: Final = "合计"  # the function for the sum of the rows at the top
SUBTOTAL: Final = "下级合计"  # the function for the sum of the rows directly below the row at hand
TOP: Final = "首层:"  # before a column's name: only its cells at the top
BELOW: Final = "下级:"  # before a column's name: only its cells directly below the row at hand
PARTS: Final = {TOTAL: TOP, SUBTOTAL: BELOW}


def code_text(text: str) -> str:
    """A code as its digits, whatever it was typed like: ``208 05 05`` and ２０８０５０５ are 2080505."""
    digits = "".join(unicodedata.normalize("NFKC", text).split())
    return digits if digits.isascii() and digits.isdigit() else text.strip()


@dataclass(frozen=True, slots=True)
class Tree:
    """Rows by their numbers (0-based): the parent of each (-1 at the top), its children, those at the top."""

    parents: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    top: tuple[int, ...]


def tree_of(codes: Sequence[str]) -> Tree:
    """The tree of rows with these codes; a row without one stands at the top, by itself."""
    parents: list[int] = []
    last: dict[str, int] = {}
    for row, code in enumerate(codes):
        known = (last.get(code[:length], -1) for length in range(len(code) - 1, 0, -1))
        parents.append(next((p for p in known if p >= 0), -1))
        if code.isdigit():
            last[code] = row
    return grown(tuple(parents))


def grown(parents: tuple[int, ...]) -> Tree:
    """The tree with these parents."""
    children: list[list[int]] = [[] for _ in parents]
    for row, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(row)
    top = tuple(row for row, parent in enumerate(parents) if parent < 0)
    return Tree(parents, tuple(map(tuple, children)), top)


def tree_of_rows(rows: Sequence[Mapping[str, Entry]], column: str) -> Tree:
    """The tree of rows as reported, by their codes in ``column``."""
    return tree_of([_code(row.get(column)) for row in rows])


def _code(entry: Entry | None) -> str:
    value = entry.value if entry is not None else None
    return code_text(str(value)) if isinstance(value, str | Figure) else ""


def part_of(column: str) -> tuple[str, str]:
    """The part of a column that a name means (:data:`TOP`, :data:`BELOW`, "" for all), and its bare name."""
    for part in (TOP, BELOW):
        if column.startswith(part):
            return part, column[len(part) :]
    return "", column


def subtotal(rowset: str, column: str) -> str:
    """The formula of a summed column in a row that has rows below it."""
    return f"{SUBTOTAL}({rowset}[{column}])"


def sum_of_part(function: str, column: Column) -> Node:
    """``合计(行集[列])`` written out; without any number it shows nothing."""
    part = Column(column.rowset, PARTS[function] + column.name, column.at)
    blank = Binary("=", Call("COUNT", (part,)), Number(ZERO))
    return Call("IF", (blank, Text(""), Call("SUM", (part,))))
