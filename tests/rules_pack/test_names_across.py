"""Names of one form in the formulas and rules of another."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.rules_pack.trees_made import audited, record, table, totals, tree_pack
from xlbudget.packs import Pack
from xlbudget.packs.lint import lint
from xlbudget.packs.pages import live_formula
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.model import OutcomeKind, Rule
from xlbudget.rules.scope import Evaluation, UnknownName


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return tree_pack(tmp_path_factory.mktemp("pack"))


def rule_text(**changes: str) -> str:
    lines = {
        "id": "N-1",
        "title": "试验",
        "severity": "错误",
        "form": "总表",
        "left": "N(总表_本年支出)",
        "relation": "=",
        "right": "N(支出表_本年支出合计)",
        "message": "应为{应为}。",
        "advice": "核对。",
        "basis": "试验",
        "why": "试验用。",
        **changes,
    }
    body = "\n".join(f'{k} = "{v}"' for k, v in lines.items())
    cases = [f"{k} = ['总表_本年支出=1；支出表_本年支出合计={n}']" for k, n in (("pass", 1), ("fail", 2))]
    return "\n".join(["[[rule]]", body, "marks = ['总表_本年支出']", *cases, ""])


def test_a_finding_points_to_the_cells_of_both_forms(pack: Pack) -> None:
    (finding,) = [f for f in audited(pack, table(), totals(总表_本年支出="30")).findings if f.rule == "X-OUT"]
    assert [p.address for p in finding.places] == ["总表!B5", "支出!C5"]
    assert (finding.expected, finding.actual, finding.difference) == ("23.35", "30.00", "6.65")
    assert finding.message == "总表的本年支出是30.00万元，支出表的合计是23.35万元。"


def test_its_operands_too(pack: Pack) -> None:
    fields = {"支出表_本年支出合计": "23.35"}
    result = audited(pack, table((), fields), totals(总表_本年支出="30"))
    (finding,) = [f for f in result.findings if f.rule == "X-OUT"]
    assert [(o.name, o.place.address, o.shown) for o in finding.operands if o.place] == [
        ("本年支出·决算数", "总表!B5", "30.00"),
        ("合计·本年支出合计", "支出!C5", "23.35"),
    ]


def test_the_rows_of_another_form(pack: Pack) -> None:
    (finding,) = [f for f in audited(pack, table(), totals(总表_社保="9")).findings if f.rule == "X-208"]
    assert (finding.expected, finding.actual) == ("12.35", "9.00")
    assert finding.operands[0].shown == "9.00"
    assert {o.place.sheet for o in finding.operands[1:] if o.place} == {"支出"}


def test_a_quantity_defined_on_another_form(pack: Pack) -> None:
    (finding,) = [f for f in audited(pack, table(), totals(总表_本年支出="30")).findings if f.rule == "X-GAP"]
    assert (finding.expected, finding.actual) == ("≥0", "-5")
    assert [o.name for o in finding.operands] == ["本年收入·决算数", "本年支出·决算数"]


@pytest.mark.parametrize(
    ("forms", "rule", "reason"),
    [
        ("总表", "X-OUT", "没有《支出决算表》"),
        ("总表", "X-208", "没有《支出决算表》"),
        ("支出表", "X-GAP", "没有《收入支出决算总表》"),
        ("支出表", "X-OUT", "没有“收入支出决算总表”"),
    ],
)
def test_without_the_other_form_a_rule_is_skipped(pack: Pack, forms: str, rule: str, reason: str) -> None:
    form = totals(总表_社保="1") if forms == "总表" else table()
    (outcome,) = [o for o in audited(pack, form).outcomes if o.rule == rule]
    assert (outcome.kind, outcome.reason) == (OutcomeKind.SKIPPED, reason)


def test_formulas_over_another_form(pack: Pack) -> None:
    both, alone = record(pack, table(), totals()), record(pack, totals(总表_年末结转="4"))
    program = pack_program(pack)
    derived = derive(program, both)
    assert derived.field(both.forms[1], "总表_年末结转") == Fraction("1.65")
    assert derived.field(both.forms[1], "总表_社保") == Fraction("12.35")
    assert derive(program, alone).field(alone.forms[0], "总表_年末结转") == ""
    scope = Evaluation(program, alone).form(alone.forms[0])
    assert scope.name("总表_年末结转") == 4  # as reported, where the formula cannot be computed


def test_names_with_填报数_and_计算数_of_another_form(pack: Pack) -> None:
    made = record(pack, table(fields={"支出表_本年支出合计": "20"}), totals())
    scope = Evaluation(pack_program(pack), made).form(made.forms[1])
    values = [scope.name(f"{p}支出表_本年支出合计") for p in ("", "填报数:", "计算数:")]
    assert values == [Fraction("23.35"), 20, Fraction("23.35")]
    with pytest.raises(UnknownName):
        scope.name("没有这个名称")


def test_no_live_highlight_over_two_sheets(pack: Pack) -> None:
    rule: Rule = pack.rule_by_id["X-OUT"]
    assert live_formula(rule, pack_program(pack)) == "无（支出表_本年支出合计：在另一张表上）"


def test_a_name_of_two_other_forms_means_neither(tmp_path: Path) -> None:
    twin = """
    [[form]]
    id = "{0}"
    title = "{0}"
    sheet = "{0}"
    widths = [10]
    [[form.block]]
    name = "head"
    rows = 1
    [[form.field]]
    name = "两处都有"
    block = "head"
    at = "A1"
    kind = "money"
    captions = ["", "数"]
    """
    text = twin.format("甲") + twin.format("乙")
    assert lint(tree_pack(tmp_path / "1", text)) == []
    text += rule_text(right="两处都有")
    assert "规则 N-1 右式：没有名称“两处都有”" in map(str, lint(tree_pack(tmp_path / "2", text)))


def test_formulas_that_need_each_other_across_forms(tmp_path: Path) -> None:
    text = """
    [[form]]
    id = "甲"
    title = "甲"
    sheet = "甲"
    widths = [10, 10]
    [[form.block]]
    name = "head"
    rows = 1
    [[form.field]]
    name = "甲数"
    block = "head"
    at = "A1"
    kind = "money"
    captions = ["", "数"]
    formula = "N(乙数)+1"
    [[form]]
    id = "乙"
    title = "乙"
    sheet = "乙"
    widths = [10, 10]
    [[form.block]]
    name = "head"
    rows = 1
    [[form.field]]
    name = "乙数"
    block = "head"
    at = "A1"
    kind = "money"
    captions = ["", "数"]
    formula = "N(甲数)+1"
    """
    told = [str(p) for p in lint(tree_pack(tmp_path, text))]
    assert told == ["甲“甲数”的公式：绕了一圈又用到自己", "乙“乙数”的公式：绕了一圈又用到自己"]


def test_examples_fill_both_forms(tmp_path: Path) -> None:
    assert lint(tree_pack(tmp_path / "1", rule_text())) == []
    text = rule_text(right="总表_收支差").replace("pass = ['", "pass = ['总表_收支差=1；")
    told = [str(p) for p in lint(tree_pack(tmp_path / "2", text.replace('"总表"', '"支出表"')))]
    assert "例子里的“总表_收支差”是算出来的" in "；".join(told)
