"""Rows that are a hierarchy by their codes: parents, sums, totals, and what the linter asks of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.rules_pack.trees_made import HEAD, ROWS, RULES, TABLE, audited, record, table, tree_pack
from xlbudget.packs import Pack, load_pack
from xlbudget.packs.lint import lint
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.rules.model import OutcomeKind
from xlbudget.rules.record import CellIssue, Entry, FormRecord
from xlbudget.rules.scope import Evaluation
from xlbudget.rules.tree import code_text, tree_of


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return tree_pack(tmp_path_factory.mktemp("pack"))


def amounts(pack: Pack, form: FormRecord, column: str = "基本支出") -> list[str]:
    """What the cells of a column mean, row by row, and at last the total."""
    made = record(pack, form)
    scope = Evaluation(pack_program(pack), made).form(made.forms[0])
    values = [row.name(column) for row in scope.rows("支出明细")]
    values.append(scope.name(f"支出表_{column}"))
    return [f"{float(v):.2f}" if isinstance(v, Fraction) else "" for v in values]


# ---- codes and trees ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2080505", "2080505"),
        (" 208 05 05 ", "2080505"),
        ("２０８０５０５", "2080505"),
        ("208\u300005", "20805"),
        ("合计", "合计"),
        (" 其他 支出 ", "其他 支出"),
        ("208.05", "208.05"),
        ("", ""),
    ],
)
def test_a_code_is_its_digits(typed: str, code: str) -> None:
    assert code_text(typed) == code


@pytest.mark.parametrize(
    ("codes", "parents"),
    [
        ("208 20805 2080501 2080505 221 22102", (-1, 0, 1, 1, -1, 4)),
        ("208 2080501 20805 2080505", (-1, 0, 0, 2)),  # 2080501 stands above its 款
        ("20805 208 2080501", (-1, -1, 0)),  # a parent below its child is none
        ("2080501 2080505", (-1, -1)),
        ("208 2080501", (-1, 0)),  # a level left out
        ("208 20805 208 20899", (-1, 0, -1, 2)),  # the nearest of two
        ("208 - 20805 合计", (-1, -1, 0, -1)),
        ("301 30101 30199", (-1, 0, 0)),
    ],
)
def test_the_parent_is_the_nearest_longest_prefix_above(codes: str, parents: tuple[int, ...]) -> None:
    tree = tree_of([code.strip("-") for code in codes.split()])
    assert tree.parents == parents
    assert tree.top == tuple(i for i, p in enumerate(parents) if p < 0)
    assert sorted(i for below in tree.children for i in below) == [i for i, p in enumerate(parents) if p >= 0]


# ---- sums ---------------------------------------------------------------------------------------------


def test_amounts_with_rows_below_are_their_sums(pack: Pack) -> None:
    assert amounts(pack, table()) == [
        *("11.75", "11.75", "1.50", "10.25", "", ""),
        *("8.00", "8.00", "8.00", "", "19.75"),
    ]
    assert amounts(pack, table(), "项目支出")[-1] == "3.60"
    assert amounts(pack, table(), "本年支出合计")[:2] + amounts(pack, table(), "本年支出合计")[-1:] == [
        *("12.35", "11.75", "23.35")
    ]


def test_what_was_reported_does_not_change_a_sum(pack: Pack) -> None:
    """The 款 is wrong; the 类 above it is still the sum of the 项."""
    form = table(["208|社保|11.75|", "20805|养老|99|", "2080505|养老保险|11.75|"])
    assert amounts(pack, form) == ["11.75", "11.75", "11.75", "11.75"]


def test_a_sum_that_came_without_its_parts_stays(pack: Pack) -> None:
    form = table(["208|社保|7|", "20805|养老||", "2080505|养老保险||"])
    assert amounts(pack, form) == ["7.00", "", "", "7.00"]


def test_nothing_below_gives_nothing(pack: Pack) -> None:
    assert amounts(pack, table(["208|社保||", "20805|养老||"])) == ["", "", ""]


def test_a_total_is_the_sum_of_the_rows_at_the_top_whatever_their_level(pack: Pack) -> None:
    assert amounts(pack, table(["2080505|养老保险|3|", "2080506|职业年金|1|", "22102|住房|2|"]))[-1] == "6.00"


def test_a_derived_cell_is_given_for_sums_and_blank_elsewhere(pack: Pack) -> None:
    made = record(pack, table())
    derived = derive(pack_program(pack), made)
    assert derived.cell(made.forms[0], "支出明细", 0, "基本支出") == Fraction("11.75")
    assert derived.cell(made.forms[0], "支出明细", 2, "基本支出") == ""  # an input
    assert derived.field(made.forms[0], "支出表_基本支出") == Fraction("19.75")


# ---- rules --------------------------------------------------------------------------------------------


def test_a_rule_on_sums_is_told_at_the_row_and_its_children(pack: Pack) -> None:
    form = table(["208|社保|11.75|", "20805|养老|99|", "2080501|离退休|1.5|", "2080505|养老保险|10.25|"])
    result = audited(pack, form)
    (finding,) = [f for f in result.findings if f.rule == "T-TREE"]
    assert (finding.expected, finding.actual, finding.difference) == ("11.75", "99.00", "87.25")
    assert finding.subject == "支出·养老"
    assert finding.place is not None
    assert finding.place.address == "支出!D7"
    assert [(o.name, o.shown) for o in finding.operands] == [
        ("养老·基本支出", "99.00"),
        ("离退休·基本支出", "1.50"),
        ("养老保险·基本支出", "10.25"),
    ]


def test_a_row_without_rows_below_has_no_sum_to_compare(pack: Pack) -> None:
    outcomes = [o for o in audited(pack, table()).outcomes if o.rule == "T-TREE"]
    reasons = {o.subject.rpartition("·")[2]: o.reason for o in outcomes if o.kind is OutcomeKind.SKIPPED}
    assert reasons["住房公积金"] == "不适用"
    assert reasons["住房保障支出"] == "没有填报，由公式计算"
    assert not [o for o in outcomes if o.kind in (OutcomeKind.FINDING, OutcomeKind.BROKEN)]


def test_the_operands_of_a_total_are_the_rows_at_the_top(pack: Pack) -> None:
    form = table(["208|社保|3|", "20805|养老|3|", "221|住房|2|"], {"支出表_基本支出": "8"})
    (finding,) = [f for f in audited(pack, form).findings if f.rule == "T-TOTAL"]
    assert [o.name for o in finding.operands] == ["合计·基本支出", "社保·基本支出", "住房·基本支出"]
    assert finding.message == "合计应为5.00万元，表上是8.00万元。"


def test_a_typed_over_sum_is_told_with_what_it_should_be(pack: Pack) -> None:
    made = record(pack, table())
    cell = made.forms[0].rows["支出明细"][0]["基本支出"]
    made.forms[0].rows["支出明细"][0]["基本支出"] = Entry(
        None, cell.place, issue=CellIssue.OVERWRITTEN, raw="12"
    )
    (finding,) = [f for f in audit(pack_program(pack), made).findings if f.rule == "GEN-OVER"]
    assert (finding.expected, finding.actual) == ("11.75", "12")


# ---- the linter ---------------------------------------------------------------------------------------


def problems(folder: Path, text: str) -> list[str]:
    return [str(p) for p in lint(tree_pack(folder, text))]


def test_the_pack_is_sound(pack: Pack) -> None:
    assert [str(p) for p in lint(pack)] == []
    assert len(ROWS) == 10


EXTRA = """
[[form]]
id = "附表"
title = "附表"
sheet = "附表"
widths = [10, 10]
[[form.block]]
name = "head"
rows = 2
[[form.field]]
name = "附_数"
block = "head"
at = "A1"
kind = "money"
captions = ["", "数"]
formula = "{formula}"
"""


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("合计(总表_本年收入)", "合计() 里只能写分级行集的一列"),
        ("合计(支出明细[没有])", "行集“支出明细”没有列“没有”"),
        ("下级合计(支出明细[基本支出])", "下级合计() 只能用在“支出明细”的一行里"),
        ("合计(支出明细[基本支出])", "合计在另一张表上，请引用那张表的合计栏"),
        ("SUM(支出明细[基本支出])+总表_年末结转", ""),
    ],
)
def test_formulas_over_trees(tmp_path: Path, formula: str, told: str) -> None:
    found = problems(tmp_path, EXTRA.format(formula=formula))
    assert (told in "；".join(found)) if told else found == []
    assert bool(found) is bool(told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('tree = "科目编码"', 'tree = "编码"', "分级所依据的列“编码”不存在"),
        ('kind = "code"', 'kind = "text"', '不是 kind = "code"'),
        ('name = "科目名称"\nat = "B"', 'name = "科目名称"\nat = "B"\ngrouped = true', "也不能有合并的列"),
    ],
)
def test_what_a_tree_needs(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in TABLE
    (tmp_path / "pack.toml").write_text(HEAD + TABLE.replace(old, new, 1) + RULES, encoding="utf-8")
    assert told in "；".join(str(p) for p in lint(load_pack(tmp_path)))
