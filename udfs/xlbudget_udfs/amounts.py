"""Rates, changes, shares, and amounts in capital characters."""

from __future__ import annotations

from fractions import Fraction

from xlbudget.excel.wire import Scalar
from xlbudget.figures import change, round_half_up, share

from .rmb import capitals
from .values import Sentence, blank, digits_of, number

DIGITS = 4  # decimals of a ratio: 86.32%


def rate(done: Scalar, planned: Scalar, digits: Scalar = None) -> Fraction | str:
    """XB_RATE"""
    if blank(done) or blank(planned):
        return ""
    return _ratio(number(done, "执行数"), number(planned, "预算数"), digits, "预算数为零，不计算执行率")


def part_of(part: Scalar, whole: Scalar, digits: Scalar = None) -> Fraction | str:
    """XB_SHARE"""
    if blank(part) or blank(whole):
        return ""
    return _ratio(number(part, "部分"), number(whole, "合计"), digits, "合计为零，不计算占比")


def _ratio(part: Fraction, whole: Fraction, digits: Scalar, zero: str) -> Fraction:
    found = share(part, whole)
    if found is None:
        raise Sentence(zero)
    return round_half_up(found.mid, digits_of(digits, DIGITS))


def growth(current: Scalar, previous: Scalar, digits: Scalar = None) -> Fraction | str:
    """XB_YOY"""
    if blank(current):
        return ""
    now = number(current, "本年数")
    if blank(previous):
        raise Sentence("上年没有数，不计算增减率")
    before = number(previous, "上年数")
    if before < 0:  # the sign of the rate would say the opposite of what happened
        raise Sentence("上年为负数，不计算增减率")
    found = change(now, before)
    if found is None:
        raise Sentence("上年为零，不计算增减率")
    return round_half_up(found.mid, digits_of(digits, DIGITS))


def rmb(amount: Scalar) -> str:
    """XB_RMB"""
    if blank(amount):
        return ""
    try:
        return capitals(number(amount, "金额"))
    except OverflowError as e:
        raise Sentence(str(e)) from e
