"""The report on a terminal, in colour; anywhere else it is plain text."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from xlbudget.rules.display import summary_line
from xlbudget.rules.model import Severity

from .summary import Reported, Summary, summarise, total_line
from .text import plain_report
from .words import COLUMNS, cells, group_title, notes

STYLES = {Severity.ERROR: "bold red", Severity.QUERY: "yellow", Severity.NOTICE: "blue"}

WIDE = 120
"""Columns of a terminal from which on expected, actual and difference get columns of their own."""

_NARROW = ("级别", "位置", "说明")


def print_report(jobs: Sequence[Reported], console: Console, quiet: bool = False) -> None:
    """Print all jobs. ``quiet`` leaves one line for each; a pipe gets plain text without colours."""
    if quiet:
        for job in jobs:
            console.file.write(f"{job.name}：{_short(job)}\n")
    elif not console.is_terminal:
        console.file.write(plain_report(jobs))
    else:
        for job in jobs:
            _print_job(job, console)
        if len(jobs) > 1:
            console.print(Text(total_line(jobs), "bold"))


def _short(job: Reported) -> str:
    if job.error is not None or job.result is None:
        return f"无法处理：{job.error or '没有结果'}"
    return summary_line({s: job.result.count(s) for s in Severity}, len(job.result.broken))


def _print_job(job: Reported, console: Console) -> None:
    console.print(Text(job.name, "bold"))
    if job.error is not None or job.result is None:
        console.print(Text(f"  {_short(job)}", "bold red"))
        return
    summary = summarise(job.result, job.pack)
    if summary.groups:
        console.print(_table(summary, console.width))
    for note in notes(job, summary):
        console.print(Text(f"  {note}", "dim"))
    console.print(_last_line(summary), "")


def _table(summary: Summary, width: int) -> Table:
    """The findings under the titles of their groups; on a narrow terminal the sentences get the room."""
    shown = [i for i, name in enumerate(COLUMNS) if width >= WIDE or name in _NARROW]
    table = Table(box=box.SIMPLE_HEAD, expand=False, pad_edge=False)
    for i in shown:
        table.add_column(COLUMNS[i], overflow="fold", no_wrap=COLUMNS[i] in ("级别", "规则"))
    for group in summary.groups:
        table.add_section()
        title = Text(group_title(group.cause, len(group.findings)), "bold")
        table.add_row(*[""] * (len(shown) - 1), title)
        for finding in group.findings:
            row = cells(finding)
            table.add_row(*(escape(row[i]) for i in shown), style=STYLES[finding.severity])
    return table


def _last_line(summary: Summary) -> Text:
    style = STYLES[summary.groups[0].worst] if summary.groups else "bold green"
    return Text("  " + summary_line(summary.counts, len(summary.broken)), style)
