"""The shape of a filled form: all that decides where its cells are, apart from their contents.

Two forms of one shape differ only in texts and numbers, so the sheet's XML is made once and reused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeAlias, TypeVar

from xlbudget.packs.captions import column_caption, field_caption
from xlbudget.packs.layout import Box, Column, Field, Form, Placement, RowSet
from xlbudget.rules.record import FormRecord, Row
from xlbudget.rules.tree import Tree, grown, tree_of_rows

T = TypeVar("T", Field, Column)
Run: TypeAlias = tuple[int, int]  # first row (0-based), number of rows


@dataclass(frozen=True, slots=True)
class Shape:
    """Form, rows per row set, for each grouped column the runs of rows that share one merged label, and for
    each tree with codes in it the parents of its rows."""

    form: str
    rows: tuple[tuple[str, int], ...]
    runs: tuple[tuple[str, str, tuple[Run, ...]], ...]
    trees: tuple[tuple[str, tuple[int, ...]], ...] = ()


def shape_of(form: Form, record: FormRecord) -> Shape:
    """The shape of a form as filled; a row set without rows counts as one blank row."""
    rows: list[tuple[str, int]] = []
    runs: list[tuple[str, str, tuple[Run, ...]]] = []
    trees: list[tuple[str, tuple[int, ...]]] = []
    for rowset in form.rowsets:
        content: Sequence[Row] = record.rows.get(rowset.name) or ({},)
        rows.append((rowset.name, len(content)))
        broken = {0}  # rows at which an outer group begins; inner groups end there too
        for column in sorted((c for c in rowset.columns if c.grouped), key=lambda c: c.col):
            found = _runs([_label(row, column) for row in content], broken)
            broken |= {first for first, _ in found}
            runs.append((rowset.name, column.name, found))
        if rowset.tree and any(e and not e.blank for e in (row.get(rowset.tree) for row in content)):
            trees.append((rowset.name, tree_of_rows(content, rowset.tree).parents))
    return Shape(form.id, tuple(rows), tuple(runs), tuple(trees))


def _label(row: Row, column: Column) -> str:
    entry = row.get(column.name)
    return str(entry.value).strip() if entry is not None and not entry.blank else ""


def _runs(labels: Sequence[str], broken: set[int]) -> tuple[Run, ...]:
    """Runs of equal neighbours; blank labels stay cells of their own, ready to be typed into."""
    starts = [i for i, text in enumerate(labels) if i in broken or not text or text != labels[i - 1]]
    ends = [*starts[1:], len(labels)]
    return tuple((first, end - first) for first, end in zip(starts, ends, strict=True))


@dataclass(frozen=True, slots=True)
class Spot(Generic[T]):
    """Where a field or column has its content on a sheet, and how its head is called."""

    item: T
    row: int
    col: int
    caption: str


class Plan:
    """A placement together with the runs of its grouped columns: every box of one sheet."""

    def __init__(self, form: Form, shape: Shape) -> None:
        self.form = form
        self.shape = shape
        self.placement = Placement(form, dict(shape.rows))
        self._runs = {(rowset, column): runs for rowset, column, runs in shape.runs}
        self.trees: dict[str, Tree] = {rowset: grown(parents) for rowset, parents in shape.trees}
        """Those whose codes are known; on a blank form they are typed later."""

    @property
    def open_codes(self) -> dict[str, str]:
        """Row set → code column of the trees whose codes are typed later."""
        return {r.name: r.tree for r in self.form.rowsets if r.tree and r.name not in self.trees}

    def below(self, rowset: str, index: int) -> tuple[int, ...]:
        """The rows directly below a row of a tree; none where the row set is no tree."""
        tree = self.trees.get(rowset)
        return tree.children[index] if tree is not None else ()

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

    @cached_property
    def field_spots(self) -> list[Spot[Field]]:
        boxes = ((f, self.placement.field(f.name)) for f in self.form.fields)
        return [Spot(f, box.row, box.col, field_caption(f)) for f, box in boxes]

    @cached_property
    def row_spots(self) -> dict[str, list[list[Spot[Column]]]]:
        """Row set → row (0-based) → its columns; a merged label is at the top of its run."""
        out: dict[str, list[list[Spot[Column]]]] = {}
        for rowset in self.form.rowsets:
            first = self.first_row(rowset.name)
            rows: list[list[Spot[Column]]] = [[] for _ in range(self.rows(rowset.name))]
            for column in rowset.columns:
                for start, count in self.runs(rowset.name, column.name):
                    spot = Spot(column, first + start, column.col, column_caption(column))
                    for index in range(start, start + count):
                        rows[index].append(spot)
            out[rowset.name] = rows
        return out
