"""The audit: every rule at every place it applies to, each with one of four outcomes."""

from __future__ import annotations

from collections.abc import Iterator

from .causes import group_causes
from .finding import finding_of
from .judge import HOLDS, Plan, judge, plan
from .language import FormulaError
from .model import AuditResult, Outcome, OutcomeKind, Precision, Rule, Status
from .program import Program
from .record import CellIssue, FormRecord, Record
from .scope import AnyScope, Evaluation, FormScope, NotHere, RowScope, UnknownName, groups
from .structure import audit_structure

_PASSED, _SKIPPED = OutcomeKind.PASSED, OutcomeKind.SKIPPED  # asking the enum is slow, and done for each


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
        return
    ready = plan(rule, evaluation.program)
    for form in forms:
        for subject, words in _subjects(rule, evaluation.form(form)):
            yield _check(ready, subject, words)


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


def _check(plan: Plan, scope: AnyScope, subject: str) -> Outcome:
    rule = plan.rule
    try:
        judged = judge(plan, scope)
        if judged is HOLDS:
            return Outcome(rule.id, _PASSED, subject)
        if isinstance(judged, str):
            return Outcome(rule.id, _SKIPPED, subject, judged)
        finding = finding_of(rule, scope, subject, judged)
    except NotHere as reason:
        return Outcome(rule.id, _SKIPPED, subject, str(reason))
    except (UnknownName, FormulaError) as broken:
        return Outcome(rule.id, OutcomeKind.BROKEN, subject, str(broken))
    return Outcome(rule.id, OutcomeKind.FINDING, subject, findings=(finding,))
