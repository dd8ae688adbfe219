"""Steps for what rules ask most, each equal to the general way but shorter.

Every maker here either recognises the form of a node and gives its step, or gives None, and the compiler goes
the general way. A step falls back to the general function for every value that it has no short answer for,
so conversions and errors stay in one place.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from .frame import Frame, Key, Step
from .functions import FUNCTIONS
from .nodes import COMPARISONS, Binary, Call, Name, Node, Number, Text
from .operators import ARITHMETIC
from .values import ZERO, Cells, ErrorValue, Fault, Value, is_number, number, text, truth

X = TypeVar("X")

_INTEGERS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def comparison(node: Binary, left: Callable[[X], Value]) -> Callable[[X], Value] | None:
    """A comparison whose right side is a literal, as a function of what ``left`` takes its value from."""
    if node.op not in COMPARISONS:
        return None
    if isinstance(node.right, Number):
        return _with_number(node.op, left, node.right.value)
    if isinstance(node.right, Text) and node.op in ("=", "<>"):
        return _with_text(node.op == "=", left, node.right.value)
    return None


def _with_number(op: str, left: Callable[[X], Value], wanted: Fraction) -> Callable[[X], Value]:
    """a/b against n/d is a·d against n·b, as denominators are positive: exact, and no Fraction is made."""
    general, integers = ARITHMETIC[op], _INTEGERS[op]
    n, d = wanted.as_integer_ratio()

    def run(given: X) -> Value:
        v = left(given)
        if type(v) is not Fraction:
            return general(v, wanted)
        a, b = v.as_integer_ratio()
        return integers(a * d, n * b)

    return run


def _with_text(equal: bool, left: Callable[[X], Value], wanted: str) -> Callable[[X], Value]:
    """A text is compared without case; a blank equals ""; no number and no TRUE equals a text."""
    lower = wanted.lower()
    blank = equal if lower == "" else not equal
    unequal = not equal

    def run(given: X) -> Value:
        v = left(given)
        if type(v) is str:
            return (v.lower() == lower) is equal
        if v is None:
            return blank
        if type(v) is ErrorValue:
            raise Fault(v)
        return unequal

    return run


def conditions(node: Call, keys: list[Key]) -> Step:
    """AND and OR over single values, given as keys of the frame.

    All arguments are looked up, as an error in any of them is the result. While they are TRUE or FALSE the
    answer is plain; anything else (numbers, texts, blanks, errors) is left to the function itself.
    """
    decisive = node.fn == "OR"  # one argument of this value decides
    other = not decisive
    general = FUNCTIONS[node.fn].run
    cells = [isinstance(arg, Name) for arg in node.args]

    def run(frame: Frame) -> Value:
        result = other
        for key in keys:
            v = frame[key]
            if v is decisive:
                result = decisive
            elif v is not other:
                break
        else:
            return result
        values = [frame[key] for key in keys]
        return general(*[Cells((v,)) if c else v for v, c in zip(values, cells, strict=True)])

    return run


def covers(node: Call) -> bool:
    """Whether :func:`call` has a step for a function of one value, or of one value and literal texts."""
    if node.fn in _LISTS:
        return all(isinstance(arg, Text) for arg in node.args[1:])
    return node.fn in _PLAIN


def call(node: Call, first: Step) -> Step:
    """The step of a function that is :func:`covers`; ``first`` yields its first value, errors included."""
    if node.fn in _PLAIN:
        return _PLAIN[node.fn](first)
    listed = tuple(arg.value.lower() for arg in node.args[1:] if isinstance(arg, Text))
    return _isin(first, frozenset(listed)) if node.fn == "ISIN" else _hasany(first, listed)


def _isnumber(first: Step) -> Step:
    return lambda frame: is_number(first(frame))


def contained(node: Call) -> tuple[str, Node] | None:
    """The two texts of ``ISNUMBER(FIND("…",x))``, which asks whether the one is in the other."""
    inner = node.args[0]
    if node.fn == "ISNUMBER" and isinstance(inner, Call) and inner.fn == "FIND" and len(inner.args) == 2:
        wanted, within = inner.args
        if isinstance(wanted, Text):
            return wanted.value, within
    return None


def contains(wanted: str, within: Step) -> Step:
    """Whether FIND gives a number: it finds the text, and not an error instead."""

    def run(frame: Frame) -> Value:
        v = within(frame)
        return type(v) is not ErrorValue and wanted in text(v)

    return run


def _not(first: Step) -> Step:
    def run(frame: Frame) -> Value:
        v = first(frame)
        if v is True:
            return False
        return v is False or not truth(v)  # raises an error value

    return run


def _n(first: Step) -> Step:
    def run(frame: Frame) -> Value:
        v = first(frame)
        if type(v) is Fraction:
            return v
        return ZERO if type(v) is str else number(v)  # raises an error value

    return run


_PLAIN: dict[str, Callable[[Step], Step]] = {"ISNUMBER": _isnumber, "NOT": _not, "N": _n}
_LISTS = ("ISIN", "HASANY")


def _isin(first: Step, listed: frozenset[str]) -> Step:
    """Equal to one of some texts; see :func:`_with_text`."""
    blank = "" in listed

    def run(frame: Frame) -> Value:
        v = first(frame)
        if type(v) is str:
            return v.lower() in listed
        if type(v) is ErrorValue:
            raise Fault(v)
        return v is None and blank

    return run


def _hasany(first: Step, listed: tuple[str, ...]) -> Step:
    """One search for any of the texts as they are, instead of one for each."""
    found = re.compile("|".join(map(re.escape, listed))).search

    def run(frame: Frame) -> Value:
        v = first(frame)
        if type(v) is ErrorValue:
            return False
        return found(text(v).lower()) is not None

    return run
