"""Highlighting without touching a cell: one always-true conditional format for each severity.

The formula is our signature. It compares two constants, so it holds everywhere and survives saving by
any program; it also names the severity. Our rules come before the user's own, whose order is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xlbudget.rules.record import column_letters
from xlbudget.workbook.patch import Mark
from xlbudget.workbook.sheetscan import Element

from .look import SEVERITIES, rank
from .outline import escape
from .sheetedit import SheetEdit
from .styles import Styles

SIGNATURE = "xlbudget.mark"
_RULE = re.compile(rb"<((?:[\w.-]+:)?)cfRule(?=\s).*?</\1cfRule\s*>", re.DOTALL)
_ANY_RULE = re.compile(rb"<(?:[\w.-]+:)?cfRule(?=[\s>/])")
_PRIORITY = re.compile(
    rb"""<(?:[\w.-]+:)?cfRule(?=\s)(?:\s+(?!priority[\s=])[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*+"""
    rb"""\s+priority\s*=\s*["'](-?\d+)["']"""
)
_CHUNK = 500  # ranges in one sqref; programs grow slow on very long lists

Area = tuple[int, int, int, int]  # row, column, last row, last column


def formula(severity: str) -> str:
    """Two constants that differ: always true, and ours beyond doubt."""
    return f'"{SIGNATURE}"<>"{severity}"'


def add(edit: SheetEdit, styles: Styles, marks: Iterable[Mark]) -> None:
    """Highlight the marked cells; a cell that is marked more than once shows its worst severity."""
    merged = {(a, b): (a, b, c, d) for a, b, c, d in edit.merges}
    worst: dict[tuple[int, int], int] = {}
    for m in marks:
        worst[m.row, m.col] = min(rank(m.severity), worst.get((m.row, m.col), len(SEVERITIES)))
    p = edit.prefix
    new = b""
    rules = 0
    for level, severity in enumerate(SEVERITIES):
        areas = [merged.get(at, (*at, *at)) for at, r in worst.items() if r == level]
        ranges = sqref(areas)
        for k in range(0, len(ranges), _CHUNK):
            rules += 1
            new += (
                b'<%sconditionalFormatting sqref="%s"><%scfRule type="expression" dxfId="%d" priority="%d">'
                b"<%sformula>%s</%sformula></%scfRule></%sconditionalFormatting>"
                % (
                    p,
                    " ".join(ranges[k : k + _CHUNK]).encode(),
                    p,
                    styles.mark(severity),
                    rules,
                    p,
                    escape(formula(severity)),
                    p,
                    p,
                    p,
                )
            )
    if rules:
        _step_back(edit, rules)
        edit.insert_child("conditionalFormatting", new, first=True)


def own_rules(edit: SheetEdit) -> Iterator[tuple[Element, list[re.Match[bytes]], bool]]:
    """The elements that hold rules of ours, where these stand, and whether there are no others in them."""
    if SIGNATURE.encode() not in edit.xml:
        return
    for child in edit.children("conditionalFormatting"):
        ours = [m for m in _RULE.finditer(edit.xml, child.inner, child.end) if SIGNATURE.encode() in m[0]]
        if ours:
            yield child, ours, len(ours) == len(_ANY_RULE.findall(edit.xml, child.inner, child.end))


def _step_back(edit: SheetEdit, steps: int) -> None:
    """Lower the priorities of the rules that are there already, those of newer Excels included.

    Where the first numbers are free for ours, as on the forms that we make, nothing has to change.
    """
    found = [
        m
        for child in (*edit.children("conditionalFormatting"), *edit.children("extLst"))
        for m in _PRIORITY.finditer(edit.xml, child.start, child.end)
    ]
    if min((int(m[1]) for m in found), default=steps + 1) <= steps:
        for m in found:
            edit.draft.replace(edit.part, *m.span(1), b"%d" % (int(m[1]) + steps))


def sqref(areas: Iterable[Area]) -> list[str]:
    """Areas as range texts; cells that stand side by side or one below the other are joined."""
    return [_text(a) for a in _joined(_joined(sorted(set(areas)), across=True), across=False)]


def _joined(areas: list[Area], across: bool) -> list[Area]:
    out: list[Area] = []
    order = sorted(areas) if across else sorted(areas, key=lambda a: (a[1], a[3], a[0]))
    for a in order:
        if out:
            b = out[-1]
            beside = (a[0], a[2]) == (b[0], b[2]) and a[1] == b[3] + 1
            below = (a[1], a[3]) == (b[1], b[3]) and a[0] == b[2] + 1
            if beside if across else below:
                out[-1] = (b[0], b[1], a[2], a[3])
                continue
        out.append(a)
    return sorted(out)


def _text(a: Area) -> str:
    first = f"{column_letters(a[1])}{a[0]}"
    return first if a[:2] == a[2:] else f"{first}:{column_letters(a[3])}{a[2]}"
