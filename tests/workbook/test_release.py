"""The copy that is handed in: values in place of the add-in's functions, no marks, no link to the add-in."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xlbudget.releasing import release_workbook
from xlbudget.review import read_workbook, review
from xlbudget.workbook.book import read_book
from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.mark import apply_patch, clear
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import OwnSheet, Patch, SheetCell
from xlbudget.workbook.release import NO_VALUE, calls_addin, release

from .marking import contents
from .refilling import HN, cell, changed, edit, sample

ONE = "附件2-1"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def linked(data: bytes, *targets: str) -> bytes:
    """The workbook with external links, numbered from 1, as Excel writes them for functions of an add-in."""
    package = Package.open(data)

    def replace(part: str, old: str, new: str) -> None:
        text = (package.get(part) or b"").decode()
        assert old in text
        package.put(part, text.replace(old, new, 1).encode())

    refs = "".join(f'<externalReference r:id="rIdX{n}"/>' for n in range(1, len(targets) + 1))
    whole = f"</sheets><externalReferences>{refs}</externalReferences>"
    replace("xl/workbook.xml", "</sheets>", whole)
    for n, target in enumerate(targets, 1):
        part = f"xl/externalLinks/externalLink{n}.xml"
        target_part = f"externalLinks/externalLink{n}.xml"
        rel = f'<Relationship Id="rIdX{n}" Type="{RELS}/externalLink" Target="{target_part}"/>'
        replace("xl/_rels/workbook.xml.rels", "</Relationships>", rel + "</Relationships>")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
        override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
        replace("[Content_Types].xml", "</Types>", override)
        package.put(
            part,
            f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{RELS}" r:id="rId1">'
            '<definedNames><definedName name="XB_SCORE"/></definedNames></externalBook>'
            "</externalLink>".encode(),
        )
        package.put(
            f"xl/externalLinks/_rels/externalLink{n}.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{RELS}/externalLinkPath" '
            f'Target="{target}" TargetMode="External"/>'
            "</Relationships>".encode(),
        )
    return package.save()


ADDIN = "file:///C:/Users/%E5%BC%A0%E4%B8%89/AppData/Roaming/Microsoft/Excel/XLSTART/xlbudget.xlam"


@pytest.mark.parametrize(
    ("formula", "ours"),
    [
        ("XB_RATE(A1,B1)", True),
        ("IF(A1>0,[1]!XB_RATE(A1,B1),0)", True),
        (r"'C:\Users\张三\XLSTART\xlbudget.xlam'!xb_rate(A1)", True),
        ("_xludf.XB_RATE(A1)", True),
        ('A1&"XB_RATE("', False),
        ("MYXB_RATE(A1)", False),
        ("XB_RATE", False),
        ("SUM(A1:A3)", False),
    ],
)
def test_what_calls_the_addin(formula: str, ours: bool) -> None:
    assert calls_addin(formula) is ours


def test_functions_become_the_values_that_they_show() -> None:
    data = changed(
        sample(),
        edit(ONE, "J6", Fraction("9.87"), "XB_SCORE(H6,F6,G6)"),
        edit(ONE, "I7", Fraction(1, 3), "IF(F7>0,[1]!XB_RATE(G7,F7),0)"),
        edit(ONE, "I22", " 说明 <a> & b ", r"'C:\x\xlbudget.xlam'!XB_NOTE(H22)"),
    )
    package = Package.open(data)
    done = release(package)
    assert done.frozen == [f"{ONE}!J6", f"{ONE}!I7", f"{ONE}!I22"]
    before, after = read_book(data), read_book(Package.open(package.save()))
    for ref in ("J6", "I7", "I22"):
        old, new = cell(before, ONE, ref), cell(after, ONE, ref)
        assert old is not None
        assert new is not None
        assert new == old._replace(formula=None)
    assert (cell(after, ONE, "I6") or (None,) * 6)[5] == 'IF(OR(N(F6)=0,G6=""),"",G6/F6)', "others stay"


def test_shared_and_array_formulas_and_the_order_of_calculation() -> None:
    package = Package.open(sample())
    part = "xl/worksheets/sheet1.xml"
    xml = (package.get(part) or b"").decode()

    def put(ref: str, inner: str) -> None:
        nonlocal xml
        start = xml.index(f'<c r="{ref}"')
        end = min(e for e in (xml.find("/>", start) + 2, xml.find("</c>", start) + 4) if e > start + 3)
        xml = f'{xml[:start]}<c r="{ref}" {inner}</c>{xml[end:]}'

    put("I13", 's="5" cm="1"><f t="array" ref="I13:I13">XB_WHY(A1)</f><v>1.50</v>')
    put("I14", 't="str"><f t="shared" ref="I14:I15" si="0">XB_WHY(H14)</f><v>甲</v>')
    put("I15", 't="str"><f t="shared" si="0"/><v>乙</v>')
    put("I16", 't="b"><f>XB_OK(1)</f><v>1</v>')
    put("I17", 't="str"><f>XB_WHY(2)</f><v></v>')
    package.put(part, xml.encode())
    package.put("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="I13" i="1"/></calcChain>'.encode())
    rels = (package.get("xl/_rels/workbook.xml.rels") or b"").decode()
    chain = f'<Relationship Id="rId99" Type="{RELS}/calcChain" Target="calcChain.xml"/></Relationships>'
    package.put("xl/_rels/workbook.xml.rels", rels.replace("</Relationships>", chain).encode())
    package = Package.open(package.save())
    assert len(release(package).frozen) == 5
    text = (package.get(part) or b"").decode()
    assert '<c r="I13" s="5"><v>1.50</v></c>' in text
    assert '<c r="I16" t="b"><v>1</v></c>' in text
    assert '<c r="I17"/>' in text
    assert [(cell(read_book(package), ONE, ref) or (None,) * 4)[3] for ref in ("I14", "I15")] == ["甲", "乙"]
    assert "xl/calcChain.xml" not in package
    assert b"calcChain" not in (package.get("xl/_rels/workbook.xml.rels") or b"")


@pytest.mark.parametrize(
    ("cell_xml", "said"), [('t="e"><f>XB_A()</f><v>#NAME?</v>', "#NAME?"), ("><f>XB_A()</f>", "计算结果")]
)
def test_a_function_without_a_value_is_refused_by_its_cell(cell_xml: str, said: str) -> None:
    package = Package.open(sample())
    part = "xl/worksheets/sheet1.xml"
    xml = (package.get(part) or b"").decode()
    package.put(
        part, xml.replace("</sheetData>", f'<row r="40"><c r="B40" {cell_xml}</c></row></sheetData>').encode()
    )
    with pytest.raises(WorkbookRefused, match="附件2-1!B40") as refused:
        release_workbook("表.xlsx", package.save(), HN)
    assert refused.value.code == NO_VALUE
    assert said in refused.value.message


# -- the link -----------------------------------------------------------------------------------------


def test_the_link_to_the_addin_goes_with_the_last_formula() -> None:
    data = linked(changed(sample(), edit(ONE, "J6", 10, "[1]!XB_SCORE(H6,F6,G6)")), ADDIN)
    package = Package.open(data)
    assert release(package).left == []
    assert not [n for n in package.names() if "external" in n]
    assert all(b"externalLink" not in (package.get(n) or b"") for n in package.names())
    assert b"externalReference" not in (package.get("xl/workbook.xml") or b"")


def test_links_to_other_workbooks_keep_their_numbers() -> None:
    formulas = edit(ONE, "J6", 10, "[2]!XB_SCORE(H6)"), edit(ONE, "I7", 1, "[1]Sheet1!A1")
    package = Package.open(linked(changed(sample(), *formulas), "other.xlsx", ADDIN))
    assert release(package).left == []
    assert [n for n in package.names() if "externalLink" in n and "_rels" not in n] == [
        "xl/externalLinks/externalLink1.xml"
    ]
    assert b'<externalReference r:id="rIdX1"/></externalReferences>' in (
        package.get("xl/workbook.xml") or b""
    )
    formulas = edit(ONE, "J6", 10, "[1]!XB_SCORE(H6)"), edit(ONE, "I7", 1, "[2]Sheet1!A1")
    package = Package.open(linked(changed(sample(), *formulas), ADDIN, "other.xlsx"))
    assert len(release(package).left) == 1, "taking it out would renumber the other"
    assert "xl/externalLinks/externalLink1.xml" in package


def test_a_link_that_a_name_still_uses_stays_and_is_told() -> None:
    package = Package.open(linked(changed(sample(), edit(ONE, "J6", 10, "[1]!XB_SCORE(H6)")), ADDIN))
    text = (package.get("xl/workbook.xml") or b"").decode()
    name = '<definedNames><definedName name="甲">[1]!XB_SCORE(1)</definedName>'
    package.put("xl/workbook.xml", text.replace("<definedNames>", name, 1).encode())
    left = release(package).left
    assert len(left) == 2
    assert "“甲”" in left[0]
    assert "外部链接" in left[1]


# -- the whole ----------------------------------------------------------------------------------------


def test_a_marked_workbook_gives_the_copy_that_the_bare_one_gives() -> None:
    data = sample("seed-b")
    marked = review([read_workbook("表.xlsx", data, HN)]).books[0].reading.package.save()
    assert marked != data
    out = release_workbook("表-审核.xlsx", marked, HN, "-审核")
    assert out.name == "表-报送版.xlsx"
    assert contents(out.data) == contents(data)
    assert out.line == "已导出“表-报送版.xlsx”，再次校验：5 错误 · 18 核实 · 8 提示"
    assert out.details == ["注意：报送版里还有 5 处错误，请改正后重新导出再报送。"]
    assert release_workbook("表.xlsm", sample(), HN).name == "表-报送版.xlsm"
    assert release_workbook("工作簿1", sample(), HN).line == "已导出“工作簿1-报送版.xlsx”，再次校验：通过"


def test_working_papers_do_not_go_out() -> None:
    package = Package.open(sample())
    rows = ((SheetCell("评分底稿", "title"),), (SheetCell(Fraction(9), "body", formula="XB_SCORE(1)"),))
    apply_patch(package, Patch(sheets=[OwnSheet("评分底稿", rows, (20.0,))]))
    data = package.save()
    assert contents(release_workbook("表.xlsx", data, HN).data) == contents(sample())
    clear(package)
    assert package.save() == sample()


def test_no_form_no_copy() -> None:
    import io

    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with pytest.raises(WorkbookRefused):
        release_workbook("表.xlsx", out.getvalue())
