"""XB_SCORE and XB_GRADE: the pack's laws on numbers and on texts as the form has them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xlbudget.excel.wire import CellError, Value
from xlbudget.packs import available_packs, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.laws import Law
from xlbudget.rules.scores import law_score
from xlbudget_udfs import call, scoring

KNOWN = "、".join(available_packs())

JUDGED = "定性指标，按完成情况评分"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        # the budget's execution
        (["S3-CN", "预算执行率", 10.0, 60.0, 51.79], 8.63),
        (["S3-HB", "预算执行率", 20.0, 60.0, 51.79], 17.26),
        (["S3-CN", "资金得分", 10.0, 60.0, 66.0], 10.0),
        (["", "预算执行率", 10.0, 60.0, 51.79], 8.63),
        (["s3-hn@2020.1", "预算执行率", "10", "60.00", "51.79"], 8.63),
        (["S3-CN", "预算执行率", 10.0, 0.0, 51.79], "预算数为零，不计算得分"),
        (["S3-CN", "预算执行率", 10.0, "六十", 51.79], "预算数“六十”不是数"),
        # indicators: the target says whether more or less is better
        (["S3-CN", "数量指标", 15.0, "8项", "6项"], 11.25),
        (["S3-CN", "产出指标（50分）", 15.0, "8项", "6项"], 11.25),
        (["S3-CN", "产出指标\n（50分）", 15.0, "8项", "9项"], 15.0),
        (["S3-CN", "社会效益", 10.0, "≥90%", "81%"], 9.0),
        (["S3-CN", "定量指标", 10.0, "不低于90%", 0.81], 9.0),
        (["S3-CN", "指标", 10.0, 0.9, "81%"], 9.0),
        (["S3-CN", "成本指标", 10.0, "≤50元", "62.5元"], 8.0),
        (["S3-CN", "成本指标", 10.0, "≤50", 46.78], 10.0),
        (["S3-CN", "成本指标", 10.0, 50.0, 62.5], 10.0),
        (["S3-CN", "成本指标", 10.0, 50.0, 62.5, "≤"], 8.0),
        (["S3-SC", "成本指标", 10.0, 50.0, 62.5, "<="], 8.0),
        (["S3-SC", "数量指标", 10.0, 50.0, 40.0, "≥"], 8.0),
        (["S3-CN", "数量指标", 3.0, 0.3, 0.1 + 0.2], 3.0),
        (["S3-CN", "数量指标", 3.0, 0.1 + 0.2, 0.3], 3.0),
        # what is not computed
        (["S3-CN", "社会效益指标", 10.0, "效果明显", "效果明显"], JUDGED),
        (["S3-CN", "时效指标", 15.0, "2023年12月底前", "2023年12月20日"], JUDGED),
        (["S3-CN", "数量指标", 10.0, "无", 6.0], "填“无”的指标，不计分"),
        (["S3-CN", "数量指标", 10.0, "≥90%", 95.0], "指标值与完成值单位不同，不能计算"),
        (["S3-CN", "数量指标", 10.0, "≥1亿元", "8000万元"], "指标值与完成值单位不同，不能计算"),
        (["S3-CN", "数量指标", 10.0, 6.0, "已完成"], "完成值“已完成”不是数，不能计算"),
        (["S3-CN", "数量指标", 10.0, "见附件", 6.0], "指标值“见附件”不是数，不能计算"),
        (["S3-CN", "数量指标", 10.0, -6.0, 6.0], "目标值不是正数，由人工评定"),
        (["S3-CN", "数量指标", "十分", 6.0, 6.0], "分值“十分”不是数"),
        (["S3-CN", "数量指标", 10.0, 6.0, 6.0, "大"], "目标方向“大”写错了，应为 ≥、≤、= 或 定性"),
        (["S3-CN", "数量指标", 10.0, 6.0, None], ""),
        (["S3-CN", "数量指标", 10.0, None, 6.0], ""),
        (["S3-CN", "数量指标", None, 6.0, 6.0], ""),
        (["S3-CN", None, 10.0, 6.0, 6.0], ""),
        # laws by their names
        (["S3-CN", "正向比例", 10.0, "≥90%", "81%"], 9.0),
        (["S3-CN", "正向比例", 10.0, "≥90%", 0.81], 9.0),
        (["S3-CN", "反向比例", 10.0, 50.0, 62.5], 8.0),
        (["S3-CN", "正向比例", 10.0, "≥90%", 95.0], "目标值与完成值单位不同，不能计算"),
        (["S3-CN", "反向比例", 10.0, "≤1亿元", "12500万元"], "目标值与完成值单位不同，不能计算"),
        (["S3-CN", "正向比例", 10.0, "良好", 1.0], "目标值“良好”不是数"),
        (["S3-CN", "正向比例", 10.0, 0.0, 1.0], "目标值不是正数，由人工评定"),
        # packs and names that there are not
        (["S3-XX", "指标", 10.0, 6.0, 6.0], f"没有规则包“S3-XX”，可用的有：{KNOWN}"),
        (["/etc", "指标", 10.0, 6.0, 6.0], f"没有规则包“/ETC”，可用的有：{KNOWN}"),
        (
            ["S3-CN", "别的", 10.0, 6.0, 6.0],
            "规则包里没有评分规则或指标“别的”，可以写：正向比例、反向比例、预算执行率、定量指标",
        ),
    ],
)
def test_a_score(args: list[Value], expected: Value) -> None:
    assert call("XB_SCORE", args) == expected


def test_columns_of_a_form_at_once() -> None:
    kinds: Value = [["数量指标"], ["质量指标"], ["社会效益指标"], [None]]
    weights: Value = [[10.0], [15.0], [10.0], [None]]
    targets: Value = [["≥90%"], [100.0], ["效果明显"], [None]]
    actuals: Value = [[0.81], [50.0], ["效果明显"], [CellError("#N/A")]]
    found = call("XB_SCORE", ["S3-CN", kinds, weights, targets, actuals])
    assert found == [[9.0], [7.5], [JUDGED], ["#N/A"]]


@pytest.mark.parametrize(
    ("bands", "actual", "expected"),
    [
        (["(-∞,0] 5", "(0,10%] 4", "(10%,∞) 0"], 0.1, Fraction(4)),
        (["(-∞,0] 5", "(0,10%] 4", "(10%,∞) 0"], "10.1%", Fraction(0)),
        (["[0,50%] 100%", "(50%,100%] 60%"], 0.6, Fraction(6)),
    ],
)
def test_laws_of_other_kinds(bands: list[str], actual: Value, expected: Fraction) -> None:
    """Bands, with and without a share of the weight, as other packs have them."""
    law = Law("控制率", "分档", {"bands": bands})
    assert isinstance(actual, str | float)
    assert scoring._by_law(law, 10.0, None, actual) == expected


def test_a_deduction_and_a_value_outside_all_bands() -> None:
    law = Law("变动率", "扣分", {"standard": "100%", "step": "1%", "deduct": "0.5"})
    assert scoring._by_law(law, 5.0, None, 1.025) == 4
    assert law_score(law, {"分值": Fraction(5), "实际值": "102.5%"}) == 4
    few = Law("满意度", "分档", {"bands": ["[90%,100%] 6"]})
    with pytest.raises(ValueError, match="不在任何一档"):
        scoring._by_law(few, None, None, 0.5)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([90.0], "优"),
        ([89.99], "良"),
        ([80.0, "S3-HN"], "良"),
        ([79.995], "中"),
        ([60.0], "中"),
        ([59.9], "差"),
        (["98.63"], "优"),
        ([None], ""),
        (["优秀"], "总分“优秀”不是数"),
        ([90.0, "S9"], f"没有规则包“S9”，可用的有：{KNOWN}"),
    ],
)
def test_a_grade(args: list[Value], expected: Value) -> None:
    assert call("XB_GRADE", args) == expected


def test_grades_of_a_column() -> None:
    assert call("XB_GRADE", [[[95.0], [""], [70.0]]]) == [["优"], [""], ["中"]]


def test_the_bands_are_the_packs() -> None:
    params = pack_program(load_pack("S3-CN")).params
    for name, word in (("等级线_优", "优"), ("等级线_良", "良"), ("等级线_中", "中")):
        line = params[name]
        assert not isinstance(line, tuple)
        assert call("XB_GRADE", [float(line)]) == word
