"""The port to Excel: which workbook, saved copies, settings that are put back, a busy Excel, the add-in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import pytest

from tests.engines import windows
from tests.engines.books import ONE, TWO, seed_b
from tests.engines.memory import Book, excel
from tests.engines.windows import BUSY, DESK, REJECTED, ComError, load, refused
from xlbudget.excel import port, port_quiet
from xlbudget.excel.messages import Reply, Settings
from xlbudget.excel.wire import read_reply
from xlbudget.workbook.book import read_book
from xlbudget.workbook.ops import Do, Op

NAME = "自评表.xlsx"
SENTENCE = "请先结束单元格编辑（按回车或 Esc），再点一次。"
QUIET = {"ScreenUpdating": False, "EnableEvents": False, "DisplayAlerts": False, "Calculation": -4135}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_quiet, "_PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(port, "_ATTEMPTS", 3)


def text(ref: str = "A1") -> Op:
    return Op(Do.TEXT, ONE, ref, ("甲",))


# -- which workbook ------------------------------------------------------------------------------------


def test_the_workbook_that_called() -> None:
    with excel((NAME, seed_b()), ("另一本.xlsx", seed_b())) as app:
        app.front = app.books[1]
        assert port.caller_book().name == NAME


def test_the_workbook_in_front_when_nobody_called() -> None:
    with excel((NAME, seed_b()), ("另一本.xlsx", seed_b()), calling=False) as app:
        assert port.caller_book().name == NAME
        app.front = app.books[1]
        assert port.caller_book().name == "另一本.xlsx"


def test_a_script_names_the_workbook() -> None:
    with excel((NAME, seed_b()), ("另一本.xlsx", seed_b()), calling=False):
        load()[0].books["另一本.xlsx"].set_mock_caller()
        assert port.caller_book().name == "另一本.xlsx"


def test_no_workbook_and_no_excel() -> None:
    with excel(calling=False), pytest.raises(port.ExcelError, match="没有打开的工作簿"):
        port.caller_book()
    with pytest.raises(port.ExcelError, match="连接不到 Excel"):
        port.caller_book()


# -- saved copies --------------------------------------------------------------------------------------


def test_a_snapshot() -> None:
    with excel((NAME, seed_b()), ("数据.xlsx", seed_b()), folder=r"C:\报表") as app:
        app.add("PERSONAL.XLSB", Book(seed_b()))
        app.add("工作簿1", Book(seed_b()))
        hidden = app.add("隐藏.xlsx", Book(seed_b()))
        hidden.window.shown = False
        app.front = app.books[0]
        app.settings["Calculation"] = -4135
        app.border.reset()
        job = port.snapshot(port.caller_book(), "validate", Settings("S3-HN", "数据"))
        assert (job.verb, job.settings) == ("validate", Settings("S3-HN", "数据"))
        assert (job.book.name, job.book.folder) == (NAME, r"C:\报表")
        assert [b.name for b in job.others] == ["数据.xlsx", "工作簿1"]
        assert [b.folder for b in job.others] == [r"C:\报表", ""]
        assert app.border.by_name["Application.Calculate"] == 1
        for book in (job.book, *job.others):
            assert [s.cells for s in read_book(book.data).sheets] == [
                s.cells for s in read_book(seed_b()).sheets
            ]


def test_a_workbook_on_the_web_has_no_folder() -> None:
    with excel((NAME, seed_b()), folder="https://contoso.sharepoint.com/sites/报表"):
        assert port.snapshot(port.caller_book(), "fill").book.folder == ""


def test_nothing_stays_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with excel((NAME, seed_b()), addin=True):
        port.snapshot(port.caller_book(), "fill")
        port.apply(port.caller_book(), Reply("", steps={NAME: [text()]}))
    assert list(tmp_path.iterdir()) == []


def test_another_workbook_that_cannot_be_copied_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> None:
        raise refused("文件未找到")

    with excel((NAME, seed_b()), ("另一本.xlsx", seed_b())) as app:
        app.books[1].store.save_copy = broken
        assert port.snapshot(port.caller_book(), "fill").others == ()
        app.books[0].store.save_copy = broken
        with pytest.raises(port.ExcelError, match="Excel 没有完成操作：文件未找到"):
            port.snapshot(port.caller_book(), "fill")


# -- settings ------------------------------------------------------------------------------------------


def test_settings_are_put_back() -> None:
    with excel((NAME, seed_b())) as app:
        app.settings["EnableEvents"] = False
        before = dict(app.settings)
        port.apply(port.caller_book(), Reply("", steps={NAME: [text()]}))
        assert app.settings == before
        assert dict(app.history[:4]) == QUIET
        assert len(app.history) == 8


def test_settings_are_put_back_after_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(sheet: Any, op: Op) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(port.Carrier.__init__.__globals__["STEPS"], Do.TEXT, fault)
    with excel((NAME, seed_b())) as app:
        before = dict(app.settings)
        guard = app.front.store.sheets()[0].guard
        guard.on = True
        with pytest.raises(ZeroDivisionError):
            port.apply(port.caller_book(), Reply("", steps={NAME: [Op(Do.OPEN, ONE), text()]}))
        assert app.settings == before
        assert guard.on, "the sheet is protected again too"


def test_nothing_to_do_is_nothing_done() -> None:
    with excel((NAME, seed_b())) as app:
        book = port.caller_book()
        app.border.reset()
        assert port.apply(book, Reply("通过")) == []
        assert app.border.calls == 0


# -- a busy Excel --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [BUSY, REJECTED])
def test_a_cell_is_being_edited(code: int) -> None:
    with excel((NAME, seed_b())) as app:
        book = port.caller_book()
        app.border.busy, app.border.busy_with = 1000, code
        for call in (
            lambda: port.snapshot(book, "fill"),
            lambda: port.apply(book, Reply("", steps={NAME: [text()]})),
            lambda: port.show(book, (ONE, "A1")),
            lambda: port.tell("好"),
            lambda: port.ask("要吗？"),
        ):
            with pytest.raises(port.ExcelError) as caught:
                call()
            assert str(caught.value) == SENTENCE
        assert load()[1].N_COM_ATTEMPTS == 0, "xlwings' own number is back"


def test_a_moment_of_refusal_does_not_matter() -> None:
    with excel((NAME, seed_b())) as app:
        book = port.caller_book()
        app.border.busy, app.border.busy_with = 2, REJECTED
        assert port.snapshot(book, "fill").book.name == NAME


def test_a_cell_is_being_edited_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come back as soon as Excel answers again, and the sheet is protected again."""
    with excel((NAME, seed_b())) as app:
        before = dict(app.settings)
        store = app.front.store.sheets()[0]
        put = store.put

        def editing(*args: Any) -> None:
            put(*args)
            app.border.busy = 4

        monkeypatch.setattr(store, "put", editing)
        with pytest.raises(port.ExcelError) as caught:
            port.apply(port.caller_book(), Reply("", steps={NAME: [text(), text("A2"), text("A5")]}))
        assert str(caught.value) == SENTENCE
        assert app.settings == before


def test_what_is_wrong_with_excel_is_told_in_its_words() -> None:
    def full(path: Path) -> None:
        raise refused("磁盘已满。")

    with excel((NAME, seed_b())) as app:
        app.books[0].store.save_copy = full
        with pytest.raises(port.ExcelError) as caught:
            port.snapshot(port.caller_book(), "fill")
    assert str(caught.value) == "Excel 没有完成操作：磁盘已满。"
    assert isinstance(caught.value.__cause__, ComError)


# -- the add-in ----------------------------------------------------------------------------------------


def test_with_the_add_in_one_call_does_it() -> None:
    seen: list[str] = []

    def macro(path: str) -> str:
        seen.append(Path(path).read_bytes().decode("ascii"))
        return "第一句。\n第二句。"

    with excel((NAME, seed_b()), addin=True) as app:
        app.addins["xlbudget.xlam"]["XbApply.FromFile"] = macro
        book = port.caller_book()
        app.border.reset()
        steps = {NAME: [text(f"A{n}") for n in range(1, 500)]}
        told = port.apply(book, Reply("3 错误", steps=steps, goto=(ONE, "A1")))
        assert told == ["第一句。", "第二句。"]
        assert app.border.by_name["Application.Run"] == 1
        assert app.border.calls < 8
        assert app.history == []
    (reply,) = map(read_reply, seen)
    assert reply == Reply("", steps=steps), "words and the place to show are not the macro's here"


def test_an_add_in_that_fails() -> None:
    with excel((NAME, seed_b()), addin=True) as app:
        app.addins["xlbudget.xlam"].clear()
        with pytest.raises(port.ExcelError, match="无法运行"):
            port.apply(port.caller_book(), Reply("", steps={NAME: [text()]}))


# -- words, places -------------------------------------------------------------------------------------


def test_words_with_the_user() -> None:
    with excel((NAME, seed_b())):
        port.tell("通过")
        assert port.ask("要恢复公式吗？") is True
        DESK.answer = False
        assert port.ask("真的吗？") is False
        assert (DESK.said, DESK.asked) == (["通过"], ["要恢复公式吗？", "真的吗？"])


def test_a_place_is_shown() -> None:
    with excel((NAME, seed_b())) as app:
        port.show(port.caller_book(), (TWO, "H14"))
        assert app.shown == (TWO, "$H$14")
        assert app.front.active == TWO


# -- worksheet functions -------------------------------------------------------------------------------


def test_functions_are_left_alone_without_windows() -> None:
    def function(a: int) -> int:
        return a

    load()
    assert port.worksheet_function(function) is function


def test_functions_are_known_to_xlwings_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The values go through xlwings' own conversions, registered as the engine “excel”."""
    xlwings, _ = load()
    udfs = sys.modules["xlwings.udfs"]
    for name, there in {
        "func": udfs.xlfunc,
        "arg": udfs.xlarg,
        "ret": udfs.xlret,
        "has_pywin32": True,
    }.items():
        monkeypatch.setattr(xlwings, name, there)
    cells = Annotated[Any, {"ndim": 2, "err_to_str": True}]
    seen: list[Any] = []

    def XB_TRY(*values: cells) -> Any:  # type: ignore[valid-type]
        """说明"""
        seen.extend(values)
        return seen.pop()[0][0] if len(seen) > 1 else None

    # the module's annotations are texts; what xlwings reads are the real ones
    XB_TRY.__annotations__ = {"values": cells}
    served = port.worksheet_function(XB_TRY)
    info = served.__xlfunc__
    assert (info["name"], info["args"][0]["vararg"], info["ret"]["doc"]) == ("XB_TRY", True, "说明")
    with excel((NAME, seed_b())):
        convert = xlwings.conversion
        options = info["args"][0]["options"]
        given = [convert.read(None, v, options) for v in (((1.0, None), ("甲", -2146826246)), 5.0)]
        assert given == [[[1.0, None], ["甲", "#N/A"]], [[5.0]]]
        assert convert.write(served(*given), None, info["ret"]["options"]) == 5.0
        assert convert.write(served(), None, info["ret"]["options"]) == ""


def test_the_stand_ins_for_pywin32_are_gone() -> None:
    load()
    assert not [name for name in sys.modules if name.startswith(("win32", "pywintypes", "pythoncom"))]
    assert windows.DESK.apps == []
