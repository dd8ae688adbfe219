"""Rounding, remainders and absolute values; exact, and carried through intervals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from xlbudget.figures import Interval, round_down, round_half_up, round_up

from ..values import DIV0, Quantity, Value, fail, number, point, whole
from .spec import Kind, function

_MOST_DIGITS = 300  # beyond this, rounding changes no number that Excel can hold


def _rising(v: Value, f: Callable[[Fraction], Fraction]) -> Quantity:
    """``f``, which never falls, of a number or of an interval."""
    n = number(v)
    return n.map(f) if isinstance(n, Interval) else f(n)


def _digits(v: Value) -> int:
    return max(-_MOST_DIGITS, min(_MOST_DIGITS, whole(v)))


@function("ROUND", Kind.SCALAR, Kind.SCALAR, says="四舍五入到几位小数")
def round_(x: Value, digits: Value) -> Value:
    places = _digits(digits)
    return _rising(x, lambda n: round_half_up(n, places))


@function("ROUNDUP", Kind.SCALAR, Kind.SCALAR, says="向远离零的方向进位到几位小数")
def roundup(x: Value, digits: Value) -> Value:
    places = _digits(digits)
    return _rising(x, lambda n: round_up(n, places))


@function("ROUNDDOWN", Kind.SCALAR, Kind.SCALAR, says="向零的方向舍去到几位小数")
def rounddown(x: Value, digits: Value) -> Value:
    places = _digits(digits)
    return _rising(x, lambda n: round_down(n, places))


@function("INT", Kind.SCALAR, says="不大于它的最大整数")
def int_(x: Value) -> Value:
    return _rising(x, lambda n: Fraction(n // 1))


@function("ABS", Kind.SCALAR, says="绝对值")
def abs_(x: Value) -> Value:
    n = number(x)
    if isinstance(n, Interval):
        return abs(n)
    return abs(n)


@function("MOD", Kind.SCALAR, Kind.SCALAR, says="余数，符号同除数")
def mod(x: Value, divisor: Value) -> Value:
    n, d = number(x), point(divisor)
    if d == 0:
        fail(DIV0)
    if not isinstance(n, Interval):
        return n - d * (n // d)
    if n.lo // d == n.hi // d:
        return n - d * (n.mid // d)
    return Interval(min(Fraction(0), d), n.mid % d, max(Fraction(0), d))
