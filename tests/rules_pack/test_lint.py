"""A broken pack is named before any data: exactly what is wrong, where, in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlbudget.packs import PackError, available_packs, load_pack
from xlbudget.packs.lint import lint

from .packs_made import made_pack, rule, write_pack


def problems(folder: Path, text: str) -> list[str]:
    return [str(p) for p in lint(made_pack(folder, text))]


def test_a_sound_rule_gives_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, rule()) == []


FORMULAS = {
    "N(不存在的栏目)": "规则 T-1 左式：没有名称“不存在的栏目”",
    "VLOOKUP(全年执行数,1,2)": "规则 T-1 左式：没有函数 VLOOKUP（第1个字符）",
    "ROUND(全年执行数)": "规则 T-1 左式：ROUND 至少要2个参数（第1个字符）",
    "N(全年执行数": "规则 T-1 左式：这里应是“,”或“)”，却是“公式结尾”（第8个字符）",
    "SUM(指标[不存在])": "规则 T-1 左式：行集“指标”没有列“不存在”",
    "SUM(不存在[得分])": "规则 T-1 左式：没有行集“不存在”",
    "计算数(资金分值)": "规则 T-1 左式：没有名称“计算数：资金分值”",
    "达成用语": "规则 T-1 左式：“达成用语”是一组文字，只能放在 ISIN、HASANY 里（第1个字符）",
    "正向比例(全年执行数)": (
        "规则 T-1 左式：评分规则“正向比例”用错了：要3个参数（分值、目标值、完成值），给了1个（第1个字符）"
    ),
}


@pytest.mark.parametrize(("formula", "problem"), FORMULAS.items())
def test_a_wrong_formula(tmp_path: Path, formula: str, problem: str) -> None:
    assert problems(tmp_path, rule(left=f'"{formula}"')) == [problem]


ENTRIES: dict[str, tuple[dict[str, str], list[str]]] = {
    "no examples": (
        {"pass": "", "fail": ""},
        ["规则 T-1：没有通过的例子", "规则 T-1：没有不通过的例子"],
    ),
    "no basis": ({"basis": ""}, ["规则 T-1：没有写依据"]),
    "no reason, no advice": (
        {"why": "", "advice": ""},
        ["规则 T-1：没有写处理办法", "规则 T-1：没有写缘由"],
    ),
    "no such form": ({"form": '"不存在"'}, ["规则 T-1：适用的表样“不存在”不存在"]),
    "no such row set": ({"each": '"不存在"'}, ["规则 T-1：逐行的行集“不存在”不存在"]),
    "no such label": ({"each": '"指标/不存在"'}, ["规则 T-1：行集“指标”没有列“不存在”"]),
    "no such mark": ({"marks": '["不存在"]'}, ["规则 T-1 标注位置：没有名称“不存在”"]),
    "no such column to mark": (
        {"marks": '["指标[不存在]"]'},
        ["规则 T-1 标注位置：没有名称“指标[不存在]”"],
    ),
    "no mark": ({"marks": ""}, ["规则 T-1：没有写标注位置"]),
    "no such slot": ({"message": '"{不存在}太大"'}, ["规则 T-1 提示语：没有名称“不存在”"]),
    "wrong formula in a slot": (
        {"message": '"{=不存在+1}太大"'},
        ["规则 T-1 提示语：没有名称“不存在”"],
    ),
    "no such need": ({"needs": '["不存在"]'}, ["规则 T-1 必填：没有名称“不存在”"]),
    "no right side": ({"right": ""}, ["规则 T-1：左式或右式没有写"]),
}


@pytest.mark.parametrize(("changes", "expected"), ENTRIES.values(), ids=ENTRIES.keys())
def test_a_wrong_entry(tmp_path: Path, changes: dict[str, str], expected: list[str]) -> None:
    assert problems(tmp_path, rule(**changes)) == expected


EXAMPLES: dict[str, tuple[dict[str, str], list[str]]] = {
    "fails to fail": (
        {"fail": '["执行_财政拨款=5"]'},
        ["规则 T-1 的例子“执行_财政拨款=5”：应当报告，却没有：通过"],
    ),
    "fails to pass": (
        {"pass": '["执行_财政拨款=5000"]'},
        ["规则 T-1 的例子“执行_财政拨款=5000”：应当通过，却报告：全年执行数5000.00万元太大。"],
    ),
    "never runs": (
        {"when": '"N(全年预算数)>0"'},
        [
            "规则 T-1 的例子“执行_财政拨款=10”：应当通过，却没有执行：不适用",
            "规则 T-1 的例子“执行_财政拨款=5000”：应当报告，却没有：不适用",
        ],
    ),
    "finds another thing": (
        {"fail": '[{text="执行_财政拨款=5000",expect="≤1000｜5000｜1"}]'},
        ["规则 T-1 的例子“执行_财政拨款=5000”：应当报告“≤1000｜5000｜1”，实际是“≤1000.00｜5000.00｜4000.00”"],
    ),
    "unknown name": (
        {"pass": '["不存在=1"]'},
        ["规则 T-1 的例子“不存在=1”：例子里的“不存在”不是“自评表”的栏目"],
    ),
    "no content": (
        {"pass": '["执行_财政拨款"]'},
        ["规则 T-1 的例子“执行_财政拨款”：例子里的“执行_财政拨款”没有写成 名称=内容"],
    ),
}


@pytest.mark.parametrize(("changes", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_wrong_example(tmp_path: Path, changes: dict[str, str], expected: list[str]) -> None:
    assert problems(tmp_path, rule(**changes)) == expected


FORM = '[[form]]\nid = "自评表"\n'
ROWS = FORM + '[[form.rowset]]\nname = "指标"\n'
LAW = '[[law]]\nname = "预算控制率"\nkind = "分档"\n'

LAYOUTS: dict[str, tuple[str, list[str]]] = {
    "circular names of a form": (
        FORM + '[form.define]\n"甲" = "乙+1"\n"乙" = "甲+1"\n',
        ["自评表“甲”的公式：绕了一圈又用到自己", "自评表“乙”的公式：绕了一圈又用到自己"],
    ),
    "circular names of a row": (
        ROWS + '[form.rowset.define]\n"甲" = "甲+1"\n',
        ["自评表 行集“指标”“甲”的公式：绕了一圈又用到自己"],
    ),
    "unreachable band": (
        LAW + 'bands = ["(-∞,0] 5", "(0,10%] 4", "(10%,10%) 3", "(10%,∞) 0"]\n',
        ["评分规则“预算控制率”：“10%＜x＜10%”这一档取不到任何值"],
    ),
    "overlapping bands": (
        LAW + 'bands = ["(-∞,0] 5", "(0,10%] 4", "[5%,∞) 0"]\n',
        ["评分规则“预算控制率”：“0%＜x≤10%”与“5%≤x”两档重叠"],
    ),
    "gap between bands": (
        LAW + 'bands = ["(-∞,0] 5", "(0,10%] 4", "(20%,∞) 0"]\n',
        ["评分规则“预算控制率”：“0%＜x≤10%”与“20%＜x”两档之间有空档"],
    ),
    "default that is no parameter": (
        FORM + '[[form.field]]\nname = "资金分值"\ndefault = "不存在"\n',
        ["自评表 字段“资金分值”：默认值“不存在”不是参数"],
    ),
    "source that does not exist": (
        '[[form]]\nid = "汇总"\n[[form.rowset]]\nname = "项目"\n'
        '[[form.rowset.column]]\nname = "执行率"\nsource = "不存在"\n',
        ["汇总 行集“项目” 列“执行率”：取数来源“不存在”不存在"],
    ),
    "standard row with an unknown column": (
        ROWS + '[[form.rowset.standard]]\n"不存在" = "甲"\n',
        ["自评表 行集“指标”：预置行写了没有的列“不存在”"],
    ),
    "unknown state of a cell": (
        '[[rule]]\nid = "G-1"\ntitle = "甲"\nseverity = "提示"\nform = "*"\nissue = "不存在"\n'
        'message = "{栏目}{别的}"\nadvice = "甲"\nbasis = "甲"\nwhy = "甲"\n',
        ["规则 G-1：没有“不存在”这种单元格情况", "规则 G-1 提示语：没有名称“别的”"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_wrong_form_or_law(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert problems(tmp_path, text) == expected


REFUSED: dict[str, tuple[str, str]] = {
    "toml syntax": (
        "[[rule\n",
        "规则包文件 pack.toml 读不懂：Expected ']]' at the end of an array declaration (at line 5, column 7)",
    ),
    "unknown severity": (
        rule(severity='"严重"'),
        "规则包 T 规则 T-1：severity 写成了“严重”，只能是 错误、核实、提示",
    ),
    "unknown relation": (
        rule(relation='"约等于"'),
        "规则包 T 规则 T-1：relation 写成了“约等于”，只能是 =、<>、>=、<=、>、<、非空、为空、成立",
    ),
    "no title": (rule(title=""), "规则包 T 规则 T-1：缺少 title"),
    "unknown kind of law": (
        '[[law]]\nname = "甲"\nkind = "不存在"\n',
        "规则包 T 评分规则“甲”：没有评分规则种类“不存在”，只有 比例、反向比例、达标、分档、扣分",
    ),
    "law without a parameter": (
        '[[law]]\nname = "甲"\nkind = "扣分"\nstep = "5%"\n',
        "规则包 T 评分规则“甲”：缺少参数 standard",
    ),
    "wrong parameter": (
        '[[param]]\nname = "满分"\nvalue = true\nbasis = "甲"\n',
        "规则包 T 参数“满分”：value 应为数、文字或文字列表",
    ),
    "removal of what is not there": (
        '[[rule]]\nid = "S9"\nremove = true\n',
        "规则包要去掉的“S9”在上级规则包里没有",
    ),
    "no such block": (
        FORM + '[[form.field]]\nname = "新"\nblock = "不存在"\nat = "A1"\nkind = "text"\n',
        "规则包 T 表样“自评表”：“新”所在的块“不存在”不存在",
    ),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_pack_that_cannot_be_loaded(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PackError) as refused:
        made_pack(tmp_path, text)
    assert str(refused.value) == message


def test_a_parent_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(PackError) as refused:
        made_pack(tmp_path, extends="S9-XX")
    assert str(refused.value) == "规则包 T 要继承的“S9-XX”不存在"


def test_packs_that_extend_each_other(tmp_path: Path) -> None:
    write_pack(tmp_path, name="甲", extends="乙")
    with pytest.raises(PackError) as refused:
        made_pack(tmp_path, name="乙", extends="甲")
    assert str(refused.value) == "规则包 乙 绕了一圈又继承自己"


def test_a_pack_that_does_not_exist() -> None:
    with pytest.raises(PackError) as refused:
        load_pack("S9-XX")
    known = "、".join(available_packs())
    assert str(refused.value).startswith(f"没有规则包“S9-XX”。可用的规则包：{known}；")


def test_a_circle_through_a_column(tmp_path: Path) -> None:
    text = (
        '[[form]]\nid = "自评表"\n[form.define]\n"甲" = "SUM(指标[乙])"\n'
        '[[form.rowset]]\nname = "指标"\n[form.rowset.define]\n"乙" = "甲"\n'
    )
    assert problems(tmp_path, text) == [
        "自评表“甲”的公式：绕了一圈又用到自己",
        "自评表 行集“指标”“乙”的公式：绕了一圈又用到自己",
    ]


def test_a_kind_that_does_not_exist(tmp_path: Path) -> None:
    text = '[[form]]\nid = "自评表"\n[[form.field]]\nname = "主管部门"\nkind = "不存在"\n'
    with pytest.raises(PackError, match="字段“主管部门”：kind 写成了“不存在”，只能是"):
        made_pack(tmp_path, text)
