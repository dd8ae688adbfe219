#!/usr/bin/env python3
"""Measure xlbudget beside openpyxl, XlsxWriter and LibreOffice: ``python bench/run.py``.

--rounds N   medians of so many rounds (15)
--write      write docs/benchmarks.md
--quick      the small workbook only, without LibreOffice
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import floor, ours, rivals  # noqa: E402
from bench.subject import Subject, subject  # noqa: E402
from bench.table import Line, page, plain, ratio  # noqa: E402
from bench.timing import Way, race  # noqa: E402
from tests.office import available  # noqa: E402

OURS, OPENPYXL, WRITER, OFFICE = "xlbudget", "openpyxl", "XlsxWriter, from scratch", "LibreOffice through UNO"
LIMIT, EXPAT = "limit: inflate, deflate, checksum", "limit: expat pass over the sheets"
FILL, MARK, READ, AUDIT = "regenerate", "mark 10 cells of a workbook", "read", "audit"
WHOLE = "read, audit, mark, own sheets"
SAVE = "openpyxl load, save"


def measure(s: Subject, rounds: int, office: rivals.OfficeFill | None) -> dict[str, dict[str, float]]:
    """Case → way → milliseconds."""
    container, expat = floor.container(s.filled), floor.markup(s)
    fill_ways: dict[str, Way] = {
        OURS: partial(ours.regenerate, s),
        OPENPYXL: partial(rivals.openpyxl_fill, s),
        WRITER: rivals.writer_fill(s),
        LIMIT: container,
    }
    if office:
        fill_ways[OFFICE] = office.way(s)
    audit, outcomes = ours.auditor(s)
    cases: list[tuple[str, Mapping[str, Way]]] = [
        (FILL, fill_ways),
        (
            "regenerate, 10 marks and notes",
            {OURS: partial(ours.regenerate_marked, s), OPENPYXL: partial(rivals.openpyxl_fill_marked, s)},
        ),
        (
            MARK,
            {
                OURS: partial(ours.mark, s),
                "openpyxl load, mark, save": partial(rivals.openpyxl_mark, s),
                SAVE: partial(rivals.openpyxl_save, s),
                LIMIT: container,
            },
        ),
        (
            WHOLE,
            {
                OURS: partial(ours.validate, s),
                "openpyxl load, mark, save": partial(rivals.openpyxl_mark, s),
                SAVE: partial(rivals.openpyxl_save, s),
                EXPAT: expat,
            },
        ),
        (
            READ,
            {
                OURS: partial(ours.read, s),
                "openpyxl": partial(rivals.openpyxl_read, s),
                "openpyxl, read-only, values": partial(rivals.openpyxl_stream, s),
                AUDIT: audit,
                "calamine, values only": partial(rivals.calamine_read, s),
                EXPAT: expat,
            },
        ),
    ]
    slow = frozenset({OFFICE})
    found = {case: race(ways, rounds, slow) for case, ways in cases}
    # in the same rounds as reading, with which it is compared
    found[f"{AUDIT}, {outcomes} outcomes"] = {OURS: found[READ].pop(AUDIT)}
    return found


def lines(s: Subject, found: Mapping[str, Mapping[str, float]]) -> Iterator[Line]:
    for case, ways in found.items():
        name = f"{case} ({s.sheets} sheets)"
        base = ways[OURS]
        remark = "1×"
        if case.startswith(AUDIT):
            remark = f"{base * 1000 / int(case.split()[1]):.1f} µs an outcome"
        for way, ms in ways.items():
            if way == OURS:
                yield Line(name, way, ms, remark=remark)
            elif way.startswith("limit"):
                yield Line(name, way, ms, remark=f"{ms / base:.0%} reached")
            else:
                yield Line(name, way, ms, ms / base)


def goals(s: Subject, found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """What was aimed at, and what this run reached."""

    fill, marked, whole = found[FILL], found[MARK], found[WHOLE]
    audit = next(ways for case, ways in found.items() if case.startswith(AUDIT))
    where = f"({s.sheets} sheets)"
    yield f"regenerate {where}: at least 60× openpyxl; {ratio(fill[OPENPYXL] / fill[OURS])}"
    yield f"mark {where}: 100× openpyxl's load and save; {ratio(marked[SAVE] / marked[OURS])}"
    yield f"read, audit, mark {where}: 15× openpyxl's load and save; {ratio(whole[SAVE] / whole[OURS])}"
    share = audit[OURS] / found[READ][OURS]
    yield f"audit {where}: less time than reading (under 100%); {share:.0%} of it"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="medians of so many rounds")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--quick", action="store_true", help="the small workbook only, without LibreOffice")
    args = parser.parse_args()
    table: list[Line] = []
    reached: list[str] = []
    with ExitStack() as stack:
        office = None
        if args.quick or not available():
            print("LibreOffice left out." if args.quick else "LibreOffice is missing: left out.")
        else:
            office = stack.enter_context(rivals.OfficeFill())
        for projects in (3,) if args.quick else (3, 10):
            s = subject(projects)
            found = measure(s, args.rounds, office)
            table += lines(s, found)
            reached += goals(s, found)
    print(plain(table), "", "Goals:", *reached, sep="\n")
    if args.write:
        text = page(table, reached, os.cpu_count() or 1, args.rounds)
        (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
