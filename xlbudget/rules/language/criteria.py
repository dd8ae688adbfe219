"""Excel's criteria (``">0"``, ``"产出指标"``, ``"<>"``, ``"成本*"``) and its wildcards.

A criterion text is an optional comparison sign and an operand. A numeric operand compares with numbers (and,
for = and <>, with texts that read as that number); a text operand may hold ``*`` ``?`` and ``~`` as escape.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .values import ErrorValue, Value, fail, is_number, plain_number, point

Matcher = Callable[[Value], bool]

_CRITERION = re.compile(r"(<>|<=|>=|<|>|=)?(.*)", re.DOTALL)
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def matcher(criterion: Value) -> Matcher:
    """The test that a criterion stands for. A blank criterion means 0, as in Excel."""
    if isinstance(criterion, ErrorValue):
        fail(criterion)
    if isinstance(criterion, bool):
        return lambda v: v is criterion
    if not isinstance(criterion, str):
        return _equals_number(point(criterion))
    m = _CRITERION.fullmatch(criterion)
    assert m is not None  # the pattern takes every text
    sign, operand = m[1] or "", m[2]
    if sign in _ORDER:
        return _ordered(_ORDER[sign], operand)
    equal = _equal(sign, operand)
    return (lambda v: not equal(v)) if sign == "<>" else equal


def _equal(sign: str, operand: str) -> Matcher:
    if operand == "":
        return (lambda v: v is None) if sign else (lambda v: v is None or v == "")
    value = plain_number(operand)
    if value is not None:
        return _equals_number(value)
    if operand.upper() in ("TRUE", "FALSE"):
        wanted = operand.upper() == "TRUE"
        return lambda v: v is wanted
    pattern = wildcard(operand)
    return lambda v: isinstance(v, str) and pattern.fullmatch(v) is not None


def _equals_number(wanted: Fraction) -> Matcher:
    def test(v: Value) -> bool:
        if is_number(v):
            return point(v) == wanted
        return isinstance(v, str) and plain_number(v) == wanted

    return test


def _ordered(compare: Callable[[Any, Any], bool], operand: str) -> Matcher:
    value = plain_number(operand)
    if value is not None:
        return lambda v: is_number(v) and compare(point(v), value)
    lower = operand.lower()
    return lambda v: isinstance(v, str) and v != "" and compare(v.lower(), lower)


@lru_cache(maxsize=1024)
def wildcard(pattern: str) -> re.Pattern[str]:
    """A pattern with ``*``, ``?`` and the escape ``~`` as a regular expression that ignores case.

    Each stretch between two stars is taken where it first occurs and never tried again (an atomic group):
    that is enough for a match, and a pattern full of stars costs no more than any other.
    """
    first, *rest = _stretches(pattern)
    middle = "".join(f"(?>.*?{stretch})" for stretch in rest[:-1])
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(first + middle + last, re.DOTALL | re.IGNORECASE)


def _stretches(pattern: str) -> list[str]:
    """The parts between the stars, as regular expressions."""
    out = [""]
    for part in re.findall(r"~[*?~]|.", pattern, re.DOTALL):
        if part == "*":
            out.append("")
        else:
            out[-1] += "." if part == "?" else re.escape(part[-1])
    return out
