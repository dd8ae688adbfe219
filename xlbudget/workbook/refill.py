"""What is missing on forms that somebody fills in: formulas of derived cells, and inputs that a source knows.

A blank derived cell gets its formula, a formula stays whatever it is, and a number typed over a formula is
only told, with the edits that would put the formula back. Nothing that stands in an input changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xlbudget.packs.layout import Column, Field, RowSet
from xlbudget.packs.model import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.display import show, show_reported
from xlbudget.rules.language import ErrorValue, NotNative
from xlbudget.rules.program import Program
from xlbudget.rules.record import Entry, FormRecord, Place, Record
from xlbudget.rules.scope import Evaluation, is_empty

from .book import RawBook
from .patch import CellEdit
from .read.grid import has_content
from .refill_binder import BelowPlaceBinder, Bound, PlaceBinder, bound, repeating
from .refill_cells import Target
from .refill_data import fill_from
from .refill_places import FormSheet, sheets_of


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A constant where a formula belongs: the edit that restores it, and both values as shown."""

    edit: CellEdit
    caption: str
    stands: str
    gives: str

    @property
    def sentence(self) -> str:
        place = Place(self.edit.sheet, self.edit.row, self.edit.col)
        return f"{place.address}（{self.caption}）现为 {self.stands}，公式得 {self.gives}"


@dataclass(slots=True)
class Refill:
    """What is to be done to the cells, and what has to be told.

    ``differing`` are inputs that the source states otherwise, ``unwritable`` blank cells whose formula
    cannot be put there, ``notes`` what else the source did not fit: each a sentence. ``renewed`` and
    ``restored`` hold formulas that stand already (or have just been put there) with the result that they
    have afterwards: so that nobody reads an old one before Excel recalculates.
    """

    formulas: list[CellEdit] = field(default_factory=list)
    data: list[CellEdit] = field(default_factory=list)
    renewed: list[CellEdit] = field(default_factory=list)
    overwritten: list[Overwritten] = field(default_factory=list)
    restored: list[CellEdit] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    unwritable: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def cells(self) -> list[CellEdit]:
        """All edits that need no asking."""
        return [*self.data, *self.formulas, *self.renewed]

    @property
    def restoring(self) -> list[CellEdit]:
        """All edits that follow when the overwritten formulas are wanted back."""
        return [*(o.edit for o in self.overwritten), *self.restored]


def refill(book: RawBook, pack: Pack, record: Record, given: Record | None = None) -> Refill:
    """What can be filled into a workbook. ``given`` is what a data source says of the same unit.

    ``record`` is what was read from the workbook; it gets the inputs that are filled in.
    """
    sheets = sheets_of(book, pack, record)
    out = Refill()
    _seat_summaries(pack, record, sheets)
    if given is not None:
        told = fill_from(pack, record, sheets, given)
        out.data, out.differing, out.notes = told.cells, told.differing, told.notes
    _Formulas(pack, record, sheets, out).write()
    return out


def _seat_summaries(pack: Pack, record: Record, sheets: Mapping[int, FormSheet]) -> None:
    """Give projects that a summary does not list yet its blank rows, in order."""
    for form in record.forms:
        sheet = sheets.get(id(form))
        if sheet is None:
            continue
        for rowset in pack.form(form.form).rowsets:
            rows = form.rows.get(rowset.name, [])
            silent = [i for i, row in enumerate(rows) if not any(e.place for e in row.values())]
            projects = list(record.of(rowset.of)) if rowset.of else []
            for i, spare in zip(silent, sheet.spare_rows(rowset.name) if projects else (), strict=False):
                rows[i] = sheet.new_row(rowset, spare, projects[i].key)


class _Formulas:
    """Looks at every derived cell of a record."""

    def __init__(self, pack: Pack, record: Record, sheets: Mapping[int, FormSheet], out: Refill) -> None:
        self.program: Program = pack_program(pack)
        self.record = record
        self.sheets = sheets
        self.out = out
        self.whole = Evaluation(self.program, record)  # as if every derived cell computed itself
        self.now = Evaluation(self.program, record)  # as the cells are
        single = [f for f in record.forms if id(f) in sheets and not pack.form(f.form).repeated]
        self.single = {f.form: sheets[id(f)] for f in reversed(single)}

    def write(self) -> None:
        blank: list[Target] = []
        standing: list[Target] = []
        for target in self._targets():
            raw = target.sheet.raw(target.place)
            if raw is not None and raw.formula:
                standing.append(target)
            elif not has_content(raw):
                blank.append(target)
            elif not target.entry.blank:
                self._constant(target)
        written = [(t, f) for t in blank if (f := self._put(t))]
        if self.out.data or written:
            self.out.renewed = self._renewed(standing)
        if self.out.overwritten:
            changed = [t.edit(t.value(self.whole), f) for t, f in written if self._apart(t)]
            self.out.restored = [*changed, *self._renewed([t for t in standing if self._apart(t)], True)]

    def _targets(self) -> Iterator[Target]:
        """All derived cells with a cell of their own, in reading order of the pack."""
        for form in self.record.forms:
            sheet = self.sheets.get(id(form))
            if sheet is None:
                continue
            fields = [(f, form.fields, None, 0) for f in sheet.form.fields if f.name in form.fields]
            cells = [
                (c, row, rowset, index)
                for rowset in sheet.form.rowsets
                for index, row in enumerate(form.rows.get(rowset.name, ()))
                for c in rowset.columns
                if c.name in row and not c.grouped
            ]
            everything: list[tuple[Field | Column, dict[str, Entry], RowSet | None, int]] = [*fields, *cells]
            taken = Counter(holder[item.name].place for item, holder, _, _ in everything)
            for item, holder, rowset, index in everything:
                place = holder[item.name].place
                computes = item.derived or (rowset is not None and self._sums(form, rowset, index, item.name))
                if computes and place and taken[place] == 1 and sheet.own(place, item.name):
                    yield Target(sheet, item, holder, place, rowset, index)

    def _sums(self, form: FormRecord, rowset: RowSet, index: int, column: str) -> bool:
        """Whether a cell of a tree sums the rows below it."""
        return bool(rowset.tree) and self.now.form(form).row(rowset.name, index).derived(column)

    def _constant(self, target: Target) -> None:
        """A number typed over a formula, or where there never was one."""
        target.take_as_it_stands(self.now)
        value = target.value(self.whole)
        if is_empty(value) or isinstance(value, ErrorValue):
            return  # a total that was reported without its parts: a formula would only lose it
        formula = self._bound(target)
        if isinstance(formula, Bound) and not formula.misread:
            stands, gives = show_reported(target.entry.value, target.item), show(value, target.item)
            caption = target.place.caption or target.item.name
            self.out.overwritten.append(Overwritten(target.edit(value, formula.text), caption, stands, gives))

    def _put(self, target: Target) -> str:
        """Put the formula into a blank cell; "" where that cannot be, and then the reason is told."""
        formula = self._bound(target)
        value = target.value(self.now)
        if not isinstance(formula, Bound):
            reason = formula
        elif formula.misread:
            cells = "、".join(p.address for p in formula.misread[:3])
            reason = f"{cells} 里不是数值，公式会算错，请先改正"
        elif isinstance(value, ErrorValue):
            reason = f"公式的结果是 {value.code}，请先检查它用到的数"
        else:
            self.out.formulas.append(target.edit(value, formula.text))
            return formula.text
        self.out.unwritable.append(f"{target.where}：{reason}")
        return ""

    def _bound(self, target: Target) -> Bound | str:
        """The native formula of a cell, or why there is none."""
        try:
            return self._native(target)
        except NotNative as reason:
            return str(reason)

    def _native(self, target: Target) -> Bound:
        form, item, rowset = target.sheet.form.id, target.item, target.rowset
        if rowset is None:
            node = self.program.native(form, "", self.program.field_formula(form, item.name))
            return bound(node, PlaceBinder(target.sheet, self.single))
        if isinstance(item, Column) and item.source:
            projects = list(self.record.of(rowset.of))
            source = self.sheets.get(id(projects[target.index])) if target.index < len(projects) else None
            if source is None:
                raise NotNative(item.source, "没有对应的表")
            return repeating(source, item.source, item.unit, target.sheet)
        own = self.program.column_formula(form, rowset.name, item.name)
        node = self.program.native(form, rowset.name, own)
        return bound(node, BelowPlaceBinder(target.sheet, self.single, rowset.name, target.index))

    def _renewed(self, standing: list[Target], whole: bool = False) -> list[CellEdit]:
        """Formulas of ours that stand already and have another result by now."""
        out = []
        for target in standing:
            value = target.value(self.whole if whole else self.now)
            formula = self._bound(target)
            if not isinstance(formula, Bound) or isinstance(value, ErrorValue):
                continue
            if target.holds(formula.text) and not target.shows(value):
                out.append(target.edit(value, formula.text))
        return out

    def _apart(self, target: Target) -> bool:
        """Whether a cell's result changes once the overwritten formulas are back."""
        return target.value(self.whole) != target.value(self.now)
