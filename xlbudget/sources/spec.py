"""Which tables a pack wants: their names, key columns and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlbudget.packs import Pack
from xlbudget.packs.layout import Column, Field, Form, RowSet

UNIT, NUMBER, ROW = "单位", "序号", "行号"
PACK, YEAR = "规则包", "年度"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: a form's fields, or the rows of one of its row sets."""

    name: str
    form: Form
    rowset: RowSet | None
    columns: Mapping[str, Field | Column]

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns: 单位, 序号 where the form repeats, 行号 for rows."""
        return (
            UNIT,
            *((NUMBER,) if self.form.repeated else ()),
            *((ROW,) if self.rowset else ()),
        )

    @property
    def required(self) -> bool:
        """Forms that repeat have no instance without data; rows of their own come from nowhere else."""
        return self.rowset is None and self.form.repeated

    @property
    def extra(self) -> tuple[str, ...]:
        """Columns beside keys and fields that a form's table may carry."""
        return (PACK, YEAR) if self.rowset is None else ()

    def knows(self, column: str) -> bool:
        return column in self.columns or column in self.keys or column in self.extra


def specs_of(pack: Pack) -> dict[str, TableSpec]:
    """The tables of a pack by name: ``<form>`` and ``<form>.<rowset>``."""
    out: dict[str, TableSpec] = {}
    for form in pack.forms:
        out[form.id] = TableSpec(form.id, form, None, form.by_name)
        for rowset in form.rowsets:
            name = f"{form.id}.{rowset.name}"
            out[name] = TableSpec(name, form, rowset, {c.name: c for c in rowset.columns})
    return out
