"""Which live formats apply: each formula is put into a spare cell and computed by LibreOffice."""

from __future__ import annotations

import tempfile
from pathlib import Path

from openpyxl.formula.translate import Translator

from tests.office import Office
from tests.workbook.filling import opened
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.record import Record, column_letters
from xlbudget.workbook.fill import fill
from xlbudget.workbook.fill.live import Live, live_formats
from xlbudget.workbook.fill.shape import Plan, shape_of

SPARE = 30  # the first column that no form uses


def probes(pack: Pack, record: Record) -> list[tuple[str, Live, int, str]]:
    """(sheet, format, row, formula moved to that row) for every row of every format of a workbook."""
    out = []
    for form in record.forms:
        layout = pack.form(form.form)
        plan = Plan(layout, shape_of(layout, form))
        for live in live_formats(plan, pack.rules_of(layout.id), pack_program(pack)):
            first, last = live.boxes[0].row, max(b.row2 for b in live.boxes)
            for row in range(first, last + 1):
                moved = Translator("=" + live.formula, f"AD{first}").translate_formula(f"AD{row}")
                out.append((form.sheet, live, row, moved))
    return out


def lit_cells(office: Office, pack: Pack, record: Record) -> set[tuple[str, str]]:
    """(rule, sheet!cell) of the formats that apply, at the first of the cells that they colour in a row."""
    book = opened(fill(pack, record, derive(pack_program(pack), record)))
    asked = probes(pack, record)
    where = []
    for number, (sheet, _, row, formula) in enumerate(asked):
        col = SPARE + number % 400
        line = 100 + number // 400
        book[sheet].cell(line, col).value = formula
        where.append((sheet, f"{column_letters(col)}{line}", row))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probe.xlsx"
        book.save(path)
        values = office.recalculated(path)
    out = set()
    for (sheet, live, row, _), (_, ref, _) in zip(asked, where, strict=True):
        value = values[sheet].get(ref)
        assert isinstance(value, bool | float | int), (live.rule, ref, value)
        if value:
            out.add((live.rule, f"{sheet}!{column_letters(live.boxes[0].col)}{row}"))
    return out
