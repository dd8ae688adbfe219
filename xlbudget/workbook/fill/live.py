"""Live highlighting: conditional formats made from the rules, so that Excel itself shows what is wrong.

Where a rule has no native form (it speaks of several sheets, or uses a function of ours) there is simply
no live format; the audit still applies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xlbudget.packs.layout import Box, Column, RowSet
from xlbudget.packs.program import Program
from xlbudget.rules.language import NotNative
from xlbudget.rules.model import Rule, Severity, Status

from .binder import FormBinder, GroupBinder, RowBinder, absolute
from .livetext import LiveText, live_text
from .shape import Plan, Run

_COLUMN = re.compile(r"(.+)\[(.+)\]")
_ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class Live:
    """One conditional format: the cells it covers, its formula (written for the first of them)."""

    rule: str
    severity: Severity
    boxes: tuple[Box, ...]
    formula: str

    @property
    def sqref(self) -> str:
        return " ".join(dict.fromkeys(b.range for b in self.boxes))


def live_formats(plan: Plan, rules: list[Rule], program: Program) -> list[Live]:
    """The conditional formats of one sheet, worst severity first: the first that applies is the one seen."""
    out: list[Live] = []
    for rule in rules:
        if rule.issue:
            continue
        try:
            out.extend(_formats(plan, rule, live_text(program, rule)))
        except NotNative:
            continue
    return sorted(out, key=lambda live: _ORDER.index(live.severity))


def shown_severity(rule: Rule) -> Severity:
    """A rule on trial never shows above a notice."""
    return Severity.NOTICE if rule.status is Status.TRIAL else rule.severity


def _formats(plan: Plan, rule: Rule, condition: LiveText) -> list[Live]:
    rowset, _, label = rule.each.partition("/")
    if not rowset:
        found = [(_form_marks(plan, rule), condition.written(FormBinder(plan, fixed=True)))]
    elif label:
        found = [_group_format(plan, rule, condition, rowset, run) for run in plan.runs(rowset, label)]
    else:
        found = list(_row_formats(plan, rule, rowset, condition))
    return [Live(rule.id, shown_severity(rule), tuple(boxes), text) for boxes, text in found if boxes]


def _group_format(
    plan: Plan, rule: Rule, condition: LiveText, rowset: str, run: Run
) -> tuple[list[Box], str]:
    """The format of one group. It keeps still while all cells that it would colour are blank, and where the
    rows below may belong to the group too: under a blank label, or under the same one again."""
    boxes = _group_marks(plan, rule, rowset, run)
    filled = ",".join(absolute(box) for box in boxes)
    parts = [f"COUNTA({filled})>0", condition.written(GroupBinder(plan, rowset, run))]
    below = run[0] + run[1]
    if below < plan.rows(rowset):
        label = rule.each.partition("/")[2]
        own = GroupBinder(plan, rowset, run).name(label)
        following = GroupBinder(plan, rowset, (below, 1)).name(label)
        parts[1:1] = [f'{following}<>""', f"{following}<>{own}"]
    return boxes, f"AND({','.join(parts)})"


def _row_formats(plan: Plan, rule: Rule, rowset: str, condition: LiveText) -> Iterator[tuple[list[Box], str]]:
    """One format for all rows, or one for each stretch of rows that lie under the same merged labels."""
    probe = RowBinder(plan, rowset, 0)
    condition.written(probe)
    count = plan.rows(rowset)
    tops = [tuple(plan.top(rowset, name, i) for name in sorted(probe.labels)) for i in range(count)]
    starts = [i for i in range(count) if i == 0 or tops[i] != tops[i - 1]]
    for first, end in zip(starts, [*starts[1:], count], strict=True):
        boxes = _row_marks(plan, rule, rowset, (first, end - first))
        yield boxes, condition.written(RowBinder(plan, rowset, first, fixed_columns=True))


# -- which cells ---------------------------------------------------------------------------------------


def _form_marks(plan: Plan, rule: Rule) -> list[Box]:
    boxes: list[Box] = []
    for mark in rule.marks:
        if mark in plan.form.by_name:
            boxes.append(plan.placement.field(mark))
        elif found := _column(plan, mark):
            boxes.extend(_column_boxes(plan, *found, (0, plan.rows(found[0].name))))
    return boxes


def _group_marks(plan: Plan, rule: Rule, rowset: str, run: Run) -> list[Box]:
    boxes: list[Box] = []
    for mark in rule.marks:
        found = _column(plan, mark, rowset)
        if found and found[0].name == rowset:
            boxes.extend(_column_boxes(plan, *found, run))
    return boxes


def _row_marks(plan: Plan, rule: Rule, rowset: str, run: Run) -> list[Box]:
    """Only plain columns: a merged label would show the first row's state for all of its rows."""
    boxes: list[Box] = []
    for mark in rule.marks:
        found = _column(plan, mark, rowset)
        if found and found[0].name == rowset and not found[1].grouped:
            boxes.extend(_column_boxes(plan, *found, run))
    return boxes


def _column(plan: Plan, mark: str, rowset: str = "") -> tuple[RowSet, Column] | None:
    """The column that a mark names: ``指标[得分]``, or ``得分`` where a row set is given."""
    m = _COLUMN.fullmatch(mark)
    known = plan.form.rowset_by_name.get(m[1] if m else rowset)
    name = m[2] if m else mark
    if known is None:
        return None
    return next(((known, c) for c in known.columns if c.name == name), None)


def _column_boxes(plan: Plan, rowset: RowSet, column: Column, run: Run) -> list[Box]:
    """The cells of a column in a run of rows; plain columns as one rectangle."""
    if column.grouped:
        return [b for i, b in plan.cells(rowset, column) if run[0] <= i < run[0] + run[1]]
    first = plan.first_row(rowset.name) + run[0]
    return [Box(first, column.col, first + run[1] - 1, column.col2)]
