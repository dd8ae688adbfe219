"""Derived values: what the cells that compute themselves must show."""

from __future__ import annotations

from .language import Value
from .program import Program
from .record import FormRecord, Record
from .scope import Evaluation, FormScope, NotHere, RowScope


class Derived:
    """The derived values of one record, computed when asked for. Pure: the record is not changed."""

    def __init__(self, program: Program, record: Record) -> None:
        self._evaluation = Evaluation(program, record)

    def field(self, form: FormRecord, name: str) -> Value:
        """What the formula of a derived field gives: "" when its inputs are missing."""
        return _given(self._evaluation.form(form), name)

    def cell(self, form: FormRecord, rowset: str, index: int, column: str) -> Value:
        """The same for a derived column in row ``index`` (0-based) of a row set."""
        return _given(self._evaluation.form(form).row(rowset, index), column)


def _given(scope: FormScope | RowScope, name: str) -> Value:
    try:
        return scope.computed(name)
    except NotHere:  # it needs a form that the record lacks
        return ""


def derive(program: Program, record: Record) -> Derived:
    return Derived(program, record)
