"""New contents in cells of the user's: what is written, what stays, what is refused, what clearing leaves."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.workbook.book import read_book
from xlbudget.workbook.mark import Cleared, apply_patch, clear, own_sheet_rows
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import CellEdit, OwnSheet, Patch, SheetCell

from .marking import MAKERS, SHEET, contents, patch
from .parts import MAIN, REL, pack, parts
from .parts import SHEET as PART
from .repeating import loaded

ONE = "表一"
SHARED = (
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="2"><f t="shared" ref="B2:B5" si="0">A2*2</f>'
    "<v>2</v></c></row>"
    '<row r="3"><c r="A3"><v>2</v></c><c r="B3" s="2"><f t="shared" si="0"/><v>4</v></c></row>'
    '<row r="4"><c r="A4"><v>3</v></c><c r="B4" s="2"><f t="shared" si="0"></f><v>6</v></c></row>'
    '<row r="5"><c r="A5"><v>4</v></c><c r="B5" s="2"><f si="0" t="shared"/><v>8</v></c></row>'
)


def edit(ref: str, value: Fraction | str | None = None, formula: str = "", sheet: str = ONE) -> CellEdit:
    found = re.fullmatch(r"([A-Z])(\d+)", ref)
    assert found
    return CellEdit(sheet, int(found[2]), ord(found[1]) - 64, value, formula)


def changed(content: dict[str, bytes], *edits: CellEdit) -> tuple[dict[str, bytes], list[CellEdit]]:
    package = Package.open(pack(content))
    report = apply_patch(package, Patch(cells=list(edits)))
    return contents(package.save()), report.refused


def row(number: int, after: dict[str, bytes]) -> str:
    found = re.search(rf'<row r="{number}".*?</row>', after[PART].decode())
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("wanted", "cell"),
    [
        (edit("A1", Fraction(1, 10)), '<c r="A1" s="1"><v>0.1</v></c>'),
        (edit("A1", Fraction(12)), '<c r="A1" s="1"><v>12</v></c>'),
        (edit("A1", Fraction(1, 3)), '<c r="A1" s="1"><v>0.3333333333333333</v></c>'),
        (
            edit("A1", "=1 & <x>@"),
            '<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve">=1 &amp; &lt;x&gt;@</t></is></c>',
        ),
        (edit("A1"), '<c r="A1" s="1"/>'),
        (edit("A1", ""), '<c r="A1" s="1"/>'),
        (edit("A1", Fraction(3), "B1&C1"), '<c r="A1" s="1"><f>B1&amp;C1</f><v>3</v></c>'),
        (edit("A1", "甲", "B1"), '<c r="A1" s="1" t="str"><f>B1</f><v>甲</v></c>'),
        (edit("A1", None, "B1"), '<c r="A1" s="1"><f>B1</f></c>'),
    ],
)
def test_contents_are_replaced_and_the_format_stays(wanted: CellEdit, cell: str) -> None:
    before = parts('<row r="1"><c r="A1" s="1" t="s" vm="1"><v>0</v></c><c r="B1"><v>2</v></c></row>')
    after, refused = changed(before, wanted)
    assert refused == []
    assert row(1, after) == f'<row r="1">{cell}<c r="B1"><v>2</v></c></row>'
    assert {n for n in before if before[n] != after[n]} == {PART, "xl/workbook.xml"}


def test_formulas_are_calculated_anew_when_the_file_is_opened() -> None:
    after, _ = changed(parts(), edit("A1", Fraction(2)))
    assert b'</sheets><calcPr fullCalcOnLoad="1"/></workbook>' in after["xl/workbook.xml"]
    given_ = parts()
    given_["xl/workbook.xml"] = given_["xl/workbook.xml"].replace(
        b"</sheets>", b'</sheets><calcPr calcId="1" fullCalcOnLoad="0"/>'
    )
    after, _ = changed(given_, edit("A1", Fraction(2)))
    assert b'<calcPr calcId="1" fullCalcOnLoad="1"/>' in after["xl/workbook.xml"]


def test_nothing_to_do_changes_nothing() -> None:
    before = parts('<row r="1"><c r="A1" s="1"/></row>')
    after, refused = changed(before, edit("A1"), edit("B7", ""), edit("A1", "x", sheet="没有"))
    assert after == before
    assert [e.sheet for e in refused] == ["没有"]


def test_cells_and_rows_are_made_with_the_format_of_row_or_column() -> None:
    before = parts(
        '<row r="2" spans="2:2" s="2" customFormat="1"><c r="B2"><v>1</v></c></row><row r="4" s="2"/>'
        '<row r="6"/>'
    )
    before[PART] = before[PART].replace(
        b"<sheetData>",
        b'<dimension ref="B2"/><cols><col min="3" max="4" width="9" style="1"/></cols><sheetData>',
    )
    after, _ = changed(
        before,
        *(edit(ref, Fraction(5)) for ref in ("D2", "A2", "C2", "D4", "A4", "C5", "A5", "A1", "D6", "C8")),
    )
    sheet = after[PART].decode()
    assert re.findall(r'<c r="(\w+)"(?: s="(\d)")?', sheet) == [
        *[("A1", ""), ("A2", "2"), ("B2", ""), ("C2", "2"), ("D2", "2"), ("A4", ""), ("D4", "1")],
        *[("A5", ""), ("C5", "1"), ("D6", "1"), ("C8", "1")],
    ]
    assert re.findall(r'<row r="(\d)"', sheet) == list("124568")
    assert '<row r="2" spans="1:4" s="2" customFormat="1">' in sheet
    assert '<dimension ref="A1:D8"/>' in sheet
    minidom.parseString(after[PART])


def test_the_last_of_two_edits_of_a_cell_counts() -> None:
    after, _ = changed(parts(), edit("A1", Fraction(2)), edit("A1", Fraction(3)))
    assert "<v>3</v>" in row(1, after)


# -- formulas of several cells -------------------------------------------------------------------------


def formulas(content: dict[str, bytes]) -> dict[tuple[int, int], str | None]:
    book = read_book(pack(content))
    return {at: c.formula for at, c in book.sheets[0].cells.items() if at[1] == 2}


def test_the_others_keep_the_formula_when_its_first_cell_is_changed() -> None:
    before = parts(SHARED)
    after, _ = changed(before, edit("B2", Fraction(9)), edit("B4", "x"))
    assert formulas(after) == {(2, 2): None, (3, 2): "A3*2", (4, 2): None, (5, 2): "A5*2"}
    assert '<c r="B3" s="2"><f>A3*2</f><v>4</v></c>' in row(3, after)
    assert b"shared" not in after[PART]
    assert loaded(pack(after))[ONE]["B5"].value == "=A5*2"


def test_another_cell_of_a_shared_formula_is_changed_alone() -> None:
    after, _ = changed(parts(SHARED), edit("B4", Fraction(7), "A4+1"))
    assert formulas(after) == {(2, 2): "A2*2", (3, 2): "A3*2", (4, 2): "A4+1", (5, 2): "A5*2"}
    assert after[PART].count(b"shared") == 3


def test_a_number_of_a_shared_formula_may_be_used_again() -> None:
    again = (
        '<row r="7"><c r="B7"><f t="shared" ref="B7:C7" si="0">A7+1</f></c>'
        '<c r="C7"><f t="shared" si="0"/></c></row>'
    )
    after, _ = changed(parts(SHARED + again), edit("B7", Fraction(1)))
    assert "<f>B7+1</f>" in row(7, after)
    assert after[PART].count(b"shared") == 4


def test_what_cannot_be_changed_by_itself_is_refused() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">ROW(C1:C2)</f><v>1</v></c><c r="B1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="B3"><f t="dataTable" ref="B3:C4" dt2D="1" r1="A1" r2="A2"/><v>1</v></c></row>'
    )
    before = parts(rows, '<mergeCells count="1"><mergeCell ref="D1:E2"/></mergeCells>')
    wanted = [edit(ref, Fraction(5)) for ref in ("A1", "A2", "C4", "E1", "D2")]
    after, refused = changed(before, *wanted)
    assert refused == wanted
    assert after == before
    after, refused = changed(before, edit("D1", "并"), edit("B2", Fraction(5)), wanted[0])
    assert refused == wanted[:1]
    assert loaded(pack(after))[ONE]["D1"].value == "并"


def test_the_head_of_a_table_is_refused() -> None:
    package = Package.open(MAKERS["xlsxwriter"]())
    head, body = edit("A1", "别的", sheet="数据 '23"), edit("A2", "内容", sheet="数据 '23")
    assert apply_patch(package, Patch(cells=[head, body])).refused == [head]
    assert loaded(package.save())["数据 '23"]["A2"].value == "内容"


def test_the_chain_of_calculation_names_no_cell_without_a_formula() -> None:
    package = Package.open(MAKERS["excel"]())
    apply_patch(package, Patch(cells=[edit("C6", Fraction(1), "1+0", SHEET)]))
    assert "xl/calcChain.xml" in package
    apply_patch(package, Patch(cells=[edit("C6", Fraction(1), "", SHEET)]))
    assert "xl/calcChain.xml" not in package
    assert not any(
        "calcChain" in (package.get(n) or b"").decode() for n in package.names() if n[-5:] == ".rels"
    )


# -- together with marks -------------------------------------------------------------------------------


@pytest.fixture(params=MAKERS)
def data(request: pytest.FixtureRequest) -> bytes:
    return MAKERS[request.param]()


EDITS = [
    edit("B4", Fraction(123, 10), sheet=SHEET),
    edit("C5", "新的", sheet=SHEET),
    edit("D7", Fraction(7), "3+4", sheet=SHEET),
    edit("A3", "内容 <1>", sheet="数据 '23"),
]


def test_clearing_leaves_changed_cells(data: bytes) -> None:
    only = Package.open(data)
    apply_patch(only, Patch(cells=EDITS))
    wanted = patch()
    both = Package.open(data)
    assert apply_patch(both, Patch(wanted.marks, wanted.sheets, EDITS)).refused == []
    for name, part in contents(both.save()).items():
        if name.endswith((".xml", ".rels")):
            minidom.parseString(part)
    again = Package.open(both.save())
    assert clear(again) is Cleared.EXACT
    assert contents(again.save()) == contents(only.save())
    assert contents(only.save()) != contents(data)
    cells = read_book(again.save()).sheets[0].cells
    assert (cells[4, 2].value, cells[5, 3].value, cells[7, 4].formula) == ("12.3", "新的", "3+4")


def test_the_label_stands_right_of_a_new_cell() -> None:
    package = Package.open(MAKERS["excel"]())
    wanted = patch()
    apply_patch(package, Patch(wanted.marks, [], [edit("G4", "远", sheet=SHEET)]))
    assert str(loaded(package.save())[SHEET]["H4"].value).startswith("◀错误")


digits = st.fractions(-(10**15), 10**15).map(lambda f: Fraction(repr(float(f))))


@given(st.dictionaries(st.sampled_from("ABCD").flatmap(lambda c: st.integers(1, 6).map(lambda r: f"{c}{r}")),
                       digits | st.text(max_size=8)))  # fmt: skip
def test_what_is_written_can_be_read(wanted: dict[str, Fraction | str]) -> None:
    after, _ = changed(parts(SHARED), *(edit(ref, value) for ref, value in wanted.items()))
    cells = read_book(pack(after)).sheets[0].cells
    for ref, value in wanted.items():
        cell = cells.get((int(ref[1:]), ord(ref[0]) - 64))
        if isinstance(value, Fraction):
            assert cell
            assert Fraction(str(cell.value)) == value
        elif value:
            assert cell
            assert cell.value == value.replace("\r\n", "\n").replace("\r", "\n")
        else:
            assert cell is None


# -- formulas and numbers on our own sheets ------------------------------------------------------------


def test_own_sheets_hold_formulas_and_exact_numbers() -> None:
    cell = SheetCell
    row_ = (cell(Fraction(1, 8)), cell(Fraction(3), formula="A1*24"), cell("甲", "ok", formula='"甲"&""'))
    package = Package.open(MAKERS["excel"]())
    apply_patch(package, Patch(sheets=[OwnSheet("评分底稿", (row_,), (8, 8, 8))]))
    sheet = (package.get("xl/worksheets/xlbudget1.xml") or b"").decode()
    cells = re.findall(r"<c .*?</c>", sheet)
    assert [re.sub(r' s="\d+"', "", c) for c in cells] == [
        '<c r="A1"><v>0.125</v></c>',
        '<c r="B1"><f>A1*24</f><v>3</v></c>',
        '<c r="C1" t="str"><f>&quot;甲&quot;&amp;&quot;&quot;</f><v>甲</v></c>',
    ]
    assert own_sheet_rows(package, "评分底稿") == [["0.125", "3", "甲"]]
    assert loaded(package.save())["评分底稿"]["A1"].alignment.horizontal == "center"


def test_namespaces_with_a_prefix() -> None:
    content = parts()
    content[PART] = (
        f'<x:worksheet xmlns:x="{MAIN}" xmlns:r="{REL}"><x:sheetData><x:row r="1">'
        '<x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1"><x:f t="shared" ref="B1:B2" si="3">A1&amp;"&lt;"</x:f>'
        '</x:c></x:row><x:row r="2"><x:c r="B2"><x:f t="shared" si="3"/></x:c></x:row></x:sheetData>'
        "</x:worksheet>"
    ).encode()
    after, _ = changed(content, edit("B1", "甲"), edit("A1", Fraction(2), "1+1"))
    cells = read_book(pack(after)).sheets[0].cells
    assert (cells[1, 2].value, cells[2, 2].formula, cells[1, 1].formula) == ("甲", 'A2&"<"', "1+1")
