"""Formulas of a pack that need themselves, also through a column of a row set or another form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlbudget.rules.language import FormulaError, columns_in, names_in
from xlbudget.rules.model import COMPUTED
from xlbudget.rules.program import Program
from xlbudget.rules.tree import part_of

from .model import Pack

Spot = tuple[str, str, str]  # form, row set ("" for the form itself) and name


def circles(pack: Pack, program: Program) -> Iterator[Spot]:
    """The formulas that come round to themselves."""
    formulas = dict(_formulas(pack))
    needs = {spot: _needs(spot, text, formulas, program) for spot, text in formulas.items()}
    for start in needs:
        reached: set[Spot] = set()
        pending = set(needs[start])
        while pending:
            spot = pending.pop()
            reached.add(spot)
            pending |= needs.get(spot, set()) - reached
        if start in reached:
            yield start


def _formulas(pack: Pack) -> Iterator[tuple[Spot, str]]:
    for form in pack.forms:
        yield from (((form.id, "", f.name), f.formula) for f in form.fields if f.formula)
        yield from (((form.id, "", name), text) for name, text in form.defines.items())
        for rowset in form.rowsets:
            yield from (((form.id, rowset.name, c.name), c.formula) for c in rowset.columns if c.formula)
            yield from (((form.id, rowset.name, name), text) for name, text in rowset.defines.items())


def _needs(spot: Spot, text: str, formulas: Mapping[Spot, str], program: Program) -> set[Spot]:
    """The formulas that a formula uses; what stands on the row goes before what stands on the form."""
    try:
        tree = program.node(text)
    except FormulaError:
        return set()  # told by the check of the formula itself
    form, rowset, _ = spot
    out: set[Spot] = set()
    for name in names_in(tree):
        bare = name.removeprefix(f"{COMPUTED}:")
        homes = ((form, rowset), (form, ""), (program.home(form, bare), ""))
        out |= set([s for home in homes if (s := (*home, bare)) in formulas][:1])
    out |= {(program.rowset_home(form, rows), rows, part_of(column)[1]) for rows, column in columns_in(tree)}
    return out & formulas.keys()
