"""Random workbooks of one pack, and how their derived cells compare with an office's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.e2e.live_sheets import Probe, Values, overwritten, with_probes
from tests.e2e.random_forms import Maker, entry
from tests.office import ErrorCell
from xlbudget.figures import Interval, round_half_up
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import Derived, derive
from xlbudget.rules.language import ErrorValue, Value
from xlbudget.rules.record import Entry, FormRecord, Place, Record
from xlbudget.rules.scope import is_empty
from xlbudget.workbook.fill import fill, placed

SUMS = {"报告_年初预算数": "合计_年初预算数", "报告_全年预算数": "合计_全年预算数"}
SUMS |= {"报告_全年执行数": "合计_全年执行数", "报告_到位资金": "合计_全年执行数"}
INDEPENDENT = {
    "年初预算数",
    "全年预算数",
    "全年执行数",
    "执行率_财政拨款",
    "执行率_上年结转",
    "执行率_其他资金",
    "总分值",
}


@dataclass(slots=True)
class Case:
    """One workbook. ``typed`` are the derived cells that somebody typed over."""

    name: str
    pack: Pack
    record: Record
    derived: Derived
    typed: dict[Place, Fraction | str | None]
    data: bytes
    probed: bytes
    probes: list[Probe]


def case(pack: Pack, seed: int) -> Case:
    maker = Maker(pack, seed)
    program = pack_program(pack)
    record = placed(pack, maker.record(forms=(4, 8, 12)[seed % 3]))
    _report(maker, record, derive(program, record))
    derived = derive(program, record)
    typed = _typed_over(pack, record, derived, seed, maker.r) if seed % 5 > 1 else {}
    data = overwritten(fill(pack, record, derived), [f.sheet for f in record.forms], typed)
    probed, probes = with_probes(pack, record, data)
    return Case(f"{pack.id} {seed}", pack, record, derived, typed, data, probed, probes)


def _report(maker: Maker, record: Record, derived: Derived) -> None:
    """Fill in what the report says of the sums, right or wrong."""
    summary = record.forms[-1]
    for name, total in SUMS.items():
        value = derived.field(summary, total)
        right = value if isinstance(value, Fraction) else None
        place = summary.fields[name].place
        summary.fields[name] = entry(maker.reported(right))
        summary.fields[name].place = place
    grade = maker.r.choice((derived.field(summary, "平均等级"), "优", "差", None))
    summary.fields["报告_等级"].value = grade if isinstance(grade, str) and grade else None


# -- derived cells ---------------------------------------------------------------------------------------


def _derived_of(pack: Pack, form: FormRecord, derived: Derived) -> Iterator[tuple[str, Entry, Value, int]]:
    """The derived cells of a form: name, entry, what the formula gives, and the decimals that it shows."""
    layout = pack.form(form.form)
    for f in layout.fields:
        if f.derived:
            yield f.name, form.fields[f.name], derived.field(form, f.name), f.decimals
    for rowset in layout.rowsets:
        for i, row in enumerate(form.rows[rowset.name]):
            for c in rowset.columns:
                if c.derived:
                    yield c.name, row[c.name], derived.cell(form, rowset.name, i, c.name), c.decimals


def _typed_over(
    pack: Pack, record: Record, derived: Derived, seed: int, r: random.Random
) -> dict[Place, Fraction | str | None]:
    """On each sheet one derived cell is typed over: with the right number, a wrong one, or nothing.

    The cells take turns, so that over many seeds every one is typed over several times.
    """
    out: dict[Place, Fraction | str | None] = {}
    for turn, form in enumerate(record.forms):
        cells = [c for c in _derived_of(pack, form, derived) if not (is_empty(c[2]) and not c[1].blank)]
        names = sorted({name for name, *_ in cells})
        wanted = names[(seed // 5 * 3 + seed % 5 + (turn if form.form != "汇总" else 0)) % len(names)]
        _, cell, value, decimals = r.choice([c for c in cells if c[0] == wanted])
        assert cell.place is not None
        out[cell.place] = _instead(value, decimals, r)
    return out


def _instead(value: Value, decimals: int, r: random.Random) -> Fraction | str | None:
    if isinstance(value, str) and value:
        return r.choice((value, "优", "差", None))
    right = value if isinstance(value, Fraction) else Fraction(0)
    step = Fraction(1, 10**decimals)
    shown = round_half_up(right, decimals)
    return r.choice((shown, shown + step, shown - 2 * step, shown + 5, shown + 5, None, None))


def wrong_cells(case: Case, values: Values) -> list[str]:
    """Derived cells in which the office computes something else than we, in words.

    Left out are constants, and where cells were typed over what Excel computes from them.
    """
    out = []
    for form in case.record.forms:
        for name, cell, value, _ in _derived_of(case.pack, form, case.derived):
            assert cell.place is not None
            if is_empty(value) and not cell.blank:
                continue  # reported without its parts
            if case.typed and (form.form == "汇总" or name not in INDEPENDENT or cell.place in case.typed):
                continue
            theirs = values[cell.place.sheet].get(cell.place.ref)
            if not same(value, theirs):
                out.append(f"{case.name} {cell.place.address}: {value!r} here, {theirs!r} there")
    return out


def same(ours: Value, theirs: Any) -> bool:
    """Whether a cell shows what we computed; numbers agree in 15 significant digits."""
    if isinstance(ours, Interval):
        ours = ours.mid
    if isinstance(ours, ErrorValue):
        return isinstance(theirs, ErrorCell)
    if isinstance(theirs, ErrorCell) or isinstance(ours, bool):
        return ours is theirs
    if is_empty(ours):
        return theirs in ("", None)
    if isinstance(ours, Fraction):
        return isinstance(theirs, float) and fifteen_digits(ours, Fraction(theirs))
    return bool(ours == theirs)


def fifteen_digits(a: Fraction, b: Fraction) -> bool:
    """Whether two numbers differ by less than half a unit of the fifteenth significant digit."""
    if a == b:
        return True
    size = max(abs(a), abs(b))
    exponent = 0
    while size >= 10:
        size /= 10
        exponent += 1
    while size < 1:
        size *= 10
        exponent -= 1
    return abs(a - b) < Fraction(10) ** (exponent - 14) / 2
