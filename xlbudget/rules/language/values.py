"""The values of formulas and Excel's conversions between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn, TypeAlias

from xlbudget.figures import Interval

from .decimals import general


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error as it stands in a cell, e.g. ``#DIV/0!``."""

    code: str

    def __str__(self) -> str:
        return self.code


Value: TypeAlias = Fraction | Interval | str | bool | ErrorValue | None
"""None is a blank cell. An Interval carries the bounds of a printed figure with its point value."""

Quantity: TypeAlias = Fraction | Interval

DIV0 = ErrorValue("#DIV/0!")
VALUE = ErrorValue("#VALUE!")
NUM = ErrorValue("#NUM!")
NA = ErrorValue("#N/A")
REF = ErrorValue("#REF!")

MAX_CELL = 32_767  # characters that fit into a cell
ZERO = Fraction(0)
ONE = Fraction(1)


class Fault(Exception):
    """An Excel error on its way through an evaluation; never leaves :func:`evaluate`."""

    def __init__(self, error: ErrorValue) -> None:
        self.error = error
        super().__init__(error.code)


class Cells(tuple[Value, ...]):
    """The contents of referenced cells, in order: texts, booleans and blanks in them do not count."""

    __slots__ = ()


_PLAIN = re.compile(
    r" *([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,3}))?(%?) *", re.ASCII
)


def fail(error: ErrorValue) -> NoReturn:
    raise Fault(error)


def plain_number(text: str) -> Fraction | None:
    """The number that Excel takes a text for in arithmetic; None if it takes it for none.

    Digits with a point, correct thousands separators, an exponent and a percent sign; no dates, currency
    signs, units or full-width digits.
    """
    m = _PLAIN.fullmatch(text)
    if not m:
        return None
    sign, digits, exponent, percent = m.groups()
    value = Fraction(Decimal(digits.replace(",", "")))
    if exponent:
        value *= Fraction(10) ** int(exponent)
    if percent:
        value /= 100
    return -value if sign == "-" else value


def number(v: Value) -> Quantity:
    """A value as a number: blank is 0, TRUE is 1, a text must be a plain number."""
    t = type(v)
    if t is Fraction or t is Interval:
        return v  # type: ignore[return-value]  # the exact types, asked first: nearly every value is one
    if v is None:
        return ZERO
    if isinstance(v, bool):
        return ONE if v else ZERO
    if isinstance(v, ErrorValue):
        fail(v)
    if isinstance(v, str):
        found = plain_number(v)
        return found if found is not None else fail(VALUE)
    if isinstance(v, Fraction | Interval):
        return v
    raise TypeError(f"not a value of the rule language: {v!r}")


def point(v: Value) -> Fraction:
    """A value as one exact number: of an interval its point value."""
    n = number(v)
    return n.mid if isinstance(n, Interval) else n


def whole(v: Value) -> int:
    """A value as a whole number, cut off towards zero."""
    return int(point(v))


def text(v: Value) -> str:
    """A value as text, the way ``&`` joins it."""
    if isinstance(v, str):
        return v
    if v is None:
        return ""
    if isinstance(v, bool):
        return "TRUE" if v else "FALSE"
    if isinstance(v, ErrorValue):
        fail(v)
    return general(point(v))


def bounded(s: str) -> str:
    """``s``, or #VALUE! when a cell could not hold it."""
    return s if len(s) <= MAX_CELL else fail(VALUE)


def truth(v: Value) -> bool:
    """A value as a condition: numbers other than 0 hold, of texts only TRUE and FALSE count."""
    if isinstance(v, bool):
        return v
    if v is None:
        return False
    if isinstance(v, ErrorValue):
        fail(v)
    if isinstance(v, str):
        word = v.upper()
        return word == "TRUE" if word in ("TRUE", "FALSE") else fail(VALUE)
    return point(v) != 0


def is_number(v: Value) -> bool:
    """Whether a value is a number (not a text that looks like one, not TRUE)."""
    t = type(v)  # isinstance would go through the abstract classes of numbers for all that is none
    return t is Fraction or t is Interval
