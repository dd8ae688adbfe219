"""Where the cells of a form stand on a sheet that somebody else may have laid out.

The template counts rows; here the places are those that the reader found: other row numbers, inserted
rows, merged boxes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xlbudget.figures import Figure
from xlbudget.figures.units import convert, is_money
from xlbudget.packs.layout import Box, Form, RowSet
from xlbudget.packs.model import Pack
from xlbudget.rules.language import NotNative
from xlbudget.rules.record import Entry, FormRecord, Place, Record

from .book import RawBook, RawCell
from .read.forms import stated_unit
from .read.grid import Grid, has_content
from .read.labels import spelling
from .read.rowsets import Columns, find_columns
from .read.sheets import Recognised, recognise_all

_SERIALS = ("序号", "编号")  # a number alone says nothing in a row


def sheets_of(book: RawBook, pack: Pack, record: Record) -> dict[int, FormSheet]:
    """The sheet of each form of a record, by ``id`` of the form; a form without cells has none."""
    found = recognise_all(book, pack.forms)
    out: dict[int, FormSheet] = {}
    for form in record.forms:
        top = min((e.place.row for e in form.fields.values() if e.place), default=1)
        for r in found.get(form.sheet, ()):
            if r.form.id == form.form and r.grid.covers(top):
                out[id(form)] = FormSheet(r, form)
    return out


@dataclass(frozen=True, slots=True)
class SpareRow:
    """A row of a table in which nothing stands yet but the labels that it lies under."""

    row: int
    labels: Mapping[str, str]  # grouped column → label


class FormSheet:
    """One form as it stands: its places, its tables, and which cells may be written."""

    def __init__(self, recognised: Recognised, record: FormRecord) -> None:
        self.form: Form = recognised.form
        self.record = record
        self.grid: Grid = recognised.grid
        self.unit = stated_unit(self.grid)  # of amounts on this sheet, "" where it states none
        self._inline = {n for n, spot in recognised.located.spots.items() if spot.inline}
        foot = recognised.words.foot_blocks
        feet = [e.place.row for f in self.form.fields if f.block in foot and (e := self.entry(f.name)).place]
        headers = recognised.located.headers
        self._columns: dict[str, Columns | None] = {
            r.name: find_columns(self.grid, r, headers.get(r.name), recognised.names, min(feet, default=None))
            for r in self.form.rowsets
        }

    def entry(self, name: str) -> Entry:
        return self.record.fields.get(name) or Entry(given=False)

    # -- single cells ------------------------------------------------------------------------------

    def raw(self, place: Place) -> RawCell | None:
        return self.grid.cells.get((place.row, place.col))

    def own(self, place: Place, name: str = "") -> bool:
        """Whether a place is a cell by itself: not under a merged box, and not shared with its caption."""
        box = self.grid.box(place.row, place.col)
        return (box.row, box.col) == (place.row, place.col) and name not in self._inline

    def free(self, place: Place | None, name: str = "") -> bool:
        """Whether nothing stands in a place and something may be written there."""
        return place is not None and self.own(place, name) and not has_content(self.raw(place))

    def on_sheet(self, value: Fraction, kind: str, unit: str) -> Fraction:
        """An amount in the unit of the sheet, as a reader would turn it back into that of its field."""
        if kind == "percent" or not self.unit or not unit or unit == self.unit or not is_money(unit):
            return value
        return convert(Figure.of(value, unit=unit), self.unit).value

    # -- tables ------------------------------------------------------------------------------------

    def rows(self, rowset: str) -> list[int]:
        """The sheet rows of a table's filled rows, those without a cell left out, from the top down."""
        known = self.form.rowset_by_name[rowset]
        single = [c.name for c in known.columns if not c.grouped]
        found = {
            e.place.row
            for row in self.record.rows.get(rowset, ())
            for name in single
            if (e := row.get(name)) is not None and e.place is not None
        }
        return sorted(found)

    def column(self, rowset: str, column: str) -> Box:
        """The cells of a column, blank rows of the table included. NotNative where they cannot be told."""
        at = self._columns[rowset]
        if at is None or column not in at.at:
            raise NotNative(f"{rowset}[{column}]", "在表上没有找到")
        first, last = self._extent(rowset)
        col = at.at[column][0]
        return Box(first, col, last, col)

    def _extent(self, rowset: str) -> tuple[int, int]:
        """First and last row of a table: its filled rows, and the blank ones around them."""
        at = self._columns[rowset]
        assert at is not None
        filled = self.rows(rowset)
        first, last = (filled[0], filled[-1]) if filled else (at.first, at.first)
        among = set(filled)
        if any(r not in among and not self._blank(rowset, r) for r in range(first, last + 1)):
            raise NotNative(rowset, "各行之间夹有小计等其他内容")
        while first > at.first and self._blank(rowset, first - 1):
            first -= 1
        while last < at.last and self._blank(rowset, last + 1):
            last += 1
        return first, last

    def _blank(self, rowset: str, row: int) -> bool:
        """Whether a row of the table is unused: a formula in a derived column may wait there."""
        at = self._columns[rowset]
        assert at is not None
        for c in self.form.rowset_by_name[rowset].columns:
            if c.grouped or c.name in _SERIALS or c.name not in at.at:
                continue
            for col in range(at.at[c.name][0], at.at[c.name][1] + 1):
                cell = self.grid.cells.get((row, col))
                if not has_content(cell):
                    continue
                waiting = cell is not None and cell.formula and not str(cell.value or "").strip()
                if not (c.derived and waiting):
                    return False
        return True

    def spare_rows(self, rowset: str) -> list[SpareRow]:
        """The unused rows of a table, with the labels that they lie under."""
        at = self._columns[rowset]
        if at is None:
            return []
        known = self.form.rowset_by_name[rowset]
        grouped = [c for c in known.columns if c.grouped and c.name in at.at]
        single = next((c for c in known.columns if not c.grouped and c.name in at.at), None)
        filled = set(self.rows(rowset))
        out: list[SpareRow] = []
        labels: dict[str, str] = {}
        for row in range(at.first, at.last + 1):
            for c in grouped:
                box = self.grid.box(row, at.at[c.name][0])
                text = self.grid.text(row, at.at[c.name][0]).strip()
                if text or box.row < row:
                    labels[c.name] = text
            start = self.grid.box(row, at.at[single.name][0]) if single else None
            if row not in filled and start is not None and start.row == row and self._blank(rowset, row):
                out.append(SpareRow(row, dict(labels)))
        return out

    def new_row(self, rowset: RowSet, spare: SpareRow, about: str) -> dict[str, Entry]:
        """Blank entries for a spare row, with their places."""
        at = self._columns[rowset.name]
        assert at is not None
        out: dict[str, Entry] = {}
        for c in rowset.columns:
            if c.name not in at.at:
                out[c.name] = Entry(given=False)
                continue
            caption = f"{about}·{at.captions.get(c.name, c.name)}"
            box = self.grid.box(spare.row, at.at[c.name][0])
            row = box.row if c.grouped else spare.row
            label = spare.labels.get(c.name) or None
            out[c.name] = Entry(label, Place(self.grid.name, row, at.at[c.name][0], caption))
        return out

    def same_labels(self, rowset: RowSet, spare: SpareRow, row: Mapping[str, Entry]) -> bool:
        """Whether a row of data belongs under the labels of a spare row."""
        for c in rowset.columns:
            given = row.get(c.name)
            text = given.value if given is not None and isinstance(given.value, str) else ""
            if c.grouped and text and spelling(text) != spelling(spare.labels.get(c.name, "")):
                return False
        return True
