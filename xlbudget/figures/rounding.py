"""Rounding of exact numbers to decimal digits, the way Excel's ROUND family rounds.

All functions take and give :class:`fractions.Fraction` (or int) and never pass through binary floats.
``digits`` counts decimals and may be negative (−2: to hundreds). Source: docs/numbers.md, 4.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction


def round_half_up(x: Fraction | int, digits: int = 0) -> Fraction:
    """``x`` to ``digits`` decimals, ties away from zero (2.5 → 3, −2.5 → −3): Excel's ROUND."""
    return _rounded(x, digits, lambda rest, whole: 2 * rest >= whole)


def round_down(x: Fraction | int, digits: int = 0) -> Fraction:
    """``x`` cut off towards zero (−2.9 → −2): Excel's ROUNDDOWN."""
    return _rounded(x, digits, lambda rest, whole: False)


def round_up(x: Fraction | int, digits: int = 0) -> Fraction:
    """``x`` rounded away from zero (2.1 → 3, −2.1 → −3): Excel's ROUNDUP."""
    return _rounded(x, digits, lambda rest, whole: rest > 0)


def floor_steps(excess: Fraction | int, step: Fraction | int) -> int:
    """How many whole steps fit into ``excess``; 0 when it is not positive.

    Both in the same unit. "Every 5 % below costs 2 points": ``floor_steps(excess, 5%)`` times 2.
    Raises ValueError when ``step`` is not positive.
    """
    if step <= 0:
        raise ValueError("步长必须大于零")
    return max(0, excess // step)


def ceil_steps(excess: Fraction | int, step: Fraction | int) -> int:
    """Like :func:`floor_steps`, but a step begun counts as a whole one."""
    if step <= 0:
        raise ValueError("步长必须大于零")
    return max(0, -(-excess // step))


def _rounded(x: Fraction | int, digits: int, away: Callable[[int, int], bool]) -> Fraction:
    """Scale, divide, and add one in magnitude where ``away(remainder, divisor)`` says so."""
    number, whole = abs(x.numerator), x.denominator
    if digits >= 0:
        number *= 10**digits
    else:
        whole *= 10**-digits
    quotient, rest = divmod(number, whole)
    quotient += away(rest, whole)
    if x < 0:
        quotient = -quotient
    return Fraction(quotient, 10**digits) if digits >= 0 else Fraction(quotient * 10**-digits)
