"""Our own functions in terms of native ones.

ISIN and HASANY are exact. NUMVAL and RELSIGN are natively a documented subset: either the very result of
the Python side, or "" (no answer), so that Excel may leave a score open but never shows a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, reduce

from .errors import NotNative
from .functions import FUNCTIONS
from .nodes import Binary, Call, Node, Text, Unary, children
from .parser import parse
from .transform import substitute

UNITS = (
    "¦%¦项¦个¦次¦人¦人次¦名¦家¦户¦份¦篇¦件¦套¦台¦辆¦场¦期¦批¦处¦座¦间¦所¦条¦种¦分¦元¦万元"
    "¦天¦个月¦小时¦公里¦米¦平方米¦㎡¦亩¦公顷¦吨¦户次¦场次¦课时¦本¦册¦块¦棵¦倍¦起¦例¦"
)
SIGNS = "≥≤=><"


def is_own(call: Call) -> bool:
    """Whether Excel lacks the function."""
    return call.fn in FUNCTIONS and not FUNCTIONS[call.fn].native


def expand(node: Node, keep: Callable[[Call], bool] = lambda call: False) -> Node:
    """The tree without our own functions, but for those to ``keep``.

    Raises NotNative for functions without an equivalent.
    """
    if isinstance(node, Call) and is_own(node) and keep(node):
        return node
    parts = [expand(c, keep) for c in children(node)]
    if isinstance(node, Call):
        if not is_own(node):
            return replace(node, args=tuple(parts))
        if node.fn not in _EXPANSIONS:
            raise NotNative(node.fn)
        return _EXPANSIONS[node.fn](*parts)
    if isinstance(node, Unary):
        return Unary(node.op, parts[0])
    if isinstance(node, Binary):
        return Binary(node.op, parts[0], parts[1])
    return node


def _isin(x: Node, *listed: Node) -> Node:
    """OR(x="a",x="b")"""
    return _any([Binary("=", x, y) for y in listed])


def _hasany(x: Node, *listed: Node) -> Node:
    """OR(ISNUMBER(SEARCH("a",x)),…), with the wildcards of SEARCH escaped"""
    return _any([Call("ISNUMBER", (Call("SEARCH", (_escaped(y), x)),)) for y in listed])


def _any(tests: list[Node]) -> Node:
    return tests[0] if len(tests) == 1 else Call("OR", tuple(tests))


def _escaped(wanted: Node) -> Node:
    """``wanted`` with ``~`` before each wildcard."""
    signs = "~*?"
    if isinstance(wanted, Text):
        return Text("".join("~" + ch if ch in signs else ch for ch in wanted.value))
    return reduce(lambda n, ch: Call("SUBSTITUTE", (n, Text(ch), Text("~" + ch))), signs, wanted)


@lru_cache(maxsize=1)
def _numval_pattern() -> Node:
    """A sign (perhaps), digits with at most one point, and a unit of the list (perhaps); nothing else.

    ``rest`` is x without its digits, so ``length`` counts them. Where the text behind that many characters
    is a listed unit, which has no digits, the digits stand together and VALUE reads them alike everywhere.
    """
    rest = reduce(lambda t, d: f'SUBSTITUTE({t},"{d}","")', "0123456789", 'SUBSTITUTE(x,".","",1)')
    length = f"LEN(x)-LEN({rest})"
    sign = f'ISNUMBER(FIND(LEFT(x),"{SIGNS}"))'
    unit = f'SUBSTITUTE(MID(x,{sign}+{length}+1,99),"¦","0")'  # a typed ¦ must not join two units
    known = f'FIND("¦"&{unit}&"¦","¦{UNITS}")'
    value = f'VALUE(MID(x,{sign}+1,{length}))/IF(RIGHT(x)="%",100,1)'
    return parse(f"IF(ISNUMBER(x),x,IFERROR(IF({known},{value}),LEFT(x,0)))")


@lru_cache(maxsize=1)
def _relsign_pattern() -> Node:
    """The first character if it is a sign and no second sign follows it."""
    first = f'IF(ISNUMBER(FIND(LEFT(x),"{SIGNS}")),LEFT(x),"")'
    return parse(f'IF(ISNUMBER(FIND(MID(x,2,1),"=><")),LEFT(x,0),{first})')


def _numval(x: Node) -> Node:
    return substitute(_numval_pattern(), {"x": x})


def _relsign(x: Node) -> Node:
    return substitute(_relsign_pattern(), {"x": x})


_EXPANSIONS: dict[str, Callable[..., Node]] = {
    "ISIN": _isin,
    "HASANY": _hasany,
    "NUMVAL": _numval,
    "RELSIGN": _relsign,
}
