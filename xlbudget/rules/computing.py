"""What derived and defined quantities come to: each computed once, on its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .language import ErrorValue, Value

if TYPE_CHECKING:
    from .rowscope import RowScope
    from .scope import FormScope


class UnknownName(LookupError):
    """A formula speaks of a name that exists neither on the form nor in the pack: the rule is broken."""


class NotHere(Exception):
    """A formula has no meaning for this record or row: a rule that uses it is skipped for this reason."""


def is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, str) and value.strip() == "")


def effective(computed: Value, reported: Value) -> Value:
    """What the formula gives; where it gives nothing what was reported, and its error where nothing was."""
    if not is_empty(computed) and not isinstance(computed, ErrorValue):
        return computed
    return computed if isinstance(computed, ErrorValue) and is_empty(reported) else reported


class Computing:
    """Remembered values of one scope, with a guard against formulas that need themselves."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}
        self._open: set[str] = set()

    def get(self, key: str, scope: FormScope | RowScope, text: str) -> Value:
        if key in self._values:
            return self._values[key]
        if key in self._open:
            raise UnknownName(f"“{key}”的公式绕回了自己")
        self._open.add(key)
        try:
            value = scope.evaluation.program.step(text)(scope.frame)
        finally:
            self._open.discard(key)
        self._values[key] = value
        return value
