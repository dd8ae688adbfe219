"""Reading real files: written by openpyxl, large, and full of unrelated text."""

from __future__ import annotations

import io
import random
import time
from dataclasses import replace

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from xlbudget.figures import Figure
from xlbudget.packs import load_pack
from xlbudget.packs.layout import Box
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.record import Entry, column_letters
from xlbudget.workbook.book import read_book
from xlbudget.workbook.fill import fill, placed
from xlbudget.workbook.read import How, detect_pack, read_record

from .filling import unit
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
                ws.defined_names[name] = DefinedName(name, attr_text=_absolute(s.name, target))
    buffer = io.BytesIO()
    out.save(buffer)
    return buffer.getvalue()


def _absolute(sheet: str, box: Box) -> str:
    ends = ((box.row, box.col), (box.row2, box.col2))
    corners = ":".join(f"${column_letters(col)}${row}" for row, col in ends)
    return "'{}'!{}".format(sheet.replace("'", "''"), corners)


def test_a_file_by_openpyxl() -> None:
    for sheet, how in ((project("it's 附件"), How.NAME), (project().unnamed(), How.CAPTION)):
        raw = read_book(saved(sheet))
        record, report = read_record(raw, detect_pack(raw).pack)
        form = next(record.of("自评表"))
        assert texts(form) == EXPECTED
        assert column(form, "得分") == ["20.00", "8.00", "20.00", "30.00", "10.00"]
        assert {f.how for f in report.forms[0].found.values()} == {how}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("pack_id", ["S3-CN", "S3-HB"])
def test_what_was_filled_is_read_back(pack_id: str, named: bool) -> None:
    pack = load_pack(pack_id)
    whole = placed(pack, unit())
    raw = read_book(fill(pack, whole, derive(pack_program(pack), whole)))
    if not named:
        raw = replace(raw, names=[], properties={})
    assert detect_pack(raw).pack.id == pack_id
    record, report = read_record(raw, pack)
    assert [(f.form, f.sheet) for f in record.forms] == [(f.form, f.sheet) for f in whole.forms]
    how = How.NAME if named else How.CAPTION
    assert {f.how for form in report.forms for f in form.found.values()} == {how}
    assert all(form.notes == [] for form in report.forms)
    for given, got in zip(whole.forms, record.forms, strict=True):
        assert got.fields.keys() == given.fields.keys()
        for name, entry in given.fields.items():
            assert_same(entry, got.fields[name])
        for rowset, rows in given.rows.items():
            for row, back in zip(rows, got.rows[rowset], strict=True):
                for name, entry in row.items():
                    assert_same(entry, back[name])


def assert_same(given: Entry, got: Entry) -> None:
    """The same cell under the same caption, and the same content unless the cell computes itself."""
    assert (got.place, got.issue) == (given.place, None)
    if not got.formula:
        assert _content(got) == _content(given)


def _content(entry: Entry) -> object:
    return entry.value.value if isinstance(entry.value, Figure) else entry.value


def test_much_unrelated_text_costs_little() -> None:
    rng = random.Random(7)
    sheet = project().unnamed()
    letters = "年初预算全执行数分值得指标绩效目总资金"
    for row in range(80, 5_080):
        for col in range(1, 6):
            sheet.set(row, col, "".join(rng.choices(letters, k=rng.randint(2, 9))))
    start = time.perf_counter()
    record, _ = read_record(book(sheet), CN)
    assert time.perf_counter() - start < 10
    assert texts(next(record.of("自评表"))) == EXPECTED


def test_overlapping_merges_without_end_are_bounded() -> None:
    sheet = project().unnamed()
    sheet.merges += [Box(1, 40, 100_000, 41)] * 20_000
    start = time.perf_counter()
    read_record(book(sheet), CN)
    assert time.perf_counter() - start < 10
