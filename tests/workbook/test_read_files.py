"""Reading real files: written by openpyxl, large, and full of unrelated text."""

from __future__ import annotations

import io
import random
import time

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from xlbudget.packs.layout import Box
from xlbudget.rules.record import column_letters
from xlbudget.workbook.book import read_book
from xlbudget.workbook.read import How, detect_pack, read_record

from .forms_made import CN, EXPECTED, column, project, texts
from .handmade import Draft, book


def saved(*sheets: Draft) -> bytes:
    """The drafts as openpyxl writes them: constants only, since it stores no results of formulas."""
    out = Workbook()
    out.remove(out.active)
    for s in sheets:
        ws = out.create_sheet(s.name)
        for (row, col), c in s.cells.items():
            value = float(str(c.value)) if c.kind == "number" else c.value
            ws.cell(row, col, value).number_format = c.number_format
        for box in s.merges:
            ws.merge_cells(box.range)
        for name, target in s.names.items():
            if target:
                ws.defined_names[name] = DefinedName(name, attr_text=f"'{s.name}'!{_absolute(target)}")
    buffer = io.BytesIO()
    out.save(buffer)
    return buffer.getvalue()


def _absolute(box: Box) -> str:
    ends = ((box.row, box.col), (box.row2, box.col2))
    return ":".join(f"${column_letters(col)}${row}" for row, col in ends)


def test_a_file_by_openpyxl() -> None:
    for sheet, how in ((project("it's 附件"), How.NAME), (project().unnamed(), How.CAPTION)):
        raw = read_book(saved(sheet))
        record, report = read_record(raw, detect_pack(raw).pack)
        form = next(record.of("自评表"))
        assert texts(form) == EXPECTED
        assert column(form, "得分") == ["20.00", "8.00", "20.00", "30.00", "10.00"]
        assert {f.how for f in report.forms[0].found.values()} == {how}


def test_much_unrelated_text_costs_little() -> None:
    rng = random.Random(7)
    sheet = project().unnamed()
    letters = "年初预算全执行数分值得指标绩效目总资金"
    for row in range(40, 20_040):
        for col in range(1, 6):
            sheet.set(row, col, "".join(rng.choices(letters, k=rng.randint(2, 9))))
    start = time.perf_counter()
    record, _ = read_record(book(sheet), CN)
    assert time.perf_counter() - start < 20
    assert texts(next(record.of("自评表"))) == EXPECTED


def test_overlapping_merges_without_end_are_bounded() -> None:
    sheet = project().unnamed()
    sheet.merges += [Box(1, 40, 100_000, 41)] * 20_000
    start = time.perf_counter()
    read_record(book(sheet), CN)
    assert time.perf_counter() - start < 20
