"""The facts of an audit that every report tells: counts, groups of findings, what was not checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Protocol

from xlbudget.packs import Pack
from xlbudget.rules.display import summary_line
from xlbudget.rules.model import NOT_APPLICABLE, AuditResult, Finding, Outcome, OutcomeKind, Severity
from xlbudget.rules.record import Record

from .basis import Unconfirmed, unconfirmed


class Reported(Protocol):
    """What a report needs of one job: a workbook or data record that was audited, or why it was not."""

    @property
    def name(self) -> str: ...
    @property
    def clean_path(self) -> str | PathLike[str] | None: ...
    @property
    def marked_path(self) -> str | PathLike[str] | None: ...
    @property
    def result(self) -> AuditResult | None: ...
    @property
    def record(self) -> Record | None: ...
    @property
    def pack(self) -> Pack | None: ...
    @property
    def read_notes(self) -> Sequence[str]: ...
    @property
    def explained(self) -> int: ...
    @property
    def error(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Findings with one cause, in the order in which they were found."""

    cause: str
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> Severity:
        return min((f.severity for f in self.findings), key=_ORDER.index)


@dataclass(frozen=True, slots=True)
class Summary:
    """One audit in short. ``skipped`` are rules that ran nowhere: (reason, their ids)."""

    counts: Mapping[Severity, int]
    groups: tuple[Group, ...]
    skipped: tuple[tuple[str, tuple[str, ...]], ...]
    broken: tuple[Outcome, ...]
    unconfirmed: Unconfirmed


_ORDER = list(Severity)


def summarise(result: AuditResult, pack: Pack | None = None) -> Summary:
    """The summary of an audit; its pack tells which of the bases that it rests on are unconfirmed."""
    return Summary(
        counts={s: result.count(s) for s in Severity},
        groups=_groups(result.findings),
        skipped=_skipped(result.outcomes),
        broken=tuple(result.broken),
        unconfirmed=unconfirmed(result, pack),
    )


def _groups(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """By cause; the worst first, otherwise in the order of the audit."""
    by_cause: dict[str, list[Finding]] = {}
    for finding in findings:
        by_cause.setdefault(finding.cause or f"{finding.rule} {finding.title}", []).append(finding)
    groups = [Group(cause, tuple(members)) for cause, members in by_cause.items()]
    return tuple(sorted(groups, key=lambda g: _ORDER.index(g.worst)))


def _skipped(outcomes: Iterable[Outcome]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Rules that were skipped at every place, by their reason; a reason beside 不适用 tells more."""
    ran: set[str] = set()
    reasons: dict[str, dict[str, None]] = {}
    for outcome in outcomes:
        if outcome.kind is OutcomeKind.SKIPPED:
            reasons.setdefault(outcome.rule, {})[outcome.reason] = None
        else:
            ran.add(outcome.rule)
    by_reason: dict[str, list[str]] = {}
    for rule, found in reasons.items():
        if rule not in ran:
            telling = [r for r in found if r != NOT_APPLICABLE] or [NOT_APPLICABLE]
            by_reason.setdefault("；".join(telling), []).append(rule)
    return tuple((reason, tuple(rules)) for reason, rules in by_reason.items())


def total_line(results: Sequence[Reported]) -> str:
    """One line over all jobs."""
    done = [r.result for r in results if r.result is not None and r.error is None]
    counts = {s: sum(d.count(s) for d in done) for s in Severity}
    line = summary_line(counts, sum(len(d.broken) for d in done)) if done else ""
    failed = len(results) - len(done)
    told = [t for t in (line, f"{failed} 个无法处理" if failed else "") if t]
    text = " · ".join(told)
    return f"共 {len(results)} 个：{text}" if len(results) > 1 else text
