"""The parts of the hand-built workbook that are not sheets: notes, drawings, theme, properties.

See :mod:`.excel_like`, which puts them together.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


@dataclass(frozen=True)
class Variant:
    """How the file is written: dialect, targets, prefix, encoding of the sheet."""

    strict: bool = False
    absolute: bool = False
    prefix: str = ""
    sheet_encoding: str = "utf-8"
    chart_sheet: bool = True  # openpyxl counts sheets wrongly where there is one

    @property
    def main(self) -> str:
        strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        return strict if self.strict else "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    @property
    def office(self) -> str:
        strict = "http://purl.oclc.org/ooxml/officeDocument"
        return strict if self.strict else "http://schemas.openxmlformats.org/officeDocument/2006"

    def root(self, name: str, more: str = "") -> str:
        spaces = f"xmlns:{self.prefix}" if self.prefix else "xmlns"
        return f'<@{name} {spaces}="{self.main}" xmlns:r="{self.office}/relationships"{more}>'

    def finish(self, text: str) -> bytes:
        return (HEAD + text.replace("@", f"{self.prefix}:" if self.prefix else "")).encode()


# -- notes ---------------------------------------------------------------------------------------------


def comments(v: Variant) -> str:
    """A rich note on B4, a plain one on C4, an empty one on D4, and Excel's stand-in for a thread on C6."""
    return (
        v.root("comments")
        + "<@authors><@author>张三</@author><@author>tc={11111111-2222-4333-8444-555555555555}</@author>"
        "</@authors>"
        '<@commentList><@comment ref="B4" authorId="0" shapeId="0"><@text><@r><@rPr><@b/><@sz val="9"/>'
        "</@rPr>"
        '<@t xml:space="preserve">张三：\n</@t></@r><@r><@t>按批复数填</@t></@r></@text></@comment>'
        '<@comment ref="C4" authorId="0" shapeId="0"><@text><@t>已核对 &amp; 无误</@t></@text></@comment>'
        '<@comment ref="D4" authorId="0" shapeId="0"><@text/></@comment>'
        '<@comment ref="C6" authorId="1" shapeId="0"><@text><@t>[线程批注] 请看</@t></@text></@comment>'
        "</@commentList></@comments>"
    )


def vml() -> bytes:
    """As Excel writes it: attributes in single quotes, an unclosed br, a form control among the notes."""
    cells = [(3, 1), (3, 2), (3, 3), (5, 2)]
    shapes = "".join(
        f'<v:shape id="_x0000_s{1025 + k + (k > 1)}" type="#_x0000_t202"'
        " style='position:absolute;margin-left:99pt;"
        f'margin-top:9pt;width:108pt;height:59pt;z-index:{k + 1};visibility:hidden\' fillcolor="#ffffe1"'
        ' o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox style=\'mso-direction-alt:auto\'>'
        "<div style='text-align:left'></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/>"
        f"<x:SizeWithCells/>\r\n<x:Anchor>\r\n {c + 1}, 15, {r - 1}, 2, {c + 3}, 15, {r + 3}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{r}</x:Row><x:Column>{c}</x:Column></x:ClientData></v:shape>"
        for k, (r, c) in enumerate(cells)
    )
    control = (
        '<v:shape id="_x0000_s1027" type="#_x0000_t201"'
        " style='position:absolute;margin-left:5pt;margin-top:120pt;"
        "width:70pt;height:17pt;z-index:9'><v:textbox><div style='text-align:left'><font>同意<br></font>"
        "</div></v:textbox>"
        '<x:ClientData ObjectType="Checkbox"><x:Anchor>0, 6, 8, 10, 1, 10, 9, 12</x:Anchor>'
        "</x:ClientData></v:shape>"
    )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml"\r\n'
        ' xmlns:o="urn:schemas-microsoft-com:office:office"\r\n'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel">\r\n <o:shapelayout v:ext="edit">\r\n'
        '  <o:idmap v:ext="edit" data="1"/>\r\n </o:shapelayout><v:shapetype id="_x0000_t202"'
        ' coordsize="21600,21600"'
        ' o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/></v:shapetype>'
        '<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"/>'
        f"{shapes}{control}</xml>"
    ).encode()


def threads() -> bytes:
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    return (
        f'{HEAD}<ThreadedComments xmlns="{space}"><threadedComment ref="C6" dT="2023-05-06T07:08:09.00"'
        ' personId="{99999999-2222-4333-8444-555555555555}" id="{11111111-2222-4333-8444-555555555555}">'
        "<text>请看</text></threadedComment></ThreadedComments>"
    ).encode()


def persons() -> bytes:
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    return (
        f'{HEAD}<personList xmlns="{space}"><person displayName="李四"'
        f' id="{{99999999-2222-4333-8444-555555555555}}"'
        ' userId="S::x" providerId="AD"/></personList>'
    ).encode()


# -- drawings and the rest -----------------------------------------------------------------------------


def _names(v: Variant) -> dict[str, str]:
    base = (
        "http://purl.oclc.org/ooxml/drawingml"
        if v.strict
        else "http://schemas.openxmlformats.org/drawingml/2006"
    )
    return {
        "a": f"{base}/main",
        "c": f"{base}/chart",
        "xdr": f"{base}/spreadsheetDrawing",
        "r": f"{v.office}/relationships",
    }


def _spaces(v: Variant, *prefixes: str) -> str:
    return " ".join(f'xmlns:{p}="{_names(v)[p]}"' for p in prefixes)


def _frame(v: Variant) -> str:
    return (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="图表 1"/>'
        "<xdr:cNvGraphicFramePr/>"
        '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{_names(v)["c"]}"><c:chart {_spaces(v, "c", "r")} r:id="rId1"/>'
        "</a:graphicData></a:graphic>"
        "</xdr:graphicFrame><xdr:clientData/>"
    )


def drawing_part(v: Variant) -> bytes:
    def corner(name: str, col: int, row: int) -> str:
        return (
            f"<xdr:{name}><xdr:col>{col}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
            f"<xdr:rowOff>0</xdr:rowOff></xdr:{name}>"
        )

    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="图片 2"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        '<a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/>'
    )
    chart = corner("from", 0, 10) + corner("to", 3, 20) + _frame(v)
    image = corner("from", 3, 10) + corner("to", 4, 12) + picture
    anchors = f"<xdr:twoCellAnchor>{chart}</xdr:twoCellAnchor><xdr:twoCellAnchor>{image}</xdr:twoCellAnchor>"
    return f"{HEAD}<xdr:wsDr {_spaces(v, 'xdr', 'a', 'r')}>{anchors}</xdr:wsDr>".encode()


def chart_drawing(v: Variant) -> bytes:
    place = '<xdr:pos x="0" y="0"/><xdr:ext cx="9000000" cy="6000000"/>'
    anchor = f"<xdr:absoluteAnchor>{place}{_frame(v)}</xdr:absoluteAnchor>"
    return f"{HEAD}<xdr:wsDr {_spaces(v, 'xdr', 'a')}>{anchor}</xdr:wsDr>".encode()


def chart_part(v: Variant) -> bytes:
    return (
        f"{HEAD}<c:chartSpace {_spaces(v, 'c', 'a', 'r')}><c:chart><c:plotArea><c:layout/><c:barChart>"
        '<c:barDir val="col"/>'
        '<c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef>'
        "<c:f>自评表!$B$4:$C$4</c:f>"
        '</c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId'
        ' val="1"/><c:scaling>'
        '<c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:crossAx'
        ' val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>'
    ).encode()


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0", 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def theme() -> bytes:
    colors = "".join(
        f'<a:{n}><a:srgbClr val="{c}"/></a:{n}>'
        for n, c in zip(
            ["dk1", "lt1", "dk2", "lt2", *(f"accent{k}" for k in range(1, 7)), "hlink", "folHlink"],
            ["000000", "FFFFFF", "1F497D", "EEECE1", *["4F81BD"] * 6, "0000FF", "800080"],
            strict=True,
        )
    )
    font = '<a:latin typeface="Cambria"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    return (
        f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office">'
        "<a:themeElements>"
        f'<a:clrScheme name="Office">{colors}</a:clrScheme><a:fontScheme name="Office">'
        f"<a:majorFont>{font}</a:majorFont>"
        f'<a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name="Office">'
        f"<a:fillStyleLst>{fill * 3}"
        f"</a:fillStyleLst><a:lnStyleLst>{f'<a:ln>{fill}</a:ln>' * 3}</a:lnStyleLst><a:effectStyleLst>"
        f"{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}"
        "</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    ).encode()


def item_props(v: Variant) -> bytes:
    return (
        f'{HEAD}<ds:datastoreItem ds:itemID="{{12345678-0000-4000-8000-000000000000}}"'
        f' xmlns:ds="{v.office}/customXml">'
        '<ds:schemaRefs><ds:schemaRef ds:uri="urn:example:data"/></ds:schemaRefs></ds:datastoreItem>'
    ).encode()


def ribbon() -> bytes:
    return (
        '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs><tab'
        ' id="t" label="预算">'
        '<group id="g" label="审核"><button id="b" label="检查"/></group></tab></tabs></ribbon></customUI>'
    ).encode()


def core() -> bytes:
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>张三</dc:creator></cp:coreProperties>'
    ).encode()


def app(v: Variant) -> bytes:
    program = "<Application>Microsoft Excel</Application>"
    return f'{HEAD}<Properties xmlns="{v.office}/extended-properties">{program}</Properties>'.encode()


def custom(v: Variant) -> bytes:
    return (
        f'{HEAD}<Properties xmlns="{v.office}/custom-properties" xmlns:vt="{v.office}/docPropsVTypes">'
        "<property"
        ' fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="来源"><vt:lpwstr>财务系统</vt:lpwstr>'
        "</property></Properties>"
    ).encode()
