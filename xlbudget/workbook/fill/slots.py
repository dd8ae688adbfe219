"""The places of a sheet that differ from record to record, and how each is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from xlbudget.figures import Figure
from xlbudget.figures.units import convert, is_money
from xlbudget.rules.language.values import ErrorValue, Value
from xlbudget.rules.record import Entry, FormRecord
from xlbudget.rules.scope import is_empty

from .binder import GAP, JOIN, FormBinder
from .cellxml import computed, constant, formula
from .frame import quoted
from .shape import Plan

_YEAR_GAP = "    "  # a blank year still shows （    年度）


class DerivedValues(Protocol):
    """What derived cells show; see :mod:`xlbudget.rules.derive`."""

    def field(self, form: FormRecord, name: str, /) -> Value: ...
    def cell(self, form: FormRecord, rowset: str, index: int, column: str, /) -> Value: ...


@dataclass(frozen=True, slots=True)
class Link:
    """A form that others speak of: its sheet, and where everything is on it."""

    sheet: str
    plan: Plan

    def ref(self, name: str, column: str = "") -> str:
        """The cell of a field, or the cells of a column of a row set, with the sheet before it."""
        binder = FormBinder(self.plan, fixed=True)
        return f"{quoted(self.sheet)}!{binder.column(name, column) if column else binder.name(name)}"


@dataclass(frozen=True, slots=True)
class Native:
    """A native formula with gaps for what stands on other sheets: texts and names in turn."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> bytes | Native:
        """The element of a formula, ready as it is where it speaks of no other sheet."""
        return cls(tuple(text.split(GAP))) if GAP in text else formula(text)

    def written(self, links: Mapping[str, Sequence[Link]]) -> bytes | None:
        """The element with its references; None where one of the sheets is not there."""
        out = list(self.parts)
        for i in range(1, len(out), 2):
            form, *name = out[i].split(JOIN)
            if not links.get(form):
                return None
            out[i] = links[form][0].ref(*name)
        return formula("".join(out))


@dataclass(slots=True)
class Context:
    """All that the slots of one sheet are written from. ``links`` maps a form to its sheets in order."""

    record: FormRecord
    derived: DerivedValues
    links: Mapping[str, Sequence[Link]]
    heights: dict[int, float]
    first: bool  # the sheet that is shown when the workbook opens
    number: int  # of the form among its like, from 1
    year: str


class Slot(Protocol):
    def write(self, at: Context, /) -> bytes: ...


def content(entry: Entry | None, kind: str, unit: str) -> Fraction | str | None:
    """What stands in an input cell: numbers only where the cell's meaning does not depend on their print."""
    if entry is None:
        return None
    value = entry.value
    if not isinstance(value, Figure):
        return entry.raw or None if value is None and entry.issue else value
    if kind in ("text", "choice", "code"):
        return str(value)
    if kind == "quantity":
        return str(value) if value.percent or value.unit else value.value
    if unit and value.unit and value.unit != unit and is_money(value.unit) and is_money(unit):
        value = convert(value, unit)
    return value.value


def _row_entry(at: Context, rowset: str, index: int, column: str) -> Entry | None:
    rows = at.record.rows.get(rowset)
    return rows[index].get(column) if rows and index < len(rows) else None


def _derived(value: Value, entry: Entry | None, kind: str, unit: str, native: bytes | None) -> bytes:
    """A formula with its result; but what was reported where the formula's inputs are missing.

    A total that came without its parts must not vanish: the rest of the form is computed from it.
    """
    missing = isinstance(value, ErrorValue) or is_empty(value)
    if native is None or (entry is not None and not entry.blank and missing):
        return constant(content(entry, kind, unit))
    return computed(native, value)


def _native(element: bytes | Native, at: Context) -> bytes | None:
    return element if isinstance(element, bytes) else element.written(at.links)


@dataclass(frozen=True, slots=True)
class FieldSlot:
    head: bytes
    name: str
    kind: str
    unit: str

    def write(self, at: Context) -> bytes:
        value = content(at.record.fields.get(self.name), self.kind, self.unit)
        return self.head + constant(_YEAR_GAP if self.kind == "year" and value is None else value)


@dataclass(frozen=True, slots=True)
class CellSlot:
    head: bytes
    rowset: str
    index: int
    column: str
    kind: str
    unit: str

    def write(self, at: Context) -> bytes:
        entry = _row_entry(at, self.rowset, self.index, self.column)
        return self.head + constant(content(entry, self.kind, self.unit))


@dataclass(frozen=True, slots=True)
class DerivedField:
    head: bytes
    name: str
    kind: str
    unit: str
    formula: bytes | Native

    def write(self, at: Context) -> bytes:
        value = at.derived.field(at.record, self.name)
        entry = at.record.fields.get(self.name)
        return self.head + _derived(value, entry, self.kind, self.unit, _native(self.formula, at))


@dataclass(frozen=True, slots=True)
class DerivedCell:
    head: bytes
    rowset: str
    index: int
    column: str
    kind: str
    unit: str
    formula: bytes | Native

    def write(self, at: Context) -> bytes:
        value = at.derived.cell(at.record, self.rowset, self.index, self.column)
        entry = _row_entry(at, self.rowset, self.index, self.column)
        return self.head + _derived(value, entry, self.kind, self.unit, _native(self.formula, at))


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell that repeats a field of the sheet which its row stands for."""

    head: bytes
    rowset: str
    index: int
    column: str
    kind: str
    unit: str
    form: str
    source: str

    def write(self, at: Context) -> bytes:
        links = at.links.get(self.form, ())
        if self.index >= len(links):
            return self.head + b"/>"
        link = links[self.index]
        ref = f"{quoted(link.sheet)}!{link.plan.placement.field(self.source).ref}"
        value = at.derived.cell(at.record, self.rowset, self.index, self.column)
        entry = _row_entry(at, self.rowset, self.index, self.column)
        native = formula(f'IF({ref}="","",{ref})')
        return self.head + _derived("" if value is None else value, entry, self.kind, self.unit, native)


@dataclass(frozen=True, slots=True)
class LabelSlot:
    """An official label with the year or the form's number in it."""

    head: bytes
    text: str

    def write(self, at: Context) -> bytes:
        return self.head + constant(self.text.replace("{year}", at.year).replace("{n}", str(at.number)))


@dataclass(frozen=True, slots=True)
class HeightSlot:
    row: int

    def write(self, at: Context) -> bytes:
        return b"%g" % at.heights[self.row]


@dataclass(frozen=True, slots=True)
class SelectedSlot:
    def write(self, at: Context) -> bytes:
        return b' tabSelected="1"' if at.first else b""


def field_text(name: str, kind: str, at: Context) -> str:
    """The text of an input field, to measure it; "" for numbers, which take one line."""
    value = content(at.record.fields.get(name), kind, "")
    return value if isinstance(value, str) else ""


def cell_text(rowset: str, index: int, column: str, kind: str, at: Context) -> str:
    """The text of an input cell of a row set, to measure it."""
    value = content(_row_entry(at, rowset, index, column), kind, "")
    return value if isinstance(value, str) else ""


def source_text(rowset: str, index: int, column: str, at: Context) -> str:
    """The text that a cell repeats from another sheet, to measure it."""
    value = at.derived.cell(at.record, rowset, index, column)
    return value if isinstance(value, str) else ""
