"""The sample forms of the reading tests: one project of a fictitious unit, under several packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlbudget.packs import Pack, load_pack
from xlbudget.rules.record import Entry, FormRecord

from .handmade import Content, Draft, draft

CN = load_pack("S3-CN")
FIELDS: dict[str, Content] = {
    "年度": "（2023年度）",
    "项目名称": "维修（养护）经费",
    "主管部门": "某市交通运输局",
    "实施单位": "某市公路中心",
    "资金分值": 10,
    "年初_财政拨款": 10,
    "全年_财政拨款": 8.4,
    "执行_财政拨款": 7.49,
    "年初_其他资金": 1.5,
    "全年_其他资金": 1.6,
    "执行_其他资金": 1.5,
    "预期目标": "全年养护到位",
    "实际完成情况": "已养护",
}
COMPUTED: dict[str, Content] = {
    "年初预算数": 11.5,
    "全年预算数": 10,
    "全年执行数": 8.99,
    "执行率": 0.899,
    "资金得分": 8.99,
    "总分值": 100,
    "总得分": 96.99,
}


def indicator(
    one: str,
    two: str,
    three: str,
    target: Content,
    done: Content,
    weight: Content,
    score: Content,
    why: str = "",
) -> dict[str, Content]:
    return {
        "一级指标": one,
        "二级指标": two,
        "三级指标": three,
        "年度指标值": target,
        "实际完成值": done,
        "分值": weight,
        "得分": score,
        "偏差原因": why or None,
    }


ROWS: list[Mapping[str, Content]] = [
    indicator("产出指标\n（50分）", "数量指标", "养护里程", "≥50公里", "60公里", 20, 20),
    indicator("产出指标\n（50分）", "数量指标", "巡查次数", "12次", "11次", 10, 8, "汛期停巡"),
    indicator("产出指标\n（50分）", "成本指标", "养护成本", "≤10万元", 8.99, 20, 20),
    indicator("效益指标\n（30分）", "社会效益指标", "出行条件", "改善", "改善", 30, 30),
    indicator("满意度指标\n（10分）", "服务对象满意度指标", "群众满意度", "≥90%", "95%", 10, 10),
]


def project(name: str = "附件2-1", pack: Pack = CN, **changed: Content) -> Draft:
    """A filled form with names and formulas; ``changed`` replaces contents of fields."""
    return draft(pack, "自评表", name, {**FIELDS, **changed}, ROWS, COMPUTED)


def texts(form: FormRecord) -> dict[str, str]:
    """What stands in each field, as printed; blanks left out."""
    return {n: _text(e) for n, e in form.fields.items() if not e.blank}


def column(form: FormRecord, name: str, rowset: str = "指标") -> list[str]:
    return [_text(row[name]) for row in form.rows[rowset]]


def refs(form: FormRecord) -> dict[str, str]:
    return {n: e.place.ref for n, e in form.fields.items() if e.place}


def _text(entry: Entry) -> str:
    value: Any = entry.value
    return "" if value is None else str(value)


EXPECTED = {
    "年度": "2023",
    "项目名称": "维修（养护）经费",
    "主管部门": "某市交通运输局",
    "实施单位": "某市公路中心",
    "年初预算数": "11.50",
    "全年预算数": "10.00",
    "全年执行数": "8.99",
    "资金分值": "10.00",
    "执行率": "89.90%",
    "资金得分": "8.99",
    "年初_财政拨款": "10.00",
    "全年_财政拨款": "8.40",
    "执行_财政拨款": "7.49",
    "年初_其他资金": "1.50",
    "全年_其他资金": "1.60",
    "执行_其他资金": "1.50",
    "预期目标": "全年养护到位",
    "实际完成情况": "已养护",
    "总分值": "100.00",
    "总得分": "96.99",
}
