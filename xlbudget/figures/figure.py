"""A figure: an exact number together with the way it was printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from .exact import Number, exact
from .interval import Interval
from .shown import digits, shown

PERMILLE = "‰"


@dataclass(frozen=True, slots=True)
class Figure:
    """An exact value with its shown decimals and its unit.

    ``value`` is in ``unit`` (5万元 is 5 with unit 万元); percentages and per-milles are plain ratios:
    86.32% has value 0.8632 and, since ``decimals`` are those of the value, four decimals. ``unit`` is "",
    a money unit (元, 千元, 万元, 百万元, 亿元) or ‰. Source: docs/numbers.md, 1.
    """

    value: Fraction
    decimals: int = 0
    unit: str = ""
    percent: bool = False

    @classmethod
    def of(cls, value: Number, decimals: int | None = None, unit: str = "", percent: bool = False) -> Figure:
        """A figure from any Python number; without ``decimals`` it gets those it needs.

        Raises ValueError for NaN, infinities and booleans.
        """
        read = exact(value)
        if read is None:
            raise ValueError(f"不是数值：{value!r}")
        return cls(read[0], read[1] if decimals is None else decimals, unit, percent)

    def with_decimals(self, min_decimals: int) -> Figure:
        """The same figure with at least so many decimals: in a field of two, a typed 10 means 10.00.

        A percentage keeps the digits it was printed with: 86% claims less than 86.00%.
        """
        if self.percent or self.decimals >= min_decimals:
            return self
        return replace(self, decimals=min_decimals)

    @property
    def half(self) -> Fraction:
        """Half a unit of the last shown digit."""
        if self.decimals < 0:
            return Fraction(10**-self.decimals, 2)
        return Fraction(1, 2 * 10**self.decimals)

    @property
    def interval(self) -> Interval:
        """All values that would have been printed like this."""
        return Interval.around(self.value, self.half)

    @property
    def plain(self) -> str:
        """The printed number with its decimals, without unit and thousands separators, e.g. 86.32%."""
        if self.unit == PERMILLE:
            return digits(self.value * 1000, self.decimals - 3) + PERMILLE
        return shown(self.value, self.decimals, self.percent)

    def __str__(self) -> str:
        """As printed, with the unit: 51.79万元."""
        return self.plain if self.unit == PERMILLE else self.plain + self.unit
