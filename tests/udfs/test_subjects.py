"""XB_SUBJECT and the catalogue behind it."""

from __future__ import annotations

import pytest

from xlbudget.codes import CatalogueError, Subject, load_catalogue, read_subjects
from xlbudget.excel.wire import Value
from xlbudget_udfs import call

PENSION = "机关事业单位基本养老保险缴费支出"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([2080505.0], PENSION),
        (["2080505"], PENSION),
        ([" 208 05 05 "], PENSION),
        (["２０８０５０５"], PENSION),
        (["208\u3000\u00a005 05"], PENSION),
        ([2080505.0, 2022.0], PENSION),
        ([2080505.0, "2022"], PENSION),
        ([30201.0], "办公费"),
        ([20805.0, 2019.0], "行政事业单位离退休"),
        ([20805.0, 2020.0], "行政事业单位养老支出"),
        ([207.0, 2018.0], "文化体育与传媒支出"),
        ([207.0], "文化旅游体育与传媒支出"),
        ([215.0, 2020.0], "资源勘探信息等支出"),
        ([215.0, 2021.0], "资源勘探工业信息等支出"),
        ([224.0, 2018.0], "没有收录科目 224（2018 年）"),
        ([2010308.0, 2023.0], "信访事务"),
        ([2010308.0, 2024.0], "没有收录科目 2010308（2024 年）"),
        ([20140.0, 2024.0], "信访事务"),
        (["2999999", 2022.0], "没有收录科目 2999999（2022 年）"),
        (["20A"], "“20A”不是科目编码"),
        ([208.5], "“208.5”不是科目编码"),
        ([-208.0], "“-208.0”不是科目编码"),
        ([True], "“TRUE”不是科目编码"),
        ([208.0, 2010.0], "没有 2010 年的科目目录（从 2018 年起收录）"),
        ([208.0, "去年"], "年度“去年”不是数"),
        ([208.0, 2022.5], "年度“2022.5”应为四位年份"),
        ([None], ""),
        (["", 2022.0], ""),
    ],
)
def test_a_subject(args: list[Value], expected: Value) -> None:
    assert call("XB_SUBJECT", args) == expected


def test_a_column() -> None:
    assert call("XB_SUBJECT", [[[301.0], ["302 "], [None]], 2022.0]) == [
        ["工资福利支出"],
        ["商品和服务支出"],
        [""],
    ]


def test_every_row_is_well_formed_and_unique_in_every_year() -> None:
    for year in range(2018, 2027):
        catalogue = load_catalogue(year)
        for code, subject in catalogue.subjects.items():
            assert code == subject.code
            assert subject.level in ("类", "款", "项")
            assert subject.valid(year)
            assert subject.source, code
            assert not catalogue.parent(code) or catalogue.name(code[:3]), code


def test_no_two_rows_of_a_table_hold_in_the_same_year() -> None:
    from xlbudget.codes import catalogue as module

    for table in ("functional.csv", "economic.csv"):
        for year in range(2018, 2027):
            codes = [s.code for s in module._table(table) if s.valid(year)]
            assert len(codes) == len(set(codes))


def test_levels_and_parents() -> None:
    catalogue = load_catalogue(2022)
    assert [catalogue.level(c) for c in ("208", "20805", "2080505", "20")] == ["类", "款", "项", ""]
    assert [catalogue.parent(c) for c in ("208", "20805", "2080505", "x")] == ["", "208", "20805", ""]
    assert [s.code for s in catalogue.children("22102")] == ["2210201", "2210202", "2210203"]
    assert catalogue.children("")[0].name == "一般公共服务支出"


def test_the_items_that_all_affairs_have() -> None:
    catalogue = load_catalogue(2022)
    assert catalogue.name("2010101") == "行政运行"
    assert catalogue.name("2011199") == "其他纪检监察事务支出"
    assert catalogue.name("2013650") is None  # 20136 is no …事务


def test_a_bureaus_own_table_lies_over_ours() -> None:
    own = list(read_subjects("\ufeff编码,名称,起始年度,终止年度\n2080505,养老,2022,2022\n9999999,测试,,\n"))
    assert own[0] == Subject("2080505", "养老", 2022, 2022)
    extended = load_catalogue(2022).extended(own)
    assert (extended.name("2080505"), extended.name("9999999")) == ("养老", "测试")
    assert extended.name("2080506") == load_catalogue(2022).name("2080506")
    assert load_catalogue(2023).extended(own).name("2080505") == PENSION
    assert load_catalogue(2022).name("2080505") == PENSION


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("代码,名称\n1,甲\n", "“编码”“名称”两列"),
        ("编码,名称\n208,甲\n20A,乙\n", "第 3 行"),
        ("编码,名称,起始年度\n208,甲,去年\n", "第 2 行"),
        ("", "两列"),
    ],
)
def test_a_table_that_is_wrong(text: str, told: str) -> None:
    with pytest.raises(CatalogueError, match=told):
        list(read_subjects(text))
