"""XbApply repeats steps on an open workbook: every kind of them."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xlbudget.excel.messages import Reply
from xlbudget.workbook.ops import Do, Look, Op

from .host import Host, properties
from .seen import BOOK

pytestmark = pytest.mark.office

FORM = "附件2-1"
LOOK = Look("黑体", "9", "1", "1", "C00000", "DDEBF7", "8EA0B5", "1", "center", "top", "1", "0.00")


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
    return [
        (ranges.replace(f"'{FORM}'.", ""), formula) for ranges, formula in entries if "xlbudget" in formula
    ]


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
