"""The steps that build and replace our own sheets."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from xlbudget.workbook.diff import live_ops
from xlbudget.workbook.mark import apply_patch
from xlbudget.workbook.mark.look import CELLS
from xlbudget.workbook.ops import Do, Op
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import CellEdit, Mark, OwnSheet, Patch, SheetCell

from .marking import SHEET, by_openpyxl, marked, own_sheets
from .repeating import repeated, shown
from .test_diff import made, steps

RESULT, RULES = "审核结果", "审核规则"


def only_sheets(data: bytes, sheets: list[OwnSheet]) -> list[Op]:
    return steps(data, Patch(sheets=sheets))


def changes(ops: list[Op]) -> list[tuple[Do, str]]:
    """Which sheets come and go."""
    return [(op.do, op.sheet) for op in ops if op.do in (Do.ADDSHEET, Do.DROPSHEET)]


def test_building() -> None:
    ops = only_sheets(by_openpyxl(), own_sheets())
    assert ops[:2] == [
        Op(Do.ADDSHEET, RESULT, "", ("C00000", "1", "2", "$1:$2")),
        Op(Do.ADDSHEET, RULES, "", ("34567A", "1", "0", "")),
    ]
    mine = [(op.do, op.ref, op.args) for op in ops[2:] if op.sheet == RESULT]
    assert mine == [
        *(
            (Do.WIDTH, c, (w,))
            for c, w in zip("ABCDE", ("5.29", "7.29", "15.29", "39.29", "29.29"), strict=True)
        ),
        (Do.ROW, "A1", ("审核结果",)),
        (Do.ROW, "A2", ("序号", "级别", "位置", "说明", "出错说明")),
        (Do.ROW, "B3", ("错误", "自评表!B4", "=1+1")),
        (Do.ROW, "B4", ("核实", "", "两行\n说明", "系四舍五入")),
        (Do.LINK, "C3", ("'自评表'!B4",)),
        (Do.LOOK, "A1", CELLS["title"].args),
        (Do.LOOK, "A2:E2", CELLS["head"].args),
        (Do.LOOK, "A3:A4", CELLS["count"].args),
        (Do.LOOK, "B3", CELLS["error"].args),
        (Do.LOOK, "C3", CELLS["link"].args),
        (Do.LOOK, "D3:D4", CELLS["body"].args),
        (Do.LOOK, "E3:E4", CELLS["input"].args),
        (Do.LOOK, "B4", CELLS["query"].args),
        (Do.NUMBER, "A3", ("1",)),
        (Do.NUMBER, "A4", ("2",)),
        *((Do.HEIGHT, r, (h,)) for r, h in (("1", "30"), ("2", "24"), ("3", "18.5"), ("4", "33"))),
        (Do.MERGE, "A1:E1", ()),
        (Do.FILTER, "A2:E4", ()),
    ]
    assert ops[-2:] == [
        Op(Do.NAME, "", "_xlbudget_mark_sheet_审核结果", ("'审核结果'!$A$1", "1")),
        Op(Do.NAME, "", "_xlbudget_mark_sheet_审核规则", ("'审核规则'!$A$1", "1")),
    ]


def test_formulas_and_exact_numbers() -> None:
    cell = SheetCell
    rows = (
        (cell("项目", "head"), cell("得分", "head")),
        (cell("合计"), cell(Fraction(1, 8), formula="SUM(B3:B9)")),
        (cell("甲"), cell(Fraction(1, 8))),
        (None, cell("优", formula='"优"')),
    )
    sheets = [OwnSheet("评分底稿", rows, (20, 10), 1)]
    ops = only_sheets(by_openpyxl(), sheets)
    assert [op for op in ops if op.do in (Do.FORMULA, Do.NUMBER, Do.ROW)] == [
        Op(Do.ROW, "评分底稿", "A1", ("项目", "得分")),
        Op(Do.ROW, "评分底稿", "A2", ("合计",)),
        Op(Do.ROW, "评分底稿", "A3", ("甲",)),
        Op(Do.FORMULA, "评分底稿", "B2", ("=SUM(B3:B9)",)),
        Op(Do.NUMBER, "评分底稿", "B3", ("0.125",)),
        Op(Do.FORMULA, "评分底稿", "B4", ('="优"',)),
    ]
    live = repeated(by_openpyxl(), ops)
    assert only_sheets(live, sheets) == []
    named = OwnSheet("评分底稿", ((SheetCell("1", formula=f"XB_RATE('{SHEET}'!B4,1)"),),), (9,))
    linked = OwnSheet("评分底稿", ((SheetCell("1", formula=f"[1]!XB_RATE({SHEET}!B4,1)"),),), (9,))
    assert only_sheets(marked(by_openpyxl(), Patch(sheets=[linked])), [named]) == []
    assert shown(live) == shown(marked(by_openpyxl(), Patch(sheets=sheets)))


def live_with(sheets: list[OwnSheet]) -> bytes:
    return repeated(by_openpyxl(), only_sheets(by_openpyxl(), sheets))


def typed(book: Any) -> None:
    book[RESULT]["E3"] = "已核对"


def recoloured(book: Any) -> None:
    book[RESULT]["A3"].style = "Normal"
    book[RESULT].column_dimensions["A"].width = 30


def test_sheets_that_hold_the_same_are_left_alone() -> None:
    assert only_sheets(live_with(own_sheets()), own_sheets()) == []
    assert only_sheets(made(recoloured, live_with(own_sheets())), own_sheets()) == []


def explained() -> list[OwnSheet]:
    """What a new run makes of an explanation that was typed in: it stands in the new sheet."""
    result, rules = own_sheets()
    row = (*result.rows[2][:4], SheetCell("已核对", "input"))
    return [
        OwnSheet(RESULT, (*result.rows[:2], row, *result.rows[3:]), result.widths, 2, result.merges),
        rules,
    ]


def test_a_typed_explanation_is_no_reason_to_build_anew() -> None:
    assert only_sheets(made(typed, live_with(own_sheets())), explained()) == []


@pytest.mark.parametrize("sheets", [explained(), own_sheets()[:1], []])
def test_otherwise_all_are_built_anew(sheets: list[OwnSheet]) -> None:
    live = live_with(own_sheets())
    ops = only_sheets(live, sheets)
    assert changes(ops) == [
        (Do.DROPSHEET, RESULT),
        (Do.DROPSHEET, RULES),
        *((Do.ADDSHEET, s.name) for s in sheets),
    ]
    assert shown(repeated(live, ops)) == shown(marked(by_openpyxl(), Patch(sheets=sheets)))


def test_a_sheet_that_the_user_renamed_is_found() -> None:
    def rename(book: Any) -> None:
        book[RESULT].title = "我的结果"
        name = book.defined_names["_xlbudget_mark_sheet_审核结果"]
        name.attr_text = "我的结果!$A$1"

    live = made(rename, live_with(own_sheets()))
    ops = only_sheets(live, own_sheets())
    assert changes(ops) == [
        *((Do.DROPSHEET, "我的结果"), (Do.DROPSHEET, RULES), (Do.ADDSHEET, RESULT), (Do.ADDSHEET, RULES)),
    ]
    names = [op for op in ops if op.do is Do.NAME]
    assert names[0].args == ("'审核结果'!$A$1", "1")
    assert shown(repeated(live, ops)) == shown(marked(by_openpyxl(), Patch(sheets=own_sheets())))


def test_a_sheet_of_the_user_with_our_name_stays() -> None:
    def add(book: Any) -> None:
        book.create_sheet(RESULT)["A1"] = "用户自己的"

    given = made(add)
    ops = only_sheets(given, own_sheets()[:1])
    assert changes(ops) == [(Do.ADDSHEET, f"{RESULT} (2)")]
    live = repeated(given, ops)
    assert only_sheets(live, own_sheets()[:1]) == []
    assert changes(only_sheets(live, [])) == [(Do.DROPSHEET, f"{RESULT} (2)")]


def test_a_sheet_is_always_shown() -> None:
    def hide(book: Any) -> None:
        for sheet in book.worksheets:
            if sheet.title not in (RESULT, RULES):
                sheet.sheet_state = "hidden"

    live = made(hide, live_with(own_sheets()))
    ops = only_sheets(live, own_sheets()[:1])
    assert changes(ops) == [
        (Do.ADDSHEET, "空白"),
        *((Do.DROPSHEET, RESULT), (Do.DROPSHEET, RULES), (Do.ADDSHEET, RESULT), (Do.DROPSHEET, "空白")),
    ]
    repeated(live, ops)
    ops = only_sheets(live, [])
    assert changes(ops) == [(Do.ADDSHEET, "空白"), (Do.DROPSHEET, RESULT), (Do.DROPSHEET, RULES)]
    repeated(live, ops)


def test_formulas_that_speak_of_a_sheet_built_anew_are_written_again() -> None:
    """Deleting a sheet turns references to it into #REF!, for good."""

    def refer(book: Any) -> None:
        book[SHEET]["D3"] = f"={RESULT}!A3"

    live = made(refer, live_with(own_sheets()))
    ops = only_sheets(live, explained())
    assert ops.index(Op(Do.FORMULA, SHEET, "D3", (f"={RESULT}!A3",))) > ops.index(
        Op(Do.ADDSHEET, RESULT, "", ("C00000", "1", "2", "$1:$2"))
    )
    assert only_sheets(live, own_sheets()) == []


def test_new_sheets_come_before_what_speaks_of_them() -> None:
    edit = CellEdit(SHEET, 3, 4, Fraction(1), f"'{RESULT}'!A3")
    ops = steps(by_openpyxl(), Patch([Mark(SHEET, 4, 1, "错误", "x", "x")], own_sheets(), [edit]))
    kinds = [(op.do, op.sheet) for op in ops]
    assert kinds.index((Do.FORMULA, SHEET)) > kinds.index((Do.ADDSHEET, RESULT))
    links = [k for k, op in enumerate(ops) if op.do is Do.LINK]
    assert min(links) > max(k for k, op in enumerate(ops) if op.do is Do.ADDSHEET)


def test_sheets_that_are_not_spoken_of_stay() -> None:
    """One sheet is given although the file holds two: the other one did not change."""
    before = Package.open(marked(by_openpyxl(), Patch(sheets=own_sheets())))
    after = Package.open(by_openpyxl())
    apply_patch(after, Patch(sheets=[explained()[0], own_sheets()[1]]))
    assert changes(live_ops(before, after, explained()[:1])) == [
        (Do.DROPSHEET, RESULT),
        (Do.ADDSHEET, RESULT),
    ]


def test_long_areas_are_split() -> None:
    rows = tuple((SheetCell("甲", "body" if n % 2 else "head"),) for n in range(300))
    ops = only_sheets(by_openpyxl(), [OwnSheet(RULES, rows, (10,))])
    refs = [op.ref for op in ops if op.do is Do.LOOK]
    assert len(refs) > 4
    assert max(map(len, refs)) <= 240
