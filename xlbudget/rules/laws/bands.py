"""Bands: a table of intervals, each with what it yields (points, a share of the weight, or a grade).

A band is written ``(0,10%] 4``: square brackets include the end, round ones do not, ``∞`` has no end; what it
yields is points (``4``), a share of the weight (``60%``) or a text (``优``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from xlbudget.figures import parse_figure

from ..language import Binary, Node, Text
from .params import LawError, Params, Reader, digits_of
from .shape import EMPTY, INSIDE, call, figure_text, if_number, num, rounded

_BAND = re.compile(r"\s*([(\[（［])\s*(.+?)\s*[,，]\s*(.+?)\s*([)\]）］])\s*[:：=]?\s*(\S.*?)\s*")
_NO_END = frozenset({"∞", "-∞", "+∞", "−∞", "＋∞", "－∞"})


@dataclass(frozen=True, slots=True)
class Band:
    """From ``low`` to ``high`` (None: no end), and what it yields: points, a share of the weight, a text."""

    low: Fraction | None
    low_in: bool
    high: Fraction | None
    high_in: bool
    result: Fraction | str
    share: bool
    percent: bool  # the limits are written as percentages

    @classmethod
    def parse(cls, text: str) -> Band:
        """Raises LawError."""
        m = _BAND.fullmatch(text)
        if not m:
            raise LawError(f"这一档写错了：{text}（应如“(0,10%] 4”）")
        opening, low, high, closing, raw = m.groups()
        figure = parse_figure(raw)
        result: Fraction | str = figure.value if figure else raw
        share = figure is not None and figure.percent
        percent = "%" in low + high or "％" in low + high
        return cls(_end(low), opening in "[［", _end(high), closing in "]］", result, share, percent)

    @property
    def hollow(self) -> bool:
        """Whether no number lies inside."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in))

    @property
    def range_text(self) -> str:
        """E.g. 0＜x≤10%."""
        low = high = ""
        if self.low is not None:
            low = figure_text(self.low, self.percent) + ("≤" if self.low_in else "＜")
        if self.high is not None:
            high = ("≤" if self.high_in else "＜") + figure_text(self.high, self.percent)
        return f"{low}x{high}" if low or high else "任何值"

    @property
    def result_text(self) -> str:
        if isinstance(self.result, str):
            return f"为“{self.result}”"
        if self.share:
            return f"得分值的{figure_text(self.result, percent=True)}"
        return f"得{figure_text(self.result)}分"

    def above(self, x: Node) -> Node:
        """TRUE where ``x`` lies beyond the lower end, towards the inside."""
        assert self.low is not None
        return Binary(">=" if self.low_in else ">", x, num(self.low))

    def below(self, x: Node) -> Node:
        """TRUE where ``x`` does not lie beyond the upper end."""
        assert self.high is not None
        return Binary("<=" if self.high_in else "<", x, num(self.high))


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands in ascending order. The measured value is rounded to six decimals before it is compared."""

    bands: tuple[Band, ...]
    digits: int

    @classmethod
    def read(cls, params: Params) -> Bands:
        reader = Reader(params)
        bands = sorted(map(Band.parse, reader.texts("bands")), key=_place)
        law = cls(tuple(bands), digits_of(reader))
        reader.done()
        return law

    @property
    def arguments(self) -> tuple[str, ...]:
        """The weight is an argument only where a band yields a share of it."""
        return ("分值", "实际值") if any(b.share for b in self.bands) else ("实际值",)

    def build(self, *args: Node) -> Node:
        """IF(ISNUMBER(x),IF(ROUND(x,6)<=0,5,IF(ROUND(x,6)<=10%,4,…)),""); outside of all bands ""."""
        weight = args[0] if len(args) == 2 else num(1)
        x = rounded(args[-1], INSIDE)
        node: Node = EMPTY
        for i in range(len(self.bands) - 1, -1, -1):
            band = self.bands[i]
            result = self._result(band, weight)
            if band.high is not None:
                result = call("IF", band.below(x), result, node)
            if band.low is not None and (i == 0 or not _touch(self.bands[i - 1], band)):
                result = call("IF", band.above(x), result, EMPTY)
            node = result
        return if_number(args[-1], node)

    def sentence(self) -> str:
        lines = "；".join(f"{b.range_text}的，{b.result_text}" for b in self.bands)
        return f"按实际值x分档：{lines}。"

    def problems(self) -> list[str]:
        found = [f"“{b.range_text}”这一档取不到任何值" for b in self.bands if b.hollow]
        solid = [b for b in self.bands if not b.hollow]
        for a, b in pairwise(solid):
            if _overlap(a, b):
                found.append(f"“{a.range_text}”与“{b.range_text}”两档重叠")
            elif not _touch(a, b):
                found.append(f"“{a.range_text}”与“{b.range_text}”两档之间有空档")
        if solid and solid[0].low is not None:
            found.append(f"比“{solid[0].range_text}”更小的值没有对应的档")
        if solid and all(b.high is not None for b in solid):
            found.append(f"比“{solid[-1].range_text}”更大的值没有对应的档")
        limits = [x for b in self.bands for x in (b.low, b.high) if x is not None]
        if any((x * 10**INSIDE).denominator != 1 for x in limits):
            found.append(f"分档界限的小数超过{INSIDE}位")
        return found

    def _result(self, band: Band, weight: Node) -> Node:
        if isinstance(band.result, str):
            return Text(band.result)
        if not band.share:
            return num(band.result)
        if band.result == 1:
            return weight
        return rounded(Binary("*", weight, num(band.result)), self.digits)


def _end(text: str) -> Fraction | None:
    if text in _NO_END:
        return None
    figure = parse_figure(text)
    if figure is None:
        raise LawError(f"分档的界限“{text}”不是数字")
    return figure.value


def _place(band: Band) -> tuple[bool, Fraction, bool]:
    """Sorts bands by their lower ends; one without comes first."""
    return (band.low is not None, band.low or Fraction(0), not band.low_in)


def _overlap(a: Band, b: Band) -> bool:
    """Whether a number lies in both; ``b`` does not start before ``a``."""
    if a.high is None or b.low is None:
        return True
    return b.low < a.high or (b.low == a.high and b.low_in and a.high_in)


def _touch(a: Band, b: Band) -> bool:
    """Whether nothing lies between ``a`` and the following ``b``."""
    if a.high is None or b.low is None:
        return True
    return b.low < a.high or (b.low == a.high and (b.low_in or a.high_in))
