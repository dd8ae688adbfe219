"""From the tables of a form to its layout."""

from __future__ import annotations

from dataclasses import replace

from xlbudget.rules.tree import subtotal

from .layout import KINDS, Block, Box, Column, Field, Form, LayoutError, PrintSetup, RowSet, StaticCell
from .model import PackError
from .tables import Table, text

_DECIMALS = {"money": 2, "score": 2, "weight": 2, "percent": 4, "number": 2, "year": 0}
_STYLES = {"money": "money", "score": "score", "weight": "weight", "percent": "percent", "number": "number"}


def _kind(t: Table, where: str) -> str:
    kind = text(t, "kind", where)
    if kind not in KINDS:
        raise PackError(f"{where}：kind 写成了“{kind}”，只能是 {'、'.join(sorted(KINDS))}")
    return kind


def build_form(t: Table, where: str) -> Form:
    form_id = text(t, "id", where)
    where = f"{where} 表样“{form_id}”"
    blocks = tuple(_block(b, where) for b in t.get("block", []))
    names = {b.name for b in blocks}
    try:
        form = Form(
            id=form_id,
            title=text(t, "title", where),
            sheet=text(t, "sheet", where),
            blocks=blocks,
            statics=tuple(_static(s, where) for s in t.get("static", [])),
            fields=tuple(_field(f, where) for f in t.get("field", [])),
            rowsets=tuple(_rowset(r, where) for r in t.get("rowset", [])),
            widths=tuple(float(w) for w in t.get("widths", [])),
            print_setup=_print(t.get("print", {})),
            defines=dict(t.get("define", {})),
            subject=text(t, "subject", where, ""),
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
    return Block(text(t, "name", where), int(t.get("rows", 0)), heights)


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
        block=text(t, "block", where),
        box=Box.parse(text(t, "at", where)),
        text=text(t, "text", where, ""),
        style=text(t, "style", where, "label"),
        through=text(t, "through", where, ""),
    )


def _field(t: Table, where: str) -> Field:
    name = text(t, "name", where)
    where = f"{where} 字段“{name}”"
    kind = _kind(t, where)
    row, col = t.get("captions", ("", ""))
    return Field(
        name=name,
        block=text(t, "block", where),
        box=Box.parse(text(t, "at", where)),
        kind=kind,
        decimals=int(t.get("decimals", _DECIMALS.get(kind, 0))),
        unit=text(t, "unit", where, ""),
        style=text(t, "style", where, _STYLES.get(kind, "text")),
        captions=(str(row), str(col)),
        formula=text(t, "formula", where, ""),
        choices=tuple(t.get("choices", ())),
        default=text(t, "default", where, ""),
        prompt=text(t, "prompt", where, ""),
        optional=bool(t.get("optional", False)),
    )


def _rowset(t: Table, where: str) -> RowSet:
    name = text(t, "name", where)
    where = f"{where} 行集“{name}”"
    tree = text(t, "tree", where, "")
    columns = tuple(_column(c, where) for c in t.get("column", []))
    if tree:
        columns = tuple(_summed(c, name) for c in columns)
    return RowSet(
        name=name,
        columns=columns,
        standard=tuple({k: str(v) for k, v in row.items()} for row in t.get("standard", [])),
        of=text(t, "of", where, ""),
        height=float(t.get("height", 0)),
        defines=dict(t.get("define", {})),
        header=text(t, "header", where, "head"),
        subject=text(t, "subject", where, ""),
        tree=tree,
    )


def _summed(column: Column, rowset: str) -> Column:
    """A column of a tree: amounts without a formula of their own are sums in rows that have rows below."""
    adds_up = column.numeric and not column.derived
    return replace(column, subtotal=subtotal(rowset, column.name)) if adds_up else column


def _column(t: Table, where: str) -> Column:
    name = text(t, "name", where)
    where = f"{where} 列“{name}”"
    kind = _kind(t, where)
    first, _, last = text(t, "at", where).partition(":")
    box = Box.parse(f"{first}1:{last or first}1")
    return Column(
        name=name,
        col=box.col,
        col2=box.col2,
        kind=kind,
        decimals=int(t.get("decimals", _DECIMALS.get(kind, 0))),
        unit=text(t, "unit", where, ""),
        style=text(t, "style", where, _STYLES.get(kind, "text")),
        caption=text(t, "caption", where, name),
        formula=text(t, "formula", where, ""),
        grouped=bool(t.get("grouped", False)),
        choices=tuple(t.get("choices", ())),
        prompt=text(t, "prompt", where, ""),
        source=text(t, "source", where, ""),
    )
