"""Tails: where what the forms add up from rounded cells is not the exact sum, rounded.

Nothing is changed for it: the forms show the sums of what they print, and the reader is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xlbudget.figures import Figure
from xlbudget.figures.rounding import round_half_up
from xlbudget.packs import Pack
from xlbudget.packs.captions import first_caption
from xlbudget.packs.layout import Column, Field, Form
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import Derived, derive
from xlbudget.rules.record import FormRecord, Record

Tail = tuple[str, Fraction, Fraction, int]  # what, as printed, as it would be, decimals


def tails(pack: Pack, rounded: Record, exact: Record) -> list[str]:
    """One sentence for every form with tails. Both records are of the same ledger."""
    program = pack_program(pack)
    pair = derive(program, rounded), derive(program, exact)
    out: list[str] = []
    for one, other in zip(rounded.forms, exact.forms, strict=True):
        form = pack.form(one.form)
        found = list(_of_form(form, (one, other), pair))
        if not found:
            continue
        what, printed, proper, decimals = max(found, key=lambda t: abs(t[1] - t[2]))
        largest, shown, whole = (Figure(v, decimals).plain for v in (abs(printed - proper), printed, proper))
        out.append(
            f"《{form.title}》尾差 {len(found)} 处，最大 {largest}："
            f"“{what}”表上（各项四舍五入后相加）{shown}，按元汇总 {whole}；没有调整。"
        )
    return out


def _of_form(
    form: Form, records: tuple[FormRecord, FormRecord], derived: tuple[Derived, Derived]
) -> Iterator[Tail]:
    for spec in form.fields:
        if spec.derived and spec.kind == "money":
            values = [d.field(r, spec.name) for d, r in zip(derived, records, strict=True)]
            yield from _tail(_caption(spec), spec, *values)
    for rowset in form.rowsets:
        for index, row in enumerate(records[0].rows[rowset.name]):
            for column in rowset.columns:
                if column.kind == "money" and not row[column.name].given:
                    values = [
                        d.cell(r, rowset.name, index, column.name)
                        for d, r in zip(derived, records, strict=True)
                    ]
                    what = f"{row['科目编码'].value}·{first_caption(column.caption)}"
                    yield from _tail(what, column, *values)


def _tail(what: str, spec: Field | Column, rounded: object, exact: object) -> Iterator[Tail]:
    if isinstance(rounded, int | Fraction) and isinstance(exact, int | Fraction):
        proper = round_half_up(Fraction(exact), spec.decimals)
        if Fraction(rounded) != proper:
            yield what, Fraction(rounded), proper, spec.decimals


def _caption(spec: Field) -> str:
    return "·".join(c for c in map(first_caption, spec.captions) if c) or spec.name
