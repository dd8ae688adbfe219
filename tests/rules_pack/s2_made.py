"""S2 forms made by hand: the figures of a real unit's self-evaluation, and the same unit corrected."""

from __future__ import annotations

from collections.abc import Mapping

from xlbudget.packs import Pack
from xlbudget.packs.layout import Column, Field
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.given import entry_of
from xlbudget.rules.model import AuditResult
from xlbudget.rules.record import Entry, FormRecord, Place, Record, Row
from xlbudget.workbook.fill import placed

BASE, SCORE, LINES, PROJECTS = "基础数据表", "评分表", "指标", "项目支出"

AS_PUBLISHED = {
    "填报单位": "示例办事处",
    "基础_年度": "2022",
    "基础_编制数": "27",
    "基础_在职人数": "16",
    "基础_运行_预算": "31",
    "基础_接待_预算": "28.4",
    "基础_运行_决算": "35.79",
    "基础_接待_决算": "8.15",
    "基础_三公_上年预算": "59.4",
    "基础_其他公用_决算": "168.15",
    "基础_政府采购_预算": "0",
    "基础_政府采购_实际": "0",
    "基础_年初预算": "113.95",
    "基础_本年追加": "152.34",
    "基础_调整后预算": "409.70",
    "基础_年末结余": "0",
    "基础_支出合计": "409.70",
    "基础_重点工作": "100%",
}
"""What the unit's report states, where it says nothing blank: 公用经费 without a budget, no survey."""

CORRECTED = {
    **AS_PUBLISHED,
    "基础_年初预算": "231.78",
    "基础_本年追加": "177.92",
    "基础_其他公用_预算": "170",
    "基础_满意度": "93.5%",
    "基础_满意度份数": "120",
    "基础_满意度方式": "问卷调查，办事群众",
}

FULL = {"经济效益、社会效益": {"评价标准": "签约项目不少于5个", "指标说明": "实际签约6个"}}
CLAIMED = {**FULL, "管理制度健全性": {"得分": "6", "扣分原因": "制度还需不断完善"}}
"""Full scores but for one, as claimed: 98."""


def base(fields: Mapping[str, str], pack: Pack) -> FormRecord:
    """The base data; a project without a form of its own."""
    form = FormRecord(BASE)
    for name, text in fields.items():
        form.fields[name] = _entry(text, pack.form(BASE).by_name[name])
    columns = {c.name: c for c in pack.form(BASE).rowset_by_name[PROJECTS].columns}
    row = {"项目名称": "驻外工作经费", "决算数": "58.8"}
    form.rows[PROJECTS] = [{n: _entry(t, columns[n]) for n, t in row.items()}]
    return form


def score(
    lines: Mapping[str, Mapping[str, str]], pack: Pack, fields: Mapping[str, str] | None = None
) -> FormRecord:
    """The official lines with full scores, changed by the name of the indicator."""
    layout = pack.form(SCORE)
    form = FormRecord(SCORE)
    for name, text in {"单位名称": "示例办事处", "评分_年度": "2022", **(fields or {})}.items():
        form.fields[name] = _entry(text, layout.by_name[name])
    rowset = layout.rowset_by_name[LINES]
    columns = {c.name: c for c in rowset.columns}
    rows: list[Row] = []
    for standard in rowset.standard:
        texts = {**standard, "得分": standard.get("分值", "")}
        texts |= lines.get(standard.get("三级指标", ""), {})
        rows.append({n: _entry(t, columns[n]) for n, t in texts.items()})
    form.rows[LINES] = rows
    return form


def one_line(pack: Pack, indicator: str, weight: str) -> FormRecord:
    """A form with one indicator and its weight."""
    columns = {c.name: c for c in pack.form(SCORE).rowset_by_name[LINES].columns}
    texts = {"三级指标": indicator, "分值": weight}
    return FormRecord(SCORE, rows={LINES: [{n: _entry(t, columns[n]) for n, t in texts.items()}]})


def _entry(text: str, spec: Field | Column) -> Entry:
    return entry_of(text, spec, Place("", 1, 1))


def record(pack: Pack, *forms: FormRecord) -> Record:
    return placed(pack, Record(pack.signature, "示例办事处", 2022, list(forms)))


def audited(pack: Pack, *forms: FormRecord) -> AuditResult:
    return audit(pack_program(pack), record(pack, *forms))
