"""Captions that need their context, heads of several rows, and tables that differ by their title only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.rules_pack.trees_made import HEAD
from tests.workbook.handmade import Content, Draft, book
from xlbudget.packs import Pack, load_pack
from xlbudget.packs.layout import Box
from xlbudget.rules.record import FormRecord
from xlbudget.workbook.read import read_record

FORM = """
[[form]]
id = "{id}"
title = "{title}"
sheet = "{id}"
widths = [10, 10, 10, 10]
[[form.block]]
name = "head"
rows = 4
[[form.block]]
name = "body"
rows = 8
"""
FIELD = """
[[form.field]]
name = "{name}"
block = "body"
at = "{at}"
kind = "money"
unit = "万元"
captions = ["{row}", "{col}"]
"""

ACROSS = ("合计", "接待费", "购置费", "运行费")


def form(number: str, title: str, fields: Sequence[tuple[str, str, str]]) -> str:
    made = [FIELD.format(name=n, at=f"A{i}", row=r, col=c) for i, (n, r, c) in enumerate(fields, 1)]
    return FORM.format(id=number, title=title) + "".join(made)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder: Path = tmp_path_factory.mktemp("pack")
    across = [
        (f"{when}_{what}", "", f"{when}·{what}|{what}") for when in ("预算数", "决算数") for what in ACROSS
    ]
    kinds = ("一般预算", "基金预算", "国资预算")
    down = [(f"收入_{k}", k, "决算数") for k in kinds]
    down += [("结转", "年初结转", "决算数"), *((f"结转_{k}", f"年初结转·{k}", "决算数") for k in kinds)]
    down += [(f"支出_{k}", "公共服务", k) for k in kinds]
    twins = [(f"{{0}}_{what}", "小计行", what) for what in ACROSS]
    text = form("三公", "三公经费表", across) + form("总表", "拨款总表", down)
    for number, title in (("甲", "基金支出表"), ("乙", "国资支出表")):
        text += form(number, title, [(n.format(number), r, c) for n, r, c in twins])
    (folder / "pack.toml").write_text(HEAD + text, encoding="utf-8")
    return load_pack(folder)


def sheet(name: str, *lines: Sequence[Content], merges: Sequence[str] = ()) -> Draft:
    made = Draft(name, merges=[Box.parse(ref) for ref in merges])
    for row, line in enumerate(lines, 1):
        for col, content in enumerate(line, 1):
            made.set(row, col, content)
    return made


def values(pack: Pack, *sheets: Draft) -> dict[str, str]:
    record, _ = read_record(book(*sheets), pack)
    return {n: str(e.value) for f in record.forms for n, e in f.fields.items() if e.value is not None}


GROUPS = ["预算数", None, None, None, "决算数", None, None, None]
UNDER = ["合计", "接待费", "购置费", "运行费"] * 2
AMOUNTS: list[Content] = [10, 1, 2, 7, 20, 3, 4, 13]
EXPECTED = dict(
    zip(
        [f"{when}_{what}" for when in ("预算数", "决算数") for what in ACROSS],
        (f"{n}.00" for n in AMOUNTS),
        strict=True,
    )
)


@pytest.mark.parametrize("merged", [True, False])
def test_the_same_captions_under_two_headings(pack: Pack, merged: bool) -> None:
    merges = ["A2:D2", "E2:H2"] if merged else []
    made = sheet("Sheet1", ["三公经费表"], GROUPS, UNDER, AMOUNTS, merges=merges)
    assert values(pack, made) == EXPECTED


def test_a_row_that_counts_the_columns_is_passed_over(pack: Pack) -> None:
    numbers: list[Content] = [str(n) for n in range(1, 9)]
    made = sheet("Sheet1", ["三公经费表"], GROUPS, UNDER, numbers, AMOUNTS)
    assert values(pack, made) == EXPECTED


def test_a_head_of_three_rows_with_captions_merged_down(pack: Pack) -> None:
    """接待费 stands beside 车辆费, under which 购置费 and 运行费 stand."""
    middle: list[Content] = ["合计", "接待费", "车辆费", None] * 2
    under: list[Content] = [None, None, "购置费", "运行费"] * 2
    merges = ["A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", "G3:H3"]
    made = sheet("Sheet1", ["三公经费表"], GROUPS, middle, under, AMOUNTS, merges=merges)
    assert values(pack, made) == EXPECTED


def test_the_same_row_captions_in_two_sections_and_in_the_head(pack: Pack) -> None:
    made = sheet(
        "Sheet1",
        ["拨款总表"],
        ["收入", "决算数", "支出", "一般预算", "基金预算", "国资预算"],
        ["一般预算", 11, "公共服务", 21, 22, 23],
        ["基金预算", 12],
        ["国资预算", 13],
        ["年初结转", 6],
        ["一般预算", 1],
        ["基金预算", 2],
        ["国资预算", 3],
    )
    assert values(pack, made) == {
        "收入_一般预算": "11.00",
        "收入_基金预算": "12.00",
        "收入_国资预算": "13.00",
        "结转": "6.00",
        "结转_一般预算": "1.00",
        "结转_基金预算": "2.00",
        "结转_国资预算": "3.00",
        "支出_一般预算": "21.00",
        "支出_基金预算": "22.00",
        "支出_国资预算": "23.00",
    }


@pytest.mark.parametrize("title", ["国资支出表", "2022年度国资支出表", "国 资 支 出 表"])
def test_tables_that_differ_by_their_title_only(pack: Pack, title: str) -> None:
    head: list[Content] = ["项目", *ACROSS]
    second = sheet("Sheet1", [title], head, ["小计行", 1, 2, 3, 4])
    first = sheet("Sheet2", ["基金支出表"], head, ["小计行", 5, 6, 7, 8])
    record, report = read_record(book(second, first), pack)
    found: dict[str, FormRecord] = {f.sheet: f for f in record.forms}
    assert {s: f.form for s, f in found.items()} == {"Sheet1": "乙", "Sheet2": "甲"}
    assert str(found["Sheet1"].fields["乙_合计"].value) == "1.00"
    assert not report.unknown
