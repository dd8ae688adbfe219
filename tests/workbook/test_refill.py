"""Filling in: which formulas come back where, what a data source gives, and what is left alone."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.native_cases import case
from tests.office import Office
from xlbudget.filling import fill_workbook, restored
from xlbudget.packs import available_packs, load_pack
from xlbudget.sources import SourceError
from xlbudget.workbook.book import read_book
from xlbudget.workbook.fill import fill
from xlbudget.workbook.mark import Cleared, apply_patch, clear, own_sheet_rows
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import Mark, Patch
from xlbudget.workbook.read import detect_pack, read_record
from xlbudget.workbook.refill import refill

from .refilling import HN, WORKBOOKS, by_openpyxl, cell, changed, edit, planned, refs, sample

ONE, TOTAL = "附件2-1", "汇总"
SEED = str(WORKBOOKS / "samples" / "seed-b")


def formulas(data: bytes) -> dict[str, str]:
    from xlbudget.rules.record import column_letters

    return {
        f"{s.name}!{column_letters(c.col)}{c.row}": c.formula
        for s in read_book(data).sheets
        for c in s.cells.values()
        if c.formula and s.name != "评分底稿"
    }


def insert_rows(book: openpyxl.Workbook) -> None:
    """A row above the first form and one more indicator, without names; all its formulas are gone."""
    page = book[ONE]
    for merged in list(page.merged_cells.ranges):
        page.unmerge_cells(str(merged))
    page.insert_rows(18)
    page.insert_rows(1)
    for col, value in zip("CDEFGH", ("经济效益指标", "新增指标", "3项", "3项", 0, 0), strict=True):
        page[f"{col}19"] = value
    for row in page.iter_rows():
        for c in row:
            if isinstance(c.value, str) and c.value.startswith("="):
                c.value = None
    for name in list(page.defined_names):
        del page.defined_names[name]


# -- formulas -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["clean", "seed-b"])
def test_every_formula_deleted_comes_back_as_it_was(name: str) -> None:
    before = sample(name)
    wanted = formulas(before)
    bare = changed(before, *(edit(*ref.split("!"), None) for ref in wanted))  # type: ignore[arg-type]
    assert formulas(bare) == {}
    filled = fill_workbook("表.xlsx", bare, HN)
    assert filled.line == f"填入公式 {len(wanted)} 处"
    assert formulas(filled.package.save()) == wanted


@pytest.mark.parametrize("name", ["clean", "seed-b"])
def test_results_are_those_of_the_filler(name: str) -> None:
    """Stored results must be right before anything recalculates."""
    before = sample(name)
    bare = changed(before, *(edit(*ref.split("!"), None) for ref in formulas(before)))  # type: ignore[arg-type]
    after = read_book(fill_workbook("表.xlsx", bare, HN).package.save())
    for ref in formulas(before):
        sheet, _, at = ref.partition("!")
        old, new = cell(before, sheet, at), cell(after, sheet, at)
        assert old is not None
        assert new is not None
        assert (new.value or "") == (old.value or ""), ref


@pytest.mark.parametrize("pack", available_packs())
def test_blank_forms_have_nothing_to_fill(pack: str) -> None:
    data = (WORKBOOKS / "templates" / f"{pack}.xlsx").read_bytes()
    book = read_book(data)
    found = detect_pack(book).pack
    plan = refill(book, found, read_record(book, found)[0])
    assert (plan.cells, plan.overwritten, plan.unwritable, plan.notes) == ([], [], [], [])


def test_a_formula_of_ones_own_stays() -> None:
    data = changed(sample(), edit(ONE, "I6", Fraction(1), "ROUND(G6/F6,4)"))
    plan = planned(data)
    assert plan.cells == []
    assert plan.overwritten == []


def test_an_overwritten_formula_is_told_and_not_touched() -> None:
    data = changed(sample(), edit(ONE, "H22", 95), edit(TOTAL, "H8", "良"))
    filled = fill_workbook("表.xlsx", data, HN)
    assert filled.line == ""
    assert filled.overwritten == [
        "附件2-1!H22（总分·得分）现为 95，公式得 99.5",
        "汇总!H8（合计·等级）现为 良，公式得 优",
    ]
    assert (cell(filled.package.save(), ONE, "H22") or (None,) * 4)[3] == "95"
    back = restored(filled)
    assert back.line == "恢复公式 2 处"
    assert formulas(back.package.save()) == formulas(sample())


def test_restoring_brings_results_that_hang_on_it_up_to_date() -> None:
    """Excel computed the summary from the typed number; afterwards it stands on what the formula gives."""
    data = changed(
        sample(),
        edit(ONE, "H22", 90),
        edit(TOTAL, "G5", 90, f"IF('{ONE}'!H22=\"\",\"\",'{ONE}'!H22)"),
        edit(TOTAL, "G8", Fraction("96.03"), 'IF(COUNT(G5:G7)=0,"",ROUND(AVERAGE(G5:G7),2))'),
    )
    filled = fill_workbook("表.xlsx", data, HN)
    assert filled.plan.cells == []
    after = read_book(restored(filled).package.save())
    assert [(cell(after, TOTAL, ref) or (None,) * 4)[3] for ref in ("G5", "G8")] == ["99.5", "99.2"]


def test_what_hangs_on_a_typed_number_is_computed_from_that() -> None:
    """The blank cell's stored result is what Excel will show while the typed number stands."""
    data = changed(sample(), edit(ONE, "G6", Fraction("31.17")), edit(ONE, "I6", None))
    filled = fill_workbook("表.xlsx", data, HN)
    assert refs(filled.plan.formulas)[f"{ONE}!I6"].value == Fraction(1, 2)
    assert refs(filled.plan.restored)[f"{ONE}!I6"].value == 1


def test_a_dash_in_a_derived_cell_is_an_answer() -> None:
    plan = planned(changed(sample(), edit(ONE, "I8", "—"), edit(ONE, "I9", "/")))
    assert plan.cells == []
    assert plan.overwritten == []


def test_a_total_reported_without_its_parts_is_left() -> None:
    data = changed(sample(), *(edit(ONE, ref, None) for ref in ("E7", "E8", "E9")), edit(ONE, "E6", 62))
    assert planned(data).overwritten == []


def test_numbers_stored_as_text_are_named_instead_of_added_wrongly() -> None:
    data = changed(sample(), edit(ONE, "E7", "62.34"), edit(ONE, "E6", None))
    plan = planned(data)
    assert f"{ONE}!E6" not in refs(plan.formulas)
    assert plan.unwritable == [
        f"{ONE}!E6（年度资金总额·年初预算数）：{ONE}!E7 里不是数值，公式会算错，请先改正"
    ]


def test_inserted_rows_move_the_formulas() -> None:
    """Another row above the form and one more indicator: places are found, not counted."""

    book = read_book(by_openpyxl(sample(), insert_rows))
    plan = refill(book, HN, read_record(book, HN)[0])
    written = {ref: e.formula for ref, e in refs(plan.formulas).items() if ref.startswith(ONE)}
    assert written[f"{ONE}!E7"] == 'IF(COUNT(E8,E9,E10)=0,"",SUM(E8,E9,E10))'
    assert written[f"{ONE}!I7"] == 'IF(OR(N(F7)=0,G7=""),"",G7/F7)'
    assert written[f"{ONE}!G24"] == "H7+SUM(G14:G23)"
    assert written[f"{ONE}!H24"].endswith("N(J7)+SUM(H14:H23))")


def test_recalculation_gives_what_was_stored(office: Office, tmp_path: Path) -> None:
    """Also on a form that somebody rearranged, with a summary whose cells have to follow."""

    def change(book: openpyxl.Workbook) -> None:
        insert_rows(book)
        for row in book[TOTAL].iter_rows(min_row=5, max_row=8, min_col=2, max_col=8):
            for c in row:
                if isinstance(c.value, str) and c.value.startswith("="):
                    c.value = None

    path = tmp_path / "表.xlsx"
    filled = fill_workbook("表.xlsx", by_openpyxl(sample(), change), HN)
    assert len(filled.plan.formulas) == 10 + 27
    assert filled.plan.unwritable == []
    path.write_bytes(filled.package.save())
    values = office.recalculated(path)
    for ref, e in refs(filled.plan.formulas).items():
        shown = values[e.sheet].get(ref.partition("!")[2], "")
        wanted = e.value if isinstance(e.value, str) else float(e.value or 0)
        assert shown == (wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=1e-12)), ref


def test_a_subtotal_between_the_rows_keeps_a_total_from_being_written() -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = book[ONE]
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
        for col, value in zip("BCDGH", (None, None, "小计", 50, 50), strict=True):
            page[f"{col}19"] = value
        page["G22"] = None

    plan = planned(by_openpyxl(sample(), change))
    assert f"{ONE}!G22" not in refs(plan.formulas)
    assert any("小计" in text and "G22" in text for text in plan.unwritable)


def test_a_project_that_the_summary_lost_gets_its_blank_row_back() -> None:
    data = changed(sample(), *(edit(TOTAL, f"{col}6", None) for col in "BCDEFGH"))
    plan = planned(data)
    assert set(refs(plan.formulas)) == {f"{TOTAL}!{col}6" for col in "BCDEFGH"}
    assert refs(plan.formulas)[f"{TOTAL}!G6"].formula == "IF('附件2-2'!H22=\"\",\"\",'附件2-2'!H22)"


# -- data ---------------------------------------------------------------------------------------------


def test_blank_inputs_get_what_the_data_say_and_nothing_else_changes() -> None:
    emptied = changed(
        sample("seed-b"),
        edit(ONE, "E7", None),  # money
        edit(ONE, "C11", None),  # prose
        edit(ONE, "E13", None),  # a quantity
        edit(ONE, "H14", None),  # a score
        edit(ONE, "A2", None),  # the year
    )
    filled = fill_workbook("表.xlsx", emptied, HN, SEED, "S3-HN")
    assert filled.line == "填入数据 5 处"
    assert filled.details == []
    before, after = read_book(sample("seed-b")), read_book(filled.package.save())
    for page in before.sheets:
        now = after.sheet(page.name)
        assert now is not None
        assert {at: c[2:] for at, c in now.cells.items()} == {at: c[2:] for at, c in page.cells.items()}


def test_what_differs_from_the_data_is_listed_and_stays() -> None:
    data = changed(sample("seed-b"), edit(ONE, "E7", Fraction("63.5")), edit(ONE, "F13", "9项"))
    filled = fill_workbook("表.xlsx", data, HN, SEED, "S3-HN")
    assert filled.line == ""
    assert filled.details[0] == "与数据不一致，未改："
    assert filled.details[1] == "　附件2-1!E7（其中：当年财政拨款·年初预算数）：表上 63.50，数据 62.34"
    assert "表上 9项，数据" in filled.details[2]
    assert len(filled.details) == 3


def test_a_blank_form_is_filled_from_data_whole() -> None:
    data = (WORKBOOKS / "templates" / "S3-HN.xlsx").read_bytes()
    filled = fill_workbook("表.xlsx", data, None, SEED, "S3-HN")
    after = read_book(filled.package.save())
    texts = [(cell(after, ONE, f"D{row}") or (None,) * 4)[3] for row in range(13, 22)]
    given = [(cell(sample("seed-b"), ONE, f"D{row}") or (None,) * 4)[3] for row in range(13, 21)]
    assert [t for t in texts if t] == given
    assert texts[6] is None, "the row under a label that the data do not have stays blank"
    assert (cell(after, ONE, "G22") or (None,) * 4)[3] == "100", "the total of the weights now filled in"
    assert (cell(after, TOTAL, "C5") or (None,) * 4)[3] == "62.34"
    assert filled.details == ["数据里的“维权维稳（工作）经费”、“工作经费”在工作簿里没有表。"]


def test_another_unit_or_year_gets_nothing() -> None:
    other = changed(sample("seed-b"), edit(TOTAL, "B3", "别的单位"), edit(ONE, "E7", None))
    filled = fill_workbook("表.xlsx", other, HN, SEED, "S3-HN")
    assert filled.plan.data == []
    assert filled.details == ["数据里没有单位“别的单位”，没有填数据。"]
    years = [edit(s, "A2", 2022) for s in (ONE, "附件2-2", "附件2-3", TOTAL)]
    filled = fill_workbook("表.xlsx", changed(sample("seed-b"), *years), HN, SEED, "S3-HN")
    assert "数据是 2023 年度的，表是 2022 年度的，没有填数据。" in filled.details


def test_data_beside_the_workbook() -> None:
    data = changed(sample("seed-b"), edit(ONE, "E7", None))
    near = fill_workbook("表.xlsx", data, HN, "seed-b", "S3-HN", str(WORKBOOKS / "samples"))
    assert near.line == "填入数据 1 处"
    with pytest.raises(SourceError, match="完整路径"):
        fill_workbook("表.xlsx", data, HN, "seed-b", "S3-HN", "")


def test_amounts_go_in_in_the_unit_of_the_sheet(tmp_path: Path) -> None:
    """The form is in yuan, the data in 10,000 yuan; a code stays text, and digits stay as given."""

    def change(book: openpyxl.Workbook) -> None:
        for page in book:
            for row in page.iter_rows():
                for c in row:
                    if isinstance(c.value, str):
                        c.value = c.value.replace("万元", "元")
            if page.title != TOTAL:
                for ref in ("E7", "F7", "G7", "E6", "D13"):
                    page[ref] = None

    folder = tmp_path / "数据"
    folder.mkdir()
    for path in Path(SEED).glob("*.csv"):
        text = path.read_text("utf-8-sig").replace("62.34,46.78,46.78,,", "62.345678,46.78,46.78,,")
        (folder / path.name).write_text(text.replace("党员学习教育次数", "2080505"), "utf-8-sig")
    plan = fill_workbook("表.xlsx", by_openpyxl(sample("seed-b"), change), HN, str(folder), "S3-HN").plan
    put = refs(plan.data)
    assert put[f"{ONE}!E7"].value == Fraction("623456.78")
    assert refs(plan.formulas)[f"{ONE}!E6"].value == Fraction("623456.78")


# -- what stays ---------------------------------------------------------------------------------------


def test_marks_and_explanations_stay_when_filling() -> None:
    data = changed(sample(), edit(ONE, "I6", None))
    package = Package.open(data)
    from xlbudget.workbook.patch import OwnSheet, SheetCell

    result = OwnSheet("审核结果", ((SheetCell("审核结果", "title"),),), (20.0,))
    apply_patch(package, Patch([Mark(ONE, 7, 5, "错误", "说明", "错误 X")], [result]))
    filled = fill_workbook("表.xlsx", package.save(), HN)
    after = filled.package
    assert own_sheet_rows(after, "审核结果") == [["审核结果"]]
    assert own_sheet_rows(after, "评分底稿")[0][0] == "评分底稿"
    page = openpyxl.load_workbook(io.BytesIO(after.save()))[ONE]
    assert page["E7"].comment is not None
    assert [str(r.sqref) for r in page.conditional_formatting if "xlbudget.mark" in r.rules[0].formula[0]]
    again = fill_workbook("表.xlsx", after.save(), HN)
    assert own_sheet_rows(again.package, "评分底稿") == own_sheet_rows(after, "评分底稿")
    assert sum(s.name.startswith("评分底稿") for s in read_book(again.package).sheets) == 1
    assert clear(again.package) is not Cleared.NOTHING
    assert [s.name for s in read_book(again.package).sheets] == [ONE, "附件2-2", "附件2-3", TOTAL]
    assert all("xlbudget" not in name for name in again.package.names())


def test_cells_that_nobody_asked_about_keep_their_bytes() -> None:
    """Money with a currency format, a code, a date: as they were, to the byte."""

    def change(book: openpyxl.Workbook) -> None:
        page = book.create_sheet("其他")
        page["A1"], page["A2"], page["A3"] = 1234567.89, 0.005, "2080505"
        page["A1"].number_format = page["A2"].number_format = '"¥"#,##0.00'
        page["A4"] = __import__("datetime").date(2023, 12, 20)
        book[ONE]["E8"] = 0.005
        book[ONE]["E8"].number_format = '"¥"#,##0.00'
        book[ONE]["I6"] = None

    data = by_openpyxl(sample(), change)
    package = fill_workbook("表.xlsx", data, HN).package
    before = Package.open(data)
    other = next(n for n in before.names() if n.endswith("sheet5.xml"))
    assert package.get(other) == before.get(other)
    one = "xl/worksheets/sheet1.xml"
    kept = [c for c in (before.get(one) or b"").split(b"<c ") if c.startswith(b'r="E8"')]
    assert kept == [c for c in (package.get(one) or b"").split(b"<c ") if c.startswith(b'r="E8"')]
    assert kept[0].startswith(b'r="E8" s=')
    assert b"<v>0.005</v>" in kept[0]


def test_filling_twice_does_nothing_more() -> None:
    data = changed(sample("seed-b"), edit(ONE, "I6", None), edit(ONE, "E7", None))
    once = fill_workbook("表.xlsx", data, HN, SEED, "S3-HN")
    twice = fill_workbook("表.xlsx", once.package.save(), HN, SEED, "S3-HN")
    assert twice.line == ""
    assert twice.plan.cells == []
    assert twice.papers == once.papers


@pytest.mark.parametrize(("pack", "seed"), [("S3-HN", 2), ("S3-SC", 8), ("S3-HB", 7)])
def test_random_workbooks_with_typed_over_and_emptied_formulas(
    office: Office, tmp_path: Path, pack: str, seed: int
) -> None:
    """What was emptied comes back, what was typed over is asked about, and results are the office's."""
    made = case(load_pack(pack), seed)
    filled = fill_workbook("表.xlsx", made.data, made.pack)
    emptied = {(p.sheet, p.row, p.col) for p, value in made.typed.items() if value is None}
    typed = {(p.sheet, p.row, p.col) for p, value in made.typed.items() if value is not None}
    asked = {(o.edit.sheet, o.edit.row, o.edit.col) for o in filled.plan.overwritten}
    assert {(e.sheet, e.row, e.col) for e in filled.plan.formulas} == emptied
    assert asked <= typed
    wanted = formulas(fill(made.pack, made.record, made.derived))
    got = formulas(restored(filled).package.save())
    lost = {ref for ref in wanted if got.get(ref) != wanted[ref]}
    assert len(lost) == len(typed - asked), "only those whose formula would give nothing"
    path = tmp_path / "表.xlsx"
    path.write_bytes(filled.package.save())
    values, stored = office.recalculated(path), read_book(path)
    for ref in refs(filled.plan.formulas):
        sheet, _, at = ref.partition("!")
        shown, kept = values[sheet].get(at, ""), (cell(stored, sheet, at) or (None,) * 4)[3] or ""
        assert shown == (pytest.approx(float(str(kept)), rel=1e-12) if kept and shown != kept else kept), ref
