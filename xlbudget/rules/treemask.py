"""Sums over parts of a tree where codes are still to come or may change: blank forms, live formats.

Instead of the cells that belong to a part, such a formula names the whole column and tells by the codes which
rows count. Codes are those of budget subjects: 3, 5 and 7 digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, reduce
from typing import Final

from .language import Binary, Call, Column, Name, Node, Unary, parse_tree
from .tree import BELOW, TOP, part_of

Sums = Callable[[str, Column], Node]
"""What is written for a function (``SUM`` or ``COUNT``) over a part of a column."""

HELD: Final = {"SUM": "和:", "COUNT": "个数:", "ROWS": "行数:"}
"""Before a part of a column: the name that holds its sum, how many numbers it has, how many rows."""


def by_codes(node: Node, codes: Mapping[str, str]) -> Node:
    """The formula with every part of a column told by the codes.

    ``codes`` gives the code columns of the row sets that this is to be done for.
    """

    def written(function: str, part: Column) -> Node:
        code = codes.get(part.rowset)
        return counted(function, part, code) if code else Call(function, (part,))

    return _replaced(node, written)


def by_names(node: Node) -> Node:
    """The formula with a name for every sum and count over a part of a column; :func:`counted` defines it."""
    return _replaced(node, held)


def held(function: str, part: Column) -> Name:
    """The name that holds what a function gives for a part of a column."""
    return Name(f"{HELD[function]}{part.rowset}[{part.name}]")


def _replaced(node: Node, written: Sums) -> Node:
    if isinstance(node, Call):
        parts = [a for a in node.args if isinstance(a, Column) and part_of(a.name)[0]]
        rest = tuple(_replaced(a, written) for a in node.args if a not in parts)
        if not parts:
            return replace(node, args=rest)
        assert node.fn in HELD  # parts come from the functions for them, which use no others
        sums = [written(node.fn, a) for a in parts]
        if rest:
            sums.append(replace(node, args=rest))
        return reduce(lambda x, y: Binary("+", x, y), sums)
    if isinstance(node, Unary):
        return Unary(node.op, _replaced(node.x, written))
    if isinstance(node, Binary):
        return Binary(node.op, _replaced(node.left, written), _replaced(node.right, written))
    return node


@lru_cache(maxsize=1024)
def counted(function: str, part: Column, code: str) -> Node:
    """What :data:`HELD` names of a part of a column, told by the codes; rows below are those of a row."""
    which, name = part_of(part.name)
    column, codes = f"{part.rowset}[{name}]", f"{part.rowset}[{code}]"
    tail = {"SUM": f",{column})", "COUNT": f"*ISNUMBER({column}))", "ROWS": "*1)"}[function]
    if which == TOP:
        above = "+".join(f"(LEN({codes})>{n})*COUNTIF({codes},LEFT({codes},{n}))" for n in (3, 5))
        return parse_tree(f"SUMPRODUCT(({above}=0)*1{tail}")
    assert which == BELOW
    under = {n: f'SUMPRODUCT((LEFT({codes},{n})={code}&"")*' for n in (3, 5)}
    orphans = f"(LEN({codes})=7)*(COUNTIF({codes},LEFT({codes},5))=0)"  # 项 without their 款
    first = f"{under[3]}((LEN({codes})=5)+{orphans}){tail}"
    return parse_tree(f"IF(LEN({code})=5,{under[5]}(LEN({codes})=7){tail},IF(LEN({code})=3,{first},0))")
