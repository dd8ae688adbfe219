"""Formulas of a form over the places where its cells were found.

As :mod:`.fill.binder` does for the template, with the same ways of writing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xlbudget.figures.units import is_money
from xlbudget.packs.layout import Box, Column
from xlbudget.rules.language import Node, NotNative, to_excel
from xlbudget.rules.record import CellIssue, Entry, Place

from .fill.binder import absolute
from .fill.frame import quoted
from .refill_places import FormSheet

_MISREAD = {CellIssue.TEXT_NUMBER, CellIssue.NOT_A_NUMBER, CellIssue.ERROR_VALUE}


@dataclass(slots=True)
class Bound:
    """A formula of a form on its sheet. ``misread`` are cells in it that Excel would not read as we do."""

    text: str
    misread: list[Place] = field(default_factory=list)


class PlaceBinder:
    """Names of the whole form; in a row's formula ``fixed`` makes them absolute, as in the templates."""

    def __init__(self, sheet: FormSheet, fixed: bool = False) -> None:
        self.sheet = sheet
        self.fixed = fixed
        self.misread: dict[Place, None] = {}

    def name(self, name: str) -> str:
        if name not in self.sheet.form.by_name:
            raise NotNative(name, "在表上没有单元格")
        place = self._used(self.sheet.entry(name))
        if place is None:
            raise NotNative(name, "在表上没有找到")
        return absolute(_box(place)) if self.fixed else place.ref

    def column(self, rowset: str, column: str) -> str:
        known = self.sheet.form.rowset_by_name.get(rowset)
        if known is None or all(c.name != column for c in known.columns):
            raise NotNative(f"{rowset}[{column}]", "在表上没有单元格")
        if known.column(column).grouped:
            raise NotNative(f"{rowset}[{column}]", "合并单元格只有首格有内容")
        box = self.sheet.column(rowset, column)
        for row in self.sheet.record.rows.get(rowset, ()):
            self._used(row.get(column) or Entry())
        return absolute(box) if self.fixed else box.range

    def _used(self, entry: Entry) -> Place | None:
        if entry.place is not None and entry.issue in _MISREAD:
            self.misread[entry.place] = None
        return entry.place


class RowPlaceBinder(PlaceBinder):
    """Names in one row of a table: what belongs to the row is relative, so that a copied row stays right."""

    def __init__(self, sheet: FormSheet, rowset: str, index: int) -> None:
        super().__init__(sheet, fixed=True)
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


def bound(node: Node, binder: PlaceBinder) -> Bound:
    """The native formula (without its equals sign). Raises NotNative for what has no cell here."""
    text = to_excel(node, binder)
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
