"""Numbers as people see them on a form."""

from __future__ import annotations

from fractions import Fraction

from .rounding import round_half_up


def shown(value: Fraction | int, decimals: int, percent: bool = False, thousands: bool = False) -> str:
    """``value`` rounded half up and printed with exactly its decimals; a zero never carries a minus.

    ``decimals`` are those of ``value`` itself, also for percentages, as in a Figure: 0.86316 with four
    decimals and ``percent`` prints 86.32%. Negative ``decimals`` round to tens, hundreds, ….
    """
    if percent:
        return digits(value * 100, decimals - 2, thousands) + "%"
    return digits(value, decimals, thousands)


def digits(value: Fraction | int, decimals: int, thousands: bool = False) -> str:
    """Like :func:`shown`, without the percent sign."""
    rounded = round_half_up(value, decimals)
    places = max(0, decimals)
    scaled = int(abs(rounded) * 10**places)
    whole, part = divmod(scaled, 10**places)
    text = f"{whole:,}" if thousands else str(whole)
    if places:
        text += f".{part:0{places}d}"
    return f"-{text}" if rounded < 0 else text
