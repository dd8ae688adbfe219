from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.figures import ceil_steps, floor_steps, round_down, round_half_up, round_up

from .strategies import fractions, positives

digits = st.integers(-4, 6)
ties = st.builds(
    lambda n, d: Fraction(2 * n + 1, 2) / Fraction(10) ** d, st.integers(-(10**6), 10**6), digits
)


@pytest.mark.parametrize(
    ("value", "places", "half_up", "down", "up"),
    [
        ("2.5", 0, "3", "2", "3"),
        ("-2.5", 0, "-3", "-2", "-3"),
        ("1.005", 2, "1.01", "1.00", "1.01"),
        ("-1.005", 2, "-1.01", "-1.00", "-1.01"),
        ("0.125", 2, "0.13", "0.12", "0.13"),
        ("2.675", 2, "2.68", "2.67", "2.68"),
        ("8.631666", 2, "8.63", "8.63", "8.64"),
        ("1450", -2, "1500", "1400", "1500"),
        ("-1450", -2, "-1500", "-1400", "-1500"),
        ("49", -2, "0", "0", "100"),
        ("7", 2, "7", "7", "7"),
        ("0", 0, "0", "0", "0"),
        ("-0.4", 0, "0", "0", "-1"),
    ],
)
def test_rounds_like_excel(value: str, places: int, half_up: str, down: str, up: str) -> None:
    x = Fraction(value)
    assert round_half_up(x, places) == Fraction(half_up)
    assert round_down(x, places) == Fraction(down)
    assert round_up(x, places) == Fraction(up)


@given(st.decimals(-(10**9), 10**9, places=7), st.integers(0, 6))
def test_agrees_with_decimal(value: Decimal, places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    for ours, mode in ((round_half_up, ROUND_HALF_UP), (round_down, ROUND_DOWN), (round_up, ROUND_UP)):
        assert ours(Fraction(value), places) == Fraction(value.quantize(unit, rounding=mode))


@given(ties, digits)
def test_ties_go_away_from_zero(x: Fraction, places: int) -> None:
    half = Fraction(1, 2) / Fraction(10) ** places
    if (x / half).denominator == 1 and (x / half).numerator % 2:
        assert round_half_up(x, places) == (x + half if x > 0 else x - half)


@given(fractions, digits)
def test_result_is_a_multiple_and_near(x: Fraction, places: int) -> None:
    unit = Fraction(10) ** -places
    for rounded in (round_half_up(x, places), round_down(x, places), round_up(x, places)):
        assert (rounded / unit).denominator == 1
        assert abs(rounded - x) < unit
    assert abs(round_half_up(x, places) - x) <= unit / 2
    assert abs(round_down(x, places)) <= abs(x) <= abs(round_up(x, places))


@given(fractions, digits)
def test_symmetric_and_stable(x: Fraction, places: int) -> None:
    for mode in (round_half_up, round_down, round_up):
        assert mode(-x, places) == -mode(x, places)
        assert mode(mode(x, places), places) == mode(x, places)


@given(fractions, fractions, digits)
def test_rounding_never_falls(x: Fraction, y: Fraction, places: int) -> None:
    low, high = sorted((x, y))
    for mode in (round_half_up, round_down, round_up):
        assert mode(low, places) <= mode(high, places)


@pytest.mark.parametrize(
    ("excess", "step", "whole", "begun"),
    [("0", "5", 0, 0), ("-3", "5", 0, 0), ("7.2", "5", 1, 2), ("10", "5", 2, 2), ("0.73", "5", 0, 1)],
)
def test_steps(excess: str, step: str, whole: int, begun: int) -> None:
    assert floor_steps(Fraction(excess), Fraction(step)) == whole
    assert ceil_steps(Fraction(excess), Fraction(step)) == begun


def test_whole_percents_below_a_standard_count_exactly() -> None:
    """In binary floats every second of these comes out one too small."""
    for percent in range(96):
        assert floor_steps(Fraction(95, 100) - Fraction(percent, 100), Fraction(1, 100)) == 95 - percent


@given(fractions, positives)
def test_steps_bracket_the_excess(excess: Fraction, step: Fraction) -> None:
    whole, begun = floor_steps(excess, step), ceil_steps(excess, step)
    assert whole * step <= max(excess, Fraction(0)) <= begun * step
    assert 0 <= begun - whole <= 1


@pytest.mark.parametrize("count", [floor_steps, ceil_steps])
@pytest.mark.parametrize("step", [0, -1])
def test_a_step_must_be_positive(count, step: int) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="步长"):
        count(1, step)
