"""Reading the rows of a row set: from its header down to the foot, labels carried down, blanks skipped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from xlbudget.packs.layout import Box, Column, RowSet
from xlbudget.rules.record import CellIssue, Entry, Place, Row

from .cells import UNCALCULATED, read_cell
from .grid import Grid, has_content
from .labels import spelling
from .locate import Header
from .names import SheetNames, range_name
from .report import Found, How

_AFTERWORD = re.compile(r"(?:注|附注|说明|填表说明|备注|填表人|填报人|联系人|审核人|单位负责人)[:：\d]")
_SUBTOTALS = {"小计", "合计", "总计", "总分", "栏次"}  # no rows of their own
_SERIALS = {"序号", "编号"}


@dataclass(slots=True)
class Columns:
    """Where the columns of a row set stand, and in which rows their content can be."""

    first: int
    last: int
    at: dict[str, tuple[int, int]] = field(default_factory=dict)  # first and last sheet column
    captions: dict[str, str] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)


def find_columns(
    grid: Grid, rowset: RowSet, header: Header | None, names: SheetNames, foot: int | None
) -> Columns | None:
    """The columns by name first, by caption second; None when neither says where the rows begin."""
    boxes = {c.name: b for c in rowset.columns if (b := names.box(range_name(rowset.name, c.name)))}
    boxes = {n: b for n, b in boxes.items() if grid.covers(b.row)}
    if header is None and not boxes:
        return None
    first = header.last + 1 if header else min(b.row for b in boxes.values())
    last = foot - 1 if foot else grid.end_of_block(first)
    out = Columns(first, last)
    for c in rowset.columns:
        _find_column(grid, rowset, c, header, boxes.get(c.name), names, out)
    return out


def _find_column(
    grid: Grid,
    rowset: RowSet,
    c: Column,
    header: Header | None,
    box: Box | None,
    names: SheetNames,
    out: Columns,
) -> None:
    official = c.caption.split("|")[0]
    match = header.columns.get(c.name) if header else None
    out.captions[c.name] = match.official if match else official
    by_caption = None
    if match:
        head = grid.box(match.row, match.col)
        by_caption = (head.col, head.col2)
    if box and by_caption and not by_caption[0] <= box.col <= by_caption[1]:
        out.at[c.name] = by_caption
        note = f"名称“{range_name(rowset.name, c.name)}”不在“{official}”栏，按标题读取"
        out.found[c.name] = Found(How.CAPTION, official, note)
    elif box:
        out.at[c.name] = by_caption or (box.col, box.col2)
        out.found[c.name] = Found(How.NAME, official)
    elif match and by_caption:
        out.at[c.name] = by_caption
        lost = names.lost(range_name(rowset.name, c.name))
        note = f"名称“{range_name(rowset.name, c.name)}”已失效（#REF!），按标题读取" if lost else ""
        shown = grid.text(match.row, match.col).strip()
        out.found[c.name] = Found(How.CAPTION if match.exact else How.SIMILAR, shown, note)
    else:
        out.found[c.name] = Found(How.MISSING, official)


class RowReader:
    """Reads the rows of one row set on one grid."""

    def __init__(self, grid: Grid, rowset: RowSet, columns: Columns, unit: str, date1904: bool) -> None:
        self.grid = grid
        self.rowset = rowset
        self.columns = columns
        self.unit = unit
        self.date1904 = date1904
        self._carried: dict[str, Entry] = {}

    def rows(self) -> list[Row]:
        out: list[Row] = []
        for r in self._candidates():
            if self._afterword(r):
                break
            row = self._read(r)
            if self._counts(row) and not (self.rowset.tree and self.grid.numbers_columns(r)):
                self._caption(row, r)
                out.append(row)
        if out:
            for c in self.rowset.columns:
                if c.name not in self.columns.at and not c.derived:
                    out[0][c.name].issue = CellIssue.MISSING
        return out

    def _candidates(self) -> list[int]:
        return [r for r in self.grid.columns if self.columns.first <= r <= self.columns.last]

    def _afterword(self, row: int) -> bool:
        cols = self.grid.columns.get(row)
        return cols is not None and bool(_AFTERWORD.match(self.grid.text(row, cols[0]).strip()))

    def _read(self, r: int) -> Row:
        return {c.name: self._entry(r, c) for c in self.rowset.columns}

    def _entry(self, r: int, c: Column) -> Entry:
        if c.name not in self.columns.at:
            return Entry(given=False)
        first, last = self.columns.at[c.name]
        box = self._own_box(r, first, last)
        if c.grouped:
            return self._grouped(r, c, box, first)
        if box is None or box.row < r:  # the cell belongs to another column or to the row above
            return Entry(place=Place(self.grid.name, r, first))
        return self._cell(c, box)

    def _own_box(self, r: int, first: int, last: int) -> Box | None:
        """The box of a column in a row; None when it is part of a box that begins further left."""
        grid = self.grid
        for col in range(first, last + 1):
            box = grid.box(r, col)
            if box.col >= first and has_content(grid.cells.get((box.row, box.col))):
                return box
        box = grid.box(r, first)
        return box if box.col >= first else None

    def _cell(self, c: Column, box: Box) -> Entry:
        place = Place(self.grid.name, box.row, box.col)
        cell = self.grid.cells.get((box.row, box.col))
        return read_cell(cell, c, place, self.unit, self.date1904)

    def _grouped(self, r: int, c: Column, box: Box | None, first: int) -> Entry:
        """A group label: that of the merged cell, or of the nearest one above in the same outer group."""
        entry = self._cell(c, box) if box else Entry(place=Place(self.grid.name, r, first))
        if entry.blank and c.name in self._carried:
            return self._carried[c.name]
        if not entry.blank and spelling(_shown(entry)) not in _SUBTOTALS:
            before = self._carried.get(c.name)
            if before is None or before.place != entry.place:
                self._forget_inner(c)
            self._carried[c.name] = entry
        return entry

    def _forget_inner(self, outer: Column) -> None:
        seen = False
        for c in self.rowset.columns:
            if seen:
                self._carried.pop(c.name, None)
            seen = seen or c.name == outer.name

    def _counts(self, row: Row) -> bool:
        """Whether a row says anything: labels of groups, serial numbers and derived blanks do not."""
        own = [c for c in self.rowset.columns if not c.grouped and c.name not in _SERIALS]
        words = [c for c in self.rowset.columns if c.kind in ("text", "code")]
        if any(spelling(_shown(row[c.name])) in _SUBTOTALS for c in words):
            return False
        return any(not e.blank or e.issue or e.raw == UNCALCULATED for e in (row[c.name] for c in own))

    def _caption(self, row: Row, r: int) -> None:
        """Name each cell by what the row is about and its column."""
        texts = [c for c in self.rowset.columns if c.kind == "text"]
        naming = next((c for c in texts if not c.grouped), None)
        about = _shown(row[naming.name]) if naming else ""
        if not about or about == "无":
            groups = [_shown(row[c.name]) for c in texts if c.grouped]
            about = next((g for g in reversed(groups) if g), f"第{r}行")
        about = about.replace("\n", "")
        for c in self.rowset.columns:
            e = row[c.name]
            if e.place is None:
                continue
            caption = f"{about}·{self.columns.captions.get(c.name, c.name)}"
            place = Place(e.place.sheet, e.place.row, e.place.col, caption)
            if c.grouped:  # carried on to the rows below, which name it anew
                row[c.name] = Entry(e.value, place, e.formula, e.issue, e.raw, e.given)
            else:
                e.place = place


def _shown(entry: Entry) -> str:
    return entry.value if isinstance(entry.value, str) else "" if entry.value is None else str(entry.value)


__all__ = ["Columns", "RowReader", "find_columns"]
