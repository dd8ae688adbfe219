"""When two quantities are the same: exactly, within what their printed digits hide, or not at all."""

from __future__ import annotations

from enum import Enum

from .figure import Figure
from .interval import Interval, Operand
from .units import convert, is_money


class Verdict(Enum):
    """How a stated quantity compares with the computed one."""

    EXACT = "相等"
    TAIL = "尾差"  # the printed digits leave room for equality
    BROKEN = "不符"


def verdict(left: Interval, right: Interval) -> Verdict:
    """EXACT when the point values are equal, TAIL when the intervals meet (ends count), else BROKEN.

    For a sum this is |difference| ≤ half a last digit of the total plus those of the parts; for a ratio
    it is the meeting of the printed rate with the range of the ratio. Source: docs/numbers.md, 2 and 3.
    """
    if left.mid == right.mid:
        return Verdict.EXACT
    return Verdict.TAIL if left.intersects(right) else Verdict.BROKEN


def same_quantity(first: Figure, second: Figure) -> Verdict:
    """The same quantity printed twice: with two decimals 0.01 apart is a TAIL, 0.02 is BROKEN.

    Figures in different money units are compared in the first one's. Source: docs/numbers.md, 2.
    """
    if first.unit != second.unit and is_money(first.unit) and is_money(second.unit):
        second = convert(second, first.unit)
    return verdict(first.interval, second.interval)


def share(part: Operand, whole: Operand) -> Interval | None:
    """``part`` / ``whole`` as a ratio (0.8632 is 86.32%); None on a zero base, also for 0/0.

    A base that its printed digits allow to be zero counts as zero. Source: docs/numbers.md, 3 and 6.
    """
    base = Interval.of(whole)
    return None if base.contains(0) else Interval.of(part) / base


def change(now: Operand, before: Operand) -> Interval | None:
    """The rate of growth (now − before) / before; None on a zero base, where no percentage is allowed."""
    ratio = share(now, before)
    return None if ratio is None else ratio - 1
