"""Reading one form from one grid: its fields, its rows, and what is odd about its derived cells."""

from __future__ import annotations

import re

from xlbudget.packs.layout import Field, Form
from xlbudget.rules.record import CellIssue, Entry, FormRecord, Place
from xlbudget.rules.tree import tree_of_rows

from .cells import UNCALCULATED, read_cell
from .fields import Choice, Chooser
from .grid import Grid
from .locate import Located, Vocabulary
from .names import SheetNames
from .report import FormReport, How
from .rowsets import RowReader, find_columns

_UNIT_LINE = re.compile(r"单位\s*[:：]\s*(?:人民币)?\s*(元|千元|万元|百万元|亿元)\s*[)）]?$")
_UNIT_BRACKET = re.compile(r"[(（]\s*(?:单位[:：]?)?\s*(元|千元|万元|百万元|亿元)\s*[)）]\s*[:：]?$")


def read_form(
    grid: Grid, words: Vocabulary, located: Located, names: SheetNames, percent: int, date1904: bool
) -> tuple[FormRecord, FormReport]:
    """The record of one form, every entry with its place, and the account of how it was read."""
    form = words.form
    report = FormReport(form.id, form.title, grid.name, "", percent)
    record = FormRecord(form.id, sheet=grid.name)
    unit = stated_unit(grid)
    chooser = Chooser(grid, words, located, names)
    choices = {f.name: chooser.choose(f) for f in form.fields}
    for f in form.fields:
        choice = choices[f.name]
        report.found[f.name] = choice.found
        record.fields[f.name] = _entry(grid, f, choice, unit, date1904)
    feet = [c.box.row for f in form.fields if f.block in words.foot_blocks and (c := choices[f.name]).box]
    _read_rows(grid, form, located, names, min(feet, default=None), unit, date1904, record, report)
    _mark_overwritten(form, record, report)
    _name(form, record, report, unit)
    return record, report


def stated_unit(grid: Grid) -> str:
    """The money unit that the sheet states in a unit line or behind a caption; "" when it states none."""
    texts = [t.strip() for x in grid.labels if "元" in (t := grid.text(x.row, x.col))]
    for pattern in (_UNIT_LINE, _UNIT_BRACKET):
        for text in texts:
            m = pattern.search(text)
            if m:
                return m[1]
    return ""


def _entry(grid: Grid, f: Field, choice: Choice, unit: str, date1904: bool) -> Entry:
    if choice.box is None:
        return Entry(issue=None if f.optional else CellIssue.MISSING, given=False)
    place = Place(grid.name, choice.box.row, choice.box.col, choice.caption)
    cell = grid.cells.get((choice.box.row, choice.box.col))
    if cell is not None and choice.inline and isinstance(cell.value, str):
        cell = cell._replace(value=re.split("[：:]", cell.value, maxsplit=1)[1])
    return read_cell(cell, f, place, unit, date1904)


def _read_rows(
    grid: Grid,
    form: Form,
    located: Located,
    names: SheetNames,
    foot: int | None,
    unit: str,
    date1904: bool,
    record: FormRecord,
    report: FormReport,
) -> None:
    for rowset in form.rowsets:
        columns = find_columns(grid, rowset, located.headers.get(rowset.name), names, foot)
        if columns is None:
            record.rows[rowset.name] = []
            report.notes.append(f"没有找到“{rowset.name}”的表头，这一部分没有读到")
            continue
        rows = RowReader(grid, rowset, columns, unit, date1904).rows()
        record.rows[rowset.name] = rows
        report.rows[rowset.name] = len(rows)
        report.found |= {f"{rowset.name}[{n}]": f for n, f in columns.found.items()}


def _mark_overwritten(form: Form, record: FormRecord, report: FormReport) -> None:
    """A constant in a derived cell counts as overwritten where others of its sheet still compute.

    Among the rows of a row set the other derived cells of that row set must compute, and of a tree those that
    sum the rows below them. A blank is told by the
    rule of its field; only an optional field has none, so there a formula that was deleted from one of our
    own forms (found by its defined name) is told here.
    """
    entries = [record.fields[f.name] for f in form.fields if f.derived]
    _overwritten(entries)
    if any(e.formula for e in entries):
        for f in form.fields:
            entry = record.fields[f.name]
            named = report.found[f.name].how is How.NAME
            if f.derived and f.optional and named and entry.blank and not entry.formula and not entry.issue:
                entry.issue, entry.raw = CellIssue.OVERWRITTEN, "空白"
    for rowset in form.rowsets:
        rows = record.rows.get(rowset.name, ())
        derived = [c.name for c in rowset.columns if c.derived]
        _overwritten([row[n] for row in rows for n in derived])
        if rowset.tree:
            sums = [c.name for c in rowset.columns if c.subtotal]
            below = tree_of_rows(rows, rowset.tree).children
            _overwritten([row[n] for row, under in zip(rows, below, strict=True) if under for n in sums])


def _overwritten(entries: list[Entry]) -> None:
    if not any(e.formula for e in entries):
        return
    for e in entries:
        if not e.formula and not e.blank and e.issue in (None, CellIssue.TEXT_NUMBER):
            e.issue, e.raw = CellIssue.OVERWRITTEN, e.raw or str(e.value)


def _name(form: Form, record: FormRecord, report: FormReport, unit: str) -> None:
    subject = record.fields.get(form.subject)
    text = subject.value if subject and isinstance(subject.value, str) else ""
    record.key = report.key = text.replace("\n", "") or record.sheet
    report.notes.extend(f.note for f in report.found.values() if f.note)
    similar = [f"“{f.caption}”（{n}）" for n, f in report.found.items() if f.how is How.SIMILAR]
    if similar:
        report.notes.append(f"以下栏目的标题与官方表样不完全相同，请核对：{'、'.join(similar)}")
    units = {f.unit for f in form.fields if f.kind == "money" and f.unit}
    if unit and units and unit not in units:
        report.notes.append(f"本表金额单位为{unit}，已换算为{'、'.join(sorted(units))}后审核")
    entries = list(record.fields.values())
    entries += [e for rows in record.rows.values() for row in rows for e in row.values()]
    open_cells = sorted({e.place.ref for e in entries if e.place and e.raw == UNCALCULATED})
    if open_cells:
        shown = "、".join(open_cells[:5]) + ("等" if len(open_cells) > 5 else "")
        report.notes.append(
            f"{len(open_cells)} 个单元格有公式而没有计算结果（{shown}），请用 Excel 或 WPS 打开保存一次再审核"
        )
