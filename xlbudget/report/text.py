"""The report as plain text: columns aligned by the width that Chinese characters have in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from xlbudget.rules.display import summary_line

from .summary import Reported, Summary, summarise, total_line
from .words import COLUMNS, cells, group_title, notes

_GAP = "  "


def plain_report(jobs: Sequence[Reported]) -> str:
    """All jobs, one after the other, and a total where there are several."""
    lines: list[str] = []
    for job in jobs:
        lines += [*_job(job), ""]
    if len(jobs) > 1:
        lines.append(total_line(jobs))
    return "\n".join(lines).rstrip("\n") + "\n"


def _job(job: Reported) -> Iterator[str]:
    yield job.name
    if job.error is not None or job.result is None:
        yield f"{_GAP}无法处理：{job.error or '没有结果'}"
        yield from (f"{_GAP}{note}" for note in notes(job, None))
        return
    summary = summarise(job.result, job.pack)
    yield from (f"{_GAP}{line}" for line in _table(summary))
    yield from (f"{_GAP}{note}" for note in notes(job, summary))
    yield _GAP + summary_line(summary.counts, len(summary.broken))


def _table(summary: Summary) -> Iterator[str]:
    if not summary.groups:
        return
    rows = [cells(f) for g in summary.groups for f in g.findings]
    widths = [max(cell_len(row[i]) for row in (COLUMNS, *rows)) for i in range(len(COLUMNS) - 1)]
    yield _line(COLUMNS, widths)
    for group in summary.groups:
        yield f"◆ {group_title(group.cause, len(group.findings))}"
        for finding in group.findings:
            yield _line(cells(finding), widths)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=False)]
    return _GAP.join([*padded, row[-1]]).rstrip()
