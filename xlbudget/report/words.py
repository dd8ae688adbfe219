"""The sentences that all reports share."""

from __future__ import annotations

from collections.abc import Sequence

from xlbudget.rules.model import Finding

from .summary import Reported, Summary

COLUMNS = ("级别", "位置", "规则", "应为", "实为", "差额", "说明")


def cells(finding: Finding) -> tuple[str, ...]:
    """One finding as a row under :data:`COLUMNS`."""
    level = f"{finding.severity.value}（试行）" if finding.trial else finding.severity.value
    return (
        level,
        finding.place.address if finding.place else finding.subject,
        finding.rule,
        finding.expected,
        finding.actual,
        finding.difference,
        " ".join(finding.message.split()),
    )


def group_title(cause: str, count: int) -> str:
    return f"{cause}（{count} 处）" if count > 1 else cause


def notes(job: Reported, summary: Summary | None) -> list[str]:
    """What is to be said below the findings of one job."""
    out = [f"读表：{note}" for note in job.read_notes]
    if job.explained:
        out.append(f"其中 {job.explained} 处已有出错说明")
    if summary:
        out += _unchecked(summary)
    if job.clean_path:
        out.append(f"表样：{job.clean_path}")
    if job.marked_path:
        out.append(f"标注：{job.marked_path}")
    return out


def _unchecked(summary: Summary) -> list[str]:
    out: list[str] = []
    skipped = sum(len(rules) for _, rules in summary.skipped)
    if skipped:
        parts = [_skipped(reason, rules) for reason, rules in summary.skipped]
        out.append(f"跳过 {skipped} 条规则：{'；'.join(parts)}")
    if summary.broken:
        parts = list(dict.fromkeys(f"{o.rule}：{o.reason}" for o in summary.broken))
        out.append(f"规则故障 {len(parts)} 条（规则包的问题，不是数据的问题）：{'；'.join(parts)}")
    found = summary.unconfirmed
    if found.count:
        kinds = [(len(found.rules), "条规则"), (len(found.params), "项口径")]
        told = "、".join(f"{n} {word}" for n, word in kinds if n)
        out.append(f"依据待核：用到 {told}的依据尚未核实")
    return out


_MANY = 6  # more rules than this are counted; the sheet 审核规则 has them one by one


def _skipped(reason: str, rules: Sequence[str]) -> str:
    return f"{reason} {len(rules)} 条" if len(rules) > _MANY else f"{reason}（{'、'.join(rules)}）"
