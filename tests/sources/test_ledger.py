"""Ledgers become the nine tables: exactly, the same from every kind of source."""

from __future__ import annotations

import importlib.util
import random
from decimal import Decimal
from pathlib import Path

import pytest

from xlbudget.figures import Figure
from xlbudget.sources import UnitData, read_source
from xlbudget.sources.ledger_tables import nine_tables

from .ledgers_made import GENERAL, Expected, form, ledgers, one_ledger, typed, wan
from .tables import SAMPLES, Tables, sample, to_book, to_folder, to_sqlite

DEMO, SMALL = "ledger-demo", "ledger-small"


@pytest.fixture(scope="module")
def demo() -> UnitData:
    (unit,) = read_source(SAMPLES / DEMO)
    return unit


def read(tables: Tables, folder: Path) -> list[UnitData]:
    return read_source(to_folder(tables, folder / "数据"))


def test_every_amount_of_the_sample_to_the_fen(demo: UnitData) -> None:
    expected = Expected(sample(DEMO))
    (ledger,) = ledgers(sample(DEMO))
    nine = nine_tables(ledger)
    assert {n: Decimal(fen) / 100 for n, fen in nine.fields.items()} == {
        n: v for n, v in expected.fields.items() if v
    }
    got = {
        (rowset, code, column): Decimal(fen) / 100
        for rowset, cells in nine.rows.items()
        for code, row in cells.items()
        for column, fen in row.items()
    }
    assert got == {k: v for k, v in expected.cells.items() if v}


def test_the_record_rounds_every_cell_by_itself(demo: UnitData) -> None:
    expected = Expected(sample(DEMO))
    fields, cells = typed(demo.record)
    assert fields == {n: wan(v) for n, v in expected.fields.items() if v}
    assert cells == {k: wan(v) for k, v in expected.printed.items() if v}


def test_the_record_names_its_unit_year_and_forms(demo: UnitData) -> None:
    assert (demo.record.unit, demo.record.year, demo.pack.disclosure) == ("示例市会展服务中心", 2023, "S1")
    assert demo.record.pack == demo.pack.signature
    for one in demo.record.forms:
        assert one.fields[f"{one.form}_部门"].value == "示例市会展服务中心"
        assert one.fields[f"{one.form}_年度"].value == Figure.of(2023)


def test_rows_have_their_parents_and_names(demo: UnitData) -> None:
    rows = form(demo, "基金表").rows["基金明细"]
    assert [(str(r["科目编码"].value), r["科目名称"].value) for r in rows] == [
        ("212", "城乡社区支出"),
        ("21208", "国有土地使用权出让收入安排的支出"),
        ("2120899", "其他国有土地使用权出让收入安排的支出"),
        ("229", "其他支出"),
        ("22960", "彩票公益金安排的支出"),
        ("2296002", "用于社会福利的彩票公益金支出"),
    ]
    parent, leaf = rows[1], rows[2]
    assert not parent["本年收入"].given  # its sum is the form's business
    assert leaf["本年收入"].value == Figure.of(140, 2)
    assert not leaf["小计"].given
    assert leaf["基本支出"].given
    assert leaf["基本支出"].blank


def test_derived_cells_are_left_to_the_forms(demo: UnitData) -> None:
    for spec in (f for form_ in demo.pack.forms for f in form_.fields if f.derived):
        entries = [f.fields[spec.name] for f in demo.record.forms if spec.name in f.fields]
        assert [e.given for e in entries] == [False]


def test_tails_are_told_and_not_plugged(demo: UnitData) -> None:
    notes = [n for n in demo.notes if "尾差" in n]
    assert notes == [n for n in demo.notes if n.startswith("《")]
    assert any("最大 0.01" in n for n in notes)
    leaves = [c for k, c in typed(demo.record)[1].items() if k[0] == "支出明细"]
    assert sum(leaves) != wan(
        sum(
            Expected(sample(DEMO)).fields[f"总表_支出{c}"]
            for c in ("201", "208", "210", "212", "221", "223", "229")
        )
    )


def test_no_tails_no_note() -> None:
    (unit,) = read_source(SAMPLES / SMALL)
    assert unit.notes == ()


def test_empty_tables_say_so() -> None:
    (unit,) = read_source(SAMPLES / SMALL)
    fund, state = form(unit, "基金表"), form(unit, "国资表")
    assert fund.rows["基金明细"] == []
    assert state.rows["国资明细"] == []
    said = "本单位2022年度没有政府性基金预算财政拨款收支，故本表无数据。"
    assert fund.fields["基金表_说明"].value == said
    assert state.fields["国资表_说明"].value == said.replace("政府性基金预算", "国有资本经营预算")


def test_tables_with_money_say_nothing(demo: UnitData) -> None:
    assert form(demo, "基金表").fields["基金表_说明"].blank
    assert form(demo, "国资表").fields["国资表_说明"].blank


@pytest.mark.parametrize("name", [DEMO, SMALL])
def test_all_kinds_of_sources_give_the_same(name: str, tmp_path: Path) -> None:
    plain = read_source(SAMPLES / name)
    assert read_source(to_book(sample(name), tmp_path / "数据.xlsx")) == plain
    assert read_source(to_sqlite(sample(name), tmp_path / "数据.sqlite")) == plain
    assert read_source(to_folder(sample(name), tmp_path / "数据", "gb18030")) == plain
    path = SAMPLES.parent.parent / "tools" / "build_samples.py"
    spec = importlib.util.spec_from_file_location("build_samples", path)
    assert spec is not None
    assert spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    builder.build(SAMPLES / name, tmp_path / "带类型.sqlite")  # numbers as INTEGER and REAL
    assert read_source(tmp_path / "带类型.sqlite") == plain


def test_the_order_of_rows_does_not_matter(demo: UnitData, tmp_path: Path) -> None:
    tables = sample(DEMO)
    for name in ("执行台账", "收入", "结转结余", "三公", "科目目录"):
        header, *rows = tables[name]
        random.Random(7).shuffle(rows)
        tables[name] = [header, *rows]
    assert read(tables, tmp_path) == [demo]


def test_half_a_cent_of_ten_thousand_rounds_up(tmp_path: Path) -> None:
    tables = one_ledger(
        ["2010301", "30101", GENERAL, "基本支出", "50.00"],
        ["2010301", "30102", GENERAL, "基本支出", "49.99"],
        ["2010302", "30201", GENERAL, "项目支出", "-50.00"],
        ["2080505", "30108", GENERAL, "基本支出", "10.00"],
        ["2080505", "30108", GENERAL, "基本支出", "-10.00"],
    )
    fields, cells = typed(read(tables, tmp_path)[0].record)
    assert (fields["基本_30101"], fields["基本_30102"]) == (Figure.of(0.01).value, 0)
    assert cells["支出明细", "2010302", "项目支出"] == Figure.of(-0.01).value
    assert not any(k[1].startswith("208") for k in cells)  # nothing came of it: no row
    assert "基本_30108" not in fields


def test_what_the_source_says_nothing_about_is_not_given(tmp_path: Path) -> None:
    (unit,) = read(one_ledger(["2010301", "30101", GENERAL, "基本支出", "100"]), tmp_path)
    summary, triple = form(unit, "总表"), form(unit, "三公表")
    assert not summary.fields["总表_事业收入"].given
    assert not summary.fields["总表_年初结转和结余"].given
    assert not triple.fields["三公_决算_接待"].given
    assert summary.fields["总表_支出203"].given
    assert summary.fields["总表_支出203"].blank
    assert [n for n in unit.notes if "没有填" in n] == [
        "数据里没有本单位的“收入”，收入各栏没有填。",
        "数据里没有本单位的“结转结余”，年初、年末结转和结余没有填。",
        "数据里没有本单位的“三公”，“三公”经费表没有填。",
    ]


def test_a_budget_alone_is_nothing_spent(tmp_path: Path) -> None:
    tables = one_ledger(
        ["2010301", "30101", GENERAL, "基本支出", "100"], ["2010302", "30201", GENERAL, "项目支出", ""]
    )
    for row, budget in zip(tables["执行台账"], ["年初预算", "80", "500.00"], strict=True):
        row.append(budget)
    (unit,) = read(tables, tmp_path)
    assert [str(r["科目编码"].value) for r in form(unit, "支出表").rows["支出明细"]] == [
        "201",
        "20103",
        "2010301",
    ]
