"""The layout of an official form: one description that template, reader and filler share.

A sheet is a stack of *blocks*. A fixed block has a known number of rows (the head, the foot); a row set's
block has one row per record (the indicators of a project). Every position is written relative to its
block, so that a layout says nothing about how many indicators a unit has; :meth:`Form.place` turns it
into sheet positions once the numbers of rows are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from xlbudget.rules.record import column_letters

_RANGE = re.compile(r"([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?")


class LayoutError(ValueError):
    """A layout contradicts itself; the message names the form and the entry."""


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    n = 0
    for ch in letters:
        n = n * 26 + ord(ch) - 64
    return n


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A cell or a merged rectangle; rows and columns are 1-based and inclusive."""

    row: int
    col: int
    row2: int
    col2: int

    @classmethod
    def parse(cls, ref: str) -> Box:
        m = _RANGE.fullmatch(ref)
        if not m:
            raise LayoutError(f"不是单元格区域：{ref!r}")
        c1, r1, c2, r2 = m.groups()
        return cls(int(r1), column_number(c1), int(r2 or r1), column_number(c2 or c1))

    def down(self, rows: int) -> Box:
        return Box(self.row + rows, self.col, self.row2 + rows, self.col2)

    @property
    def merged(self) -> bool:
        return (self.row, self.col) != (self.row2, self.col2)

    @property
    def ref(self) -> str:
        """The top-left cell, e.g. ``E6``: where the content of a merged rectangle lives."""
        return f"{column_letters(self.col)}{self.row}"

    @property
    def range(self) -> str:
        return f"{self.ref}:{column_letters(self.col2)}{self.row2}" if self.merged else self.ref


@dataclass(frozen=True, slots=True)
class StaticCell:
    """An official label. ``through`` names a row set whose last row the merged label reaches down to."""

    block: str
    box: Box
    text: str  # may contain {year} and {n}
    style: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A named quantity with a cell of its own.

    ``kind``: text, money, number, percent, score, weight, choice, year, quantity (text or number), code (the
    digits of a code, a text whatever Excel made of it).
    ``formula`` (rule language) makes it derived. ``captions`` are the labels a reader looks for: the row's,
    then the column's (or "").
    """

    name: str
    block: str
    box: Box
    kind: str
    decimals: int
    unit: str
    style: str
    captions: tuple[str, str]
    formula: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""  # name of a parameter that a blank form is filled with
    prompt: str = ""
    optional: bool = False  # derived for convenience: blank is no finding

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC_KINDS

    @property
    def derived(self) -> bool:
        return bool(self.formula)


NUMERIC_KINDS = frozenset({"money", "number", "percent", "score", "weight", "year"})
KINDS = NUMERIC_KINDS | {"text", "choice", "quantity", "code"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a row set. ``grouped`` columns are merged down over equal neighbours (一级指标)."""

    name: str
    col: int
    col2: int
    kind: str
    decimals: int
    unit: str
    style: str
    caption: str
    formula: str = ""
    grouped: bool = False
    choices: tuple[str, ...] = ()
    prompt: str = ""
    source: str = ""  # a name of the form that the row stands for: the cell repeats its value
    subtotal: str = ""  # of an amount in a tree: the formula of a row that has rows below it

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC_KINDS

    @property
    def derived(self) -> bool:
        return bool(self.formula or self.source)


@dataclass(frozen=True, slots=True)
class RowSet:
    """A repeating region. ``of`` names the form that each row stands for ("" when rows are just rows).

    ``standard`` are the rows that a blank form comes with, column name → text. ``defines`` are quantities
    of one row without a cell (name → formula). ``header`` is the block whose last row holds the captions.
    ``tree`` is the column of codes that make the rows a hierarchy ("" when they are none).
    """

    name: str
    columns: tuple[Column, ...]
    standard: tuple[Mapping[str, str], ...] = ()
    of: str = ""
    height: float = 0
    defines: Mapping[str, str] = field(default_factory=dict)
    header: str = "head"
    subject: str = ""  # columns that name a row for people, the first filled one wins: 三级指标|二级指标
    tree: str = ""

    def column(self, name: str) -> Column:
        for c in self.columns:
            if c.name == name:
                return c
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Block:
    """A band of rows: ``rows`` fixed ones, or those of the row set of the same name when ``rows`` is 0."""

    name: str
    rows: int
    heights: tuple[float, ...] = ()  # points, per row; empty means the default


@dataclass(frozen=True, slots=True)
class PrintSetup:
    orientation: str = "portrait"  # or landscape
    margins: tuple[float, float, float, float] = (0.6, 0.6, 0.6, 0.6)  # left, right, top, bottom; inches
    fit_height: int = 0  # pages; 0 = as many as needed


@dataclass(frozen=True)
class Form:
    """An official form: its blocks, labels, fields and row sets, and the names defined over them.

    ``sheet`` is the sheet's name; with ``{n}`` in it the form repeats, one sheet per record.
    ``defines`` are quantities without a cell (name → formula in the rule language).
    """

    id: str
    title: str
    sheet: str
    blocks: tuple[Block, ...]
    statics: tuple[StaticCell, ...]
    fields: tuple[Field, ...]
    rowsets: tuple[RowSet, ...]
    widths: tuple[float, ...]  # of columns A, B, …; characters
    print_setup: PrintSetup = field(default_factory=PrintSetup)
    defines: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""  # the field whose content names an instance for people

    @property
    def repeated(self) -> bool:
        return "{n}" in self.sheet

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {f.name: f for f in self.fields}

    @cached_property
    def rowset_by_name(self) -> dict[str, RowSet]:
        return {r.name: r for r in self.rowsets}

    def place(self, rows: Mapping[str, int]) -> Placement:
        """Positions on a sheet whose row sets have the given numbers of rows (at least one each)."""
        return Placement(self, rows)


class Placement:
    """A form's positions on one sheet, for given numbers of rows in its row sets."""

    def __init__(self, form: Form, rows: Mapping[str, int]) -> None:
        self.form = form
        self.rows = {r.name: max(1, rows.get(r.name, len(r.standard))) for r in form.rowsets}
        self.start: dict[str, int] = {}  # block → rows above it
        above = 0
        for block in form.blocks:
            self.start[block.name] = above
            above += block.rows or self.rows[block.name]
        self.last_row = above
        self.last_col = len(form.widths)

    def field(self, name: str) -> Box:
        f = self.form.by_name[name]
        return f.box.down(self.start[f.block])

    def cell(self, rowset: str, index: int, column: str) -> Box:
        """The box of one column in row ``index`` (0-based) of a row set."""
        c = self.form.rowset_by_name[rowset].column(column)
        row = self.start[rowset] + 1 + index
        return Box(row, c.col, row, c.col2)

    def column(self, rowset: str, column: str) -> Box:
        """The range of a whole column of a row set, one cell wide (merged cells count by their first)."""
        c = self.form.rowset_by_name[rowset].column(column)
        first = self.start[rowset] + 1
        return Box(first, c.col, first + self.rows[rowset] - 1, c.col)

    def static(self, cell: StaticCell) -> Box:
        box = cell.box.down(self.start[cell.block])
        if cell.through:
            return Box(box.row, box.col, self.start[cell.through] + self.rows[cell.through], box.col2)
        return box


@dataclass(frozen=True, slots=True)
class Param:
    """A policy value of a pack: a number, a text or a list of texts; ``basis`` says where it comes from."""

    name: str
    value: Decimal | str | tuple[str, ...]
    basis: str
    title: str = ""
