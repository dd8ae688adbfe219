"""Evaluation: a tree is compiled once into nested Python functions, then run on any number of scopes.

Inside, an Excel error travels as the exception :class:`Fault`; outside it is an :class:`ErrorValue`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from .check import check, takes_array
from .errors import FormulaError
from .functions import FUNCTIONS, Function, Kind
from .nodes import Binary, Boolean, Call, Column, Name, Node, Number, Text, Unary
from .operators import ARITHMETIC, UNARY
from .values import NA, Cells, ErrorValue, Fault, Value, truth


class Scope(Protocol):
    """Where names get their values from."""

    def name(self, name: str, /) -> Value:
        """The content of a named cell or parameter; None when it is blank."""

    def column(self, rowset: str, name: str, /) -> Sequence[Value]:
        """The contents of a column, row by row."""


Program: TypeAlias = Callable[[Scope], Value]
_Step: TypeAlias = Callable[[Scope], "Value | Cells | tuple[Value, ...]"]

_CACHE: dict[int, tuple[Node, Program]] = {}
_CACHE_SIZE = 20_000


def evaluate(node: Node, scope: Scope) -> Value:
    """The value of a formula over the names of ``scope``; errors of Excel come back as values.

    A reference to a blank cell gives None (Excel would show 0). Raises FormulaError when the tree is no
    formula (see :func:`check`), and whatever the scope raises for a name that it does not know.
    """
    return compile_node(node)(scope)


def compile_node(node: Node) -> Program:
    """The program of a tree; compiled once per tree object."""
    cached = _CACHE.get(id(node))
    if cached is not None and cached[0] is node:
        return cached[1]
    check(node)
    if isinstance(node, Column):
        raise FormulaError("整列不是一个值", node.at)
    program = _program(_scalar(node))
    if len(_CACHE) >= _CACHE_SIZE:
        _CACHE.clear()
    _CACHE[id(node)] = (node, program)
    return program


def _program(step: Program) -> Program:
    def run(scope: Scope) -> Value:
        try:
            return step(scope)
        except Fault as fault:
            return fault.error

    return run


def _scalar(node: Node) -> Program:
    """The step for a node that yields one value."""
    if isinstance(node, Number | Text | Boolean):
        constant = node.value
        return lambda scope: constant
    if isinstance(node, Name):
        name = node.name
        return lambda scope: scope.name(name)
    if isinstance(node, Unary):
        unary, x = UNARY[node.op], _scalar(node.x)
        return lambda scope: unary(x(scope))
    if isinstance(node, Binary):
        binary, left, right = ARITHMETIC[node.op], _scalar(node.left), _scalar(node.right)
        return lambda scope: binary(left(scope), right(scope))
    assert isinstance(node, Call)  # columns are kept out by check
    return _call(node)


def _call(node: Call) -> Program:
    if node.fn == "IF":
        return _if(node)
    if node.fn == "IFERROR":
        return _iferror(node)
    fn = FUNCTIONS[node.fn]
    steps = [_argument(arg, fn.kind(i)) for i, arg in enumerate(node.args)]
    run = fn.run
    if len(steps) == 1:
        only = steps[0]
        return lambda scope: run(only(scope))
    return lambda scope: run(*[step(scope) for step in steps])


def _if(node: Call) -> Program:
    condition, yes = _scalar(node.args[0]), _scalar(node.args[1])
    no: Program = _scalar(node.args[2]) if len(node.args) == 3 else lambda scope: False
    return lambda scope: yes(scope) if truth(condition(scope)) else no(scope)


def _iferror(node: Call) -> Program:
    value, fallback = _caught(_scalar(node.args[0])), _scalar(node.args[1])

    def run(scope: Scope) -> Value:
        v = value(scope)
        return fallback(scope) if isinstance(v, ErrorValue) else v

    return run


def _argument(node: Node, kind: Kind) -> _Step:
    """The step that hands one argument over as its kind wants it."""
    if kind is Kind.ARRAY:
        return _array(node) if takes_array(node) else _caught(_scalar(node))
    if kind is Kind.RANGE:
        return _cells(node)
    if kind is Kind.CELLS and _reference(node):
        return _cells(node)
    return _sound(_scalar(node)) if kind is Kind.SCALAR else _caught(_scalar(node))


def _reference(node: Node) -> bool:
    """Whether Excel sees cells here, not a computed value."""
    return isinstance(node, Name | Column) or (isinstance(node, Call) and node.fn == "INDEX")


def _cells(node: Node) -> Callable[[Scope], Cells]:
    if isinstance(node, Column):
        rowset, name = node.rowset, node.name
        return lambda scope: Cells(scope.column(rowset, name))
    one = _caught(_scalar(node))
    return lambda scope: Cells((one(scope),))


def _caught(step: Program) -> Program:
    """The step with errors as values."""

    def run(scope: Scope) -> Value:
        try:
            return step(scope)
        except Fault as fault:
            return fault.error

    return run


def _sound(step: Program) -> Program:
    """The step with errors raised, also those that stand in cells."""

    def run(scope: Scope) -> Value:
        v = step(scope)
        if type(v) is ErrorValue:
            raise Fault(v)
        return v

    return run


def _array(node: Node) -> Callable[[Scope], tuple[Value, ...]]:
    """The step for arithmetic with columns: one value per row."""
    if isinstance(node, Column):
        return _cells(node)
    if isinstance(node, Unary):
        unary, x = UNARY[node.op], _array(node.x)
        return lambda scope: tuple(_apply(unary, (v,)) for v in x(scope))
    if isinstance(node, Binary):
        return _spread(ARITHMETIC[node.op], [_element(node.left), _element(node.right)], [])
    assert isinstance(node, Call)
    return _lifted(node, FUNCTIONS[node.fn])


def _lifted(node: Call, fn: Function) -> Callable[[Scope], tuple[Value, ...]]:
    """A function worked element by element; its ranges stay whole."""
    steps: list[_Step] = []
    whole: list[int] = []
    for i, arg in enumerate(node.args):
        if fn.kind(i) in (Kind.SCALAR, Kind.ANY):
            steps.append(_element(arg))
        else:
            whole.append(i)
            steps.append(_argument(arg, fn.kind(i)))
    loud = any(fn.kind(i) is Kind.SCALAR for i in range(len(steps)))
    return _spread(_strict(fn.run) if loud else fn.run, steps, whole)


def _element(node: Node) -> _Step:
    return _array(node) if takes_array(node) else _caught(_scalar(node))


def _strict(run: Callable[..., Value]) -> Callable[..., Value]:
    """``run`` with the first error among its arguments raised."""

    def strict(*args: Value) -> Value:
        for v in args:
            if isinstance(v, ErrorValue):
                raise Fault(v)
        return run(*args)

    return strict


def _spread(
    run: Callable[..., Value], steps: list[_Step], whole: list[int]
) -> Callable[[Scope], tuple[Value, ...]]:
    """``run`` over the rows of its columns; single values (and arguments in ``whole``) serve every row.

    Beyond the end of a shorter column stands #N/A, as in Excel.
    """

    def rows(scope: Scope) -> tuple[Value, ...]:
        args = [step(scope) for step in steps]
        lengths = [len(a) for i, a in enumerate(args) if isinstance(a, tuple) and i not in whole]
        return tuple(
            _apply(run, [_at(a, row) if i not in whole else a for i, a in enumerate(args)])
            for row in range(max(lengths))
        )

    return rows


def _at(arg: Value | tuple[Value, ...], row: int) -> Value:
    if not isinstance(arg, tuple):
        return arg
    return arg[row] if row < len(arg) else NA


def _apply(run: Callable[..., Value], args: Sequence[object]) -> Value:
    try:
        return run(*args)
    except Fault as fault:
        return fault.error
