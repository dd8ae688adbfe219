"""The scoring of S2: worked values of the standard, what it leaves open as options, and the variants."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from xlbudget.packs import Pack, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive

from .packs_made import made_pack, param
from .s2_made import LINES, SCORE, base, one_line, record


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("S2-HN")


def earned(pack: Pack, indicator: str, weight: str, fields: Mapping[str, str]) -> object:
    """What the standard gives one indicator: a number, or "" where a person must decide."""
    whole = record(pack, base(fields, pack), one_line(pack, indicator, weight))
    return derive(pack_program(pack), whole).cell(next(whole.of(SCORE)), LINES, 0, "应得分")


STAFF, CHANGE = "在职人员控制率", "“三公经费”变动率"
DONE, CONTROL, BUYING = "预算完成率", "预算控制率", "政府采购执行率"
WORKED = [
    (STAFF, "5", {"基础_编制数": "27", "基础_在职人数": "16"}, 5),
    (STAFF, "5", {"基础_编制数": "64", "基础_在职人数": "85"}, 0),
    (CHANGE, "5", {"基础_三公_上年预算": "59.4", "基础_接待_预算": "59.4"}, 5),
    (CHANGE, "5", {"基础_三公_上年预算": "59", "基础_接待_预算": "117"}, 0),
    ("“三公”经费\n变动率", "5", {"基础_三公_上年预算": "100", "基础_接待_预算": "103.5"}, Fraction(7, 2)),
    (DONE, "5", {"基础_年初预算": "100", "基础_本年追加": "0", "基础_年末结余": "0.73"}, 5),
    (DONE, "5", {"基础_年初预算": "100", "基础_本年追加": "0", "基础_年末结余": "7.2"}, 3),
    (CONTROL, "5", {"基础_年初预算": "113.95", "基础_本年追加": "152.34"}, 0),
    (CONTROL, "5", {"基础_年初预算": "381.5", "基础_调整后预算": "533.84"}, 0),
    (CONTROL, "5", {"基础_年初预算": "100", "基础_本年追加": "0"}, 5),
    (CONTROL, "5", {"基础_年初预算": "29.99", "基础_本年追加": "3"}, 4),  # 10.003%, printed 10.00%
    ("“三公经费”控制率", "7", {"基础_接待_预算": "59.4", "基础_接待_决算": "43.94"}, 7),
    ("公用经费控制率", "8", {"基础_办公_预算": "100", "基础_办公_决算": "102.9"}, 6),
    ("新建楼堂馆所面积控制率", "5", {"基础_编制数": "27"}, 5),
    ("新建楼堂馆所投资概算控制率", "5", {"基础_预算投资": "500", "基础_实际投资": "580"}, 0),
    (BUYING, "6", {"基础_政府采购_预算": "0", "基础_政府采购_实际": "0"}, 6),
    (BUYING, "6", {"基础_政府采购_预算": "100", "基础_政府采购_实际": "112"}, 2),
    ("社会公众或服务对象满意度", "6", {"基础_满意度": "79.99%"}, 2),
    ("重点工作实际完成率", "8", {"基础_重点工作": "95%"}, Fraction(38, 5)),
    ("管理制度健全性", "8", {}, ""),
]


@pytest.mark.parametrize(("indicator", "weight", "fields", "points"), WORKED)
def test_worked_scores(
    pack: Pack, indicator: str, weight: str, fields: Mapping[str, str], points: object
) -> None:
    assert earned(pack, indicator, weight, fields) == points


def law(name: str, mode: str) -> str:
    return f'[[law]]\nname = "{name}"\nmode = "{mode}"\n'


BELOW = {"基础_年初预算": "100", "基础_本年追加": "0", "基础_年末结余": "7.2"}
OVER = {"基础_年初预算": "100", "基础_本年追加": "0", "基础_年末结余": "-10"}
CUT = {"基础_年初预算": "100", "基础_本年追加": "-12"}
NOTHING = {"基础_年初预算": "0", "基础_本年追加": "5"}
CROWDED = {"基础_编制数": "1000", "基础_在职人数": "1027"}
OPTIONS = [
    ("", DONE, BELOW, 3),
    (law("预算完成计分", "ceil"), DONE, BELOW, 1),
    (law("预算完成计分", "proportional"), DONE, BELOW, Fraction(212, 100)),
    ("", STAFF, CROWDED, 4),
    (law("在职控制计分", "ceil"), STAFF, CROWDED, Fraction(7, 2)),
    (law("在职控制计分", "proportional"), STAFF, CROWDED, Fraction(365, 100)),
    ("", DONE, OVER, 5),
    (param("超额完成处理", '"偏离"'), DONE, OVER, 1),
    ("", CONTROL, CUT, 5),
    (param("追减处理", '"绝对值"'), CONTROL, CUT, 3),
    (param("追减处理", '"人工"'), CONTROL, CUT, ""),
    ("", CONTROL, NOTHING, ""),
    (param("分母为零处理", '"满分"'), CONTROL, NOTHING, 5),
    (param("分母为零处理", '"零分"'), CONTROL, NOTHING, 0),
    (param("无楼堂馆所处理", '"人工"'), "新建楼堂馆所面积控制率", {"基础_编制数": "27"}, ""),
]


@pytest.mark.parametrize(("text", "indicator", "fields", "points"), OPTIONS)
def test_what_the_standard_leaves_open_is_an_option(
    tmp_path: Path, text: str, indicator: str, fields: Mapping[str, str], points: object
) -> None:
    assert earned(made_pack(tmp_path, text, extends="S2-HN"), indicator, "5", fields) == points


# ---- the variants -----------------------------------------------------------------------------------------


VARIANTS = [
    ("S2-HN15", CHANGE, "8", {"基础_接待_上年决算": "100", "基础_接待_决算": "103.2"}, Fraction(28, 5)),
    ("S2-HN15", CONTROL, "6", {"基础_年初预算": "100", "基础_本年追加": "5"}, ""),
    ("S2-HNC8", CONTROL, "8", {"基础_年初预算": "100", "基础_本年追加": "15"}, 4),
    ("S2-HNC8", STAFF, "8", {"基础_编制数": "27", "基础_在职人数": "16"}, 8),
    ("S2-HNC8", STAFF, "8", {"基础_编制数": "64", "基础_在职人数": "85"}, ""),
    ("S2-YY", "预算调整率", "3", {"基础_年初预算": "100", "基础_本年追加": "25"}, Fraction(1, 2)),
    ("S2-YY", "重点支出安排率", "5", {"基础_重点项目支出": "85", "基础_项目总支出": "100"}, 4),
    ("S2-YY", "资金结余", "3", {"基础_年末结余": "0"}, 3),
    ("S2-YY", "资金结余", "3", {"基础_年末结余": "4", "基础_上年结转": "5"}, 2),
    ("S2-YY", "资金结余", "3", {"基础_年末结余": "4", "基础_上年结转": "0"}, 0),
]


@pytest.mark.parametrize(("name", "indicator", "weight", "fields", "points"), VARIANTS)
def test_variants(name: str, indicator: str, weight: str, fields: Mapping[str, str], points: object) -> None:
    assert earned(load_pack(name), indicator, weight, fields) == points
