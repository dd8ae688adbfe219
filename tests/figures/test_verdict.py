"""Worked cases of the numeric policy, all with figures of the two sample disclosures."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.figures import (
    Figure,
    Interval,
    Verdict,
    change,
    parse_figure,
    round_half_up,
    same_quantity,
    share,
    shown,
    verdict,
)

EXACT, TAIL, BROKEN = Verdict.EXACT, Verdict.TAIL, Verdict.BROKEN


def figure(text: str) -> Figure:
    found = parse_figure(text)
    assert found is not None
    return found


def money(text: str) -> Interval:
    return figure(text).with_decimals(2).interval


def literal(text: str) -> Interval:
    return Interval.point(figure(text).value)


def test_execution_rate_and_score() -> None:
    rate = share(literal("51.79"), literal("60"))
    assert rate is not None
    assert shown(rate.mid, 4, percent=True) == "86.32%"
    assert verdict(rate, figure("86.32%").interval) is TAIL
    assert (rate * 10).round_half_up(2) == Interval.point(Fraction("8.63"))


@pytest.mark.parametrize(
    ("part", "whole", "printed", "expected"),
    [
        ("43.95", "59.4", "73.97%", BROKEN),
        ("43.95", "59.4", "73.99%", TAIL),
        ("43.94", "59.4", "73.97%", TAIL),
        ("16", "27", "59.26%", TAIL),
        ("62.34", "62.34", "100%", EXACT),
    ],
)
def test_a_printed_formula_counts_with_its_literals(
    part: str, whole: str, printed: str, expected: Verdict
) -> None:
    rate = share(literal(part), literal(whole))
    assert rate is not None
    assert verdict(rate, figure(printed).interval) is expected
    assert (rate.round_half_up(4).mid == figure(printed).value) is (expected is not BROKEN)


def test_a_ratio_of_printed_figures_is_a_range() -> None:
    """43.5 less than 424.7: the point is 10.24%, and a printed 10.23% is possible."""
    rate = share(figure("43.5").interval, literal("424.7"))
    assert rate is not None
    assert [round_half_up(x, 6) for x in (rate.lo, rate.hi)] == [Fraction("0.102308"), Fraction("0.102543")]
    assert shown(rate.mid, 4, percent=True) == "10.24%"
    assert verdict(rate, figure("10.23%").interval) is TAIL
    assert verdict(rate, figure("10.22%").interval) is BROKEN


@pytest.mark.parametrize(
    ("parts", "total", "expected"),
    [
        (("381.2", "28.5"), "409.7", EXACT),
        (("46.78", "7.49", "51.79"), "106.06", EXACT),
        (("371.52", "29.63", "8.55"), "409.70", EXACT),
        (("371.52", "29.63", "8.54"), "409.70", TAIL),
        (("371.52", "29.63", "8.54"), "409.71", TAIL),
        (("371.52", "29.63", "8.53"), "409.71", BROKEN),
        (("62.34", "10"), "72.35", TAIL),
        (("62.34", "10"), "72.36", BROKEN),
    ],
)
def test_sums_leave_room_for_the_last_digits(parts: tuple[str, ...], total: str, expected: Verdict) -> None:
    computed = sum((money(p) for p in parts), Interval.point(0))
    assert verdict(computed, money(total)) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("409.70", "409.70", EXACT),
        ("409.7", "409.70", EXACT),
        ("409.70", "409.69", TAIL),
        ("409.70", "409.68", BROKEN),
        ("409.7", "409.66", TAIL),
        ("409.7", "409.64", BROKEN),
        ("100%", "99.51%", TAIL),
        ("1.5万元", "15000元", EXACT),
        ("1.50万元", "15049.99元", TAIL),
        ("1.50万元", "15051元", BROKEN),
        ("60", "60万元", EXACT),
    ],
)
def test_the_same_quantity_twice(first: str, second: str, expected: Verdict) -> None:
    assert same_quantity(figure(first), figure(second)) is expected
    assert same_quantity(figure(second), figure(first)) is expected


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12), st.integers(1, 10**4))
def test_honest_rounding_is_never_called_broken(cents: list[int], unit: int) -> None:
    """Amounts in 元, printed in any unit with two decimals: parts, total and shares all stand."""
    amounts = [Fraction(c, 100 * unit) for c in cents]
    printed = [Figure.of(round_half_up(a, 2), 2).interval for a in amounts]
    total = sum(amounts, Fraction(0))
    shown_total = Figure.of(round_half_up(total, 2), 2).interval
    assert verdict(sum(printed, Interval.point(0)), shown_total) is not BROKEN
    rate = share(printed[0], shown_total)
    if rate is not None:
        claimed = Figure.of(round_half_up(amounts[0] / total, 4), 4, percent=True)
        assert verdict(rate, claimed.interval) is not BROKEN


@pytest.mark.parametrize("base", [0, Interval.point(0), Figure.of(0, 2).interval])
def test_a_zero_base_has_no_percentage(base: Interval | int) -> None:
    assert share(5, base) is None
    assert share(0, base) is None
    assert change(5, base) is None


def test_growth() -> None:
    growth = change(literal("39.55"), literal("43.95"))
    assert growth == Interval.point(Fraction(-440, 4395))
    fall = change(literal("381.2"), literal("424.7"))
    assert fall is not None
    assert shown(-fall.mid, 4, percent=True) == "10.24%"
