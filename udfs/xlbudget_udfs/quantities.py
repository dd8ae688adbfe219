"""Targets and actual values from cells: numbers beside texts such as ≥90%."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from xlbudget.figures import parse_quantity
from xlbudget.figures.units import is_money
from xlbudget.rules.language.decimals import general

from .values import Content

_MOST = 2  # 200 %: a larger number beside a percentage is no ratio


def alike(contents: Sequence[Content]) -> list[Content]:
    """Numbers beside a percentage as percentages too.

    A cell that shows 81% holds 0.81, and a function sees only that; beside ≥90% it must mean 81%. A number
    such as 95 stays what it is: its unit differs, which is told and not guessed away.
    """
    if not any(isinstance(c, str) and _percent(c) for c in contents):
        return list(contents)
    return [f"{general(c * 100)}%" if isinstance(c, Fraction) and abs(c) <= _MOST else c for c in contents]


def same_unit(first: Content, second: Content) -> bool:
    """Whether two quantities may be compared: both percentages or none, and no two different money units."""
    if _percent(first) != _percent(second):
        return False
    units = {_money(first), _money(second)} - {""}
    return len(units) < 2


def _percent(value: Content) -> bool:
    return isinstance(value, str) and ("%" in value or "％" in value)


def _money(value: Content) -> str:
    figure = parse_quantity(value).figure if isinstance(value, str) else None
    return figure.unit if figure is not None and is_money(figure.unit) else ""
