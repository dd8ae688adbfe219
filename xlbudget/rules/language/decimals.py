"""Writing exact numbers: as literals of a formula, and as Excel's General format shows them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_LARGEST_PLAIN = 14  # from 1E+15 on there is an exponent


def decimal_text(x: Fraction) -> str | None:
    """``x`` in plain digits, e.g. ``-0.125``; None when no finite number of decimals writes it."""
    twos = _power(x.denominator, 2)
    fives = _power(x.denominator, 5)
    if 2**twos * 5**fives != x.denominator:
        return None
    places = max(twos, fives)
    digits = str(abs(x.numerator) * (10**places // x.denominator)).rjust(places + 1, "0")
    out = digits[: len(digits) - places] + ("." + digits[len(digits) - places :] if places else "")
    return "-" + out if x < 0 else out


def significant(x: Fraction) -> int | None:
    """The number of significant digits that write ``x`` exactly; None when no number does."""
    plain = decimal_text(x)
    return None if plain is None else len(plain.lstrip("-").replace(".", "").strip("0"))


def general(x: Fraction) -> str:
    """``x`` as Excel turns it into text: up to 15 significant digits, no trailing zeros."""
    if x == 0:
        return "0"
    rounded = _FIFTEEN.divide(Decimal(x.numerator), Decimal(x.denominator)).normalize(_FIFTEEN)
    if rounded.adjusted() > _LARGEST_PLAIN:
        mantissa = rounded.scaleb(-rounded.adjusted())
        return f"{mantissa:f}E+{rounded.adjusted()}"
    return f"{rounded:f}"


def _power(n: int, prime: int) -> int:
    """How often ``prime`` divides ``n``."""
    count = 0
    while n % prime == 0:
        n //= prime
        count += 1
    return count
