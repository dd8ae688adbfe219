"""Intervals through formulas: whatever the exact figures were, the true result lies inside."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.language_samples import Names
from xlbudget.figures import Interval
from xlbudget.rules.language import ErrorValue, Value, evaluate, parse

FORMULAS = [
    "a+b-c",
    "a*b",
    "-a+b%",
    "a/c",
    "ROUND(a*b/100,2)",
    "ROUNDDOWN(a,1)+ROUNDUP(b,0)+INT(c)",
    "ABS(a-b)",
    "MIN(a,b,1)-MAX(b,c)",
    "MOD(a,7)",
    "SUM(a,表[x],2)",
    "AVERAGE(a,表[x])",
    "SUMPRODUCT(表[x],表[x])",
    'SUMIF(表[x],"<>x")',
    "a^3",
    "MIN(10,ROUND(10*a/c,2))",
    "INDEX(表[x],2)+VALUE(a)+N(b)+NUMVAL(c)",
    'IF(TRUE,a,"")+IFERROR(b,0)',
]

numbers = st.builds(Fraction, st.integers(-100_000, 100_000), st.just(100))
halves = st.sampled_from([Fraction(0), Fraction(1, 200), Fraction(1, 20), Fraction(1, 2)])
weights = st.fractions(min_value=-1, max_value=1, max_denominator=8)


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, halves, weights), min_size=5, max_size=5))
def test_true_results_lie_inside(figures: list[tuple[Fraction, Fraction, Fraction]]) -> None:
    shown: list[Value] = [Interval.around(mid, half) for mid, half, _ in figures]
    true: list[Value] = [mid + half * weight for mid, half, weight in figures]
    mids: list[Value] = [mid for mid, _, _ in figures]
    for formula in FORMULAS:
        tree = parse(formula)
        wide, real, middle = (evaluate(tree, _scope(values)) for values in (shown, true, mids))
        if isinstance(wide, ErrorValue):
            assert wide == ErrorValue("#DIV/0!")
            continue
        assert isinstance(wide, Interval)
        assert isinstance(real, Fraction)
        assert wide.contains(real), formula
        assert wide.mid == middle, formula


def _scope(values: list[Value]) -> Names:
    return Names(dict(zip("abc", values, strict=False)), {"x": values[3:]})


def test_conditions_use_the_printed_value() -> None:
    scope = Names({"a": Interval.around(5, 1), "b": Fraction(5)})
    assert evaluate(parse("a=b"), scope) is True
    assert evaluate(parse("IF(a>=b,1,2)"), scope) == 1
    assert evaluate(parse('COUNTIF(a,">=5")'), scope) == 1
    assert evaluate(parse('a&"元"'), scope) == "5元"
    assert evaluate(parse("ISNUMBER(a)"), scope) is True


def test_a_divisor_around_zero_has_no_quotient() -> None:
    scope = Names({"a": Interval.around(1, 0), "b": Interval.around(0, Fraction(1, 200))})
    assert evaluate(parse("a/b"), scope) == ErrorValue("#DIV/0!")
