"""Reading a workbook: exact contents, whoever wrote it and however oddly; nothing but a refusal is raised."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.defined_name import DefinedName

from xlbudget.packs.layout import Box
from xlbudget.workbook.book import RawCell, RawSheet, read_book
from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.sharedformula import moved

from . import parts
from .parts import MAIN, SHEET


def first(data: bytes) -> RawSheet:
    return read_book(data).sheets[0]


def only(inside: str, attributes: str = "") -> RawCell | None:
    """The cell A1 written as ``<c r="A1" …>inside</c>``."""
    return first(parts.book(f'<row r="1"><c r="A1"{attributes}>{inside}</c></row>')).cells.get((1, 1))


@pytest.mark.parametrize(
    ("attributes", "inside", "kind", "value", "formula"),
    [
        ("", "<v>1</v>", "number", "1", None),
        ("", "<v>0.86319999999999997</v>", "number", "0.86319999999999997", None),
        ("", "<v>1.0E-3</v>", "number", "1.0E-3", None),
        ("", "<v> 7 </v>", "number", "7", None),
        (' t="n"', "<v>-.5</v>", "number", "-.5", None),
        ("", "<v>NaN</v>", "error", "#NUM!", None),
        ("", "<v>1_000</v>", "error", "#NUM!", None),
        (' t="s"', "<v>0</v>", "text", "项目名称", None),
        (' t="s"', "<v>1</v>", "text", "丰富文本", None),
        (' t="str"', "<f>A2&amp;&quot;元&quot;</f><v>&lt;5&#20803;&gt;</v>", "text", "<5元>", 'A2&"元"'),
        (' t="inlineStr"', "<is><t>直接文字</t></is>", "text", "直接文字", None),
        (' t="inlineStr"', '<is><t xml:space="preserve"> 前后 </t></is>', "text", " 前后 ", None),
        (
            ' t="inlineStr"',
            "<is><r><t>甲</t></r><r><rPr><sz val='9'/></rPr><t>乙</t></r></is>",
            "text",
            "甲乙",
            None,
        ),
        (' t="inlineStr"', "<is><t>甲_x000D_乙_x005F_x</t></is>", "text", "甲\r乙_x", None),
        (' t="inlineStr"', "<is><t>_xD83D__xDE00_|_xD83D_</t></is>", "text", "😀|\ufffd", None),
        (' t="inlineStr"', "<is/>", "text", "", None),
        (' t="b"', "<v>1</v>", "bool", True, None),
        (' t="b"', "<v>0</v>", "bool", False, None),
        (' t="e"', "<f>1/0</f><v>#DIV/0!</v>", "error", "#DIV/0!", "1/0"),
        (' t="d"', "<v>2023-12-20T00:00:00Z</v>", "text", "2023-12-20T00:00:00Z", None),
        ("", "<f>SUM(A2:A9)</f>", "blank", None, "SUM(A2:A9)"),
        ("", "<f>SUM(A2:A9)</f><v/>", "blank", None, "SUM(A2:A9)"),
        ("", "<f>SUM(A2:A9)</f><v>3.5</v>", "number", "3.5", "SUM(A2:A9)"),
        ("", '<f t="array" ref="A1">SUM(A2*A3)</f><v>3</v>', "number", "3", "SUM(A2*A3)"),
        ("", '<v xml:space="preserve">4</v>', "number", "4", None),
        (' cm="1" t="b"', "<v>1</v>", "bool", True, None),
        (' t="str"', "<v>=cmd|'/c calc'!A1</v>", "text", "=cmd|'/c calc'!A1", None),
        (' t="str"', "<v>a<!-- note -->b<![CDATA[<c>]]></v>", "text", "ab<c>", None),
    ],
)
def test_contents(attributes: str, inside: str, kind: str, value: object, formula: str | None) -> None:
    cell = only(inside, attributes)
    assert cell is not None
    assert (cell.kind, cell.value, cell.formula) == (kind, value, formula)
    assert (cell.row, cell.col, cell.style, cell.number_format) == (1, 1, 0, "General")


@pytest.mark.parametrize("inside", ["", "<v/>", "<v></v>"])
def test_cells_without_content_are_left_out(inside: str) -> None:
    assert only(inside, ' s="1"') is None


def test_number_formats_come_with_the_style() -> None:
    cells = first(parts.book(
        '<row r="1"><c r="A1" s="1"><v>0.8632</v></c><c r="B1" s="2"><v>9</v></c>'
        '<c r="C1" s="99"><v>1</v></c></row>'
    )).cells  # fmt: skip
    assert [(c.style, c.number_format) for c in cells.values()] == [
        (1, "0.00%"), (2, '0.00"万元"'), (99, "General")]  # fmt: skip


def test_shared_formulas_are_written_out() -> None:
    cells = first(parts.book(
        '<row r="1"><c r="B1"><f t="shared" ref="B1:C2" si="0">ROUND(A1*$A$9,2)</f><v>1</v></c>'
        '<c r="C1"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/><v>1</v></c></row>'
    )).cells  # fmt: skip
    assert [c.formula for c in cells.values()] == [
        "ROUND(A1*$A$9,2)", "ROUND(B1*$A$9,2)", "ROUND(A2*$A$9,2)"]  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "down", "right", "expected"),
    [
        ("A1+$B2+C$3+$D$4", 1, 1, "B2+$B3+D$3+$D$4"),
        ('"A1"&A1', 2, 0, '"A1"&A3'),
        ("'A1 表'!A1+表1!B2", 1, 0, "'A1 表'!A2+表1!B3"),
        ("LOG10(A1)+指标A1+A1_2", 1, 0, "LOG10(A2)+指标A1+A1_2"),
        ("SUM(A:A)+SUM(1:3)+SUM($A:B)", 1, 1, "SUM(B:B)+SUM(2:4)+SUM($A:C)"),
        ("A1", -1, 0, "#REF!"),
        ("XFD1", 0, 1, "#REF!"),
        ("T[A1]+A1", 1, 0, "T[A1]+A2"),
        ("A1:B2", 1, 1, "B2:C3"),
    ],
)
def test_formulas_move_as_in_a_spreadsheet(formula: str, down: int, right: int, expected: str) -> None:
    assert moved(formula, down, right) == expected


def test_merges_protection_and_state() -> None:
    content = parts.parts(
        after='<sheetProtection sheet="1"/><mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    )
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        b'sheetId="1"', b'sheetId="1" state="hidden"'
    )
    sheet = first(parts.pack(content))
    assert (sheet.merges, sheet.protected, sheet.state) == ([Box(1, 1, 2, 2)], True, "hidden")
    assert not first(parts.book(after='<sheetProtection sheet="0"/>')).protected


def test_names_and_properties_and_dates() -> None:
    content = parts.parts()
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        b"<sheets>", b'<workbookPr date1904="1"/><sheets>'
    ).replace(
        b"</workbook>",
        "<definedNames><definedName name='全局' hidden='1'>\"S3\"</definedName>"
        "<definedName name='金额' localSheetId='0'>'表一'!$A$1</definedName>"
        "<definedName name='悬空' localSheetId='7'>A1</definedName></definedNames></workbook>".encode(),
    )  # fmt: skip
    content["docProps/custom.xml"] = (
        b'<Properties xmlns="urn:p" xmlns:vt="urn:vt"><property pid="2" name="xlbudget-pack">'
        b"<vt:lpwstr>s3@2023</vt:lpwstr></property></Properties>"
    )
    content["_rels/.rels"] = content["_rels/.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="r9" Type="{parts.REL}/custom-properties" Target="docProps/custom.xml"/>'
        "</Relationships>".encode(),
    )
    book = read_book(parts.pack(content))
    assert [(n.name, n.sheet, n.target, n.hidden) for n in book.names] == [
        ("全局", None, '"S3"', True),
        ("金额", "表一", "'表一'!$A$1", False),
    ]
    assert book.properties == {"xlbudget-pack": "s3@2023"}
    assert book.date1904
    assert book.main == "xl/workbook.xml"
    assert (book.macros, book.signed) == (False, False)


ROWS = '<row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'


def prefixed(rows: str) -> bytes:
    for tag in ("row", "c", "v", "f"):
        rows = rows.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>")
        rows = rows.replace(f"</{tag}>", f"</x:{tag}>")
    return f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'.encode()


@pytest.mark.parametrize(
    "xml",
    [
        parts.sheet(ROWS),
        parts.sheet(ROWS).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        parts.sheet(ROWS).decode().replace("UTF-8", "UTF-16").encode("utf-16-be"),
        parts.sheet(ROWS).decode().replace("UTF-8", "GBK").encode("gbk"),
        b"\xef\xbb\xbf" + parts.sheet(ROWS),
        parts.sheet(ROWS).replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        parts.sheet(ROWS.replace(' r="1"', "").replace(' r="A1"', "").replace(' r="B1"', "")),
        parts.sheet(ROWS.replace('r="A1" s="1" t="s"', "t='s'\n s='1'  r='A1'")),
        parts.sheet("<!-- <c r='A1'> -->" + ROWS),
        prefixed(ROWS),
    ],
    ids=["plain", "utf16", "utf16be", "gbk", "bom", "strict", "unaddressed", "order", "comment", "prefixed"],
)
def test_one_sheet_however_it_is_written(xml: bytes) -> None:
    assert list(first(parts.pack({**parts.parts(), SHEET: xml})).cells.values()) == [
        RawCell(1, 1, "text", "项目名称", 1, None, "0.00%"),
        RawCell(1, 2, "number", "2", 0, "1+1", "General"),
    ]


def by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "附件2-1"
    sheet["A1"] = "项目名称"
    sheet["B2"] = 86.25
    sheet["B3"] = "=SUM(B2,1)"
    sheet["C3"] = True
    sheet["B2"].number_format = "#,##0.00"
    sheet.merge_cells("A1:C1")
    sheet.defined_names["金额"] = DefinedName("金额", attr_text="'附件2-1'!$B$2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("附件2-1")
        sheet.merge_range("A1:C1", "项目名称")
        sheet.write("B2", 86.25, book.add_format({"num_format": "#,##0.00"}))
        sheet.write_formula("B3", "=SUM(B2,1)")
        sheet.write("C3", True)
        book.define_name("'附件2-1'!金额", "='附件2-1'!$B$2")
    return out.getvalue()


@pytest.mark.parametrize("make", [by_openpyxl, by_xlsxwriter])
def test_workbooks_of_two_libraries(make: Callable[[], bytes]) -> None:
    book = read_book(make())
    (sheet,) = book.sheets
    assert sheet.name == "附件2-1"
    assert sheet.merges == [Box(1, 1, 1, 3)]
    assert {k: (c.kind, c.value, c.formula) for k, c in sheet.cells.items() if k != (3, 2)} == {
        (1, 1): ("text", "项目名称", None),
        (2, 2): ("number", "86.25", None),
        (3, 3): ("bool", True, None),
    }
    assert sheet.cells[3, 2].formula == "SUM(B2,1)"
    assert sheet.cells[2, 2].number_format == "#,##0.00"
    assert [(n.name, n.sheet, n.target) for n in book.names] == [("金额", "附件2-1", "'附件2-1'!$B$2")]


# Without control characters and carriage returns, which openpyxl refuses or rewrites, and without what
# looks like an escape, which openpyxl does not protect.
TEXTS = st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1, max_size=20).filter(
    lambda text: "_x" not in text and not text.startswith(("=", "#"))
)
NUMBERS = st.integers(-(10**15), 10**15)
PLACES = st.tuples(st.integers(1, 60), st.integers(1, 30))


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(PLACES, st.one_of(TEXTS, NUMBERS), max_size=15))
def test_what_openpyxl_writes_is_read_back(cells: dict[tuple[int, int], str | int]) -> None:
    book = openpyxl.Workbook()
    for (row, col), value in cells.items():
        book.active.cell(row, col, value)
    out = io.BytesIO()
    book.save(out)
    assert {key: (cell.kind, cell.value) for key, cell in first(out.getvalue()).cells.items()} == {
        key: ("text", value) if isinstance(value, str) else ("number", str(value))
        for key, value in cells.items()
    }


def outcome(data: bytes) -> str:
    """How reading ends; anything but a book or a refusal fails the test."""
    try:
        read_book(data)
    except WorkbookRefused as refused:
        return refused.code if refused.message.endswith("。") else "no sentence"
    return "read"


def spoiled(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at = rng.randrange(len(out))
        action = rng.randrange(4)
        if action == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif action == 1:
            out[at] = rng.choice(b"<>/\"'&;=\0 0A\xff")
        elif action == 2:
            del out[at : at + rng.randrange(1, 9)]
        else:
            other = rng.randrange(len(out))
            out[at:at] = out[other : other + rng.randrange(1, 40)]
    return bytes(out)


SEEDS = [
    parts.book(ROWS),
    by_openpyxl(),
    by_xlsxwriter(),
    parts.pack({**parts.parts(), SHEET: prefixed(ROWS)}),
]


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_spoiled_files_are_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(300):
        assert outcome(spoiled(SEEDS[seed], rng)) != "no sentence"
    for _ in range(100):
        assert outcome(SEEDS[seed][: rng.randrange(len(SEEDS[seed]))]) != "read"


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_spoiled_parts_are_read_or_refused(seed: int) -> None:
    """Spoiled inside a correct container, so that the checksums do not catch it."""
    rng = random.Random(100 + seed)
    with zipfile.ZipFile(io.BytesIO(SEEDS[seed])) as z:
        content = {name: z.read(name) for name in z.namelist()}
    used = [n for n in content if "theme" not in n]
    seen = set()
    for _ in range(400):
        name = rng.choice(used)
        if content[name]:
            seen.add(outcome(parts.pack({**content, name: spoiled(content[name], rng)}, zipfile.ZIP_STORED)))
    assert "no sentence" not in seen
    assert "read" in seen
    assert "part-malformed" in seen
