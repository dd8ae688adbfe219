"""校验: one workbook, and several of one unit."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.e2e.books import explained, result_rows
from tests.workbook.marking import contents
from tests.workbook.refilling import WORKBOOKS, by_openpyxl, changed, edit, sample
from xlbudget import jobs
from xlbudget.excel import buttons_validate
from xlbudget.review import Review, read_workbook, review
from xlbudget.rules.model import Outcome, OutcomeKind
from xlbudget.workbook.diff import live_ops
from xlbudget.workbook.mark import clear
from xlbudget.workbook.ops import Do
from xlbudget.workbook.package import Package

from .books import ONE, THREE, TOTAL, TWO, kinds, listed, pressed, said, without

LINE = "5 错误 · 18 核实 · 8 提示"


def findings(*books: tuple[str, bytes]) -> Review:
    return review([read_workbook(name, data) for name, data in books])


# -- one workbook -------------------------------------------------------------------------------------


def test_the_button_does_what_the_command_line_does(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(sample("seed-b"))
    marked = jobs.validate([path])[0].marked_path
    assert marked is not None
    reply = pressed("validate", sample("seed-b"))
    own = findings(("表.xlsx", sample("seed-b"))).books[0].patch.sheets
    wanted = live_ops(Package.open(sample("seed-b")), Package.open(marked.read_bytes()), own)
    assert reply.steps == {"表.xlsx": wanted}
    assert (reply.line, reply.ok, reply.goto) == (LINE, True, (ONE, "H17"))
    assert reply.details == [], "nothing about this workbook is out of the ordinary"


def test_what_is_clean_passes_and_a_broken_rule_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    reply = pressed("validate", sample())
    assert reply.line == "通过"
    assert reply.goto is None
    assert Do.NOTE not in kinds(reply.steps["表.xlsx"])
    done = findings(("表.xlsx", sample()))
    done.result.outcomes.append(Outcome("S3-00", OutcomeKind.BROKEN, "", "坏了"))
    monkeypatch.setattr(buttons_validate, "review", lambda readings: done)
    assert pressed("validate", sample()).line == "1 规则故障"


def test_pressing_twice_changes_nothing() -> None:
    marked = findings(("表.xlsx", sample("seed-b"))).books[0].reading.package.save()
    reply = pressed("validate", marked)
    assert reply.line == LINE
    assert reply.steps == {}


def test_explanations_survive_and_are_counted() -> None:
    marked = findings(("表.xlsx", sample("seed-b"))).books[0].reading.package.save()
    mark = next(iter(result_rows(marked)))
    reply = pressed("validate", explained(marked, mark, "系尾款，已说明"))
    assert "其中 1 处已有出错说明" in reply.details
    assert reply.steps, "the conclusion on the sheet counts it"
    assert any("系尾款，已说明" in row for row in listed(reply.steps["表.xlsx"]))


def test_unreadable_in_front_is_refused_in_a_sentence() -> None:
    blank = io.BytesIO()
    openpyxl.Workbook().save(blank)
    for data in (b"", b"abc", b"PK\3\4", sample()[:5000], blank.getvalue()):
        reply = pressed("validate", data)
        assert not reply.ok
        assert reply.line
        assert reply.steps == {}
    assert "Excel 里按“设置”" in pressed("validate", blank.getvalue()).line
    assert pressed("validate", sample(), pack="S9-XX").ok is False
    assert pressed("nothing", sample()).line == "没有“nothing”这个按钮。"


def test_how_sheets_were_read_is_told_where_it_is_noteworthy() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("说明")["A1"] = "其他"
        book[ONE]["G5"] = "全年支出数"
        for name in [n for n in book[ONE].defined_names if n != "项目名称"]:
            del book[ONE].defined_names[name]

    details = pressed("validate", by_openpyxl(sample("seed-b"), change)).details
    assert any(d.startswith(f"工作表“{ONE}”：") for d in details)
    assert not any(d.startswith(f"工作表“{THREE}”：") and "没有计算" not in "".join(details) for d in details)
    assert "未识别、未审核的工作表：说明" in details


def test_a_threaded_comment_is_not_overwritten_and_told() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book[TWO]["I19"].comment = Comment("看", "tc={12345678-1234-1234-1234-123456789012}")

    data = by_openpyxl(sample("seed-b"), change)
    reply = pressed("validate", data)
    assert f"有线程批注的单元格没有另加批注，只标了颜色：{TWO}!I19。" in reply.details
    assert f"{TWO}!I19" not in said(reply.steps["表.xlsx"], Do.NOTE)


def test_jobs_tell_it_too(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book[TWO]["I19"].comment = Comment("看", "tc={12345678-1234-1234-1234-123456789012}")

    path = tmp_path / "表.xlsx"
    path.write_bytes(by_openpyxl(sample("seed-b"), change))
    assert any("线程批注" in note for note in jobs.validate([path])[0].read_notes)


def test_a_broken_signature_is_told() -> None:
    package = Package.open(sample("seed-b"))
    package.put("_xmlsignatures/sig1.xml", b"<Signature/>")
    assert buttons_validate.SIGNED in pressed("validate", package.save()).details


def test_marking_then_clearing_gives_every_part_back() -> None:
    package = findings(("表.xlsx", sample("seed-b"))).books[0].reading.package
    clear(package)
    assert package.save() == sample("seed-b")


# -- several workbooks --------------------------------------------------------------------------------


def split() -> tuple[bytes, bytes]:
    """The projects of the sample, and its summary, as two workbooks; one stated total is wrong."""
    data = changed(sample("seed-b"), edit(TOTAL, "E9", 100))
    return without(data, TOTAL), without(data, ONE, TWO, THREE)


def test_workbooks_of_one_unit_are_audited_as_one() -> None:
    whole = pressed("validate", changed(sample("seed-b"), edit(TOTAL, "E9", 100)))
    projects, summary = split()
    for front, other in ((projects, summary), (summary, projects)):
        names = ("甲.xlsx", "乙.xlsx")
        reply = pressed("validate", front, (names[1], other), name=names[0])
        assert reply.line == whole.line
        assert set(reply.steps) == set(names)
        notes = {k: v for ops in reply.steps.values() for k, v in said(ops, Do.NOTE).items()}
        wanted = said(whole.steps["表.xlsx"], Do.NOTE)
        assert set(notes) == set(wanted)
        for name, ops in reply.steps.items():
            own = {TOTAL} if (name == "甲.xlsx") == (front is summary) else {ONE, TWO, THREE}
            assert {key.partition("!")[0] for key in said(ops, Do.NOTE)} == own
            assert {op.sheet for op in ops} <= own | {"审核结果", "审核规则", ""}
        assert reply.goto == ((TOTAL, "E9") if front is summary else (ONE, "H17"))
        assert reply.details[0].startswith("一并校验 2 本工作簿：“甲.xlsx”")


def test_each_result_sheet_lists_its_own_findings_and_keeps_its_explanations() -> None:
    projects, summary = split()
    alone = findings(("甲.xlsx", changed(sample("seed-b"), edit(TOTAL, "E9", 100)))).books[0]
    done = findings(("甲.xlsx", projects), ("乙.xlsx", summary))
    marks = [{f.fingerprint for f in b.result.findings} for b in done.books]
    assert marks[0] & marks[1] == set()
    assert marks[0] | marks[1] == {f.fingerprint for f in alone.result.findings}
    assert marks[1] == {f.fingerprint for f in alone.result.findings if f.place and f.place.sheet == TOTAL}
    again = findings(("乙.xlsx", summary), ("甲.xlsx", projects))
    assert [{f.fingerprint for f in b.result.findings} for b in again.books] == marks[::-1]
    total = next(f for f in done.books[1].result.findings if f.place and f.place.ref == "E9")
    sheets = {o.place.sheet for o in total.operands if o.place}
    assert TOTAL in sheets
    assert sheets - {TOTAL} <= {f"[甲.xlsx]{s}" for s in (ONE, TWO, THREE)}


def test_sheets_of_one_name_are_kept_apart() -> None:
    data = sample("seed-b")
    one, other = without(data, TWO, THREE, TOTAL), without(data, ONE, TWO, TOTAL)
    package = Package.open(other)
    text = (package.get("xl/workbook.xml") or b"").decode()
    package.put("xl/workbook.xml", text.replace(THREE, ONE).encode())
    reply = pressed("validate", one, ("乙.xlsx", package.save()), name="甲.xlsx")
    notes = {name: set(said(ops, Do.NOTE)) for name, ops in reply.steps.items()}
    assert f"{ONE}!H17" in notes["甲.xlsx"]
    assert f"{ONE}!H17" not in notes["乙.xlsx"]
    assert f"{ONE}!F13" in notes["乙.xlsx"]


def test_others_are_left_alone() -> None:
    data = sample("seed-b")
    stranger = changed(data, edit(TOTAL, "B3", "别的单位"))
    earlier = changed(data, *(edit(s, "A2", 2022) for s in (ONE, TWO, THREE, TOTAL)))
    blank = io.BytesIO()
    openpyxl.Workbook().save(blank)
    template = (WORKBOOKS / "templates" / "S3-SC.xlsx").read_bytes()
    others = [("外.xlsx", stranger), ("旧.xlsx", earlier), ("空.xlsx", blank.getvalue()), ("坏.xlsx", b"x")]
    reply = pressed("validate", data, *others, ("川.xlsx", template), ("副本.xlsx", data))
    assert reply.line == LINE
    assert set(reply.steps) == {"表.xlsx"}
    assert reply.details == [
        "没有一并校验“外.xlsx”：单位或年度不同（别的单位，2023 年度）。",
        "没有一并校验“旧.xlsx”：单位或年度不同（湖南省怀化市人民政府驻北京联络处，2022 年度）。",
        "没有一并校验“副本.xlsx”：其中的表在前面的工作簿里都有。",
    ]


def test_a_project_in_two_workbooks_counts_once() -> None:
    data = sample("seed-b")
    first, second = without(data, THREE), without(data, ONE, TOTAL)
    reply = pressed("validate", first, ("乙.xlsx", second), name="甲.xlsx")
    assert reply.line == pressed("validate", data).line
    assert any(f"“维权维稳（工作）经费”与“{TWO}”重复" in d for d in reply.details)
    assert f"{TWO}!I19" not in said(reply.steps["乙.xlsx"], Do.NOTE)


def test_joined_workbooks_can_be_cleared_one_by_one() -> None:
    projects, summary = split()
    for book, before in zip(
        findings(("甲", projects), ("乙", summary)).books, (projects, summary), strict=True
    ):
        clear(book.reading.package)
        assert contents(book.reading.package.save()) == contents(before)
