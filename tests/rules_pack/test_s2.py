"""S2, the overall self-evaluation: a real unit is answered at the right cells, and passes once corrected."""

from __future__ import annotations

import pytest

from xlbudget.packs import Pack, load_pack
from xlbudget.packs.lint import lint
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.model import Finding, OutcomeKind, Severity

from .records_made import outcomes, told
from .s2_made import AS_PUBLISHED, CLAIMED, CORRECTED, LINES, SCORE, audited, base, record, score

PACKS = ("S2-HN", "S2-HN15", "S2-HNC8", "S2-YY")
REPORT = {"报告得分": "98", "报告等级": "优"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("S2-HN")


def published(pack: Pack) -> list[Finding]:
    return audited(pack, base(AS_PUBLISHED, pack), score(CLAIMED, pack, REPORT)).findings


@pytest.mark.parametrize("name", PACKS)
def test_pack_is_sound(name: str) -> None:
    assert [str(p) for p in lint(load_pack(name))] == []
    assert load_pack(name).disclosure == "S2"


# ---- a real unit ----------------------------------------------------------------------------------------


def test_the_published_figures(pack: Pack) -> None:
    assert told(published(pack)) == [
        ("S2-04-3", "基础数据表!F22", "266.29", "409.70", "143.41"),
        ("S2-07-1", "基础数据表!E27", "409.70", "266.29", "-143.41"),
        ("S2-05-1", "评分表!I11", "", "", ""),
        ("S2-02-1", "评分表!I8", "0", "5", "5"),
        ("S2-10-1", "评分表!I20", "", "", ""),
        ("S2-03-11", "评分表!I21", "93", "98", "5"),
    ]


def test_one_cause_for_one_wrong_number(pack: Pack) -> None:
    causes = {f.rule: f.cause for f in published(pack)}
    assert causes["S2-02-1"] == causes["S2-03-11"] == "同一差额 5"
    assert causes["S2-04-3"] == causes["S2-07-1"] == "同一差额 143.41"


def test_an_excuse_changes_no_score(pack: Pack) -> None:
    lines = {**CLAIMED, "预算控制率": {"扣分原因": "属每年常规增加，无法纳入年初预算，不扣分"}}
    found = audited(pack, base(AS_PUBLISHED, pack), score(lines, pack)).findings
    (finding,) = [f for f in found if f.rule == "S2-02-1"]
    assert finding.message == "“预算控制率”的指标值为133.69%，分值5，按评价标准应得0分，填报5分，多5。"
    assert finding.severity is Severity.ERROR


def test_the_corrected_twin_passes(pack: Pack) -> None:
    lines = {**CLAIMED, "预算控制率": {"得分": "0", "扣分原因": "追加超过年初预算的30%"}}
    result = audited(pack, base(CORRECTED, pack), score(lines, pack, {**REPORT, "报告得分": "93"}))
    assert result.findings == []
    assert result.broken == []
    assert {o.kind for o in outcomes(result, "S2-02-1")} == {OutcomeKind.PASSED, OutcomeKind.SKIPPED}
    assert sum(o.kind is OutcomeKind.PASSED for o in outcomes(result, "S2-02-1")) == 11


def test_without_the_base_data_nothing_is_judged_by_them(pack: Pack) -> None:
    result = audited(pack, score({"管理制度健全性": {"得分": "6"}}, pack, {"报告得分": "100"}))
    assert result.broken == []
    assert {f.rule for f in result.findings} == {"S2-08-1", "S2-03-12", "S2-10-3"}
    reasons = {o.reason for o in outcomes(result, "S2-02-1")}
    assert reasons == {"没有《部门整体支出绩效评价基础数据表》"}


def test_a_typed_value_must_be_that_of_the_base_data(pack: Pack) -> None:
    lines = {**CLAIMED, "预算控制率": {"指标值": "39.93%"}, "在职人员控制率": {"指标值": "59.3%"}}
    found = audited(pack, base(AS_PUBLISHED, pack), score(lines, pack)).findings
    assert [t for t in told(found) if t[0] == "S2-01-1"] == [
        ("S2-01-1", "评分表!K8", "133.69%", "39.93%", "-93.76%")
    ]


def test_weights_of_groups(pack: Pack) -> None:
    lines = {**CLAIMED, "“三公经费”变动率": {"分值": "8", "得分": "8"}}
    found = audited(pack, base(CORRECTED, pack), score(lines, pack)).findings
    rules = {f.rule for f in found if f.cause == "同一差额 3"}
    assert rules >= {"S2-03-1", "S2-03-2", "S2-03-3", "S2-03-6"}
    assert any(f.rule == "S2-02-4" for f in found)  # the standard still prints 计5分


# ---- the official lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_the_official_lines_agree_with_the_weights_of_the_pack(name: str) -> None:
    """Full scores on the blank form break no rule about weights; what is unknown is marked so."""
    pack = load_pack(name)
    weights = [p for p in pack.params.values() if p.name.startswith("分值_")]
    assert all("待核" in p.basis for p in weights if p.value == "")
    result = audited(pack, base({}, pack), score({}, pack))
    assert not [f for f in result.findings if f.rule.startswith(("S2-03-", "S2-02-4"))]
    checked = [o for o in outcomes(result, "S2-03-6") if o.kind is OutcomeKind.PASSED]
    known = sum(r.get("分值", "") != "" for r in pack.form(SCORE).rowset_by_name[LINES].standard)
    assert len(checked) == known == {"S2-HN": 16, "S2-HN15": 2, "S2-HNC8": 4, "S2-YY": 9}[name]


def test_derived_cells_of_a_blank_form_show_nothing(pack: Pack) -> None:
    whole = record(pack, base({}, pack), score({}, pack))
    found = derive(pack_program(pack), whole)
    form = next(whole.of(SCORE))
    assert [found.cell(form, LINES, i, "指标值") for i in range(16)] == [""] * 16
    assert [found.cell(form, LINES, i, "应得分") for i in range(16)] == [""] * 16
