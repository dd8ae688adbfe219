"""Native Excel formulas: what is written, what is refused, and that our own functions stay truthful."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.language_samples import Grid, Names
from xlbudget.rules.language import (
    FUNCTIONS,
    Binary,
    Call,
    Name,
    NotNative,
    Number,
    evaluate,
    expand,
    parse,
    to_excel,
    walk,
)
from xlbudget.rules.language.native import UNITS

SCOPE = Names({"甲": Fraction(1), "乙": "≥90%"}, {"得分": [Fraction(1)] * 3, "分值": [Fraction(2)] * 3})


@pytest.mark.parametrize(
    ("text", "native"),
    [
        ("=甲+SUM(指标[得分])", "A1+SUM(A2:A4)"),
        ("(甲+1)*2-(3-4)", "(A1+1)*2-(3-4)"),
        ("-甲^2", "-A1^2"),
        ("-(甲^2)", "-(A1^2)"),
        ("5%*甲", "5%*A1"),
        ("0.1000", "0.1"),
        ('"说""好"&TRUE', '"说""好"&TRUE'),
        ("SUMPRODUCT(--(指标[得分]<指标[分值]))", "SUMPRODUCT(--(A2:A4<B2:B4))"),
        ('ISIN(乙,"a","b")', 'OR(B1="a",B1="b")'),
        ('ISIN(甲&"x","a")', 'A1&"x"="a"'),
        ("ISIN(甲>1,TRUE)", "A1>1=TRUE"),
        ('HASANY(乙,"a*","b")', 'OR(ISNUMBER(SEARCH("a~*",B1)),ISNUMBER(SEARCH("b",B1)))'),
        ('HASANY(乙,"~?")', 'ISNUMBER(SEARCH("~~~?",B1))'),
    ],
)
def test_native_text(text: str, native: str) -> None:
    written = to_excel(parse(text), Grid(SCOPE))
    assert written == native


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (parse("DATEVAL(甲)"), "DATEVAL"),
        (parse("IF(甲>1,DATEVAL(甲),1)"), "DATEVAL"),
        (Number(Fraction(12345678901234567, 10)), "15位"),
        (Call("SUM", tuple(parse("NUMVAL(甲)") for _ in range(20))), "8192"),
    ],
)
def test_not_native(node: Call, words: str) -> None:
    with pytest.raises(NotNative, match=words):
        to_excel(node, Grid(SCOPE))


def test_shared_references_replace_own_functions() -> None:
    def shared(call: Call) -> str | None:
        return "目标数" if call.fn in ("NUMVAL", "DATEVAL") else None

    tree = parse("NUMVAL(乙)+DATEVAL(乙)*N(ISIN(甲,1))")
    assert to_excel(tree, Grid(SCOPE), shared) == "目标数+目标数*N(A1=1)"


def test_expansions_use_native_functions_only() -> None:
    for text in ("NUMVAL(甲)", "RELSIGN(甲)", "ISIN(甲,1,2)", "HASANY(甲,乙)"):
        calls = {part.fn for part in walk(expand(parse(text))) if isinstance(part, Call)}
        assert all(FUNCTIONS[fn].native for fn in calls)


NUMVAL, RELSIGN = parse("NUMVAL(x)"), parse("RELSIGN(x)")
NATIVE_NUMVAL, NATIVE_RELSIGN = expand(NUMVAL), expand(RELSIGN)

SIGNS = ["", "≥", "≤", "=", ">", "<", ">=", "≧", "＞", "不低于", "约", " ", "-", "¥"]
DIGITS = ["0", "5", "12", "90", "100.0", "62.34", "1,200", "1,20", ".5", "5.", "1.2.3", "2023", "９０", ""]
ENDS = [
    "",
    *UNITS.strip("¦").split("¦"),
    "年",
    "月",
    "以上",
    "-6项",
    "万人",
    "E3",
    "/2",
    ":30",
    "余人",
    "%%",
    "￥",
    "%¦项",
    "¦%",
]
typed = st.builds("".join, st.tuples(*(st.sampled_from(part) for part in (SIGNS, DIGITS, ENDS))))
wild = st.text(alphabet="≥≤=><.,-/%:年月日项个人次万元E¥¦ 0123456789", max_size=9)


@settings(max_examples=1500, deadline=None)
@given(typed | wild)
def test_native_subset(text: str) -> None:
    """Natively there is our very answer, or none."""
    scope = Names({"x": text})
    ours, native = evaluate(NUMVAL, scope), evaluate(NATIVE_NUMVAL, scope)
    assert native in (ours, "")
    assert evaluate(NATIVE_RELSIGN, scope) in (evaluate(RELSIGN, scope), "")


@pytest.mark.parametrize("unit", ["", *UNITS.strip("¦").split("¦")])
def test_native_reads_common_quantities(unit: str) -> None:
    for sign in ("", "≥", "≤", "="):
        for digits in ("6", "95.50", "100"):
            scope = Names({"x": sign + digits + unit})
            expected = Fraction(digits) / (100 if unit == "%" else 1)
            assert evaluate(NATIVE_NUMVAL, scope) == evaluate(NUMVAL, scope) == expected
            assert evaluate(NATIVE_RELSIGN, scope) == sign


@pytest.mark.parametrize("value", [None, Fraction(-3, 2), True, ""])
def test_native_on_other_contents(value: object) -> None:
    scope = Names({"x": value})  # type: ignore[dict-item]
    assert evaluate(NATIVE_NUMVAL, scope) == evaluate(NUMVAL, scope)
    assert evaluate(NATIVE_RELSIGN, scope) == evaluate(RELSIGN, scope)


def test_built_trees_get_the_brackets_they_need() -> None:
    tree = Binary("*", Binary("+", Name("甲"), Number(Fraction(-2))), Number(Fraction(1, 3)))
    assert to_excel(tree, Grid(SCOPE)) == "(A1+-2)*(1/3)"
