"""What must hold between the tables of a source before records are built from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xlbudget.packs import Pack

from .errors import Problem
from .keys import Keyed
from .spec import UNIT

PackOf = Callable[[str], Pack | None]


def check_units(tables: Iterable[Keyed], pack_of: PackOf, problems: list[Problem]) -> None:
    """Every unit stands in each table that its pack has for a form, and every row has its form."""
    forms = {k.spec.name: k for k in tables if k.spec.rowset is None}
    units: dict[str, Problem] = {}
    for keyed in forms.values():
        for unit, line in keyed.units().items():
            units.setdefault(unit, keyed.table.problem("", line.number, UNIT))
    for name, keyed in forms.items():
        present = keyed.units()
        for unit, at in units.items():
            pack = pack_of(unit)
            if unit not in present and pack and name in pack.form_by_id:
                message = f"单位“{unit}”在表“{name}”里没有记录；请检查单位名称是否写得一致"
                problems.append(Problem(at.where, message, at.row, at.column, at.word))
    for keyed in tables:
        if keyed.spec.rowset is not None:
            _check_rows(keyed, forms.get(keyed.spec.form.id), units, problems)


def _check_rows(
    keyed: Keyed, parent: Keyed | None, units: Iterable[str], problems: list[Problem]
) -> None:
    """Rows belong to a form instance; a form without a table of its own has one for every unit."""
    form = keyed.spec.form
    if parent is None and form.repeated:
        return  # the missing table is a problem already
    for (unit, number), lines in keyed.lines.items():
        known = (unit, number) in parent.lines if parent else unit in units or not units
        if not known:
            which = f"单位“{unit}”" + (f"序号 {number} " if number else "")
            message = f"{which}在表“{form.id}”里没有记录，这一行没有归属"
            problems += [keyed.table.problem(message, line.number) for line in lines]
