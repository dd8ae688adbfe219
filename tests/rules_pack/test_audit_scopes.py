"""Rules over groups of rows and over several projects; status of a rule, causes, identity of a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlbudget.packs import Pack, load_pack
from xlbudget.rules.model import Finding, OutcomeKind, Severity
from xlbudget.rules.record import FormRecord

from .packs_made import made_pack, write_pack
from .records_made import ROWS, audited, outcomes, project, summary, told

CN = load_pack("S3-CN")


def second(fields: dict[str, str] | None = None, rows: dict[int, dict[str, str]] | None = None) -> FormRecord:
    """Another project without error, with goals of its own."""
    own = {"项目名称": "信访接待经费", "预期目标": "接待来访。", "实际完成情况": "接待来访126批次。"}
    return project({**own, **(fields or {})}, rows)


def places(finding: Finding) -> list[str]:
    return [p.address for p in finding.places]


# ---- groups of neighbouring rows ----


def test_a_group_is_told_with_all_its_cells() -> None:
    (group, whole) = audited(CN, project(rows={5: {"分值": "25", "得分": "25"}})).findings
    assert told([group, whole]) == [
        ("S3-03-2", "附件2-1!G17", "30", "40", "10"),
        ("S3-03-3", "附件2-1!G20", "100", "110", "10"),
    ]
    assert places(group) == ["附件2-1!G17", "附件2-1!G18"]
    assert group.message == "“效益指标（30分）”下各指标分值合计为40，规定为30，多10。"
    assert [(o.place.ref, o.shown) for o in group.operands if o.place] == [
        ("G17", "15"),
        ("G18", "25"),
        ("B17", "效益指标（30分）"),
    ]


def test_every_group_is_one_subject() -> None:
    groups = outcomes(audited(CN, project()), "S3-03-2")
    assert [(o.kind, o.subject) for o in groups] == [(OutcomeKind.PASSED, "招商推介经费")] * 3


def test_rows_apart_are_not_one_group() -> None:
    """The same label above and below another group: two runs, neither of them complete."""
    lines = [*ROWS[:3], *ROWS[4:6], ROWS[3], ROWS[6]]
    findings = audited(CN, project(rows=lines)).findings
    assert told(findings) == [
        ("S3-03-2", "附件2-1!G13", "50", "40", "-10"),
        ("S3-03-2", "附件2-1!G18", "50", "10", "-40"),
    ]
    assert [places(f) for f in findings] == [
        ["附件2-1!G13", "附件2-1!G14", "附件2-1!G15"],
        ["附件2-1!G18"],
    ]


# ---- several projects ----


def test_two_projects_without_error() -> None:
    assert told(audited(CN, project(), second()).findings) == []


def test_the_report_against_the_projects() -> None:
    report = summary({"报告_年初预算数": "102", "报告_全年执行数": "60", "报告_到位资金": "210"})
    findings = audited(CN, project(), second(), report).findings
    assert told(findings) == [
        ("S3-11-1", "汇总!C8", "120.00", "102.00", "-18.00"),
        ("S3-11-3", "汇总!E8", "120.00", "60.00", "-60.00"),
        ("S3-11-5", "汇总!E9", "≤120.00", "210.00", "90.00"),
    ]
    assert places(findings[0]) == ["汇总!C8", "汇总!C7"]
    assert findings[0].message == "自评报告所列年初预算数102.00万元，各项目合计为120.00万元，少18.00万元。"


def test_a_report_that_is_filled_in_part() -> None:
    report = summary({"报告_年初预算数": "120", "报告_全年执行数": "", "报告_到位资金": ""})
    assert told(audited(CN, project(), second(), report).findings) == [
        ("S3-11-7", "汇总!E8", "应填写", "空白", ""),
        ("S3-11-8", "汇总!E9", "应填写", "空白", ""),
    ]


def test_the_summary_against_the_projects() -> None:
    rows = [{"年初预算数": "60", "执行率": "100%", "自评得分": "100"}, {"全年执行数": "50", "自评得分": "90"}]
    report = summary({"合计_全年执行数": "110", "平均得分": "95"}, rows)
    assert told(audited(CN, project(), second(), report).findings) == [
        ("S3-11-11", "汇总!E6", "60.00", "50.00", "-10.00"),
        ("S3-11-13", "汇总!G6", "100", "90", "-10"),
        ("S3-11-17", "汇总!E7", "120.00", "110.00", "-10.00"),
        ("S3-11-19", "汇总!G7", "100", "95", "-5"),
    ]


def test_grades() -> None:
    report = summary({"报告_等级": "良"}, [{"报告等级": "优"}, {"报告等级": "中"}])
    assert told(audited(CN, project(), second(), report).findings) == [
        ("S3-15-1", "汇总!I6", "优", "中", ""),
        ("S3-15-2", "汇总!I8", "优", "良", ""),
    ]


def test_the_same_text_in_several_projects() -> None:
    copied = {"预期目标": "促成招商项目6项。", "实际完成情况": "接待来访126批次。"}
    findings = audited(CN, project(), second(copied)).findings
    assert told(findings) == [
        ("S3-13-1", "附件2-1!C11", "", "", ""),
        ("S3-13-1", "附件2-2!C11", "", "", ""),
    ]
    assert findings[1].message == "“信访接待经费”的预期目标与本单位其他项目完全相同（共2个项目相同）。"


def test_the_base_of_the_cost_target() -> None:
    """One project takes the initial budget as its target, the other the year's."""
    initial = second({"年初_财政拨款": "62"}, {3: {"年度指标值": "≤62万元"}})
    year = project({"年初_财政拨款": "61"})
    assert told(audited(CN, year, initial).findings) == [
        ("S3-14-2", "附件2-1!E16", "", "", ""),
        ("S3-14-2", "附件2-2!E16", "", "", ""),
    ]
    assert told(audited(CN, project(), initial).findings) == []  # 60 is both: no base of its own


YEARS = {
    "a project": (["2023", "2022", "2023"], "2023", [("S3-19-3", "附件2-2!A2", "2023", "2022", "-1")]),
    "the first project": (
        ["2022", "2023", "2023"],
        "2023",
        [("S3-19-3", "附件2-1!A2", "2023", "2022", "-1")],
    ),
    "the summary": (["2023", "2023", "2023"], "2032", [("S3-19-4", "汇总!A2", "2023", "2032", "9")]),
}


@pytest.mark.parametrize(("years", "of_summary", "expected"), YEARS.values(), ids=YEARS.keys())
def test_the_year_of_one_form_differs(
    years: list[str], of_summary: str, expected: list[tuple[str, str, str, str, str]]
) -> None:
    names = ("甲", "乙", "丙")
    forms = [
        second(
            {"年度": y, "项目名称": n, "预期目标": n, "实际完成情况": n},
            {2: {"实际完成值": "", "年度指标值": ""}},
        )
        for y, n in zip(years, names, strict=True)
    ]
    findings = audited(CN, *forms, summary({"年度": of_summary})).findings
    assert [t for t in told(findings) if t[0].startswith("S3-19")] == expected


@pytest.mark.parametrize("numbers", [["6", "2"], ["1", "1"], ["0", "2"], ["", "2"]])
def test_numbers_of_the_projects(numbers: list[str]) -> None:
    """placed() numbers blank cells itself, so a blank one never reaches the audit from data."""
    report = summary(rows=[{"序号": n} for n in numbers])
    expected = {"6": [5], "0": [5], "1": [5, 6], "": []}[numbers[0]]
    findings = audited(CN, project(), second(), report).findings
    assert told(findings) == [("S3-11-21", f"汇总!A{row}", "", "", "") for row in expected]


# ---- status of a rule ----


def with_status(folder: Path, status: str) -> Pack:
    return made_pack(folder, f'[[rule]]\nid = "S3-01-1"\nstatus = "{status}"\n')


def test_a_rule_on_trial_only_notes(tmp_path: Path) -> None:
    (finding,) = audited(with_status(tmp_path, "试行"), project({"年初预算数": "62.34"})).findings
    assert (finding.rule, finding.severity, finding.trial) == ("S3-01-1", Severity.NOTICE, True)


def test_a_rule_that_is_off_leaves_no_outcome(tmp_path: Path) -> None:
    result = audited(with_status(tmp_path, "停用"), project({"年初预算数": "62.34"}))
    assert outcomes(result, "S3-01-1") == []
    assert result.findings == []


def test_a_trial_ends_with_the_pack_that_confirms_it(tmp_path: Path) -> None:
    write_pack(tmp_path, '[[rule]]\nid = "S3-01-1"\nstatus = "试行"\n')
    city = made_pack(tmp_path, '[[rule]]\nid = "S3-01-1"\nstatus = "正式"\n', name="市", extends="T")
    (finding,) = audited(city, project({"年初预算数": "62.34"})).findings
    assert (finding.severity, finding.trial, city.lineage) == (Severity.ERROR, False, ("市", "T", "S3-CN"))


# ---- causes ----


def test_the_same_difference_is_one_cause() -> None:
    """One wrong weight shows three times: one group. The unrelated finding stays apart."""
    findings = audited(CN, project({"总得分": "99"}, {0: {"分值": "17", "得分": "17"}})).findings
    assert [(f.rule, f.difference, f.cause) for f in findings] == [
        ("S3-03-2", "2", "同一差额 2"),
        ("S3-03-3", "2", "同一差额 2"),
        ("S3-05-1", "-3", "S3-05-1 总分等于各项得分之和"),
    ]


def test_a_difference_counts_whatever_its_sign_and_idle_zeros() -> None:
    findings = audited(CN, project({"全年预算数": "66"}), second({"总得分": "94"})).findings
    assert [(f.rule, f.difference, f.cause) for f in findings] == [
        ("S3-01-2", "6.00", "同一差额 6"),
        ("S3-05-1", "-6", "同一差额 6"),
    ]


def test_findings_of_one_rule_are_one_cause() -> None:
    copied = {"预期目标": "促成招商项目6项。"}
    causes = {f.cause for f in audited(CN, project(), second(copied)).findings}
    assert causes == {"S3-13-1 不同项目的预期目标雷同"}


# ---- identity ----


def test_a_fingerprint_is_the_rule_and_its_cell() -> None:
    (first,) = audited(CN, project({"年初预算数": "62.34"})).findings
    (same,) = audited(CN, project({"年初预算数": "70"})).findings
    assert first.message != same.message
    assert first.fingerprint == same.fingerprint


def test_another_cell_or_another_rule_has_another_fingerprint() -> None:
    result = audited(CN, project({"年初预算数": "66", "全年预算数": "66"}), second({"年初预算数": "66"}))
    assert [f.rule for f in result.findings] == ["S3-01-1", "S3-01-1", "S3-01-2"]
    assert len({f.fingerprint for f in result.findings}) == 3


def test_a_fingerprint_survives_the_other_findings() -> None:
    alone = audited(CN, project({"总得分": "99"})).findings[0]
    among = audited(CN, project({"总得分": "98", "年初预算数": "66"})).findings
    assert alone.fingerprint in {f.fingerprint for f in among}
