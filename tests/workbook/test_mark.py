"""Marking and clearing: what is touched, what comes back, what a reader of the marked file sees."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from xml.dom import minidom

import openpyxl
import pytest

from xlbudget.workbook.mark import Cleared, apply_patch, clear, own_sheet_rows
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import Mark, OwnSheet, Patch, SheetCell

from ..office import Office
from .excel_like import build
from .excel_like_extras import Variant
from .marking import MAKERS, SHEET, by_openpyxl, contents, marked, own_sheets, packed, patch, traces

TOUCHED_IN_EXCEL = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/comments1.xml",
    "xl/drawings/vmlDrawing1.vml",
}
ADDED_IN_EXCEL = {
    "xl/worksheets/_rels/sheet2.xml.rels",
    "xl/comments2.xml",
    "xl/drawings/vmlDrawing2.vml",
    "xl/worksheets/xlbudget1.xml",
    "xl/worksheets/xlbudget2.xml",
    "customXml/xlbudget1.xml",
}


def loaded(data: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(params=MAKERS)
def data(request: pytest.FixtureRequest) -> bytes:
    return MAKERS[request.param]()


def test_clearing_gives_back_every_part(data: bytes) -> None:
    package = Package.open(marked(data))
    assert clear(package) is Cleared.EXACT
    after = contents(package.save())
    before = contents(data)
    assert list(after) == list(before)
    assert after == before


def test_all_parts_stay_well_formed(data: bytes) -> None:
    for name, part in contents(marked(data)).items():
        if name.endswith((".xml", ".rels")):
            minidom.parseString(part)


def test_equal_input_gives_equal_bytes_and_marking_again_replaces(data: bytes) -> None:
    first = marked(data)
    assert marked(data) == first
    assert marked(first) == first
    assert contents(marked(first, Patch())) == contents(data)


def test_only_the_parts_concerned_are_changed() -> None:
    before = contents(build())
    after = contents(marked(build()))
    assert {n for n in before if before[n] != after.get(n)} == TOUCHED_IN_EXCEL
    assert set(after) - set(before) == ADDED_IN_EXCEL


def test_untouched_members_keep_their_compressed_bytes() -> None:
    data = build()
    out = marked(data)
    for name in set(contents(data)) - TOUCHED_IN_EXCEL:
        at = data.index(name.encode())
        assert data[at - 30 : at + 60] in out


def test_a_file_that_was_never_marked_is_left_alone(data: bytes) -> None:
    package = Package.open(data)
    assert clear(package) is Cleared.NOTHING
    assert package.changed() == []
    assert package.save() == data


def test_highlights_come_first_and_keep_the_order_of_the_others() -> None:
    sheet = loaded(marked(build()))[SHEET]
    rules = {str(f.sqref): [(r.formula, r.priority) for r in f.rules] for f in sheet.conditional_formatting}
    assert rules == {
        "A7 B4": [(['"xlbudget.mark"<>"错误"'], 1)],
        "C4": [(['"xlbudget.mark"<>"核实"'], 2)],
        "B5 B8:C8": [(['"xlbudget.mark"<>"提示"'], 3)],
        "B4:C6": [([], 5)],
        "B4": [(["$B$4>500"], 4)],
    }
    xml = contents(marked(build()))["xl/worksheets/sheet1.xml"]
    assert b'<x14:cfRule type="expression" priority="6"' in xml


def test_severities_differ_in_colour_and_in_pattern() -> None:
    book = loaded(marked(build()))
    sheet = book[SHEET]
    fills = {}
    for formats in sheet.conditional_formatting:
        for rule in formats.rules:
            if rule.formula and "xlbudget.mark" in rule.formula[0]:
                fill = book._differential_styles[rule.dxfId].fill
                fills[rule.formula[0][-3:-1]] = (fill.patternType, fill.bgColor.rgb)
    assert fills == {
        "错误": ("lightUp", "FFFFDCDC"),
        "核实": ("gray125", "FFFFF0C4"),
        "提示": ("solid", "FFDDEBF7"),
    }


def test_notes_are_added_and_appended() -> None:
    sheet = loaded(marked(build()))[SHEET]
    notes = {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}
    assert notes == {
        "B4": "张三：\n按批复数填\n【审核】错误 S3-05 合计不等\n年初预算数 535 应等于 461.80。\n请核对。"
        "\n\n核实 S3-09\n第二条。〔完〕",
        "C4": "已核对 & 无误\n【审核】核实 S3-07\n执行数与批复 & 决算不一致 <1>。〔完〕",
        "D4": "",
        "B5": "【审核】提示 S3-11\n尾差 0.01。〔完〕",
        "C6": "[线程批注] 请看",
        "A7": "【审核】错误 S3-06\n这一行没有内容。〔完〕",
        "B8": "【审核】提示 S3-01\n合并的单元格。〔完〕",
    }
    assert sheet["A7"].comment.author == "xlbudget 审核"


def test_a_cell_with_a_thread_gets_no_note_and_is_reported() -> None:
    package = Package.open(build())
    mark = Mark(SHEET, 6, 3, "错误", "有线程批注。", "S3-05")
    report = apply_patch(package, Patch([mark, Mark("没有这张表", 1, 1, "错误", "x", "x")]))
    assert report.unnoted == [mark]
    assert [m.sheet for m in report.unplaced] == ["没有这张表"]
    assert loaded(package.save())[SHEET]["C6"].comment.text == "[线程批注] 请看"
    assert loaded(package.save())[SHEET]["E6"].value == "◀错误 S3-05"


def test_labels_stand_right_of_the_table_and_are_printed() -> None:
    sheet = loaded(marked(build()))[SHEET]
    labels = {c.coordinate: c.value for c in sheet["E"] if c.value}
    assert labels == {
        "E4": "◀错误 S3-05；核实 S3-07、S3-09",
        "E5": "◀提示 S3-11",
        "E7": "◀错误 S3-06",
        "E8": "◀提示 S3-01",
    }
    assert sheet.print_area == "'自评表'!$A$1:$E$8"
    xml = contents(marked(build()))["xl/worksheets/sheet1.xml"].decode()
    assert '<col min="5" max="5" width="29.7109375" customWidth="1"/>' in xml
    assert '<col min="6" max="16384" width="9" style="1" hidden="1"/>' in xml
    assert '<row r="5" spans="1:5">' in xml


def test_own_sheets_are_complete() -> None:
    book = loaded(marked(build()))
    assert book.sheetnames == [SHEET, "图", "数据 '23", "审核结果", "审核规则"]
    sheet = book["审核结果"]
    assert sheet["C3"].hyperlink.location == "'自评表'!B4"
    assert sheet["D3"].value == "=1+1"
    assert sheet["D3"].data_type != "f" or sheet["D3"].quotePrefix is not None
    assert sheet.freeze_panes == "A3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.auto_filter.ref == "A2:E4"
    assert sheet["A2"].fill.fgColor.rgb == "FF34567A"
    assert sheet["B3"].fill.fgColor.rgb == "FFFFDCDC"
    assert sheet["E3"].fill.fgColor.rgb == "FFFFFFE5"
    assert not sheet.protection.sheet


def test_own_text_is_never_a_formula() -> None:
    assert b"<f>" not in contents(marked(build()))["xl/worksheets/xlbudget1.xml"]


def test_own_rows_can_be_read_back() -> None:
    package = Package.open(marked(build()))
    assert own_sheet_rows(package, "审核结果") == [
        ["审核结果"],
        ["序号", "级别", "位置", "说明", "出错说明"],
        ["1", "错误", "自评表!B4", "=1+1", ""],
        ["2", "核实", "", "两行\n说明", "系四舍五入"],
    ]
    assert own_sheet_rows(package, "审核底稿") == []


def test_a_sheet_of_the_user_with_our_name_is_left_alone() -> None:
    book = openpyxl.Workbook()
    book.active.title = "审核结果"
    book.active["A1"] = "用户自己的"
    out = io.BytesIO()
    book.save(out)
    package = Package.open(marked(out.getvalue(), Patch([], own_sheets()[:1])))
    assert loaded(package.save()).sheetnames == ["审核结果", "审核结果 (2)"]
    assert own_sheet_rows(package, "审核结果")[0] == ["审核结果"]
    assert clear(package) is Cleared.EXACT
    assert contents(package.save()) == contents(out.getvalue())


def test_control_characters_and_entities_survive_in_own_sheets() -> None:
    text = 'a\x07b <&> _x0041_ "引号"'
    sheet = OwnSheet("审核结果", ((SheetCell(text),),), (20,))
    package = Package.open(marked(build(), Patch([], [sheet])))
    assert own_sheet_rows(package, "审核结果") == [[text]]


def test_text_typed_into_our_note_is_not_ours_to_delete() -> None:
    """The words behind our closing sign stay when marks are cut out one by one."""
    parts = contents(marked(build()))
    comments = parts["xl/comments1.xml"].decode()
    parts["xl/comments1.xml"] = comments.replace(
        "这一行没有内容。〔完〕", "这一行没有内容。〔完〕\n已核实"
    ).encode()
    package = Package.open(packed(parts))
    assert clear(package) is Cleared.STRUCTURAL
    sheet = loaded(package.save())[SHEET]
    assert sheet["A7"].comment.text == "\n已核实"
    assert traces(package.save()) == ["xl/comments1.xml"]  # the author of what is left


def test_a_touched_part_makes_clearing_structural_and_complete(data: bytes) -> None:
    parts = contents(marked(data))
    name = next(n for n in parts if n.lower().endswith("book.xml"))
    parts[name] += b"<!-- saved again -->"
    package = Package.open(packed(parts))
    assert clear(package) is Cleared.STRUCTURAL
    assert traces(package.save()) == []
    assert clear(package) is Cleared.NOTHING
    openpyxl_can_read = loaded(package.save()).sheetnames
    assert "审核结果" not in openpyxl_can_read


def test_a_damaged_manifest_falls_back() -> None:
    parts = contents(marked(build()))
    parts["customXml/xlbudget1.xml"] = parts["customXml/xlbudget1.xml"].replace(b"edits", b"edit")
    package = Package.open(packed(parts))
    assert clear(package) is Cleared.STRUCTURAL
    assert traces(package.save()) == []


def test_a_signature_is_reported() -> None:
    parts = contents(build())
    parts["_xmlsignatures/sig1.xml"] = b"<x/>"
    assert apply_patch(Package.open(packed(parts)), patch()).signed
    assert not apply_patch(Package.open(build()), patch()).signed


# -- saved by other programs in between ----------------------------------------------------------------


def test_after_openpyxl_saved_it_all_marks_are_found() -> None:
    original = build(Variant(chart_sheet=False))
    out = io.BytesIO()
    loaded(marked(original)).save(out)
    package = Package.open(out.getvalue())
    assert own_sheet_rows(package, "审核结果")[3] == ["2", "核实", "", "两行\n说明", "系四舍五入"]
    assert clear(package) is Cleared.STRUCTURAL
    check_cleared(package.save())
    assert traces(package.save()) == []


def test_after_libreoffice_saved_it_all_marks_are_found(office: Office, tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_bytes(marked(build()))
    resaved = office.resave(tmp_path / "in.xlsx", tmp_path / "out.xlsx").read_bytes()
    sheet = loaded(resaved)[SHEET]
    assert sheet["B5"].comment.text == "【审核】提示 S3-11\n尾差 0.01。〔完〕"
    assert sheet["E4"].value == "◀错误 S3-05；核实 S3-07、S3-09"
    formulas = {r.formula[0] for f in sheet.conditional_formatting for r in f.rules if r.formula}
    assert {f'"xlbudget.mark"<>"{s}"' for s in ("错误", "核实", "提示")} < formulas
    package = Package.open(resaved)
    assert own_sheet_rows(package, "审核结果")[3] == ["2", "核实", "", "两行\n说明", "系四舍五入"]
    assert clear(package) is Cleared.STRUCTURAL
    check_cleared(package.save())
    assert set(traces(package.save())) <= {"xl/sharedStrings.xml"}  # texts that no cell shows any more


def check_cleared(data: bytes) -> None:
    """Nothing of ours is left in the workbook as openpyxl sees it, and the user's own is."""
    book = loaded(data)
    assert [n for n in book.sheetnames if n.startswith("审核")] == []
    sheet = book[SHEET]
    formulas = [r.formula for f in sheet.conditional_formatting for r in f.rules]
    assert sorted(f for f in formulas if f) == [["$B$4>500"]]
    notes = {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}
    assert notes.pop("D4", "").strip() == ""  # LibreOffice forgets who wrote an empty note
    assert notes == {"B4": "张三：\n按批复数填", "C4": "已核对 & 无误", "C6": "[线程批注] 请看"}
    assert [c.value for c in sheet["E"] if c.value] == []
    assert sheet.print_area == "'自评表'!$A$1:$D$8"
    names = [*book.defined_names, *(n for s in book.worksheets for n in s.defined_names)]
    assert [n for n in names if "xlbudget" in n] == []


def test_files_of_libreoffice_come_back_to_the_byte(office: Office, tmp_path: Path) -> None:
    for name, data in (("excel", build()), ("openpyxl", by_openpyxl())):
        (tmp_path / f"{name}.xlsx").write_bytes(data)
        made = office.resave(tmp_path / f"{name}.xlsx", tmp_path / f"{name}-lo.xlsx").read_bytes()
        package = Package.open(marked(made))
        assert clear(package) is Cleared.EXACT
        assert contents(package.save()) == contents(made)


def test_marking_again_after_a_save_leaves_one_set_of_marks() -> None:
    out = io.BytesIO()
    loaded(marked(build(Variant(chart_sheet=False)))).save(out)
    again = marked(out.getvalue())
    sheet = loaded(again)[SHEET]
    assert sheet["B5"].comment.text == "【审核】提示 S3-11\n尾差 0.01。〔完〕"
    formulas = [r.formula[0] for f in sheet.conditional_formatting for r in f.rules if r.formula]
    assert sorted(f for f in formulas if "xlbudget" in f) == sorted(
        f'"xlbudget.mark"<>"{s}"' for s in ("错误", "核实", "提示")
    )
    assert loaded(again).sheetnames == [SHEET, "数据 '23", "审核结果", "审核规则"]
