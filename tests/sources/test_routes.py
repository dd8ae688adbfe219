"""All routes into the program give the same record."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from xlbudget.figures import Figure
from xlbudget.rules.record import Entry
from xlbudget.sources import read_source

from .tables import SAMPLES, drop_column, put, sample, to_book, to_folder, to_sqlite

UNIT = "湖南省怀化市人民政府驻北京联络处"


@pytest.fixture(scope="module")
def seed():
    return read_source(SAMPLES / "seed-b")


def test_the_record_of_the_sample(seed) -> None:
    (data,) = seed
    record = data.record
    assert (data.pack.id, record.unit, record.year) == ("S3-HN", UNIT, 2023)
    assert record.pack == data.pack.signature
    assert [(f.form, f.key) for f in record.forms] == [
        ("自评表", "专项业务（工作）经费"),
        ("自评表", "维权维稳（工作）经费"),
        ("自评表", "工作经费"),
        ("汇总", UNIT),
    ]
    assert [len(f.rows["指标"]) for f in record.of("自评表")] == [8, 9, 9]


def test_figures_keep_what_was_printed(seed) -> None:
    third = list(seed[0].record.of("自评表"))[2]
    assert third.fields["执行率"].value == Figure(Fraction("0.8632"), 4, percent=True)
    assert third.fields["全年执行数"].value == Figure(Fraction("51.79"), 2)
    assert third.fields["全年预算数"].value == Figure(Fraction(60), 2)
    assert third.rows["指标"][3]["年度指标值"].value == "≤60"
    assert third.rows["指标"][0]["实际完成值"].value == "535"


def test_what_the_data_says_nothing_about_is_not_given(seed) -> None:
    third = list(seed[0].record.of("自评表"))[2]
    assert third.fields["总得分"] == Entry(None, given=True)  # reported, and blank
    assert third.fields["执行率_财政拨款"] == Entry(None, given=False)  # no such column
    assert seed[0].record.forms[-1].fields["合计_年初预算数"] == Entry(None, given=False)


def test_year_and_unit_reach_the_forms(seed) -> None:
    forms = seed[0].record.forms
    assert {str(f.fields["年度"].value) for f in forms} == {"2023"}
    assert forms[-1].fields["填报单位"].value == UNIT


def test_sqlite_sample_equals_csv_sample(seed) -> None:
    path = SAMPLES / "seed-b.sqlite"
    assert read_source(path) == seed
    assert read_source(f"sqlite:///{path}") == seed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_encodings(seed, tmp_path: Path, encoding: str) -> None:
    assert read_source(to_folder(sample("seed-b"), tmp_path / "数据", encoding)) == seed


def test_data_book_and_text_database(seed, tmp_path: Path) -> None:
    assert read_source(to_book(sample("seed-b"), tmp_path / "数据.xlsx")) == seed
    assert read_source(to_sqlite(sample("seed-b"), tmp_path / "数据.db")) == seed


def test_rows_follow_their_numbers_and_not_the_file(seed, tmp_path: Path) -> None:
    tables = sample("seed-b")
    for rows in tables.values():
        rows[1:] = rows[:0:-1]
    assert read_source(to_folder(tables, tmp_path / "d")) == seed


def test_several_units(tmp_path: Path) -> None:
    tables = sample("seed-b")
    for name, rows in sample("clean").items():
        if name == "汇总":
            drop_column({name: rows}, name, "报告_全年预算数")
            header = rows[0]
            for row in rows[1:]:
                given = dict(zip(header, row, strict=True))
                tables[name].append([given.get(c, "") for c in tables[name][0]])
        else:
            tables[name] += rows[1:]
    found = read_source(to_folder(tables, tmp_path / "d"))
    assert [d.record.unit for d in found] == [UNIT, "示例市人民政府驻北京联络处"]
    assert [len(d.record.forms) for d in found] == [4, 4]


def test_pack_given_goes_before_the_data(tmp_path: Path) -> None:
    (data,) = read_source(to_folder(sample("seed-b"), tmp_path / "d"), "S3-CN")
    assert data.pack.id == "S3-CN"
    assert data.record.pack == data.pack.signature


def test_text_stays_text_and_labels_carry_down(tmp_path: Path) -> None:
    tables = sample("seed-b")
    put(tables, "自评表", 2, "项目名称", '=HYPERLINK("http://x")')
    put(tables, "自评表", 3, "项目名称", "001")
    put(tables, "自评表.指标", 3, "一级指标", "")
    for source in (to_folder(tables, tmp_path / "d"), to_sqlite(tables, tmp_path / "d.sqlite")):
        forms = read_source(source)[0].record.forms
        assert [f.key for f in forms[:2]] == ['=HYPERLINK("http://x")', "001"]
        assert forms[0].rows["指标"][1]["一级指标"].value == "产出指标（50分）"


def test_amounts_in_yuan_are_converted_exactly(tmp_path: Path) -> None:
    tables = sample("seed-b")
    put(tables, "自评表", 2, "全年执行数", "467,800.00元")
    fields = read_source(to_folder(tables, tmp_path / "d"))[0].record.forms[0].fields
    assert fields["全年执行数"].value == Figure(Fraction("46.78"), 6)
