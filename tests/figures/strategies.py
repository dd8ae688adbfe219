"""Generators of exact numbers, figures and intervals with points inside them."""

from fractions import Fraction

from hypothesis import strategies as st

from xlbudget.figures import Figure, Interval

fractions = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
positives = st.fractions(min_value=Fraction(1, 1000), max_value=10**6, max_denominator=10**4)
weights = st.fractions(min_value=0, max_value=1, max_denominator=50)
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")


@st.composite
def printed_figures(draw: st.DrawFn) -> Figure:
    """Figures as parsing gives them: the value has no more decimals than are shown."""
    places = draw(st.integers(0, 6))
    number = Fraction(draw(st.integers(-(10**12), 10**12)), 10**places)
    kind = draw(st.sampled_from(("", "%", "‰", *MONEY_UNITS)))
    if kind == "%":
        return Figure(number / 100, places + 2, percent=True)
    if kind == "‰":
        return Figure(number / 1000, places + 3, kind)
    return Figure(number, places, kind)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    return Interval(*sorted((draw(fractions), draw(fractions), draw(fractions))))


@st.composite
def with_point(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval and a number inside it, often one of its ends."""
    interval = draw(intervals())
    return interval, interval.lo + draw(weights) * interval.width
