"""The operators of the language on single values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from xlbudget.figures import Interval

from .values import DIV0, NUM, ONE, ZERO, ErrorValue, Quantity, Value, bounded, fail, number, point, text

_HUNDREDTH = Fraction(1, 100)
_LARGEST_BITS = 1024  # Excel's numbers end at about 2^1024
_EXACT_BITS = 4096  # powers with larger results are computed to 15 digits, like Excel's


def add(a: Value, b: Value) -> Value:
    return number(a) + number(b)


def subtract(a: Value, b: Value) -> Value:
    return number(a) - number(b)


def multiply(a: Value, b: Value) -> Value:
    x, y = number(a), number(b)
    if x is ONE:  # TRUE as a factor
        return y
    return x if y is ONE else x * y


def divide(a: Value, b: Value) -> Value:
    """#DIV/0! also when the divisor is an interval around zero."""
    x, y = number(a), number(b)
    try:
        return x / y
    except ZeroDivisionError:
        fail(DIV0)


def power(a: Value, b: Value) -> Value:
    """Exact for small whole exponents, to 15 significant digits otherwise."""
    base, exponent = number(a), point(b)
    if isinstance(base, Interval):
        return _interval_power(base, exponent)
    return _power(base, exponent)


def join(a: Value, b: Value) -> Value:
    return bounded(text(a) + text(b))


def compare(a: Value, b: Value) -> int:
    """-1, 0 or 1; numbers come before texts before TRUE/FALSE; texts ignore case; intervals by point value.

    A blank is 0, "" or FALSE, whatever the other side is.
    """
    if type(a) is Fraction and type(b) is Fraction:
        n, d = a.as_integer_ratio()
        m, e = b.as_integer_ratio()
        left, right = n * e, m * d  # denominators are positive
        return (left > right) - (left < right)
    if type(a) is str and type(b) is str:
        v, w = a.lower(), b.lower()
        return (v > w) - (v < w)
    if type(a) is bool and type(b) is bool:
        return a - b
    x, y = _comparable(a, b), _comparable(b, a)
    return (x > y) - (x < y)


def percent(x: Value) -> Value:
    return number(x) * _HUNDREDTH


def negate(x: Value) -> Value:
    return -number(x)


def keep(x: Value) -> Value:
    """The prefix +, which changes nothing, not even a text."""
    if isinstance(x, ErrorValue):
        fail(x)
    return x


ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "^": power,
    "&": join,
    "=": lambda a, b: compare(a, b) == 0,
    "<>": lambda a, b: compare(a, b) != 0,
    "<": lambda a, b: compare(a, b) < 0,
    ">": lambda a, b: compare(a, b) > 0,
    "<=": lambda a, b: compare(a, b) <= 0,
    ">=": lambda a, b: compare(a, b) >= 0,
}
UNARY: dict[str, Callable[[Value], Value]] = {"+": keep, "-": negate, "%": percent}


def _comparable(v: Value, other: Value) -> tuple[int, Fraction | str]:
    """A key that orders values as Excel does."""
    if isinstance(v, ErrorValue):
        fail(v)
    if v is None:
        if isinstance(other, str):
            return 1, ""
        return (2, ZERO) if isinstance(other, bool) else (0, ZERO)
    if isinstance(v, bool):
        return 2, Fraction(v)
    return (1, v.lower()) if isinstance(v, str) else (0, point(v))


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if base == 0:
        return ZERO if exponent > 0 else fail(NUM if exponent == 0 else DIV0)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if exponent.denominator == 1 and abs(exponent) * bits <= _EXACT_BITS:
        return _within_range(base ** int(exponent))
    if base < 0 and exponent.denominator != 1:
        fail(NUM)
    try:
        result = float(base) ** float(exponent)
    except (OverflowError, ZeroDivisionError):
        fail(NUM)
    return Fraction(f"{result:.15g}") if isinstance(result, float) else fail(NUM)


def _within_range(x: Fraction) -> Fraction:
    """``x``, or #NUM! when it is too large for Excel."""
    too_large = x.numerator.bit_length() - x.denominator.bit_length() > _LARGEST_BITS
    return fail(NUM) if too_large else x


def _interval_power(base: Interval, exponent: Fraction) -> Quantity:
    """Intervals take whole exponents from 0 to 64; no official formula needs more."""
    if exponent.denominator != 1 or not 0 <= exponent <= 64:
        fail(NUM)
    result: Quantity = ONE
    for _ in range(int(exponent)):
        result = result * base
    return result
