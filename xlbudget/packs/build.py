"""From the merged tables of a pack to its values, with every entry checked for what it must state."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xlbudget.rules.laws import Law
from xlbudget.rules.model import Example, Precision, Relation, Rule, Severity, Status

from .build_forms import build_form
from .layout import Param
from .model import Pack, PackError
from .tables import Table, choice, text


def build_pack(t: Table, lineage: tuple[str, ...]) -> Pack:
    where = f"规则包 {lineage[0]}"
    params = {p.name: p for p in (_param(e, where) for e in t.get("param", []))}
    laws = {law.name: law for law in (_law(e, where) for e in t.get("law", []))}
    return Pack(
        id=text(t, "id", where),
        title=text(t, "title", where),
        version=text(t, "version", where),
        region=text(t, "region", where),
        disclosure=text(t, "disclosure", where),
        basis=text(t, "basis", where),
        lineage=lineage,
        params=params,
        laws=laws,
        forms=tuple(build_form(e, where) for e in t.get("form", [])),
        rules=tuple(_rule(e, where) for e in t.get("rule", [])),
    )


def _param(t: Table, where: str) -> Param:
    name = text(t, "name", where)
    where = f"{where} 参数“{name}”"
    raw = t.get("value")
    value: Decimal | str | tuple[str, ...]
    if isinstance(raw, bool) or raw is None:
        raise PackError(f"{where}：value 应为数、文字或文字列表")
    if isinstance(raw, int | Decimal):
        value = Decimal(raw)
    elif isinstance(raw, str):
        value = raw
    else:
        value = tuple(str(v) for v in raw)
    return Param(name, value, text(t, "basis", where), text(t, "title", where, ""))


def _law(t: Table, where: str) -> Law:
    name = text(t, "name", where)
    known = {"name", "kind", "basis", "pack"}
    params = {k: _exact(v) for k, v in t.items() if k not in known}
    try:
        return Law(name=name, kind=text(t, "kind", where), params=params)
    except (ValueError, TypeError) as e:
        raise PackError(f"{where} 评分规则“{name}”：{e}") from e


def _exact(value: Any) -> Any:
    """Numbers of a pack as exact fractions, inside lists and tables too."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal):
        return Fraction(value)
    if isinstance(value, list):
        return tuple(_exact(v) for v in value)
    if isinstance(value, dict):
        return {k: _exact(v) for k, v in value.items()}
    return value


def _rule(t: Table, where: str) -> Rule:
    rule_id = text(t, "id", where)
    where = f"{where} 规则 {rule_id}"
    relation = choice(Relation, t, "relation", where, "成立")
    return Rule(
        id=rule_id,
        title=text(t, "title", where),
        severity=choice(Severity, t, "severity", where),
        status=choice(Status, t, "status", where, "正式"),
        form=text(t, "form", where),
        each=text(t, "each", where, ""),
        when=text(t, "when", where, ""),
        left=text(t, "left", where, ""),
        relation=relation,
        right=text(t, "right", where, ""),
        precision=choice(Precision, t, "precision", where, "精确"),
        needs=tuple(t.get("needs", ())),
        marks=tuple(t.get("marks", ())),
        message=text(t, "message", where),
        advice=text(t, "advice", where, ""),
        basis=text(t, "basis", where, ""),
        why=text(t, "why", where, ""),
        passing=tuple(_example(e, where) for e in t.get("pass", ())),
        failing=tuple(_example(e, where) for e in t.get("fail", ())),
        pack=text(t, "pack", where, ""),
        issue=text(t, "issue", where, ""),
    )


def _example(value: Any, where: str) -> Example:
    if isinstance(value, str):
        return Example(value)
    if isinstance(value, Mapping):
        return Example(text(value, "text", where), text(value, "expect", where, ""))
    raise PackError(f"{where}：例子应为文字")
