"""A broken rule put into words: what was expected, what stands there, which cells take part."""

from __future__ import annotations

from fractions import Fraction

from xlbudget.figures import Interval

from .display import principal, sentence, show, show_reported
from .judge import Judged
from .language import Name, Value
from .model import Finding, Relation, Rule, Severity, Status
from .operands import operands, places_of
from .program import FieldLike
from .scope import AnyScope

_SIGNS = {Relation.GE: "≥", Relation.LE: "≤", Relation.GT: ">", Relation.LT: "<", Relation.NE: "≠"}


def finding_of(rule: Rule, scope: AnyScope, subject: str, judged: Judged) -> Finding:
    """What is told of a broken rule: the numbers, the sentence, the cells."""
    spec = principal(scope, rule.left, rule.right)
    expected, actual, difference = _three(rule, scope, spec, judged)
    given = {
        "应为": _with_unit(expected, spec),
        "实为": _with_unit(actual, spec),
        "差额": _with_unit(difference.lstrip("-"), spec),
        "多少": _more_or_less(_with_unit(difference, spec)),
    }
    places = places_of(rule.marks, scope)
    trial = rule.status is Status.TRIAL
    message = sentence(rule.message, scope, given)
    if judged.tail:
        message += "差额在末位四舍五入的范围内，属于尾差，可不改。"
    return Finding(
        rule=rule.id,
        title=rule.title,
        severity=Severity.NOTICE if judged.tail or trial else rule.severity,
        trial=trial,
        places=places,
        message=message,
        expected=expected,
        actual=actual,
        difference=difference,
        operands=operands(rule, scope),
        advice=rule.advice,
        basis=rule.basis,
        tail=judged.tail,
        subject=subject,
    )


def _with_unit(text: str, spec: FieldLike | None) -> str:
    is_money = spec is not None and spec.kind == "money" and text[-1:].isdigit()
    return text + spec.unit if is_money and spec is not None else text


def _more_or_less(difference: str) -> str:
    """多5.40万元, 少10.00万元."""
    if not difference:
        return "不一致"
    return f"少{difference[1:]}" if difference.startswith("-") else f"多{difference}"


def _three(rule: Rule, scope: AnyScope, spec: FieldLike | None, judged: Judged) -> tuple[str, str, str]:
    """Expected, actual and difference, as texts."""
    if rule.relation is Relation.HOLDS:
        return "", "", ""
    if rule.relation is Relation.FILLED:
        return "应填写", "空白", ""
    if rule.relation is Relation.BLANK:
        return "应为空白", show(judged.left, spec), ""
    expected = _SIGNS.get(rule.relation, "") + show(judged.right, spec)
    actual = _actual(rule, scope, spec, judged.left)
    difference = ""
    if isinstance(judged.left, Fraction | Interval) and isinstance(judged.right, Fraction | Interval):
        gap = Interval.of(judged.left).mid - Interval.of(judged.right).mid
        difference = show(gap, spec)
    return expected, actual, difference


def _actual(rule: Rule, scope: AnyScope, spec: FieldLike | None, left: Value) -> str:
    node = scope.evaluation.program.node(rule.left)
    if isinstance(node, Name) and spec is not None and spec.kind == "percent":
        entry = scope.entry(node.name.rpartition(":")[2])
        if entry is not None:
            return show_reported(entry.value, spec)
    return show(left, spec)
