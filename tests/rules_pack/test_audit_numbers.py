"""Numbers in the audit: hidden digits, bases of zero, derived against reported values, odd cells."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xlbudget.figures import parse_figure
from xlbudget.packs import load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.causes import TAILS
from xlbudget.rules.derive import derive
from xlbudget.rules.model import OutcomeKind, Severity
from xlbudget.rules.record import CellIssue, Entry

from .records_made import audited, outcomes, project, record, summary, told

CN = load_pack("S3-CN")
THREE = {"年初_财政拨款": "20", "年初_上年结转": "20", "年初_其他资金": "20"}
SHORT = {"执行_财政拨款": "51.79", "总分说明": "说明"}
COST = {3: {"实际完成值": "51.79万元"}}


# ---- differences within the printed digits ----

SUMS = {
    "one term, within": ({"年初预算数": "60.01"}, "0.01", True),
    "one term, beyond": ({"年初预算数": "60.02"}, "0.02", False),
    "three terms, within": ({**THREE, "年初预算数": "60.02"}, "0.02", True),
    "three terms, beyond": ({**THREE, "年初预算数": "60.03"}, "0.03", False),
    "three terms, below and within": ({**THREE, "年初预算数": "59.98"}, "-0.02", True),
}


@pytest.mark.parametrize(("fields", "difference", "tail"), SUMS.values(), ids=SUMS.keys())
def test_half_a_unit_per_printed_number(fields: dict[str, str], difference: str, tail: bool) -> None:
    """A sum and its n terms may differ by (n + 1) / 2 units of the last digit: told, and never an error."""
    (finding,) = audited(CN, project(fields)).findings
    assert (finding.rule, finding.difference, finding.tail) == ("S3-01-1", difference, tail)
    assert finding.severity is (Severity.NOTICE if tail else Severity.ERROR)
    assert (finding.cause == TAILS) is tail
    assert finding.message.endswith("属于尾差，可不改。") is tail


def test_tails_are_one_group() -> None:
    other = project({"项目名称": "乙", "预期目标": "乙。", "实际完成情况": "乙。", "全年执行数": "59.99"})
    report = summary({"报告_年初预算数": "120.01", "报告_全年执行数": "120", "报告_到位资金": "120"})
    result = audited(CN, project({"年初预算数": "60.01"}), other, report)
    assert told(result.findings) == [
        ("S3-01-1", "附件2-1!E6", "60.00", "60.01", "0.01"),
        ("S3-01-3", "附件2-2!G6", "60.00", "59.99", "-0.01"),
        ("S3-11-1", "汇总!C8", "120.00", "120.01", "0.01"),
    ]
    assert {f.cause for f in result.findings} == {TAILS}
    assert result.count(Severity.ERROR) == 0


@pytest.mark.parametrize(
    ("rate", "told_as"),
    [("86.32%", []), ("86.3167%", []), ("86.31%", [("S3-02-1", True)]), ("86.36%", [("S3-02-1", False)])],
)
def test_a_rate_is_right_to_the_digits_that_it_is_printed_with(
    rate: str, told_as: list[tuple[str, bool]]
) -> None:
    """51.79 / 60.00 is 86.3166… %, and for what the two hide between 86.301 % and 86.333 %."""
    result = audited(CN, project({**SHORT, "执行率": rate}, COST))
    assert [(f.rule, f.tail) for f in result.findings] == told_as


def test_a_rate_inside_the_interval_of_its_printed_operands_is_a_tail() -> None:
    """9.86 / 10.00 lies between 98.50 % and 98.70 % for what the two hide."""
    fields = {"年初_财政拨款": "10", "全年_财政拨款": "10", "执行_财政拨款": "9.86", "总分说明": "说明"}
    rows = {3: {"年度指标值": "≤10万元", "实际完成值": "9.86万元"}}
    within = audited(CN, project({**fields, "执行率": "98.55%"}, rows)).findings
    beyond = audited(CN, project({**fields, "执行率": "98.30%"}, rows)).findings
    assert [(f.rule, f.tail, f.severity) for f in within] == [("S3-02-1", True, Severity.NOTICE)]
    assert [(f.rule, f.tail, f.severity) for f in beyond] == [("S3-02-1", False, Severity.ERROR)]


def test_scores_have_no_tail() -> None:
    """A score is computed to two decimals by the standard: 0.01 beside it is an error."""
    result = audited(CN, project({**SHORT, "资金得分": "8.62"}, COST))
    assert [(f.rule, f.severity, f.difference) for f in result.findings] == [
        ("S3-02-2", Severity.ERROR, "-0.01")
    ]


# ---- bases of zero ----


@pytest.mark.parametrize("budget", ["", "0"])
def test_no_rate_without_a_base(budget: str) -> None:
    form = project({"全年_财政拨款": budget})
    rec = record(CN, form)
    derived = derive(pack_program(CN), rec)
    assert derived.field(rec.forms[0], "执行率") == ""
    assert derived.field(rec.forms[0], "资金得分") == ""
    assert derived.field(rec.forms[0], "总得分") == 90
    result = audit(pack_program(CN), rec)
    assert told(result.findings) == [("S3-02-3", "附件2-1!F6", "", "", "")]
    assert result.broken == []


def test_a_rate_that_is_claimed_without_a_base_cannot_be_checked() -> None:
    result = audited(CN, project({"全年_财政拨款": "0", "执行率": "100%"}))
    (rate,) = outcomes(result, "S3-02-1")
    assert (rate.kind, rate.reason) == (OutcomeKind.SKIPPED, "缺少计算所需的数")
    assert [f.rule for f in result.findings] == ["S3-02-3"]


def test_no_comparison_with_an_initial_budget_of_zero() -> None:
    """No percentage of nothing: the finding says so and speaks of no rate."""
    (finding,) = audited(CN, project({"年初_财政拨款": "0"})).findings
    assert told([finding]) == [("S3-10-2", "附件2-1!E6", "", "", "")]
    assert "%" not in finding.message
    assert finding.severity is Severity.NOTICE


# ---- derived and reported ----


def test_derived_values() -> None:
    rec = record(CN, project(SHORT, COST))
    derived = derive(pack_program(CN), rec)
    form, total = rec.forms
    names = "年初预算数 全年执行数 执行率 执行率_财政拨款 执行率_其他资金 资金得分 总分值 总得分"
    assert [derived.field(form, n) for n in names.split()] == [
        Fraction(60),
        Fraction("51.79"),
        Fraction(5179, 6000),
        Fraction(5179, 6000),
        "",
        Fraction("8.63"),
        Fraction(100),
        Fraction("98.63"),
    ]
    columns = ("项目", "年初预算数", "执行率", "自评得分", "等级")
    assert [derived.cell(total, "项目", 0, c) for c in columns] == [
        "招商推介经费",
        Fraction(60),
        Fraction(5179, 6000),
        Fraction("98.63"),
        "优",
    ]
    assert derived.field(total, "平均得分") == Fraction("98.63")


def test_derived_values_without_inputs_are_blank() -> None:
    blank = dict.fromkeys(("年初_财政拨款", "全年_财政拨款", "执行_财政拨款"), "")
    rec = record(CN, project(blank, []))
    derived = derive(pack_program(CN), rec)
    names = ("年初预算数", "全年预算数", "全年执行数", "执行率", "资金得分", "总得分")
    assert [derived.field(rec.forms[0], n) for n in names] == [""] * 6


def test_a_wrong_derived_value_is_reported_once() -> None:
    """The total is checked against the score that the rate gives, not against the wrong one reported."""
    result = audited(CN, project({**SHORT, "资金得分": "10", "总得分": "98.63"}, COST))
    assert told(result.findings) == [("S3-02-2", "附件2-1!J6", "8.63", "10", "1.37")]


def test_what_was_reported_is_used_where_nothing_can_be_computed() -> None:
    """Only totals are known: they are taken as they stand, and the missing sources are asked for."""
    sources = ("年初_财政拨款", "全年_财政拨款", "执行_财政拨款")
    totals = {"年初预算数": "60", "全年预算数": "60", "全年执行数": "51.79", "总分说明": "说明"}
    rec = record(CN, project({**dict.fromkeys(sources, ""), **totals, "资金得分": "10"}, COST))
    assert told(audit(pack_program(CN), rec).findings) == [
        ("S3-01-4", "附件2-1!E7", "", "", ""),
        ("S3-01-5", "附件2-1!F7", "", "", ""),
        ("S3-01-6", "附件2-1!G7", "", "", ""),
        ("S3-02-2", "附件2-1!J6", "8.63", "10", "1.37"),
    ]


def test_a_missing_score_is_implied_by_the_total_as_printed() -> None:
    """98 printed and one score blank: that one would be 13, 2 short of its weight."""
    result = audited(CN, project({"总得分": "98"}, {5: {"得分": ""}}))
    assert told(result.findings) == [
        ("S3-04-2", "附件2-1!H18", "应填写", "空白", ""),
        ("S3-05-1", "附件2-1!H20", "85", "98", "13"),
        ("S3-06-1", "附件2-1!I18", "", "", ""),
    ]
    assert result.findings[0].message == "“带动就业”没有填得分；若总分98无误，这里应是13分。"
    assert "得分13（由总分推算），扣2分" in result.findings[2].message


def test_nothing_is_implied_by_a_total_that_is_the_sum_itself() -> None:
    result = audited(CN, project({"总得分": "85"}, {5: {"得分": ""}}))
    assert told(result.findings) == [("S3-04-2", "附件2-1!H18", "应填写", "空白", "")]
    assert result.findings[0].message == "“带动就业”没有填得分。"


# ---- odd cells ----

ODD = {
    "error value": (
        Entry(None, issue=CellIssue.ERROR_VALUE, raw="#DIV/0!"),
        "GEN-01",
        "“年度资金总额·得分”是出错值#DIV/0!。",
    ),
    "text": (
        Entry(None, issue=CellIssue.NOT_A_NUMBER, raw="待定"),
        "GEN-03",
        "“年度资金总额·得分”应填数字，实际是“待定”。",
    ),
    "number as text": (
        Entry(parse_figure("10"), issue=CellIssue.TEXT_NUMBER, raw="10"),
        "GEN-02",
        "“年度资金总额·得分”的“10”是文本，Excel 求和时会漏掉它；审核时已按数字处理。",
    ),
    "formula typed over": (
        Entry(parse_figure("10"), issue=CellIssue.OVERWRITTEN, raw="10"),
        "GEN-04",
        "“年度资金总额·得分”原来是公式，现在是10，公式应得10。",
    ),
    "not found": (
        Entry(None, issue=CellIssue.MISSING, given=False),
        "GEN-05",
        "在表上没有找到“年度资金总额·得分”，涉及它的审核没有进行。",
    ),
}


@pytest.mark.parametrize(("odd", "rule_id", "message"), ODD.values(), ids=ODD.keys())
def test_an_odd_cell(odd: Entry, rule_id: str, message: str) -> None:
    form = project()
    form.fields["资金得分"] = odd
    findings = [f for f in audited(CN, form).findings if f.rule.startswith("GEN-")]
    assert [(f.rule, f.message, [p.address for p in f.places]) for f in findings] == [
        (rule_id, message, ["附件2-1!J6"])
    ]


def test_an_error_value_stops_only_the_rules_that_need_the_cell() -> None:
    form = project({"年初预算数": "62.34"})
    form.fields["执行_其他资金"] = Entry(None, issue=CellIssue.ERROR_VALUE, raw="#REF!")
    result = audited(CN, form)
    (rate,) = outcomes(result, "S3-02-4")
    assert (rate.kind, rate.reason) == (OutcomeKind.SKIPPED, "引用的单元格不能计算（#REF!）")
    assert [f.rule for f in result.findings] == ["S3-01-1", "GEN-01"]
    assert result.broken == []
