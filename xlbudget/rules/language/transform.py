"""Looking into trees and rewriting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from .check import check
from .decimals import significant
from .errors import FormulaError
from .evaluate import compile_node
from .lexer import MAX_DIGITS, MAX_TEXT
from .nodes import Binary, Boolean, Call, Column, Literal, Name, Node, Number, Text, Unary, children, walk
from .values import Fault, Value, truth

Replacement: TypeAlias = Node | tuple[Node, ...]


def names_in(node: Node) -> tuple[str, ...]:
    """The names of single quantities, each once, in the order in which they are written."""
    return tuple(dict.fromkeys(n.name for n in walk(node) if isinstance(n, Name)))


def columns_in(node: Node) -> tuple[tuple[str, str], ...]:
    """The columns as (row set, column), each once, in the order in which they are written."""
    return tuple(dict.fromkeys((n.rowset, n.name) for n in walk(node) if isinstance(n, Column)))


def substitute(node: Node, mapping: Mapping[str, Replacement]) -> Node:
    """The tree with names replaced by other trees.

    A tuple of trees may replace a name that is an argument of a function: it becomes that many arguments,
    e.g. a list parameter in ``ISIN(x, 允许值)``. Raises FormulaError when it stands anywhere else.
    """
    if isinstance(node, Name):
        found = mapping.get(node.name, node)
        if isinstance(found, tuple):
            raise FormulaError(f"{node.name} 是一列内容，只能作函数的参数", node.at)
        return found
    if isinstance(node, Call):
        args: list[Node] = []
        for arg in node.args:
            listed = mapping.get(arg.name) if isinstance(arg, Name) else None
            args.extend(listed if isinstance(listed, tuple) else (substitute(arg, mapping),))
        return replace(node, args=tuple(args))
    return _rebuilt(node, [substitute(c, mapping) for c in children(node)])


def fold(node: Node) -> Node:
    """The tree with everything computed that needs no data, and IF with a known condition decided.

    What no literal writes exactly (1/3, an error, a text of more than 255 characters) is left as it is, so
    that the folded tree always has the value of the original.
    """
    check(node)
    return _folded(node)


def _folded(node: Node) -> Node:
    if not children(node):
        return node
    if not any(isinstance(part, Name | Column) for part in walk(node)):
        known = _literal(compile_node(node)(_NoNames()))
        if known is not None:
            return known
    return _decided(_rebuilt(node, [_folded(c) for c in children(node)]))


def _decided(node: Node) -> Node:
    """An IF whose condition is known, as the branch it takes."""
    if not isinstance(node, Call) or node.fn != "IF" or not _constant(node.args[0]):
        return node
    try:
        holds = truth(compile_node(node.args[0])(_NoNames()))
    except Fault:
        return node
    if holds:
        return node.args[1]
    return node.args[2] if len(node.args) == 3 else Boolean(False)


def literal(value: Fraction | str | bool) -> Node:
    """The tree that writes a value; a negative number is a sign before a literal, as if parsed."""
    if isinstance(value, bool):
        return Boolean(value)
    if isinstance(value, str):
        return Text(value)
    return Number(value) if value >= 0 else Unary("-", Number(-value))


def _literal(value: Value) -> Node | None:
    """The literal that writes a value exactly, if there is one."""
    if isinstance(value, bool):
        return Boolean(value)
    if isinstance(value, str):
        return Text(value) if len(value) <= MAX_TEXT else None
    if isinstance(value, Fraction):
        digits = significant(value)
        return literal(value) if digits is not None and digits <= MAX_DIGITS else None
    return None


def _constant(node: Node) -> bool:
    if isinstance(node, Unary):
        return node.op == "-" and isinstance(node.x, Number)
    return isinstance(node, Literal)


def _rebuilt(node: Node, parts: Sequence[Node]) -> Node:
    """The node with other operands."""
    if isinstance(node, Call):
        return replace(node, args=tuple(parts))
    if isinstance(node, Unary):
        return Unary(node.op, parts[0])
    if isinstance(node, Binary):
        return Binary(node.op, parts[0], parts[1])
    return node


class _NoNames:
    """A scope for formulas without names."""

    def name(self, name: str, /) -> Value:
        raise LookupError(name)

    def column(self, rowset: str, name: str, /) -> Sequence[Value]:
        raise LookupError(f"{rowset}[{name}]")
