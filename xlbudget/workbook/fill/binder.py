"""From names of the rule language to cell references of one sheet.

Three scopes: the form as a whole, one row of a row set, and one group of consecutive rows under a merged
label. In a row's formulas whatever belongs to the row is relative, so that a copied row stays right;
everything else is absolute. A name of another form leaves a gap, as its sheet is known with the record.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlbudget.packs.layout import Box
from xlbudget.rules.language import NotNative
from xlbudget.rules.native import split_home
from xlbudget.rules.record import column_letters
from xlbudget.rules.tree import part_of

from .shape import Plan, Run


def absolute(box: Box) -> str:
    """``$E$6`` or ``$H$13:$H$21``."""
    first = f"${column_letters(box.col)}${box.row}"
    if not box.merged:
        return first
    return f"{first}:${column_letters(box.col2)}${box.row2}"


GAP = "\x01"  # around what belongs to another form: form, name or row set and column, joined by JOIN
JOIN = "\x02"


def areas(col: int, rows: Iterable[int], fixed: bool) -> str:
    """Cells of one column as few ranges as possible, e.g. ``C8,C10:C12``."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    boxes = [Box(first, col, last, col) for first, last in runs]
    return ",".join(absolute(box) if fixed else box.range for box in boxes)


class FormBinder:
    """Names of the whole form. ``fixed`` gives absolute references (conditional formats, names)."""

    def __init__(self, plan: Plan, fixed: bool = False) -> None:
        self.plan = plan
        self.fixed = fixed

    def name(self, name: str) -> str:
        home, bare = split_home(name)
        if home:
            return f"{GAP}{home}{JOIN}{bare}{GAP}"
        if name not in self.plan.form.by_name:
            raise NotNative(name, "在表上没有单元格")
        box = self.plan.placement.field(name)
        return absolute(Box(box.row, box.col, box.row, box.col)) if self.fixed else box.ref

    def column(self, rowset: str, column: str) -> str:
        home, bare = split_home(rowset)
        if home:
            return f"{GAP}{home}{JOIN}{bare}{JOIN}{column}{GAP}"
        part, whole = part_of(column)
        box = self._range(rowset, whole)
        if part:
            return areas(box.col, (box.row + i for i in self._part(rowset)), self.fixed)
        return absolute(box) if self.fixed else box.range

    def _part(self, rowset: str) -> tuple[int, ...]:
        """The rows that a part of a column means here: those at the top of a tree."""
        tree = self.plan.trees.get(rowset)
        if tree is None:
            raise NotNative(rowset, "还没有科目编码")
        return tree.top

    def _range(self, rowset: str, column: str) -> Box:
        known = self.plan.form.rowset_by_name.get(rowset)
        if known is None or all(c.name != column for c in known.columns):
            raise NotNative(f"{rowset}[{column}]", "在表上没有单元格")
        if known.column(column).grouped:
            raise NotNative(f"{rowset}[{column}]", "合并单元格只有首格有内容")
        return self.plan.placement.column(rowset, column)


class RowBinder(FormBinder):
    """Names in row ``index`` (0-based) of a row set.

    A merged label is referred to at the top of its run, by an absolute reference; ``labels`` collects the
    grouped columns that were asked for, because a formula with one holds for the rows of that run only.
    """

    def __init__(self, plan: Plan, rowset: str, index: int, fixed_columns: bool = False) -> None:
        super().__init__(plan, fixed=True)
        self.rowset = plan.form.rowset_by_name[rowset]
        self.index = index
        self.dollar = "$" if fixed_columns else ""
        self.labels: set[str] = set()
        self._columns = {c.name: c for c in self.rowset.columns}

    def name(self, name: str) -> str:
        column = self._columns.get(name)
        if column is None:
            return super().name(name)
        row = self.plan.first_row(self.rowset.name)
        letters = column_letters(column.col)
        if column.grouped:
            self.labels.add(name)
            return f"${letters}${row + self.plan.top(self.rowset.name, name, self.index)}"
        return f"{self.dollar}{letters}{row + self.index}"


class BelowBinder(RowBinder):
    """Names in a row of a tree that sums the rows below it: these are relative too."""

    def column(self, rowset: str, column: str) -> str:
        part, whole = part_of(column)
        if not part:
            return super().column(rowset, column)
        box = self._range(rowset, whole)
        return areas(box.col, (box.row + i for i in self.plan.below(rowset, self.index)), False)


class GroupBinder(FormBinder):
    """Names in one run of rows: ``指标[分值]`` is the run's part of the column, a bare label its top cell."""

    def __init__(self, plan: Plan, rowset: str, run: Run) -> None:
        super().__init__(plan, fixed=True)
        self.rowset = plan.form.rowset_by_name[rowset]
        self.run = run
        self._columns = {c.name: c for c in self.rowset.columns}

    def name(self, name: str) -> str:
        column = self._columns.get(name)
        if column is None:
            return super().name(name)
        if not column.grouped:
            raise NotNative(name, "在一组行里没有唯一的单元格")
        top = self.plan.top(self.rowset.name, name, self.run[0])
        row = self.plan.first_row(self.rowset.name) + top
        return f"${column_letters(column.col)}${row}"

    def _range(self, rowset: str, column: str) -> Box:
        box = super()._range(rowset, column)
        if rowset != self.rowset.name:
            return box
        first = box.row + self.run[0]
        return Box(first, box.col, first + self.run[1] - 1, box.col)
