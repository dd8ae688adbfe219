"""One rule of a pack: run on values that are given, and told in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlbudget.excel.wire import Scalar, Value

from .packs import pack_ids, pack_of, program_of
from .quantities import alike
from .values import Content, Sentence, blank, content, quoted, text_of

if TYPE_CHECKING:
    from xlbudget.packs import Pack
    from xlbudget.rules.model import Outcome, Rule
    from xlbudget.rules.program import Program

_BRACKETS = str.maketrans("【】", "[]")


def check(rule: Value, pack: Value, *pairs: Value) -> str | bool:
    """XB_CHECK"""
    rule_id = text_of(_single(rule, "规则编号"))
    if not rule_id:
        return ""
    which = pack_of(_single(pack, "规则包"))
    found = _rule(which, rule_id)
    if found is None:
        raise Sentence(f"规则包 {which.id} 里没有规则{quoted(rule_id)}")
    if found.issue:
        raise Sentence(f"规则 {found.id} 检查单元格本身（{found.issue}），不能按给出的值审核")
    return _told(_outcomes(program_of(which.id), found, _named(pairs)))


def _single(value: Value, title: str) -> Scalar:
    if isinstance(value, list):
        raise Sentence(f"{title}只能是一个单元格")
    return value


def _named(pairs: Sequence[Value]) -> dict[str, list[Content]]:
    """Names and their contents; an area is read row by row. Pairs without a name are left out."""
    if len(pairs) % 2:
        raise Sentence("名称和值要成对给出：名称1、值1、名称2、值2……")
    out: dict[str, list[Content]] = {}
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        text = text_of(_single(name, "名称")).translate(_BRACKETS)
        if text:
            cells = [cell for row in value for cell in row] if isinstance(value, list) else [value]
            out[text] = [content(cell) for cell in cells]
    return out


def _outcomes(program: Program, rule: Rule, given: dict[str, list[Content]]) -> list[Outcome]:
    from xlbudget.rules.audit import check_rule
    from xlbudget.rules.given import GivenError, RecordBuilder, entry_of
    from xlbudget.rules.model import Precision
    from xlbudget.rules.scope import Evaluation

    builder = RecordBuilder(program, rule, entry_of)
    try:
        for name, contents in _alike(program, given).items():
            builder.put(name, contents)
    except GivenError as e:
        raise Sentence(str(e)) from e
    shown = rule.precision is Precision.SHOWN
    return list(check_rule(rule, Evaluation(program, builder.record, shown=shown)))


def _alike(program: Program, given: dict[str, list[Content]]) -> dict[str, list[Content]]:
    """Targets and actual values of one row in one manner of writing; see :func:`.quantities.alike`."""
    names = [name for name in given if _is_quantity(program, name)]
    out = {name: list(contents) for name, contents in given.items()}
    for row in range(max((len(given[name]) for name in names), default=0)):
        there = [name for name in names if row < len(given[name])]
        for name, one in zip(there, alike([given[name][row] for name in there]), strict=True):
            out[name][row] = one
    return out


def _is_quantity(program: Program, name: str) -> bool:
    column = name.partition("[")[2].rstrip("]").rpartition("/")[2] or name
    return any(c[column].kind == "quantity" for c in program.columns.values() if column in c)


def _told(outcomes: Sequence[Outcome]) -> str | bool:
    """What became of the rule: a finding first, then a broken rule, then passed, then why it was skipped."""
    from xlbudget.rules.model import OutcomeKind

    findings = [f for o in outcomes for f in o.findings]
    if findings:
        more = f"（另有{len(findings) - 1}处）" if len(findings) > 1 else ""
        return findings[0].message + more
    for kind in (OutcomeKind.BROKEN, OutcomeKind.PASSED):
        for outcome in outcomes:
            if outcome.kind is kind:
                return True if kind is OutcomeKind.PASSED else f"{kind.value}：{outcome.reason}"
    return f"{OutcomeKind.SKIPPED.value}：{outcomes[0].reason if outcomes else '没有可审核的行'}"


def explain(rule: Scalar, pack: Scalar = None) -> str:
    """XB_EXPLAIN"""
    rule_id = text_of(rule)
    if not rule_id:
        return ""
    asked = pack_of(pack)
    others = pack_ids() if blank(pack) else []
    for one in (asked.id, *others):
        found = _rule(pack_of(one), rule_id)
        if found is not None:
            return _words(found)
    where = f"规则包 {asked.id} 里" if not blank(pack) else "各规则包里都"
    raise Sentence(f"{where}没有规则{quoted(rule_id)}")


def _rule(pack: Pack, rule_id: str) -> Rule | None:
    return pack.rule_by_id.get(rule_id.upper()) or pack.rule_by_id.get(rule_id)


def _words(rule: Rule) -> str:
    from xlbudget.rules.model import Status
    from xlbudget.workbook.findings import formula_text

    level = rule.severity.value + (f"，{rule.status.value}" if rule.status is not Status.ACTIVE else "")
    lines = [f"{rule.id} {rule.title}（{level}）"]
    facts = {"公式": formula_text(rule), "为什么": rule.why, "怎么办": rule.advice, "依据": rule.basis}
    return "\n".join(lines + [f"{label}：{text}" for label, text in facts.items() if text])
