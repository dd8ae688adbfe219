from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.figures import Figure, Interval, UnitError, convert, parse_figure, round_half_up, shown

from .strategies import MONEY_UNITS, fractions, printed_figures


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure.of(Decimal("43.90")), "43.90"),
        (Figure.of(43.9), "43.9"),
        (Figure.of(Fraction("51.79"), unit="万元"), "51.79万元"),
        (Figure.of(Fraction("0.8632"), 4, percent=True), "86.32%"),
        (Figure.of(Fraction("0.86"), 4, percent=True), "86.00%"),
        (Figure.of(1, 2, percent=True), "100%"),
        (Figure.of(Fraction(3, 1000), unit="‰"), "3‰"),
        (Figure.of(-5), "-5"),
        (Figure.of(Fraction(-1, 1000), 2), "0.00"),
        (Figure.of(Fraction(1, 3), 2), "0.33"),
        (Figure.of(0.1 + 0.2), "0.3"),
        (Figure.of(12345, -3), "12000"),
    ],
)
def test_prints_as_written(figure: Figure, text: str) -> None:
    assert str(figure) == text


def test_plain_leaves_the_unit_out() -> None:
    assert Figure.of(1234.5, 2, "万元").plain == "1234.50"
    assert Figure.of(Fraction("0.8632"), percent=True).plain == "86.32%"


@pytest.mark.parametrize(
    ("value", "decimals"),
    [
        (10, 0),
        (10.5, 1),
        (Decimal("10.00"), 2),
        (Decimal("1E+3"), 0),
        (Fraction(1, 8), 3),
        (Fraction(1, 3), 15),
        (1e-7, 7),
    ],
)
def test_own_decimals(value: int | float | Decimal | Fraction, decimals: int) -> None:
    assert Figure.of(value).decimals == decimals


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("1E+999999"), True])
def test_what_is_no_number(value: float) -> None:
    assert parse_figure(value) is None
    with pytest.raises(ValueError, match="数值"):
        Figure.of(value)


def test_house_precision_only_adds_decimals() -> None:
    assert Figure.of(10).with_decimals(2) == Figure.of(10, 2)
    assert str(Figure.of(10).with_decimals(2)) == "10.00"
    precise = Figure.of(Fraction("1.234"))
    assert precise.with_decimals(2) is precise


def test_interval_is_half_a_last_digit_either_way() -> None:
    assert Figure.of(51.79).interval == Interval.around(Fraction("51.79"), Fraction("0.005"))
    assert Figure.of(26).half == Fraction(1, 2)
    assert Figure.of(26, -1).half == 5
    assert parse_figure("26%").interval == Interval.around(Fraction("0.26"), Fraction("0.005"))  # type: ignore[union-attr]


@given(fractions, st.integers(-3, 8))
def test_what_prints_so_lies_inside(value: Fraction, decimals: int) -> None:
    printed = Figure.of(round_half_up(value, decimals), decimals)
    assert printed.interval.contains(value)


@given(printed_figures())
def test_print_and_parse_round_trip(figure: Figure) -> None:
    assert parse_figure(str(figure)) == figure


@given(printed_figures())
def test_thousands_round_trip(figure: Figure) -> None:
    text = shown(figure.value, figure.decimals, figure.percent, thousands=True)
    again = parse_figure(text)
    assert again is not None
    assert (again.value, again.decimals, again.percent) == (figure.value, figure.decimals, figure.percent)


@given(fractions, st.integers(0, 8), st.booleans())
def test_shown_is_the_rounded_value(value: Fraction, decimals: int, percent: bool) -> None:
    decimals += 2 * percent
    again = parse_figure(shown(value, decimals, percent))
    assert again is not None
    assert (again.value, again.decimals) == (round_half_up(value, decimals), decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "thousands", "text"),
    [
        ("1234567.895", 2, True, "1,234,567.90"),
        ("-1234.5", 0, True, "-1,235"),
        ("999", 0, True, "999"),
        ("1450", -2, False, "1500"),
    ],
)
def test_shown(value: str, decimals: int, thousands: bool, text: str) -> None:
    assert shown(Fraction(value), decimals, thousands=thousands) == text


@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        ("12345.67元", "万元", "1.234567万元"),
        ("51.79万元", "元", "517900元"),
        ("1.2亿元", "万元", "12000万元"),
        ("5千元", "万元", "0.5万元"),
        ("3百万元", "亿元", "0.03亿元"),
        ("-7元", "元", "-7元"),
    ],
)
def test_convert(before: str, unit: str, after: str) -> None:
    figure = parse_figure(before)
    assert figure is not None
    assert str(convert(figure, unit)) == after


def test_converting_keeps_the_precision() -> None:
    yuan = convert(Figure.of(5, unit="万元"), "元")
    assert (yuan.value, yuan.decimals, yuan.half) == (50000, -4, 5000)


@given(printed_figures(), st.sampled_from(MONEY_UNITS), st.sampled_from(MONEY_UNITS))
def test_converting_there_and_back(figure: Figure, unit: str, other: str) -> None:
    money = Figure(figure.value, figure.decimals, unit)
    there = convert(money, other)
    assert convert(there, unit) == money
    assert there.half * money.value == money.half * there.value


@pytest.mark.parametrize(("unit", "to_unit"), [("", "元"), ("元", ""), ("项", "元"), ("‰", "元")])
def test_no_unit_is_assumed(unit: str, to_unit: str) -> None:
    with pytest.raises(UnitError, match="金额单位"):
        convert(Figure.of(5, unit=unit), to_unit)
