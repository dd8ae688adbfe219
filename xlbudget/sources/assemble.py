"""From keyed rows to records: one per unit, its forms in the order of the pack."""

from __future__ import annotations

from collections.abc import Mapping

from xlbudget.figures import Figure
from xlbudget.packs import Pack
from xlbudget.packs.layout import Column, Field, Form, RowSet
from xlbudget.rules.record import Entry, FormRecord, Record, Row

from .entries import BadValue, entry_of
from .errors import Problem
from .keys import Keyed
from .spec import YEAR
from .table import Line, Table

NO_LINE = Line(0, {})
_YEAR_FIELD = Column(YEAR, 1, 1, "year", 0, "", "year", YEAR)


def assemble(unit: str, pack: Pack, tables: Mapping[str, Keyed], problems: list[Problem]) -> Record:
    """The record of one unit. Cells that cannot stand where they are become problems.

    A field without a column in the data is there as an entry that was not given. A blank 年度 is that of
    the unit, and a form that does not repeat is named by the unit where it names itself nowhere.
    """
    record = Record(pack.signature, unit, _year_of(unit, pack, tables, problems))
    for form in pack.forms:
        for number in _instances(unit, form, tables):
            record.forms.append(_form(form, (unit, number), tables, problems, record.year))
    return record


def _instances(unit: str, form: Form, tables: Mapping[str, Keyed]) -> list[int]:
    if not form.repeated:
        return [0]
    keyed = tables.get(form.id)
    return sorted(n for u, n in keyed.lines if u == unit) if keyed else []


def _year_of(unit: str, pack: Pack, tables: Mapping[str, Keyed], problems: list[Problem]) -> int | None:
    """The year of a unit: from a form that does not repeat if it can be, else from the first that has it."""
    for form in sorted(pack.forms, key=lambda f: f.repeated):
        keyed = tables.get(form.id)
        if keyed is None:
            continue
        for number in _instances(unit, form, tables):
            for line in keyed.lines.get((unit, number), ()):
                entry = _entry(keyed.table, line, YEAR, _YEAR_FIELD, problems)
                if isinstance(entry.value, Figure):
                    return int(entry.value.value)
    return None


def _form(
    form: Form,
    instance: tuple[str, int],
    tables: Mapping[str, Keyed],
    problems: list[Problem],
    year: int | None,
) -> FormRecord:
    keyed = tables.get(form.id)
    line = (keyed.lines.get(instance) or [NO_LINE])[0] if keyed else NO_LINE
    out = FormRecord(form.id)
    for spec in form.fields:
        if keyed is not None and spec.name in keyed.table.columns:
            out.fields[spec.name] = _entry(keyed.table, line, spec.name, spec, problems)
        else:
            out.fields[spec.name] = Entry(given=False)
    _complete(form, out, instance[0], year)
    for rowset in form.rowsets:
        out.rows[rowset.name] = _rows(rowset, tables.get(f"{form.id}.{rowset.name}"), instance, problems)
    return out


def _complete(form: Form, out: FormRecord, unit: str, year: int | None) -> None:
    own_year = out.fields.get(YEAR)
    if year is not None and own_year is not None and own_year.blank:
        out.fields[YEAR] = entry_of(str(year), form.by_name[YEAR])
    subject = out.fields.get(form.subject)
    if subject is not None and subject.blank and not form.repeated:
        subject = out.fields[form.subject] = Entry(unit)
    out.key = str(subject.value) if subject is not None and not subject.blank else ""


def _rows(
    rowset: RowSet, keyed: Keyed | None, instance: tuple[str, int], problems: list[Problem]
) -> list[Row]:
    if keyed is None:
        return []
    rows: list[Row] = []
    for line in keyed.lines.get(instance, ()):
        row: Row = {}
        for column in rowset.columns:
            if column.name in keyed.table.columns:
                row[column.name] = _entry(keyed.table, line, column.name, column, problems)
            else:
                row[column.name] = Entry(given=False)
            if column.grouped and rows and row[column.name].blank:
                row[column.name] = Entry(rows[-1][column.name].value)
        rows.append(row)
    return rows


def _entry(table: Table, line: Line, name: str, spec: Field | Column, problems: list[Problem]) -> Entry:
    try:
        return entry_of(line.cells.get(name, ""), spec)
    except BadValue as e:
        problems.append(table.problem(str(e), line.number, name))
        return Entry()
