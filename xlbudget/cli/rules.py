"""``xlbudget rules``: what a pack checks, in a list or one rule at a time."""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich.cells import cell_len

from xlbudget.packs import Pack, PackError, load_pack
from xlbudget.packs.lint import lint
from xlbudget.packs.program import pack_program
from xlbudget.rules.language import NotNative
from xlbudget.rules.model import Example, Rule
from xlbudget.rules.record import FormRecord, Record
from xlbudget.workbook.fill import placed
from xlbudget.workbook.fill.live import live_formats
from xlbudget.workbook.fill.livetext import live_text
from xlbudget.workbook.fill.shape import Plan, shape_of

from .commands import DEFAULT_PACK, pack_option

_INDENT = 16  # columns before the texts of a rule's page


@click.command(short_help="列出审核规则", options_metavar="[选项]")
@click.argument("rule_id", required=False, metavar="[ID]")
@click.option("--check", is_flag=True, help="检查规则包本身有没有写错，并运行全部例子。")
@pack_option
def rules(rule_id: str | None, check: bool, pack_id: str | None) -> None:
    """列出规则包的审核规则；写出编号（如 S3-05-1）则显示这一条的公式、提示语、依据和例子。"""
    pack = load_pack(pack_id or DEFAULT_PACK)
    if check:
        _check(pack)
        return
    lines = rule_page(pack, _find(pack, rule_id)) if rule_id else rule_list(pack)
    for line in lines:
        click.echo(line)


def _check(pack: Pack) -> None:
    """What the linter says of a pack, before any data. Raises PackError when it says anything."""
    problems = lint(pack)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise PackError(f"规则包 {pack.id} 有 {len(problems)} 处写错，请改正后再用")
    click.echo(f"规则包 {pack.signature} 没有写错：{len(pack.rules)} 条规则，本包所写的例子全部相符")


def _find(pack: Pack, rule_id: str) -> Rule:
    found = pack.rule_by_id.get(rule_id) or pack.rule_by_id.get(rule_id.upper())
    if found is None:
        near = [r for r in pack.rule_by_id if r.startswith(rule_id.upper())]
        hint = f"；相近的有 {'、'.join(near[:9])}" if near else "；用 xlbudget rules 列出全部规则"
        raise PackError(f"规则包 {pack.id} 里没有规则“{rule_id}”{hint}")
    return found


def rule_list(pack: Pack) -> Iterator[str]:
    """The rules of a pack, one a line: id, severity, status, title."""
    yield f"{pack.title}（{pack.signature}）共 {len(pack.rules)} 条规则"
    rows = [(r.id, r.severity.value, r.status.value, r.title) for r in pack.rules]
    widths = [max((cell_len(row[i]) for row in rows), default=0) for i in range(3)]
    for row in rows:
        padded = [text + " " * (w - cell_len(text)) for text, w in zip(row, widths, strict=False)]
        yield "  ".join([*padded, row[3]])


def rule_page(pack: Pack, rule: Rule) -> Iterator[str]:
    """All that a rule says, one labelled entry after the other."""
    yield f"{rule.id} {rule.title}"
    entries = [
        ("级别", f"{rule.severity.value}（{rule.status.value}）"),
        ("规则包", rule.pack or pack.id),
        ("表样", rule.form + (f"，逐行：{rule.each}" if rule.each else "")),
        ("前提", rule.when),
        ("公式", formula(rule)),
        ("口径", "" if rule.issue else rule.precision.value),
        ("需要", "、".join(rule.needs)),
        ("标注", "、".join(rule.marks)),
        ("提示语", rule.message),
        ("处理", rule.advice),
        ("缘由", rule.why),
        ("依据", rule.basis),
        *(("通过的例子", _example(e)) for e in rule.passing),
        *(("不通过的例子", _example(e)) for e in rule.failing),
        *(("原生公式", text) for text in native_formulas(pack, rule)),
    ]
    for label, text in entries:
        if text:
            yield from _entry(label, text)


def formula(rule: Rule) -> str:
    """The check as one line: 左式 关系 右式."""
    if rule.issue:
        return f"读表时检查：{rule.issue}"
    left = " ".join(rule.left.split())
    if rule.relation.binary:
        return f"{left} {rule.relation.value} {' '.join(rule.right.split())}"
    return left if rule.relation.value == "成立" else f"{left} {rule.relation.value}"


def _example(example: Example) -> str:
    return example.text + (f"　→ 应为｜实为｜差额：{example.expect}" if example.expect else "")


def native_formulas(pack: Pack, rule: Rule) -> list[str]:
    """The conditional formats that the rule becomes on a blank form, or why it has none."""
    program = pack_program(pack)
    try:
        live_text(program, rule)
    except NotNative as e:
        return [f"没有（{e}）"]
    record = placed(pack, Record(pack.signature, forms=[FormRecord(rule.form)]))
    form = next(record.of(rule.form))
    plan = Plan(pack.form(rule.form), shape_of(pack.form(rule.form), form))
    found = live_formats(plan, [rule], program)
    return [f"{live.sqref}  ={live.formula}" for live in found] or ["没有（表上没有可用的单元格）"]


def _entry(label: str, text: str) -> Iterator[str]:
    indent = " " * _INDENT
    head = label + " " * (_INDENT - 2 - cell_len(label))
    yield "  " + head + text.strip().replace("\n", "\n" + indent)
