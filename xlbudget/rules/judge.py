"""One rule at one subject: does it apply there, and does its relation hold?

A rule that does not apply, or cannot be judged, gives the reason as a text. Most outcomes are of that kind or
hold, so neither costs an exception or an object of its own.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from xlbudget.figures import Figure, Interval, Verdict, round_half_up, verdict

from .language import ErrorValue, FormulaError, Frame, Name, Step, Value
from .model import COMPUTED_CELL, NOT_APPLICABLE, REPORTED, Precision, Relation, Rule
from .program import Program
from .scope import AnyScope, is_empty


@dataclass(frozen=True, slots=True)
class Judged:
    """A relation that does not hold: whether by the hidden digits only, and its two sides."""

    tail: bool
    left: Value
    right: Value


HOLDS: Final = Judged(False, None, None)  # known by identity

Judgement = Judged | str  # HOLDS, what is wrong, or why there is nothing to judge


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule with its formulas ready to run, ``when`` and ``right`` None where it has none."""

    rule: Rule
    when: Step | None
    left: Step
    right: Step | None
    reported: str  # the cell whose reported content is the left side, or ""


def plan(rule: Rule, program: Program) -> Plan:
    """The plan of a rule. A formula that is none raises FormulaError only when it is run."""
    return Plan(
        rule,
        _ready(program, rule.when) if rule.when else None,
        _ready(program, rule.left),
        _ready(program, rule.right) if rule.relation.binary else None,
        _reported(program, rule.left),
    )


def _ready(program: Program, text: str) -> Step:
    try:
        return program.step(text)
    except FormulaError as error:
        broken = error

    def fails(frame: Frame) -> Value:
        raise broken

    return fails


def _reported(program: Program, text: str) -> str:
    try:
        node = program.node(text)
    except FormulaError:
        return ""  # running it tells
    if isinstance(node, Name) and node.name.startswith(f"{REPORTED}:"):
        return node.name.partition(":")[2]
    return ""


def judge(plan: Plan, scope: AnyScope) -> Judgement:
    """Raises UnknownName or FormulaError for a rule that is broken here."""
    frame = scope.frame
    if plan.when is not None:
        value = plan.when(frame)
        if value is not True:
            if isinstance(value, ErrorValue):
                return f"前提无法判断（{value.code}）"
            if not _true(value):
                return NOT_APPLICABLE
    missing = _missing(plan, scope)
    if missing:
        return missing
    rule = plan.rule
    left = plan.left(frame)
    if isinstance(left, ErrorValue):
        return _why_error(left)
    if plan.right is None:
        return HOLDS if _alone(rule.relation, left) else Judged(False, left, None)
    right = plan.right(frame)
    if isinstance(right, ErrorValue):
        return _why_error(right)
    if is_empty(right):
        return "缺少计算所需的数"
    return _compare(rule, scope, left, right)


def _missing(plan: Plan, scope: AnyScope) -> str:
    """What the rule needs and does not find, as a reason; "" when all is there."""
    if plan.rule.needs:
        missing = [n for n in plan.rule.needs if is_empty(scope.name(n))]
        if missing:
            return f"缺少：{'、'.join(missing)}"
    if plan.reported:
        entry = scope.entry(plan.reported)
        if entry is None or not entry.given or (entry.blank and entry.formula):
            return COMPUTED_CELL
    return ""


_TRUE = Relation.HOLDS  # asking the enum is slow, and done for most outcomes


def _alone(relation: Relation, left: Value) -> bool:
    """The relations without a right side."""
    if relation is _TRUE:
        return _true(left)
    return is_empty(left) is (relation is Relation.BLANK)


def _true(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, Interval):
        value = value.mid
    return bool(value) and not isinstance(value, str)


def _why_error(error: ErrorValue) -> str:
    if error.code == "#DIV/0!":
        return "分母为零，无法计算"
    return f"引用的单元格不能计算（{error.code}）"


def _compare(rule: Rule, scope: AnyScope, left: Value, right: Value) -> Judgement:
    relation = rule.relation
    if isinstance(left, Fraction | Interval) and isinstance(right, Fraction | Interval):
        return _numbers(rule, scope, left, right)
    if isinstance(left, str) and isinstance(right, str):
        same = left.strip() == right.strip()
        return HOLDS if same is (relation is Relation.EQ) else Judged(False, left, right)
    if is_empty(left) and relation is not Relation.EQ:
        return "缺少要比较的数"
    return HOLDS if relation is Relation.NE else Judged(False, left, right)


_TESTS: dict[Relation, Callable[[int, int], bool]] = {
    Relation.EQ: operator.eq,
    Relation.NE: operator.ne,
    Relation.GE: operator.ge,
    Relation.LE: operator.le,
    Relation.GT: operator.gt,
    Relation.LT: operator.lt,
}


def _numbers(rule: Rule, scope: AnyScope, left: Fraction | Interval, right: Fraction | Interval) -> Judgement:
    """The relation of the points; where it fails, whether only the hidden digits speak against it."""
    n, d = (left.mid if isinstance(left, Interval) else left).as_integer_ratio()
    m, e = (right.mid if isinstance(right, Interval) else right).as_integer_ratio()
    if _TESTS[rule.relation](n * e, m * d):  # n/d against m/e: denominators are positive
        return HOLDS
    x, y = Interval.of(left), Interval.of(right)
    if rule.relation is Relation.EQ:
        if _as_printed(rule, scope, x, y):
            return HOLDS
        return Judged(verdict(x, y) is Verdict.TAIL, left, right)
    if rule.relation is Relation.NE:
        return Judged(False, left, right)
    return Judged(x.intersects(y) and not (x.exact and y.exact), left, right)


def _as_printed(rule: Rule, scope: AnyScope, left: Interval, right: Interval) -> bool:
    """A rate printed with its digits equals the exact one rounded to those digits."""
    if rule.precision is not Precision.SHOWN:
        return False
    node = scope.evaluation.program.node(rule.left)
    if not isinstance(node, Name):
        return False
    entry = scope.entry(node.name.rpartition(":")[2])
    if entry is None or not isinstance(entry.value, Figure):
        return False
    digits = entry.value.decimals
    return round_half_up(left.mid, digits) == round_half_up(right.mid, digits)
