"""Money units of the official forms and exact conversion between them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from .figure import Figure

_ZEROS: Final = {"元": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8}  # 1 unit = 10^n 元


class UnitError(ValueError):
    """A figure has no money unit, or one that is not known here."""


def convert(figure: Figure, to_unit: str) -> Figure:
    """``figure`` in another money unit, with the decimals that keep its precision.

    12345.67元 is 1.234567万元; 5万元 is 50000元 whose last shown digit is still the 万. Raises UnitError
    when either unit is not one of 元, 千元, 万元, 百万元, 亿元: no unit is ever assumed (docs/numbers.md, 8).
    """
    shift = _zeros(figure.unit) - _zeros(to_unit)
    value = figure.value * Fraction(10) ** shift
    return Figure(value, figure.decimals - shift, to_unit)


def _zeros(unit: str) -> int:
    if unit not in _ZEROS:
        raise UnitError(f"不是金额单位：{unit or '（空）'}")
    return _ZEROS[unit]


def is_money(unit: str) -> bool:
    """Whether ``unit`` is a money unit that :func:`convert` knows."""
    return unit in _ZEROS
