"""Offsets in worksheet parts: the fast scan, the scan by events, and what both say about odd sheets."""

from __future__ import annotations

import random

import pytest

from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.limits import DEFAULT, Limits
from xlbudget.workbook.sheetscan import SheetScan, cell_ref, scan_sheet
from xlbudget.workbook.sheetscan_events import scan_by_events

from . import parts
from .parts import MAIN

ROWS = (
    '<row r="1" ht="20"><c r="A1" s="1" t="s"><v>0</v></c><c r="C1"/></row>'
    '<row r="3"/><row r="4"><c r="B4" s="2"><f>A1&gt;1</f><v>5</v></c></row>'
)
AFTER = (
    '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    '<extLst><ext uri="{1}"><a:list xmlns:a="urn:a"><a:c r="Z9"/></a:list></ext></extLst>'
)
ODD = {
    "comment": parts.sheet('<!-- <row r="9"><c r="A9"/></row> -->' + ROWS, AFTER),
    "cdata": parts.sheet('<row r="1"><c r="A1" t="str"><v><![CDATA[<c r="B1"/>]]></v></c></row>'),
    "instruction": parts.sheet("<?note <c?>" + ROWS),
    "greater in attribute": parts.sheet(
        ROWS, '<dataValidations><dataValidation prompt="a>b"/></dataValidations>'
    ),
    "greater in text": parts.sheet('<row r="1"><c r="A1"><f>B1>2</f><v>1</v></c></row>'),
    "two prefixes": (
        f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><sheetData><x:row r="2"><x:c r="B2" s="3"/><c r="C2"/>'
        "</x:row></sheetData></worksheet>"
    ).encode(),
    "default namespace changes": parts.sheet(
        '<row r="1"><c r="A1"><v>1</v><extLst xmlns="urn:other"><c r="B1"/></extLst></c></row>'
    ),
    "sheetData elsewhere": parts.sheet(ROWS, "<extLst><sheetData/></extLst>"),
}
PLAIN = {
    "usual": parts.sheet(ROWS, AFTER, '<dimension ref="A1:C4"/><cols><col min="1" max="2"/></cols>'),
    "prefixed": (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" s="3"><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData><x:pageMargins/></x:worksheet>"
    ).encode(),
    "no addresses": parts.sheet(
        "<row><c/><c><v>1</v></c></row><row r='7'><c/><c r='E7'/><c/></row><row><c/></row>"
    ),
    "other attribute order and spaces": parts.sheet(
        "<row\n r = '2' ><c\ts='4' r='D2' ></c ><c r='E2' s='1' /></row >"
    ),
    "empty sheet": f'<worksheet xmlns="{MAIN}"><sheetData/><pageMargins/></worksheet>'.encode(),
    "no rows at all": f'<worksheet xmlns="{MAIN}"/>'.encode(),
    "byte order mark": b"\xef\xbb\xbf" + parts.sheet(ROWS),
    "strict": parts.sheet(ROWS).replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
}


def content(scan: SheetScan) -> tuple[object, ...]:
    return scan.children, scan.rows, list(scan.all_cells())


@pytest.mark.parametrize("xml", PLAIN.values(), ids=PLAIN)
def test_fast_scan_equals_scan_by_events(xml: bytes) -> None:
    scan = scan_sheet(xml)
    assert scan.markup.plain
    assert content(scan) == content(scan_by_events(xml, "", scan.markup, DEFAULT))


@pytest.mark.parametrize("xml", ODD.values(), ids=ODD)
def test_odd_sheets_are_scanned_by_events(xml: bytes) -> None:
    scan = scan_sheet(xml)
    assert content(scan) == content(scan_by_events(xml, "", scan.markup, DEFAULT))
    for cell in scan.all_cells():
        assert xml[cell.start : cell.start + 3] in (b"<c ", b"<x:")
        assert xml[cell.end - 1 : cell.end] == b">"


def test_offsets_of_a_usual_sheet() -> None:
    xml = PLAIN["usual"]
    scan = scan_sheet(xml)
    assert [c.name for c in scan.children] == ["dimension", "cols", "sheetData", "mergeCells", "extLst"]
    merge = scan.child("mergeCells")
    assert merge is not None
    assert xml[merge.start : merge.end].startswith(b'<mergeCells count="1">')
    assert xml[merge.start : merge.end].endswith(b"</mergeCells>")
    assert xml[merge.inner :].startswith(b"<mergeCell ")
    assert [(r.row, r.empty) for r in scan.rows] == [(1, False), (3, True), (4, False)]
    assert [(c.row, c.col, c.style) for c in scan.all_cells()] == [(1, 1, 1), (1, 3, 0), (4, 2, 2)]
    first, blank, _ = scan.all_cells()
    assert xml[first.start : first.end] == b'<c r="A1" s="1" t="s"><v>0</v></c>'
    assert xml[first.inner : first.end] == b"<v>0</v></c>"
    assert xml[blank.start : blank.end] == b'<c r="C1"/>'
    assert scan.last_col() == 3
    assert scan.child("drawing") is None


def test_what_is_missing_is_counted() -> None:
    scan = scan_sheet(PLAIN["no addresses"])
    assert [(c.row, c.col) for c in scan.all_cells()] == [(1, 1), (1, 2), (7, 1), (7, 5), (7, 6), (8, 1)]


def test_nothing_inside_comments_and_foreign_elements_counts() -> None:
    assert [(c.row, c.col) for c in scan_sheet(ODD["comment"]).all_cells()] == [(1, 1), (1, 3), (4, 2)]
    assert [(c.row, c.col) for c in scan_sheet(ODD["cdata"]).all_cells()] == [(1, 1)]
    assert [(c.row, c.col) for c in scan_sheet(ODD["two prefixes"]).all_cells()] == [(2, 2), (2, 3)]
    assert [(c.row, c.col) for c in scan_sheet(ODD["default namespace changes"]).all_cells()] == [(1, 1)]


def test_prefix_is_told() -> None:
    assert scan_sheet(PLAIN["usual"]).prefix == b""
    assert scan_sheet(PLAIN["prefixed"]).prefix == b"x:"


@pytest.mark.parametrize("ref", ["", "A", "1", "a1", "A0", "A01", "XFE1", "A1048577", "$A$1", "A1:B2", "Ａ1"])
def test_no_address(ref: str) -> None:
    with pytest.raises(WorkbookRefused):
        cell_ref(ref)


def test_addresses() -> None:
    assert cell_ref("A1") == (1, 1)
    assert cell_ref("AA10") == (10, 27)
    assert cell_ref("XFD1048576") == (1_048_576, 16_384)


@pytest.mark.parametrize("xml", [PLAIN["usual"], ODD["comment"]])
def test_rows_are_limited_in_both_scans(xml: bytes) -> None:
    with pytest.raises(WorkbookRefused) as refused:
        scan_sheet(xml, "表", Limits(rows=2))
    assert refused.value.code == "too-many-rows"


def test_random_sheets_are_scanned_alike() -> None:
    rng = random.Random(7)
    for _ in range(300):
        xml = parts.sheet(
            random_rows(rng), rng.choice(["", AFTER]), rng.choice(["", "<sheetPr><tabColor/></sheetPr>"])
        )
        scan = scan_sheet(xml)
        assert scan.markup.plain
        assert content(scan) == content(scan_by_events(xml, "", scan.markup, DEFAULT))


def random_rows(rng: random.Random) -> str:
    out, row = [], 0
    for _ in range(rng.randrange(6)):
        row += rng.randrange(1, 4)
        given = rng.random() < 0.7
        cells = "".join(random_cell(rng) for _ in range(rng.randrange(4)))
        head = f'<row r="{row}"' if given else "<row"
        out.append(f"{head}/>" if not cells and rng.random() < 0.5 else f"{head} >{cells}</row>")
    return "".join(out)


def random_cell(rng: random.Random) -> str:
    attributes = rng.sample([' s="3"', " s='12'", ' t="str"', ' r="C7"', "\n cm='1'"], rng.randrange(4))
    head = "<c" + "".join(dict.fromkeys(attributes))
    if head.count(" s=") > 1:
        head = "<c"
    inside = rng.choice(
        ["", "<v>1</v>", "<f>A1</f><v/>", "<is><t>甲</t></is>", "<is><r><rPr><color/></rPr></r></is>"]
    )
    return f"{head}/>" if not inside and rng.random() < 0.5 else f"{head}>{inside}</c>"
