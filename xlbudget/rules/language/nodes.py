"""The syntax tree of a formula: immutable, comparable, hashable nodes.

``at`` (the 1-based character where a node was written, 0 when it was built by a program) serves error
messages only and does not take part in comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal, exact."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal, without its quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A named quantity: one cell, a parameter of the pack, or a column of the row at hand."""

    name: str
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Column:
    """All cells of one column of a row set, written ``指标[得分]``."""

    rowset: str
    name: str
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; ``fn`` is in capitals."""

    fn: str
    args: tuple[Node, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """A prefix sign (``+`` ``-``) or the postfix ``%``."""

    op: str
    x: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands."""

    op: str
    left: Node
    right: Node


Node: TypeAlias = Number | Text | Boolean | Name | Column | Call | Unary | Binary
Literal: TypeAlias = Number | Text | Boolean

COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})


def children(node: Node) -> tuple[Node, ...]:
    """The direct operands of a node, left to right."""
    if isinstance(node, Binary):
        return (node.left, node.right)
    if isinstance(node, Unary):
        return (node.x,)
    if isinstance(node, Call):
        return node.args
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order in which it is written."""
    pending = [node]
    while pending:
        top = pending.pop()
        yield top
        pending.extend(reversed(children(top)))
