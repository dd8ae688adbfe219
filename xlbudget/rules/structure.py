"""Rules about the cells themselves: what the reader found odd, told in the words of the pack."""

from __future__ import annotations

from collections.abc import Iterator

from .display import show, show_reported
from .language import Value
from .model import Finding, Outcome, OutcomeKind, Rule, Severity, Status
from .record import CellIssue, Entry, FormRecord
from .scope import Evaluation, FormScope, NotHere, RowScope


def audit_structure(rule: Rule, evaluation: Evaluation) -> Iterator[Outcome]:
    """The outcomes of a structural rule: one finding per odd cell, or one pass per form."""
    issue = CellIssue(rule.issue)
    for form in evaluation.record.forms:
        scope = evaluation.form(form)
        findings = tuple(
            _finding(rule, form, name, entry, owner)
            for name, entry, owner in _odd(scope)
            if entry.issue is issue
        )
        kind = OutcomeKind.FINDING if findings else OutcomeKind.PASSED
        yield Outcome(rule.id, kind, form.key or form.sheet, findings=findings)


def _odd(scope: FormScope) -> list[tuple[str, Entry, FormScope | RowScope]]:
    """The entries with an issue: few, and the same for all structural rules."""
    if scope.odd is None:
        scope.odd = list(_entries(scope))
    return scope.odd


def _entries(scope: FormScope) -> Iterator[tuple[str, Entry, FormScope | RowScope]]:
    seen: set[tuple[str, int, int]] = set()
    for name, entry in scope.record.fields.items():
        if entry.issue is not None:
            yield name, entry, scope
    if all(e.issue is None for rows in scope.record.rows.values() for row in rows for e in row.values()):
        return
    for rowset, rows in scope.record.rows.items():
        for index, row in enumerate(rows):
            for name, entry in row.items():
                place = entry.place
                if place is not None:  # a merged label is carried down to several rows
                    key = (place.sheet, place.row, place.col)
                    if key in seen:
                        continue
                    seen.add(key)
                if entry.issue is not None:
                    yield name, entry, scope.row(rowset, index)


def _computed(scope: FormScope | RowScope, name: str) -> Value:
    try:
        return scope.computed(name)
    except NotHere:  # it needs a form that the record lacks
        return None


def _finding(rule: Rule, form: FormRecord, name: str, entry: Entry, scope: FormScope | RowScope) -> Finding:
    place = entry.place
    caption = f"“{place.caption or name}”" if place is not None else name
    spec = scope.spec(name)
    expected = ""
    if entry.issue is CellIssue.OVERWRITTEN and spec is not None and scope.derived(name):
        expected = show(_computed(scope, name), spec)
    actual = entry.raw or show_reported(entry.value, spec)
    message = rule.message.replace("{栏目}", caption).replace("{原值}", actual).replace("{应为}", expected)
    trial = rule.status is Status.TRIAL
    return Finding(
        rule=rule.id,
        title=rule.title,
        severity=Severity.NOTICE if trial else rule.severity,
        trial=trial,
        places=(place,) if place is not None else (),
        message=message,
        expected=expected,
        actual=actual,
        advice=rule.advice,
        basis=rule.basis,
        subject=f"{form.key or form.sheet}·{name}",
    )
