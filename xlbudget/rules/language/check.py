"""What must hold for a tree beyond syntax: known functions, their arity, and columns in the right places."""

from __future__ import annotations

from enum import Enum, auto

from .errors import FormulaError
from .functions import FUNCTIONS, Function, Kind
from .nodes import Binary, Call, Column, Name, Node, Unary, children, walk

MAX_TREE = 200  # levels of a tree, also of one put together from several formulas


class _Place(Enum):
    """What may stand in a place of a formula."""

    ONE = auto()  # a single value
    CELLS = auto()  # a single value or a whole column
    RANGE = auto()  # a name or a whole column, nothing computed
    ARRAY = auto()  # arithmetic with columns


_PLACES = {Kind.CELLS: _Place.CELLS, Kind.RANGE: _Place.RANGE, Kind.ARRAY: _Place.ARRAY}


def check(node: Node) -> None:
    """Raise FormulaError if the tree calls what does not exist or uses a column where one value is needed."""
    _measure(node)
    for part in walk(node):
        if isinstance(part, Call):
            _known(part)
    _placed(node, _Place.CELLS)


def takes_array(node: Node) -> bool:
    """Whether a node in an array place yields one value per row."""
    if isinstance(node, Column):
        return True
    if isinstance(node, Unary | Binary):
        return any(map(takes_array, children(node)))
    if isinstance(node, Call) and FUNCTIONS[node.fn].lifts:
        return any(takes_array(arg) for arg in _lifted(FUNCTIONS[node.fn], node))
    return False


def _lifted(fn: Function, call: Call) -> list[Node]:
    scalar = (Kind.SCALAR, Kind.ANY)
    return [arg for i, arg in enumerate(call.args) if fn.kind(i) in scalar]


def _measure(node: Node) -> None:
    level, depth = [node], 0
    while level:
        depth += 1
        if depth > MAX_TREE:
            raise FormulaError("公式层次过深")
        level = [c for n in level for c in children(n)]


def _known(call: Call) -> None:
    fn = FUNCTIONS.get(call.fn)
    if fn is None:
        raise FormulaError(f"没有函数 {call.fn}", call.at)
    problem = fn.arity_problem(len(call.args)) or fn.refuse(call.args)
    if problem:
        raise FormulaError(problem, call.at)


def _placed(node: Node, place: _Place) -> None:
    if place is _Place.RANGE:
        if not isinstance(node, Name | Column):
            raise FormulaError("这个参数只能是一列或一个名称，不能是算式", getattr(node, "at", 0))
    elif isinstance(node, Column):
        if place is _Place.ONE:
            hint = "整列不能当一个值用；求和用 SUM，整列参与运算放在 SUMPRODUCT 里"
            raise FormulaError(f"{node.rowset}[{node.name}]：{hint}", node.at)
    elif isinstance(node, Call):
        fn = FUNCTIONS[node.fn]
        lifted = _Place.ARRAY if place is _Place.ARRAY and fn.lifts else _Place.ONE
        for i, arg in enumerate(node.args):
            _placed(arg, _PLACES.get(fn.kind(i), lifted))
    else:
        inner = _Place.ARRAY if place is _Place.ARRAY else _Place.ONE
        for child in children(node):
            _placed(child, inner)
