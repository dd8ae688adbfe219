"""Giving a record its form: sheet names, a row for everything, an entry with a place for every cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlbudget.figures import Figure, parse_figure
from xlbudget.figures.units import convert, is_money
from xlbudget.packs.captions import row_caption
from xlbudget.packs.layout import Column, Field, Form, RowSet
from xlbudget.packs.model import Pack
from xlbudget.rules.record import Entry, FormRecord, Place, Record, Row

from .shape import shape_of
from .template import template_of

ORDINAL = "序号"
"""The column of a summary that is numbered by itself where the data leave it blank."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31


def placed(pack: Pack, record: Record) -> Record:
    """A copy of ``record`` laid out on the pack's forms. The record itself is not changed.

    Every form gets its sheet's name, every field and column an :class:`Entry` with its place; what the
    record says nothing about becomes a blank entry with ``given`` false. Blank fields with a default are
    filled from the pack's parameters. Forms that summarise others (the summary sheet) are added.
    """
    forms = [*record.forms, *_summaries(pack, record)]
    sheets = _sheet_names(pack, forms)
    keys = {f.id: [r for r in forms if r.form == f.id] for f in pack.forms}
    out = [_placed_form(pack, record, form, sheet, keys) for form, sheet in zip(forms, sheets, strict=True)]
    return Record(record.pack or pack.signature, record.unit, record.year, out)


def _summaries(pack: Pack, record: Record) -> list[FormRecord]:
    """The forms whose rows stand for forms of the record, where the record lacks them."""
    present = {f.form for f in record.forms}
    return [
        FormRecord(form.id)
        for form in pack.forms
        if form.id not in present and any(r.of in present for r in form.rowsets if r.of)
    ]


# -- sheet names ---------------------------------------------------------------------------------------


def _sheet_names(pack: Pack, forms: Sequence[FormRecord]) -> list[str]:
    counts: dict[str, int] = {}
    used: set[str] = set()
    names: list[str] = []
    for form in forms:
        counts[form.form] = counts.get(form.form, 0) + 1
        wanted = form.sheet or pack.form(form.form).sheet.replace("{n}", str(counts[form.form]))
        names.append(_free_name(wanted, used))
        used.add(names[-1].casefold())
    return names


def _free_name(wanted: str, used: set[str]) -> str:
    """A name that Excel accepts and no other sheet has."""
    base = _FORBIDDEN.sub("_", wanted).strip("'").strip()[:_LONGEST_NAME] or "表"
    name, number = base, 1
    while name.casefold() in used:
        number += 1
        tail = f"({number})"
        name = base[: _LONGEST_NAME - len(tail)] + tail
    return name


# -- entries -------------------------------------------------------------------------------------------


def _placed_form(
    pack: Pack, record: Record, given: FormRecord, sheet: str, forms: dict[str, list[FormRecord]]
) -> FormRecord:
    form = pack.form(given.form)
    rows = {rowset.name: _rows(rowset, given, forms) for rowset in form.rowsets}
    out = FormRecord(given.form, given.key, sheet, dict(given.fields), {**given.rows, **rows})
    plan = template_of(pack).plan(shape_of(form, out))
    for spot in plan.field_spots:
        entry = _defaulted(pack, record, form, spot.item, given, out.fields.get(spot.item.name))
        out.fields[spot.item.name] = _at(entry, spot.item, Place(sheet, spot.row, spot.col, spot.caption))
    for rowset in form.rowsets:
        linked = forms.get(rowset.of, [])
        for index, (row, spots) in enumerate(
            zip(rows[rowset.name], plan.row_spots[rowset.name], strict=True)
        ):
            about = linked[index] if index < len(linked) else None
            label = row_caption(rowset, index, _texts(rowset, row, about))
            for column in spots:
                place = Place(sheet, column.row, column.col, f"{label}·{column.caption}")
                found = row.get(column.item.name)
                if found and found.blank and column.item.subtotal and plan.below(rowset.name, index):
                    found = None  # data leave such sums to the form
                row[column.item.name] = _at(found, column.item, place)
    return out


def _at(entry: Entry | None, item: Field | Column, place: Place) -> Entry:
    """A copy of the entry at its place; blank and not given where there is none."""
    if entry is None:
        return Entry(place=place, given=False)
    value = entry.value
    if isinstance(value, Figure) and item.numeric:
        value = _as_shown(value, item)
    return Entry(value, place, entry.formula, entry.issue, entry.raw, entry.given)


def _as_shown(figure: Figure, item: Field | Column) -> Figure:
    """The figure as its cell shows it: in the cell's unit, with at least the cell's decimals."""
    if is_money(figure.unit) and is_money(item.unit):
        figure = convert(figure, item.unit)
    if figure.unit == item.unit:
        figure = Figure(figure.value, figure.decimals, "", figure.percent)
    return figure.with_decimals(item.decimals)


def _texts(rowset: RowSet, row: Row, about: FormRecord | None) -> dict[str, str]:
    """The texts of a row, with those that it repeats from the form that it stands for."""
    texts = {name: entry.value for name, entry in row.items() if isinstance(entry.value, str)}
    if about is not None:
        for column in rowset.columns:
            entry = about.fields.get(column.source) if column.source else None
            if entry is not None and isinstance(entry.value, str):
                texts[column.name] = entry.value
            elif column.name in rowset.subject.split("|") and about.key:
                texts.setdefault(column.name, about.key)
    return texts


def _rows(rowset: RowSet, given: FormRecord, forms: dict[str, list[FormRecord]]) -> list[Row]:
    rows: list[Row] = [dict(row) for row in given.rows.get(rowset.name, [])]
    if rowset.of:
        count = len(forms.get(rowset.of, []))
        rows = [*rows[:count], *({} for _ in range(count - len(rows)))]
        for index, row in enumerate(rows):
            if any(c.name == ORDINAL for c in rowset.columns) and row.get(ORDINAL, Entry()).blank:
                row[ORDINAL] = Entry(Figure.of(index + 1))
    elif not rows:
        rows = [{n: _typed(text, rowset.column(n)) for n, text in row.items()} for row in rowset.standard]
    return rows or [{}]


def _typed(text: str, column: Column) -> Entry:
    """A standard row's content as it is typed: a number in a column of numbers."""
    found = parse_figure(text) if column.numeric else None
    return Entry(found.with_decimals(column.decimals) if found is not None else text)


def _defaulted(
    pack: Pack, record: Record, form: Form, field: Field, given: FormRecord, entry: Entry | None
) -> Entry:
    """The field's entry, or what is known without being told: a default, the year, the subject's name."""
    entry = entry or Entry(given=False)
    known: Figure | str
    if entry.given or field.derived:
        return entry
    if field.default:
        known = _param(pack, field)
    elif field.kind == "year" and record.year:
        known = Figure.of(record.year)
    elif field.name == form.subject:
        known = given.key if form.repeated else record.unit
    else:
        return entry
    return Entry(known) if known != "" else entry


def _param(pack: Pack, field: Field) -> Figure | str:
    param = pack.params.get(field.default)
    if param is None or isinstance(param.value, tuple):
        return ""
    return param.value if isinstance(param.value, str) else Figure.of(param.value)
