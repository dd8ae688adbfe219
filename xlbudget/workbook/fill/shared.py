"""Hidden names that hold what many live formats need: the number and the sign in a cell's text.

Our function NUMVAL takes some 700 characters of native formula. Written out in every conditional format it
made four fifths of a sheet's bytes and pushed some formulas over Excel's limit; as a sheet-local name that
refers to the same row, it is written once per column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xlbudget.packs.layout import Form
from xlbudget.rules.language import Call, Name, NotNative, to_excel
from xlbudget.rules.program import FieldLike
from xlbudget.rules.record import column_letters

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
                    formula = to_excel(Call(function, (Name(column.name),)), _FirstRow(column.col))
                    out.append((f"{prefix}{column.name}", formula))
    return out


class _FirstRow:
    """The one cell that a shared formula speaks of."""

    def __init__(self, col: int) -> None:
        self.ref = f"{SHEET}!${column_letters(col)}1"

    def name(self, name: str) -> str:
        return self.ref

    def column(self, rowset: str, column: str) -> str:
        raise NotNative(f"{rowset}[{column}]", "不是一个单元格")
