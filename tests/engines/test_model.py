"""The model has Excel's ways, seen through xlwings itself: what the port guards against is really there."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from xlbudget.workbook.book import read_book

from .memory import excel
from .typed import typed
from .windows import BUSY, FAILED, REJECTED, ComError, load

YUAN = '"¥"#,##0.00'


def workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "附件2-1"
    page["A1"], page["B1"], page["C1"] = 7, 1234.56789, "#N/A"
    page["B1"].number_format = YUAN
    page["D1"] = dt.datetime(2023, 12, 20)
    page["A3"] = "合并"
    page.merge_cells("A3:B4")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def app() -> Iterator[Any]:
    with excel(("表.xlsx", workbook())) as running:
        yield running


@pytest.fixture
def sheet(app: Any) -> Any:
    return load()[0].books["表.xlsx"].sheets["附件2-1"]


def test_values_are_read_as_over_com(sheet: Any) -> None:
    row = sheet["A1:E1"]
    assert row.options(ndim=2).value == [[7.0, Decimal("1234.5679"), None, dt.datetime(2023, 12, 20), None]]
    assert row.options(ndim=2, err_to_str=True).value[0][2] == "#N/A"
    assert type(sheet["A1"].value) is float
    assert sheet["B1"].api.Value2 == 1234.56789


def test_a_decimal_turns_a_cell_to_money(sheet: Any) -> None:
    sheet["A1"].value = Decimal("0.005")
    assert sheet["A1"].number_format == YUAN
    assert sheet["A1"].api.Value2 == 0.0


@pytest.mark.parametrize(
    ("text", "value", "number_format"),
    [
        ("5", 5.0, "General"),
        ("007", 7.0, "General"),
        ("2080505", 2080505.0, "General"),
        ("1,234.50", 1234.5, "General"),
        ("86.32%", 0.8632, "0.00%"),
        ("(5)", -5.0, "General"),
        ("1E3", 1000.0, "0.00E+00"),
        ("2023-12-20", 45280.0, "yyyy/m/d"),
        ("2023年12月", 45261.0, "yyyy/m/d"),
        ("12月20日", None, 'm"月"d"日"'),
        ("'5", "5", "General"),
        ("#N/A", -2146826246, "General"),
        ("TRUE", True, "General"),
        ("≥5项", "≥5项", "General"),
        ("5项", "5项", "General"),
        ("-", "-", "General"),
    ],
)
def test_texts_are_parsed(sheet: Any, text: str, value: object, number_format: str) -> None:
    sheet["F9"].api.Value2 = text
    if value is not None:
        assert sheet["F9"].api.Value2 == value
    assert sheet["F9"].number_format == number_format


@pytest.mark.parametrize("text", ["=1+1", "-甲", "+甲", "@甲"])
def test_what_begins_like_a_formula_becomes_one(text: str) -> None:
    assert typed(text, "General").formula
    assert typed(text, "@").value == text


def test_text_cells_keep_texts_and_spoil_numbers(sheet: Any) -> None:
    cell = sheet["F9"]
    cell.number_format = "@"
    for text in ("5", "=1+1", "2023-12-20", "86%"):
        cell.api.Value2 = text
        assert cell.api.Value2 == text
    cell.api.Value2 = "'甲"
    assert cell.api.Value2 == "甲"
    cell.api.Value2 = 5.0
    assert cell.api.Value2 == "5"


def test_a_second_line_switches_wrapping_on(sheet: Any) -> None:
    assert sheet["F9"].wrap_text is False
    sheet["F9"].api.Value2 = "一\n二"
    assert sheet["F9"].wrap_text is True


def test_what_is_written_into_a_merged_cell_is_lost(sheet: Any) -> None:
    sheet["B4"].value = "没了"
    sheet["A3"].value = "有了"
    assert sheet["A3:B4"].options(ndim=2).value == [["有了", None], [None, None]]
    with pytest.raises(ComError, match="合并"):
        sheet["A3"].clear_contents()


def test_a_protected_sheet_refuses(app: Any, sheet: Any) -> None:
    app.books[0].sheet("附件2-1").store.guard.on = True
    for change in (
        lambda: setattr(sheet["A1"], "value", 1),
        lambda: sheet["A1"].api.AddComment("批注"),
        lambda: sheet["A1"].clear_formats(),
        lambda: setattr(sheet["A1"], "number_format", "@"),
    ):
        with pytest.raises(ComError) as caught:
            change()
        assert caught.value.hresult == FAILED


def test_a_busy_excel_refuses_for_some_calls(app: Any, sheet: Any) -> None:
    app.border.busy = 2
    for _ in range(2):
        with pytest.raises(ComError) as caught:
            _ = sheet["A1"].value
        assert caught.value.hresult == BUSY
    assert sheet["A1"].value == 7.0
    _, windows = load()
    windows.N_COM_ATTEMPTS = 5
    try:
        app.border.busy, app.border.busy_with = 4, REJECTED
        assert sheet["A1"].value == 7.0, "xlwings tries again by itself"
        app.border.busy = 50
        with pytest.raises(ComError):
            _ = sheet["A1"].value
    finally:
        windows.N_COM_ATTEMPTS = 0


def test_notes_links_and_addresses(sheet: Any) -> None:
    sheet["A1"].api.AddComment("一")
    with pytest.raises(ComError):
        sheet["A1"].api.AddComment("二")
    with pytest.raises(ComError):
        sheet["B1"].api.AddComment("字" * 256)
    with pytest.raises(ComError):
        sheet[",".join(f"A{n}" for n in range(1000, 1060))]
    sheet.api.Hyperlinks.Add(sheet["E1"].api, "", "'附件2-1'!A1")
    assert sheet["E1"].value == "'附件2-1'!A1", "an empty cell shows the target"


def test_names_of_sheets_are_the_same_in_any_letters(app: Any) -> None:
    book = load()[0].books["表.xlsx"]
    book.sheets.add("Data")
    assert book.sheets["DATA"].name == "Data"
    with pytest.raises(ComError):
        book.sheets["附件2-1"].name = "data"


def test_every_crossing_is_counted(app: Any, sheet: Any) -> None:
    app.border.reset()
    sheet["A1:B1"].api.Value2 = ((1.0, 2.0),)
    assert app.border.by_name == {"Worksheet.Range": 1, "Range.Value2 =": 1}


def test_what_is_not_in_the_model_fails_loudly(sheet: Any) -> None:
    with pytest.raises(AssertionError, match="not in the model"):
        _ = sheet.api.Shapes
    with pytest.raises(AssertionError, match="not in the model"):
        sheet.api.Nonsense = 1


def test_a_saved_copy_is_the_workbook(app: Any) -> None:
    """With results of formulas, hidden names and merges, as the reader sees it."""
    from .books import seed_b

    with excel(("表.xlsx", seed_b())) as other:
        one, two = read_book(seed_b()), read_book(other.front.store.data())
    for a, b in zip(one.sheets, two.sheets, strict=True):
        assert a.cells == b.cells
        assert sorted(map(str, a.merges)) == sorted(map(str, b.merges))
    assert set(one.names) == set(two.names)
    assert one.properties == two.properties
