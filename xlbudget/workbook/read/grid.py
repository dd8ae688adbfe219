"""A sheet as a person sees it: merged boxes as one cell, and the cells that may be captions."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from typing import NamedTuple

from xlbudget.packs.layout import Box
from xlbudget.workbook.book import RawCell, RawSheet

from .labels import LONGEST, spelling, unstuttered

OUR_LABEL = "◀"  # words that an earlier validation wrote beside the table
GAP = 50  # blank rows in succession after which the table is over
_BAND = 64  # rows per bucket of the merge index
_SMALL = 100  # cells of a merged box that is indexed cell by cell
_COVERED = 200_000  # cells indexed in this way at most
_BUCKET = 2000  # large merged boxes looked at per bucket; a form has a few


class Label(NamedTuple):
    """A cell with a short text: its spelling, and the same without doubled letters."""

    row: int
    col: int
    spelling: str
    collapsed: str


class Grid:
    """The cells of one sheet between two rows (both included), with merged boxes respected."""

    def __init__(self, sheet: RawSheet, first: int = 1, last: int | None = None) -> None:
        self.sheet = sheet
        self.name = sheet.name
        self.first = first
        self._bound = last
        self.cells: dict[tuple[int, int], RawCell] = {
            at: c for at, c in sheet.cells.items() if at[0] >= first and (last is None or at[0] <= last)
        }
        self.last = max((r for r, _ in self.cells), default=first)
        self._covered: dict[tuple[int, int], Box] = {}
        self._merges = self._index()

    def _index(self) -> dict[int, list[Box]]:
        """Small boxes cell by cell, large ones by bands of rows."""
        out: dict[int, list[Box]] = defaultdict(list)
        for box in self.sheet.merges:
            size = (box.row2 - box.row + 1) * (box.col2 - box.col + 1)
            if size <= _SMALL and len(self._covered) < _COVERED:
                for row in range(box.row, box.row2 + 1):
                    self._covered.update(((row, col), box) for col in range(box.col, box.col2 + 1))
                continue
            for band in range(box.row // _BAND, min(box.row2, self.last) // _BAND + 1):
                if len(out[band]) < _BUCKET:
                    out[band].append(box)
        return out

    def covers(self, row: int) -> bool:
        """Whether a row belongs to this grid, filled or not."""
        return row >= self.first and (self._bound is None or row <= self._bound)

    def box(self, row: int, col: int) -> Box:
        """The merged box over a cell, or the cell itself."""
        return self._covered.get((row, col)) or self._merged(row, col) or _single(row, col)

    def _merged(self, row: int, col: int) -> Box | None:
        small = self._covered.get((row, col))
        if small is not None or not self._merges:
            return small
        for box in self._merges.get(row // _BAND, ()):
            if box.row <= row <= box.row2 and box.col <= col <= box.col2:
                return box
        return None

    def at(self, row: int, col: int) -> RawCell | None:
        """The content seen at a position: that of the top-left cell of its box."""
        box = self._merged(row, col)
        return self.cells.get((box.row, box.col) if box else (row, col))

    def filled(self, row: int, col: int) -> bool:
        """Whether something is seen there; a formula counts, blanks in a text do not."""
        return has_content(self.at(row, col))

    @cached_property
    def ordered(self) -> list[tuple[tuple[int, int], RawCell]]:
        """All cells with their positions, row by row."""
        return sorted(self.cells.items())

    @cached_property
    def labels(self) -> list[Label]:
        """All cells that may be captions, from top to bottom."""
        out = []
        for (row, col), cell in self.ordered:
            if cell.kind != "text" or not isinstance(cell.value, str) or len(cell.value) > LONGEST:
                continue
            text = spelling(cell.value)
            if text and not text.startswith(OUR_LABEL):
                out.append(Label(row, col, text, unstuttered(text)))
        return out

    @cached_property
    def labels_by_row(self) -> dict[int, list[Label]]:
        out: dict[int, list[Label]] = defaultdict(list)
        for label in self.labels:
            out[label.row].append(label)
        return dict(out)

    @cached_property
    def columns(self) -> dict[int, list[int]]:
        """The columns with content of each row, in order."""
        out: dict[int, list[int]] = defaultdict(list)
        for (row, col), _ in self.ordered:
            out[row].append(col)
        return dict(out)

    def end_of_block(self, row: int) -> int:
        """The last row of the table that goes on below ``row``: the one before many blank rows."""
        last = row
        for r in self.columns:
            if r > last + GAP:
                break
            last = max(last, r)
        return last

    def numbers_columns(self, row: int) -> bool:
        """Whether a row only counts the columns, as official tables do below the captions: 栏次 1 2 3 …"""
        texts = [str(self.cells[row, col].value or "").strip() for col in self.columns.get(row, ())]
        counted = [int(t) for t in texts if t.isascii() and t.isdigit()]
        words = {t for t in texts if t and not (t.isascii() and t.isdigit())}
        return len(counted) > 2 and counted == list(range(1, len(counted) + 1)) and words <= {"栏次"}

    def text(self, row: int, col: int) -> str:
        """The text at a position, "" where there is none or a number: its digits are no label."""
        cell = self.at(row, col)
        return cell.value if cell is not None and cell.kind == "text" and isinstance(cell.value, str) else ""


@lru_cache(maxsize=8192)
def _single(row: int, col: int) -> Box:
    """The box of one cell; made often, and never changed."""
    return Box(row, col, row, col)


def has_content(cell: RawCell | None) -> bool:
    if cell is None:
        return False
    if cell.formula is not None and cell.formula != "":
        return True
    if isinstance(cell.value, str):
        return bool(cell.value.strip()) and not cell.value.startswith(OUR_LABEL)
    return cell.value is not None
