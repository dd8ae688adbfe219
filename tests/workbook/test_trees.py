"""Trees on sheets: formulas, codes as Excel leaves them, inserted rows, strangers' tables, filling in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest

from tests.rules_pack.trees_made import ROWS, record, table, totals, tree_pack
from tests.workbook.refilling import by_openpyxl, cell, changed, edit, refs
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.rules.model import AuditResult
from xlbudget.rules.record import CellIssue, FormRecord, Record
from xlbudget.workbook.book import read_book
from xlbudget.workbook.fill import fill
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import CellEdit
from xlbudget.workbook.read import How, read_record
from xlbudget.workbook.refill import Refill, refill

SHEET, OTHER = "支出", "总表"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return tree_pack(tmp_path_factory.mktemp("pack"))


def filled(pack: Pack, rows: Sequence[str] = ROWS) -> bytes:
    made = record(pack, table(rows), totals())
    return fill(pack, made, derive(pack_program(pack), made))


@pytest.fixture(scope="module")
def data(pack: Pack) -> bytes:
    return filled(pack)


def read(pack: Pack, data: bytes) -> Record:
    return read_record(read_book(data), pack)[0]


def audited(pack: Pack, data: bytes) -> AuditResult:
    return audit(pack_program(pack), read(pack, data))


def told(pack: Pack, data: bytes) -> list[tuple[str, str, str, str]]:
    found = audited(pack, data).findings
    return [(f.rule, f.place.ref if f.place else "", f.expected, f.actual) for f in found]


def column(form: Record, name: str) -> list[str]:
    rows = form.forms[0].rows["支出明细"]
    return [str(row[name].value or "") for row in rows]


def planned(pack: Pack, data: bytes, given: Record | None = None) -> Refill:
    book = read_book(data)
    return refill(book, pack, read_record(book, pack)[0], given)


# ---- filling ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "ref", "formula"),
    [
        (SHEET, "D6", 'IF(COUNT(D7,D10)=0,"",SUM(D7,D10))'),  # 类: its 款
        (SHEET, "D7", 'IF(COUNT(D8:D9)=0,"",SUM(D8:D9))'),
        (SHEET, "E13", 'IF(COUNT(E14)=0,"",SUM(E14))'),
        (SHEET, "D8", None),  # 项: typed in
        (SHEET, "E15", None),  # 类 without rows below
        (SHEET, "C8", 'IF(COUNT(D8,E8)=0,"",SUM(D8,E8))'),  # the formula of the column stays in all rows
        (SHEET, "D5", 'IF(COUNT(D6,D12,D15)=0,"",SUM(D6,D12,D15))'),
        (OTHER, "B6", "IF(COUNT(B4)=0,\"\",B4-N('支出'!$C$5))"),
        (
            OTHER,
            "B7",
            "IF(COUNT('支出'!$D$6:$D$15)=0,\"\",SUMIFS('支出'!$C$6:$C$15,'支出'!$A$6:$A$15,\"208\"))",
        ),
    ],
)
def test_formulas(data: bytes, sheet: str, ref: str, formula: str | None) -> None:
    found = cell(data, sheet, ref)
    assert found is not None
    assert found.formula == formula


def test_cached_results(data: bytes) -> None:
    found = {ref: cell(data, SHEET, ref) for ref in ("D5", "D6", "E12", "C15")}
    assert {ref: c.value for ref, c in found.items() if c} == {
        "D5": "19.75",
        "D6": "11.75",
        "C15": "3",
        "E12": "",
    }
    other = cell(data, OTHER, "B6")
    assert other is not None
    assert other.value == "1.65"


def test_without_the_other_sheet_a_cell_keeps_what_was_reported(pack: Pack) -> None:
    made = record(pack, totals(总表_年末结转="4"))
    found = cell(fill(pack, made, derive(pack_program(pack), made)), OTHER, "B6")
    assert found is not None
    assert (found.formula, found.value) == (None, "4")


def test_codes_are_texts_without_a_green_corner(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert (book[SHEET]["A6"].value, book[SHEET]["A6"].number_format) == ("208", "@")
    assert b'<ignoredError sqref="A6:A15" numberStoredAsText="1"/>' in _part(data, "sheet1")


def _part(data: bytes, sheet: str) -> bytes:
    return Package.open(data).get(f"xl/worksheets/{sheet}.xml") or b""


# ---- reading ------------------------------------------------------------------------------------------


def test_what_was_filled_is_read_again_without_a_finding(pack: Pack, data: bytes) -> None:
    found = read(pack, data)
    assert column(found, "科目编码") == [row.partition("|")[0] for row in ROWS]
    assert column(found, "基本支出") == [
        "11.75",
        "11.75",
        "1.50",
        "10.25",
        "",
        "",
        "8.00",
        "8.00",
        "8.00",
        "",
    ]
    assert found.unit == "示例局"
    assert [f.key for f in found.forms] == [SHEET, OTHER]  # both bear the unit's name
    assert told(pack, data) == []


@pytest.mark.parametrize("typed", [Fraction(2080505), "208 05 05", "２０８０５０５", " 2080505\n"])
def test_a_code_is_read_whatever_excel_made_of_it(pack: Pack, data: bytes, typed: Fraction | str) -> None:
    found = read(pack, changed(data, CellEdit(SHEET, 9, 1, typed)))
    entry = found.forms[0].rows["支出明细"][3]["科目编码"]
    assert (entry.value, entry.issue) == ("2080505", None)


def test_a_sum_that_was_typed_over(pack: Pack, data: bytes) -> None:
    typed = changed(data, edit(SHEET, "D7", 99))
    assert told(pack, typed) == [("T-TREE", "D7", "11.75", "99.00"), ("GEN-OVER", "D7", "11.75", "99.00")]


def test_amounts_in_rows_without_rows_below_are_no_formulas_typed_over(pack: Pack, data: bytes) -> None:
    assert all(e.issue is None for row in read(pack, data).forms[0].rows["支出明细"] for e in row.values())


def test_sums_typed_by_hand_everywhere_are_not_told_as_typed_over(pack: Pack, data: bytes) -> None:
    edits = [edit(SHEET, ref, n) for ref, n in (("D12", 8), ("D13", 8))]
    plain = [CellEdit(SHEET, row, col, None) for row in (6, 7, 10) for col in (4, 5)]
    plain += [CellEdit(SHEET, row, 5, None) for row in (12, 13)]
    found = read(pack, changed(data, *edits, *plain))
    assert [row["基本支出"].issue for row in found.forms[0].rows["支出明细"]] == [None] * 10
    assert CellIssue.OVERWRITTEN not in {e.issue for e in found.forms[0].fields.values()}


def test_a_row_inserted_below_the_range_of_its_sum(pack: Pack) -> None:
    """Somebody typed 2080506 below the rows that the 款 adds up; its formula still ends above."""
    rows = [*ROWS[:4], "2080506|机关事业单位职业年金缴费支出|2.00|", *ROWS[4:]]
    old = 'IF(COUNT(D8:D9)=0,"",SUM(D8:D9))'
    before = {"D7": Fraction("11.75"), "D6": Fraction("11.75"), "D5": Fraction("19.75")}
    data = filled(pack, rows)
    kept = {ref: cell(data, SHEET, ref) for ref in before}
    edits = [edit(SHEET, ref, n, old if ref == "D7" else _formula(kept[ref])) for ref, n in before.items()]
    result = audited(pack, changed(data, *edits))
    found = {(f.rule, f.place.ref, f.expected, f.actual) for f in result.findings if f.place}
    assert found == {
        ("X-OUT", "B5", "25.35", "23.35"),
        ("T-TREE", "D7", "13.75", "11.75"),
        ("T-TREE", "D6", "13.75", "11.75"),
        ("T-TOTAL", "D5", "21.75", "19.75"),
    }
    assert {f.cause for f in result.findings} == {"同一差额 2"}


def _formula(found: object) -> str:
    formula = getattr(found, "formula", None)
    assert isinstance(formula, str)
    return formula


# ---- strangers' tables --------------------------------------------------------------------------------


def stranger(data: bytes) -> bytes:
    """The sheets as another program would have made them: no names, no formulas, codes as numbers, 栏次."""
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for name, sheet in zip(("Sheet1", "Sheet2"), values, strict=True):
        for local in list(sheet.defined_names):
            del sheet.defined_names[local]
        sheet.title = name
    for name in list(values.defined_names):
        del values.defined_names[name]
    sheet = values["Sheet1"]
    for row in sheet.iter_rows(min_row=6):
        row[0].value = int(str(row[0].value))
    sheet["A1"] = "2022年度支出决算表"
    sheet.merge_cells("A3:A3")
    sheet["B4"], sheet["A3"], sheet["B3"] = "科目名称", "部门：示例局", None
    out = io.BytesIO()
    values.save(out)
    return out.getvalue()


def two_rows(data: bytes) -> bytes:
    """A head of two rows: 项目 over code and name, the others merged down; a row that counts the columns."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Sheet1"]
        sheet.unmerge_cells("A5:B5")  # of the total, which moves down
        sheet.insert_rows(4)
        sheet["A4"] = "项目"
        for col in "CDE":
            sheet[f"{col}4"], sheet[f"{col}5"] = sheet[f"{col}5"].value, None
            sheet.merge_cells(f"{col}4:{col}5")
        sheet.insert_rows(6)
        for col, text in zip("ACDE", ("栏次", 1, 2, 3), strict=True):
            sheet[f"{col}6"] = text

    return by_openpyxl(data, change)


@pytest.mark.parametrize("head", ["one row", "two rows"])
def test_a_table_without_our_names(pack: Pack, data: bytes, head: str) -> None:
    foreign = stranger(data) if head == "one row" else two_rows(stranger(data))
    found, report = read_record(read_book(foreign), pack)
    assert [f.title for f in report.forms] == ["支出决算表", "收入支出决算总表"]
    hows = {f.how for form in report.forms for f in form.found.values()}
    assert hows == {How.CAPTION}
    original = read(pack, data)
    for form, own in zip(found.forms, original.forms, strict=True):
        assert {n: str(e.value) for n, e in form.fields.items()} == {
            n: str(e.value) for n, e in own.fields.items()
        }
    for name in ("科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"):
        assert column(found, name) == column(original, name)
    assert audit(pack_program(pack), found).findings == []


def _texts(form: FormRecord) -> dict[str, str]:
    return {name: str(entry.value) for name, entry in form.fields.items()}


# ---- filling in what is missing -----------------------------------------------------------------------


def test_a_complete_table_has_nothing_to_fill(pack: Pack, data: bytes) -> None:
    plan = planned(pack, data)
    assert (plan.cells, plan.restoring, plan.unwritable) == ([], [], [])


def test_blank_sums_get_their_formulas(pack: Pack, data: bytes) -> None:
    blank = [CellEdit(SHEET, row, 4, None) for row in (6, 7, 12, 5)]
    plan = planned(pack, changed(data, *blank, CellEdit(OTHER, 6, 2, None)))
    formulas = refs(plan.formulas)
    assert {ref: (e.formula, e.value) for ref, e in formulas.items()} == {
        "支出!D5": ('IF(COUNT(D6,D12,D15)=0,"",SUM(D6,D12,D15))', Fraction("19.75")),
        "支出!D6": ('IF(COUNT(D7,D10)=0,"",SUM(D7,D10))', Fraction("11.75")),
        "支出!D7": ('IF(COUNT(D8:D9)=0,"",SUM(D8:D9))', Fraction("11.75")),
        "支出!D12": ('IF(COUNT(D13)=0,"",SUM(D13))', Fraction("8")),
        "总表!B6": ("IF(COUNT(B4)=0,\"\",B4-N('支出'!$C$5))", Fraction("1.65")),
    }


def test_a_sum_typed_over_is_told_with_its_formula(pack: Pack, data: bytes) -> None:
    plan = planned(pack, changed(data, edit(SHEET, "D7", 99)))
    (found,) = plan.overwritten
    assert found.sentence == "支出!D7（行政事业单位养老支出·基本支出）现为 99.00，公式得 11.75"
    assert found.edit.formula == 'IF(COUNT(D8:D9)=0,"",SUM(D8:D9))'


def test_data_go_by_their_codes_and_leave_sums_alone(pack: Pack, data: bytes) -> None:
    """Names differ, a sum is stated by the data too: only the blank input is filled."""
    renamed = [row.replace("行政单位离退休", "行政单位离退休经费") for row in ROWS]
    given = record(pack, table([row.replace("养老支出||", "养老支出|11.75|") for row in renamed]), totals())
    blank = changed(data, CellEdit(SHEET, 8, 4, None), CellEdit(SHEET, 7, 4, None))
    plan = planned(pack, blank, replace(given))
    assert refs(plan.data).keys() == {"支出!D8"}
    assert refs(plan.formulas).keys() == {"支出!D7"}
    assert [d.partition("（")[0] for d in plan.differing] == ["支出!B8"]
