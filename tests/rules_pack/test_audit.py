"""The audit on hand-made projects: one thing wrong, the exact finding, and none once it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlbudget.packs import load_pack
from xlbudget.rules.model import OutcomeKind, Severity

from .packs_made import made_pack, rule
from .records_made import audited, outcomes, project, told

CN = load_pack("S3-CN")
Finding = tuple[str, str, str, str, str]  # rule, cell, expected, actual, difference


def at(rule_id: str, ref: str, expected: str = "", actual: str = "", difference: str = "") -> Finding:
    return (rule_id, f"附件2-1!{ref}", expected, actual, difference)


def test_a_project_without_error_has_no_finding() -> None:
    result = audited(CN, project())
    assert told(result.findings) == []
    assert result.broken == []


LATE = {"年度指标值": "2023年10月31日前完成"}
GOOD_EFFECT = {"年度指标值": "效果明显", "偏差原因": "说明"}
WHY = {"总分说明": "说明"}

FIELD_ERRORS: dict[str, tuple[dict[str, str], list[Finding]]] = {
    "sum of the initial budget": (
        {"年初预算数": "62.34"},
        [at("S3-01-1", "E6", "60.00", "62.34", "2.34")],
    ),
    "sum of the year's budget": (
        {"全年预算数": "66"},
        [at("S3-01-2", "F6", "60.00", "66.00", "6.00")],
    ),
    "sum of what was spent": (
        {"全年执行数": "6"},
        [at("S3-01-3", "G6", "60.00", "6.00", "-54.00")],
    ),
    "total without sources": (
        {"年初_财政拨款": "", "年初预算数": "60"},
        [at("S3-01-4", "E7")],
    ),
    "execution rate": ({"执行率": "98%"}, [at("S3-02-1", "I6", "100.00%", "98%", "-2.00%")]),
    "rate of one source": (
        {"执行率_财政拨款": "90%"},
        [at("S3-02-5", "I7", "100.00%", "90%", "-10.00%")],
    ),
    "score of the execution": ({"资金得分": "9"}, [at("S3-02-2", "J6", "10", "9", "-1")]),
    "no budget of the year": ({"全年_财政拨款": ""}, [at("S3-02-3", "F6")]),
    "weight of the execution": (
        {"资金分值": "11"},
        [at("S3-03-1", "H6", "10", "11", "1"), at("S3-03-3", "G20", "100", "101", "1")],
    ),
    "sum of the weights": ({"总分值": "90"}, [at("S3-03-4", "G20", "100", "90", "-10")]),
    "total": ({"总得分": "99"}, [at("S3-05-1", "H20", "100", "99", "-1")]),
    "no total": ({"总得分": ""}, [at("S3-05-1", "H20", "100", "空白")]),
    "budget set to what was spent": ({"年初_财政拨款": "80"}, [at("S3-10-1", "F6")]),
    "no initial budget": ({"年初_财政拨款": ""}, [at("S3-10-2", "E6")]),
    "no year": ({"年度": ""}, [at("S3-19-1", "A2", "应填写", "空白")]),
}


@pytest.mark.parametrize(("fields", "expected"), FIELD_ERRORS.values(), ids=FIELD_ERRORS.keys())
def test_a_wrong_field(fields: dict[str, str], expected: list[Finding]) -> None:
    assert told(audited(CN, project(fields)).findings) == expected


ROW_ERRORS: dict[str, tuple[int, dict[str, str], list[Finding]]] = {
    "weight too large": (
        0,
        {"分值": "16", "得分": "16"},
        [at("S3-03-2", "G13", "50", "51", "1"), at("S3-03-3", "G20", "100", "101", "1")],
    ),
    "no weight": (
        5,
        {"分值": ""},
        [
            at("S3-03-2", "G17", "30", "15", "-15"),
            at("S3-03-3", "G20", "100", "85", "-15"),
            at("S3-03-5", "G18", "应填写", "空白"),
        ],
    ),
    "no score": (5, {"得分": ""}, [at("S3-04-2", "H18", "应填写", "空白")]),
    "score above its weight": (5, {"得分": "16"}, [at("S3-04-3", "H18")]),
    "not in proportion": (
        1,
        {"实际完成值": "81%", "得分": "9", "偏差原因": "说明"},
        [at("S3-04-1", "H14", "8.1", "9", "0.9")],
    ),
    "lost points without a reason": (1, {"实际完成值": "81%", "得分": "8.1"}, [at("S3-06-1", "I14")]),
    "reached and yet not full": (
        1,
        {"得分": "8", "偏差原因": "说明"},
        [at("S3-07-1", "H14", "≥10", "8", "-2")],
    ),
    "not reached and yet full": (1, {"实际完成值": "81%"}, [at("S3-07-2", "H14", "8.1", "10", "1.9")]),
    "below the band of what was reached": (
        5,
        {**GOOD_EFFECT, "实际完成值": "效果明显", "得分": "9"},
        [at("S3-07-3", "H18", "≥12", "9", "-3")],
    ),
    "above the band of a part": (
        5,
        {**GOOD_EFFECT, "实际完成值": "部分达成", "得分": "12"},
        [at("S3-07-4", "H18")],
    ),
    "above the band of nothing": (
        5,
        {**GOOD_EFFECT, "实际完成值": "未达成", "得分": "10"},
        [at("S3-07-5", "H18", "<9", "10", "1")],
    ),
    "late and yet full": (2, LATE, [at("S3-07-6", "H15")]),
    "not a value": (6, {"实际完成值": "≥95%"}, [at("S3-08-1", "F19")]),
    "no actual value": (6, {"实际完成值": ""}, [at("S3-08-3", "F19", "应填写", "空白")]),
    "no target": (6, {"年度指标值": ""}, [at("S3-08-5", "E19", "应填写", "空白")]),
    "not a number": (6, {"实际完成值": "已完成"}, [at("S3-08-4", "F19")]),
    "another unit": (4, {"年度指标值": "≥0.5亿元"}, [at("S3-08-6", "F17")]),
    "a rate and a number": (6, {"实际完成值": "95"}, [at("S3-08-6", "F19")]),
    "no such day": (2, {"年度指标值": "2023年12月81日前完成"}, [at("S3-08-8", "F15")]),
    "far above the target": (5, {"实际完成值": "151人"}, [at("S3-09-1", "F18", "≤150", "151", "1")]),
    "cost that was not spent": (
        3,
        {"实际完成值": "58万元"},
        [at("S3-14-1", "F16", "60.00", "58.00", "-2.00")],
    ),
    "cost target from nowhere": (3, {"年度指标值": "≤66万元"}, [at("S3-14-3", "E16")]),
    "placeholder": (5, {"三级指标": "XX人数"}, [at("S3-17-1", "D18")]),
    "rate above 100 %": (6, {"实际完成值": "101%"}, [at("S3-17-4", "F19")]),
    "target that any value reaches": (
        5,
        {"年度指标值": "≥0人"},
        [at("S3-17-7", "E18")],
    ),
    "another year": (
        2,
        {"年度指标值": "2024年12月31日前完成"},
        [at("S3-19-5", "E15")],
    ),
}


@pytest.mark.parametrize(("row", "cells", "expected"), ROW_ERRORS.values(), ids=ROW_ERRORS.keys())
def test_a_wrong_row(row: int, cells: dict[str, str], expected: list[Finding]) -> None:
    assert told(audited(CN, project(rows={row: cells})).findings) == expected


def test_fail_then_fix_then_pass() -> None:
    """Each correction takes its own finding away and leaves the rest."""
    spent = {"执行_财政拨款": "51.79", "资金得分": "10"}
    cost = {3: {"实际完成值": "51.79万元"}}
    score = at("S3-02-2", "J6", "8.63", "10", "1.37")
    reason = at("S3-06-2", "I20")
    actual = at("S3-14-1", "F16", "51.79", "60.00", "8.21")
    assert told(audited(CN, project(spent)).findings) == [score, reason, actual]
    assert told(audited(CN, project(spent, cost)).findings) == [score, reason]
    fixed = {**spent, "资金得分": "8.63"}
    assert told(audited(CN, project(fixed, cost)).findings) == [reason]
    assert told(audited(CN, project({**fixed, **WHY}, cost)).findings) == []


def test_a_number_typed_over_a_target_is_told_with_its_cells() -> None:
    """A finding names its place, what it marks, its operands with their cells, and the sentence."""
    result = audited(
        CN, project({"执行_财政拨款": "51.79", "资金得分": "10", **WHY}, {3: {"实际完成值": "51.79"}})
    )
    (finding,) = result.findings
    assert [p.address for p in finding.places] == ["附件2-1!J6"]
    assert finding.message == "预算执行得分填报10，按分值10×执行率86.32%应为8.63，多1.37。"
    assert [(o.name, o.place.ref if o.place else "", o.shown) for o in finding.operands] == [
        ("年度资金总额·得分", "J6", "10"),
        ("年度资金总额·执行率", "I6", "86.32%"),
        ("年度资金总额·分值", "H6", "10"),
    ]
    assert finding.severity is Severity.ERROR
    assert finding.subject == "招商推介经费"
    assert finding.advice == "改正得分；得分保留两位小数，最高不超过分值。"


# ---- the four outcomes ----

BROKEN = rule(left='"不存在的栏目"', right='"1"')


def test_the_four_outcomes_are_told_apart(tmp_path: Path) -> None:
    pack = made_pack(tmp_path, BROKEN)
    result = audited(pack, project({"年初预算数": "62.34", "执行率": ""}))
    kinds = {
        rule_id: [(o.kind, o.reason, len(o.findings)) for o in outcomes(result, rule_id)]
        for rule_id in ("S3-02-3", "S3-01-1", "S3-02-2", "S3-10-2", "T-1")
    }
    assert kinds == {
        "S3-02-3": [(OutcomeKind.PASSED, "", 0)],
        "S3-01-1": [(OutcomeKind.FINDING, "", 1)],
        "S3-02-2": [(OutcomeKind.SKIPPED, "没有填报，由公式计算", 0)],
        "S3-10-2": [(OutcomeKind.PASSED, "", 0)],
        "T-1": [(OutcomeKind.BROKEN, "没有栏目“不存在的栏目”", 0)],
    }
    assert [o.rule for o in result.broken] == ["T-1"]
    assert "T-1" not in {f.rule for f in result.findings}


SKIPS = {
    "not applicable": ("S3-02-4", {"全年_财政拨款": ""}, "不适用"),
    "not reported": ("S3-02-1", {}, "没有填报，由公式计算"),
    "missing input": ("S3-02-1", {"全年_财政拨款": "", "执行率": "100%"}, "缺少计算所需的数"),
}


@pytest.mark.parametrize(("rule_id", "fields", "reason"), SKIPS.values(), ids=SKIPS.keys())
def test_a_skipped_rule_says_why(rule_id: str, fields: dict[str, str], reason: str) -> None:
    (outcome,) = outcomes(audited(CN, project(fields)), rule_id)
    assert (outcome.kind, outcome.reason, outcome.findings) == (OutcomeKind.SKIPPED, reason, ())


def test_a_needed_name_that_is_blank_is_named() -> None:
    (outcome,) = outcomes(audited(CN, project()), "S3-11-1")
    assert (outcome.kind, outcome.reason) == (OutcomeKind.SKIPPED, "缺少：报告_年初预算数")


def test_a_rule_of_a_form_that_is_not_there_is_skipped(tmp_path: Path) -> None:
    result = audited(CN)
    reasons = {(o.kind, o.reason) for o in result.outcomes if o.rule == "S3-02-2"}
    assert reasons == {(OutcomeKind.SKIPPED, "没有“项目支出绩效自评表”")}


BROKEN_RULES = {
    "no such name": ({"left": '"不存在的栏目"'}, "没有栏目“不存在的栏目”"),
    "no such function": ({"left": '"VLOOKUP(1,2)"'}, "没有函数 VLOOKUP（第1个字符）"),
    "no such name in the message": ({"message": '"{不存在}"', "right": '"0"'}, "没有栏目“不存在”"),
    "no such row set": ({"each": '"不存在"'}, "没有行集“不存在”"),
    "no such label": ({"each": '"指标/不存在"'}, "行集“指标”没有列“不存在”"),
    "no such form": ({"form": '"不存在"'}, "没有表样“不存在”"),
    "no such state of a cell": ({"issue": '"不存在"'}, "没有“不存在”这种单元格情况"),
}


@pytest.mark.parametrize(("changes", "reason"), BROKEN_RULES.values(), ids=BROKEN_RULES.keys())
def test_a_broken_rule_is_our_fault_and_stops_nothing(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    result = audited(made_pack(tmp_path, rule(**changes)), project({"年初预算数": "62.34"}))
    assert [(o.rule, o.reason) for o in result.broken] == [("T-1", reason)]
    assert told(result.findings) == [at("S3-01-1", "E6", "60.00", "62.34", "2.34")]
