"""One derived cell of a form on its sheet: its value, and the edits that could be made there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xlbudget.figures import Interval
from xlbudget.packs.layout import Column, Field, RowSet
from xlbudget.rules.language import Value
from xlbudget.rules.record import Entry, Place
from xlbudget.rules.scope import Evaluation, NotHere

from .patch import CellEdit
from .refill_places import FormSheet


@dataclass(frozen=True, slots=True)
class Target:
    """A derived cell: a field, or a column in row ``index`` of a row set. ``holder`` has its entry."""

    sheet: FormSheet
    item: Field | Column
    holder: dict[str, Entry]
    place: Place
    rowset: RowSet | None = None
    index: int = 0

    @property
    def entry(self) -> Entry:
        return self.holder[self.item.name]

    @property
    def where(self) -> str:
        return f"{self.place.address}（{self.place.caption or self.item.name}）"

    def value(self, evaluation: Evaluation) -> Value:
        form = evaluation.form(self.sheet.record)
        scope = form if self.rowset is None else form.row(self.rowset.name, self.index)
        try:
            return scope.computed(self.item.name)
        except NotHere:  # it needs a form that the workbook lacks
            return ""

    def take_as_it_stands(self, evaluation: Evaluation) -> None:
        """Let other formulas see what stands in the cell, not what its own formula would give."""
        scope = evaluation.form(self.sheet.record)
        frame = scope.frame if self.rowset is None else scope.row(self.rowset.name, self.index).frame
        frame[self.item.name] = evaluation.value(self.entry, self.item)

    def edit(self, value: Value, formula: str) -> CellEdit:
        return CellEdit(self.place.sheet, self.place.row, self.place.col, self.result(value), formula)

    def result(self, value: Value) -> Fraction | str:
        """A value as the cell shows it: amounts in the sheet's unit, nothing as a blank text."""
        if isinstance(value, Interval):
            value = value.mid
        if isinstance(value, Fraction):
            return self.sheet.on_sheet(value, self.item.kind, self.item.unit)
        return "" if value is None else str(value)

    def holds(self, formula: str) -> bool:
        """Whether this formula stands in the cell already."""
        raw = self.sheet.raw(self.place)
        return raw is not None and _bare(raw.formula or "") == _bare(formula)

    def shows(self, value: Value) -> bool:
        """Whether the stored result is this value, in the 15 digits that Excel shows."""
        raw = self.sheet.raw(self.place)
        stored, result = str(raw.value or "") if raw else "", self.result(value)
        if isinstance(result, str):
            return stored == result
        try:
            return f"{float(stored):.15g}" == f"{float(result):.15g}"
        except ValueError:
            return False


def _bare(formula: str) -> str:
    return "".join(formula.split()).replace("$", "")
