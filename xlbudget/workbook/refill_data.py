"""What a data source knows, put into the blank input cells of forms. What stands there already stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from xlbudget.figures import Figure
from xlbudget.packs.captions import row_caption
from xlbudget.packs.layout import Column, Field, RowSet
from xlbudget.packs.model import Pack
from xlbudget.rules.display import show_reported
from xlbudget.rules.record import Entry, FormRecord, Record, Row
from xlbudget.rules.tree import tree_of_rows

from .fill.slots import content
from .patch import CellEdit
from .read.cells import text_of
from .read.labels import spelling
from .refill_places import FormSheet

_NONE = "无"  # the name of every row that does not apply


@dataclass(slots=True)
class FromData:
    """The cells to be filled; sentences about cells that say something else; what found no place."""

    cells: list[CellEdit] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def fill_from(pack: Pack, record: Record, sheets: Mapping[int, FormSheet], given: Record) -> FromData:
    """Fill blank inputs of ``record`` from the same unit's data. The record gets the values too."""
    out = FromData()
    pairs: dict[int, int] = {}  # id of a form of the record → its number among the data's forms of its kind
    for layout in pack.forms:
        forms = [f for f in record.of(layout.id) if id(f) in sheets]
        data = list(given.of(layout.id))
        pairs |= (found := _pairs(forms, data, layout.repeated))
        left = [f"“{d.key}”" for i, d in enumerate(data) if i not in found.values()]
        if left and layout.repeated:
            out.notes.append(f"数据里的{'、'.join(left)}在工作簿里没有表。")
        for form in forms:
            if id(form) in pairs:
                _Form(sheets[id(form)], out).fields(data[pairs[id(form)]])
            elif data:
                out.notes.append(f"数据里没有“{form.key}”，工作表“{form.sheet}”没有填数据。")
    for layout in pack.forms:
        data = list(given.of(layout.id))
        for form in record.of(layout.id):
            if id(form) not in pairs or id(form) not in sheets:
                continue
            for rowset in layout.rowsets:
                rows = data[pairs[id(form)]].rows.get(rowset.name, [])
                at = _Form(sheets[id(form)], out)
                if rowset.of:
                    order = [pairs.get(id(f), -1) for f in record.of(rowset.of)]
                    at.linked_rows(rowset, rows, order)
                else:
                    at.rows(rowset, rows)
    return out


def _pairs(forms: Sequence[FormRecord], data: Sequence[FormRecord], repeated: bool) -> dict[int, int]:
    """Which form is which of the data: by its name, and forms without a name in their order."""
    if not repeated:
        return {id(f): 0 for f in forms[:1] if data}
    left = list(range(len(data)))
    out: dict[int, int] = {}
    nameless = []
    for form in forms:
        if form.key == form.sheet:
            nameless.append(form)
            continue
        same = next((i for i in left if spelling(data[i].key) == spelling(form.key)), None)
        if same is not None:
            out[id(form)] = same
            left.remove(same)
    return out | dict(zip(map(id, nameless), left, strict=False))


class _Form:
    """Fills one form."""

    def __init__(self, sheet: FormSheet, out: FromData) -> None:
        self.sheet = sheet
        self.record = sheet.record
        self.out = out

    def fields(self, data: FormRecord) -> None:
        for f in self.sheet.form.fields:
            if not f.derived:
                self._put(self.record.fields, f, data.fields.get(f.name))

    def linked_rows(self, rowset: RowSet, data: Sequence[Row], order: Sequence[int]) -> None:
        """Rows that stand for forms: row i of the record is about the form with the number ``order[i]``."""
        for row, number in zip(self.record.rows.get(rowset.name, []), order, strict=False):
            if 0 <= number < len(data):
                self._row(rowset, row, data[number])

    def rows(self, rowset: RowSet, data: Sequence[Row]) -> None:
        """Rows by their names; where all rows of the sheet are accounted for, the rest into blank rows."""
        own = self.record.rows.setdefault(rowset.name, [])
        pairs = _same_rows(rowset, own, data)
        sums = _summing(rowset, data)
        for number, at in pairs.items():
            self._row(rowset, own[at], data[number], number in sums)
        left = [n for n in range(len(data)) if n not in pairs]
        if left and len(pairs) == len(own):
            left = self._into_blank_rows(rowset, data, left)
        if left:
            first = row_caption(rowset, left[0], _texts(rowset, data[left[0]]))
            many = f"“{first}”等 {len(left)} 行" if len(left) > 1 else f"“{first}”一行"
            self.out.notes.append(f"数据里的{many}在工作表“{self.sheet.grid.name}”上没有位置，没有填。")

    def _into_blank_rows(self, rowset: RowSet, data: Sequence[Row], left: Sequence[int]) -> list[int]:
        """Put rows of data under their labels, in order; gives those for which there was no row."""
        spare = self.sheet.spare_rows(rowset.name)
        unplaced = []
        new: list[tuple[int, Row]] = []
        for number in left:
            row = next((s for s in spare if self.sheet.same_labels(rowset, s, data[number])), None)
            if row is None:
                unplaced.append(number)
                continue
            spare.remove(row)
            caption = row_caption(rowset, number, _texts(rowset, data[number]))
            blank = self.sheet.new_row(rowset, row, caption)
            self._row(rowset, blank, data[number], number in _summing(rowset, data))
            new.append((row.row, blank))
        rows = self.record.rows[rowset.name]
        known = [(_row_number(row), row) for row in rows]
        rows[:] = [row for _, row in sorted([*known, *new], key=lambda r: r[0])]
        return unplaced

    def _row(self, rowset: RowSet, row: Row, data: Row, sums: bool = False) -> None:
        """``sums``: the amounts of this row of a tree are formulas."""
        for c in rowset.columns:
            if not c.derived and not c.grouped and not (sums and c.subtotal):
                self._put(row, c, data.get(c.name))

    def _put(self, entries: dict[str, Entry], item: Field | Column, given: Entry | None) -> None:
        if given is None or given.blank:
            return
        entry = entries.get(item.name)
        if entry is None or entry.place is None:
            return
        place = entry.place
        if entry.blank and self.sheet.free(place, item.name):
            value = content(given, item.kind, item.unit)
            if isinstance(value, Fraction):
                value = self.sheet.on_sheet(value, item.kind, item.unit)
            self.out.cells.append(CellEdit(place.sheet, place.row, place.col, value))
            entries[item.name] = Entry(given.value, place)
        elif not _same(entry, given, item):
            stands = show_reported(entry.value, item) if not entry.blank else self._seen(entry)
            told = f"表上 {_short(stands)}，数据 {_short(show_reported(given.value, item))}"
            self.out.differing.append(f"{place.address}（{place.caption or item.name}）：{told}")

    def _seen(self, entry: Entry) -> str:
        cell = self.sheet.raw(entry.place) if entry.place else None
        return (text_of(cell) if cell else "") or entry.raw


def _summing(rowset: RowSet, data: Sequence[Row]) -> set[int]:
    """The rows of a tree that have rows below them."""
    return set(tree_of_rows(data, rowset.tree).parents) if rowset.tree else set()


def _same(entry: Entry, given: Entry, item: Field | Column) -> bool:
    if item.numeric:
        one, other = entry.value, given.value
        return isinstance(one, Figure) and isinstance(other, Figure) and one.value == other.value
    return _plain(entry.value) == _plain(given.value)


def _plain(value: Figure | str | None) -> str:
    return "".join(str(value or "").split())


def _short(text: str) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= 30 else bare[:30] + "…"


def _row_number(row: Row) -> int:
    return max((e.place.row for e in row.values() if e.place), default=0)


def _texts(rowset: RowSet, row: Row) -> dict[str, str]:
    return {c.name: v for c in rowset.columns if (e := row.get(c.name)) and isinstance(v := e.value, str)}


def _same_rows(rowset: RowSet, own: Sequence[Row], data: Sequence[Row]) -> dict[int, int]:
    """Rows of data (key) that stand on the sheet (value): under the same labels, or by name."""
    pairs: dict[int, int] = {}
    names = rowset.subject.split("|")
    labels = [c.name for c in rowset.columns if c.grouped and c.name not in names]
    codes = [[rowset.tree]] if rowset.tree else []
    for columns in (*codes, [*labels, *names], names, names[:1]):
        mine = _keys(own, columns, set(pairs.values()))
        theirs = _keys(data, columns, set(pairs))
        for key, numbers in theirs.items():
            if any(key) and key != (_NONE,) and len(mine.get(key, ())) == len(numbers):
                pairs |= dict(zip(numbers, mine[key], strict=True))
    return pairs


def _keys(rows: Sequence[Row], columns: Sequence[str], done: set[int]) -> dict[tuple[str, ...], list[int]]:
    out: dict[tuple[str, ...], list[int]] = {}
    for number, row in _open(rows, done):
        key = tuple(spelling(str(e.value)) if (e := row.get(c)) and not e.blank else "" for c in columns)
        out.setdefault(key, []).append(number)
    return out


def _open(rows: Sequence[Row], done: set[int]) -> Iterator[tuple[int, Row]]:
    return ((n, row) for n, row in enumerate(rows) if n not in done)
