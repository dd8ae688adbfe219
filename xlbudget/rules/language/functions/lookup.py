"""Finding a row and taking a value from it."""

from __future__ import annotations

from fractions import Fraction

from ..criteria import wildcard
from ..nodes import Node, Number
from ..values import NA, REF, Cells, Value, fail, is_number, point, whole
from ..values import VALUE as VALUE_ERROR
from .spec import Kind, function


@function("INDEX", Kind.RANGE, Kind.SCALAR, lifts=False, says="一列的第几个")
def index(cells: Cells, position: Value) -> Value:
    i = whole(position)
    if i < 1:
        fail(VALUE_ERROR)
    return cells[i - 1] if i <= len(cells) else fail(REF)


def _exact_only(args: tuple[Node, ...]) -> str:
    exact = len(args) == 3 and args[2] == Number(Fraction(0))
    return "" if exact else "MATCH 只支持精确查找，第三个参数要写 0"


@function("MATCH", Kind.SCALAR, Kind.RANGE, Kind.SCALAR, refuse=_exact_only, says="在一列中的位置")
def match(wanted: Value, cells: Cells, mode: Value) -> Value:
    for i, v in enumerate(cells, start=1):
        if _same(wanted, v):
            return Fraction(i)
    return fail(NA)


def _same(wanted: Value, v: Value) -> bool:
    if isinstance(wanted, bool):
        return v is wanted
    if isinstance(wanted, str):
        return isinstance(v, str) and wildcard(wanted).fullmatch(v) is not None
    return is_number(v) and point(v) == point(wanted)
