"""The parts around the sheets: workbook, relationships, content types, properties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlbudget.packs.model import Pack

from .cellxml import escape
from .shared import SHEET

SIGNATURE = "_xlbudget_pack"
"""Hidden defined name and document property that carry the pack's id and version."""

_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006"
_SHEETML = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_MADE = b"2020-01-01T00:00:00Z"  # fixed, so that equal data give equal bytes


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet's name, its defined names (name, reference without the sheet), hidden ones (name, formula)."""

    name: str
    names: tuple[tuple[str, str], ...]
    helpers: tuple[tuple[str, str], ...] = ()


def sheet_part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def quoted(sheet: str) -> str:
    """The sheet's name as it stands before the ! of a reference."""
    return "'" + sheet.replace("'", "''") + "'"


def frame(pack: Pack, sheets: Sequence[SheetEntry], styles: bytes, theme: bytes) -> list[tuple[str, bytes]]:
    """All parts except the sheets, in the order in which they stand in the file."""
    return [
        ("[Content_Types].xml", _types(len(sheets))),
        ("_rels/.rels", _root_links()),
        ("docProps/app.xml", _app()),
        ("docProps/core.xml", _core(pack)),
        ("docProps/custom.xml", _custom(pack)),
        ("xl/workbook.xml", _workbook(pack, sheets)),
        ("xl/_rels/workbook.xml.rels", _links(len(sheets))),
        ("xl/styles.xml", styles),
        ("xl/theme/theme1.xml", theme),
    ]


def _workbook(pack: Pack, sheets: Sequence[SheetEntry]) -> bytes:
    tabs = b"".join(
        b'<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (escape(s.name), i, i)
        for i, s in enumerate(sheets, 1)
    )
    names = [
        (name.lower(), index, name, b"", escape(f"{quoted(sheet.name)}!{ref}"))
        for index, sheet in enumerate(sheets)
        for name, ref in sheet.names
    ]
    names += [
        (name.lower(), index, name, b' hidden="1"', escape(formula.replace(SHEET, quoted(sheet.name))))
        for index, sheet in enumerate(sheets)
        for name, formula in sheet.helpers
    ]
    local = b"".join(
        b'<definedName name="%s" localSheetId="%d"%s>%s</definedName>' % (escape(name), index, hidden, target)
        for _, index, name, hidden, target in sorted(names)
    )
    signature = b'<definedName name="%s" hidden="1">"%s"</definedName>'
    mark = signature % (SIGNATURE.encode(), escape(pack.signature))
    return (
        _XML
        + b'<workbook xmlns="%s" xmlns:r="%s">' % (_MAIN, _LINKS)
        + b'<workbookPr/><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="24000"'
        + b' windowHeight="12000" activeTab="0"/></bookViews>'
        + b"<sheets>%s</sheets><definedNames>%s%s</definedNames>" % (tabs, mark, local)
        + b'<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>'
    )


def _links(count: int) -> bytes:
    out = [_link(i, b"worksheet", b"worksheets/sheet%d.xml" % i) for i in range(1, count + 1)]
    out.append(_link(count + 1, b"styles", b"styles.xml"))
    out.append(_link(count + 2, b"theme", b"theme/theme1.xml"))
    return _XML + b'<Relationships xmlns="%s/relationships">%s</Relationships>' % (_PACKAGE, b"".join(out))


def _link(number: int, kind: bytes, target: bytes) -> bytes:
    return b'<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>' % (number, _LINKS, kind, target)


def _root_links() -> bytes:
    core = _PACKAGE + b"/relationships/metadata/core-properties"
    out = [
        _link(1, b"officeDocument", b"xl/workbook.xml"),
        b'<Relationship Id="rId2" Type="%s" Target="docProps/core.xml"/>' % core,
        _link(3, b"extended-properties", b"docProps/app.xml"),
        _link(4, b"custom-properties", b"docProps/custom.xml"),
    ]
    return _XML + b'<Relationships xmlns="%s/relationships">%s</Relationships>' % (_PACKAGE, b"".join(out))


def _types(count: int) -> bytes:
    office = b"application/vnd.openxmlformats-officedocument."
    parts = [
        (b"/xl/workbook.xml", _SHEETML + b"sheet.main+xml"),
        *((b"/xl/worksheets/sheet%d.xml" % i, _SHEETML + b"worksheet+xml") for i in range(1, count + 1)),
        (b"/xl/styles.xml", _SHEETML + b"styles+xml"),
        (b"/xl/theme/theme1.xml", office + b"theme+xml"),
        (b"/docProps/core.xml", b"application/vnd.openxmlformats-package.core-properties+xml"),
        (b"/docProps/app.xml", office + b"extended-properties+xml"),
        (b"/docProps/custom.xml", office + b"custom-properties+xml"),
    ]
    rels = b"application/vnd.openxmlformats-package.relationships+xml"
    return (
        _XML
        + b'<Types xmlns="%s/content-types"><Default Extension="rels" ContentType="%s"/>' % (_PACKAGE, rels)
        + b'<Default Extension="xml" ContentType="application/xml"/>'
        + b"".join(b'<Override PartName="%s" ContentType="%s"/>' % part for part in parts)
        + b"</Types>"
    )


def _app() -> bytes:
    space = b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return _XML + b'<Properties xmlns="%s"><Application>xlbudget</Application></Properties>' % space


def _core(pack: Pack) -> bytes:
    return (
        _XML
        + b'<cp:coreProperties xmlns:cp="%s/metadata/core-properties"' % _PACKAGE
        + b' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        + b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        + b"<dc:title>%s</dc:title><dc:creator>xlbudget</dc:creator>" % escape(pack.title)
        + b'<dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created>' % _MADE
        + b'<dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified>' % _MADE
        + b"</cp:coreProperties>"
    )


def _custom(pack: Pack) -> bytes:
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/"
    return (
        _XML
        + b'<Properties xmlns="%scustom-properties" xmlns:vt="%sdocPropsVTypes">' % (office, office)
        + b'<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="%s">' % SIGNATURE.encode()
        + b"<vt:lpwstr>%s</vt:lpwstr></property></Properties>" % escape(pack.signature)
    )
