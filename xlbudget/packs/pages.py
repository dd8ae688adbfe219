"""The documentation page of a pack, made from its rules: nothing in it is written twice."""

from __future__ import annotations

from collections.abc import Sequence

from xlbudget.rules.language import FormulaError, NotNative, unparse
from xlbudget.rules.live import live_condition
from xlbudget.rules.model import Example, Rule
from xlbudget.rules.program import Program

from .model import Pack
from .program import pack_program


def pack_page(pack: Pack) -> str:
    """Markdown (Chinese) for accountants: parameters, scoring rules, audit rules with their examples."""
    program = pack_program(pack)
    out = [f"# {pack.title}（{pack.signature}）", "", f"依据：{pack.basis}", ""]
    if len(pack.lineage) > 1:
        parents = " → ".join(pack.lineage[1:])
        out += [f"继承自：{parents}。参数是继承后的全部；审核规则只列本规则包自己写的，其余与上级相同。", ""]
    out += _params(pack)
    out += _laws(pack)
    rules = [r for r in pack.rules if r.pack == pack.id]
    if rules:
        out += ["## 审核规则", "", "| 编号 | 级别 | 状态 | 名称 |", "|---|---|---|---|"]
        out += [f"| [{r.id}](#{r.id.lower()}) | {r.severity} | {r.status} | {r.title} |" for r in rules]
        out.append("")
    for rule in rules:
        out += _rule(rule, program)
    return "\n".join(out).rstrip() + "\n"


def _params(pack: Pack) -> list[str]:
    out = ["## 参数", "", "| 名称 | 值 | 说明 | 依据 |", "|---|---|---|---|"]
    for p in pack.params.values():
        value = "、".join(p.value) if isinstance(p.value, tuple) else str(p.value)
        out.append(f"| {p.name} | {value or '（不规定）'} | {p.title} | {p.basis} |")
    return [*out, ""]


def _laws(pack: Pack) -> list[str]:
    if not pack.laws:
        return []
    out = ["## 评分规则", ""]
    out += [f"- **{law.name}**：{law.sentence()}" for law in pack.laws.values()]
    return [*out, ""]


def _rule(rule: Rule, program: Program) -> list[str]:
    lines = [f"### {rule.id}", "", f"**{rule.title}**（{rule.severity}，{rule.status}）", ""]
    lines += [rule.why, ""]
    for label, text in rule_facts(rule, program):
        lines.append(f"- {label}：{text}")
    lines.append("")
    return lines


def rule_facts(rule: Rule, program: Program) -> list[tuple[str, str]]:
    """What there is to say of a rule, as (label, text): for the page and for ``xlbudget rules ID``."""
    scope = "全部表" if rule.form == "*" else program.forms[rule.form].title
    facts = [("适用", f"{scope}，逐行（{rule.each}）" if rule.each else scope)]
    if rule.issue:
        facts.append(("检查", f"读表时遇到“{rule.issue}”"))
    if rule.when:
        facts.append(("前提", f"`{rule.when}`"))
    if rule.left:
        facts.append(("公式", f"`{' '.join((rule.left, rule.relation.value, rule.right)).strip()}`"))
        facts.append(("口径", rule.precision.value))
        facts.append(("实时高亮", live_formula(rule, program)))
    facts.append(("提示语", rule.message))
    facts.append(("怎么办", rule.advice))
    facts.append(("依据", rule.basis))
    facts += _examples("通过的例子", rule.passing)
    facts += _examples("不通过的例子", rule.failing)
    return facts


def live_formula(rule: Rule, program: Program) -> str:
    """The condition that highlights without Python, over names; or why there is none."""
    try:
        return f"`{unparse(live_condition(program, rule))}`"
    except NotNative as e:
        return f"无（{e}）"
    except FormulaError as e:
        return f"无（{e.message}）"


def _examples(label: str, cases: Sequence[Example]) -> list[tuple[str, str]]:
    out = []
    for case in cases:
        text = case.text
        if case.expect:
            expected, actual, difference = case.expect.split("｜")
            text += f" → 应为{expected}，实为{actual}" + (f"，差额{difference}" if difference else "")
        out.append((label, text))
    return out
