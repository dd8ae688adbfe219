"""Workbooks made by hand, part by part, so that a test can spoil exactly one thing."""

from __future__ import annotations

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
Parts = dict[str, bytes]


def sheet(rows: str, after: str = "", before: str = "") -> bytes:
    """A worksheet part around the XML of its rows."""
    body = f"{before}<sheetData>{rows}</sheetData>{after}"
    return f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{body}</worksheet>'.encode()


def parts(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', after: str = "") -> Parts:
    """The parts of a small good workbook with one sheet 表一, two shared texts and three cell formats."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}.{name}+xml"/>'
        for part, name in (
            ("xl/workbook.xml", "sheet.main"),
            (SHEET, "worksheet"),
            ("xl/sharedStrings.xml", "sharedStrings"),
            ("xl/styles.xml", "styles"),
        )
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/{name}" Target="{target}"/>'
        for i, (name, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"),
             ("sharedStrings", "/xl/sharedStrings.xml")], 1)
    )  # fmt: skip
    texts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE_REL}">'
        f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}">'
        '<sheets><sheet name="表一" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE_REL}">{links}</Relationships>',
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}" count="2" uniqueCount="2">'
        "<si><t>项目名称</t></si><si><r><t>丰富</t></r><r><rPr><b/></rPr><t>文本</t></r>"
        '<rPh sb="0" eb="1"><t>ふ</t></rPh></si></sst>',
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="0.00&quot;万元&quot;"/></numFmts>'
        '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    }
    made = {name: text.encode() for name, text in texts.items()}
    made[SHEET] = sheet(rows, after)
    return made


def pack(content: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in content.items():
            z.writestr(name, data)
    return out.getvalue()


def book(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', after: str = "") -> bytes:
    """A small good workbook around the XML of its rows."""
    return pack(parts(rows, after))


def book_with(**changes: bytes) -> bytes:
    """A small good workbook; each key is the end of a part's name without suffix: its new content."""
    content = parts()
    for key, data in changes.items():
        name = next(n for n in content if n.rpartition("/")[2].startswith(key))
        content[name] = data
    return pack(content)
