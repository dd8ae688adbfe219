"""The small parts of marking: splices and their way back, ranges, wording, sizes, columns, boxes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.mark import Cleared, apply_patch, clear, vml
from xlbudget.workbook.mark.conditional import sqref
from xlbudget.workbook.mark.labels import LABEL, label
from xlbudget.workbook.mark.notetext import OURS, NoteText
from xlbudget.workbook.mark.outline import content, outline, set_attribute
from xlbudget.workbook.mark.skeleton import quoted, unquoted
from xlbudget.workbook.mark.splice import Edit, spliced
from xlbudget.workbook.mark.undo import _reversed
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import Mark, Patch
from xlbudget.workbook.xmltext import decode_escapes

from .marking import SHEET, bare, contents, marked, packed

# -- splices -------------------------------------------------------------------------------------------


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Edit]]:
    data = draw(st.binary(max_size=60))
    places = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    edits = [Edit(a, b, draw(st.binary(max_size=5))) for a, b in zip(places[::2], places[1::2], strict=False)]
    return data, edits


@given(edited())
def test_every_set_of_edits_can_be_undone(case: tuple[bytes, list[Edit]]) -> None:
    import base64

    data, edits = case
    after, ordered = spliced(data, edits)
    back = [
        Edit(int(a), int(a) + int(n), base64.b64decode(str(old))) for a, n, old in _reversed(data, ordered)
    ]
    assert spliced(after, back)[0] == data


def test_insertions_at_one_place_keep_their_order() -> None:
    assert spliced(b"ad", [Edit(1, 1, b"b"), Edit(1, 1, b"c"), Edit(0, 1, b"A")])[0] == b"Abcd"


def test_overlapping_edits_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="overlapping"):
        spliced(b"abcd", [Edit(0, 3, b""), Edit(2, 4, b"")])


# -- XML -----------------------------------------------------------------------------------------------


def test_offsets_of_elements() -> None:
    head = '\ufeff<?xml version="1.0"?>'
    body = '<x:a xmlns:x="u" k="&gt;>"><!-- <b> --><b/><x:c >中<![CDATA[<]]></x:c ></x:a>'
    data = (head + body).encode()
    root = outline(data, "p")
    assert (root.name, root.ns, root.prefix, root.attrs) == ("a", "u", b"x:", {"k": ">>"})
    b, c = root.children
    assert data[b.start : b.end] == b"<b/>"
    assert b.empty
    assert data[c.inner : c.close] == "中<![CDATA[<]]>".encode()
    assert (c.text, data[c.end :]) == ("中<", b"</x:a>")


@pytest.mark.parametrize("part", [b"<a>", b"", b"<!DOCTYPE a><a/>"])
def test_bad_parts_are_refused(part: bytes) -> None:
    with pytest.raises(WorkbookRefused):
        outline(part, "xl/styles.xml")


@given(st.text())
def test_content_can_be_read_back(text: str) -> None:
    root = outline(b"<t>" + content(text) + b"</t>", "p")
    assert decode_escapes(root.text) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_attributes_are_replaced_or_added() -> None:
    assert set_attribute(b"<c r = 'A1' s='1'/>", b"s", b"2") == b"<c r = 'A1' s=\"2\"/>"
    assert set_attribute(b"<x:c/>", b"s", b"2") == b'<x:c s="2"/>'


@given(st.text(min_size=1).filter(lambda s: "!" not in s))
def test_sheet_names_in_references(name: str) -> None:
    assert unquoted(f"{quoted(name)}!$A$1") == (name, "$A$1")


# -- highlights, wording -------------------------------------------------------------------------------

cells = st.tuples(st.integers(1, 8), st.integers(1, 8)).map(lambda c: (*c, *c))


@given(st.sets(cells))
def test_joined_ranges_cover_the_same_cells(wanted: set[tuple[int, int, int, int]]) -> None:
    covered: list[tuple[int, int]] = []
    for text in sqref(wanted):
        m = re.fullmatch(r"([A-H])(\d)(?::([A-H])(\d))?", text)
        assert m
        c1, r1 = ord(m[1]) - 64, int(m[2])
        c2, r2 = (ord(m[3]) - 64, int(m[4])) if m[3] else (c1, r1)
        covered += [(r, c) for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)]
    assert sorted(covered) == sorted((r, c) for r, c, _, _ in wanted)


def mark(severity: str = "错误", text: str = "S3-05", note: str = "说明", row: int = 4, col: int = 2) -> Mark:
    return Mark(SHEET, row, col, severity, note, text)


@pytest.mark.parametrize(
    ("marks", "text"),
    [
        ([mark()], "◀错误 S3-05"),
        ([mark(text="错误 S3-05"), mark(text="◀错误：S3-05")], "◀错误 S3-05"),
        ([mark("提示", "S3-11"), mark("核实", "S3-07"), mark()], "◀错误 S3-05；核实 S3-07；提示 S3-11"),
        ([mark(text=f"S3-0{k}") for k in range(1, 6)], "◀错误 S3-01、S3-02、S3-03 等5项"),
        (
            [mark(text=f"S3-0{k}") for k in range(1, 4)] + [mark("核实", "X")],
            "◀错误 S3-01、S3-02、S3-03；核实 等4项",
        ),
        (
            [mark(text="错误 S3-01、S3-02"), mark(text="S3-03"), mark(text="S3-04")],
            "◀错误 S3-01、S3-02、S3-03 等4项",
        ),
        ([mark(text="错误")], "◀错误"),
    ],
)
def test_labels(marks: list[Mark], text: str) -> None:
    assert label(marks) == text
    assert LABEL.fullmatch(text)


@pytest.mark.parametrize("text", ["◀ 错误", "错误 S3-05", "◀错误的数", "◀", "见◀错误 S3-05"])
def test_what_is_no_label_of_ours(text: str) -> None:
    assert not LABEL.fullmatch(text)


def test_a_short_first_line_is_the_heading() -> None:
    note = NoteText.of([mark(note="合计不等\n应为 98。")])
    assert note.plain == "【审核】合计不等\n应为 98。〔完〕"
    assert note.runs(b"", False).count(b"<b/>") == 1
    long = "很长的一句话，" * 10
    assert NoteText.of([mark(note=long + "\n第二行")]).plain == f"【审核】错误 S3-05\n{long}\n第二行〔完〕"
    assert NoteText.of([mark(note="")]).plain == "【审核】错误 S3-05〔完〕"


def test_paragraphs_of_a_note_have_headings_of_their_own() -> None:
    note = NoteText.of(
        [mark(note="【错误】合计不等（S3-05）\n应为 98。\n\n【提示】尾差（S3-11）\n差 0.01。")]
    )
    assert (
        note.plain == "【审核】【错误】合计不等（S3-05）\n应为 98。\n\n【提示】尾差（S3-11）\n差 0.01。〔完〕"
    )
    assert [s[2] for s in note.sections] == ["错误", "提示"]
    assert note.runs(b"", False).count(b"<b/>") == 2


def test_a_mark_without_a_label_has_none() -> None:
    assert "◀" not in sheet_after(with_sheet("<sheetData/>"), mark(text=""))


def test_signs_inside_a_note_cannot_end_it() -> None:
    note = NoteText.of([mark(note="见〔完〕与【审核】之后")])
    assert OURS.sub("", f"张三\n{note.plain}\n李四") == "张三\n李四"


def test_boxes_grow_with_the_text() -> None:
    small = NoteText.of([mark()]).size()
    tall = NoteText.of([mark(note="说明" * 150)]).size()
    wide = NoteText.of([mark(note="说明" * 500)]).size()
    assert small == (300, 64)
    assert tall[0] == 300
    assert tall[1] > 13 * 16  # 300 characters at 23 or so to the line
    assert wide[0] == 420


def test_boxes_in_any_prefix_are_found() -> None:
    data = (
        b'<xml><n0:shape xmlns:n0="urn:schemas-microsoft-com:vml" id="_x0000_s1030"><n2:ClientData'
        b" ObjectType='Note'>"
        b"<n2:Anchor>1, 15, 0, 2, 3, 15, 3, 4</n2:Anchor><n2:Row>3</n2:Row><n2:Column> 1 </n2:Column>"
        b"</n2:ClientData>"
        b"</n0:shape></xml>\n"
    )
    assert vml.note_shapes(data)[4, 2].anchor == (1, 15, 0, 2, 3, 15, 3, 4)
    at, new = vml.insertion(data, [vml.Box(5, 3, (3, 12, 3, 4, 7, 1, 8, 1), 300, 64, "#ffdcdc")])
    assert at == data.index(b"</xml>")
    assert b'id="_x0000_s1031"' in new
    assert b'xmlns:v="urn:schemas-microsoft-com:vml"' in new


# -- sheets of unusual shape ---------------------------------------------------------------------------


def with_sheet(inner: str, names: str = "") -> bytes:
    """The bare workbook with another first sheet and defined names."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = contents(bare())
    parts["s1.xml"] = f'<worksheet xmlns="{main}">{inner}</worksheet>'.encode()
    if names:
        holder = f"<definedNames>{names}</definedNames></workbook>"
        parts["book.xml"] = parts["book.xml"].replace(b"</workbook>", holder.encode())
    return packed(parts)


def sheet_after(data: bytes, *marks: Mark) -> str:
    out = marked(data, Patch(list(marks)))
    package = Package.open(out)
    assert clear(package) is Cleared.EXACT
    assert contents(package.save()) == contents(data)
    return contents(out)["s1.xml"].decode()


def test_rows_and_cells_are_put_in_order() -> None:
    rows = (
        '<row r="3"><c r="A3"><v>1</v></c><c r="F3" s="0"/></row><row r="9" spans="1:1"/><row r="12"></row>'
    )
    xml = sheet_after(
        with_sheet(f"<sheetData>{rows}</sheetData>"), *(mark(row=r) for r in (12, 1, 3, 9, 5, 20))
    )
    assert re.findall(r'<row r="(\d+)"', xml) == ["1", "3", "5", "9", "12", "20"]
    assert re.findall(r'<c r="(\w+)"', xml) == ["B1", "A3", "B3", "F3", "B5", "B9", "B12", "B20"]
    assert '<row r="9" spans="1:2">' in xml


def test_a_styled_blank_cell_at_the_margin_is_passed_by() -> None:
    rows = '<row r="4"><c r="A4"><v>1</v></c><c r="B4" s="0"/><c r="C4" s="0"/></row>'
    assert '<c r="D4"' in sheet_after(with_sheet(f"<sheetData>{rows}</sheetData>"), mark())


def test_no_free_column_no_label() -> None:
    rows = '<row r="4"><c r="XFD4"><v>1</v></c></row>'
    xml = sheet_after(with_sheet(f"<sheetData>{rows}</sheetData>"), mark())
    assert "◀" not in xml
    assert "xlbudget.mark" in xml


@pytest.mark.parametrize(
    ("cols", "expected"),
    [
        ("", '<cols><col min="2" max="2" width="12.7109375" customWidth="1"/></cols>'),
        (
            '<cols><col min="1" max="3" width="5" style="0"/></cols>',
            '<cols><col min="1" max="1" width="5" style="0"/><col min="2" max="2" width="12.7109375"'
            ' customWidth="1"/>'
            '<col min="3" max="3" width="5" style="0"/></cols>',
        ),
        (
            '<cols><col min="2" max="2" width="5"></col></cols>',
            '<cols><col min="2" max="2" width="12.7109375" customWidth="1"/></cols>',
        ),
        (
            '<cols><col min="5" max="6" width="5"/></cols>',
            '<cols><col min="2" max="2" width="12.7109375" customWidth="1"/><col min="5" max="6"'
            ' width="5"/></cols>',
        ),
    ],
)
def test_the_width_of_the_margin(cols: str, expected: str) -> None:
    rows = '<sheetData><row r="4"><c r="A4"><v>1</v></c></row></sheetData>'
    xml = sheet_after(with_sheet(cols + rows), mark(col=1))
    assert re.findall("<cols>.*</cols>", xml) == [expected]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("自评表!$A$1:$A$9", "自评表!$A$1:$B$9"),
        ("'自评表'!$A$1:$A$2,'自评表'!$A$4:$A$4", "'自评表'!$A$1:$A$2,'自评表'!$A$4:$B$4"),
        ("自评表!$A$5:$A$9", "自评表!$A$5:$A$9"),
        ("OFFSET(自评表!$A$1,0,0,9,1)", "OFFSET(自评表!$A$1,0,0,9,1)"),
    ],
)
def test_print_areas(area: str, expected: str) -> None:
    rows = '<sheetData><row r="4"><c r="A4"><v>1</v></c></row></sheetData>'
    name = f'<definedName name="_xlnm.Print_Area" localSheetId="0">{area}</definedName>'
    out = contents(marked(with_sheet(rows, name), Patch([mark(col=1)])))
    assert f">{expected}</definedName>" in out["book.xml"].decode()
    parts = dict(out)
    parts["book.xml"] += b"<!-- saved -->"
    package = Package.open(packed(parts))
    assert clear(package) is Cleared.STRUCTURAL
    book = (package.get("book.xml") or b"").decode()
    assert re.findall("<definedName .*?</definedName>", book) == [name]


def test_a_sheet_with_ten_thousand_marks() -> None:
    marks = [mark(row=r, col=c) for r in range(1, 1001) for c in range(1, 11)]
    xml = sheet_after(with_sheet("<sheetData/>"), *marks)
    assert 'sqref="A1:J1000"' in xml


def test_a_drawing_that_is_named_but_missing_is_replaced() -> None:
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    data = with_sheet(f'<sheetData/><legacyDrawing xmlns:r="{rel}" r:id="rId9"/>')
    assert sheet_after(data, mark()).count("<legacyDrawing") == 1


def test_a_broken_part_is_refused_before_anything_is_changed() -> None:
    parts = contents(bare())
    parts["s1.xml"] = parts["s1.xml"][:-5]
    package = Package.open(packed(parts))
    with pytest.raises(WorkbookRefused):
        apply_patch(package, Patch([mark()]))
    assert package.changed() == []
