"""Hidden names that hold what many live formats need: the number and the sign in a cell's text.

Our function NUMVAL takes some 700 characters of native formula. Written out in every conditional format it
made four fifths of a sheet's bytes and pushed some formulas over Excel's limit; as a sheet-local name that
refers to the same row, it is written once per column. Likewise the sums and counts over parts of a tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from xlbudget.packs.layout import Form
from xlbudget.rules.language import Call, Column, Name, NotNative, to_excel
from xlbudget.rules.program import FieldLike
from xlbudget.rules.record import column_letters
from xlbudget.rules.tree import BELOW, TOP
from xlbudget.rules.treemask import HELD, counted

from .binder import absolute
from .shape import Plan

SHEET = "\x00"  # stands for the quoted sheet name, which a stamp does not know
_PREFIX = {"NUMVAL": "_数_", "RELSIGN": "_号_"}


def shared_name(columns: Iterable[FieldLike]) -> Callable[[Call], str | None]:
    """For a formula in a row with these columns: the name that holds a call's value, None where none does."""
    kept = {c.name for c in columns if c.kind == "quantity"}

    def given(call: Call) -> str | None:
        prefix = _PREFIX.get(call.fn)
        if prefix is None or len(call.args) != 1 or not isinstance(call.args[0], Name):
            return None
        column = call.args[0].name
        return f"{prefix}{column}" if column in kept else None

    return given


def shared_names(form: Form) -> list[tuple[str, str]]:
    """(name, formula) for a form. Its references are to row 1: from the cell A1 the same row means row 1."""
    out = []
    for rowset in form.rowsets:
        for column in rowset.columns:
            if column.kind == "quantity":
                for function, prefix in _PREFIX.items():
                    ref = f"{SHEET}!${column_letters(column.col)}1"
                    formula = to_excel(Call(function, (Name(column.name),)), _FirstRow(ref))
                    out.append((f"{prefix}{column.name}", formula))
    return out


def held_name(name: str) -> str:
    """The hidden name that holds a sum or count over a part of a tree; "" for other names of a condition."""
    return "_" + re.sub(r"\W+", "_", name).strip("_") if name.startswith(tuple(HELD.values())) else ""


def tree_names(plan: Plan, formulas: Iterable[str]) -> list[tuple[str, str]]:
    """(name, formula) of the sums and counts over parts of trees that live formats use."""
    used = "\n".join(formulas)
    out = []
    for part, code, function in _parts(plan.form):
        name = held_name(f"{HELD[function]}{part.rowset}[{part.name}]")
        if name in used:
            letters = column_letters(plan.form.rowset_by_name[part.rowset].column(code).col)
            binder = _FirstRow(f"{SHEET}!${letters}1", plan)
            out.append((name, to_excel(counted(function, part, code), binder)))
    return out


def _parts(form: Form) -> Iterator[tuple[Column, str, str]]:
    """The parts of columns of trees, each with the code column, for sum and count; of codes for the rows."""
    for rowset in form.rowsets:
        for column in rowset.columns if rowset.tree else ():
            functions = ("SUM", "COUNT") if column.numeric else ("ROWS",) * (column.name == rowset.tree)
            for prefix in (TOP, BELOW):
                for function in functions:
                    yield Column(rowset.name, prefix + column.name), rowset.tree, function


class _FirstRow:
    """The one cell that a shared formula speaks of, and whole columns of a plan."""

    def __init__(self, ref: str, plan: Plan | None = None) -> None:
        self.ref = ref
        self.plan = plan

    def name(self, name: str) -> str:
        return self.ref

    def column(self, rowset: str, column: str) -> str:
        if self.plan is None:
            raise NotNative(f"{rowset}[{column}]", "不是一个单元格")
        return f"{SHEET}!{absolute(self.plan.placement.column(rowset, column))}"
