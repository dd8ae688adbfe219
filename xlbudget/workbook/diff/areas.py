"""Ranges as texts: joined where they touch, split where one step could not name them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from xlbudget.workbook.mark.conditional import Area, sqref
from xlbudget.workbook.sheetscan import letters_number

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?")
_LONGEST = 240  # characters: Excel's Range() takes 255


def area(text: str) -> Area | None:
    """``B3:C4`` as (row, column, last row, last column); None for anything else."""
    m = _RANGE.fullmatch(text)
    if m is None:
        return None
    row, col = int(m[2]), letters_number(m[1])
    return (row, col, int(m[4] or row), letters_number(m[3]) if m[3] else col)


def settled(ranges: Iterable[str]) -> tuple[str, ...]:
    """Ranges joined until nothing more can be joined, however they were split before."""
    now = sorted(set(ranges))
    while (joined := sqref(a for r in now if (a := area(r)))) != now:
        now = joined
    return tuple(now)


def chunks(ranges: Sequence[str]) -> Iterator[str]:
    """The ranges, split by spaces, in texts that are short enough for one step."""
    text = ""
    for r in ranges:
        if text and len(text) + 1 + len(r) > _LONGEST:
            yield text
            text = ""
        text = f"{text} {r}" if text else r
    if text:
        yield text
