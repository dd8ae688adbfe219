"""A table as all sources deliver it: named columns of text, and the rows with the numbers people see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .errors import Problem

_TITLES = 5
"""Rows of which some may stand above the header."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, sheet or query, and its filled cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Table:
    """One table of a source. ``problems`` are those of its outer form (header, row lengths, bad cells).

    ``above`` are the lines over the header: a title, the unit of the amounts.
    """

    name: str
    where: str
    columns: tuple[str, ...]
    lines: list[Line]
    word: str = "行"
    problems: list[Problem] = field(default_factory=list)
    above: tuple[str, ...] = ()

    def problem(self, message: str, row: int | None = None, column: str = "") -> Problem:
        return Problem(self.where, message, row, column, self.word)


def clean(text: str | None) -> str:
    """Text without blanks around it, line ends as \\n. Blank cells become the empty text."""
    if text is None:
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip().strip("\ufeff")


def build_table(
    name: str, where: str, rows: Iterable[tuple[int, Sequence[str | None]]], word: str = "行"
) -> Table:
    """A table from numbered rows of cells; the first row with content is the header, below any title.

    A column without a heading, a heading that occurs twice and cells beyond the header are problems.
    """
    table = Table(name, where, (), [], word)
    filled = [(n, cells) for n, raw in rows if any(cells := [clean(c) for c in raw])]
    top = _header_at([cells for _, cells in filled[:_TITLES]])
    table.above = tuple(c for _, cells in filled[:top] for c in cells if c)
    header: list[str] = []
    for number, cells in filled[top:]:
        if not header:
            header = cells
            table.columns = tuple(c for c in header if c)
            table.problems += _header_problems(table, header, number)
            continue
        table.lines.append(Line(number, _cells(table, header, cells, number)))
    return table


def _header_at(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows stand above the header: each has but one cell, and more follow beside it."""
    wide = next((i for i, cells in enumerate(rows) if sum(map(bool, cells)) > 2), 0)
    return wide if all(sum(map(bool, cells)) == 1 for cells in rows[:wide]) else 0


def _header_problems(table: Table, header: list[str], number: int) -> list[Problem]:
    twice = sorted({c for c in header if c and header.count(c) > 1}, key=header.index)
    return [table.problem("列名出现了两次", number, c) for c in twice]


def _cells(table: Table, header: list[str], cells: list[str], number: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for i, text in enumerate(cells):
        if not text:
            continue
        if i < len(header) and header[i]:
            found[header[i]] = text
        else:
            table.problems.append(table.problem(f"第 {i + 1} 列有内容“{_short(text)}”，但没有列名", number))
    return found


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
