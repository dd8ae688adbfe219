"""Choosing the cell of each field: the defined name first, the captions second, and saying which."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from xlbudget.packs.layout import Box, Field
from xlbudget.rules.record import Place

from .captions import STUTTERED
from .cells import is_dash, read_cell, text_of
from .grid import Grid
from .labels import spelling
from .locate import Located, Spot, Vocabulary
from .names import SheetNames
from .report import Found, How
from .years import expects_year, year_in

TOP = 6  # rows in which a year is looked for when no caption follows


@dataclass(frozen=True, slots=True)
class Choice:
    """The cell chosen for a field (None: not found), and the account of it."""

    box: Box | None
    caption: str
    found: Found
    inline: bool = False


class Chooser:
    """Chooses the cells of a form's fields on one grid."""

    def __init__(self, grid: Grid, words: Vocabulary, located: Located, names: SheetNames) -> None:
        self.grid = grid
        self.words = words
        self.located = located
        self.names = names

    def choose(self, f: Field) -> Choice:
        spot = self._year_spot(f) if f.kind == "year" else self.located.spots.get(f.name)
        caption = spot.caption if spot else _official(f)
        named = self._named(f)
        if named is None:
            lost = f"名称“{f.name}”已失效（#REF!），按标题读取" if self.names.lost(f.name) else ""
            return _by_caption(spot, caption, lost)
        odd = self._odd(f, named, spot)
        if odd:
            where = f"，按标题读取 {spot.box.ref}" if spot else ""
            return _by_caption(spot, caption, f"名称“{f.name}”指向 {named.ref}，{odd}{where}")
        note = ""
        if spot and spot.score >= STUTTERED and not _same(spot.box, named):
            note = f"名称“{f.name}”指向 {named.ref}，标题所在为 {spot.box.ref}，按名称读取"
        return Choice(named, caption, Found(How.NAME, caption, note))

    def _named(self, f: Field) -> Box | None:
        box = self.names.box(f.name)
        if box is None or not self.grid.covers(box.row):
            return None
        return self.grid.box(box.row, box.col)

    def _odd(self, f: Field, named: Box, spot: Spot | None) -> str:
        """Why a name is not to be trusted, "" when it is."""
        text = self.grid.text(named.row, named.col)
        if text and self.words.is_label(text):
            return "该格是标题"
        if spot is None or _same(spot.box, named) or not self.grid.filled(spot.box.row, spot.box.col):
            return ""
        if not self.grid.filled(named.row, named.col):
            return "该格为空"
        if f.numeric and not self._numeric(f, named) and self._numeric(f, spot.box):
            return "该格不是数字"
        return ""

    def _numeric(self, f: Field, box: Box) -> bool:
        cell = self.grid.at(box.row, box.col)
        if cell is None or cell.kind in ("number", "error", "blank"):
            return True
        if is_dash(text_of(cell)):
            return True
        return read_cell(cell, f, Place("", box.row, box.col), "", False).issue not in ("应填数字",)

    def _year_spot(self, f: Field) -> Spot | None:
        """The first cell above the form's captions that carries a year, or the place for one."""
        if any(f.captions):
            return self.located.spots.get(f.name)
        rows = [m.row for m in self.located.rows.values()]
        below = min([*rows, *(h.row for h in self.located.headers.values())], default=self.grid.first + TOP)
        top = list(takewhile(lambda found: found[0][0] < below, self.grid.ordered))
        for (row, col), cell in top:
            if year_in(cell) is not None:
                return Spot(self.grid.box(row, col), f.name, 100, f.name)
        for (row, col), cell in top:
            if expects_year(cell):
                return Spot(self.grid.box(row, col), f.name, STUTTERED, f.name)
        return self._line_below_title(f)

    def _line_below_title(self, f: Field) -> Spot | None:
        """The blank line that official forms have for the year."""
        title = spelling(self.words.form.title)
        for label in self.grid.labels:
            if label.spelling == title:
                box = self.grid.box(label.row, label.col)
                under = self.grid.box(box.row2 + 1, box.col)
                free = not any(self.grid.filled(under.row, c) for c in self.grid.columns.get(under.row, ()))
                return Spot(under, f.name, STUTTERED, f.name) if free and under.merged else None
        return None


def _official(f: Field) -> str:
    return "·".join(c.split("|")[0].rstrip("：:") for c in f.captions if c) or f.name


def _by_caption(spot: Spot | None, caption: str, note: str) -> Choice:
    if spot is None:
        return Choice(None, caption, Found(How.MISSING, caption, note))
    exact = spot.score >= STUTTERED
    found = Found(How.CAPTION, caption, note) if exact else Found(How.SIMILAR, spot.printed, note)
    return Choice(spot.box, caption, found, spot.inline)


def _same(a: Box, b: Box) -> bool:
    return (a.row, a.col) == (b.row, b.col)
