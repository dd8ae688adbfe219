"""Every kind of step through xlwings, where Excel would do something else if it could."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from tests.engines.memory import excel
from tests.engines.windows import refused
from xlbudget.excel import port
from xlbudget.excel.messages import Reply
from xlbudget.workbook.ops import Do, Look, Op

SHEET, NAME = "附件2-1", "表.xlsx"
YUAN = '"¥"#,##0.00'


def workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = SHEET
    page["A3"] = "合并"
    page.merge_cells("A3:B4")
    book.create_sheet("Data")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def app() -> Iterator[Any]:
    with excel((NAME, workbook())) as running:
        yield running


def carry(*ops: Op) -> list[str]:
    return port.apply(port.caller_book(), Reply("", steps={NAME: list(ops)}))


def store(app: Any, sheet: str = SHEET) -> Any:
    return app.books[0].sheet(sheet).store


def op(do: Do, ref: str = "", *args: str, sheet: str = SHEET) -> Op:
    return Op(do, sheet, ref, args)


def test_every_kind_is_known(app: Any) -> None:
    from xlbudget.excel.port_cells import STEPS
    from xlbudget.excel.port_steps import Carrier

    here = Carrier(None, (), lambda e: False)._here
    assert STEPS.keys() | here.keys() == set(Do)
    assert not STEPS.keys() & here.keys()


# -- contents ------------------------------------------------------------------------------------------

TEXTS = ("5", "007", "86.32%", "2023-12-20", "=1+1", "-甲", "'单引号", "''", "TRUE", "#N/A", "≥5项", "一\n二")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("number_format", ["General", "@", YUAN, "yyyy-mm-dd"])
def test_a_text_stays_what_it_is(app: Any, text: str, number_format: str) -> None:
    store(app).style((1, 1, 1, 1), "format", number_format)
    assert carry(op(Do.TEXT, "A1", text)) == []
    assert (store(app).value(1, 1), store(app).formula(1, 1)) == (text, "")
    assert store(app).number_format(1, 1) == number_format
    assert not store(app).wraps(1, 1), "Excel switches it on for a second line"


@pytest.mark.parametrize("digits", ["1234567.89", "0.005", "-62.34", "0.1", "45280", "12345678901234.5"])
@pytest.mark.parametrize("number_format", ["General", "@", YUAN, "0%", "yyyy-mm-dd"])
def test_a_number_stays_what_it_is(app: Any, digits: str, number_format: str) -> None:
    store(app).style((1, 1, 1, 1), "format", number_format)
    assert carry(op(Do.NUMBER, "A1", digits)) == []
    assert store(app).value(1, 1) == float(digits)
    assert store(app).number_format(1, 1) == number_format


@pytest.mark.parametrize("number_format", ["General", "@", YUAN])
def test_a_formula(app: Any, number_format: str) -> None:
    store(app).style((1, 1, 1, 1), "format", number_format)
    assert carry(op(Do.FORMULA, "A1", '=IF(B1="","",SUM(B1:B3))')) == []
    assert store(app).formula(1, 1) == 'IF(B1="","",SUM(B1:B3))'
    assert store(app).number_format(1, 1) == number_format


def test_blank_cells_keep_their_format(app: Any) -> None:
    store(app).style((3, 1, 3, 1), "format", YUAN)
    assert carry(op(Do.NUMBER, "C1", "5"), op(Do.BLANK, "C1"), op(Do.BLANK, "A3")) == []
    assert store(app).value(1, 3) is None
    assert store(app).value(3, 1) is None
    assert store(app).number_format(3, 1) == YUAN


def test_a_row_on_a_sheet_of_the_user(app: Any) -> None:
    store(app).style((1, 2, 1, 2), "format", YUAN)
    assert carry(op(Do.ROW, "A1", "5", "=1", "", "甲")) == []
    assert [store(app).value(1, c) for c in range(1, 5)] == ["5", "=1", None, "甲"]
    assert [store(app).number_format(1, c) for c in range(1, 4)] == ["General", YUAN, "General"]


def test_rows_of_a_new_sheet_go_together(app: Any) -> None:
    rows = [op(Do.ROW, f"{'BA'[n % 2]}{n}", *TEXTS, sheet="审核结果") for n in range(1, 40)]
    add = op(Do.ADDSHEET, "", "C00000", "1", "2", "$1:$2", sheet="审核结果")
    app.border.reset()
    assert carry(add, *rows) == []
    assert app.border.by_name["Range.Value2 ="] == 1
    new = store(app, "审核结果")
    for n in range(1, 40):
        assert [new.value(n, c + (n % 2 == 0)) for c in range(1, 13)] == list(TEXTS)
        assert new.value(n, 13 if n % 2 else 1) is None
    assert new.number_format(1, 1) == "General"


# -- notes, links, formats -----------------------------------------------------------------------------


def test_notes(app: Any) -> None:
    long = "按批复数填。\n" + "很长的说明😀" * 120
    assert carry(op(Do.NOTE, "A1", "一", "225", "60"), op(Do.NOTE, "A1", long, "225", "60")) == []
    assert store(app).note(1, 1) == long
    assert carry(op(Do.UNNOTE, "A1"), op(Do.UNNOTE, "A2")) == []
    assert store(app).note(1, 1) is None


def test_highlights_come_on_top_and_go_again(app: Any) -> None:
    args = ("FFDCDC", "F2A3A3", "lightUp")
    areas = " ".join(f"C{n}:D{n}" for n in range(100, 122))
    users = op(Do.FORMAT, "A1", "=A1>5", "00FF00", "", "solid")
    assert carry(users, op(Do.FORMAT, areas, '="xlbudget.mark"<>"错误"', *args)) == []
    ours, theirs = store(app).conditions()
    assert len(ours.areas) == 22
    assert (ours.formula, ours.fill, ours.stroke, ours.pattern, ours.stop) == (
        *('"xlbudget.mark"<>"错误"', "FFDCDC", "F2A3A3", "lightUp"),
        False,
    )
    assert carry(op(Do.UNFORMAT, "", "xlbudget.mark")) == []
    assert store(app).conditions() == [theirs]


def test_looks(app: Any) -> None:
    look = Look("黑体", "10", "1", "1", "FFFFFF", "34567A", "8EA0B5", "1", "center", "top", "1", "@")
    assert carry(op(Do.LOOK, "A1:B1 C5", *look.args)) == []
    for ref in ("A1", "B1", "C5"):
        cell = store(app).ws[ref]
        assert (cell.font.name, cell.font.sz, cell.font.b, cell.font.u) == ("黑体", 10, True, "single")
        assert (cell.font.color.rgb, cell.fill.fgColor.rgb) == ("00FFFFFF", "0034567A")
        assert (cell.border.left.style, cell.border.top.color.rgb) == ("medium", "008EA0B5")
        assert (cell.alignment.horizontal, cell.alignment.vertical) == ("center", "top")
        assert (cell.alignment.wrap_text, cell.number_format) == (True, "@")
    assert carry(op(Do.LOOK, "A1", *Look().args), op(Do.UNLOOK, "B1")) == []
    plain = store(app).ws["A1"]
    assert (plain.fill.fill_type, plain.alignment.wrap_text, plain.number_format) == (None, None, "General")
    assert store(app).ws["B1"].style == "Normal"
    assert store(app).ws["B1"].fill.fill_type is None


def test_links_merges_widths_heights_areas(app: Any) -> None:
    heights = [op(Do.HEIGHT, str(n), "30" if n % 2 else "45.5") for n in range(1, 60)]
    steps = (
        op(Do.TEXT, "D1", "附件2-1!A1"),
        op(Do.LINK, "D1", "'附件2-1'!A1"),
        op(Do.MERGE, "D5:F6"),
        op(Do.WIDTH, "D", "12.5"),
        op(Do.WIDTH, "E", "9"),
        op(Do.WIDTH, "E", ""),
        op(Do.PRINTAREA, "", "A1:D9,F1:G2"),
        op(Do.FILTER, "A1:D9"),
        op(Do.FILTER, "A1:D9"),
    )
    app.border.reset()
    assert carry(*steps, *heights) == []
    assert app.border.by_name["Range.RowHeight ="] == 4
    page = store(app).ws
    assert (page["D1"].value, page["D1"].hyperlink.location) == ("附件2-1!A1", "'附件2-1'!A1")
    assert "D5:F6" in {str(m) for m in page.merged_cells.ranges}
    assert page.column_dimensions["D"].width == 12.5
    assert "E" not in page.column_dimensions
    assert page.print_area.replace("$", "").replace("'附件2-1'!", "") == "A1:D9,F1:G2"
    assert page.auto_filter.ref == "A1:D9"
    assert [page.row_dimensions[n].height for n in (1, 2, 59)] == [30, 45.5, 30]


# -- sheets and names ----------------------------------------------------------------------------------


def test_adding_and_dropping_sheets(app: Any) -> None:
    one = op(Do.ADDSHEET, "", "C00000", "1", "5", "$1:$5", sheet="审核结果")
    two = op(Do.ADDSHEET, "", "", "0", "0", "", sheet="审核规则")
    assert carry(one, two) == []
    assert [s.name for s in app.front.store.sheets()] == [SHEET, "Data", "审核结果", "审核规则"]
    page = store(app, "审核结果").ws
    assert (page.freeze_panes, page.print_title_rows) == ("A6", "$1:$5")
    assert (page.page_setup.orientation, page.sheet_properties.tabColor.rgb) == ("landscape", "00C00000")
    assert not page.sheet_view.showGridLines
    assert app.front.active == SHEET, "the accountant's sheet is in front again"
    assert carry(op(Do.DROPSHEET, sheet="审核结果"), op(Do.DROPSHEET, sheet="审核规则")) == []
    assert [s.name for s in app.front.store.sheets()] == [SHEET, "Data"]


def test_names(app: Any) -> None:
    name = "_xlbudget_mark_margin"
    carry(
        op(Do.NAME, name, "'附件2-1'!$K:$K", "1"),
        op(Do.NAME, name, "'附件2-1'!$L:$L", "1"),
        op(Do.NAME, name, "'附件2-1'!$A$1", "0", sheet=""),
    )
    found = {(n.sheet, n.name): (n.target, n.hidden) for n in app.front.store.names()}
    assert found == {
        (SHEET, name): ("'附件2-1'!$L:$L", True),
        ("", name): ("'附件2-1'!$A$1", False),
    }
    assert carry(op(Do.UNNAME, name), op(Do.UNNAME, name), op(Do.UNNAME, "_xlbudget_no", sheet="")) == []
    assert [n.sheet for n in app.front.store.names()] == [""]


def test_a_name_of_the_workbook_is_not_taken_for_one_of_the_sheet_in_front(app: Any) -> None:
    carry(op(Do.NAME, "_xlbudget_x", "1", "1"))
    assert carry(op(Do.UNNAME, "_xlbudget_x", sheet="")) == []
    assert [(n.sheet, n.name) for n in app.front.store.names()] == [(SHEET, "_xlbudget_x")]


# -- what Excel refuses --------------------------------------------------------------------------------


def test_a_protected_sheet_is_opened_and_closed_again(app: Any) -> None:
    guard = store(app).guard
    guard.on = guard.objects = True
    guard.allowed = {"AllowSorting": True}
    assert carry(op(Do.OPEN), op(Do.TEXT, "A1", "甲"), op(Do.CLOSE)) == []
    assert store(app).value(1, 1) == "甲"
    assert (guard.on, guard.objects, guard.scenarios, guard.password) == (True, True, False, "")
    assert [k for k, v in guard.allowed.items() if v] == ["AllowSorting"]


def test_a_sheet_with_a_password_stays_as_it_is(app: Any) -> None:
    store(app).guard.on, store(app).guard.password = True, "机密"
    told = carry(op(Do.OPEN), op(Do.TEXT, "A1", "甲"), op(Do.CLOSE), op(Do.TEXT, "A1", "乙", sheet="Data"))
    assert told == ["“附件2-1”有保护密码，没有改动；请撤销工作表保护后再点一次。"]
    assert store(app).value(1, 1) is None
    assert store(app).guard.on
    assert store(app, "Data").value(1, 1) == "乙"


def test_the_structure_of_the_workbook_is_protected(app: Any) -> None:
    app.front.locked = True
    told = carry(
        op(Do.ADDSHEET, "", "", "0", "0", "", sheet="审核结果"),
        op(Do.ROW, "A1", "甲", sheet="审核结果"),
        op(Do.TEXT, "A1", "甲"),
    )
    assert told == ["工作簿的结构受保护，没有建立“审核结果”；请撤销工作簿保护后再点一次。"]
    assert store(app).value(1, 1) == "甲"


def test_a_refused_step_is_told_and_the_others_are_done(app: Any) -> None:
    store(app).guard.on = True
    told = carry(op(Do.TEXT, "A1", "甲"), op(Do.NUMBER, "A2", "5"), op(Do.TEXT, "B2", "乙", sheet="Data"))
    assert told == [
        "有 2 处 Excel 没有接受，第一处在“附件2-1”A1：您试图更改的单元格或图表位于受保护的工作表中。"
    ]
    assert store(app, "Data").value(2, 2) == "乙"


def test_sheets_and_workbooks_that_are_gone(app: Any) -> None:
    told = carry(op(Do.TEXT, "A1", "甲", sheet="没有"))
    assert told == ["有 1 处 Excel 没有接受，第一处在“没有”A1：下标越界"]
    book = port.caller_book()
    assert port.apply(book, Reply("", steps={"别的.xlsx": [op(Do.TEXT, "A1", "甲")]})) == [
        "“别的.xlsx”已经关闭，没有改动。"
    ]


def test_without_a_printer_the_sheet_is_made_all_the_same(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.engines import pages

    def no_printer(self: Any, value: int) -> None:
        raise refused("不能设置类 PageSetup 的 Orientation 属性")

    monkeypatch.setattr(pages.PageSetup, "Orientation", property(None, no_printer))
    assert carry(op(Do.ADDSHEET, "", "", "1", "0", "", sheet="审核结果")) == []
    assert app.front.store.sheets()[-1].name == "审核结果"
