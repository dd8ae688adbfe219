"""A fictitious unit with three projects, as a record: what the tests of filling put into forms."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from xlbudget.figures import Figure
from xlbudget.figures.parse import parse_figure
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.record import Entry, FormRecord, Record, Row
from xlbudget.workbook.fill import fill, placed

OUTPUT, BENEFIT, CONTENT = "产出指标\n（50分）", "效益指标\n（30分）", "满意度指标\n（10分）"
COLUMNS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")


def entry(value: str | int | None) -> Entry:
    """A number as a figure with its printed decimals, anything else as text."""
    if isinstance(value, int):
        return Entry(Figure.of(value))
    return Entry(value or None)


def money(text: str) -> Entry:
    return Entry(parse_figure(text))


def indicators(budget: str, spent: str) -> list[Row]:
    table: list[tuple[str | int, ...]] = [
        (OUTPUT, "数量指标", "接待读者人次", "≥200000人次", "213000人次", 10, 10, ""),
        (OUTPUT, "数量指标", "阅读推广活动场次", "60场", "64场", 10, 10, ""),
        (OUTPUT, "质量指标", "新购图书验收合格率", "100%", "100%", 10, 10, ""),
        (OUTPUT, "时效指标", "改造完成时间", "2023年12月之前完成", "2023年11月20日", 10, 10, ""),
        (OUTPUT, "成本指标", "项目总成本", f"≤{budget}万元", f"{spent}万元", 10, 10, ""),
        (BENEFIT, "经济效益指标", "无", "", "", "", "", ""),
        (
            BENEFIT,
            "社会效益指标",
            "公共文化服务水平",
            "效果明显",
            "效果明显",
            15,
            14,
            "流动服务点不足，明年增加",
        ),
        (BENEFIT, "可持续影响指标", "阅读习惯培育机制", "持续完善", "持续完善", 15, 15, ""),
        (CONTENT, "服务对象满意度指标", "读者满意度", "≥90%", "95%", 10, 10, ""),
    ]
    return [{name: entry(value) for name, value in zip(COLUMNS, row, strict=True)} for row in table]


def project(name: str, budget: str, spent: str) -> FormRecord:
    fields = {
        "年度": money("2023"),
        "项目名称": Entry(name),
        "主管部门": Entry("某市文化旅游广电体育局"),
        "实施单位": Entry("某市图书馆"),
        "年初_财政拨款": money(budget),
        "全年_财政拨款": money(budget),
        "执行_财政拨款": money(spent),
        "预期目标": Entry("全年接待读者20万人次。"),
        "实际完成情况": Entry("全年接待读者21.3万人次。"),
        "总分说明": Entry("尾款结转下年支付。"),
    }
    return FormRecord("自评表", name, "", fields, {"指标": indicators(budget, spent)})


def unit() -> Record:
    projects = [
        project("免费开放", "60", "51.79"),
        project("古籍保护", "1234.5", "1234.5"),
        project("改造", "88.8", "80"),
    ]
    return Record("S3-CN", "某市图书馆", 2023, projects)


def filled(pack: Pack, record: Record) -> bytes:
    """The workbook of a record: placed, derived and filled."""
    whole = placed(pack, record)
    return fill(pack, whole, derive(pack_program(pack), whole))


def opened(data: bytes, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)
