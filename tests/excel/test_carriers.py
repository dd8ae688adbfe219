"""A button leaves the same cells, notes and sheets whoever carries it out: the package patcher, the add-in's
macro (its double), or xlwings step by step.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.engines.books import BOOKS, ONE, TOTAL, seed_b
from tests.engines.carried import NAME, held, patched
from tests.engines.compare import OURS, contents, differences
from tests.engines.memory import excel
from tests.engines.windows import DESK
from tests.workbook.refilling import changed, edit, sample
from xlbudget.excel import macros
from xlbudget.workbook.book import read_book
from xlbudget.workbook.findings import RESULT_SHEET

ADDIN = pytest.mark.parametrize("addin", [True, False], ids=["add-in", "xlwings"])
BOOK = pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS.keys())


@ADDIN
@BOOK
def test_validating_and_clearing(book: object, addin: bool) -> None:
    with excel((NAME, book()), addin=addin) as app:  # type: ignore[operator]
        before = held(app)
        told = macros.validate()
        assert "错误" in told
        after = contents(held(app))
        assert differences(patched("validate", before), after) == []
        assert after.sheets[-2:] == ["审核结果", "审核规则"]
        assert after.marked
        assert macros.clear() == "已清除标注"
        assert differences(contents(before), contents(held(app))) == []
        assert DESK.said == [told, "已清除标注"]
        assert DESK.asked == []


@ADDIN
@BOOK
@pytest.mark.parametrize("yes", [True, False], ids=["yes", "no"])
def test_filling(book: object, addin: bool, yes: bool) -> None:
    with excel((NAME, book()), addin=addin) as app:  # type: ignore[operator]
        before = held(app)
        DESK.answer = yes
        told = macros.fill()
        assert differences(patched("fill", before, yes), contents(held(app))) == []
        assert DESK.said == [told]
        assert macros.clear() in ("已清除标注", "没有标注可清除")


@ADDIN
def test_everything_in_a_row(addin: bool) -> None:
    """Fill, validate, edit, explain, validate again, clear: after each the same as by the patcher."""
    with excel((NAME, changed(seed_b(), edit(ONE, "I6", None))), addin=addin) as app:
        for verb in ("fill", "validate", "fill", "validate"):
            before = held(app)
            getattr(macros, verb)()
            assert differences(patched(verb, before), contents(held(app))) == [], verb
        store = app.front.store.sheets()[0]
        store.put(7, 5, 61.5)
        before = held(app)
        macros.validate()
        assert differences(patched("validate", before), contents(held(app))) == []
        plain = patched("clear", before)
        macros.clear()
        assert differences(plain, contents(held(app))) == []
        assert contents(held(app)).cells[ONE]["E7"] == 61.5


@ADDIN
def test_the_way_back_gives_the_original(addin: bool) -> None:
    """Contents, notes, names and formats are those of before, but for what was edited."""
    with excel((NAME, BOOKS["notes and protection"]()), addin=addin) as app:
        before = held(app)
        names = {(n.sheet, n.name, n.target, n.hidden) for n in app.front.store.names()}
        macros.validate()
        marked = contents(held(app))
        assert marked.notes[ONE]["F20"].startswith("按批复数填\n【审核】")
        app.front.store.sheets()[0].put(7, 5, 62.35)
        macros.validate()
        macros.clear()
        wanted = contents(changed(before, edit(ONE, "E7", Fraction("62.35"))))
        assert differences(wanted, contents(held(app))) == []
        assert {(n.sheet, n.name, n.target, n.hidden) for n in app.front.store.names()} == names
        guard = app.front.store.sheets()[1].guard
        assert (guard.on, guard.objects, guard.allowed["AllowFormattingColumns"]) == (True, True, True)
        assert not guard.allowed["AllowSorting"]


@ADDIN
def test_names_of_ours_are_hidden(addin: bool) -> None:
    with excel((NAME, seed_b()), addin=addin) as app:
        macros.validate()
        ours = [n for n in app.front.store.names() if n.name.startswith(OURS)]
        assert {n.sheet for n in ours} >= {"", ONE}
        assert all(n.hidden for n in ours)


# -- 出错说明 ------------------------------------------------------------------------------------------


@ADDIN
def test_explanations_survive(addin: bool) -> None:
    with excel((NAME, seed_b()), addin=addin) as app:
        macros.validate()
        results = app.front.sheet(RESULT_SHEET)
        row = next(r for r in range(1, 60) if results.store.value(r, 13) and results.store.value(r, 1) == 1.0)
        mark = results.store.value(row, 13)
        results.Range(f"L{row}").Value2 = "系四舍五入"
        told = macros.validate()
        assert "其中 1 处已有出错说明" in told
        store = app.front.sheet(RESULT_SHEET).store
        found = {store.value(r, 13): store.value(r, 12) for r in range(1, store.last()[0] + 1)}
        assert found[mark] == "系四舍五入"
        DESK.answer = False
        assert macros.clear() == "有 1 条出错说明\n没有清除"
        assert app.front.sheet(RESULT_SHEET) is not None
        DESK.answer = True
        assert macros.clear() == "有 1 条出错说明\n已清除标注"
        assert app.front.sheet(RESULT_SHEET) is None
        assert [q.split("，")[0] for q in DESK.asked] == ["“审核结果”里填了 1 条出错说明"] * 2


# -- overwritten formulas ------------------------------------------------------------------------------


@ADDIN
@pytest.mark.parametrize("yes", [True, False], ids=["yes", "no"])
def test_an_overwritten_formula(addin: bool, yes: bool) -> None:
    with excel((NAME, changed(sample(), edit(ONE, "H22", 95))), addin=addin) as app:
        DESK.answer = yes
        told = macros.fill()
        (question,) = DESK.asked
        assert "附件2-1!H22（总分·得分）现为 95，公式得 99.5" in question
        cell = contents(held(app)).cells[ONE]["H22"]
        if yes:
            assert told.splitlines()[1] == "已恢复公式 1 处"
            assert cell == contents(sample()).cells[ONE]["H22"]
            assert str(cell).startswith("=")
        else:
            assert told.splitlines()[1] == "没有恢复公式，1 处仍是数字"
            assert cell == 95


# -- money ---------------------------------------------------------------------------------------------


@ADDIN
def test_money_codes_and_dates_are_not_touched(addin: bool) -> None:
    """Currency cells of any digits, a code of the classification as text, a date: all stay what they were."""
    yuan = '"¥"#,##0.00'
    with excel((NAME, seed_b()), addin=addin) as app:
        store = app.front.store.sheets()[0]
        for row, value, number_format in ((8, 1234567.89, yuan), (9, 0.005, yuan), (2, "2080505", "@")):
            store.put(row, 12, value)
            store.style((row, 12, row, 12), "format", number_format)
        store.put(3, 12, 45280.0)
        store.style((3, 12, 3, 12), "format", "yyyy-mm-dd")
        store.put(8, 5, 1234567.89)
        store.style((8, 5, 8, 5), "format", yuan)
        odd = ("L2", "L3", "L8", "L9", "E8")

        def now() -> list[tuple[object, str | None]]:
            kept = contents(held(app))
            return [(kept.cells[ONE][ref], kept.formats[ONE].get(ref)) for ref in odd]

        before = now()
        assert before == [
            ("2080505", "@"), (45280.0, "yyyy-mm-dd"), (1234567.89, "¥#,##0.00"), (0.005, "¥#,##0.00"),
            (1234567.89, "¥#,##0.00"),
        ]  # fmt: skip
        for button in (macros.fill, macros.validate, macros.clear):
            button()
            assert now() == before
        kinds = {c.kind for c in read_book(held(app)).sheets[0].cells.values() if (c.row, c.col) == (2, 12)}
        assert kinds == {"text"}


# -- several workbooks ---------------------------------------------------------------------------------


@ADDIN
def test_two_workbooks_of_one_unit(addin: bool) -> None:
    """The other open workbook is checked and marked along, and the one in front stays there."""
    from tests.excel.books import TWO, without

    forms, total = without(seed_b(), TOTAL), without(seed_b(), ONE, TWO, "附件2-3")
    with excel((NAME, forms), ("汇总.xlsx", total), addin=addin) as app:
        told = macros.validate()
        assert "一并校验 2 本工作簿" in told
        for book in app.books:
            assert book.sheet(RESULT_SHEET) is not None
        assert app.front.name == NAME
        assert app.books[1].active == TOTAL
