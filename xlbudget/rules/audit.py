"""The audit: every rule at every place it applies to, each with one of four outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from xlbudget.figures import Figure, Interval, Verdict, round_half_up, verdict

from .causes import group_causes
from .display import principal, sentence, show, show_reported
from .language import ErrorValue, FormulaError, Name, Value
from .model import AuditResult, Finding, Outcome, OutcomeKind, Precision, Relation, Rule, Severity, Status
from .operands import operands, places_of
from .program import REPORTED, FieldLike, Program
from .record import CellIssue, FormRecord, Record
from .scope import AnyScope, Evaluation, FormScope, RowScope, UnknownName, groups, is_empty
from .structure import audit_structure


def audit(program: Program, record: Record) -> AuditResult:
    """Run all rules in force over one record.

    Never raises for what stands in the record; a rule that cannot run comes back as broken or skipped.
    """
    result = AuditResult(program.pack_id)
    exact, shown_ = Evaluation(program, record), Evaluation(program, record, shown=True)
    for rule in program.rules:
        if rule.status is Status.OFF:
            continue
        unfit = _unfit(rule, program)
        if unfit:
            result.outcomes.append(Outcome(rule.id, OutcomeKind.BROKEN, "", unfit))
            continue
        if rule.issue:
            result.outcomes += audit_structure(rule, exact)
            continue
        evaluation = shown_ if rule.precision is Precision.SHOWN else exact
        result.outcomes += check_rule(rule, evaluation)
    return group_causes(result)


def _unfit(rule: Rule, program: Program) -> str:
    """Why a rule cannot be applied anywhere, "" when it can. A pack that passed the linter has none such."""
    if rule.issue:
        return "" if rule.issue in {i.value for i in CellIssue} else f"没有“{rule.issue}”这种单元格情况"
    if rule.form not in program.forms:
        return f"没有表样“{rule.form}”"
    rowset, _, label = rule.each.partition("/")
    columns = program.columns.get((rule.form, rowset), {})
    if rowset and rowset not in program.rowsets[rule.form]:
        return f"没有行集“{rowset}”"
    return f"行集“{rowset}”没有列“{label}”" if label and label not in columns else ""


def check_rule(rule: Rule, evaluation: Evaluation) -> Iterator[Outcome]:
    """The outcomes of one rule over all its subjects."""
    forms = evaluation.of(rule.form)
    if not forms:
        title = evaluation.program.forms[rule.form].title
        yield Outcome(rule.id, OutcomeKind.SKIPPED, "", f"没有“{title}”")
    for form in forms:
        for subject, words in _subjects(rule, evaluation.form(form)):
            yield _check(rule, subject, words)


def _subjects(rule: Rule, form: FormScope) -> list[tuple[AnyScope, str]]:
    """What a rule is applied to on one form, each with its words: the same for all rules with that scope."""
    found = form.subjects.get(rule.each)
    if found is None:
        scopes = _scopes(rule, form)
        found = form.subjects[rule.each] = [(s, subject_words(form.record, s)) for s in scopes]
    return found


def _scopes(rule: Rule, form: FormScope) -> Iterator[AnyScope]:
    rowset, _, label = rule.each.partition("/")
    if label:
        yield from groups(form, rowset, label)
    elif rowset:
        yield from form.rows(rowset)
    else:
        yield form


def subject_words(form: FormRecord, scope: AnyScope) -> str:
    """Which form and row this is, for a person: 工作经费·信访接待人数."""
    key = form.key or form.sheet
    if not isinstance(scope, RowScope):
        return key
    row = f"第{scope.index + 1}行"
    for name in scope.rowset.subject.split("|"):
        value = scope.name(name) if name else None
        if isinstance(value, str) and value.strip():
            row = value.strip()
            break
    return f"{key}·{row}" if key else row


class _Skip(Exception):
    """The rule does not apply here; the text says why."""


@dataclass(frozen=True, slots=True)
class _Judged:
    holds: bool
    tail: bool
    left: Value
    right: Value


def _check(rule: Rule, scope: AnyScope, subject: str) -> Outcome:
    try:
        _applies(rule, scope)
        judged = _judge(rule, scope)
        if judged.holds:
            return Outcome(rule.id, OutcomeKind.PASSED, subject)
        finding = _finding(rule, scope, subject, judged)
    except _Skip as skip:
        return Outcome(rule.id, OutcomeKind.SKIPPED, subject, str(skip))
    except (UnknownName, FormulaError) as broken:
        return Outcome(rule.id, OutcomeKind.BROKEN, subject, str(broken))
    return Outcome(rule.id, OutcomeKind.FINDING, subject, findings=(finding,))


def _applies(rule: Rule, scope: AnyScope) -> None:
    if rule.when:
        value = scope.evaluation.program.run(rule.when)(scope)
        if isinstance(value, ErrorValue):
            raise _Skip(f"前提无法判断（{value.code}）")
        if not _true(value):
            raise _Skip("不适用")
    missing = [n for n in rule.needs if is_empty(scope.name(n))]
    if missing:
        raise _Skip(f"缺少：{'、'.join(missing)}")
    node = scope.evaluation.program.node(rule.left)
    if isinstance(node, Name) and node.name.startswith(f"{REPORTED}:"):
        entry = scope.entry(node.name.partition(":")[2])
        if entry is None or not entry.given or (entry.blank and entry.formula):
            raise _Skip("没有填报，由公式计算")


def _true(value: Value) -> bool:
    if isinstance(value, Interval):
        value = value.mid
    return bool(value) and not isinstance(value, str)


def _judge(rule: Rule, scope: AnyScope) -> _Judged:
    program = scope.evaluation.program
    left = program.run(rule.left)(scope)
    if isinstance(left, ErrorValue):
        raise _Skip(_why_error(left))
    if rule.relation is Relation.FILLED:
        return _Judged(not is_empty(left), False, left, None)
    if rule.relation is Relation.BLANK:
        return _Judged(is_empty(left), False, left, None)
    if rule.relation is Relation.HOLDS:
        return _Judged(_true(left), False, left, None)
    right = program.run(rule.right)(scope)
    if isinstance(right, ErrorValue):
        raise _Skip(_why_error(right))
    if is_empty(right):
        raise _Skip("缺少计算所需的数")
    return _compare(rule, scope, left, right)


def _why_error(error: ErrorValue) -> str:
    if error.code == "#DIV/0!":
        return "分母为零，无法计算"
    return f"引用的单元格不能计算（{error.code}）"


def _compare(rule: Rule, scope: AnyScope, left: Value, right: Value) -> _Judged:
    if isinstance(left, Fraction | Interval) and isinstance(right, Fraction | Interval):
        holds, tail = _numbers(rule, scope, Interval.of(left), Interval.of(right))
        return _Judged(holds, tail, left, right)
    if isinstance(left, str) and isinstance(right, str):
        same = left.strip() == right.strip()
        return _Judged(same if rule.relation is Relation.EQ else not same, False, left, right)
    if is_empty(left) and rule.relation is not Relation.EQ:
        raise _Skip("缺少要比较的数")
    return _Judged(rule.relation is Relation.NE, False, left, right)


def _numbers(rule: Rule, scope: AnyScope, left: Interval, right: Interval) -> tuple[bool, bool]:
    """Whether the relation holds, and whether only the hidden digits speak against it."""
    relation = rule.relation
    gap = left.mid - right.mid
    if relation is Relation.EQ:
        if gap == 0 or _as_printed(rule, scope, left, right):
            return True, False
        return False, verdict(left, right) is Verdict.TAIL
    if relation is Relation.NE:
        return gap != 0, False
    holds = {
        Relation.GE: gap >= 0,
        Relation.LE: gap <= 0,
        Relation.GT: gap > 0,
        Relation.LT: gap < 0,
    }[relation]
    return holds, not holds and left.intersects(right) and not (left.exact and right.exact)


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


_SIGNS = {Relation.GE: "≥", Relation.LE: "≤", Relation.GT: ">", Relation.LT: "<", Relation.NE: "≠"}


def _finding(rule: Rule, scope: AnyScope, subject: str, judged: _Judged) -> Finding:
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


def _three(rule: Rule, scope: AnyScope, spec: FieldLike | None, judged: _Judged) -> tuple[str, str, str]:
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
