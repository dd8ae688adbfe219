"""Ledgers as people write them, and what their accountants are told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from xlbudget.figures import Figure
from xlbudget.sources import UnitData, read_source

from .ledgers_made import FUND, GENERAL, INCOME_HEAD, PACK, about, form, ledgers, one_ledger, typed
from .tables import SAMPLES, Tables, drop_column, put, sample, to_book, to_folder

DEMO = "ledger-demo"


@pytest.fixture(scope="module")
def demo() -> UnitData:
    (unit,) = read_source(SAMPLES / DEMO)
    return unit


def read(tables: Tables, folder: Path) -> list[UnitData]:
    return read_source(to_folder(tables, folder / "数据"))


def test_a_ledger_in_several_sheets_is_one(demo: UnitData, tmp_path: Path) -> None:
    tables = sample(DEMO)
    header, *rows = tables.pop("执行台账")
    tables["1-6月"], tables["7-12月"] = [header, *rows[:20]], [header, *rows[20:]]
    (unit,) = read(tables, tmp_path)
    assert unit.record == demo.record
    assert unit.notes == ("执行台账由 2 张表合并：1-6月.csv、7-12月.csv。", *demo.notes)


def test_headings_words_and_units_as_people_write_them(tmp_path: Path) -> None:
    tables: Tables = {
        "单位基本信息": [["填报单位", "决算年度", "规则包", "部门名称"], ["甲", "2023年度", PACK, "甲局"]],
        "支出台账": [
            [
                "支出功能分类科目编码",
                "部门预算支出经济分类（款）",
                "资金 性质",
                "支出类型",
                "支付金额（万元）",
                "摘要",
            ],
            ["[2010301]行政运行", "30101-基本工资", "一般公共预算拨款", "基本", "12.345678", "工资"],
            ["208-05-05", "３０１０８", "一般公共预算", "基本支出", "1,200元", ""],
            ["208 05 05", "30108", "一般公共预算资金", "基本支出", "(0.02)", ""],
        ],
    }
    (unit,) = read(tables, tmp_path)
    assert unit.record.unit == "甲局"
    fields, cells = typed(unit.record)
    assert {k: str(v) for k, v in cells.items() if k[0] == "支出明细"} == {
        ("支出明细", "2010301", "基本支出"): "247/20",
        ("支出明细", "2080505", "基本支出"): "1/10",
    }
    assert {f for f in fields if f.startswith("基本_")} == {"基本_30101", "基本_30108"}


def test_several_units_each_with_its_rows(demo: UnitData, tmp_path: Path) -> None:
    tables = sample(DEMO)
    for name in ("执行台账", "收入", "结转结余", "三公", "基本信息"):
        header, *rows = tables[name]
        again = [["示例区分中心" if cell == "示例市会展服务中心" else cell for cell in row] for row in rows]
        tables[name] = [header, *(r for pair in zip(rows, again, strict=True) for r in pair)]
    first, second = read(tables, tmp_path)
    assert first == demo
    assert (second.record.unit, typed(second.record)) == ("示例区分中心", typed(demo.record))


def test_subjects_that_the_catalogue_lacks(tmp_path: Path) -> None:
    tables = sample(DEMO)
    del tables["科目目录"]
    (unit,) = read(tables, tmp_path)
    assert [n for n in unit.notes if "目录" in n] == [
        "2023 年科目目录里没有这些编码，名称用数据里写的，请核对："
        "2120899 其他国有土地使用权出让收入安排的支出、"
        "2230105 国有企业退休人员社会化管理补助支出、2296002 用于社会福利的彩票公益金支出。",
        "2023 年科目目录里没有这些编码，数据也没有写名称，表上名称空着：20808、21208、22301、22960；"
        "可以加一张表“科目目录”（列：编码、名称）写明。",
    ]
    rows = form(unit, "基金表").rows["基金明细"]
    assert [r["科目名称"].value for r in rows][:3] == [
        "城乡社区支出",
        None,
        "其他国有土地使用权出让收入安排的支出",
    ]


def test_names_that_differ_a_little_are_told(tmp_path: Path) -> None:
    tables = sample(DEMO)
    row = next(i for i, r in enumerate(tables["执行台账"], 1) if r[2] == "2080506")
    put(tables, "执行台账", row, "功能分类名称", "职业年金缴费")
    (unit,) = read(tables, tmp_path)
    told = "2080506 数据写“职业年金缴费”，目录是“机关事业单位职业年金缴费支出”"
    assert f"科目名称与 2023 年科目目录不同，表上用目录的名称：{told}。" in unit.notes


def test_balances_that_do_not_agree_are_told_to_the_fen(tmp_path: Path) -> None:
    tables = sample(DEMO)
    row = next(i for i, r in enumerate(tables["结转结余"], 1) if r[2:4] == ["年末结转和结余", GENERAL])
    put(tables, "结转结余", row, "金额", "289340.15")
    (unit,) = read(tables, tmp_path)
    assert (
        "一般公共预算财政拨款：按年初结转和结余、收入、支出推算，年末应为 289,340.12 元，"
        "数据里的年末结转和结余是 289,340.15 元，相差 -0.03 元。"
    ) in unit.notes


def test_subjects_not_down_to_the_last_level_are_told(tmp_path: Path) -> None:
    (unit,) = read(one_ledger(["20103", "30101", GENERAL, "基本支出", "100"]), tmp_path)
    assert "功能分类没有细化到项级：20103；公开要求细化到项。" in unit.notes
    assert typed(unit.record)[1] == {
        (rowset, "20103", "基本支出"): Figure.of(0.01).value for rowset in ("支出明细", "一般支出明细")
    }


def test_the_pack_given_goes_first_and_a_pack_of_other_forms_leaves_the_ledger_alone(tmp_path: Path) -> None:
    folder = to_folder({**sample(DEMO), **sample("clean")}, tmp_path / "数据")
    assert [u.pack.disclosure for u in read_source(folder)] == ["S1", "S3"]
    assert [u.pack.id for u in read_source(folder, "S3-HN")] == ["S3-HN"]


def test_no_table_about_the_unit(tmp_path: Path) -> None:
    tables = sample(DEMO)
    del tables["基本信息"]
    drop_column(tables, "收入", "单位")
    (unit,) = read_source(to_folder(tables, tmp_path / "数据"), PACK)
    assert typed(unit.record) == typed(read_source(SAMPLES / DEMO)[0].record)
    assert unit.record.year == 2023


def test_funds_by_subject(tmp_path: Path) -> None:
    balances = [
        ["项目", "资金来源", "功能分类编码", "金额"],
        ["年末结转和结余", "政府性基金", "2290402", "300"],
    ]
    income = [INCOME_HEAD, ["2290402", "政府性基金", "300"]]
    tables = one_ledger(["2010301", "30101", GENERAL, "基本支出", "100"], 收入=income, 结转结余=balances)
    (unit,) = read(tables, tmp_path)
    cells = typed(unit.record)[1]
    assert {k[1:]: v for k, v in cells.items() if k[0] == "基金明细"} == {
        ("2290402", "本年收入"): Figure.of(0.03).value,
        ("2290402", "年末结转和结余"): Figure.of(0.03).value,
    }
    assert FUND not in str(form(unit, "基金表").fields["基金表_说明"].value)


def test_units_keep_their_names_where_about_says_no_more() -> None:
    (ledger,) = ledgers(
        {
            "基本信息": about("甲"),
            "台账": one_ledger(["2010301", "30101", GENERAL, "基本支出", "1"])["执行台账"],
        }
    )
    assert (ledger.unit, ledger.shown, ledger.year) == ("甲", "甲", 2023)


def test_a_title_and_the_unit_of_amounts_above_the_table(tmp_path: Path) -> None:
    tables = one_ledger(["2010301", "30101", GENERAL, "基本支出", "1.234567"])
    tables["执行台账"][:0] = [["2023年支出执行台账", "", "", "", ""], ["", "", "", "", "金额单位：万元"]]
    (unit,) = read(tables, tmp_path)
    assert typed(unit.record)[0]["总表_支出201"] == Figure.of(Decimal("1.23")).value
    assert read_source(to_book(tables, tmp_path / "数据.xlsx")) == [unit]


def test_the_forms_themselves_as_tables_are_no_ledger(tmp_path: Path) -> None:
    tables: Tables = {
        "支出表": [["单位", "年度", "规则包"], ["甲", "2023", PACK]],
        "支出表.支出明细": [
            ["单位", "行号", "科目编码", "科目名称", "基本支出"],
            ["甲", "1", "201", "一般公共服务支出", ""],
            ["甲", "2", "201 03", "", ""],
            ["甲", "3", "２０１０３０１", "行政运行", "12.30"],
        ],
        "收入表": [["单位"], ["甲"]],
        "收入表.收入明细": [["单位", "行号", "科目编码", "其他收入"], ["甲", "1", "2010301", "1"]],
        "台账": [["凭证号", "摘要", "金额"], ["1", "办公费", "3"]],
    }
    tables |= {f: [["单位"], ["甲"]] for f in ("总表", "财拨总表", "一般支出表", "基本支出表", "基金表")}
    tables |= {f: [["单位"], ["甲"]] for f in ("国资表", "三公表")}
    for form_id, rowset in (("一般支出表", "一般支出明细"), ("基金表", "基金明细"), ("国资表", "国资明细")):
        tables[f"{form_id}.{rowset}"] = [["单位", "行号", "科目编码"]]
    (unit,) = read(tables, tmp_path)
    rows = form(unit, "支出表").rows["支出明细"]
    assert [str(r["科目编码"].value) for r in rows] == ["201", "20103", "2010301"]
    assert rows[2]["基本支出"].value == Figure.of(Decimal("12.30"))


def test_one_code_with_two_names(tmp_path: Path) -> None:
    rows = [[f"2120899 {name}", "30201", FUND, "项目支出", "1"] for name in ("乙支出", "甲支出")]
    first, second = (read(one_ledger(*order), tmp_path)[0] for order in (rows, rows[::-1]))
    assert first == second
    assert "编码 2120899 在数据里有不同的名称：乙支出、甲支出；请核对。" in first.notes


@pytest.mark.parametrize("pack", ["S1-CN", "S1-HN21", "S1-SH"])
def test_every_pack_of_final_accounts_takes_the_ledger(pack: str, demo: UnitData) -> None:
    (unit,) = read_source(SAMPLES / DEMO, pack)
    fields, cells = typed(unit.record)
    other_fields, other_cells = typed(demo.record)
    assert fields == other_fields
    assert other_cells.items() <= cells.items()  # Shanghai prints more columns
