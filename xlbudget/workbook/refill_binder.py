"""Formulas of a form over the places where its cells were found.

As :mod:`.fill.binder` does for the template, with the same ways of writing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlbudget.figures.units import is_money
from xlbudget.packs.layout import Box, Column
from xlbudget.rules.language import Node, NotNative, to_excel
from xlbudget.rules.native import split_home
from xlbudget.rules.record import CellIssue, Entry, Place
from xlbudget.rules.tree import part_of, tree_of_rows
from xlbudget.rules.treemask import by_codes

from .fill.binder import absolute, areas
from .fill.frame import quoted
from .refill_places import FormSheet

_MISREAD = {CellIssue.TEXT_NUMBER, CellIssue.NOT_A_NUMBER, CellIssue.ERROR_VALUE}


@dataclass(slots=True)
class Bound:
    """A formula of a form on its sheet. ``misread`` are cells in it that Excel would not read as we do."""

    text: str
    misread: list[Place] = field(default_factory=list)


class PlaceBinder:
    """Names of the whole form; in a row's formula ``fixed`` makes them absolute, as in the templates.

    ``others`` are the sheets of the other forms that have only one, by their forms.
    """

    def __init__(self, sheet: FormSheet, others: Mapping[str, FormSheet], fixed: bool = False) -> None:
        self.sheet = sheet
        self.others = others
        self.fixed = fixed
        self.misread: dict[Place, None] = {}

    def name(self, name: str) -> str:
        home, bare = split_home(name)
        if home:
            other = self._other(home, bare)
            return f"{quoted(other.sheet.grid.name)}!{other.name(bare)}"
        if name not in self.sheet.form.by_name:
            raise NotNative(name, "在表上没有单元格")
        place = self._used(self.sheet.entry(name))
        if place is None:
            raise NotNative(name, "在表上没有找到")
        return absolute(_box(place)) if self.fixed else place.ref

    def column(self, rowset: str, column: str) -> str:
        home, bare = split_home(rowset)
        if home:
            other = self._other(home, bare)
            return f"{quoted(other.sheet.grid.name)}!{other.column(bare, column)}"
        part, whole = part_of(column)
        if part:
            return self._areas(rowset, whole)
        known = self.sheet.form.rowset_by_name.get(rowset)
        if known is None or all(c.name != column for c in known.columns):
            raise NotNative(f"{rowset}[{column}]", "在表上没有单元格")
        if known.column(column).grouped:
            raise NotNative(f"{rowset}[{column}]", "合并单元格只有首格有内容")
        box = self.sheet.column(rowset, column)
        for row in self.sheet.record.rows.get(rowset, ()):
            self._used(row.get(column) or Entry())
        return absolute(box) if self.fixed else box.range

    def _other(self, form: str, name: str) -> PlaceBinder:
        """The names of another form's sheet."""
        sheet = self.others.get(form)
        if sheet is None:
            raise NotNative(name, "所在的表没有找到")
        if sheet.unit and self.sheet.unit and sheet.unit != self.sheet.unit:
            raise NotNative(name, "两张表的金额单位不同")
        other = PlaceBinder(sheet, {}, fixed=True)
        other.misread = self.misread
        return other

    def _areas(self, rowset: str, column: str) -> str:
        """The cells of a column in the part of a tree that is meant here."""
        rows = self.sheet.record.rows[rowset]
        places = [self._used(rows[i].get(column) or Entry()) for i in self._part(rowset)]
        found = [p for p in places if p is not None]
        if len(found) < len(places) or len({p.col for p in found}) != 1:
            raise NotNative(f"{rowset}[{column}]", "在表上没有找到")
        return areas(found[0].col, (p.row for p in found), self.fixed)

    def _part(self, rowset: str) -> tuple[int, ...]:
        """The rows at the top of a tree."""
        tree = self.sheet.form.rowset_by_name[rowset].tree
        return tree_of_rows(self.sheet.record.rows[rowset], tree).top

    def _used(self, entry: Entry) -> Place | None:
        if entry.place is not None and entry.issue in _MISREAD:
            self.misread[entry.place] = None
        return entry.place


class RowPlaceBinder(PlaceBinder):
    """Names in one row of a table: what belongs to the row is relative, so that a copied row stays right."""

    def __init__(self, sheet: FormSheet, others: Mapping[str, FormSheet], rowset: str, index: int) -> None:
        super().__init__(sheet, others, fixed=True)
        self.index = index
        self.columns: dict[str, Column] = {c.name: c for c in sheet.form.rowset_by_name[rowset].columns}
        self.row = sheet.record.rows[rowset][index]

    def name(self, name: str) -> str:
        column = self.columns.get(name)
        if column is None:
            return super().name(name)
        place = self._used(self.row.get(name) or Entry())
        if place is None:
            raise NotNative(name, "在表上没有找到")
        return absolute(_box(place)) if column.grouped else place.ref


class BelowPlaceBinder(RowPlaceBinder):
    """Names in a row of a tree: a part of a column is its cells in the rows directly below, relative too."""

    def _areas(self, rowset: str, column: str) -> str:
        self.fixed = False
        return super()._areas(rowset, column)

    def _part(self, rowset: str) -> tuple[int, ...]:
        tree = self.sheet.form.rowset_by_name[rowset].tree
        return tree_of_rows(self.sheet.record.rows[rowset], tree).children[self.index]


def bound(node: Node, binder: PlaceBinder) -> Bound:
    """The native formula (without its equals sign). Raises NotNative for what has no cell here."""
    trees = [r for r in binder.sheet.form.rowsets if r.tree]
    open_codes = {r.name: r.tree for r in trees if not binder.sheet.record.rows.get(r.name)}
    text = to_excel(by_codes(node, open_codes), binder)
    return Bound(text, list(binder.misread))


def repeating(source: FormSheet, field_name: str, unit: str, target: FormSheet) -> Bound:
    """A formula on ``target`` that repeats a field of another sheet; where that is blank it shows nothing."""
    place = source.entry(field_name).place
    if place is None:
        raise NotNative(field_name, f"在“{source.grid.name}”上没有找到")
    if is_money(unit) and (source.unit or unit) != (target.unit or unit):
        raise NotNative(field_name, "两张表的金额单位不同")
    ref = f"{quoted(place.sheet)}!{place.ref}"
    return Bound(f'IF({ref}="","",{ref})')


def _box(place: Place) -> Box:
    return Box(place.row, place.col, place.row, place.col)
