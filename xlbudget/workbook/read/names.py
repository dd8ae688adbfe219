"""Defined names of a workbook, by the sheet they point to."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from xlbudget.packs.layout import Box, Form, column_number
from xlbudget.workbook.book import RawBook
from xlbudget.workbook.byid import once_for_each

_TARGET = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?"
)
LOST = "#REF!"


@lru_cache(maxsize=8192)  # one pack puts its names on the same cells of the same sheets
def parse_target(text: str) -> tuple[str, Box] | None:
    """Sheet and range of a name's target such as ``'附件2-1'!$E$6:$F$6``; None for anything else."""
    m = _TARGET.fullmatch(text.strip().lstrip("="))
    if m is None:
        return None
    quoted, plain, c1, r1, c2, r2 = m.groups()
    sheet = quoted.replace("''", "'") if quoted else plain
    col, row = column_number(c1.upper()), int(r1)
    col2, row2 = (column_number(c2.upper()), int(r2)) if c2 and r2 else (col, row)
    return sheet, Box(min(row, row2), min(col, col2), max(row, row2), max(col, col2))


class SheetNames:
    """The names that speak of one sheet: its own, then those of the workbook that point to it."""

    def __init__(self) -> None:
        self._boxes: dict[str, Box] = {}
        self._lost: set[str] = set()

    def add(self, name: str, box: Box | None) -> None:
        if box is None:
            self._lost.add(name)
        else:
            self._boxes.setdefault(name, box)

    def box(self, name: str) -> Box | None:
        return self._boxes.get(name)

    def lost(self, name: str) -> bool:
        """Whether the name is there but has lost its cell (#REF!)."""
        return name in self._lost and name not in self._boxes

    def share(self, form: Form) -> int:
        """How many of the form's names are there, in percent."""
        wanted = form_names(form)
        return 100 * sum(n in self._boxes for n in wanted) // len(wanted) if wanted else 0


@once_for_each
def form_names(form: Form) -> list[str]:
    """The defined names of a form: its fields, and the columns of its row sets."""
    columns = [range_name(r.name, c.name) for r in form.rowsets for c in r.columns]
    return [f.name for f in form.fields] + columns


def range_name(rowset: str, column: str) -> str:
    """The name of a column of a row set: 指标, 得分 → 指标_得分."""
    return f"{rowset}_{column}"


def names_by_sheet(book: RawBook) -> dict[str, SheetNames]:
    """For each sheet the names that hold for it; a sheet's own names go before the workbook's."""
    out: dict[str, SheetNames] = defaultdict(SheetNames)
    for name in sorted(book.names, key=lambda n: n.sheet is None):
        target = parse_target(name.target)
        if target is None:
            if name.sheet is not None and LOST in name.target:
                out[name.sheet.lower()].add(name.name, None)
            continue
        sheet, box = target
        if name.sheet is None or name.sheet.lower() == sheet.lower():
            out[sheet.lower()].add(name.name, box)
    return out
