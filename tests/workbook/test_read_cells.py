"""What becomes of the content of a cell: exact values, shown decimals, issues."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xlbudget.figures import Figure
from xlbudget.rules.record import CellIssue, Entry
from xlbudget.workbook.read import read_record

from .forms_made import CN, column, project
from .handmade import Draft, book

MONEY, PERCENT, TOTAL = "F7", "I6", "H18"


def entry(name: str, sheet: Draft) -> Entry:
    record, _ = read_record(book(sheet), CN)
    return next(record.of("自评表")).fields[name]


def money(value: str | float, fmt: str = "General") -> Entry:
    return entry("全年_财政拨款", project().put(MONEY, value, fmt=fmt))


@pytest.mark.parametrize(
    ("stored", "value", "decimals"),
    [
        (10, Fraction(10), 2),
        (46.78, Fraction(4678, 100), 2),
        ("46.779999999999994", Fraction(4678, 100), 2),
        ("4.6780000000000001E1", Fraction(4678, 100), 2),
        (46.784, Fraction(46784, 1000), 3),
        (-3.5, Fraction(-35, 10), 2),
        ("1E-7", Fraction(1, 10**7), 7),
    ],
)
def test_number_cells_are_exact(stored: float | str, value: Fraction, decimals: int) -> None:
    sheet = project()
    sheet.set(7, 6, 0)
    sheet.cells[7, 6] = sheet.cells[7, 6]._replace(value=str(stored))
    got = entry("全年_财政拨款", sheet)
    assert got.value == Figure(value, decimals)
    assert got.issue is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("46.78", Fraction(4678, 100)),
        ("４６．７８", Fraction(4678, 100)),
        (" 1,046.78 ", Fraction(104678, 100)),
        ("46.78万元", Fraction(4678, 100)),
        ("467,800元", Fraction(4678, 100)),
        ("(46.78)", Fraction(-4678, 100)),
    ],
)
def test_numbers_stored_as_text_are_read_and_reported(text: str, value: Fraction) -> None:
    got = money(text)
    assert isinstance(got.value, Figure)
    assert (got.value.value, got.value.unit) == (value, "")
    assert (got.issue, got.raw) == (CellIssue.TEXT_NUMBER, text.strip())


@pytest.mark.parametrize("text", ["—", "——", "-", "－", "/", "／", " ", "\u3000", ""])
def test_dashes_stand_for_nothing(text: str) -> None:
    got = money(text)
    assert (got.value, got.issue) == (None, None)


@pytest.mark.parametrize("text", ["无", "约46万", "46.78+1", "1,23.4", "见附件", "95%以上", "95%", "12次"])
def test_other_text_is_not_a_number(text: str) -> None:
    got = money(text)
    assert (got.value, got.issue, got.raw) == (text, CellIssue.NOT_A_NUMBER, text)


def test_error_cells() -> None:
    got = entry("执行率", project().put(PERCENT, "#DIV/0!", "G6/F6"))
    assert (got.value, got.issue, got.raw) == (None, CellIssue.ERROR_VALUE, "#DIV/0!")


@pytest.mark.parametrize(
    ("stored", "fmt", "value", "decimals"),
    [
        (0.8632, "0.00%", Fraction(8632, 10000), 4),
        (0.863166666666667, "0.00%", Fraction(863166666666667, 10**15), 4),
        (1, "0%", Fraction(1), 2),
        (0.5, "General", Fraction(1, 2), 4),
        ("86.32%", "General", Fraction(8632, 10000), 4),
        ("86.3%", "General", Fraction(863, 1000), 3),
        ("0.863", "@", Fraction(863, 1000), 4),
    ],
)
def test_percentages_take_their_decimals_from_what_is_seen(
    stored: float | str, fmt: str, value: Fraction, decimals: int
) -> None:
    got = entry("执行率", project().put(PERCENT, stored, "G6/F6", fmt))
    assert got.value == Figure(value, decimals, percent=True)


def test_scores_with_their_unit() -> None:
    got = entry("总得分", project().put(TOTAL, "96.99分", "SUM(H13:H17)"))
    assert got.value == Figure(Fraction(9699, 100), 2)
    assert got.issue is CellIssue.TEXT_NUMBER


def test_an_overwritten_formula() -> None:
    got = entry("总得分", project().put(TOTAL, 98))
    assert (got.value, got.issue, got.raw) == (Figure(Fraction(98), 2), CellIssue.OVERWRITTEN, "98.00")
    kept = entry("全年预算数", project().put(TOTAL, 98))
    assert (kept.issue, kept.formula) == (None, "SUM(A1)")


def test_constants_are_no_issue_where_nothing_computes() -> None:
    sheet = project()
    sheet.cells = {at: c._replace(formula=None) for at, c in sheet.cells.items()}
    record, _ = read_record(book(sheet), CN)
    assert {e.issue for e in next(record.of("自评表")).fields.values()} == {None}


def test_a_deleted_formula_is_a_blank() -> None:
    got = entry("总得分", project().put(TOTAL, None))
    assert (got.value, got.issue, got.formula) == (None, None, "")


def test_formulas_without_results_are_said() -> None:
    record, report = read_record(book(project().put(TOTAL, None, "SUM(H13:H17)")), CN)
    got = next(record.of("自评表")).fields["总得分"]
    assert (got.value, got.issue, got.formula) == (None, None, "SUM(H13:H17)")
    assert report.forms[0].notes == [
        "1 个单元格有公式而没有计算结果（H18），请用 Excel 或 WPS 打开保存一次再审核"
    ]


@pytest.mark.parametrize(
    ("stored", "fmt", "seen"),
    [
        (0.9, "0%", "90%"),
        (0.955, "0%", "95.5%"),
        (0.9, "0.00%", "90%"),
        (6, "General", "6"),
        (6.50, "0.00", "6.5"),
        (1200, "#,##0", "1200"),
        (6, '0"项"', "6项"),
        (45280, "yyyy/m/d", "2023年12月20日"),
        (45280, 'yyyy"年"m"月"d"日"', "2023年12月20日"),
        (45280, 'yyyy"年"m"月"', "2023年12月"),
        ("≥90%", "@", "≥90%"),
        (True, "General", "TRUE"),
    ],
)
def test_quantities_are_texts_as_a_person_sees_them(stored: float | str | bool, fmt: str, seen: str) -> None:
    record, _ = read_record(book(project().put("F13", stored, fmt=fmt)), CN)
    assert column(next(record.of("自评表")), "实际完成值")[0] == seen


def test_a_computed_percentage_shows_its_format() -> None:
    record, _ = read_record(book(project().put("F13", 0.863166666666667, "1/3", "0.00%")), CN)
    assert column(next(record.of("自评表")), "实际完成值")[0] == "86.32%"


@pytest.mark.parametrize(
    ("stored", "fmt"),
    [
        ("（2023年度）", "General"),
        ("( 2023 年度 )", "General"),
        ("２０２３年", "General"),
        ("二〇二三年度", "General"),
        (2023, '"（"0"年度）"'),
        ("2023", "@"),
        (45280, "yyyy年"),
    ],
)
def test_years(stored: str | int, fmt: str) -> None:
    for sheet in (project(), project().unnamed()):
        record, _ = read_record(book(sheet.put("A2", stored, fmt=fmt)), CN)
        assert record.year == 2023
        assert next(record.of("自评表")).fields["年度"].issue is None


@pytest.mark.parametrize("text", ["（20XX年度）", "（    年度）", "（20  年度）"])
def test_a_year_to_fill_in_is_blank(text: str) -> None:
    got = entry("年度", project().unnamed().put("A2", text))
    assert (got.value, got.issue) == (None, None)
    assert got.place is not None
    assert got.place.ref == "A2"


def test_a_year_that_is_none() -> None:
    assert entry("年度", project().put("A2", "（20231年度）")).issue is CellIssue.NOT_A_NUMBER


def test_the_year_in_the_title() -> None:
    sheet = project().unnamed().put("A1", "2023年度项目支出绩效自评表").put("A2", None)
    got = entry("年度", sheet)
    assert str(got.value) == "2023"
    assert got.place is not None
    assert got.place.ref == "A1"


def test_amounts_in_another_unit_are_converted_and_it_is_said() -> None:
    sheet = project().reword({"项目资金\n（万元）": "项目资金\n（元）"}).put(MONEY, 84000)
    record, report = read_record(book(sheet), CN)
    got = next(record.of("自评表")).fields["全年_财政拨款"].value
    assert isinstance(got, Figure)
    assert (got.value, got.unit) == (Fraction(84, 10), "")
    assert "本表金额单位为元，已换算为万元后审核" in report.forms[0].notes


def test_issues_in_rows() -> None:
    sheet = project().put("H13", "20").put("H14", "八").put("G15", "#N/A").put("D16", None)
    record, _ = read_record(book(sheet), CN)
    rows = next(record.of("自评表")).rows["指标"]
    issues = [(r["分值"].issue, r["得分"].issue) for r in rows]
    assert issues == [
        (None, CellIssue.TEXT_NUMBER),
        (None, CellIssue.NOT_A_NUMBER),
        (CellIssue.ERROR_VALUE, None),
        (None, None),
        (None, None),
    ]
    assert rows[3]["三级指标"].blank
    place = rows[3]["三级指标"].place
    assert place is not None
    assert place.ref == "D16"


def test_a_missing_column_is_reported_once() -> None:
    sheet = project().unnamed()
    for row in range(12, 19):
        sheet.set(row, 9, None)
    record, report = read_record(book(sheet), CN)
    rows = next(record.of("自评表")).rows["指标"]
    assert [r["偏差原因"].issue for r in rows] == [CellIssue.MISSING, None, None, None, None]
    assert report.forms[0].missing == ["总分说明", "指标[偏差原因]"]
    assert "未找到 2 项（总分说明、指标[偏差原因]）" in report.forms[0].sentence
