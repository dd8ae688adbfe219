"""Closed intervals with a point value: what printed digits may stand for, carried through arithmetic.

A printed 51.79 means anything from 51.785 to 51.795, both ends included, so that every tie rule that
may have produced it is admitted. Sums and ratios of printed figures keep those bounds exactly, together
with the result of the printed values themselves (``mid``). Source: docs/numbers.md, 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from .rounding import round_half_up

Operand: TypeAlias = "Interval | Fraction | int"


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from ``lo`` to ``hi``, ends included, with the point value ``mid`` among them.

    Arithmetic is exact and conservative: for any points inside the operands, the point result lies
    inside the resulting interval. ``mid`` is always the result of the operands' mids. Raises ValueError
    unless lo ≤ mid ≤ hi.
    """

    lo: Fraction
    mid: Fraction
    hi: Fraction

    def __post_init__(self) -> None:
        if not self.lo <= self.mid <= self.hi:
            raise ValueError(f"区间次序错误：{self.lo} {self.mid} {self.hi}")

    @classmethod
    def point(cls, value: Fraction | int) -> Interval:
        """The interval that holds one exact number."""
        exact = Fraction(value)
        return cls(exact, exact, exact)

    @classmethod
    def around(cls, mid: Fraction | int, half: Fraction | int) -> Interval:
        """``mid`` ± ``half``."""
        return cls(Fraction(mid - half), Fraction(mid), Fraction(mid + half))

    @classmethod
    def of(cls, value: Operand) -> Interval:
        """``value`` itself if it is an interval, else the point that it is."""
        return value if isinstance(value, Interval) else cls.point(value)

    @property
    def exact(self) -> bool:
        """True when only one number is inside."""
        return self.lo == self.hi

    @property
    def width(self) -> Fraction:
        return self.hi - self.lo

    def contains(self, value: Operand) -> bool:
        """Whether a number, or the whole of another interval, lies inside (ends included)."""
        other = Interval.of(value)
        return self.lo <= other.lo and other.hi <= self.hi

    def intersects(self, value: Operand) -> bool:
        """Whether some number lies in both; touching ends count."""
        other = Interval.of(value)
        return self.lo <= other.hi and other.lo <= self.hi

    def map(self, rising: Callable[[Fraction], Fraction]) -> Interval:
        """The image under a function that never falls (rounding, a cap, a floor)."""
        return Interval(rising(self.lo), rising(self.mid), rising(self.hi))

    def round_half_up(self, digits: int = 0) -> Interval:
        return self.map(lambda x: round_half_up(x, digits))

    def __add__(self, other: Operand) -> Interval:
        o = Interval.of(other)
        return Interval(self.lo + o.lo, self.mid + o.mid, self.hi + o.hi)

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.mid, -self.lo)

    def __sub__(self, other: Operand) -> Interval:
        o = Interval.of(other)
        return Interval(self.lo - o.hi, self.mid - o.mid, self.hi - o.lo)

    def __mul__(self, other: Operand) -> Interval:
        o = Interval.of(other)
        corners = (self.lo * o.lo, self.lo * o.hi, self.hi * o.lo, self.hi * o.hi)
        return Interval(min(corners), self.mid * o.mid, max(corners))

    def __truediv__(self, other: Operand) -> Interval:
        """Raises ZeroDivisionError when the divisor may be zero."""
        o = Interval.of(other)
        if o.contains(0):
            raise ZeroDivisionError("除数区间包含零")
        return self * Interval(1 / o.hi, 1 / o.mid, 1 / o.lo)

    def __abs__(self) -> Interval:
        low = Fraction(0) if self.contains(0) else min(abs(self.lo), abs(self.hi))
        return Interval(low, abs(self.mid), max(abs(self.lo), abs(self.hi)))

    def __radd__(self, other: Fraction | int) -> Interval:
        return self + other

    def __rsub__(self, other: Fraction | int) -> Interval:
        return -self + other

    def __rmul__(self, other: Fraction | int) -> Interval:
        return self * other

    def __rtruediv__(self, other: Fraction | int) -> Interval:
        return Interval.point(other) / self

    def __str__(self) -> str:
        return str(self.mid) if self.exact else f"{self.mid} [{self.lo}, {self.hi}]"


def lowest(first: Interval, *others: Interval) -> Interval:
    """The minimum of several intervals, as an interval."""
    every = (first, *others)
    return Interval(min(i.lo for i in every), min(i.mid for i in every), min(i.hi for i in every))


def highest(first: Interval, *others: Interval) -> Interval:
    """The maximum of several intervals, as an interval."""
    every = (first, *others)
    return Interval(max(i.lo for i in every), max(i.mid for i in every), max(i.hi for i in every))


def hull(first: Interval, *others: Interval) -> Interval:
    """The smallest interval around all of them, with the mid of the first."""
    every = (first, *others)
    return Interval(min(i.lo for i in every), first.mid, max(i.hi for i in every))
