"""A pack's formulas for Excel: every name that has no cell of its own written out.

A name of another form keeps that form's id before it (``总表!总表_收入总计``): who writes the formula into a
workbook knows the sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .language import Binary, Call, Column, Name, Node, NotNative, Unary
from .model import COMPUTED
from .tree import part_of

if TYPE_CHECKING:
    from .program import Program

ELSEWHERE: Final = "!"  # between a form's id and a name of it


def split_home(name: str) -> tuple[str, str]:
    """The form that a name in a native formula belongs to ("" for the formula's own), and the bare name."""
    home, _, bare = name.rpartition(ELSEWHERE)
    return home, bare


class Native:
    """Writes formulas that stand on one form, or in a row of ``rowset`` on it."""

    def __init__(self, program: Program, form: str, rowset: str = "") -> None:
        self._program = program
        self._form = form
        self._fields = program.fields[form]
        self._columns = program.columns.get((form, rowset), {})
        self._rowset = rowset

    def written(self, node: Node) -> Node:
        """The formula in names that have cells. Raises NotNative for a column of defined values."""
        if isinstance(node, Name):
            return self._name(node)
        if isinstance(node, Column):
            return self._column(node)
        return _mapped(node, self.written)

    def _column(self, node: Column) -> Node:
        home = self._program.rowset_home(self._form, node.rowset)
        if not home:
            raise NotNative(f"{node.rowset}[{node.name}]", "在另一张表上")
        part, column = part_of(node.name)
        if column not in self._program.columns[home, node.rowset]:
            raise NotNative(f"{node.rowset}[{column}]", "没有对应的单元格")
        if home == self._form:
            return node
        if part:
            raise NotNative(f"{node.rowset}[{column}]", "合计在另一张表上，请引用那张表的合计栏")
        return _moved(node, home)

    def _name(self, node: Name) -> Node:
        prefix, _, bare = node.name.rpartition(":")
        program = self._program
        column = self._columns.get(bare)
        if column is None and bare not in self._fields:
            return self._without_cell(node, bare)
        if prefix != COMPUTED:
            return Name(bare, node.at)
        formula = column.formula or column.subtotal if column is not None else self._fields[bare].formula
        if not formula:
            raise NotNative(node.name, "没有公式")
        return self.written(program.node(formula))

    def _without_cell(self, node: Name, bare: str) -> Node:
        """A quantity that is only defined, or one of another form."""
        program = self._program
        rowset = program.rowsets[self._form].get(self._rowset)
        text = rowset.defines.get(bare) if rowset is not None else None
        text = text or program.forms[self._form].defines.get(bare)
        if text is not None:
            return self.written(program.node(text))
        home = program.home(self._form, bare)
        if not home or (rowset is not None and rowset.of):
            raise NotNative(bare, "在另一张表上")
        return _moved(Native(program, home).written(node), home)


def _moved(node: Node, home: str) -> Node:
    """A formula of ``home`` for another form: its names say where they belong."""
    if isinstance(node, Name):
        return node if ELSEWHERE in node.name else Name(f"{home}{ELSEWHERE}{node.name}", node.at)
    if isinstance(node, Column):
        moved = Column(f"{home}{ELSEWHERE}{node.rowset}", node.name, node.at)
        return node if ELSEWHERE in node.rowset else moved
    return _mapped(node, lambda part: _moved(part, home))


def _mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with its operands changed."""
    if isinstance(node, Unary):
        return Unary(node.op, change(node.x))
    if isinstance(node, Binary):
        return Binary(node.op, change(node.left), change(node.right))
    if isinstance(node, Call):
        return replace(node, args=tuple(map(change, node.args)))
    return node
