"""One scope while formulas run on it: every name and every shared part of a formula is worked out once.

The rules of a row ask the same things again and again (``ISNUMBER(得分)``, ``适用``). Formulas are pure, so
what a part of one gave on a scope it gives again; equal parts of different formulas are one key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias, Union

from .values import Fault, Value


class Scope(Protocol):
    """Where names get their values from."""

    def name(self, name: str, /) -> Value:
        """The content of a named cell or parameter; None when it is blank."""

    def column(self, rowset: str, name: str, /) -> Sequence[Value]:
        """The contents of a column, row by row."""


class Frame(dict["Key", Value]):
    """Values by name and by shared step; one that is missing is worked out when it is looked up.

    An error of Excel is a value here. Whatever else a lookup raises is not remembered. A scope that has a
    Frame of its own offers it as ``frame``; it must then not change any more.
    """

    __slots__ = ("_name", "column")

    def __init__(
        self, name: Callable[[str], Value], column: Callable[[str, str], Sequence[Value]]
    ) -> None:
        super().__init__()
        self._name = name
        self.column = column

    def __missing__(self, key: Key) -> Value:
        try:
            value = self._name(key) if isinstance(key, str) else key(self)
        except Fault as fault:
            value = fault.error
        self[key] = value
        return value


Step: TypeAlias = Callable[[Frame], Value]
Key: TypeAlias = Union[str, Step]  # noqa: UP007  (a forward reference cannot stand beside |)


def frame_of(scope: Scope) -> Frame:
    """The scope's own frame, or a new one."""
    own: Frame | None = getattr(scope, "frame", None)
    return Frame(scope.name, scope.column) if own is None else own
