"""Records made by hand: projects in a few words, laid out on the official forms, audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlbudget.figures import parse_figure
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.model import AuditResult, Finding, Outcome
from xlbudget.rules.record import CellIssue, Entry, FormRecord, Record
from xlbudget.workbook.fill import placed

COLUMNS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")

TEXTS = {
    *("项目名称", "预期目标", "实际完成情况", "总分说明", "等级", "报告等级", "报告_等级", "平均等级"),
    *COLUMNS,
} - {"分值", "得分"}

FIELDS = {
    "年度": "2023",
    "项目名称": "招商推介经费",
    "年初_财政拨款": "60",
    "全年_财政拨款": "60",
    "执行_财政拨款": "60",
    "预期目标": "促成招商项目6项。",
    "实际完成情况": "促成招商项目6项。",
}
ROWS = (
    "产出指标（50分）|数量指标|招商项目数|≥6项|6项|15|15|",
    "产出指标（50分）|质量指标|验收合格率|≥100%|100%|10|10|",
    "产出指标（50分）|时效指标|完成时间|2023年12月31日前完成|2023年12月20日|15|15|",
    "产出指标（50分）|成本指标|项目成本控制|≤60万元|60万元|10|10|",
    "效益指标（30分）|经济效益指标|签约投资额|≥5000万元|6000万元|15|15|",
    "效益指标（30分）|社会效益指标|带动就业|≥100人|120人|15|15|",
    "满意度指标（10分）|服务对象满意度指标|服务对象满意度|≥90%|95%|10|10|",
)
"""A project without error. On its sheet the rows stand at 13 to 19, the total at 20."""


def project(
    fields: Mapping[str, str] | None = None,
    rows: Mapping[int, Mapping[str, str]] | Sequence[str] | None = None,
) -> FormRecord:
    """The project without error, with fields changed, and with cells of rows changed or all rows given.

    An empty text is a cell left blank.
    """
    form = FormRecord("自评表", sheet="")
    for name, text in {**FIELDS, **(fields or {})}.items():
        form.fields[name] = entry(text, name)
    changed = rows if isinstance(rows, Mapping) else {}
    lines = rows if rows is not None and not isinstance(rows, Mapping) else ROWS
    form.rows["指标"] = [_row(line, changed.get(i, {})) for i, line in enumerate(lines)]
    key = form.fields["项目名称"].value
    form.key = key if isinstance(key, str) else ""
    return form


def _row(line: str, changed: Mapping[str, str]) -> dict[str, Entry]:
    texts = {**dict(zip(COLUMNS, line.split("|"), strict=True)), **changed}
    return {name: entry(text, name) for name, text in texts.items()}


def summary(fields: Mapping[str, str] | None = None, rows: Sequence[Mapping[str, str]] = ()) -> FormRecord:
    form = FormRecord("汇总")
    for name, text in {"年度": "2023", **(fields or {})}.items():
        form.fields[name] = entry(text, name)
    form.rows["项目"] = [{n: entry(t, n) for n, t in row.items()} for row in rows]
    return form


def entry(text: str, name: str) -> Entry:
    """What stands in a cell: a figure in the columns of numbers, the text elsewhere."""
    if text == "":
        return Entry(None)
    if name in TEXTS:
        return Entry(text)
    figure = parse_figure(text)
    return Entry(figure) if figure else Entry(None, issue=CellIssue.NOT_A_NUMBER, raw=text)


def record(pack: Pack, *forms: FormRecord) -> Record:
    """The forms on their sheets: 附件2-1, 附件2-2, …, 汇总."""
    return placed(pack, Record(pack.id, "示例单位", 2023, list(forms)))


def audited(pack: Pack, *forms: FormRecord) -> AuditResult:
    return audit(pack_program(pack), record(pack, *forms))


def told(findings: Sequence[Finding]) -> list[tuple[str, str, str, str, str]]:
    """Rule, cell, expected, actual, difference of each finding."""
    return [
        (f.rule, f.place.address if f.place else "", f.expected, f.actual, f.difference) for f in findings
    ]


def outcomes(result: AuditResult, rule: str) -> list[Outcome]:
    return [o for o in result.outcomes if o.rule == rule]
