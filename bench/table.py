"""The results as a table: on the terminal, and as the page docs/benchmarks.md."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEAD = ("case", "way", "ms", "× as fast")


@dataclass(frozen=True, slots=True)
class Line:
    """One way of one case. ``times`` says how much longer it takes than ours; None for a note."""

    case: str
    way: str
    ms: float | None
    times: float | None = None
    remark: str = ""

    def cells(self) -> tuple[str, ...]:
        ms = "" if self.ms is None else f"{self.ms:,.1f}"
        return self.case, self.way, ms, self.remark or ("" if self.times is None else ratio(self.times))


def ratio(times: float) -> str:
    return f"{times:,.0f}×" if times >= 10 else f"{times:.1f}×"


def plain(lines: Iterable[Line]) -> str:
    """Columns aligned with blanks; a case is named in its first line only."""
    rows = [HEAD, *_rows(lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    return "\n".join(
        f"{a:{widths[0]}}  {b:{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}".rstrip()
        for a, b, c, d in rows
    )


def page(lines: Sequence[Line], goals: Sequence[str], cores: int, rounds: int) -> str:
    """The page of one run."""
    today = datetime.date.today().isoformat()
    head = (
        "# Benchmarks\n\n"
        "`python bench/run.py --write` runs every way side by side, in turn and in one process, and writes\n"
        f"this page. {today}, Python {platform.python_version()}, {cores} cores, {rounds} rounds, medians.\n"
        "Read the ratios: they hold from machine to machine, milliseconds do not. `×` tells how many times\n"
        "longer another way takes than ours (`xlbudget`).\n\n"
    )
    table = ["| " + " | ".join(HEAD) + " |", "|---|---|---:|---:|"]
    table += ["| " + " | ".join(row) + " |" for row in _rows(lines)]
    aims = "\n".join(f"- {g}" for g in goals)
    return f"{head}{chr(10).join(table)}\n\n## Goals\n\n{aims}\n"


def _rows(lines: Iterable[Line]) -> list[tuple[str, ...]]:
    rows, before = [], ""
    for line in lines:
        case, *rest = line.cells()
        rows.append(("" if case == before else case, *rest))
        before = case
    return rows
