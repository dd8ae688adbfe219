import operator
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlbudget.figures import Figure, Interval, highest, hull, lowest, round_half_up

from .strategies import fractions, intervals, with_point

OPERATIONS = (operator.add, operator.sub, operator.mul, operator.truediv)


@given(with_point(), with_point(), st.sampled_from(OPERATIONS))
def test_points_inside_operands_give_results_inside(a, b, operation) -> None:  # type: ignore[no-untyped-def]
    (left, x), (right, y) = a, b
    assume(operation is not operator.truediv or not right.contains(0))
    result = operation(left, right)
    assert result.contains(operation(x, y))
    assert result.mid == operation(left.mid, right.mid)


@given(with_point(), fractions, st.sampled_from(OPERATIONS))
def test_plain_numbers_mix_in_on_either_side(a, number: Fraction, operation) -> None:  # type: ignore[no-untyped-def]
    interval, x = a
    if operation is not operator.truediv or number:
        assert operation(interval, number).contains(operation(x, number))
    if operation is not operator.truediv or not interval.contains(0):
        result = operation(number, interval)
        assert result.contains(operation(number, x))
        assert result.mid == operation(number, interval.mid)


@given(with_point())
def test_negation_and_absolute_value(a: tuple[Interval, Fraction]) -> None:
    interval, x = a
    assert (-interval).contains(-x)
    assert 0 - (0 - interval) == interval
    assert -interval == 0 - interval
    assert abs(interval).contains(abs(x))
    assert abs(interval).lo >= 0
    assert abs(interval).mid == abs(interval.mid)


@given(with_point(), st.integers(-3, 4))
def test_rounding_contains_rounded_points(a: tuple[Interval, Fraction], digits: int) -> None:
    interval, x = a
    assert interval.round_half_up(digits).contains(round_half_up(x, digits))
    assert interval.round_half_up(digits).mid == round_half_up(interval.mid, digits)


@given(with_point(), with_point())
def test_lowest_and_highest_contain_min_and_max(a, b) -> None:  # type: ignore[no-untyped-def]
    (left, x), (right, y) = a, b
    assert lowest(left, right).contains(min(x, y))
    assert highest(left, right).contains(max(x, y))
    assert lowest(left, right).mid == min(left.mid, right.mid)
    assert highest(left, right).mid == max(left.mid, right.mid)


@given(intervals(), intervals())
def test_hull_holds_both(a: Interval, b: Interval) -> None:
    both = hull(a, b)
    assert both.contains(a)
    assert both.contains(b)
    assert both.mid == a.mid


@given(with_point(), intervals())
def test_a_common_point_means_they_meet(a: tuple[Interval, Fraction], other: Interval) -> None:
    interval, x = a
    assert interval.intersects(other) == other.intersects(interval)
    if other.contains(x):
        assert interval.intersects(other)


@given(fractions, fractions)
def test_arithmetic_of_points_is_that_of_fractions(x: Fraction, y: Fraction) -> None:
    a, b = Interval.point(x), Interval.point(y)
    assert (a + b, a - b, a * b) == (Interval.point(x + y), Interval.point(x - y), Interval.point(x * y))
    if y:
        assert a / b == Interval.point(x / y)
    assert a.exact


@pytest.mark.parametrize(
    "divisor", [Interval.around(0, 1), Interval.point(0), Interval(*map(Fraction, (0, 1, 2)))]
)
def test_division_by_what_may_be_zero(divisor: Interval) -> None:
    with pytest.raises(ZeroDivisionError):
        Interval.point(1) / divisor
    with pytest.raises(ZeroDivisionError):
        1 / divisor


def test_division_by_the_number_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        Interval.around(5, 1) / 0


def test_touching_ends_count() -> None:
    assert Interval.around(1, Fraction(1, 2)).intersects(Interval.around(2, Fraction(1, 2)))
    assert not Interval.around(1, Fraction(1, 2)).intersects(Interval.around(2, Fraction(49, 100)))


def test_ends_must_be_in_order() -> None:
    with pytest.raises(ValueError, match="区间"):
        Interval(Fraction(1), Fraction(0), Fraction(2))


def test_sum_of_printed_parts_widens_by_their_halves() -> None:
    parts = [Figure.of(x, 2).interval for x in (15.04, 7.99, 0.41)]
    total = parts[0] + parts[1] + parts[2]
    assert total == Interval.around(Fraction("23.44"), Fraction("0.015"))


def test_text_names_mid_and_ends() -> None:
    assert str(Interval.point(3)) == "3"
    assert str(Interval.around(3, Fraction(1, 2))) == "3 [5/2, 7/2]"
