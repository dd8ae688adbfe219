"""Scoring laws: worked values of the official tables, sentences, and what the linter is told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rules.language_samples import Names
from xlbudget.figures import Interval
from xlbudget.rules.language import Name, Number, Value, evaluate, parse, unparse
from xlbudget.rules.laws import Law, LawError

F = Fraction
W, A, B, X = Name("W"), Name("A"), Name("B"), Name("X")
RATIO, INVERSE = Law("正向", "比例"), Law("反向", "反向比例")
CONTROL = Law(
    "预算控制率", "分档", {"bands": ("(-∞,0] 5", "(0,10%] 4", "(10%,20%] 3", "(20%,30%] 2", "(30%,∞) 0")}
)
GRADE = Law("等级", "分档", {"bands": ("[90,∞) 优", "[80,90) 良", "[60,80) 中", "(-∞,60) 差")})
SATISFIED = Law("满意度", "分档", {"bands": ("[90%,∞) 100%", "[80%,90%) 4", "(-∞,80%) 0")})
STAFF = Law("在职人员控制率", "扣分", {"standard": "100%", "step": "1%", "deduct": F(1, 2)})
DONE = {"standard": 1, "step": "5%", "deduct": 2, "direction": "below"}


def score(law: Law, *values: Value) -> Value:
    names = (W, A, B)[: len(values)]
    tree = law.build(*names)
    scope = Names({n.name: v for n, v in zip(names, values, strict=True)})
    again = evaluate(parse(unparse(tree)), scope)
    result = evaluate(tree, scope)
    assert again == result
    return result


@pytest.mark.parametrize(
    ("law", "weight", "target", "actual", "expected"),
    [
        (RATIO, 10, 60, F("51.79"), F("8.63")),
        (RATIO, 10, 100, 100, F(10)),
        (RATIO, 10, 100, 150, F(10)),
        (RATIO, F("3.335"), 2, 2, F("3.335")),
        (RATIO, 10, 100, -5, F(0)),
        (RATIO, 10, 0, 5, ""),
        (RATIO, 10, -1, 5, ""),
        (RATIO, 10, "", 5, ""),
        (RATIO, 10, None, 5, ""),
        (RATIO, 10, 5, None, ""),
        (RATIO, 10, 5, "", ""),
        (RATIO, 10, 5, 0, F(0)),
        (RATIO, 10, "效果明显", 5, ""),
        (RATIO, 10, 5, "效果明显", ""),
        (RATIO, 10, 5, "5", ""),
        (INVERSE, 10, 60, 50, F(10)),
        (INVERSE, 10, 60, 60, F(10)),
        (INVERSE, 10, 60, 80, F("7.5")),
        (INVERSE, 10, 60, 0, F(10)),
        (INVERSE, 10, 0, 0, ""),
        (INVERSE, 10, "", 5, ""),
        (INVERSE, 10, "无", 5, ""),
        (INVERSE, 10, 5, "无", ""),
        (INVERSE, 10, 5, None, ""),
        (Law("", "达标"), 5, 0, 0, F(5)),
        (Law("", "达标"), 5, 10, F("9.99"), F(0)),
        (Law("", "达标", {"relation": "<="}), 5, 10, F("9.99"), F(5)),
        (Law("", "达标", {"relation": "="}), 5, 10, 11, F(0)),
        (Law("", "达标"), 5, "", 3, ""),
    ],
)
def test_targets(law: Law, weight: Value, target: Value, actual: Value, expected: Value) -> None:
    assert score(law, *(F(v) if isinstance(v, int) else v for v in (weight, target, actual))) == expected


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (F("-0.2"), F(5)),
        (F(0), F(5)),
        (F("0.000001"), F(4)),
        (F("0.0000001"), F(5)),  # beyond the six decimals
        (F("0.1"), F(4)),
        (F("0.100001"), F(3)),
        (F("0.2"), F(3)),
        (F("0.3"), F(2)),
        (F("0.3993"), F(0)),
        (F("1.3369"), F(0)),
        (None, ""),
        ("无", ""),
    ],
)
def test_bands_of_points(x: Value, expected: Value) -> None:
    assert CONTROL.arguments == ("实际值",)
    assert evaluate(CONTROL.build(X), Names({"X": x})) == expected


@pytest.mark.parametrize(
    ("x", "grade"), [("59.99", "差"), ("60", "中"), ("80", "良"), ("89.99", "良"), ("90", "优")]
)
def test_bands_of_grades(x: str, grade: str) -> None:
    assert evaluate(GRADE.build(X), Names({"X": F(x)})) == grade


def test_bands_of_shares_take_the_weight_first() -> None:
    assert SATISFIED.arguments == ("分值", "实际值")
    assert [score(SATISFIED, F(6), F(x)) for x in ("0.95", "0.9", "0.85", "0.5")] == [6, 6, 4, 0]
    with pytest.raises(TypeError, match="要2个参数（分值、实际值），给了1个"):
        SATISFIED.build(X)


def test_outside_of_all_bands_there_is_no_score() -> None:
    law = Law("", "分档", {"bands": ("[60,80) 3", "[90,100] 5")})
    tree = law.build(X)
    assert [evaluate(tree, Names({"X": F(x)})) for x in (59, 60, 80, 85, 90, 100, 101)] == [
        "",
        3,
        "",
        "",
        5,
        5,
        "",
    ]


@pytest.mark.parametrize(
    ("params", "weight", "x", "expected"),
    [
        (STAFF.params, 5, F(16, 27), F(5)),
        (STAFF.params, 5, F(85, 64), F(0)),
        (STAFF.params, 5, F("1.05"), F("2.5")),
        (STAFF.params, 5, F("1.0599"), F("2.5")),
        (STAFF.params | {"mode": "ceil"}, 5, F("1.0501"), F(2)),
        (STAFF.params | {"mode": "proportional"}, 5, F("1.0555"), F("2.23")),
        (DONE, 5, F("0.9927"), F(5)),
        (DONE, 5, F("0.928"), F(3)),
        (DONE | {"mode": "ceil"}, 5, F("0.928"), F(1)),
        (DONE, 5, F("0.95"), F(3)),
        (DONE | {"direction": "both"}, 6, F("1.12"), F(2)),
        (DONE | {"direction": "both"}, 6, F("0.88"), F(2)),
        (DONE | {"least": 1}, 5, F("0.5"), F(1)),
        (DONE, 5, "", ""),
    ],
)
def test_deductions(params: dict[str, object], weight: int, x: Value, expected: Value) -> None:
    assert score(Law("", "扣分", params), F(weight), x) == expected


def test_every_whole_percentage_loses_the_right_number_of_points() -> None:
    """INT((95%-p)*100) goes wrong in binary fractions; the law counts exactly."""
    law = Law("", "扣分", {"standard": "95%", "step": "1%", "deduct": 1, "direction": "below"})
    assert [score(law, F(100), F(p, 100)) for p in range(96)] == [F(100 - 95 + p) for p in range(96)]


def test_printed_figures_stay_intervals() -> None:
    result = score(RATIO, F(10), F(60), Interval.around(F("51.79"), F(1, 200)))
    assert result == Interval(F("8.63"), F("8.63"), F("8.63"))


def test_known_weights_fold_away() -> None:
    assert unparse(RATIO.build(Number(F(10)), Number(F(60)), B)) == (
        'IF(ISNUMBER(B),IFERROR(IF(B/60>=1,10,ROUND(10*MAX(0,B/60),2)),""),"")'
    )


def test_sentences() -> None:
    assert RATIO.sentence().startswith(
        "完成值达到目标值的，得满分；未达到的，按“分值×完成值÷目标值”计分（保留2位小数"
    )
    assert CONTROL.sentence() == (
        "按实际值x分档：x≤0的，得5分；0%＜x≤10%的，得4分；10%＜x≤20%的，得3分；20%＜x≤30%的，得2分；30%＜x的，得0分。"
    )
    assert GRADE.sentence().endswith("80≤x＜90的，为“良”；90≤x的，为“优”。")
    assert STAFF.sentence() == "实际值高于100%的，每高于1%扣0.5分，不足一步的不扣，扣完为止；其余得满分。"
    assert Law("", "达标").sentence() == "完成值不低于目标值的，得满分；否则得0分。"


@pytest.mark.parametrize(
    ("bands", "problem"),
    [
        (("(-∞,0] 5", "(0,∞) 1"), ""),
        (("(-∞,0] 5", "[0,∞) 1"), "“x≤0”与“0≤x”两档重叠"),
        (("(-∞,0) 5", "(0,∞) 1"), "“x＜0”与“0＜x”两档之间有空档"),
        (("(-∞,1) 5", "[2,∞) 1"), "“x＜1”与“2≤x”两档之间有空档"),
        (("[0,1] 5", "(1,∞) 1"), "比“0≤x≤1”更小的值没有对应的档"),
        (("(-∞,1] 5", "(1,2] 1"), "比“1＜x≤2”更大的值没有对应的档"),
        (("(-∞,1] 5", "(1,1] 3", "(1,∞) 1"), "“1＜x≤1”这一档取不到任何值"),
        (("(-∞,∞) 5", "(1,2] 3"), "“任何值”与“1＜x≤2”两档重叠"),
        (("(-∞,0.0000001] 5", "(0.0000001,∞) 3"), "分档界限的小数超过6位"),
    ],
)
def test_problems_of_bands(bands: tuple[str, ...], problem: str) -> None:
    assert Law("", "分档", {"bands": bands}).problems() == ([problem] if problem else [])


def test_other_laws_have_few_problems() -> None:
    assert RATIO.problems() == INVERSE.problems() == STAFF.problems() == []
    assert Law("", "扣分", DONE | {"deduct": 0}).problems() == ["每步所扣的分应大于零"]


@pytest.mark.parametrize(
    ("kind", "params", "words"),
    [
        ("阶梯", {}, "没有评分规则种类“阶梯”"),
        ("比例", {"digit": 2}, "不认识的参数 digit"),
        ("比例", {"digits": "两"}, "参数 digits 应为数字"),
        ("比例", {"digits": "0.5"}, "0 到 6 的整数"),
        ("达标", {"relation": "~"}, "参数 relation 写成了 '~'"),
        ("分档", {}, "参数 bands 应为若干行文字"),
        ("分档", {"bands": ("0-10 5",)}, "这一档写错了：0-10 5"),
        ("分档", {"bands": ("(甲,10) 5",)}, "分档的界限“甲”不是数字"),
        ("扣分", {"standard": 1, "step": 0, "deduct": 1}, "必须大于零"),
        ("扣分", {"standard": 1, "deduct": 1}, "缺少参数 step"),
    ],
)
def test_wrong_parameters_get_a_sentence(kind: str, params: dict[str, object], words: str) -> None:
    with pytest.raises(LawError, match=words):
        Law("试", kind, params)
