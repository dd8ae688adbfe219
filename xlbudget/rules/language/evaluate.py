"""Evaluation: a tree is compiled once into nested Python functions, then run on any number of scopes.

Inside, an Excel error travels as the exception :class:`Fault`; outside it is an :class:`ErrorValue`. A step
is a function of a :class:`Frame`, which remembers what names and shared parts gave on its frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from . import shortcuts
from .check import check, takes_array
from .errors import FormulaError
from .frame import Frame, Key, Scope, Step, frame_of
from .functions import FUNCTIONS, Function, Kind
from .nodes import Binary, Boolean, Call, Column, Name, Node, Number, Text, Unary
from .operators import ARITHMETIC, UNARY
from .values import NA, ONE, ZERO, Cells, ErrorValue, Fault, Value, truth

Program: TypeAlias = Callable[[Scope], Value]
_Argument: TypeAlias = Callable[[Frame], "Value | Cells | tuple[Value, ...]"]

_CACHE: dict[int, tuple[Node, Program]] = {}
_SHARED: dict[Node, Step] = {}
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
    step = compile_step(node)

    def program(scope: Scope) -> Value:
        return step(frame_of(scope))

    if len(_CACHE) >= _CACHE_SIZE:
        _CACHE.clear()
    _CACHE[id(node)] = (node, program)
    return program


def compile_step(node: Node) -> Step:
    """The same as a function of a frame, for whoever runs many formulas on one scope."""
    check(node)
    if isinstance(node, Column):
        raise FormulaError("整列不是一个值", node.at)
    return _caught(node)


def _shared(node: Node) -> Step:
    """The step for a node as a key of frames: the same for equal nodes. To be looked up, not called."""
    step = _SHARED.get(node)
    if step is None:
        step = _scalar(node)
        if len(_SHARED) >= _CACHE_SIZE:
            _SHARED.clear()
        _SHARED[node] = step
    return step


def _key(node: Node) -> Key:
    """What a frame keeps the value of a node under; errors are values there."""
    return node.name if isinstance(node, Name) else _shared(node)


def _scalar(node: Node) -> Step:
    """The step for a node that yields one value."""
    if isinstance(node, Number | Text | Boolean):
        constant = _constant(node)
        return lambda frame: constant
    if isinstance(node, Name):
        name = node.name
        return lambda frame: frame[name]
    if isinstance(node, Unary):
        unary, x = UNARY[node.op], _scalar(node.x)
        return lambda frame: unary(x(frame))
    if isinstance(node, Binary):
        left = _scalar(node.left)
        short = shortcuts.comparison(node, left)
        if short is not None:
            return short
        binary, right = ARITHMETIC[node.op], _scalar(node.right)
        return lambda frame: binary(left(frame), right(frame))
    assert isinstance(node, Call)  # columns are kept out by check
    return _call(node)


def _constant(node: Number | Text | Boolean) -> Value:
    """The value of a literal; 0 and 1 as the objects that arithmetic knows."""
    if isinstance(node, Number) and node.value in (0, 1):
        return ONE if node.value else ZERO
    return node.value


def _call(node: Call) -> Step:
    if node.fn == "IF":
        return _if(node)
    if node.fn == "IFERROR":
        return _iferror(node)
    if node.fn in ("AND", "OR") and not any(isinstance(a, Column) or _index(a) for a in node.args):
        return shortcuts.conditions(node, [_key(arg) for arg in node.args])
    pair = shortcuts.contained(node)
    if pair is not None:
        return shortcuts.contains(pair[0], _caught(pair[1]))
    if shortcuts.covers(node):
        return shortcuts.call(node, _caught(node.args[0]))
    return _general(node)


def _general(node: Call) -> Step:
    fn = FUNCTIONS[node.fn]
    steps = [_argument(arg, fn.kind(i)) for i, arg in enumerate(node.args)]
    run = fn.run
    if len(steps) == 1:
        only = steps[0]
        return lambda frame: run(only(frame))
    if len(steps) == 2:
        first, second = steps
        return lambda frame: run(first(frame), second(frame))
    return lambda frame: run(*[step(frame) for step in steps])


def _if(node: Call) -> Step:
    condition, yes = _scalar(node.args[0]), _scalar(node.args[1])
    no: Step = _scalar(node.args[2]) if len(node.args) == 3 else lambda frame: False

    def run(frame: Frame) -> Value:
        v = condition(frame)
        return yes(frame) if v is True or (v is not False and truth(v)) else no(frame)

    return run


def _iferror(node: Call) -> Step:
    value, fallback = _caught(node.args[0]), _scalar(node.args[1])

    def run(frame: Frame) -> Value:
        v = value(frame)
        return fallback(frame) if isinstance(v, ErrorValue) else v

    return run


def _argument(node: Node, kind: Kind) -> _Argument:
    """The step that hands one argument over as its kind wants it."""
    if kind is Kind.ARRAY:
        return _array(node) if takes_array(node) else _caught(node)
    if kind is Kind.RANGE:
        return _cells(node)
    if kind is Kind.CELLS and _reference(node):
        return _cells(node)
    return _sound(node) if kind is Kind.SCALAR else _caught(node)


def _reference(node: Node) -> bool:
    """Whether Excel sees cells here, not a computed value."""
    return isinstance(node, Name | Column) or _index(node)


def _index(node: Node) -> bool:
    return isinstance(node, Call) and node.fn == "INDEX"


def _cells(node: Node) -> Callable[[Frame], Cells]:
    if isinstance(node, Column):
        rowset, name = node.rowset, node.name
        return lambda frame: Cells(frame.column(rowset, name))
    one = _caught(node)
    return lambda frame: Cells((one(frame),))


def _caught(node: Node) -> Step:
    """The step with errors as values."""
    step = _scalar(node)
    if not isinstance(node, Unary | Binary | Call):
        return step  # what stands in a cell or a literal raises nothing

    def run(frame: Frame) -> Value:
        try:
            return step(frame)
        except Fault as fault:
            return fault.error

    return run


def _sound(node: Node) -> Step:
    """The step with errors raised, also those that stand in cells."""
    step = _scalar(node)
    if not isinstance(node, Name | Call):
        return step  # operators raise the errors of their operands, literals have none

    def run(frame: Frame) -> Value:
        v = step(frame)
        if type(v) is ErrorValue:
            raise Fault(v)
        return v

    return run


def _array(node: Node) -> Callable[[Frame], tuple[Value, ...]]:
    """The step for arithmetic with columns: one value per row."""
    if isinstance(node, Column):
        return _cells(node)
    if isinstance(node, Unary):
        unary, x = UNARY[node.op], _array(node.x)
        return _each(unary, x)
    if isinstance(node, Binary):
        if takes_array(node.left):
            test = shortcuts.comparison(node, _itself)
            if test is not None:
                return _each(test, _array(node.left))
        return _pairs(ARITHMETIC[node.op], _element(node.left), _element(node.right))
    assert isinstance(node, Call)
    return _lifted(node, FUNCTIONS[node.fn])


def _itself(v: Value) -> Value:
    return v


def _each(
    run: Callable[[Value], Value], column: Callable[[Frame], tuple[Value, ...]]
) -> Callable[[Frame], tuple[Value, ...]]:
    """``run`` over the rows of one column."""

    def rows(frame: Frame) -> tuple[Value, ...]:
        values = column(frame)
        try:
            return tuple(map(run, values))
        except Fault:
            return tuple(_apply(run, (v,)) for v in values)

    return rows


def _pairs(
    run: Callable[[Value, Value], Value], left: _Argument, right: _Argument
) -> Callable[[Frame], tuple[Value, ...]]:
    """``run`` over the rows of two columns, or of one and a single value; see :func:`_spread`."""

    def rows(frame: Frame) -> tuple[Value, ...]:
        x, y = left(frame), right(frame)
        size = max(len(v) for v in (x, y) if isinstance(v, tuple))
        one, other = _stretched(x, size), _stretched(y, size)
        try:
            return tuple(map(run, one, other))
        except Fault:
            return tuple(_apply(run, both) for both in zip(one, other, strict=True))

    return rows


def _stretched(arg: Value | tuple[Value, ...], size: int) -> tuple[Value, ...]:
    if not isinstance(arg, tuple):
        return (arg,) * size
    return arg if len(arg) == size else arg + (NA,) * (size - len(arg))


def _lifted(node: Call, fn: Function) -> Callable[[Frame], tuple[Value, ...]]:
    """A function worked element by element; its ranges stay whole."""
    steps: list[_Argument] = []
    whole: list[int] = []
    for i, arg in enumerate(node.args):
        if fn.kind(i) in (Kind.SCALAR, Kind.ANY):
            steps.append(_element(arg))
        else:
            whole.append(i)
            steps.append(_argument(arg, fn.kind(i)))
    loud = any(fn.kind(i) is Kind.SCALAR for i in range(len(steps)))
    return _spread(_strict(fn.run) if loud else fn.run, steps, whole)


def _element(node: Node) -> _Argument:
    return _array(node) if takes_array(node) else _caught(node)


def _strict(run: Callable[..., Value]) -> Callable[..., Value]:
    """``run`` with the first error among its arguments raised."""

    def strict(*args: Value) -> Value:
        for v in args:
            if isinstance(v, ErrorValue):
                raise Fault(v)
        return run(*args)

    return strict


def _spread(
    run: Callable[..., Value], steps: list[_Argument], whole: list[int]
) -> Callable[[Frame], tuple[Value, ...]]:
    """``run`` over the rows of its columns; single values (and arguments in ``whole``) serve every row.

    Beyond the end of a shorter column stands #N/A, as in Excel.
    """

    def rows(frame: Frame) -> tuple[Value, ...]:
        args = [step(frame) for step in steps]
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
