"""Filled forms: formulas with their values, texts that stay texts, places of everything."""

from __future__ import annotations

import io
import re
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.office import Office
from tests.workbook.filling import BENEFIT, entry, filled, indicators, money, opened, project, unit
from tests.workbook.live_probe import lit_cells
from xlbudget.figures import Figure
from xlbudget.packs import load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.language import ErrorValue
from xlbudget.rules.record import Entry, FormRecord, Record
from xlbudget.workbook.book import read_book
from xlbudget.workbook.deflate import inflate
from xlbudget.workbook.fill import FillError, fill, placed
from xlbudget.workbook.fill.cellxml import computed, constant, number
from xlbudget.workbook.read import read_record

CN = load_pack("S3-CN")


def form_with(**fields: Entry) -> Record:
    record = unit()
    record.forms[0].fields.update(fields)
    return record


def cell_xml(data: bytes, ref: str, sheet: int = 1) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        text = z.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    found = re.search(rf'<c r="{ref}"[^>]*?(?:/>|>.*?</c>)', text, re.S)
    assert found
    return found[0]


# -- formulas and values -------------------------------------------------------------------------------


def test_derived_cells_hold_formula_and_value() -> None:
    data = filled(CN, unit())
    formulas, values = opened(data)["附件2-1"], opened(data, values=True)["附件2-1"]
    expected = {
        "E6": ('=IF(COUNT(E7,E8,E9)=0,"",SUM(E7,E8,E9))', 60),
        "G6": ('=IF(COUNT(G7,G8,G9)=0,"",SUM(G7,G8,G9))', 51.79),
        "I6": ('=IF(OR(N(F6)=0,G6=""),"",G6/F6)', 51.79 / 60),
        "J6": ('=IF(I6="","",MIN(H6,ROUND(H6*I6,2)))', 8.63),
        "G22": ("=H6+SUM(G13:G21)", 100),
        "I8": ('=IF(N(F8)=0,"",G8/F8)', None),
    }
    assert {ref: (formulas[ref].value, values[ref].value) for ref in expected} == expected
    assert cell_xml(data, "I8").endswith("</f><v></v></c>")
    assert values["H22"].value == 97.63


def test_the_summary_repeats_the_projects() -> None:
    data = filled(CN, unit())
    sheet = opened(data, values=True)["汇总"]
    rows = [[sheet.cell(row, col).value for col in (1, 2, 3, 4, 5, 7, 8)] for row in range(5, 9)]
    assert rows == [
        [1, "免费开放", 60, 60, 51.79, 97.63, "优"],
        [2, "古籍保护", 1234.5, 1234.5, 1234.5, 99, "优"],
        [3, "改造", 88.8, 88.8, 80, 98.01, "优"],
        ["合计", None, 1383.3, 1383.3, 1366.29, 98.21, "优"],
    ]
    assert opened(data)["汇总"]["G6"].value == "=IF('附件2-2'!H22=\"\",\"\",'附件2-2'!H22)"


def test_cached_values_are_what_libreoffice_computes(office: Office, tmp_path: Path) -> None:
    data = filled(CN, unit())
    path = tmp_path / "filled.xlsx"
    path.write_bytes(data)
    computed_values = office.recalculated(path)
    formulas, values = opened(data), opened(data, values=True)
    checked = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    ours = values[sheet.title][cell.coordinate].value
                    theirs = computed_values[sheet.title].get(cell.coordinate) or None
                    assert theirs == (
                        pytest.approx(ours, rel=1e-14) if isinstance(ours, float) else ours or None
                    )
                    checked += 1
    assert checked == 3 * 10 + 3 * 7 + 6


def test_inputs_are_exact() -> None:
    data = filled(CN, form_with(年初_其他资金=money("0.1"), 年初_上年结转=money("1,234.50")))
    assert cell_xml(data, "E9").endswith("><v>0.1</v></c>")
    assert cell_xml(data, "E8").endswith("><v>1234.5</v></c>")


def test_money_is_written_in_the_unit_of_the_form() -> None:
    data = filled(CN, form_with(年初_其他资金=money("12345.67元")))
    assert cell_xml(data, "E9").endswith("><v>1.234567</v></c>")


def test_values_with_a_label_stay_as_printed() -> None:
    record = unit()
    row = record.forms[0].rows["指标"][0]
    row["年度指标值"], row["实际完成值"] = money("95.50%"), money("200")
    data = filled(CN, record)
    assert ">95.50%<" in cell_xml(data, "E13")
    assert cell_xml(data, "F13").endswith("><v>200</v></c>")


def test_a_total_reported_without_its_parts_is_kept() -> None:
    record = unit()
    for name in ("年初_财政拨款", "全年_财政拨款", "执行_财政拨款"):
        del record.forms[0].fields[name]
    record.forms[0].fields |= {"全年预算数": money("60"), "全年执行数": money("45")}
    data = filled(CN, record)
    sheet = opened(data)["附件2-1"]
    assert (sheet["F6"].value, sheet["G6"].value) == (60, 45)
    assert sheet["E6"].value == '=IF(COUNT(E7,E8,E9)=0,"",SUM(E7,E8,E9))'
    assert opened(data, values=True)["附件2-1"]["I6"].value == 0.75
    assert opened(data, values=True)["汇总"]["D5"].value == 60


def test_a_reported_total_gives_way_to_the_formula() -> None:
    data = filled(CN, form_with(总得分=money("88")))
    assert opened(data)["附件2-1"]["H22"].value.startswith("=IF(COUNT(J6,H13:H21)=0")
    assert opened(data, values=True)["附件2-1"]["H22"].value == 97.63


# -- texts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "'=1", '="&"<b>'])
def test_no_text_becomes_a_formula(text: str) -> None:
    data = filled(CN, form_with(项目名称=Entry(text)))
    assert "<f>" not in cell_xml(data, "C3")
    cell = opened(data)["附件2-1"]["C3"]
    assert (cell.value, cell.data_type) == (text, "s")


@given(st.text(min_size=1, max_size=60).filter(lambda t: t.strip() != ""))
def test_any_text_comes_back(text: str) -> None:
    data = filled(CN, form_with(项目名称=Entry(text)))
    found = read_book(data).sheets[0].cells.get((3, 3))
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    assert (found.value if found else "") == clean


def test_control_characters_are_escaped() -> None:
    data = filled(CN, form_with(项目名称=Entry("甲\x07乙_x0041_")))
    assert "甲_x0007_乙_x005F_x0041_" in cell_xml(data, "C3")


def test_a_text_too_long_for_a_cell_is_refused() -> None:
    with pytest.raises(FillError, match="有 32768 字，超过单元格能容纳的 32767 字"):
        filled(CN, form_with(预期目标=Entry("目" * 32768)))


def test_rows_grow_with_their_text() -> None:
    short, long = (
        opened(filled(CN, form_with(预期目标=Entry("完成年度目标任务。" * n))))["附件2-1"] for n in (1, 60)
    )
    assert short.row_dimensions[11].height == 170
    assert long.row_dimensions[11].height > 250
    assert long.row_dimensions[12].height == short.row_dimensions[12].height


# -- groups --------------------------------------------------------------------------------------------


def test_merged_labels_stand_in_the_top_cell_only() -> None:
    sheet = opened(filled(CN, unit()))["附件2-1"]
    merged = {str(r) for r in sheet.merged_cells.ranges}
    assert {"B13:B17", "C13:C14", "B18:B20"} <= merged
    assert [sheet.cell(row, 3).value for row in range(13, 16)] == ["数量指标", None, "质量指标"]


def test_an_inner_group_ends_with_its_outer_group() -> None:
    record = unit()
    rows = record.forms[0].rows["指标"] = indicators("60", "51.79")
    for row in rows[4:6]:
        row["二级指标"] = Entry("成本指标")  # the last of one group and the first of the next
    sheet = opened(filled(CN, record))["附件2-1"]
    assert rows[5]["一级指标"].value == BENEFIT
    assert "C17:C18" not in {str(r) for r in sheet.merged_cells.ranges}
    assert (sheet["C17"].value, sheet["C18"].value) == ("成本指标", "成本指标")


# -- live formats on a filled form ---------------------------------------------------------------------


def test_live_formats_light_up_where_rules_are_broken(office: Office) -> None:
    clean = placed(CN, unit())
    assert lit_cells(office, CN, clean) == set()
    record = unit()
    rows = record.forms[1].rows["指标"]
    rows[2]["得分"] = entry(12)  # more than its weight
    rows[6]["偏差原因"] = Entry(None)  # a loss without a reason
    rows[8]["分值"] = entry(5)  # 满意度 weighs 10
    assert lit_cells(office, CN, placed(CN, record)) == {
        ("S3-03-2", "附件2-2!G21"),
        ("S3-03-3", "附件2-2!G22"),
        ("S3-04-3", "附件2-2!H15"),
        ("S3-04-3", "附件2-2!H21"),
        ("S3-06-1", "附件2-2!I19"),
    }


# -- places --------------------------------------------------------------------------------------------


def test_everything_has_a_place_and_a_caption() -> None:
    record = placed(CN, unit())
    form, summary = record.forms[0], record.forms[3]
    assert [f.sheet for f in record.forms] == ["附件2-1", "附件2-2", "附件2-3", "汇总"]
    assert place(form.fields["年初预算数"]) == ("附件2-1!E6", "年度资金总额·年初预算数")
    assert place(form.fields["年度"]) == ("附件2-1!A2", "年度")
    assert place(form.rows["指标"][1]["得分"]) == ("附件2-1!H14", "阅读推广活动场次·得分")
    assert place(form.rows["指标"][5]["分值"]) == ("附件2-1!G18", "经济效益指标·分值")  # 三级指标 is 无
    assert place(form.rows["指标"][1]["二级指标"]) == ("附件2-1!C13", "阅读推广活动场次·二级指标")
    assert place(summary.rows["项目"][2]["自评得分"]) == ("汇总!G7", "改造·自评得分")


def place(found: Entry) -> tuple[str, str]:
    assert found.place
    return found.place.address, found.place.caption


def test_figures_are_laid_out_as_their_cells_show_them() -> None:
    form = placed(CN, form_with(年初_其他资金=money("123456.7元"), 年初_财政拨款=money("60万元"))).forms[0]
    assert form.fields["年初_其他资金"].value == Figure(Fraction("12.34567"), 5)
    assert form.fields["年初_财政拨款"].value == Figure(Fraction(60), 2)


def test_reading_back_gives_the_record() -> None:
    record = placed(CN, unit())
    read, _ = read_record(read_book(filled(CN, unit())), CN)
    assert [(f.form, f.sheet) for f in read.forms] == [(f.form, f.sheet) for f in record.forms]
    for ours, theirs in zip(record.forms, read.forms, strict=True):
        assert said(ours.fields) == {k: v for k, v in said(theirs.fields).items() if ours.fields[k].given}
        for name, rows in ours.rows.items():
            for row, other in zip(rows, theirs.rows[name], strict=True):
                assert said(row) == {k: v for k, v in said(other).items() if row[k].given}


def said(entries: dict[str, Entry]) -> dict[str, tuple[object, object]]:
    """Content and place of what is filled in."""
    return {k: (e.value, e.place) for k, e in entries.items() if not e.blank}


def test_what_is_missing_becomes_a_blank_entry() -> None:
    record = placed(CN, Record("S3-CN", "某单位", 2024, [FormRecord("自评表", "某项目")]))
    form, summary = record.forms
    assert set(form.fields) == {f.name for f in CN.form("自评表").fields}
    assert (form.fields["主管部门"].value, form.fields["主管部门"].given) == (None, False)
    assert form.fields["资金分值"].value == Figure(Fraction(10), 2)
    assert form.fields["年度"].value == Figure.of(2024)
    assert form.fields["项目名称"].value == "某项目"
    assert summary.fields["填报单位"].value == "某单位"
    assert [row["二级指标"].value for row in form.rows["指标"]][-1] == "服务对象满意度指标"
    assert summary.rows["项目"][0]["序号"].value == Figure.of(1)


def test_a_blank_that_was_given_stays_blank() -> None:
    given_blank = placed(CN, form_with(资金分值=Entry(None))).forms[0].fields["资金分值"]
    assert (given_blank.value, given_blank.given) == (None, True)


def test_placing_does_not_touch_the_record() -> None:
    record = unit()
    before = repr(record)
    placed(CN, record)
    assert repr(record) == before


def test_sheet_names_are_made_acceptable_and_unique() -> None:
    record = unit()
    for form, name in zip(record.forms, ("表[1]:*", "表_1___", "长" * 40), strict=True):
        form.sheet = name
    assert [f.sheet for f in placed(CN, record).forms] == ["表_1___", "表_1___(2)", "长" * 31, "汇总"]


def test_a_sheet_name_with_an_apostrophe_is_quoted() -> None:
    record = unit()
    record.forms[0].sheet = "甲's"
    book = opened(filled(CN, record))
    assert book["汇总"]["C5"].value == "=IF('甲''s'!E6=\"\",\"\",'甲''s'!E6)"
    assert book["甲's"].defined_names["年度"].attr_text == "'甲''s'!$A$2"


# -- bytes ---------------------------------------------------------------------------------------------


def test_equal_data_give_equal_bytes() -> None:
    assert filled(CN, unit()) == filled(CN, unit())


def test_shapes_do_not_leak_into_each_other() -> None:
    once = filled(CN, unit())
    other = Record("S3-CN", "别的单位", 2022, [project("唯一", "5", "4")])
    other.forms[0].rows["指标"] = indicators("5", "4")[:3]
    assert opened(filled(CN, other)).sheetnames == ["附件2-1", "汇总"]
    assert filled(CN, unit()) == once


def test_the_package_is_sound() -> None:
    data = filled(CN, unit())
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        assert z.testzip() is None
        assert {i.date_time for i in z.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for info in z.infolist():
            start = info.header_offset + 30 + len(info.filename.encode())
            packed = data[start : start + info.compress_size]
            assert inflate(packed, info.file_size, info.filename) == z.read(info.filename)


def test_our_reader_reads_what_we_wrote() -> None:
    book = read_book(filled(CN, unit()))
    assert book.properties == {"_xlbudget_pack": "S3-CN@2020.1"}
    cell = book.sheets[0].cells[6, 10]
    assert (cell.kind, cell.value, cell.formula) == ("number", "8.63", 'IF(I6="","",MIN(H6,ROUND(H6*I6,2)))')


# -- cells as XML --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, b"/>"),
        ("", b"/>"),
        (Fraction(10), b"><v>10</v></c>"),
        (Fraction(-863, 100), b"><v>-8.63</v></c>"),
        ("a<b", b' t="inlineStr"><is><t xml:space="preserve">a&lt;b</t></is></c>'),
    ],
)
def test_constants(value: Any, expected: bytes) -> None:
    assert constant(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 4), b"><f>X</f><v>0.25</v></c>"),
        ("优", ' t="str"><f>X</f><v>优</v></c>'.encode()),
        (True, b' t="b"><f>X</f><v>1</v></c>'),
        (ErrorValue("#DIV/0!"), b' t="e"><f>X</f><v>#DIV/0!</v></c>'),
        (None, b"><f>X</f><v>0</v></c>"),
    ],
)
def test_computed_values(value: Any, expected: bytes) -> None:
    assert computed(b"<f>X</f>", value) == expected


@given(st.fractions())
def test_numbers_are_the_nearest_doubles(value: Fraction) -> None:
    assert float(number(value).decode()) == float(value)


def test_fill_takes_the_values_it_is_given() -> None:
    record = placed(CN, unit())
    assert fill(CN, record, derive(pack_program(CN), record)) == filled(CN, unit())
