"""The steps on sheets of the user's: what a live carrier has to repeat, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from xlbudget.workbook.diff import live_ops
from xlbudget.workbook.diff.areas import area, chunks, settled
from xlbudget.workbook.diff.view import parts, shown_width
from xlbudget.workbook.mark import Cleared, apply_patch, clear
from xlbudget.workbook.mark.look import CELLS
from xlbudget.workbook.ops import Do, Op
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import CellEdit, Mark, Patch

from ..office import Office
from .excel_like import build
from .excel_like_extras import Variant
from .marking import MAKERS, SHEET, by_openpyxl, marked, own_sheets, patch
from .parts import book as small
from .repeating import USER, loaded, repeated, shown

OTHER = "数据 '23"
SIGN = '="xlbudget.mark"<>"{}"'
ERROR, QUERY, NOTICE = (
    (SIGN.format("错误"), "FFDCDC", "F2A3A3", "lightUp"),
    (SIGN.format("核实"), "FFF0C4", "DDB04A", "gray125"),
    (SIGN.format("提示"), "DDEBF7", "DDEBF7", "solid"),
)


def steps(data: bytes, wanted: Patch | None = None) -> list[Op]:
    """What marking an open workbook takes."""
    after = Package.open(data)
    wanted = wanted or Patch()
    apply_patch(after, wanted)
    return live_ops(Package.open(data), after, wanted.sheets)


def made(change: Callable[[Any], None], data: bytes | None = None) -> bytes:
    """The workbook of openpyxl, changed."""
    book = loaded(data or by_openpyxl())
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def on(ops: list[Op], *kinds: Do, sheet: str = SHEET) -> list[tuple[str, tuple[str, ...]]]:
    return [(op.ref, op.args) for op in ops if op.do in kinds and op.sheet == sheet]


@pytest.fixture(params=MAKERS)
def data(request: pytest.FixtureRequest) -> bytes:
    return MAKERS[request.param]()


# -- nothing, marking, clearing ------------------------------------------------------------------------


def test_a_workbook_that_did_not_change_needs_no_steps(data: bytes) -> None:
    for file in (data, marked(data)):
        assert live_ops(Package.open(file), Package.open(file), []) == []


def test_marking_again_changes_nothing(data: bytes) -> None:
    assert steps(marked(data), patch()) == []


def test_the_same_arguments_give_the_same_steps(data: bytes) -> None:
    assert steps(data, patch()) == steps(data, patch()) != []


def test_marking() -> None:
    ops = steps(build(), Patch(patch().marks))
    assert on(ops, Do.TEXT) == [
        ("E4", ("◀错误 S3-05；核实 S3-07、S3-09",)),
        ("E5", ("◀提示 S3-11",)),
        ("E7", ("◀错误 S3-06",)),
        ("E8", ("◀提示 S3-01",)),
    ]
    assert on(ops, Do.LOOK) == [("E4 E7", CELLS["label:错误"].args), ("E5 E8", CELLS["label:提示"].args)]
    assert on(ops, Do.FORMAT) == [("B5 B8:C8", NOTICE), ("C4", QUERY), ("B4 A7", ERROR)]
    assert on(ops, Do.NOTE)[1:3] == [
        ("C4", ("已核对 & 无误\n【审核】核实 S3-07\n执行数与批复 & 决算不一致 <1>。〔完〕", "225", "48")),
        ("B5", ("【审核】提示 S3-11\n尾差 0.01。〔完〕", "225", "48")),
    ]
    assert "C6" not in dict(on(ops, Do.NOTE))  # a thread
    assert on(ops, Do.WIDTH, Do.PRINTAREA) == [("E", ("29",)), ("", ("A1:E8",))]
    assert on(ops, Do.NAME) == [
        ("_xlbudget_mark_margin", ("'自评表'!$E:$E", "1")),
        ("_xlbudget_mark_print", ("自评表!$A$1:$D$8", "1")),
        ("_xlbudget_mark_width", ('"9 hidden"', "1")),
    ]
    assert on(ops, Do.FORMAT, sheet=OTHER) == [("B1", QUERY)]
    assert {op.sheet for op in ops} == {SHEET, OTHER}
    assert {op.do for op in ops} == {
        *(Do.TEXT, Do.LOOK, Do.NOTE, Do.FORMAT, Do.WIDTH, Do.PRINTAREA, Do.NAME),
    }


def test_clearing_what_the_patcher_marked() -> None:
    ops = steps(marked(build()))
    assert [(op.do, op.sheet) for op in ops[:2]] == [(Do.DROPSHEET, "审核结果"), (Do.DROPSHEET, "审核规则")]
    assert [(op.do, op.ref, op.args) for op in ops if op.sheet == SHEET] == [
        (Do.BLANK, "E4:E5", ()),
        (Do.BLANK, "E7:E8", ()),
        (Do.UNLOOK, "E4:E5", ()),
        (Do.UNLOOK, "E7:E8", ()),
        (Do.UNNOTE, "B5", ()),
        (Do.UNNOTE, "A7", ()),
        (Do.UNNOTE, "B8", ()),
        (Do.NOTE, "B4", ("张三：\n按批复数填", "108", "59")),
        (Do.NOTE, "C4", ("已核对 & 无误", "108", "59")),
        (Do.UNFORMAT, "", ("xlbudget.mark",)),
        (Do.WIDTH, "E", ("0",)),
        (Do.PRINTAREA, "", ("A1:D8",)),
        (Do.UNNAME, "_xlbudget_mark_margin", ()),
        (Do.UNNAME, "_xlbudget_mark_print", ()),
        (Do.UNNAME, "_xlbudget_mark_width", ()),
    ]
    assert [op.ref for op in ops if op.do is Do.UNNAME and not op.sheet] == [
        "_xlbudget_mark_sheet_审核结果",
        "_xlbudget_mark_sheet_审核规则",
    ]


def test_fewer_findings() -> None:
    """Only what is different is touched; all highlights of a sheet are put on anew when some are."""
    before = patch()
    ops = steps(marked(build()), Patch([m for m in before.marks if m.row != 5], before.sheets))
    assert [(op.do, op.ref) for op in ops] == [
        *((Do.BLANK, "E5"), (Do.UNLOOK, "E5"), (Do.UNNOTE, "B5")),
        *((Do.UNFORMAT, ""), (Do.FORMAT, "B8:C8"), (Do.FORMAT, "C4"), (Do.FORMAT, "B4 A7")),
    ]


def test_a_finding_that_became_milder() -> None:
    milder = [m if m.row != 7 else Mark(SHEET, 7, 1, "核实", m.note, m.label) for m in patch().marks]
    ops = steps(marked(build()), Patch(milder, own_sheets()))
    assert on(ops, Do.TEXT, Do.LOOK) == [("E7", ("◀核实 S3-06",)), ("E7", CELLS["label:核实"].args)]
    assert on(ops, Do.FORMAT)[1:] == [("C4 A7", QUERY), ("B4", ERROR)]


# -- live and back: the steps say enough ---------------------------------------------------------------

LIVE = {
    "openpyxl": by_openpyxl,
    "excel": lambda: made(lambda _: None, build(Variant(chart_sheet=False))),
    "protected": lambda: made(lambda book: book[SHEET].protection.enable()),
}


@pytest.fixture(params=LIVE)
def open_book(request: pytest.FixtureRequest) -> bytes:
    return LIVE[request.param]()


def test_an_open_workbook_shows_what_the_file_shows(open_book: bytes) -> None:
    live = repeated(open_book, steps(open_book, patch()))
    assert shown(live) == shown(marked(open_book))


def test_validating_an_unchanged_live_workbook_again_changes_nothing(open_book: bytes) -> None:
    live = repeated(open_book, steps(open_book, patch()))
    assert steps(live, patch()) == []


def test_clearing_a_live_workbook_gives_back_what_was_there(open_book: bytes) -> None:
    live = repeated(open_book, steps(open_book, patch()))
    assert clear(Package.open(live)) is Cleared.STRUCTURAL
    ops = steps(live)
    assert shown(repeated(live, ops)) == shown(open_book)
    assert {op.do for op in ops} >= {
        *(Do.UNFORMAT, Do.UNNOTE, Do.BLANK, Do.UNLOOK, Do.UNNAME, Do.DROPSHEET, Do.WIDTH, Do.PRINTAREA)
    }


def test_marking_a_live_workbook_anew(open_book: bytes) -> None:
    live = repeated(open_book, steps(open_book, patch()))
    less = Patch(patch().marks[4:], own_sheets()[:1])
    assert shown(repeated(live, steps(live, less))) == shown(marked(open_book, less))


def test_after_libreoffice_saved_it_nothing_is_left_to_do(office: Office, tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_bytes(marked(build()))
    saved = office.resave(tmp_path / "in.xlsx", tmp_path / "out.xlsx").read_bytes()
    assert steps(saved, patch()) == []
    ops = steps(saved)
    assert {op.do for op in ops if op.sheet == SHEET} == {
        *(Do.BLANK, Do.UNLOOK, Do.UNNOTE, Do.NOTE, Do.UNFORMAT, Do.WIDTH, Do.PRINTAREA, Do.UNNAME),
    }


def test_a_protected_sheet_is_opened_for_its_steps_only() -> None:
    ops = steps(LIVE["protected"](), Patch(patch().marks))
    mine = [op.do for op in ops if op.sheet == SHEET]
    assert (mine[0], mine[-1]) == (Do.OPEN, Do.CLOSE)
    assert mine.count(Do.OPEN) == mine.count(Do.CLOSE) == 1
    assert Do.OPEN not in [op.do for op in ops if op.sheet == OTHER]
    assert steps(LIVE["protected"](), Patch([Mark(OTHER, 1, 1, "错误", "x", "x")]))[0].sheet == OTHER


def test_the_former_width_of_the_margin_comes_back() -> None:
    """Columns right of many forms are hidden: labels must not leave one of them showing."""
    live = made(lambda book: None, marked(build(Variant(chart_sheet=False))))
    package = Package.open(live)
    assert clear(package) is Cleared.STRUCTURAL
    column = loaded(package.save())[SHEET].column_dimensions["E"]
    assert (column.width, column.hidden) == (9, True)
    assert on(steps(live), Do.WIDTH) == [("E", ("0",))]


# -- notes ---------------------------------------------------------------------------------------------


def with_note(text: str, author: str = USER) -> bytes:
    def put(book: Any) -> None:
        book[SHEET]["C3"].comment = Comment(text, author)

    return made(put)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("【审核】错误 S3-05\n说明。〔完〕", None),
        ("\n【审核】错误 S3-05\n说明。〔完〕", ""),  # an empty note of the user's, and ours
        ("按批复\n【审核】错误〔完〕", "按批复"),
        ("【审核】错误〔完〕\n已改", "\n已改"),
        ("见【审核】", "见"),
    ],
)
def test_a_note_of_ours_goes_whoever_signed_it(text: str, left: str | None) -> None:
    package = Package.open(with_note(text))
    clear(package)
    note = loaded(package.save())[SHEET]["C3"].comment
    assert (note.text if note else None) == left
    assert [op.do for op in steps(with_note(text))] == [Do.UNNOTE if left is None else Do.NOTE]


def test_our_words_in_an_empty_note_begin_on_a_line_of_their_own() -> None:
    out = loaded(marked(build(), Patch([Mark(SHEET, 4, 4, "错误", "空批注。", "S3-05")])))[SHEET]
    assert out["D4"].comment.text.startswith("\n【审核】")


# -- cells ---------------------------------------------------------------------------------------------


def test_changed_cells_are_written_and_nothing_else_is() -> None:
    def prepare(book: Any) -> None:
        sheet = book[SHEET]
        for ref in ("A10", "A11", "B11"):
            sheet[ref] = "空"
        sheet.merge_cells("C10:D11")
        sheet["C10"] = "并"

    given_ = made(prepare)
    edits = [
        CellEdit(SHEET, 3, 1, Fraction(1, 4)),
        CellEdit(SHEET, 3, 2, "=1+1"),
        CellEdit(SHEET, 3, 3, Fraction(2), "1+1"),
        CellEdit(SHEET, 4, 1, Fraction(4)),  # as it is
        CellEdit(SHEET, 6, 3, Fraction(1), "SUM(C3:C5)"),  # as it is: results are calculated anew
        *(CellEdit(SHEET, *at, None) for at in ((10, 1), (11, 1), (11, 2), (10, 3), (20, 20))),
    ]
    ops = steps(given_, Patch(cells=edits))
    assert [(op.do, op.ref, op.args) for op in ops] == [
        (Do.BLANK, "A10", ()),
        (Do.BLANK, "C10:D11", ()),
        (Do.BLANK, "A11:B11", ()),
        (Do.NUMBER, "A3", ("0.25",)),
        (Do.TEXT, "B3", ("=1+1",)),
        (Do.FORMULA, "C3", ("=1+1",)),
    ]
    after = Package.open(given_)
    apply_patch(after, Patch(cells=edits))
    assert shown(repeated(given_, ops)) == shown(after.save())


def test_shared_formulas_that_had_to_be_written_out_are_no_change() -> None:
    rows = (
        '<row r="3"><c r="A3"><f t="shared" ref="A3:A4" si="0">B3*2</f></c></row>'
        '<row r="4"><c r="A4"><f t="shared" si="0"/></c></row>'
    )
    ops = steps(small(rows), Patch(cells=[CellEdit("表一", 3, 1, Fraction(5))]))
    assert ops == [Op(Do.NUMBER, "表一", "A3", ("5",))]


def test_numbers_that_excel_wrote_with_seventeen_digits_are_the_same() -> None:
    saved = small('<row r="1"><c r="A1"><v>0.10000000000000001</v></c></row>')
    assert steps(saved, Patch(cells=[CellEdit("表一", 1, 1, Fraction(1, 10))])) == []
    assert len(steps(saved, Patch(cells=[CellEdit("表一", 1, 1, Fraction("0.1000001"))]))) == 1


@pytest.mark.parametrize(
    ("saved", "wanted", "same"),
    [
        ("自评表!B4*2", "'自评表'!B4*2", True),
        ("'it''s'!B4", "'it''s'!B4", True),
        ("IF([1]!XB_RATE(A1,B1)&gt;1,1,0)", "IF(XB_RATE(A1,B1)>1,1,0)", True),
        ("[1]!A1", "A1", False),
        ("自评表!B4", "自评表!B5", False),
    ],
)
def test_formulas_are_compared_as_people_type_them(saved: str, wanted: str, same: bool) -> None:
    """Excel leaves out quotes that are not needed, and saves a link before functions of an add-in."""
    file = small(f'<row r="1"><c r="A1"><f>{saved}</f><v>1</v></c></row>')
    ops = steps(file, Patch(cells=[CellEdit("表一", 1, 1, Fraction(1), wanted)]))
    assert ops == ([] if same else [Op(Do.FORMULA, "表一", "A1", (f"={wanted}",))])


def test_many_marks_are_named_in_short_pieces() -> None:
    marks = [Mark(SHEET, r, c, "错误", "", "") for r in range(3, 100, 2) for c in range(1, 20, 2)]
    ops = steps(by_openpyxl(), Patch(marks))
    refs = [op.ref for op in ops if op.do is Do.FORMAT]
    assert len(refs) > 5
    assert max(map(len, refs)) <= 240
    assert sorted(" ".join(refs).split()) == sorted({f"{chr(64 + m.col)}{m.row}" for m in marks})
    live = repeated(by_openpyxl(), ops)
    assert steps(live, Patch(marks)) == []


# -- small pieces --------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=60))
def test_pieces_cover_the_same_cells(cells: list[tuple[int, int]]) -> None:
    ranges = settled(f"{chr(64 + c) if c < 27 else 'A' + chr(38 + c)}{r}" for r, c in cells)
    texts = list(chunks(ranges))
    assert all(len(t) <= 240 for t in texts)
    boxes = [area(r) for t in texts for r in t.split()]
    covered = [(r, c) for b in boxes if b for r in range(b[0], b[2] + 1) for c in range(b[1], b[3] + 1)]
    assert sorted(covered) == sorted(set(cells))
    assert settled(" ".join(texts).split()) == ranges


@pytest.mark.parametrize(
    ("stated", "width"), [("29.7109375", "29"), ("5", "4.29"), ("0.5", "0"), ("", ""), ("x", "")]
)
def test_widths(stated: str, width: str) -> None:
    assert shown_width(stated) == width


def test_targets_are_compared_without_quotes() -> None:
    assert parts("'a,b'!$A$1:$B$2,c!$C$3") == [("a,b", "$A$1:$B$2"), ("c", "$C$3")]
    assert parts("'审核结果'!$A$1") == parts("审核结果!$A$1")


def test_ranges_that_make_no_sense_are_passed_over() -> None:
    assert area("#REF!") is None
    assert settled(["B2", "#REF!", "B1"]) == ("B1:B2",)


def test_steps_are_only_texts() -> None:
    for op in steps(by_openpyxl(), patch()):
        assert all(isinstance(a, str) for a in (op.sheet, op.ref, *op.args))
