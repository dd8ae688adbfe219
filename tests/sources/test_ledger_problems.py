"""Wrong ledgers: every problem with its file, row and column, in one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlbudget.sources import SourceError, read_source

from .ledgers_made import (
    BALANCE_HEAD,
    CLOSING,
    FUND,
    GENERAL,
    INCOME_HEAD,
    OPENING,
    STATE,
    about,
    one_ledger,
    problems,
)
from .tables import put, sample, to_book, to_folder, to_sqlite

PAY = ["2010301", "30101", GENERAL, "基本支出", "100"]


def test_all_problems_of_all_tables_come_together(tmp_path: Path) -> None:
    tables = sample("ledger-demo")
    put(tables, "执行台账", 2, "功能分类编码", "201035")
    put(tables, "执行台账", 3, "经济分类编码", "50102")
    put(tables, "执行台账", 4, "资金来源", "财政拨款")
    put(tables, "执行台账", 5, "支出性质", "人员支出")
    put(tables, "执行台账", 6, "金额", "38215.745")
    put(tables, "执行台账", 7, "金额", "")
    put(tables, "执行台账", 8, "金额", "约八万")
    put(tables, "执行台账", 9, "年度", "2022")
    put(tables, "执行台账", 10, "年度", "二三年")
    put(tables, "执行台账", 11, "功能分类编码", "30201")
    put(tables, "执行台账", 12, "金额", "50%")
    put(tables, "收入", 2, "收入类别", "非财政拨款")
    put(tables, "收入", 3, "金额", "123456789012345678")
    put(tables, "结转结余", 2, "项目", "年中结转")
    put(tables, "三公", 2, "项目", "会议费")
    put(tables, "科目目录", 2, "编码", "2x")
    put(tables, "科目目录", 3, "名称", "")
    sources = "一般公共预算财政拨款、政府性基金预算财政拨款、国有资本经营预算财政拨款"
    items = "因公出国（境）费、公务用车购置及运行维护费、公务用车购置费、公务用车运行维护费、公务接待费、合计"
    assert problems(tables, tmp_path) == [
        f"三公.csv 第 2 行“项目”列：“会议费”不认得；应为 {items}",
        "执行台账.csv 第 2 行“功能分类编码”列：“201035”不是科目编码（应为 2 开头的 3、5 或 7 位数字）",
        "执行台账.csv 第 3 行“经济分类编码”列："
        "“50102”是政府预算支出经济分类，这里要部门预算支出经济分类（3 开头）",
        f"执行台账.csv 第 4 行“资金来源”列：“财政拨款”没有说明是哪一种财政拨款；请写 {sources}",
        "执行台账.csv 第 5 行“支出性质”列："
        "“人员支出”不认得；应为 基本支出、项目支出、上缴上级支出、经营支出、对附属单位补助支出",
        "执行台账.csv 第 6 行“金额”列：“38215.745”不到分；金额最多精确到分（0.01 元）",
        "执行台账.csv 第 7 行“金额”列：没有填",
        "执行台账.csv 第 8 行“金额”列：“约八万”不是金额",
        "执行台账.csv 第 9 行“年度”列：是 2022 年度的，本单位的数据是 2023 年度的",
        "执行台账.csv 第 10 行“年度”列：“二三年”不是四位年份",
        "执行台账.csv 第 11 行“功能分类编码”列：“30201”是经济分类，不是功能分类（功能分类以 2 开头）",
        "执行台账.csv 第 12 行“金额”列：“50%”不是金额",
        "收入.csv 第 2 行“收入类别”列：“非财政拨款”没有说明是哪一种收入；请写事业收入、经营收入、其他收入等",
        "收入.csv 第 3 行“金额”列：“123456789012345678”超出了一个单位可能的金额，请核对",
        "科目目录.csv 第 2 行“编码”列：“2x”不是科目编码（应为 2 开头的 3、5 或 7 位数字）",
        "科目目录.csv 第 3 行“名称”列：没有填",
        "结转结余.csv 第 2 行“项目”列："
        "“年中结转”不认得；应为 年初结转和结余、使用非财政拨款结余、结余分配、年末结转和结余",
    ]


def test_places_are_in_the_words_of_the_source_and_columns_as_they_are_written(tmp_path: Path) -> None:
    tables = {
        "基本信息": about(),
        "台账": [
            ["功能科目", "经济科目", "资金性质", "支出类型", "支付金额"],
            ["2010301", "2", GENERAL, "基本", "1"],
        ],
    }
    for source, place in (
        (to_folder(tables, tmp_path / "数据"), "台账.csv 第 2 行"),
        (to_book(tables, tmp_path / "数据.xlsx"), "数据.xlsx 的工作表“台账” 第 2 行"),
        (to_sqlite(tables, tmp_path / "数据.db"), "数据库表“台账” 第 1 条"),
    ):
        with pytest.raises(SourceError) as caught:
            read_source(source)
        said = "“经济科目”列：“2”不是科目编码（应为 3 开头的 3 或 5 位数字）"
        assert caught.value.message == place + said


def test_columns_missing_and_doubled(tmp_path: Path) -> None:
    tables = {
        "基本信息": about(),
        "执行台账": [["功能分类", "功能科目", "金额"], ["2010301", "2010301", "1"]],
    }
    assert problems(tables, tmp_path) == [
        "执行台账.csv：列“功能分类”“功能科目”都像是“功能分类编码”；请只留一列，列名写“功能分类编码”",
        "执行台账.csv：缺少列“经济分类编码”“资金来源”“支出性质”",
    ]


def test_total_rows_are_refused(tmp_path: Path) -> None:
    tables = one_ledger(PAY, ["合计", "", GENERAL, "基本支出", "100"])
    assert problems(tables, tmp_path) == [
        "执行台账.csv 第 3 行“功能分类编码”列：“合计”是合计行，请删去，表上的合计会自己算"
    ]


def test_fiscal_money_is_basic_or_project_spending(tmp_path: Path) -> None:
    tables = one_ledger(
        PAY, ["2010301", "30299", GENERAL, "经营支出", "1"], ["2010301", "302", GENERAL, "基本", "1"]
    )
    assert problems(tables, tmp_path) == [
        "执行台账.csv 第 3 行“支出性质”列：财政拨款的支出只能是基本支出或项目支出",
        "执行台账.csv 第 4 行“经济分类编码”列："
        "一般公共预算财政拨款的基本支出要有经济分类款级编码（5 位），公开06表按款填列",
    ]


def test_amounts_on_two_levels_of_one_subject(tmp_path: Path) -> None:
    tables = one_ledger(
        PAY,
        ["20103", "30299", "其他收入", "项目支出", "1"],
        收入=[INCOME_HEAD, ["201", "其他收入", "1"]],
    )
    assert problems(tables, tmp_path) == [
        "执行台账.csv 第 3 行“功能分类编码”列：20103 和它下级的 2010301 都记了金额；请都记到最末一级科目"
    ]


def test_a_name_of_another_subject(tmp_path: Path) -> None:
    tables = one_ledger(["2010302 行政运行", "30101 基本工资", GENERAL, "基本支出", "1"])
    assert problems(tables, tmp_path) == [
        "执行台账.csv 第 2 行“功能分类编码”列："
        "编码 2010302 在科目目录里是“一般行政管理事务”，名称却写“行政运行”；请核对编码和名称"
    ]


def test_money_that_no_form_has_a_cell_for(tmp_path: Path) -> None:
    tables = one_ledger(
        PAY, ["2270001", "30299", GENERAL, "项目支出", "1"], ["2010301", "30901", GENERAL, "基本支出", "1"]
    )
    found = problems(tables, tmp_path)
    assert found[0] == "单位“示例单位”：功能分类 227 预备费 在《收入支出决算总表》上没有行"
    assert found[1].startswith("单位“示例单位”：功能分类 227 预备费 在《财政拨款收入支出决算总表》上没有行")
    assert found[2].startswith(
        "单位“示例单位”：经济分类 30901 房屋建筑物购建 不在《一般公共预算财政拨款基本支出决算"
    )
    assert found[2].endswith("上，一般公共预算财政拨款的基本支出不能用它")


def test_balances(tmp_path: Path) -> None:
    balances = [
        BALANCE_HEAD,
        [OPENING, FUND, "", "100"],
        [CLOSING, FUND, "", "0"],
        ["结余分配", GENERAL, "", "1"],
        [OPENING, STATE, "", "5"],
    ]
    assert problems(one_ledger(PAY, 结转结余=balances), tmp_path) == [
        "结转结余.csv 第 2 行“功能分类编码”列："
        "政府性基金预算财政拨款的结转结余要写功能分类编码，表上按科目填列",
        "结转结余.csv 第 4 行“项目”列：财政拨款没有这一项（使用非财政拨款结余、结余分配只用于非财政拨款）",
    ]


def test_the_three_public_expenses(tmp_path: Path) -> None:
    triple = [
        ["项目", "预算", "决算"],
        ["公务接待费", "10", "8"],
        ["公务用车运行维护费", "5", "5"],
        ["合计", "16", "13"],
    ]
    assert problems(one_ledger(PAY, 三公=triple), tmp_path / "a") == [
        "三公.csv 第 4 行“预算”列：写的是 16.00 元，各项之和是 15.00 元"
    ]
    triple[2][0] = "1、公务接待"
    assert problems(one_ledger(PAY, 三公=triple), tmp_path / "b") == [
        "三公.csv 第 3 行“项目”列：“公务接待费”写了两次"
    ]
