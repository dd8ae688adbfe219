"""From an audit's result to the patch that shows it: marks in the cells and the sheets 审核结果, 审核规则.

The sentences come from the findings; only their arrangement is decided here. Explanations that an
accountant typed into an earlier 审核结果 are put back beside the findings they belong to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from xlbudget.packs import Pack
from xlbudget.rules.display import summary_line
from xlbudget.rules.model import HARMLESS, AuditResult, Finding, Outcome, OutcomeKind, Rule, Severity, Status

from .byid import once_for_each
from .patch import Mark, OwnSheet, Patch, SheetCell

RESULT_SHEET = "审核结果"
RULES_SHEET = "审核规则"
EXPLANATION = "出错说明"
IDENTITY = "标识"

_Cells = tuple[SheetCell | None, ...]

_ORDER = {Severity.ERROR: 0, Severity.QUERY: 1, Severity.NOTICE: 2}
_STYLE = {Severity.ERROR: "error", Severity.QUERY: "query", Severity.NOTICE: "notice"}

_HEAD = (
    *("序号", "级别", "位置", "栏目", "问题", "应为", "实为", "差额", "怎么办", "依据", "规则"),
    EXPLANATION,
    IDENTITY,
)
_WIDTHS = (5.0, 6.5, 13.0, 17.0, 40.0, 9.5, 9.5, 8.5, 26.0, 23.0, 9.0, 24.0, 13.5)
_UNCONFIRMED = "“待核”表示依据的条款号或口径还没有核实。"
_RULE_HEAD = ("编号", "级别", "状态", "适用", "名称", "审核公式", "口径", "提示语", "依据", "本次结果")
_RULE_WIDTHS = (9.5, 6.5, 6.5, 18.0, 24.0, 46.0, 9.0, 38.0, 28.0, 32.0)


def findings_patch(
    result: AuditResult, pack: Pack, explanations: Mapping[str, str] | None = None, notes: Sequence[str] = ()
) -> Patch:
    """Marks for every finding with a cell, and our two sheets.

    ``explanations`` maps fingerprints to what the accountant typed; ``notes`` are sentences of the reader
    about how the workbook was understood.
    """
    return Patch(
        marks=_marks(result.findings),
        sheets=[_result_sheet(result, pack, explanations or {}, notes), _rules_sheet(result, pack)],
    )


def read_explanations(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Fingerprint → explanation from the rows of an earlier 审核结果; columns are found by their captions."""
    out: dict[str, str] = {}
    where: tuple[int, int] | None = None
    for row in rows:
        cells = [c.strip() for c in row]
        if EXPLANATION in cells and IDENTITY in cells:
            where = cells.index(EXPLANATION), cells.index(IDENTITY)
        elif where is not None and len(cells) > where[1] and cells[where[1]] and cells[where[0]]:
            out[cells[where[1]]] = cells[where[0]]
    return out


# ---- marks ----


def _marks(findings: Sequence[Finding]) -> list[Mark]:
    by_cell: dict[tuple[str, int, int], list[tuple[Finding, bool]]] = {}
    for finding in findings:
        for i, place in enumerate(finding.places):
            by_cell.setdefault((place.sheet, place.row, place.col), []).append((finding, i == 0))
    return [_mark(*cell, group) for cell, group in sorted(by_cell.items())]


def _mark(sheet: str, row: int, col: int, group: list[tuple[Finding, bool]]) -> Mark:
    """One mark for all findings of a cell, in the colour of the gravest."""
    group = sorted(group, key=lambda g: (_ORDER[g[0].severity], not g[1], g[0].rule))
    severity = group[0][0].severity.value
    own = [f for f, main in group if main]
    label = f"{severity} {'、'.join(dict.fromkeys(f.rule for f in own))}" if own else ""
    return Mark(sheet, row, col, severity, "\n\n".join(_note(f, main, sheet) for f, main in group), label)


def _note(finding: Finding, main: bool, sheet: str) -> str:
    head = f"【{finding.severity.value}】{finding.title}（{finding.rule}）"
    if not main:
        place = finding.place
        there = "" if place is None else place.ref if place.sheet == sheet else place.address
        return f"{head}\n见 {there} 的批注。"
    lines = [head, finding.message]
    told = {"应为": finding.expected, "实为": finding.actual, "差额": finding.difference}
    compared = [f"{label}：{text}" for label, text in told.items() if text]
    if compared:
        lines.append("　".join(compared))
    if finding.advice:
        lines.append(f"怎么办：{finding.advice}")
    if finding.basis:
        lines.append(f"依据：{finding.basis}")
    return "\n".join(lines)


# ---- 审核结果 ----


def _result_sheet(
    result: AuditResult, pack: Pack, explanations: Mapping[str, str], notes: Sequence[str]
) -> OwnSheet:
    width = len(_HEAD)
    findings = sorted(result.findings, key=_sort_key)
    marks = [f.fingerprint for f in findings]
    explained = sum(1 for mark in marks if mark in explanations)
    skipped = sum(o.kind is OutcomeKind.SKIPPED and o.reason not in HARMLESS for o in result.outcomes)
    counts = {severity: result.count(severity) for severity in Severity}
    about = f"审核结论：{summary_line(counts, len(result.broken))}"
    if explained:
        about += f"（其中已说明 {explained}）"
    if skipped:
        about += f"；因缺数等原因没有执行 {skipped} 处，见“{RULES_SHEET}”"
    rows: list[_Cells] = [
        _line("审核结果", "title", width),
        _line(about, "body", width),
        _line(f"规则包：{pack.title}（{pack.signature}）。依据：{pack.basis}", "small", width),
        _line(f"“{EXPLANATION}”一栏可以填写，再次校验时保留；位置一栏可以点击。", "small", width),
    ]
    rows += [_line(note, "small", width) for note in notes]
    merges = [f"A{i}:{_letter(width)}{i}" for i in range(1, len(rows) + 1)]
    rows.append(tuple(SheetCell(h, "head") for h in _HEAD))
    frozen = len(rows)
    causes = Counter(f.cause for f in findings)
    last = ""
    for number, (finding, mark) in enumerate(zip(findings, marks, strict=True), 1):
        if finding.cause != last and causes[finding.cause] > 1:
            rows.append(_line(f"同一原因：{finding.cause}（{causes[finding.cause]} 处）", "group", width))
            merges.append(f"A{len(rows)}:{_letter(width)}{len(rows)}")
        last = finding.cause
        rows.append(_finding_row(number, finding, mark, explanations.get(mark, "")))
    for outcome in result.broken:
        text = f"规则 {outcome.rule} 没有正常运行（不是填报的问题）：{outcome.reason}"
        rows.append(_line(text, "notice", width))
    return OwnSheet(RESULT_SHEET, tuple(rows), _WIDTHS, frozen, tuple(merges))


def _sort_key(finding: Finding) -> tuple[int, str, str, int, int, str]:
    place = finding.place
    where = (place.sheet, place.row, place.col) if place is not None else ("", 0, 0)
    return (_ORDER[finding.severity], finding.cause, *where, finding.rule)


def _line(text: str, style: str, width: int) -> _Cells:
    return (SheetCell(text, style), *([SheetCell("", style)] * (width - 1)))


def _finding_row(number: int, f: Finding, fingerprint: str, explanation: str) -> _Cells:
    place = f.place
    link = f"'{place.sheet.replace(chr(39), chr(39) * 2)}'!{place.ref}" if place is not None else ""
    rule = f"{f.rule}（试行）" if f.trial else f.rule
    return (
        SheetCell(number, "center"),
        SheetCell(f.severity.value, _STYLE[f.severity]),
        SheetCell(place.address if place is not None else f.subject, "link" if link else "body", link),
        SheetCell((place.caption if place is not None else "") or f.subject),
        SheetCell(f.message),
        SheetCell(f.expected, "center"),
        SheetCell(f.actual, "center"),
        SheetCell(f.difference, "center"),
        SheetCell(f.advice),
        SheetCell(f.basis, "fine"),
        SheetCell(rule, "center"),
        SheetCell(explanation, "input"),
        SheetCell(fingerprint, "fine"),
    )


def _letter(column: int) -> str:
    return chr(64 + column)


# ---- 审核规则 ----


def _rules_sheet(result: AuditResult, pack: Pack) -> OwnSheet:
    outcomes: dict[str, list[Outcome]] = {}
    for outcome in result.outcomes:
        outcomes.setdefault(outcome.rule, []).append(outcome)
    head, told = _rules_table(pack)
    rows = [*head, *[(*cells, _told(rule, outcomes.get(rule.id, ()))) for rule, cells in told]]
    width = len(_RULE_HEAD)
    merges = (f"A1:{_letter(width)}1", f"A2:{_letter(width)}2")
    return OwnSheet(RULES_SHEET, tuple(rows), _RULE_WIDTHS, 3, merges)


@once_for_each
def _rules_table(pack: Pack) -> tuple[tuple[_Cells, ...], tuple[tuple[Rule, _Cells], ...]]:
    """What 审核规则 shows whatever the result: its first rows, and of each rule all columns but the last."""
    width = len(_RULE_HEAD)
    head = (
        _line("审核规则", "title", width),
        _line(f"规则包：{pack.title}（{pack.signature}）。{_UNCONFIRMED}", "small", width),
        tuple(SheetCell(h, "head") for h in _RULE_HEAD),
    )
    return head, tuple((rule, _rule_cells(rule, pack)) for rule in pack.rules)


def formula_text(rule: Rule) -> str:
    """The rule as one formula for a person: 前提：… 左式 关系 右式."""
    if rule.issue:
        return f"（读表时检查：{rule.issue}）"
    body = f"{rule.left} {rule.relation.value} {rule.right}".strip()
    return f"当 {rule.when} 时：{body}" if rule.when else body


def _rule_cells(rule: Rule, pack: Pack) -> _Cells:
    scope = "全部表" if rule.form == "*" else pack.form(rule.form).title
    if rule.each:
        scope += f"，逐行（{rule.each}）"
    return (
        SheetCell(rule.id, "center"),
        SheetCell(rule.severity.value, _STYLE[rule.severity]),
        SheetCell(rule.status.value, "center"),
        SheetCell(scope),
        SheetCell(rule.title),
        SheetCell(formula_text(rule), "fine"),
        SheetCell(rule.precision.value, "center"),
        SheetCell(rule.message, "fine"),
        SheetCell(rule.basis, "fine"),
    )


def _told(rule: Rule, outcomes: Sequence[Outcome]) -> SheetCell:
    """What became of a rule, in words."""
    if rule.status is Status.OFF:
        return SheetCell("停用")
    found = broken = passed = 0
    finding = False
    reasons: dict[str, int] = {}
    for outcome in outcomes:
        kind = outcome.kind
        if kind is OutcomeKind.PASSED:
            passed += 1
        elif kind is OutcomeKind.SKIPPED:
            reasons[outcome.reason] = reasons.get(outcome.reason, 0) + 1
        elif kind is OutcomeKind.BROKEN:
            broken += 1
        else:
            finding = True
        found += len(outcome.findings)
    counts = ((f"发现 {found} 处", finding), (f"规则故障 {broken} 处", broken), (f"通过 {passed} 处", passed))
    parts = [text for text, there in counts if there]
    parts += [f"{reason} {n} 处" for reason, n in sorted(reasons.items())]
    return SheetCell("；".join(parts) or "没有对象", _STYLE[rule.severity] if finding else "body")
