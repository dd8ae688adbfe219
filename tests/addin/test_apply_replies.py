"""XbApply: protected sheets, files, questions, places, and replies that cannot be carried out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from xlbudget.excel.messages import OutFile, Question, Reply
from xlbudget.workbook.ops import Do, Op

from .host import Host
from .seen import BOOK
from .test_apply import CASES, FORM, cell, steps

pytestmark = pytest.mark.office


# ---- protection ----


def test_protection_comes_back(host: Host, book: Any) -> None:
    sheet = book.Sheets.getByName(FORM)
    sheet.protect("")
    assert host.carry_out(steps(*CASES[Do.CLOSE][0])) == ""
    assert cell(book, "C3").String == "x"
    assert sheet.isProtected()


def test_password_keeps_a_sheet_as_it_is(host: Host, book: Any) -> None:
    sheet = book.Sheets.getByName(FORM)
    sheet.protect("secret")
    other = Op(Do.TEXT, book.Sheets.ElementNames[1], "A1", ("照做",))
    said = host.carry_out(steps(*CASES[Do.CLOSE][0], other))
    expected = f"工作表“{FORM}”有密码保护，没有改动它。请用“审阅”→“撤消工作表保护”，再按一次。"
    assert said == expected
    assert cell(book, "C3").String == ""
    assert cell(book, "A1", book.Sheets.ElementNames[1]).String == "照做"
    assert sheet.isProtected()


# ---- files, questions, places ----


def test_files_stand_beside_the_workbook_and_over_none(host: Host, book: Any, tmp_path: Path) -> None:
    data = bytes(range(256)) * 9
    (tmp_path / "报送 版.xlsx").write_bytes(b"mine")
    for k, content in enumerate((data, data[:-1], data[:-2]), 2):
        assert host.carry_out(Reply("好", files=[OutFile("报送 版.xlsx", content)])) == ""
        path = tmp_path / f"报送 版({k}).xlsx"
        assert path.read_bytes() == content
        assert host.run("XbApply.Summary", "") == f"好\n文件：{path}"
    assert (tmp_path / "报送 版.xlsx").read_bytes() == b"mine"


@pytest.mark.parametrize(("answer", "text", "said"), [("y", "二", "恢复了"), ("n", "一", "没有恢复")])
def test_question(host: Host, book: Any, answer: str, text: str, said: str) -> None:
    more = Question("要恢复吗？", {BOOK: [Op(Do.TEXT, FORM, "C3", ("二",))]}, "恢复了", "没有恢复")
    reply = Reply("已填", steps={BOOK: [Op(Do.TEXT, FORM, "C3", ("一",))]}, question=more, details=["细节"])
    host.answers(answer)
    assert host.carry_out(reply) == ""
    assert host.told() == ["要恢复吗？"]
    assert cell(book, "C3").String == text
    assert host.run("XbApply.Summary", "") == f"已填\n细节\n{said}"


def test_place_is_shown_or_kept(host: Host, book: Any) -> None:
    assert host.carry_out(Reply("好", goto=(book.Sheets.ElementNames[1], "L3"))) == ""
    assert book.CurrentController.ActiveSheet.Name == book.Sheets.ElementNames[1]
    assert book.CurrentSelection.AbsoluteName.endswith("$L$3")
    assert host.carry_out(steps(*CASES[Do.ADDSHEET][0])) == ""
    assert book.CurrentController.ActiveSheet.Name == book.Sheets.ElementNames[1]
    assert book.CurrentSelection.AbsoluteName.endswith("$L$3")


# ---- what goes wrong ----

WHOLE = "xlbudget 1\r\nline\tok\r\nbook\t{book}\r\ndo\ttext\t{form}\tC3\tx\r\nend\r\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            WHOLE.removesuffix("end\r\n"),
            "应答不完整（传输中断了），什么也没有改动。请再按一次；还不行就按“诊断”。",
        ),
        (
            WHOLE.removesuffix("\r\n"),
            "应答不完整（传输中断了），什么也没有改动。请再按一次；还不行就按“诊断”。",
        ),
        ("", "应答是空的，什么也没有改动。请再按一次；还不行就按“诊断”。"),
        ("<html>\r\nend\r\n", "应答来自另一版本的程序，什么也没有改动。请重新安装 xlbudget。"),
    ],
    ids=["no end", "end cut", "empty", "something else"],
)
def test_part_of_a_reply_changes_nothing(host: Host, book: Any, text: str, said: str) -> None:
    names = {"book": "\\u8868 (1).xlsx", "form": "\\u9644\\u4ef62-1"}
    assert host.carry_out(WHOLE.format(**names)) == ""
    assert cell(book, "C3").String == "x"
    cell(book, "C3").String = ""
    assert host.carry_out(text.format(**names)) == said
    assert cell(book, "C3").String == ""


def test_a_step_that_fails_stops_no_other(host: Host, book: Any) -> None:
    said = host.carry_out(
        steps(
            Op(Do.TEXT, "没有", "A1", ("x",)),
            Op(Do.NUMBER, FORM, "ZZZZ1", ("1",)),
            Op(Do.TEXT, FORM, "C3", ("x",)),
        )
    )
    assert said == (
        "有 2 步没有做成，第一步是“没有”A1 的内容：没有工作表“没有”。"
        "请再按一次；还不行就按“诊断”，把内容发给管理员。"
    )
    assert cell(book, "C3").String == "x"


def test_closed_workbook_is_told(host: Host, book: Any) -> None:
    reply = Reply("好", steps={"别的.xlsx": [Op(Do.TEXT, FORM, "C3", ("x",))]})
    assert host.carry_out(reply) == "工作簿“别的.xlsx”已经关闭，没有改动它。"
    assert cell(book, "C3").String == ""


def test_unknown_step_is_told(host: Host, book: Any) -> None:
    text = WHOLE.format(book="\\u8868 (1).xlsx", form="\\u9644\\u4ef62-1").replace("do\ttext", "do\tdance")
    assert "不认识步骤“dance”：加载项和程序的版本不同，请重新安装。" in host.carry_out(text)
