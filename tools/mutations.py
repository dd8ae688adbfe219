"""How many single wrong cells does the audit find? Prints the share by kind of mutation.

The workbook is regenerated from `workbooks/samples/clean`; see `wrong_cells.py` for what is tried and what
counts as found. Two sharper shares stand beside: "recalculated" drops what formulas had cached, as a
spreadsheet would compute it anew from the wrong value; "beyond form" leaves out the findings about a cell as
such (a formula typed over, a text in a place for numbers).

Usage: python tools/mutations.py [--seed N] [--misses]
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from wrong_cells import Tried, clean_bench, mutations, stray

SEED = 20231231


def share(tried: Sequence[Tried]) -> Fraction:
    return Fraction(sum(t.found for t in tried), len(tried))


def table(title: str, tried: Sequence[Tried]) -> str:
    """The shares by kind of mutation, and over all."""
    heads = f"{'tried':>7}{'found':>7}{'share':>9}{'recalculated':>14}{'beyond form':>13}"
    lines = [title, f"  {'mutation':<14}{heads}"]
    kinds = dict.fromkeys(t.mutation.kind for t in tried)
    groups = [(kind, [t for t in tried if t.mutation.kind == kind]) for kind in kinds]
    for kind, group in [*groups, ("all", list(tried))]:
        n = len(group)
        found = sum(t.found for t in group)
        fresh = sum(t.found_fresh for t in group) / n
        beyond = sum(t.beyond_form for t in group) / n
        name = kind + " " * (14 - sum(2 if ord(c) > 127 else 1 for c in kind))
        lines.append(f"  {name}{n:>7}{found:>7}{found / n:>9.2%}{fresh:>14.2%}{beyond:>13.2%}")
    return "\n".join(lines)


def misses(tried: Sequence[Tried]) -> str:
    """What was not found, with and without what formulas had cached, and the names it concerns."""
    lines, names = [], Counter[str]()
    for t in tried:
        if t.found and t.found_fresh:
            continue
        m = t.mutation
        names[m.target.name] += 1
        note = "" if not t.found else "（重算后）"
        lines.append(
            f"  {m.target.place.address:<14} {m.kind} {m.target.shown} → {m.shown or '（空）'}{note}"
        )
    return "\n".join([*lines, "  " + "，".join(f"{n} {c}" for n, c in names.most_common())])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--misses", action="store_true", help="list what was not found")
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    bench = clean_bench()
    numeric, other, blank = (
        [bench.tried(m, fresh=True) for m in made]
        for made in (
            mutations(bench.targets(numeric=True), rng, digits=2),
            mutations(bench.targets(numeric=False), rng),
            stray(bench.targets(numeric=True, blank=True), rng),
        )
    )
    parts = (
        ("numeric cells (required: 99 %)", numeric),
        ("targets and actual values (for information)", other),
        ("blank numeric cells (for information)", blank),
    )
    for title, tried in parts:
        print(table(title, tried))
        if options.misses:
            print(misses(tried))
    return 0 if share(numeric) >= Fraction(99, 100) else 1


if __name__ == "__main__":
    sys.exit(main())
