"""The few functions that Excel does not have.

Except for DATEVAL they have an equivalent in native functions, see :mod:`..native`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from xlbudget.figures import parse_date, parse_quantity

from ..operators import compare
from ..values import ErrorValue, Value, is_number, text
from .spec import Kind, function


@lru_cache(maxsize=4096)
def _quantity(content: str) -> tuple[str, Value]:
    """The relation and the number that a text states, "" where it states none."""
    found = parse_quantity(content)
    return found.relation, "" if found.figure is None else found.figure.value


@lru_cache(maxsize=4096)
def _last_day(content: str) -> Value:
    """The serial of the last day that a text means, "" where it means none."""
    span = parse_date(content)
    return "" if span is None else Fraction(span.serial)


@function("NUMVAL", Kind.SCALAR, own=True, says="内容所说的数：≥90% 为 0.9，6项 为 6；没有数时为空文本")
def numval(x: Value) -> Value:
    if is_number(x):
        return x
    return _quantity(x)[1] if isinstance(x, str) else ""


@function("RELSIGN", Kind.SCALAR, own=True, says="内容所说的关系：≥ ≤ = > <，没有时为空文本")
def relsign(x: Value) -> Value:
    return _quantity(x)[0] if isinstance(x, str) else ""


@function("DATEVAL", Kind.SCALAR, own=True, says="内容所说的最后一天（Excel 日期序号），没有日期时为空文本")
def dateval(x: Value) -> Value:
    if is_number(x):
        return x
    return _last_day(x) if isinstance(x, str) else ""


@function("ISIN", Kind.SCALAR, Kind.SCALAR, repeat=1, own=True, says="等于所列内容之一")
def isin(x: Value, *listed: Value) -> Value:
    return any(compare(x, y) == 0 for y in listed)


@function("HASANY", Kind.ANY, Kind.SCALAR, repeat=1, own=True, says="含有所列文字之一（不区分大小写）")
def hasany(x: Value, *listed: Value) -> Value:
    if isinstance(x, ErrorValue):
        return False
    within = text(x).lower()
    return any(text(y).lower() in within for y in listed)
