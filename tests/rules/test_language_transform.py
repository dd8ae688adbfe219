"""Looking into trees and rewriting them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rules.language_samples import Maker
from xlbudget.rules.language import (
    FormulaError,
    Name,
    Number,
    Text,
    columns_in,
    evaluate,
    fold,
    literal,
    names_in,
    parse,
    substitute,
    unparse,
)


def test_names_and_columns_in_order_of_appearance() -> None:
    tree = parse("IF(乙>甲,SUM(指标[得分],指标[分值],指标[得分]),甲)")
    assert names_in(tree) == ("乙", "甲")
    assert columns_in(tree) == (("指标", "得分"), ("指标", "分值"))


def test_substitute_keeps_the_structure() -> None:
    tree = substitute(parse("甲*乙"), {"甲": parse("1+2"), "乙": Name("丙")})
    assert unparse(tree) == "(1+2)*丙"


def test_substitute_a_list_into_arguments() -> None:
    tree = substitute(parse("ISIN(甲,允许值,1)"), {"允许值": (Text("a"), Text("b"))})
    assert unparse(tree) == 'ISIN(甲,"a","b",1)'
    with pytest.raises(FormulaError, match="只能作函数的参数"):
        substitute(parse("允许值&1"), {"允许值": (Text("a"),)})


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("1+2*3", "7"),
        ("甲+(1+2)", "甲+3"),
        ("1-3", "-2"),
        ("2*-3", "-6"),
        ("10%", "0.1"),
        ("1/4", "0.25"),
        ("1/3", "1/3"),
        ("1/0", "1/0"),
        ('"a"&1', '"a1"'),
        ("IF(1>0,甲,乙)", "甲"),
        ("IF(1<0,甲)", "FALSE"),
        ("IF(1/0,甲,乙)", "IF(1/0,甲,乙)"),
        ('IF("折算"="并入",甲,IF(TRUE,乙,丙))', "乙"),
        ('NUMVAL("≥90%")*甲', "0.9*甲"),
        ("SUM(1,2,甲)", "SUM(1,2,甲)"),
        ("ROUND(2/3,2)", "0.67"),
        ("IFERROR(1/0,5)", "5"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert unparse(fold(parse(text))) == folded


def test_folding_never_changes_a_value() -> None:
    for seed in range(40):
        maker = Maker(seed)
        scope = maker.scope()
        for text in (maker.formula() for _ in range(10)):
            tree = parse(text)
            values = {name: literal(v) for name, v in scope.names.items() if v is not None}
            assert evaluate(fold(tree), scope) == evaluate(tree, scope)
            known = fold(substitute(tree, {"甲": values["甲"], "乙": values["乙"]}))
            assert parse(unparse(known)) == known
            assert evaluate(known, scope) == evaluate(
                substitute(tree, {"甲": values["甲"], "乙": values["乙"]}), scope
            )


def test_numbers_that_no_literal_writes_stay_exact() -> None:
    assert unparse(Number(Fraction(1, 3))) == "1/3"
    assert unparse(Number(Fraction(-5))) == "-5"
    assert unparse(Number(Fraction(-1, 8))) == "-0.125"
    assert evaluate(parse(unparse(Number(Fraction(7, 3)))), Maker(0).scope()) == Fraction(7, 3)
