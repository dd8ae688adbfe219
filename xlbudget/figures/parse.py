"""Reading one figure: a number as an accountant or a data source writes it, and nothing else."""

from __future__ import annotations

import re
from fractions import Fraction

from .exact import Number, exact
from .figure import PERMILLE, Figure
from .text import LONGEST, fold

NUMBER = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
"""Pattern of an unsigned number in folded text; thousands separators only where they belong."""

_AMOUNT = rf"(?P<yen>人民币|¥)? ?(?P<number>{NUMBER})"
_UNIT = r"(?P<unit>元|千元|万元|百万元|亿元|%|‰)?"
_SIGNED = re.compile(rf"(?P<sign>[-+])? ?{_AMOUNT} ?{_UNIT}")
_YEN_FIRST = re.compile(rf"(?P<yen>¥) ?(?P<sign>[-+]) ?(?P<number>{NUMBER}) ?{_UNIT}")
_BRACKETED = re.compile(rf"\( ?{_AMOUNT} ?\) ?{_UNIT}")


def parse_figure(raw: str | Number) -> Figure | None:
    """The figure that ``raw`` is; None for blanks and for text that holds anything else.

    Text may be full-width, have correct thousands separators, a leading ¥ or 人民币, a minus or accounting
    brackets, and one of the units 元 千元 万元 百万元 亿元 % ‰. A ¥ states no unit (only 元 does). Floats
    count with 15 significant digits. Booleans, NaN and infinities give None. Never raises.
    """
    if not isinstance(raw, str):
        read = exact(raw)
        return None if read is None else Figure(*read)
    text = fold(raw)
    if len(text) > LONGEST:
        return None
    match = _SIGNED.fullmatch(text) or _YEN_FIRST.fullmatch(text)
    if match:
        return build(match["number"], match["unit"] or "", negative=match["sign"] == "-")
    match = _BRACKETED.fullmatch(text)
    return build(match["number"], match["unit"] or "", negative=True) if match else None


def build(number: str, unit: str, negative: bool = False) -> Figure:
    """A figure from a text that :data:`NUMBER` matches, and its unit; percentages become ratios."""
    whole, _, part = number.replace(",", "").partition(".")
    value = Fraction(int(f"0{whole}{part}"), 10 ** len(part))
    if negative:
        value = -value
    if unit == "%":
        return Figure(value / 100, len(part) + 2, percent=True)
    if unit == PERMILLE:
        return Figure(value / 1000, len(part) + 3, PERMILLE)
    return Figure(value, len(part), unit)
