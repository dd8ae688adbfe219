"""Wrong data: every problem is named with its table, row and column, all of them at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from xlbudget.packs import PackError
from xlbudget.sources import SourceError, read_source
from xlbudget.workbook.errors import WorkbookRefused

from .tables import SAMPLES, drop_column, put, sample, to_book, to_folder, to_sqlite

UNIT = "湖南省怀化市人民政府驻北京联络处"


def problems(source: object) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read_source(source)
    return [str(p) for p in caught.value.problems]


def test_all_problems_of_all_tables_come_together(tmp_path: Path) -> None:
    tables = sample("seed-b")
    put(tables, "自评表", 2, "全年预算数", "abc")
    put(tables, "自评表", 4, "总分值", "50%")
    put(tables, "自评表.指标", 3, "分值", "十分")
    put(tables, "汇总", 2, "年度", "23年")
    put(tables, "汇总", 2, "报告_全年执行数", "106.06人")
    assert problems(to_folder(tables, tmp_path / "d")) == [
        "汇总.csv 第 2 行“年度”列：“23年”不是四位年份",
        "汇总.csv 第 2 行“报告_全年执行数”列：“106.06人”不是数",
        "自评表.csv 第 2 行“全年预算数”列：“abc”不是数",
        "自评表.csv 第 4 行“总分值”列：“50%”是百分数，这一列应填数",
        "自评表.指标.csv 第 3 行“分值”列：“十分”不是数",
    ]


def test_the_message_lists_and_counts(tmp_path: Path) -> None:
    tables = sample("seed-b")
    put(tables, "自评表", 2, "全年预算数", "abc")
    put(tables, "自评表", 3, "全年预算数", "5元/人")
    with pytest.raises(SourceError) as caught:
        read_source(to_folder(tables, tmp_path / "d"))
    assert caught.value.message == (
        "数据有 2 处问题：\n"
        "  自评表.csv 第 2 行“全年预算数”列：“abc”不是数\n"
        "  自评表.csv 第 3 行“全年预算数”列：“5元/人”不是数"
    )


def test_columns(tmp_path: Path) -> None:
    tables = sample("seed-b")
    tables["汇总"][0][3] = "报告_年初预算"
    tables["自评表"][0][9] = "资金得分"
    tables["自评表.指标"][0][2] = "行"
    assert problems(to_folder(tables, tmp_path / "d")) == [
        "汇总.csv“报告_年初预算”列：表样里没有这一列",
        "自评表.csv 第 1 行“资金得分”列：列名出现了两次",
        "自评表.指标.csv：缺少列“行号”",
        "自评表.指标.csv“行”列：表样里没有这一列",
    ]


def test_cells_beyond_the_header(tmp_path: Path) -> None:
    tables = sample("seed-b")
    tables["汇总"][1].append("多出来的")
    assert problems(to_folder(tables, tmp_path / "d")) == [
        "汇总.csv 第 2 行：第 8 列有内容“多出来的”，但没有列名"
    ]


def test_keys(tmp_path: Path) -> None:
    tables = sample("seed-b")
    put(tables, "自评表", 3, "序号", "1")
    put(tables, "自评表", 4, "序号", "三")
    put(tables, "自评表.指标", 2, "行号", "")
    put(tables, "自评表.指标", 3, "单位", "")
    found = problems(to_folder(tables, tmp_path / "d"))
    assert found[:4] == [
        f"自评表.csv 第 3 行：与第 2 行重复（单位 {UNIT}、序号 1）",
        "自评表.csv 第 4 行“序号”列：“三”不是正整数",
        "自评表.指标.csv 第 2 行“行号”列：没有填",
        "自评表.指标.csv 第 3 行“单位”列：没有填",
    ]
    orphan = f"单位“{UNIT}”序号 2 在表“自评表”里没有记录，这一行没有归属"
    assert found[4] == f"自评表.指标.csv 第 10 行：{orphan}"


def test_a_unit_written_in_two_ways(tmp_path: Path) -> None:
    tables = sample("seed-b")
    put(tables, "汇总", 2, "单位", "怀化驻京联络处")
    assert problems(to_folder(tables, tmp_path / "d")) == [
        "汇总.csv 第 2 行“单位”列：单位“怀化驻京联络处”在表“自评表”里没有记录；请检查单位名称是否写得一致",
        f"自评表.csv 第 2 行“单位”列：单位“{UNIT}”在表“汇总”里没有记录；请检查单位名称是否写得一致",
    ]


def test_tables_missing_and_misnamed(tmp_path: Path) -> None:
    tables = sample("seed-b")
    tables["自评表指标"] = tables.pop("自评表.指标")
    tables["说明"] = [["任何", "内容"], ["都", "可以"]]
    assert problems(to_folder(tables, tmp_path / "d")) == [
        "缺少表“自评表.指标”（关键列：单位、序号、行号）",
        "自评表指标.csv：没有这张表；是不是“自评表.指标”？",
    ]


def test_the_pack_must_be_known(tmp_path: Path) -> None:
    tables = sample("seed-b")
    put(tables, "汇总", 2, "规则包", "S3-XX")
    (found,) = problems(to_folder(tables, tmp_path / "a"))
    assert found.startswith("汇总.csv 第 2 行“规则包”列：没有规则包“S3-XX”")
    drop_column(tables, "汇总", "规则包")
    (found,) = problems(to_folder(tables, tmp_path / "b"))
    assert found.startswith("数据没有写明用哪个规则包")
    with pytest.raises(PackError):
        read_source(to_folder(tables, tmp_path / "c"), "没有这个包")


def test_places_are_named_in_the_words_of_the_source(tmp_path: Path) -> None:
    tables = sample("seed-b")
    put(tables, "自评表", 2, "全年预算数", "abc")
    assert problems(to_book(tables, tmp_path / "数据.xlsx")) == [
        "数据.xlsx 的工作表“自评表” 第 2 行“全年预算数”列：“abc”不是数"
    ]
    assert problems(to_sqlite(tables, tmp_path / "数据.db")) == [
        "数据库表“自评表” 第 1 条“全年预算数”列：“abc”不是数"
    ]


def test_data_book_with_errors_and_uncalculated_formulas(tmp_path: Path) -> None:
    path = to_book(sample("seed-b"), tmp_path / "数据.xlsx")
    book = openpyxl.load_workbook(path)
    book["汇总"]["D2"] = "=72.34"
    book["汇总"]["E2"] = "#REF!"
    book["汇总"]["E2"].data_type = "e"
    book.save(path)
    assert problems(path) == [
        "数据.xlsx 的工作表“汇总” 第 2 行：第 4 列的单元格公式没有保存计算结果；请用 Excel 打开并保存一次",
        "数据.xlsx 的工作表“汇总” 第 2 行：第 5 列的单元格是错误值",
    ]


def test_csv_that_cannot_be_read(tmp_path: Path) -> None:
    folder = to_folder(sample("seed-b"), tmp_path / "d")
    (folder / "汇总.csv").write_bytes("单位,年度".encode("utf-16"))
    (folder / "自评表.csv").write_bytes(b"\xe5\x8d\xff\xff,1")
    (folder / "自评表.指标.csv").write_text('单位,序号\n"没有结束,1\n', encoding="utf-8")
    assert problems(folder) == [
        "汇总.csv：不是 CSV 文本；请另存为“CSV UTF-8（逗号分隔）”后再试",
        "自评表.csv：文字编码认不出；请另存为“CSV UTF-8（逗号分隔）”后再试",
        "自评表.指标.csv 第 2 行：双引号不成对，或单元格太长，读不下去；请检查引号",
    ]


def test_sources_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    (tmp_path / "坏.sqlite").write_bytes(b"no database" * 200)
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook")
    assert problems(tmp_path / "空") == [f"文件夹“{tmp_path / '空'}”里没有 CSV 文件"]
    assert problems(tmp_path / "没有") == [f"找不到数据“{tmp_path / '没有'}”"]
    assert "只是一张表" in problems(SAMPLES / "seed-b" / "汇总.csv")[0]
    assert "不是能读的数据" in problems(tmp_path / "说明.txt")[0]
    assert "读不出来：file is not a database" in problems(tmp_path / "坏.sqlite")[0]
    assert "不存在" in problems(f"sqlite:///{tmp_path}/没有.db")[0]
    assert not (tmp_path / "没有.db").exists()
    assert "驱动" in problems("nosuch://host/db")[0]
    assert "不是有效的数据库地址" in problems("sqlite://:::x/y")[0]
    with pytest.raises(WorkbookRefused):
        read_source(tmp_path / "坏.xlsx")


def test_password_of_a_database_is_not_shown() -> None:
    (found,) = problems("postgresql+psycopg2://user:secret@localhost/db")
    assert "secret" not in found


def test_binary_content(tmp_path: Path) -> None:
    path = to_sqlite(sample("seed-b"), tmp_path / "d.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute('UPDATE "汇总" SET "报告_等级" = ?', (b"\x00\x01",))
        db.commit()
    assert problems(path) == ["数据库表“汇总” 第 1 条“报告_等级”列：是二进制内容，不是文字或数"]
