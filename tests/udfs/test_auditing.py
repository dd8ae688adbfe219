"""XB_CHECK and XB_EXPLAIN: one rule on given values, and in words."""

from __future__ import annotations

import pytest

from xlbudget.excel.wire import CellError, Value
from xlbudget.packs import available_packs, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.examples import example_record
from xlbudget.rules.model import Example, Rule
from xlbudget_udfs import call

KNOWN = "、".join(available_packs())


def column(*cells: float | str | None) -> Value:
    return [[cell] for cell in cells]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["S3-03-1", "S3-CN", "资金分值", 10.0], True),
        (["S3-03-1", "S3-HB", "资金分值", 10.0], "预算执行率的分值填报10，规定为20。"),
        (["s3-03-1", None, "资金分值", "11"], "预算执行率的分值填报11，规定为10。"),
        (["S3-03-1", "S3-CN", "资金分值", None], "跳过：缺少：资金分值"),
        (["S3-03-1", "S3-CN"], "跳过：缺少：资金分值"),
        # printed digits: 72.335 stands for what 62.34 and 10 may hide, 72.4 does not
        (["S3-01-1", "S3-CN", "年初预算数", 72.34, "年初_财政拨款", 62.34, "年初_其他资金", 10.0], True),
        (
            ["S3-01-1", "S3-CN", "年初预算数", 62.34, "年初_财政拨款", 62.34, "年初_其他资金", 10.0],
            "年度资金总额的年初预算数填报62.34万元，按三项资金来源相加应为72.34万元，少10.00万元。",
        ),
        (["S3-01-1", "S3-CN", "年初预算数", 0.1 + 0.2, "年初_财政拨款", 0.1, "年初_其他资金", 0.2], True),
        (["S3-02-1", "S3-CN", "执行率", 51.79 / 60, "全年_财政拨款", 60.0, "执行_财政拨款", 51.79], True),
        # one row, bare names
        (
            [
                *("S3-04-1", "S3-CN", "三级指标", "化解率", "年度指标值", "≥90%", "实际完成值", 0.81),
                *("分值", 10.0, "得分", 8.0),
            ],
            "“化解率”指标值≥90%、完成值81%、分值10，按比例应得9分，填报8分，少1。",
        ),
        (
            ["S3-06-1", "S3-CN", "三级指标", "效益", "分值", 5.0, "得分", 5.0],
            True,
        ),
        (["S3-14-1", "S3-CN", "二级指标", "数量指标"], "跳过：不适用"),
        # columns
        (
            [
                *("S3-05-1", "S3-CN", "资金分值", 10.0, "全年_财政拨款", 60.0, "执行_财政拨款", 51.79),
                *("指标[分值]", column(50.0, 30.0, 10.0), "指标[得分]", column(50.0, 30.0, 10.0)),
                *("总得分", 98.0),
            ],
            "总分填报98，按各项得分计算应为98.63。",
        ),
        (["S3-04-3", "S3-CN", "指标[分值]", column(5.0, 5.0), "指标[得分]", column(5.0, 4.0)], True),
        (
            [
                *("S3-04-3", "S3-CN", "指标［三级指标］", column("甲", "乙", "丙")),
                *("指标[分值]", [[5.0, 5.0, 5.0]], "指标[得分]", [[9.0, 5.0, 6.0]]),
            ],
            "“甲”得分9，分值只有5。（另有1处）",
        ),
        (["S3-11-21", "S3-CN", "项目[序号]", column(1.0, 2.0)], True),
        # what cannot be checked
        ([None, "S3-CN"], ""),
        (["S3-99", "S3-CN"], "规则包 S3-CN 里没有规则“S3-99”"),
        (["GEN-01", "S3-CN"], "规则 GEN-01 检查单元格本身（错误值），不能按给出的值审核"),
        (["S3-03-1", "S3-XX"], f"没有规则包“S3-XX”，可用的有：{KNOWN}"),
        (["S3-03-1", "S3-CN", "资金分值"], "名称和值要成对给出：名称1、值1、名称2、值2……"),
        (["S3-03-1", "S3-CN", "得分数", 1.0], "“得分数”不是“自评表”的栏目"),
        (["S3-03-1", "S3-CN", "指标[没有]", 1.0], "行集“指标”没有列“没有”"),
        (
            ["S3-03-1", "S3-CN", "资金分值", column(1.0, 2.0)],
            "“资金分值”只能给一个值；整列写成 行集[列]，如 指标[得分]",
        ),
        (["S3-03-1", "S3-CN", column("资金分值", "甲"), 1.0], "名称只能是一个单元格"),
        (["S3-03-1", "S3-CN", None, None, "资金分值", 10.0], True),
    ],
)
def test_a_check(args: list[Value], expected: Value) -> None:
    assert call("XB_CHECK", args) == expected


def test_error_values_come_out_as_they_went_in() -> None:
    found = call("XB_CHECK", ["S3-05-1", "S3-CN", "指标[得分]", [[1.0], [CellError("#REF!")]]])
    assert found == "#REF!"
    assert isinstance(found, CellError)


def _cases() -> list[object]:
    out: list[object] = []
    for pack_id in available_packs():
        for rule in load_pack(pack_id).rules:
            if rule.pack != pack_id:
                continue
            for failing, examples in ((False, rule.passing), (True, rule.failing)):
                for i, example in enumerate(examples, 1):
                    name = f"{pack_id}-{rule.id}-{'fail' if failing else 'pass'}{i}"
                    out.append(pytest.param(pack_id, rule, example, failing, id=name))
    return out


@pytest.mark.parametrize(("pack_id", "rule", "example", "failing"), _cases())
def test_every_example_of_every_rule(pack_id: str, rule: Rule, example: Example, failing: bool) -> None:
    """Typed into cells and handed to XB_CHECK, an example gives what it says."""
    program = pack_program(load_pack(pack_id))
    assert example_record(program, rule, example.text).forms  # the same names
    args: list[Value] = [rule.id, pack_id]
    for part in example.text.split("；"):
        name, _, text = part.partition("=")
        cells = [_typed(program.params.get(t, t)) for t in (text.split("|") if "[" in name else [text])]
        args += [name, [[c] for c in cells] if "[" in name else cells[0]]
    found = call("XB_CHECK", args)
    if failing:
        assert isinstance(found, str)
        assert not found.startswith("跳过")
        assert "规则故障" not in found
    else:
        assert found is True


def _typed(content: object) -> float | str | None:
    """What Excel makes of a typed text: a double where it is a plain number."""
    text = str(content)
    try:
        return float(text)
    except ValueError:
        return text or None


def test_a_rule_explained() -> None:
    found = call("XB_EXPLAIN", ["S3-05-1"])
    assert isinstance(found, str)
    lines = found.split("\n")
    assert lines[0] == "S3-05-1 总分等于各项得分之和（错误）"
    assert lines[1] == "公式：当 COUNT(指标[得分])>0 时：填报数(总得分) = 计算数(总得分)"
    assert [line.partition("：")[0] for line in lines[2:]] == ["为什么", "怎么办", "依据"]


@pytest.mark.parametrize("pack_id", available_packs())
def test_every_rule_can_be_explained(pack_id: str) -> None:
    ids = [r.id for r in load_pack(pack_id).rules]
    found = call("XB_EXPLAIN", [[[i] for i in ids], pack_id])
    assert isinstance(found, list)
    for rule_id, (text,) in zip(ids, found, strict=True):
        assert isinstance(text, str)
        assert text.startswith(f"{rule_id} ")
        assert "依据：" in text


def test_rules_that_there_are_not() -> None:
    assert call("XB_EXPLAIN", ["S3-99"]) == "各规则包里都没有规则“S3-99”"
    assert call("XB_EXPLAIN", ["S3-99", "S3-HN"]) == "规则包 S3-HN 里没有规则“S3-99”"
    assert call("XB_EXPLAIN", [None]) == ""
