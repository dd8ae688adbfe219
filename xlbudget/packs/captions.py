"""How a cell of a form is called when speaking to a person: row caption · column caption."""

from __future__ import annotations

from collections.abc import Mapping

from .layout import Column, Field, RowSet

_LONGEST = 24
_EMPTY = ("", "无")


def first_caption(captions: str) -> str:
    """The official wording among the variants that a reader accepts (``|`` separates them)."""
    return captions.partition("|")[0].strip("：: ")


def field_caption(field: Field) -> str:
    """E.g. ``年度资金总额·年初预算数``; the field's name where the form prints no caption."""
    parts = [p for p in map(first_caption, field.captions) if p]
    return "·".join(parts) or field.name


def column_caption(column: Column) -> str:
    """The official wording of a column's head. A cell is called ``服务群众人数·得分``: row, then column."""
    return first_caption(column.caption)


def row_caption(rowset: RowSet, index: int, texts: Mapping[str, str]) -> str:
    """What names a row for people: its first filled subject column, or its number where all are blank."""
    for name in rowset.subject.split("|"):
        text = "".join(texts.get(name, "").split())
        if text not in _EMPTY:
            return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f"{rowset.name}第{index + 1}行"
