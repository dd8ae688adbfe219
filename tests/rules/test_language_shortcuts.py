"""The compiler's shortcuts give what the general functions give, for every kind of value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product

import pytest

from xlbudget.figures import Interval
from xlbudget.rules.language import ErrorValue, Frame, Value, evaluate, parse
from xlbudget.rules.language.functions import FUNCTIONS
from xlbudget.rules.language.operators import ARITHMETIC
from xlbudget.rules.language.values import Cells, Fault

VALUES: list[Value] = [
    None,
    "",
    " ",
    "Ab",
    "ab%",
    "无",
    "TRUE",
    "1.5",
    True,
    False,
    Fraction(0),
    Fraction(1),
    Fraction(3, 2),
    Fraction(-7, 3),
    Interval.around(Fraction(3, 2), Fraction(1, 200)),
    Interval.point(0),
    ErrorValue("#N/A"),
    ErrorValue("#DIV/0!"),
]


class Given:
    """A scope with single values and one column."""

    frame: Frame | None = None

    def __init__(self, column: Sequence[Value] = (), **values: Value) -> None:
        self.values = values
        self.cells = column

    def name(self, name: str, /) -> Value:
        return self.values[name]

    def column(self, rowset: str, name: str, /) -> Sequence[Value]:
        return self.cells


def general(run: Callable[..., Value], *args: Value | Cells) -> Value:
    try:
        return run(*args)
    except Fault as fault:
        return fault.error


def strict(fn: str, *args: Value) -> Value:
    """A function whose single values are no errors."""
    for v in args:
        if isinstance(v, ErrorValue):
            return v
    return general(FUNCTIONS[fn].run, *args)


def same(found: Value, wanted: Value) -> bool:
    return type(found) is type(wanted) and found == wanted


LITERALS: dict[str, Value] = {
    '""': "",
    '"aB"': "aB",
    '"无"': "无",
    "0": Fraction(0),
    "1.5": Fraction(3, 2),
    "0.1": Fraction(1, 10),
}


@pytest.mark.parametrize("literal", LITERALS)
@pytest.mark.parametrize("op", ["=", "<>", "<", ">", "<=", ">="])
def test_comparisons_with_literals(op: str, literal: str) -> None:
    node = parse(f"x{op}{literal}")
    for v in VALUES:
        wanted = general(ARITHMETIC[op], v, LITERALS[literal])
        assert same(evaluate(node, Given(x=v)), wanted), v


@pytest.mark.parametrize("literal", LITERALS)
def test_comparisons_of_columns_with_literals(literal: str) -> None:
    """SUMPRODUCT counts the rows that meet them; an error in one is the result."""
    for v in VALUES:
        wanted = general(ARITHMETIC["<>"], v, LITERALS[literal])
        found = evaluate(parse(f"SUMPRODUCT(--(行[x]<>{literal}))"), Given(column=["Ab", v]))
        first = Fraction(ARITHMETIC["<>"]("Ab", LITERALS[literal]) is True)
        assert found == (wanted if isinstance(wanted, ErrorValue) else first + bool(wanted)), v


@pytest.mark.parametrize("fn", ["AND", "OR"])
def test_and_or(fn: str) -> None:
    node = parse(f"{fn}(x,y,x=y)")
    for x, y in product(VALUES, repeat=2):
        third = general(ARITHMETIC["="], x, y)
        wanted = general(FUNCTIONS[fn].run, Cells((x,)), Cells((y,)), third)
        assert same(evaluate(node, Given(x=x, y=y)), wanted), (x, y)


@pytest.mark.parametrize("fn", ["NOT", "N"])
def test_functions_of_one_value(fn: str) -> None:
    for v in VALUES:
        assert same(evaluate(parse(f"{fn}(x)"), Given(x=v)), strict(fn, v)), v


def test_questions_about_texts() -> None:
    for v in VALUES:
        scope = Given(x=v)
        assert same(evaluate(parse("ISNUMBER(x)"), scope), FUNCTIONS["ISNUMBER"].run(v)), v
        assert same(evaluate(parse('ISIN(x,"AB","")'), scope), strict("ISIN", v, "AB", "")), v
        assert same(evaluate(parse('ISIN(x,"无","ab%")'), scope), strict("ISIN", v, "无", "ab%")), v
        wanted = general(FUNCTIONS["HASANY"].run, v, "B", "%", ".*")
        assert same(evaluate(parse('HASANY(x,"B","%",".*")'), scope), wanted), v
        place = strict("FIND", "b", v)
        assert same(evaluate(parse('ISNUMBER(FIND("b",x))'), scope), isinstance(place, Fraction)), v


def test_a_frame_asks_for_each_name_once() -> None:
    asked: list[str] = []

    def name(name: str) -> Value:
        asked.append(name)
        return Fraction(1)

    frame = Frame(name, lambda rowset, column: ())

    scope = Given()
    scope.frame = frame
    for text in ("AND(x>0,y>0)", "OR(x>0,y<0)", "x+y"):
        evaluate(parse(text), scope)
    assert asked == ["x", "y"]


def test_what_a_scope_raises_is_not_remembered() -> None:
    frame = Frame(Given().name, Given().column)
    for _ in range(2):
        with pytest.raises(KeyError):
            frame["unknown"]
    assert "unknown" not in frame
