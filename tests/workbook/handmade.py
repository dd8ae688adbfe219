"""Sheets as an accountant would leave them, made cell by cell from a pack's layout, and then spoilt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from xlbudget.packs.layout import Box, Form
from xlbudget.packs.model import Pack
from xlbudget.workbook.book import RawBook, RawCell, RawName, RawSheet
from xlbudget.workbook.package import Package

Content = str | int | float | bool | None


@dataclass
class Draft:
    """A sheet in the making. Rows and columns are 1-based; names are local to the sheet."""

    name: str
    cells: dict[tuple[int, int], RawCell] = field(default_factory=dict)
    merges: list[Box] = field(default_factory=list)
    names: dict[str, Box | None] = field(default_factory=dict)
    state: str = "visible"

    def put(self, ref: str, value: Content, formula: str | None = None, fmt: str = "General") -> Draft:
        box = Box.parse(ref)
        self.set(box.row, box.col, value, formula, fmt)
        return self

    def set(
        self, row: int, col: int, value: Content, formula: str | None = None, fmt: str = "General"
    ) -> None:
        if value is None and formula is None:
            self.cells.pop((row, col), None)
            return
        text: str | bool | None = value if isinstance(value, bool | None) else str(value)
        kind = "blank" if value is None else "bool" if isinstance(value, bool) else "number"
        if isinstance(value, str):
            kind = "error" if value.startswith("#") else "text"
        self.cells[row, col] = RawCell(row, col, kind, text, 0, formula, fmt)

    def move(self, down: int, right: int, from_row: int = 1) -> Draft:
        """Shift everything from a row on, as inserted rows and columns do."""

        def shift(b: Box) -> Box:
            return Box(
                b.row + (down if b.row >= from_row else 0),
                b.col + right,
                b.row2 + (down if b.row2 >= from_row else 0),
                b.col2 + right,
            )

        old, self.cells = self.cells, {}
        for (row, col), c in old.items():
            at = (row + (down if row >= from_row else 0), col + right)
            self.cells[at] = c._replace(row=at[0], col=at[1])
        self.merges = [shift(b) for b in self.merges]
        self.names = {n: b and shift(b) for n, b in self.names.items()}
        return self

    def reword(self, words: Mapping[str, str]) -> Draft:
        """Other words in cells that hold exactly these."""
        for at, c in self.cells.items():
            if isinstance(c.value, str) and c.value in words:
                self.cells[at] = c._replace(value=words[c.value])
        return self

    def unnamed(self) -> Draft:
        self.names = {}
        return self

    def copy(self, name: str) -> Draft:
        return replace(
            self, name=name, cells=dict(self.cells), merges=list(self.merges), names=dict(self.names)
        )

    @property
    def raw(self) -> RawSheet:
        return RawSheet(self.name, f"xl/{self.name}.xml", self.state, self.cells, self.merges, False)


def book(
    *sheets: Draft, properties: Mapping[str, str] | None = None, extra: tuple[RawName, ...] = ()
) -> RawBook:
    names = [RawName(n, s.name, _target(s.name, b)) for s in sheets for n, b in s.names.items()]
    raws = [s.raw for s in sheets]
    return RawBook(
        raws, [*names, *extra], dict(properties or {}), cast(Package, None), False, "xl/workbook.xml"
    )


def _target(sheet: str, box: Box | None) -> str:
    return "#REF!" if box is None else f"'{sheet}'!{box.range}"


def draft(
    pack: Pack,
    form_id: str,
    name: str,
    fields: Mapping[str, Content],
    rows: list[Mapping[str, Content]],
    computed: Mapping[str, Content] | None = None,
) -> Draft:
    """A form as the template lays it out: labels, contents, merged boxes, local names.

    ``computed`` are the results of derived fields, which get a formula.
    """
    form = pack.form(form_id)
    rowset = form.rowsets[0]
    place = form.place({rowset.name: len(rows)})
    out = Draft(name)
    for s in form.statics:
        out.set(*_at(out, place.static(s)), s.text or None)
    for f in form.fields:
        box = place.field(f.name)
        at = _at(out, box)
        out.names[f.name] = Box(*at, *at)
        if f.name in (computed or {}):
            out.set(*at, (computed or {})[f.name], "SUM(A1)")
        elif f.name in fields:
            out.set(*at, fields[f.name])
    _put_rows(out, form, rows)
    return out


def _put_rows(out: Draft, form: Form, rows: list[Mapping[str, Content]]) -> None:
    rowset = form.rowsets[0]
    place = form.place({rowset.name: len(rows)})
    for c in rowset.columns:
        out.names[f"{rowset.name}_{c.name}"] = place.column(rowset.name, c.name)
        top = 0
        for i, row in enumerate(rows):
            box = place.cell(rowset.name, i, c.name)
            if c.grouped and i and row.get(c.name) == rows[top].get(c.name):
                out.merges = [b for b in out.merges if (b.row, b.col) != (box.row - (i - top), box.col)]
                out.merges.append(Box(box.row - (i - top), box.col, box.row2, box.col2))
                continue
            top = i
            out.set(*_at(out, box), row.get(c.name))


def _at(out: Draft, box: Box) -> tuple[int, int]:
    if box.merged:
        out.merges.append(box)
    return box.row, box.col
