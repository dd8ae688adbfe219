"""XbApply repeats replies on an open workbook: every kind of step, files, questions, and what can go wrong."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xlbudget.excel.messages import OutFile, Question, Reply
from xlbudget.workbook.ops import Do, Look, Op

from .host import ROOT, Host, properties

pytestmark = pytest.mark.office

FORM, BOOK = "附件2-1", "表 (1).xlsx"
LOOK = Look("黑体", "9", "1", "1", "C00000", "DDEBF7", "8EA0B5", "1", "center", "top", "1", "0.00")


@pytest.fixture
def book(host: Host, tmp_path: Path) -> Any:
    path = tmp_path / BOOK
    path.write_bytes((ROOT / "workbooks/templates/S3-CN.xlsx").read_bytes())
    return host.open(path)


def steps(*ops: Op) -> Reply:
    return Reply("好", steps={BOOK: list(ops)})


def cell(book: Any, ref: str, sheet: str = FORM) -> Any:
    return book.Sheets.getByName(sheet).getCellRangeByName(ref)


def note(book: Any, ref: str) -> str | None:
    wanted = cell(book, ref).CellAddress
    found = book.Sheets.getByName(FORM).Annotations
    at = {(a.Position.Row, a.Position.Column): a.String for a in map(found.getByIndex, range(found.Count))}
    return at.get((wanted.Row, wanted.Column))


def highlights(book: Any) -> list[tuple[str, str]]:
    formats = book.Sheets.getByName(FORM).ConditionalFormats.getConditionalFormats()
    entries = [(f.Range.RangeAddressesAsString, f.getByIndex(0).Formula1) for f in formats]
    return [(ranges.replace(f"'{FORM}'.", ""), formula) for ranges, formula in entries if "xlbudget" in formula]


# ---- words ----


@pytest.mark.parametrize("text", ["", "plain [x]", "校验\t一\n二", "a\\u6821", "𠮷😀", "≥90%\\"])
def test_words_survive(host: Host, text: str) -> None:
    escaped = host.run("XbText.Escape", text)
    assert escaped.isascii()
    assert host.run("XbText.Unescape", escaped) == text


# ---- each kind of step ----

LONG = "【审核】" + "长" * 195 + "\n\n【错误】" + "\n".join("长" * n for n in range(60)) + "\n完"
MARK = '="xlbudget.mark"<>"错误"'

Check = Callable[[Any], bool]
CASES: dict[Do, tuple[list[Op], Check]] = {
    Do.TEXT: (
        [Op(Do.TEXT, FORM, "C3", ("=1+1",)), Op(Do.TEXT, FORM, "D14", ("0012\n1-2",))],
        lambda b: (
            (cell(b, "C3").String, cell(b, "D14").String) == ("=1+1", "0012\n1-2")
            and cell(b, "C3").Type.value == cell(b, "D14").Type.value == "TEXT"
        ),
    ),
    Do.NUMBER: (
        [Op(Do.NUMBER, FORM, "E7", ("1234.5",)), Op(Do.NUMBER, FORM, "F7", ("-1e-05",))],
        lambda b: (
            (cell(b, "E7").Value, cell(b, "E7").String) == (1234.5, "1,234.50")
            and cell(b, "F7").Value == -0.00001
        ),
    ),
    Do.FORMULA: (
        [Op(Do.NUMBER, FORM, "E7", ("2",)), Op(Do.FORMULA, FORM, "J7", ("=IF('附件2-1'!E7>1,\"是\",1)",))],
        lambda b: cell(b, "J7").String == "是" and cell(b, "J7").Type.value == "FORMULA",
    ),
    Do.BLANK: (
        [Op(Do.TEXT, FORM, "C3", ("x",)), Op(Do.BLANK, FORM, "C3"), Op(Do.BLANK, FORM, "G6:J6")],
        lambda b: [cell(b, r).Type.value for r in ("C3", "G6", "J6")] == ["EMPTY"] * 3,
    ),
    Do.NOTE: (
        [
            Op(Do.NOTE, FORM, "C3", ("旧", "100", "50")),
            Op(Do.NOTE, FORM, "C3", (LONG, "225", "150")),
        ],
        lambda b: note(b, "C3") == LONG,
    ),
    Do.UNNOTE: (
        [Op(Do.NOTE, FORM, "C3", ("旧", "", "")), Op(Do.UNNOTE, FORM, "C3"), Op(Do.UNNOTE, FORM, "C4")],
        lambda b: note(b, "C3") is None,
    ),
    Do.FORMAT: (
        [Op(Do.FORMAT, FORM, "C3 E6:F7", (MARK, "FFDCDC", "F2A3A3", "lightUp"))],
        lambda b: highlights(b) == [("C3,E6:F7", MARK[1:])],
    ),
    Do.UNFORMAT: (
        [
            Op(Do.FORMAT, FORM, "C3", (MARK, "FFDCDC", "F2A3A3", "lightUp")),
            Op(Do.UNFORMAT, FORM, "", ("xlbudget.mark",)),
        ],
        lambda b: (
            highlights(b) == []
            and len(b.Sheets.getByName(FORM).ConditionalFormats.getConditionalFormats()) > 10
        ),
    ),
    Do.ROW: (
        [
            Op(Do.ROW, FORM, "L3", ("01", "", "=x")),
            Op(Do.ROW, FORM, "L4", ("", "b", "2020-1-1")),
            Op(Do.ROW, FORM, "L5", ("c",)),
            Op(Do.ROW, FORM, "M6", ("d",)),
        ],
        lambda b: (
            cell(b, "L3:N6").getDataArray()
            == (("01", "", "=x"), ("", "b", "2020-1-1"), ("c", "", ""), ("", "d", ""))
        ),
    ),
    Do.LOOK: (
        [Op(Do.LOOK, FORM, "L3:M4 L9", LOOK.args)],
        lambda b: all(looks_dressed(cell(b, ref)) for ref in ("L3", "M4", "L9")),
    ),
    Do.UNLOOK: (
        [Op(Do.LOOK, FORM, "L3", LOOK.args), Op(Do.UNLOOK, FORM, "L3")],
        lambda b: cell(b, "L3").CellBackColor == -1 and cell(b, "L3").CharWeight == 100,
    ),
    Do.WIDTH: (
        [Op(Do.WIDTH, FORM, "L", ("30",)), Op(Do.WIDTH, FORM, "M", ("30",)), Op(Do.WIDTH, FORM, "M", ("",))],
        lambda b: width(b, 11) > 2 * width(b, 12),
    ),
    Do.HEIGHT: ([Op(Do.HEIGHT, FORM, "3", ("72",))], lambda b: 2500 < height(b, 2) < 2580),  # 1/100 mm
    Do.MERGE: ([Op(Do.MERGE, FORM, "L3:M4")], lambda b: cell(b, "L3:M4").IsMerged),
    Do.LINK: (
        [Op(Do.TEXT, FORM, "L3", ("去",)), Op(Do.LINK, FORM, "L3", (f"'{FORM}'!E7",))],
        lambda b: links(cell(b, "L3")) == [f"#{FORM}.E7"] and cell(b, "L3").String == "去",
    ),
    Do.NAME: (
        [
            Op(Do.NAME, "", "_xlbudget_试", (f"'{FORM}'!$A$1", "1")),
            Op(Do.NAME, "", "_xlbudget_试", (f"'{FORM}'!$B$2", "1")),
            Op(Do.NAME, FORM, "_xlbudget_边", (f"'{FORM}'!$L:$L", "1")),
        ],
        lambda b: (
            b.NamedRanges.hasByName("_xlbudget_试")
            and "$B$2" in b.NamedRanges.getByName("_xlbudget_试").Content
            and b.Sheets.getByName(FORM).NamedRanges.hasByName("_xlbudget_边")
        ),
    ),
    Do.UNNAME: (
        [
            Op(Do.NAME, "", "_xlbudget_试", (f"'{FORM}'!$A$1", "1")),
            Op(Do.UNNAME, "", "_xlbudget_试"),
            Op(Do.UNNAME, FORM, "年度"),
            Op(Do.UNNAME, "", "没有"),
        ],
        lambda b: (
            not b.NamedRanges.hasByName("_xlbudget_试")
            and not b.Sheets.getByName(FORM).NamedRanges.hasByName("年度")
        ),
    ),
    Do.PRINTAREA: (
        [Op(Do.PRINTAREA, FORM, "", ("$A$1:$L$22",))],
        lambda b: [a.EndColumn for a in b.Sheets.getByName(FORM).getPrintAreas()] == [11],
    ),
    Do.ADDSHEET: (
        [Op(Do.ADDSHEET, "审核结果", "", ("C00000", "1", "3", "$1:$3"))],
        lambda b: (
            b.Sheets.ElementNames[-1] == "审核结果"
            and landscape(b, "审核结果")
            and b.CurrentController.ActiveSheet.Name == FORM
        ),
    ),
    Do.DROPSHEET: (
        [
            Op(Do.ADDSHEET, "审核结果", "", ("", "0", "0", "")),
            Op(Do.DROPSHEET, "审核结果"),
            Op(Do.DROPSHEET, "x"),
        ],
        lambda b: "审核结果" not in b.Sheets.ElementNames,
    ),
    Do.FILTER: (
        [Op(Do.ROW, FORM, "L3", ("a", "b")), Op(Do.FILTER, FORM, "L3:M9")],
        lambda b: autofilters(b) == ["L3:M9"],
    ),
    Do.OPEN: (
        [Op(Do.OPEN, FORM), Op(Do.TEXT, FORM, "C3", ("x",))],
        lambda b: cell(b, "C3").String == "x",
    ),
    Do.CLOSE: (
        [Op(Do.OPEN, FORM), Op(Do.TEXT, FORM, "C3", ("x",)), Op(Do.CLOSE, FORM)],
        lambda b: cell(b, "C3").String == "x" and not b.Sheets.getByName(FORM).isProtected(),
    ),
}


def looks_dressed(c: Any) -> bool:
    return (c.CharFontName, c.CharHeight, c.CharWeight, c.CharUnderline) == ("黑体", 9.0, 150.0, 1) and (
        c.CharColor,
        c.CellBackColor,
        c.IsTextWrapped,
        c.HoriJustify.value,
        c.BottomBorder.Color,
    ) == (0xC00000, 0xDDEBF7, True, "CENTER", 0x8EA0B5)


def links(c: Any) -> list[str]:
    return [c.TextFields.getByIndex(i).URL for i in range(c.TextFields.Count)]


def landscape(book: Any, sheet: str) -> bool:
    style = book.Sheets.getByName(sheet).PageStyle
    return bool(book.StyleFamilies.getByName("PageStyles").getByName(style).IsLandscape)


def width(book: Any, column: int) -> int:
    return int(book.Sheets.getByName(FORM).Columns.getByIndex(column).Width)


def height(book: Any, row: int) -> int:
    return int(book.Sheets.getByName(FORM).Rows.getByIndex(row).Height)


def autofilters(book: Any) -> list[str]:
    """LibreOffice tells the filters of sheets only in a saved file."""
    path = Path(tempfile.mkdtemp()) / "saved.xlsx"
    book.storeToURL(path.as_uri(), properties(FilterName="Calc MS Excel 2007 XML"))
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    shutil.rmtree(path.parent)
    return re.findall(r'<autoFilter ref="([^"]*)"', sheet)


def test_every_kind_is_tried() -> None:
    assert CASES.keys() == set(Do)


@pytest.mark.parametrize("do", CASES)
def test_step(host: Host, book: Any, do: Do) -> None:
    ops, check = CASES[do]
    assert not check(book) or do in (Do.UNNOTE, Do.UNFORMAT, Do.DROPSHEET, Do.UNLOOK)
    assert host.carry_out(steps(*ops)) == ""
    assert check(book)


def test_text_keeps_the_format_of_its_cell(host: Host, book: Any) -> None:
    before = cell(book, "E7").NumberFormat, cell(book, "E7").IsTextWrapped
    assert host.carry_out(steps(Op(Do.TEXT, FORM, "E7", ("1,234\n5",)))) == ""
    assert (cell(book, "E7").NumberFormat, cell(book, "E7").IsTextWrapped) == before
    assert cell(book, "E7").Type.value == "TEXT"


def test_number_in_a_text_cell_is_a_number(host: Host, book: Any) -> None:
    assert host.carry_out(steps(Op(Do.LOOK, FORM, "L3", LOOK._replace(format="@").args))) == ""
    assert host.carry_out(steps(Op(Do.NUMBER, FORM, "L3", ("5",)))) == ""
    assert (cell(book, "L3").Type.value, cell(book, "L3").Value) == ("VALUE", 5.0)


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
        (WHOLE.removesuffix("end\r\n"), "应答不完整（传输中断了），什么也没有改动。请再按一次；还不行就按“诊断”。"),
        (WHOLE.removesuffix("\r\n"), "应答不完整（传输中断了），什么也没有改动。请再按一次；还不行就按“诊断”。"),
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
