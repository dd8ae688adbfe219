"""The shape of a filled form: all that decides where its cells are, apart from their contents.

Two forms of one shape differ only in texts and numbers, so the sheet's XML is made once and reused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from xlbudget.packs.layout import Box, Column, Form, Placement, RowSet
from xlbudget.rules.record import FormRecord, Row

Run: TypeAlias = tuple[int, int]  # first row (0-based), number of rows


@dataclass(frozen=True, slots=True)
class Shape:
    """Form, rows per row set, and for each grouped column the runs of rows that share one merged label."""

    form: str
    rows: tuple[tuple[str, int], ...]
    runs: tuple[tuple[str, str, tuple[Run, ...]], ...]


def shape_of(form: Form, record: FormRecord) -> Shape:
    """The shape of a form as filled; a row set without rows counts as one blank row."""
    rows: list[tuple[str, int]] = []
    runs: list[tuple[str, str, tuple[Run, ...]]] = []
    for rowset in form.rowsets:
        content: Sequence[Row] = record.rows.get(rowset.name) or ({},)
        rows.append((rowset.name, len(content)))
        broken = {0}  # rows at which an outer group begins; inner groups end there too
        for column in sorted((c for c in rowset.columns if c.grouped), key=lambda c: c.col):
            found = _runs([_label(row, column) for row in content], broken)
            broken |= {first for first, _ in found}
            runs.append((rowset.name, column.name, found))
    return Shape(form.id, tuple(rows), tuple(runs))


def _label(row: Row, column: Column) -> str:
    entry = row.get(column.name)
    return str(entry.value).strip() if entry is not None and not entry.blank else ""


def _runs(labels: Sequence[str], broken: set[int]) -> tuple[Run, ...]:
    """Runs of equal neighbours; blank labels stay cells of their own, ready to be typed into."""
    starts = [i for i, text in enumerate(labels) if i in broken or not text or text != labels[i - 1]]
    ends = [*starts[1:], len(labels)]
    return tuple((first, end - first) for first, end in zip(starts, ends, strict=True))


class Plan:
    """A placement together with the runs of its grouped columns: every box of one sheet."""

    def __init__(self, form: Form, shape: Shape) -> None:
        self.form = form
        self.shape = shape
        self.placement = Placement(form, dict(shape.rows))
        self._runs = {(rowset, column): runs for rowset, column, runs in shape.runs}

    def rows(self, rowset: str) -> int:
        return self.placement.rows[rowset]

    def first_row(self, rowset: str) -> int:
        """Sheet row of a row set's first row."""
        return self.placement.start[rowset] + 1

    def runs(self, rowset: str, column: str) -> tuple[Run, ...]:
        """The runs of a column; every row is a run of its own where the column is not grouped."""
        return self._runs.get((rowset, column)) or tuple((i, 1) for i in range(self.rows(rowset)))

    def top(self, rowset: str, column: str, index: int) -> int:
        """The row that holds the content of row ``index``: the first of its run."""
        return next(first for first, count in self.runs(rowset, column) if first <= index < first + count)

    def cells(self, rowset: RowSet, column: Column) -> Iterator[tuple[int, Box]]:
        """The boxes of a column with the row (0-based) whose content each shows."""
        for first, count in self.runs(rowset.name, column.name):
            box = self.placement.cell(rowset.name, first, column.name)
            yield first, Box(box.row, box.col, box.row + count - 1, box.col2)
