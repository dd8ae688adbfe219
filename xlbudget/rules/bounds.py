"""Lower and upper bounds of a formula as formulas: what printed digits may hide, natively.

The audit computes with intervals (:mod:`xlbudget.figures.interval`); here the same arithmetic is written out
for Excel. A cell with money stands for half a unit of its last digit to either side. Where the sheet cannot
know (more decimals typed than shown, sums on other sheets) the bounds are wider than the audit's, so that a
live condition may be silent there but is never wrong. Source: docs/numbers.md, 2 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .language import Binary, Call, Column, Name, Node, NotNative, Number, Text, Unary, walk
from .program import ColumnLike, FieldLike, Program
from .scope import EXACT_KINDS
from .tree import part_of

Pair = tuple[Node, Node]


class Bounds:
    """Bounds of formulas whose names are cells of one form (and of one row of it)."""

    def __init__(self, program: Program, form: str, columns: Mapping[str, ColumnLike]) -> None:
        self._program = program
        self._form = form
        self._fields = program.fields[form]
        self._columns = columns

    def of(self, node: Node) -> Pair:
        """The least and the greatest value. Raises NotNative for what has no bounds here."""
        if isinstance(node, Text) or all(not self._half(part) for part in walk(node)):
            return node, node
        if isinstance(node, Name):
            hidden = _times(self._half(node), Call("ISNUMBER", (node,)))
            return Binary("-", node, hidden), Binary("+", node, hidden)
        if isinstance(node, Unary):
            low, high = self.of(node.x)
            return (Unary("-", high), Unary("-", low)) if node.op == "-" else (low, high)
        if isinstance(node, Binary):
            return self._operation(node)
        if isinstance(node, Call):
            return self._call(node)
        raise NotNative("显示精度", "这种写法算不出上下限")

    def _half(self, node: Node) -> Fraction:
        """Half a unit of the last digit of a cell, or of each cell of a column."""
        spec: FieldLike | None = None
        times = 1
        if isinstance(node, Name):
            spec = self._columns.get(node.name) or self._fields.get(node.name)
        elif isinstance(node, Column):
            column = self._program.columns[self._form, node.rowset][part_of(node.name)[1]]
            spec, times = column, self._terms(node.rowset, column)
        if spec is None or not spec.numeric or spec.kind in EXACT_KINDS:
            return Fraction(0)
        return Fraction(times, 2 * 10**spec.decimals)

    def _terms(self, rowset: str, column: ColumnLike) -> int:
        """How many cells of another form a cell of this column adds up, at most."""
        form = self._program.rowsets[self._form][rowset].of
        source = self._program.fields[form].get(column.source) if form and column.source else None
        if source is None or not source.formula:
            return 1
        sums = [n for n in walk(self._program.node(source.formula)) if isinstance(n, Call) and n.fn == "SUM"]
        return max((len(n.args) for n in sums), default=1)

    def _operation(self, node: Binary) -> Pair:
        (low, high), (least, most) = self.of(node.left), self.of(node.right)
        if node.op == "+":
            return Binary("+", low, least), Binary("+", high, most)
        if node.op == "-":
            return Binary("-", low, most), Binary("-", high, least)
        if node.op == "/":  # an error unless the divisor is surely above zero
            sure = Binary(">", least, Number(Fraction(0)))
            first, last = (
                Call(fn, tuple(Binary("/", x, y) for y in (least, most)))
                for fn, x in (("MIN", low), ("MAX", high))
            )
            return Binary("/", first, sure), Binary("/", last, sure)
        raise NotNative(node.op, "这种写法算不出上下限")

    def _call(self, node: Call) -> Pair:
        if node.fn == "SUM":
            return self._sum(node)
        if node.fn == "IF":
            return self._each(node, node.args[1:], node.args[:1])
        if node.fn in ("N", "MIN", "MAX", "IFERROR"):
            return self._each(node, node.args)
        if node.fn in ("ROUND", "ROUNDUP", "ROUNDDOWN"):
            low, high = self.of(node.args[0])
            return Call(node.fn, (low, node.args[1])), Call(node.fn, (high, node.args[1]))
        raise NotNative(node.fn, "算不出上下限")

    def _each(self, node: Call, args: tuple[Node, ...], before: tuple[Node, ...] = ()) -> Pair:
        """Bounds of a function that never falls when one of ``args`` rises."""
        low, high = zip(*(self.of(arg) for arg in args), strict=True)
        return Call(node.fn, (*before, *low)), Call(node.fn, (*before, *high))

    def _sum(self, node: Call) -> Pair:
        """The sum less, or plus, what each filled cell may hide."""
        cells = [arg for arg in node.args if isinstance(arg, Name | Column)]
        low, high = list[Node](cells), list[Node](cells)
        for half in dict.fromkeys(map(self._half, cells)):
            if half:
                count = Call("COUNT", tuple(c for c in cells if self._half(c) == half))
                low.append(Unary("-", _times(half, count)))
                high.append(_times(half, count))
        for arg in node.args:
            if not isinstance(arg, Name | Column):
                least, most = self.of(arg)
                low.append(least)
                high.append(most)
        return Call("SUM", tuple(low)), Call("SUM", tuple(high))


def _times(half: Fraction, node: Node) -> Node:
    return Binary("*", Number(half), node)
