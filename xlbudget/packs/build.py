"""From the merged tables of a pack to its values, with every entry checked for what it must state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from xlbudget.rules.laws import Law
from xlbudget.rules.model import Example, Precision, Relation, Rule, Severity, Status
from xlbudget.rules.tree import subtotal

from .layout import KINDS, Block, Box, Column, Field, Form, LayoutError, Param, PrintSetup, RowSet, StaticCell
from .model import Pack, PackError

Table = Mapping[str, Any]
E = TypeVar("E", bound=StrEnum)

_DECIMALS = {"money": 2, "score": 2, "weight": 2, "percent": 4, "number": 2, "year": 0}
_STYLES = {"money": "money", "score": "score", "weight": "weight", "percent": "percent", "number": "number"}


def build_pack(t: Table, lineage: tuple[str, ...]) -> Pack:
    where = f"规则包 {lineage[0]}"
    params = {p.name: p for p in (_param(e, where) for e in t.get("param", []))}
    laws = {law.name: law for law in (_law(e, where) for e in t.get("law", []))}
    return Pack(
        id=_text(t, "id", where),
        title=_text(t, "title", where),
        version=_text(t, "version", where),
        region=_text(t, "region", where),
        disclosure=_text(t, "disclosure", where),
        basis=_text(t, "basis", where),
        lineage=lineage,
        params=params,
        laws=laws,
        forms=tuple(_form(e, where) for e in t.get("form", [])),
        rules=tuple(_rule(e, where) for e in t.get("rule", [])),
    )


def _text(t: Table, key: str, where: str, default: str | None = None) -> str:
    value = t.get(key, default)
    if value is None:
        raise PackError(f"{where}：缺少 {key}")
    if not isinstance(value, str):
        raise PackError(f"{where}：{key} 应为文字，实际是 {value!r}")
    return value


def _choice(kind: type[E], t: Table, key: str, where: str, default: str | None = None) -> E:
    value = _text(t, key, where, default)
    try:
        return kind(value)
    except ValueError:
        allowed = "、".join(m.value for m in kind)
        raise PackError(f"{where}：{key} 写成了“{value}”，只能是 {allowed}") from None


def _param(t: Table, where: str) -> Param:
    name = _text(t, "name", where)
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
    return Param(name, value, _text(t, "basis", where), _text(t, "title", where, ""))


def _law(t: Table, where: str) -> Law:
    name = _text(t, "name", where)
    known = {"name", "kind", "basis", "pack"}
    params = {k: _exact(v) for k, v in t.items() if k not in known}
    try:
        return Law(name=name, kind=_text(t, "kind", where), params=params)
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


def _kind(t: Table, where: str) -> str:
    kind = _text(t, "kind", where)
    if kind not in KINDS:
        raise PackError(f"{where}：kind 写成了“{kind}”，只能是 {'、'.join(sorted(KINDS))}")
    return kind


def _form(t: Table, where: str) -> Form:
    form_id = _text(t, "id", where)
    where = f"{where} 表样“{form_id}”"
    blocks = tuple(_block(b, where) for b in t.get("block", []))
    names = {b.name for b in blocks}
    try:
        form = Form(
            id=form_id,
            title=_text(t, "title", where),
            sheet=_text(t, "sheet", where),
            blocks=blocks,
            statics=tuple(_static(s, where) for s in t.get("static", [])),
            fields=tuple(_field(f, where) for f in t.get("field", [])),
            rowsets=tuple(_rowset(r, where) for r in t.get("rowset", [])),
            widths=tuple(float(w) for w in t.get("widths", [])),
            print_setup=_print(t.get("print", {})),
            defines=dict(t.get("define", {})),
            subject=_text(t, "subject", where, ""),
        )
    except LayoutError as e:
        raise PackError(f"{where}：{e}") from e
    stands = [(s.text, s.block) for s in form.statics] + [(f.name, f.block) for f in form.fields]
    for label, block in stands:
        if block not in names:
            raise PackError(f"{where}：“{label}”所在的块“{block}”不存在")
    for rowset in form.rowsets:
        if rowset.name not in names:
            raise PackError(f"{where}：行集“{rowset.name}”没有同名的块")
    return form


def _block(t: Table, where: str) -> Block:
    heights = tuple(float(h) for h in t.get("heights", []))
    return Block(_text(t, "name", where), int(t.get("rows", 0)), heights)


def _print(t: Table) -> PrintSetup:
    default = PrintSetup()
    left, right, top, bottom = (float(m) for m in t.get("margins", default.margins))
    return PrintSetup(
        orientation=str(t.get("orientation", default.orientation)),
        margins=(left, right, top, bottom),
        fit_height=int(t.get("fit_height", default.fit_height)),
    )


def _static(t: Table, where: str) -> StaticCell:
    return StaticCell(
        block=_text(t, "block", where),
        box=Box.parse(_text(t, "at", where)),
        text=_text(t, "text", where, ""),
        style=_text(t, "style", where, "label"),
        through=_text(t, "through", where, ""),
    )


def _field(t: Table, where: str) -> Field:
    name = _text(t, "name", where)
    where = f"{where} 字段“{name}”"
    kind = _kind(t, where)
    row, col = t.get("captions", ("", ""))
    return Field(
        name=name,
        block=_text(t, "block", where),
        box=Box.parse(_text(t, "at", where)),
        kind=kind,
        decimals=int(t.get("decimals", _DECIMALS.get(kind, 0))),
        unit=_text(t, "unit", where, ""),
        style=_text(t, "style", where, _STYLES.get(kind, "text")),
        captions=(str(row), str(col)),
        formula=_text(t, "formula", where, ""),
        choices=tuple(t.get("choices", ())),
        default=_text(t, "default", where, ""),
        prompt=_text(t, "prompt", where, ""),
        optional=bool(t.get("optional", False)),
    )


def _rowset(t: Table, where: str) -> RowSet:
    name = _text(t, "name", where)
    where = f"{where} 行集“{name}”"
    tree = _text(t, "tree", where, "")
    columns = tuple(_column(c, where) for c in t.get("column", []))
    if tree:
        columns = tuple(_summed(c, name) for c in columns)
    return RowSet(
        name=name,
        columns=columns,
        standard=tuple({k: str(v) for k, v in row.items()} for row in t.get("standard", [])),
        of=_text(t, "of", where, ""),
        height=float(t.get("height", 0)),
        defines=dict(t.get("define", {})),
        header=_text(t, "header", where, "head"),
        subject=_text(t, "subject", where, ""),
        tree=tree,
    )


def _summed(column: Column, rowset: str) -> Column:
    """A column of a tree: amounts without a formula of their own are sums in rows that have rows below."""
    adds_up = column.numeric and not column.derived
    return replace(column, subtotal=subtotal(rowset, column.name)) if adds_up else column


def _column(t: Table, where: str) -> Column:
    name = _text(t, "name", where)
    where = f"{where} 列“{name}”"
    kind = _kind(t, where)
    first, _, last = _text(t, "at", where).partition(":")
    box = Box.parse(f"{first}1:{last or first}1")
    return Column(
        name=name,
        col=box.col,
        col2=box.col2,
        kind=kind,
        decimals=int(t.get("decimals", _DECIMALS.get(kind, 0))),
        unit=_text(t, "unit", where, ""),
        style=_text(t, "style", where, _STYLES.get(kind, "text")),
        caption=_text(t, "caption", where, name),
        formula=_text(t, "formula", where, ""),
        grouped=bool(t.get("grouped", False)),
        choices=tuple(t.get("choices", ())),
        prompt=_text(t, "prompt", where, ""),
        source=_text(t, "source", where, ""),
    )


def _rule(t: Table, where: str) -> Rule:
    rule_id = _text(t, "id", where)
    where = f"{where} 规则 {rule_id}"
    relation = _choice(Relation, t, "relation", where, "成立")
    return Rule(
        id=rule_id,
        title=_text(t, "title", where),
        severity=_choice(Severity, t, "severity", where),
        status=_choice(Status, t, "status", where, "正式"),
        form=_text(t, "form", where),
        each=_text(t, "each", where, ""),
        when=_text(t, "when", where, ""),
        left=_text(t, "left", where, ""),
        relation=relation,
        right=_text(t, "right", where, ""),
        precision=_choice(Precision, t, "precision", where, "精确"),
        needs=tuple(t.get("needs", ())),
        marks=tuple(t.get("marks", ())),
        message=_text(t, "message", where),
        advice=_text(t, "advice", where, ""),
        basis=_text(t, "basis", where, ""),
        why=_text(t, "why", where, ""),
        passing=tuple(_example(e, where) for e in t.get("pass", ())),
        failing=tuple(_example(e, where) for e in t.get("fail", ())),
        pack=_text(t, "pack", where, ""),
        issue=_text(t, "issue", where, ""),
    )


def _example(value: Any, where: str) -> Example:
    if isinstance(value, str):
        return Example(value)
    if isinstance(value, Mapping):
        return Example(_text(value, "text", where), _text(value, "expect", where, ""))
    raise PackError(f"{where}：例子应为文字")
