"""清除标注, 填充 and 导出报送版 as buttons."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.books import explained, result_rows
from tests.workbook.marking import contents
from tests.workbook.refilling import HN, WORKBOOKS, by_openpyxl, cell, changed, edit, sample
from xlbudget import jobs
from xlbudget.excel.buttons import BUTTONS
from xlbudget.filling import fill_workbook, restored
from xlbudget.review import read_workbook, review
from xlbudget.workbook.diff import live_ops
from xlbudget.workbook.ops import Do
from xlbudget.workbook.package import Package

from .books import ONE, TOTAL, kinds, pressed, said

SAMPLES = WORKBOOKS / "samples"
SEED = str(SAMPLES / "seed-b")


def marked(data: bytes) -> bytes:
    return review([read_workbook("表.xlsx", data)]).books[0].reading.package.save()


def test_the_buttons() -> None:
    assert set(BUTTONS) == {"validate", "fill", "clear", "export"}


@pytest.mark.parametrize("verb", ["validate", "fill", "clear", "export"])
def test_what_cannot_be_read_is_refused(verb: str) -> None:
    reply = pressed(verb, b"PK\3\4")
    assert not reply.ok
    assert reply.line
    assert (reply.steps, reply.files, reply.question) == ({}, [], None)


# -- 清除标注 ------------------------------------------------------------------------------------------


def test_clearing() -> None:
    reply = pressed("clear", marked(sample("seed-b")))
    assert (reply.line, reply.question) == ("已清除标注", None)
    ops = reply.steps["表.xlsx"]
    assert {op.sheet for op in ops if op.do is Do.DROPSHEET} == {"审核结果", "审核规则"}
    assert {Do.UNFORMAT, Do.UNNOTE, Do.DROPSHEET} <= kinds(ops)
    assert pressed("clear", sample()).line == "没有标注可清除"
    assert pressed("clear", sample()).steps == {}


def test_clearing_asks_before_explanations_are_lost() -> None:
    data = marked(sample("seed-b"))
    reply = pressed("clear", explained(data, next(iter(result_rows(data))), "尾款"))
    assert reply.steps == {}
    question = reply.question
    assert question is not None
    assert "1 条出错说明" in question.text
    assert Do.DROPSHEET in kinds(question.steps["表.xlsx"])
    assert (question.yes, question.no) == ("已清除标注", "没有清除")


# -- 填充 ---------------------------------------------------------------------------------------------


def test_filling_formulas_and_figures() -> None:
    data = changed(sample("seed-b"), edit(ONE, "I6", None), edit(ONE, "J6", None), edit(ONE, "E7", None))
    reply = pressed("fill", data, source=SEED)
    assert reply.line == "填入公式 2 处，填入数据 1 处"
    assert reply.details == []
    assert reply.question is None
    ops = reply.steps["表.xlsx"]
    assert said(ops, Do.NUMBER)[f"{ONE}!E7"] == ("62.34",)
    formulas = said(ops, Do.FORMULA)
    assert formulas[f"{ONE}!I6"] == ('=IF(OR(N(F6)=0,G6=""),"",G6/F6)',)
    assert f"{ONE}!E6" not in formulas, "a formula that stands recalculates by itself"
    assert {op.sheet for op in ops if op.do is Do.ADDSHEET} == {"评分底稿"}


def test_filling_with_nothing_to_fill() -> None:
    reply = pressed("fill", sample())
    assert reply.line == "没有可填的格子，已更新“评分底稿”"
    with_papers = fill_workbook("表.xlsx", sample()).package.save()
    reply = pressed("fill", with_papers)
    assert (reply.line, reply.steps, reply.details) == ("没有可填的格子", {}, [])


def test_filling_twice_the_second_does_nothing() -> None:
    data = changed(sample("seed-b"), edit(ONE, "I6", None), edit(ONE, "E7", None))
    once = fill_workbook("表.xlsx", data, None, SEED).package.save()
    reply = pressed("fill", once, source=SEED)
    assert (reply.line, reply.steps) == ("没有可填的格子", {})


def test_overwritten_formulas_are_asked_about() -> None:
    data = changed(sample(), edit(ONE, "H22", 95), edit(ONE, "I6", Fraction("0.9")))
    reply = pressed("fill", data)
    question = reply.question
    assert question is not None
    assert question.text == (
        "2 处公式被数字覆盖：\n"
        "附件2-1!I6（年度资金总额·执行率）现为 90.00%，公式得 100.00%\n"
        "附件2-1!H22（总分·得分）现为 95，公式得 99.5\n"
        "要恢复公式吗？"
    )
    assert question.yes == "已恢复公式 2 处"
    assert set(said(question.steps["表.xlsx"], Do.FORMULA)) >= {f"{ONE}!I6", f"{ONE}!H22"}
    assert not {f"{ONE}!I6", f"{ONE}!H22"} & set(said(reply.steps["表.xlsx"], Do.FORMULA))
    back = restored(fill_workbook("表.xlsx", data)).package.save()
    assert pressed("fill", back).question is None


def test_a_long_question_names_some_and_the_details_all() -> None:
    typed = {"E6": 62, "F6": 62, "G6": 62, "I6": 1, "J6": 10, "I7": 1, "G22": 99, "H22": 99}
    reply = pressed("fill", changed(sample(), *(edit(ONE, ref, value) for ref, value in typed.items())))
    assert reply.question is not None
    assert "……等 8 处" in reply.question.text
    assert len(reply.question.text) < 900
    assert sum(d.startswith("　附件2-1!") for d in reply.details) == 8


def test_filling_keeps_marks() -> None:
    data = marked(changed(sample("seed-b"), edit(ONE, "I6", None)))
    ops = pressed("fill", data).steps["表.xlsx"]
    assert f"{ONE}!I6" in said(ops, Do.FORMULA)
    assert not kinds(ops, ONE) - {Do.FORMULA}
    assert not [op for op in ops if op.do is Do.DROPSHEET]


def test_validating_renews_the_papers_and_clearing_takes_them_along() -> None:
    data = fill_workbook("表.xlsx", sample("seed-b")).package.save()
    reply = pressed("validate", data)
    added = [op.sheet for op in reply.steps["表.xlsx"] if op.do is Do.ADDSHEET]
    assert added == ["审核结果", "审核规则", "评分底稿"]
    both = marked(data)
    assert pressed("validate", both).steps == {}
    dropped = [op.sheet for op in pressed("clear", both).steps["表.xlsx"] if op.do is Do.DROPSHEET]
    assert sorted(dropped) == sorted(added)


@pytest.mark.parametrize(
    ("source", "said_"),
    [("没有这个文件夹", "完整路径"), ("/没有/这个.sqlite", "找不到数据"), (__file__, "不是能读的数据")],
)
def test_data_that_cannot_be_read(source: str, said_: str) -> None:
    reply = pressed("fill", sample(), source=source)
    assert not reply.ok
    assert said_ in reply.line
    assert reply.steps == {}


def test_many_problems_of_data_are_details(tmp_path: Path) -> None:
    for path in Path(SEED).glob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text("utf-8-sig").replace("62.34", "六十"), "utf-8")
    reply = pressed("fill", sample("seed-b"), source=str(tmp_path))
    assert not reply.ok
    assert "\n" not in reply.line
    assert reply.details


def test_odd_cells_go_through_unchanged() -> None:
    """Money with a currency format, a code as text and a date: no step touches them."""

    def change(book: openpyxl.Workbook) -> None:
        page = book[ONE]
        page["E8"], page["F8"] = 1234567.89, 0.005
        page["E8"].number_format = page["F8"].number_format = '"¥"#,##0.00'
        page["L2"], page["L3"] = "2080505", datetime.date(2023, 12, 20)
        page["L3"].number_format = "yyyy-mm-dd"

    data = by_openpyxl(sample("seed-b"), change)
    before = contents(data)["xl/worksheets/sheet1.xml"]
    odd = [
        piece for piece in before.split(b"<c ") if piece[:6] in (b'r="E8"', b'r="F8"', b'r="L2"', b'r="L3"')
    ]
    assert len(odd) == 4
    assert all(any(value in piece for piece in odd) for value in (b"<v>1234567.89</v>", b"<v>0.005</v>"))
    for package in (
        fill_workbook("表.xlsx", data, None, SEED).package,
        review([read_workbook("表.xlsx", data)]).books[0].reading.package,
    ):
        pieces = (package.get("xl/worksheets/sheet1.xml") or b"").split(b"<c ")
        for piece in odd:
            assert any(p.startswith(piece[: piece.index(b"</c>")]) for p in pieces), piece
    for verb in ("fill", "validate"):
        ops = pressed(verb, data, source=SEED if verb == "fill" else "").steps["表.xlsx"]
        touching = [
            op for op in ops if op.do in (Do.NUMBER, Do.TEXT, Do.FORMULA, Do.BLANK) and op.sheet == ONE
        ]
        assert not {op.ref for op in touching} & {"E8", "F8", "L2", "L3"}


# -- 导出报送版 ----------------------------------------------------------------------------------------


def test_exporting_gives_a_file_and_changes_nothing() -> None:
    reply = pressed("export", marked(sample("seed-b")))
    assert reply.line == "已导出“表-报送版.xlsx”，再次校验：5 错误 · 18 核实 · 8 提示"
    assert reply.details == ["注意：报送版里还有 5 处错误，请改正后重新导出再报送。"]
    assert reply.steps == {}
    assert [f.name for f in reply.files] == ["表-报送版.xlsx"]
    assert contents(reply.files[0].data) == contents(sample("seed-b"))


def test_exporting_what_has_no_value_is_refused() -> None:
    package = Package.open(sample())
    part = "xl/worksheets/sheet1.xml"
    xml = (package.get(part) or b"").decode()
    bad = '<row r="40"><c r="B40" t="e"><f>XB_A()</f><v>#NAME?</v></c></row></sheetData>'
    package.put(part, xml.replace("</sheetData>", bad).encode())
    reply = pressed("export", package.save())
    assert not reply.ok
    assert f"{ONE}!B40" in reply.line
    assert reply.files == []


# -- the same from the command line -------------------------------------------------------------------


def test_jobs_and_buttons_fill_alike(tmp_path: Path) -> None:
    data = changed(sample("seed-b"), edit(ONE, "I6", None), edit(ONE, "E7", None))
    path = tmp_path / "表.xlsx"
    path.write_bytes(data)
    done = jobs.fill(path, SEED)
    assert done.path.name == "表-填充.xlsx"
    assert path.read_bytes() == data
    after = Package.open(done.path.read_bytes())
    assert pressed("fill", data, source=SEED).steps["表.xlsx"] == live_ops(
        Package.open(data), after, [done.filled.papers]
    )
    first = done.path.read_bytes()
    assert jobs.fill(path, SEED).path.read_bytes() == first
    assert cell(first, ONE, "E7") == cell(sample("seed-b"), ONE, "E7")
    assert (cell(first, TOTAL, "C5") or (None,) * 4)[3] == "62.34"


def test_a_named_pack_is_used() -> None:
    reply = pressed("fill", changed(sample(), edit(ONE, "I6", None)), pack=HN.id)
    assert reply.line == "填入公式 1 处"
