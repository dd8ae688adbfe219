"""Blank forms: what an accountant gets to type into."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile

import pytest

from tests.office import Office
from tests.workbook.filling import opened, unit
from tests.workbook.live_probe import lit_cells
from xlbudget.packs import Pack, available_packs, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.record import FormRecord, Record
from xlbudget.workbook.fill import blank, placed
from xlbudget.workbook.fill.live import Live, live_formats
from xlbudget.workbook.fill.shape import Plan, shape_of
from xlbudget.workbook.fill.stamp import Stamp
from xlbudget.workbook.fill.template import template_of

CN = load_pack("S3-CN")


def stamps(pack: Pack) -> list[Stamp]:
    """The sheets of a pack's blank workbook."""
    record = placed(pack, Record(pack.id, forms=[FormRecord(form.id) for form in pack.forms]))
    template = template_of(pack)
    return [template.stamp(shape_of(pack.form(form.form), form)) for form in record.forms]


def lives(pack: Pack, form: str) -> list[Live]:
    stamp = next(s for s in stamps(pack) if s.plan.form.id == form)
    return live_formats(stamp.plan, pack.rules_of(form), pack_program(pack))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return z.read(name).decode()


def test_one_sheet_per_form_with_the_summary_linked() -> None:
    book = opened(blank(CN))
    assert book.sheetnames == ["附件2-1", "汇总"]
    assert book["汇总"]["E5"].value == "=IF('附件2-1'!G6=\"\",\"\",'附件2-1'!G6)"
    assert book["汇总"]["B5"].value == "=IF('附件2-1'!C3=\"\",\"\",'附件2-1'!C3)"


def test_a_form_asked_for_three_times_has_three_sheets_and_rows() -> None:
    book = opened(blank(CN, ["自评表"] * 3))
    assert book.sheetnames == ["附件2-1", "附件2-2", "附件2-3", "汇总"]
    assert [book["汇总"].cell(row, 1).value for row in (5, 6, 7)] == [1, 2, 3]
    assert book["汇总"]["A8"].value == "合计"
    assert book["汇总"]["G7"].value == "=IF('附件2-3'!H22=\"\",\"\",'附件2-3'!H22)"


def test_standard_rows_are_printed_with_merged_labels() -> None:
    sheet = opened(blank(CN))["附件2-1"]
    assert [sheet.cell(row, 2).value for row in (13, 14, 17, 21)] == [
        "产出指标\n（50分）",
        None,
        "效益指标\n（30分）",
        "满意度指标\n（10分）",
    ]
    merged = {str(r) for r in sheet.merged_cells.ranges}
    assert {"B13:B16", "B17:B20", "A12:A21", "I13:J13", "A22:F22"} <= merged
    assert "B21:B21" not in merged


def test_names_are_local_to_their_sheet() -> None:
    book = opened(blank(CN))
    names = book["附件2-1"].defined_names
    assert names["年初预算数"].attr_text == "'附件2-1'!$E$6"
    assert names["指标_得分"].attr_text == "'附件2-1'!$H$13:$H$21"
    assert book["汇总"].defined_names["项目_自评得分"].attr_text == "'汇总'!$G$5:$G$5"
    assert list(book.defined_names) == ["_xlbudget_pack"]


def test_the_pack_signs_the_workbook() -> None:
    data = blank(load_pack("S3-HN"))
    assert opened(data).defined_names["_xlbudget_pack"].attr_text == '"S3-HN@2020.1"'
    assert opened(data).defined_names["_xlbudget_pack"].hidden
    assert [(p.name, p.value) for p in opened(data).custom_doc_props.props] == [
        ("_xlbudget_pack", "S3-HN@2020.1")
    ]
    assert 'fullCalcOnLoad="1"' in part(data, "xl/workbook.xml")


def test_print_set_up() -> None:
    book = opened(blank(CN))
    form, summary = book["附件2-1"], book["汇总"]
    for sheet in (form, summary):
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_options.horizontalCentered
        assert not sheet.sheet_view.showGridLines
    assert (form.page_setup.orientation, form.print_area) == ("portrait", "'附件2-1'!$A$1:$J$22")
    assert (summary.page_setup.orientation, summary.print_title_rows) == ("landscape", "$4:$4")
    assert (form.sheet_view.tabSelected, bool(summary.sheet_view.tabSelected)) == (True, False)


@pytest.mark.parametrize(
    ("cell", "style", "number_format", "font"),
    [
        ("A1", "表样·标题", "General", ("黑体", 20)),
        ("A2", "表样·年度", '"（"0"年度）";"（"0"年度）";"（"0"年度）";"（"@"年度）"', ("宋体", 12)),
        ("E7", "表样·金额", "#,##0.00", ("宋体", 11)),
        ("I6", "表样·比率", "0.00%", ("宋体", 11)),
        ("H13", "表样·得分", "General", ("宋体", 11)),
        ("E13", "表样·居中", "@", ("宋体", 11)),
    ],
)
def test_styles(cell: str, style: str, number_format: str, font: tuple[str, int]) -> None:
    found = opened(blank(CN))["附件2-1"][cell]
    assert (found.style, found.number_format, (found.font.name, found.font.sz)) == (
        style,
        number_format,
        font,
    )


def test_every_bordered_row_is_closed() -> None:
    sheet = opened(blank(CN))["汇总"]
    assert all(
        sheet.cell(row, col).border.left.style == "thin" for row in range(4, 9) for col in range(3, 11)
    )
    assert sheet["A1"].border.left is None


def checks(sheet: object) -> dict[str, tuple[object, ...]]:
    found = sheet.data_validations.dataValidation  # type: ignore[attr-defined]
    return {str(v.sqref): (v.type, v.operator, v.formula1, v.formula2, v.errorStyle) for v in found}


def test_input_checks() -> None:
    book = opened(blank(CN))
    form, summary = checks(book["附件2-1"]), checks(book["汇总"])
    assert form["A2:J2"] == ("whole", "between", "2000", "2100", None)
    assert form["E7"] == ("decimal", "greaterThanOrEqual", "0", None, "warning")
    assert form["H13:H21"] == ("decimal", "between", "0", "G13", "warning")
    assert form["F13:F21"][0] is None  # a hint only
    assert summary["I5"] == ("list", None, '"优,良,中,差"', None, None)
    assert not any("E6" in area.split() for area in form)  # nobody types into a formula


def test_input_checks_speak_chinese() -> None:
    found = {str(v.sqref): v for v in opened(blank(CN))["附件2-1"].data_validations.dataValidation}
    assert found["E7"].promptTitle == "其中：当年财政拨款·年初预算数"
    assert found["E7"].prompt == "单位：万元，保留 2 位小数"
    assert (found["H13:H21"].errorTitle, found["H13:H21"].error) == (
        "得分有误",
        "得分应在 0 与本行分值之间。不适用的指标可以选“是”保留。",
    )
    assert found["F13:F21"].prompt == "填实际数，如 95%、6项；不要写 ≥、≤"


def test_a_blank_year_leaves_a_gap_to_write_in() -> None:
    assert opened(blank(CN))["附件2-1"]["A2"].value == "    "


# -- live formats --------------------------------------------------------------------------------------


def test_a_rule_of_rows_is_relative_to_its_row() -> None:
    found = [x for x in lives(CN, "自评表") if x.rule == "S3-04-3"]
    assert [(x.sqref, x.formula) for x in found] == [
        ("H13:H21", "IFERROR(AND(AND(ISNUMBER($H13),ISNUMBER($G13)),NOT(AND($H13>=0,$H13<=$G13))),FALSE)")
    ]


def test_a_rule_of_groups_has_a_format_per_group() -> None:
    found = [x for x in lives(CN, "自评表") if x.rule == "S3-03-2"]
    assert [x.sqref for x in found] == ["G13:G16", "G17:G20", "G21"]
    assert found[1].formula.startswith("AND(COUNTA($G$17:$G$20)>0,")
    assert "SUM($G$17:$G$20)" in found[1].formula
    assert "$B$17" in found[1].formula


def test_a_merged_label_is_read_at_the_top_of_its_run() -> None:
    record = placed(CN, unit())
    plan = Plan(CN.form("自评表"), shape_of(CN.form("自评表"), record.forms[0]))
    found = [x for x in live_formats(plan, CN.rules_of("自评表"), pack_program(CN)) if x.rule == "S3-17-5"]
    assert [x.sqref for x in found][:2] == ["E13:E14", "E15"]  # two rows under 数量指标, one under 质量指标
    assert "$C$13" in found[0].formula
    assert "$E13" in found[0].formula


def test_worse_formats_come_first() -> None:
    order = [x.severity.value for x in lives(CN, "自评表")]
    assert order == sorted(order, key=["错误", "核实", "提示"].index)


def test_rules_that_excel_cannot_show_have_no_format() -> None:
    rules = {x.rule for x in [*lives(CN, "自评表"), *lives(CN, "汇总")]}
    assert {"S3-13-1", "S3-14-2", "GEN-01"}.isdisjoint(rules)
    assert {"S3-01-1", "S3-02-2", "S3-05-1", "S3-06-1", "S3-11-1", "S3-15-1"} <= rules


def test_formats_use_the_colours_of_the_marks() -> None:
    sheet = opened(blank(CN))["附件2-1"]
    fills = {
        (rule.dxf.fill.patternType, rule.dxf.fill.bgColor.rgb)
        for area in sheet.conditional_formatting
        for rule in area.rules
    }
    assert fills == {("lightUp", "FFFFDCDC"), ("gray125", "FFFFF0C4"), ("solid", "FFDDEBF7")}


def test_nothing_lights_up_on_a_blank_form(office: Office) -> None:
    assert lit_cells(office, CN, placed(CN, Record("S3-CN", forms=[FormRecord("自评表")]))) == set()


# -- all packs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", available_packs())
def test_no_two_things_share_a_cell(name: str) -> None:
    pack = load_pack(name)
    for stamp in stamps(pack):
        plan = stamp.plan
        boxes = [plan.placement.static(s) for s in plan.form.statics]
        boxes += [plan.placement.field(f.name) for f in plan.form.fields]
        boxes += [box for r in plan.form.rowsets for c in r.columns for _, box in plan.cells(r, c)]
        cells = [
            (row, col) for b in boxes for row in range(b.row, b.row2 + 1) for col in range(b.col, b.col2 + 1)
        ]
        assert len(cells) == len(set(cells))
        assert max(col for _, col in cells) == plan.placement.last_col


@pytest.mark.parametrize("name", available_packs())
def test_every_pack_has_a_blank_workbook(name: str) -> None:
    pack = load_pack(name)
    book = opened(blank(pack))
    assert len(book.sheetnames) == len(pack.forms)


def test_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from xlbudget.packs import load_pack; from xlbudget.workbook.fill import blank;"
        "print(hashlib.sha256(blank(load_pack('S3-CN'))).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert run.stdout.strip() == hashlib.sha256(blank(CN)).hexdigest()
