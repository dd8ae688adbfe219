"""Writing a tree as text: in our own notation, and as a native Excel formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .check import check
from .decimals import decimal_text, significant
from .errors import NotNative
from .lexer import MAX_DIGITS, MAX_LENGTH
from .native import expand, is_own
from .nodes import COMPARISONS, Binary, Boolean, Call, Column, Name, Node, Number, Text, Unary


class Binder(Protocol):
    """Where names stand on a sheet."""

    def name(self, name: str, /) -> str:
        """The reference of a named cell, e.g. ``$E$6``, or the literal text of a parameter."""

    def column(self, rowset: str, name: str, /) -> str:
        """The reference of a column, e.g. ``$H$13:$H$22``."""


_RANK = {**dict.fromkeys(COMPARISONS, 1), "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_SIGN, _PERCENT, _ATOM = 6, 7, 8


def unparse(node: Node) -> str:
    """The canonical text of a tree, without a leading ``=``; parsing it gives the tree again."""
    return _Writer(lambda name: name, lambda rowset, name: f"{rowset}[{name}]", False, _nothing_shared).write(
        node, 0
    )


def to_excel(node: Node, binder: Binder, shared: Callable[[Call], str | None] | None = None) -> str:
    """The native formula of a tree, without a leading ``=``, for a cell or a conditional format.

    Only functions of Excel 2010, no array constants, as few brackets as the precedence allows. ``shared``
    is asked for each call of one of our own functions and may give a reference (a defined name, a helper
    cell) that holds its value; where it gives None, the call is written out. Raises NotNative where Excel
    has no equivalent, FormulaError when the tree is no formula.
    """
    check(node)
    given = shared or _nothing_shared
    native = expand(node, lambda call: given(call) is not None)
    text = _Writer(binder.name, binder.column, True, given).write(native, 0)
    if len(text) > MAX_LENGTH:
        raise NotNative("公式", f"写成 Excel 公式后超过{MAX_LENGTH}个字符")
    return text


def _nothing_shared(call: Call) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes trees with given notations for references; ``exact`` refuses numbers that Excel would round."""

    name: Callable[[str], str]
    column: Callable[[str, str], str]
    exact: bool
    shared: Callable[[Call], str | None]

    def write(self, node: Node, least: int) -> str:
        """The text of a node, in brackets if it binds less than ``least``."""
        text, rank = self._ranked(node)
        return text if rank >= least else f"({text})"

    def _ranked(self, node: Node) -> tuple[str, int]:
        if isinstance(node, Number):
            return self._number(node)
        if isinstance(node, Text):
            return '"' + node.value.replace('"', '""') + '"', _ATOM
        if isinstance(node, Boolean):
            return ("TRUE" if node.value else "FALSE"), _ATOM
        if isinstance(node, Name):
            return self.name(node.name), _ATOM
        if isinstance(node, Column):
            return self.column(node.rowset, node.name), _ATOM
        if isinstance(node, Call):
            if is_own(node) and (given := self.shared(node)) is not None:
                return given, _ATOM
            return f"{node.fn}({','.join(self.write(a, 0) for a in node.args)})", _ATOM
        if isinstance(node, Unary):
            if node.op == "%":
                return self.write(node.x, _PERCENT) + "%", _PERCENT
            return node.op + self.write(node.x, _SIGN), _SIGN
        return self._binary(node)

    def _binary(self, node: Binary) -> tuple[str, int]:
        rank = _RANK[node.op]
        return self.write(node.left, rank) + node.op + self.write(node.right, rank + 1), rank

    def _number(self, node: Number) -> tuple[str, int]:
        digits = significant(node.value)
        if self.exact and digits is not None and digits > MAX_DIGITS:
            raise NotNative(str(node.value), f"数字超过{MAX_DIGITS}位有效数字")
        text = decimal_text(node.value)
        if text is None:
            return f"{node.value.numerator}/{node.value.denominator}", _RANK["/"]
        return text, _SIGN if node.value < 0 else _ATOM
