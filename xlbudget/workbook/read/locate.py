"""Where the parts of a form stand on a sheet, judged by the captions alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlbudget.packs.layout import Box, Field

from .captions import EXACT, Concept, Match, assign, concept
from .grid import Grid, Label
from .heads import Header, Sight, exactly, find_header, in_other_rows
from .labels import spelling
from .vocabulary import Vocabulary, vocabulary

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
class Located:
    """Everything that was recognised of one form on one grid."""

    rows: dict[str, Match] = field(default_factory=dict)  # row captions
    headers: dict[str, Header] = field(default_factory=dict)  # by row set
    spots: dict[str, Spot] = field(default_factory=dict)  # fields
    percent: int = 0  # share of the captions that were found


def locate(grid: Grid, words: Vocabulary) -> Located:
    """Find the row sets' headers, the row captions, and with both the fields of a form."""
    out = Located()
    sight = Sight(grid, words)
    for rowset in words.form.rowsets:
        header = find_header(sight, rowset, words.columns[rowset.name])
        if header:
            out.headers[rowset.name] = header
    header_row = min((h.last for h in out.headers.values()), default=0)
    out.rows = _row_captions(sight, words, header_row)
    found = len(out.rows) + sum(len(h.columns) for h in out.headers.values())
    across: set[tuple[str, str]] = set()
    finder = _Finder(sight, words, out)
    for f in words.form.fields:
        spot = finder.spot(f)
        if spot:
            out.spots[f.name] = spot
            if f.captions[1]:
                across.add((f.block, f.captions[1]))
    out.percent = 100 * (found + len(across)) // words.total if words.total else 0
    return out


def _row_captions(sight: Sight, words: Vocabulary, header_row: int) -> dict[str, Match]:
    """Row captions: those of the head from the top down, those of the foot below the rows, lowest first."""
    heads = [c for c in words.rows if c.key not in words.foot]
    feet = [c for c in words.rows if c.key in words.foot]
    above = [x for x in sight.rows if not header_row or x.row < header_row]
    found = assign(above, heads)
    missing = [c for c in heads if c.key not in found]
    if missing and header_row:
        found |= assign([x for x in sight.rows if x.row > header_row], missing, allowed=exactly)
    end = sight.grid.end_of_block(header_row)
    below = [x for x in sight.rows if header_row < x.row <= end]
    return found | assign(below, feet, prefer=_lowest_first)


def _lowest_first(label: Label) -> tuple[int, ...]:
    return (label.col, -label.row)


class _Finder:
    """Places of fields from the captions found, with the searches for column captions remembered."""

    def __init__(self, sight: Sight, words: Vocabulary, out: Located) -> None:
        self.sight = sight
        self.grid = sight.grid
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
            best, found, at = (0, 0), {}, 0
            for r in sorted(near, reverse=True):
                matches = self._heading(block, r)
                rank = (len(matches), sum(m.score for m in matches.values()))
                if rank > best:
                    best, found, at = rank, matches, r
            others = in_other_rows(self.sight, at, found, self.words.across[block])
            self._above[block, row] = found | others
        return self._above[block, row]

    def _heading(self, block: str, row: int) -> dict[str, Match]:
        """The column captions of a block that stand in one row."""
        if (block, row) not in self._across:
            labels, wanted = self.sight.by_row[row], self.words.across[block]
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
        match = assign(self.sight.all, self.words.across[f.block]).get(f.captions[1])
        if match is None:
            return None
        under = self.grid.box(match.row, match.col).row2 + 1
        if self.grid.numbers_columns(under):
            under += 1
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


__all__ = ["Header", "Located", "Spot", "Vocabulary", "locate", "vocabulary"]
