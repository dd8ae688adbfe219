"""From the number types of Python to exact fractions, and how many decimals a number has by itself."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from numbers import Integral

REPEATING = 15  # decimals given to a fraction that no finite number of decimals writes exactly
WIDEST = 400  # powers of ten; a Decimal beyond is no figure of ours and would exhaust memory

Number = Fraction | Decimal | float | int


def exact(value: object) -> tuple[Fraction, int] | None:
    """``value`` as a fraction with its own number of decimals; None when it is no finite number.

    A float counts with its 15 significant digits, which is what Excel stores and shows of it; a Decimal
    keeps its trailing zeros as decimals (10.00 has two) and must have a sane exponent. Integers of other
    libraries count as int. Booleans are not numbers.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, Integral):
        return Fraction(int(value)), 0
    if isinstance(value, Fraction):
        return value, own_decimals(value)
    if isinstance(value, float):
        return _from_float(value)
    return _from_decimal(value) if isinstance(value, Decimal) else None


def _from_float(value: float) -> tuple[Fraction, int] | None:
    if not math.isfinite(value):
        return None
    fraction = Fraction(Decimal(f"{value:.15g}"))
    return fraction, own_decimals(fraction)


def _from_decimal(value: Decimal) -> tuple[Fraction, int] | None:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > WIDEST:
        return None
    return Fraction(value), max(0, -exponent)


def own_decimals(value: Fraction) -> int:
    """The fewest decimals that write ``value`` exactly; :data:`REPEATING` when none do."""
    twos, rest = _power(value.denominator, 2)
    fives, rest = _power(rest, 5)
    return max(twos, fives) if rest == 1 else REPEATING


def _power(number: int, prime: int) -> tuple[int, int]:
    """How often ``prime`` divides ``number``, and what is left."""
    times = 0
    while number % prime == 0:
        number //= prime
        times += 1
    return times, number
