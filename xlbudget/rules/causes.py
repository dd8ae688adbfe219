"""Findings with the same root, joined: a person mends one cause, not six symptoms."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from .model import AuditResult, Finding

TAILS = "尾差（四舍五入）"


def group_causes(result: AuditResult) -> AuditResult:
    """The same outcomes with ``cause`` set on every finding.

    Tail differences are one group. Findings whose difference is the same amount, sign aside, are one group
    (a single wrong number shows wherever it is used). The rest is grouped by rule.
    """
    amounts = Counter(filter(None, map(_amount, result.findings)))
    for i, outcome in enumerate(result.outcomes):
        if outcome.findings:
            grouped = tuple(replace(f, cause=_cause(f, amounts)) for f in outcome.findings)
            result.outcomes[i] = replace(outcome, findings=grouped)
    return result


def _amount(finding: Finding) -> str:
    """The size of a numeric difference, "" when there is none."""
    text = finding.difference.lstrip("-")
    if finding.tail or not text or not any(c in "123456789" for c in text):
        return ""
    return text.rstrip("0").rstrip(".") if "." in text and "%" not in text else text


def _cause(finding: Finding, amounts: Counter[str]) -> str:
    if finding.tail:
        return TAILS
    amount = _amount(finding)
    if amount and amounts[amount] > 1:
        return f"同一差额 {amount}"
    return f"{finding.rule} {finding.title}"
