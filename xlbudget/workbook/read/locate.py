"""Where the parts of a form stand on a sheet, judged by the captions alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xlbudget.packs.layout import Box, Field, Form, RowSet
from xlbudget.workbook.byid import once_for_each

from .captions import EXACT, Concept, Match, assign, concept
from .grid import Grid, Label
from .labels import spelling, unstuttered

FUZZY_ROWS = 200  # rows of a sheet that are compared by likeness as a header
LOOK_UP = 60  # rows above a label in which its column captions are looked for, beside known headers
INLINE = 80  # characters of a cell in which a caption with its content is looked for


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a field stands: its box, the official captions, how sure they are, and what is printed."""

    box: Box
    caption: str
    score: int
    printed: str
    inline: bool = False  # caption and content share the cell


@dataclass(slots=True)
class Header:
    """The caption row of a row set."""

    row: int
    last: int  # its last row, when captions are merged down
    columns: dict[str, Match]  # by column name


@dataclass(slots=True)
class Located:
    """Everything that was recognised of one form on one grid."""

    rows: dict[str, Match] = field(default_factory=dict)  # row captions
    headers: dict[str, Header] = field(default_factory=dict)  # by row set
    spots: dict[str, Spot] = field(default_factory=dict)  # fields
    percent: int = 0  # share of the captions that were found


class Vocabulary:
    """All captions and labels of a form, by role."""

    def __init__(self, form: Form) -> None:
        self.form = form
        order = {b.name: i for i, b in enumerate(form.blocks)}
        first_rowset = min((order[r.name] for r in form.rowsets), default=len(order))
        self.foot_blocks = {b for b, i in order.items() if i > first_rowset}
        self.foot = {f.captions[0] for f in form.fields if f.block in self.foot_blocks and f.captions[0]}
        self.rows = _concepts(f.captions[0] for f in form.fields)
        self.across: dict[str, list[Concept]] = {  # column captions over the fields of a block
            b.name: _concepts(f.captions[1] for f in form.fields if f.block == b.name) for b in form.blocks
        }
        columns = {r.name: _concepts(c.caption for c in r.columns) for r in form.rowsets}
        self.columns = columns
        everything = [*self.rows, *(c for cs in (*self.across.values(), *columns.values()) for c in cs)]
        self.spellings = {s for c in everything for s in c.spellings}
        self.spellings |= {s for x in form.statics if (s := spelling(x.text))}
        self.collapsed = {unstuttered(s) for s in self.spellings}
        self.total = len(self.rows) + sum(map(len, columns.values())) + sum(map(len, self.across.values()))

    def is_label(self, text: str) -> bool:
        return unstuttered(spelling(text)) in self.collapsed


vocabulary = once_for_each(Vocabulary)


def _concepts(keys: Iterable[str]) -> list[Concept]:
    return [concept(k) for k in dict.fromkeys(keys) if k]


def locate(grid: Grid, words: Vocabulary) -> Located:
    """Find the row sets' headers, the row captions, and with both the fields of a form."""
    out = Located()
    for rowset in words.form.rowsets:
        header = find_header(grid, rowset, words.columns[rowset.name])
        if header:
            out.headers[rowset.name] = header
    header_row = min((h.last for h in out.headers.values()), default=0)
    out.rows = _row_captions(grid, words, header_row)
    found = len(out.rows) + sum(len(h.columns) for h in out.headers.values())
    across: set[tuple[str, str]] = set()
    finder = _Finder(grid, words, out)
    for f in words.form.fields:
        spot = finder.spot(f)
        if spot:
            out.spots[f.name] = spot
            if f.captions[1]:
                across.add((f.block, f.captions[1]))
    out.percent = 100 * (found + len(across)) // words.total if words.total else 0
    return out


def find_header(grid: Grid, rowset: RowSet, concepts: list[Concept]) -> Header | None:
    """The row with most of the captions of a row set; None when no row has enough of them."""
    exact = {unstuttered(s) for c in concepts for s in c.spellings}
    ranked = sorted(
        grid.labels_by_row, key=lambda r: (-_hits(grid.labels_by_row[r], exact), r)
    )  # fmt: skip
    best: tuple[tuple[int, int, int], int, dict[str, Match]] | None = None
    for row in ranked[:FUZZY_ROWS]:
        labels = grid.labels_by_row[row]
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
    columns = {c.name: best[2][c.caption] for c in rowset.columns if c.caption in best[2]}
    last = max(grid.box(m.row, m.col).row2 for m in columns.values())
    return Header(best[1], last, columns)


def _hits(labels: Iterable[Label], exact: set[str]) -> int:
    return sum(label.collapsed in exact for label in labels)


def _row_captions(grid: Grid, words: Vocabulary, header_row: int) -> dict[str, Match]:
    """Row captions: those of the head from the top down, those of the foot below the rows, lowest first."""
    heads = [c for c in words.rows if c.key not in words.foot]
    feet = [c for c in words.rows if c.key in words.foot]
    above = [x for x in grid.labels if not header_row or x.row < header_row]
    found = assign(above, heads)
    missing = [c for c in heads if c.key not in found]
    if missing and header_row:
        found |= assign([x for x in grid.labels if x.row > header_row], missing, allowed=_exactly)
    end = grid.end_of_block(header_row)
    below = [x for x in grid.labels if header_row < x.row <= end]
    return found | assign(below, feet, prefer=_lowest_first)


def _lowest_first(label: Label) -> tuple[int, ...]:
    return (label.col, -label.row)


def _exactly(label: Label, c: Concept) -> bool:
    return label.spelling in c.spellings


class _Finder:
    """Places of fields from the captions found, with the searches for column captions remembered."""

    def __init__(self, grid: Grid, words: Vocabulary, out: Located) -> None:
        self.grid = grid
        self.words = words
        self.rows = out.rows
        self.header_rows = {h.row for h in out.headers.values()}
        self._above: dict[tuple[str, int], dict[str, Match]] = {}
        self._across: dict[tuple[str, int], dict[str, Match]] = {}

    def spot(self, f: Field) -> Spot | None:
        row_caption, col_caption = f.captions
        if not row_caption:
            return self._below(f) if col_caption else None
        row = self.rows.get(row_caption)
        if row is None:
            return self._inside(concept(row_caption)) if not col_caption else None
        if not col_caption:
            return self._beside(row)
        column = self._headings(f.block, row.row).get(col_caption)
        if column is None:
            return None
        box = self.grid.box(row.row, column.col)
        if (box.row, box.col) in {(row.row, row.col), (column.row, column.col)}:
            return None
        score = min(row.score, column.score)
        return Spot(box, f"{row.official}·{column.official}", score, f"{row.printed}·{column.printed}")

    def _headings(self, block: str, row: int) -> dict[str, Match]:
        """The column captions over a row: the row above it with most of the captions of the block."""
        if (block, row) not in self._above:
            near = {r for r in self.grid.labels_by_row if row - LOOK_UP <= r < row}
            near |= {r for r in self.header_rows if r < row}
            best, found = (0, 0), {}
            for r in sorted(near, reverse=True):
                matches = self._heading(block, r)
                rank = (len(matches), sum(m.score for m in matches.values()))
                if rank > best:
                    best, found = rank, matches
            self._above[block, row] = found
        return self._above[block, row]

    def _heading(self, block: str, row: int) -> dict[str, Match]:
        """The column captions of a block that stand in one row."""
        if (block, row) not in self._across:
            labels, wanted = self.grid.labels_by_row[row], self.words.across[block]
            enough = 3 * len(labels) >= len(wanted)
            self._across[block, row] = assign(labels, wanted) if enough else {}
        return self._across[block, row]

    def _beside(self, label: Match) -> Spot | None:
        """The first filled cell to the right of a label, before the next label; else the one beside it."""
        grid, words = self.grid, self.words
        start = grid.box(label.row, label.col).col2 + 1
        if words.is_label(grid.text(label.row, start)):
            return None
        for col in grid.columns.get(label.row, ()):
            if col >= start:
                if words.is_label(grid.text(label.row, col)):
                    break
                if grid.filled(label.row, col):
                    return Spot(grid.box(label.row, col), label.official, label.score, label.printed)
        return Spot(grid.box(label.row, start), label.official, label.score, label.printed)

    def _below(self, f: Field) -> Spot | None:
        match = assign(self.grid.labels, self.words.across[f.block]).get(f.captions[1])
        if match is None:
            return None
        under = self.grid.box(match.row, match.col).row2 + 1
        if self.words.is_label(self.grid.text(under, match.col)):
            return None
        return Spot(self.grid.box(under, match.col), match.official, match.score, match.printed)

    def _inside(self, c: Concept) -> Spot | None:
        """A caption and its content in one cell: 填报单位：某某局."""
        for (row, col), cell in self.grid.ordered:
            if cell.kind == "text" and isinstance(cell.value, str):
                head, _, rest = cell.value[:INLINE].partition("：" if "：" in cell.value[:INLINE] else ":")
                if rest.strip() and spelling(head) in c.spellings:
                    return Spot(self.grid.box(row, col), c.name, EXACT, head, inline=True)
        return None


__all__ = ["Header", "Located", "Spot", "Vocabulary", "find_header", "locate", "vocabulary"]
