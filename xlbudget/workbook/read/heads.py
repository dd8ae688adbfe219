"""The heads of tables: rows of captions, also over several rows, and captions that need a context.

A caption 预算数·合计 is the label 合计 under the heading 预算数; among captions of rows it is the label below
预算数 in the same column. Official tables print a label twice, and only so it is clear which one is meant.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass

from xlbudget.packs.layout import RowSet

from .captions import EXACT, JOINT, Concept, Match, assign
from .grid import Grid, Label
from .labels import unstuttered
from .vocabulary import Vocabulary

FUZZY_ROWS = 200  # rows of a sheet that are compared by likeness as a header
HEAD_ROWS = 3  # rows that the head of a table has at most


@dataclass(slots=True)
class Header:
    """The caption row of a row set."""

    row: int
    last: int  # its last row, when captions are merged down
    columns: dict[str, Match]  # by column name


class Sight:
    """The labels of a grid as a form sees them: in their contexts, where its captions ask for that."""

    def __init__(self, grid: Grid, words: Vocabulary) -> None:
        self.grid = grid
        self.by_row = grid.labels_by_row
        if words.groups:
            self.by_row = {row: _grouped(grid, row, words.groups) for row in grid.labels_by_row}
        self.rows = _sectioned(grid.labels, words.sections) if words.sections else grid.labels
        if words.heading:
            heads = {r for r, labels in grid.labels_by_row.items() if _hits(labels, words.heading) > 1}
            self.rows = [x for x in self.rows if x.row not in heads or x.collapsed not in words.heading]

    @property
    def all(self) -> list[Label]:
        """All labels, those in rows of captions with their groups."""
        if self.by_row is self.grid.labels_by_row:
            return self.grid.labels
        return [x for labels in self.by_row.values() for x in labels]


def _grouped(grid: Grid, row: int, groups: set[str]) -> list[Label]:
    """The labels of a row, and each with the heading before it that stands over it."""
    out = list(grid.labels_by_row[row])
    for above in range(row - 1, row - HEAD_ROWS, -1):
        heads = [x for x in grid.labels_by_row.get(above, ()) if x.spelling in groups]
        starts = [x.col for x in heads]
        for x in grid.labels_by_row[row]:
            if at := bisect(starts, x.col):
                out.append(_joined(heads[at - 1], x))
    return out


def _sectioned(labels: list[Label], sections: set[str]) -> list[Label]:
    """All labels, and each with the nearest section label above it in its column."""
    out = list(labels)
    open_sections: dict[int, Label] = {}
    for x in labels:
        if x.col in open_sections:
            out.append(_joined(open_sections[x.col], x))
        if x.spelling in sections:
            open_sections[x.col] = x
    return out


def _joined(context: Label, label: Label) -> Label:
    text = f"{context.spelling}{JOINT}{label.spelling}"
    return Label(label.row, label.col, text, unstuttered(text))


def find_header(sight: Sight, rowset: RowSet, concepts: list[Concept]) -> Header | None:
    """The row with most of the captions of a row set; None when no row has enough of them."""
    grid, by_row = sight.grid, sight.by_row
    exact = {unstuttered(s) for c in concepts for s in c.spellings}
    ranked = sorted(by_row, key=lambda r: (-_hits(by_row[r], exact), r))
    best: tuple[tuple[int, int, int], int, dict[str, Match]] | None = None
    for row in ranked[:FUZZY_ROWS]:
        labels = by_row[row]
        if len(labels) * 5 < len(concepts) * 2:
            continue
        found = assign(labels, concepts)
        rank = (len(found), sum(m.score for m in found.values()), -row)
        if best is None or rank > best[0]:
            best = (rank, row, found)
        if best[0][1] == EXACT * len(concepts) or (_hits(labels, exact) == 0 and best[0][0] >= 3):
            break  # nothing can be better
    if best is None or len(best[2]) < 2 or len(best[2]) * 5 < len(concepts) * 2:
        return None
    found = best[2] | in_other_rows(sight, best[1], best[2], concepts)
    columns = {c.name: found[c.caption] for c in rowset.columns if c.caption in found}
    last = max(grid.box(m.row, m.col).row2 for m in columns.values())
    return Header(best[1], last, columns)


def in_other_rows(
    sight: Sight, row: int, found: dict[str, Match], concepts: Iterable[Concept]
) -> dict[str, Match]:
    """The captions of a head of several rows that stand beside its fullest row: 科目编码 under 项目."""
    missing = [c for c in concepts if c.key not in found]
    if not missing or not found:
        return {}
    grid = sight.grid
    last = max(grid.box(m.row, m.col).row2 for m in found.values())
    rows = [r for r in sight.by_row if row - HEAD_ROWS < r <= last and r != row]
    beside = [x for r in rows for x in sight.by_row[r] if grid.box(r, x.col).row2 >= row]
    return assign(beside, missing, allowed=exactly)


def exactly(label: Label, c: Concept) -> bool:
    return label.spelling in c.spellings


def _hits(labels: Iterable[Label], exact: set[str]) -> int:
    return sum(label.collapsed in exact for label in labels)
