"""Conditions. IF and IFERROR evaluate only the branch they need; see the compiler."""

from __future__ import annotations

from collections.abc import Iterator

from ..values import VALUE, Cells, ErrorValue, Value, fail, truth
from .spec import Kind, function


@function("IF", Kind.LAZY, Kind.LAZY, Kind.LAZY, required=2, lifts=False, says="条件成立时取前者，否则取后者")
def if_(condition: Value, yes: Value, no: Value = False) -> Value:
    return yes if truth(condition) else no


@function("IFERROR", Kind.LAZY, Kind.LAZY, lifts=False, says="出错时取后者")
def iferror(value: Value, fallback: Value) -> Value:
    return fallback if isinstance(value, ErrorValue) else value


@function("AND", Kind.CELLS, repeat=1, lifts=False, says="全部成立")
def and_(*args: Value | Cells) -> Value:
    return all(list(_conditions(args)))


@function("OR", Kind.CELLS, repeat=1, lifts=False, says="至少一个成立")
def or_(*args: Value | Cells) -> Value:
    return any(list(_conditions(args)))


@function("NOT", Kind.SCALAR, says="不成立")
def not_(x: Value) -> Value:
    return not truth(x)


def _conditions(args: tuple[Value | Cells, ...]) -> Iterator[bool]:
    """All conditions among the arguments; texts and blanks in cells do not count; none at all is #VALUE!."""
    found = False
    for arg in args:
        for v in arg if isinstance(arg, Cells) else (arg,):
            if isinstance(v, ErrorValue):
                fail(v)
            if isinstance(arg, Cells) and (v is None or isinstance(v, str)):
                continue
            found = True
            yield truth(v)
    if not found:
        fail(VALUE)
