"""Units, years and packs of ledgers: who is meant, and what is said when that is not clear."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlbudget.packs import PackError
from xlbudget.sources import read_source

from .ledgers_made import GENERAL, LEDGER_HEAD, PACK, one_ledger, problems
from .tables import Tables, drop_column, put, sample, to_folder

PAY = ["2010301", "30101", GENERAL, "基本支出", "100"]


def test_units_and_years(tmp_path: Path) -> None:
    tables = sample("ledger-demo")
    put(tables, "收入", 5, "单位", "会展中心")
    put(tables, "三公", 2, "单位", "")
    assert problems(tables, tmp_path / "a") == [
        "收入.csv 第 5 行“单位”列：单位“会展中心”在表“执行台账”里没有记录；请检查单位名称是否写得一致"
    ]
    tables = sample("ledger-demo")
    tables["基本信息"].append(["另一家", "", "2023", ""])
    drop_column(tables, "三公", "单位")
    assert problems(tables, tmp_path / "b") == [
        *[f"三公.csv 第 {row} 行“单位”列：没有填" for row in (2, 3, 4, 5)],
        "基本信息.csv 第 3 行“单位”列：单位“另一家”在表“执行台账”里没有记录；请检查单位名称是否写得一致",
    ]
    tables = one_ledger(PAY)
    drop_column(tables, "基本信息", "年度")
    assert problems(tables, tmp_path / "c") == [
        "单位“示例单位”没有写明年度；请在表“基本信息”或“执行台账”里加一列“年度”"
    ]
    tables = one_ledger(PAY)
    put(tables, "基本信息", 2, "年度", "2016")
    assert problems(tables, tmp_path / "d") == ["没有 2016 年的科目目录（从 2018 年起收录）"]


def test_two_units_with_one_name_on_the_forms(tmp_path: Path) -> None:
    tables: Tables = {
        "基本信息": [
            ["单位", "部门", "年度", "规则包"],
            ["甲", "局", "2023", PACK],
            ["乙", "局", "2023", PACK],
        ],
        "执行台账": [["单位", *LEDGER_HEAD], ["甲", *PAY], ["乙", *PAY]],
    }
    assert problems(tables, tmp_path / "a") == ["单位“甲”和“乙”在表上都会写成“局”；请在“部门”列写各自的名称"]
    tables["基本信息"][2][0] = "甲"
    assert problems(tables, tmp_path / "b") == [
        "基本信息.csv 第 3 行“单位”列：单位“甲”与第 2 行重复",
        "执行台账.csv 第 3 行“单位”列：单位“乙”在表“基本信息”里没有记录；请检查单位名称是否写得一致",
    ]


def test_the_pack(tmp_path: Path) -> None:
    tables = one_ledger(PAY)
    put(tables, "基本信息", 2, "规则包", "S3-HN")
    (found,) = problems(tables, tmp_path / "a")
    assert found.startswith("基本信息.csv 第 2 行“规则包”列：规则包 S3-HN（")
    assert found.endswith("）不是部门决算公开的规则包，不能由台账生成")
    put(tables, "基本信息", 2, "规则包", "S1-XX")
    (found,) = problems(tables, tmp_path / "b")
    assert found.startswith("基本信息.csv 第 2 行“规则包”列：没有规则包“S1-XX”")
    drop_column(tables, "基本信息", "规则包")
    put(tables, "执行台账", 2, "金额", "一")
    assert problems(tables, tmp_path / "c") == [
        "数据没有写明用哪个规则包；请在表“基本信息”加一列“规则包”（如 S1-HN），或用 --pack 给出",
        "执行台账.csv 第 2 行“金额”列：“一”不是金额",
    ]
    with pytest.raises(PackError):
        read_source(to_folder(tables, tmp_path / "c"), "没有这个包")


def test_an_empty_ledger(tmp_path: Path) -> None:
    assert problems(one_ledger(), tmp_path) == [
        "基本信息.csv 第 2 行“单位”列：单位“示例单位”在表“执行台账”里没有记录；请检查单位名称是否写得一致"
    ]
    tables = one_ledger()
    del tables["基本信息"]
    assert problems(tables, tmp_path / "b", PACK) == ["表“执行台账”里没有任何单位的记录"]
