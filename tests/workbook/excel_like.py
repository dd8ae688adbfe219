"""A workbook as Excel writes it, built by hand: everything in it that a re-saving library loses.

Charts, a picture, a chart sheet, ribbon XML, custom XML, printer settings, rich and phonetic text, form
controls, classic and threaded notes, conditional formats with data bars, and the extension lists with
formats, validations and sparklines of later versions. ``@`` stands for the prefix of the main namespace.
"""

from __future__ import annotations

import io
import posixpath
import zipfile

from . import excel_like_extras as extras
from .excel_like_extras import HEAD, PACKAGE, Variant

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"


def build(variant: Variant | None = None) -> bytes:
    """The file's bytes; the same for the same variant."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts(variant or Variant()).items():
            z.writestr(zipfile.ZipInfo(name, (2023, 5, 6, 7, 8, 10)), data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def parts(v: Variant) -> dict[str, bytes]:
    """All parts by name, in the order in which they are stored."""
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _rels(v, "", _TOP),
        "xl/workbook.xml": v.finish(_workbook(v)),
        "xl/_rels/workbook.xml.rels": _rels(v, "xl/workbook.xml", _WORKBOOK),
        "xl/worksheets/sheet1.xml": _encoded(v, v.finish(_sheet(v))),
        "xl/worksheets/_rels/sheet1.xml.rels": _rels(v, "xl/worksheets/sheet1.xml", _SHEET),
        "xl/chartsheets/sheet1.xml": v.finish(_chart_sheet(v)),
        "xl/chartsheets/_rels/sheet1.xml.rels": _rels(
            v, "xl/chartsheets/sheet1.xml", [("rId1", "drawing", "xl/drawings/drawing2.xml")]
        ),
        "xl/worksheets/sheet2.xml": v.finish(_plain_sheet(v)),
        "xl/theme/theme1.xml": extras.theme(),
        "xl/styles.xml": v.finish(_styles(v)),
        "xl/sharedStrings.xml": v.finish(_strings(v)),
        "xl/calcChain.xml": v.finish(v.root("calcChain") + '<@c r="C6" i="1"/></@calcChain>'),
        "xl/drawings/drawing1.xml": extras.drawing_part(v),
        "xl/drawings/_rels/drawing1.xml.rels": _rels(v, "xl/drawings/drawing1.xml", _DRAWING),
        "xl/drawings/drawing2.xml": extras.chart_drawing(v),
        "xl/drawings/_rels/drawing2.xml.rels": _rels(
            v, "xl/drawings/drawing2.xml", [("rId1", "chart", "xl/charts/chart2.xml")]
        ),
        "xl/charts/chart1.xml": extras.chart_part(v),
        "xl/charts/chart2.xml": extras.chart_part(v),
        "xl/media/image1.png": extras.png(),
        "xl/drawings/vmlDrawing1.vml": extras.vml(),
        "xl/comments1.xml": v.finish(extras.comments(v)),
        "xl/threadedComments/threadedComment1.xml": extras.threads(),
        "xl/persons/person.xml": extras.persons(),
        "xl/printerSettings/printerSettings1.bin": bytes(range(256)) * 3,
        "xl/ctrlProps/ctrlProp1.xml": (
            HEAD + f'<formControlPr xmlns="{X14}" objectType="CheckBox" fmlaLink="$H$1" lockText="1"'
            ' noThreeD="1"/>'
        ).encode(),
        "customXml/item1.xml": "<资料 xmlns='urn:example:data'><单位>某单位</单位></资料>".encode(),
        "customXml/_rels/item1.xml.rels": _rels(
            v, "customXml/item1.xml", [("rId1", "customXmlProps", "customXml/itemProps1.xml")]
        ),
        "customXml/itemProps1.xml": extras.item_props(v),
        "customUI/customUI14.xml": extras.ribbon(),
        "docProps/core.xml": extras.core(),
        "docProps/app.xml": extras.app(v),
        "docProps/custom.xml": extras.custom(v),
    }


def _encoded(v: Variant, data: bytes) -> bytes:
    if v.sheet_encoding == "utf-8":
        return data
    return data.decode().replace('"UTF-8"', '"UTF-16"', 1).encode("utf-16")


# -- relationships and content types -------------------------------------------------------------------

_TOP = [
    ("rId1", "officeDocument", "xl/workbook.xml"),
    ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ("rId3", "extended-properties", "docProps/app.xml"),
    ("rId4", "custom-properties", "docProps/custom.xml"),
    (
        "rId5",
        "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
        "customUI/customUI14.xml",
    ),
]
_WORKBOOK = [
    ("rId1", "worksheet", "xl/worksheets/sheet1.xml"),
    ("rId2", "chartsheet", "xl/chartsheets/sheet1.xml"),
    ("rId3", "worksheet", "xl/worksheets/sheet2.xml"),
    ("rId4", "theme", "xl/theme/theme1.xml"),
    ("rId5", "styles", "xl/styles.xml"),
    ("rId6", "sharedStrings", "xl/sharedStrings.xml"),
    ("rId7", "calcChain", "xl/calcChain.xml"),
    ("rId8", "http://schemas.microsoft.com/office/2017/10/relationships/person", "xl/persons/person.xml"),
    ("rId9", "customXml", "customXml/item1.xml"),
]
_SHEET = [
    ("rId1", "printerSettings", "xl/printerSettings/printerSettings1.bin"),
    ("rId2", "drawing", "xl/drawings/drawing1.xml"),
    ("rId3", "vmlDrawing", "xl/drawings/vmlDrawing1.vml"),
    ("rId4", "ctrlProp", "xl/ctrlProps/ctrlProp1.xml"),
    ("rId5", "comments", "xl/comments1.xml"),
    (
        "rId6",
        "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
        "xl/threadedComments/threadedComment1.xml",
    ),
]
_DRAWING = [("rId1", "chart", "xl/charts/chart1.xml"), ("rId2", "image", "xl/media/image1.png")]


def _rels(v: Variant, source: str, entries: list[tuple[str, str, str]]) -> bytes:
    folder = posixpath.dirname(source) or "."
    out = ""
    for rid, kind, part in entries:
        full = kind if kind.startswith("http") else f"{v.office}/relationships/{kind}"
        target = "/" + part if v.absolute else posixpath.relpath(part, folder)
        out += f'<Relationship Id="{rid}" Type="{full}" Target="{target}"/>'
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{out}</Relationships>'.encode()


def _content_types() -> bytes:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    drawing = "application/vnd.openxmlformats-officedocument.drawing"
    overrides = {
        "/xl/workbook.xml": f"{sheet}.sheet.main+xml",
        "/xl/worksheets/sheet1.xml": f"{sheet}.worksheet+xml",
        "/xl/chartsheets/sheet1.xml": f"{sheet}.chartsheet+xml",
        "/xl/worksheets/sheet2.xml": f"{sheet}.worksheet+xml",
        "/xl/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/xl/styles.xml": f"{sheet}.styles+xml",
        "/xl/sharedStrings.xml": f"{sheet}.sharedStrings+xml",
        "/xl/calcChain.xml": f"{sheet}.calcChain+xml",
        "/xl/comments1.xml": f"{sheet}.comments+xml",
        "/xl/drawings/drawing1.xml": f"{drawing}+xml",
        "/xl/drawings/drawing2.xml": f"{drawing}+xml",
        "/xl/charts/chart1.xml": f"{drawing}ml.chart+xml",
        "/xl/charts/chart2.xml": f"{drawing}ml.chart+xml",
        "/xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
        "/xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
        "/xl/ctrlProps/ctrlProp1.xml": "application/vnd.ms-excel.controlproperties+xml",
        "/customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    }
    defaults = {
        "png": "image/png",
        "bin": "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings",
        "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    }
    inner = "".join(f'<Default Extension="{k}" ContentType="{t}"/>' for k, t in defaults.items())
    inner += "".join(f'<Override PartName="{k}" ContentType="{t}"/>' for k, t in overrides.items())
    return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{inner}</Types>'.encode()


# -- the workbook, its sheets, strings and styles ------------------------------------------------------


def _workbook(v: Variant) -> str:
    chart = '<@sheet name="图" sheetId="4" r:id="rId2"/>' if v.chart_sheet else ""
    last = 2 if v.chart_sheet else 1
    return (
        v.root("workbook", ' conformance="strict"' if v.strict else "")
        + '<@workbookPr defaultThemeVersion="124226"/><@bookViews><@workbookView xWindow="0" yWindow="0"'
        f' windowWidth="20000" windowHeight="9000" activeTab="{last}"/></@bookViews><@sheets>'
        f'<@sheet name="自评表" sheetId="1" r:id="rId1"/>{chart}'
        '<@sheet name="数据 \'23" sheetId="2" r:id="rId3"/></@sheets><@definedNames>'
        '<@definedName name="_xlnm.Print_Area" localSheetId="0">自评表!$A$1:$D$8</@definedName>'
        f"<@definedName name=\"系数\" localSheetId=\"{last}\">'数据 ''23'!$B$1</@definedName>"
        '<@definedName name="年初预算数">自评表!$B$4</@definedName></@definedNames><@calcPr calcId="191029"/>'
        "</@workbook>"
    )


def _sheet(v: Variant) -> str:
    later = (
        f' xmlns:mc="{MC}" mc:Ignorable="x14ac"'
        ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    )
    return (
        v.root("worksheet", later)
        + '<@sheetPr codeName="Sheet1"><@pageSetUpPr fitToPage="1"/></@sheetPr><@dimension'
        ' ref="A1:D8"/><@sheetViews>'
        '<@sheetView showGridLines="0" workbookViewId="0"/></@sheetViews><@sheetFormatPr'
        ' defaultRowHeight="14.4"'
        ' x14ac:dyDescent="0.3"/><@cols><@col min="1" max="1" width="18.5" customWidth="1"/>'
        '<@col min="2" max="4" width="12.5" customWidth="1"/>'
        '<@col min="5" max="16384" width="9" style="1" hidden="1"/></@cols><@sheetData>'
        '<@row r="1" spans="1:4" ht="30" customHeight="1"><@c r="A1" s="1" t="s"><@v>0</@v></@c>'
        '<@c r="B1" s="1"/><@c r="C1" s="1"/><@c r="D1" s="1"/></@row>'
        '<@row r="3" spans="1:4"><@c r="A3" t="s"><@v>1</@v></@c><@c r="B3" t="s"><@v>2</@v></@c>'
        '<@c r="C3" t="inlineStr"><@is><@r><@rPr><@b/></@rPr><@t>执行</@t></@r><@r><@t>数</@t></@r></@is>'
        "</@c></@row>"
        '<@row r="4" spans="1:4" x14ac:dyDescent="0.3"><@c r="A4" t="s"><@v>3</@v></@c><@c r="B4"'
        ' s="2"><@v>535</@v></@c>'
        '<@c r="C4" s="2"><@v>461.8</@v></@c><@c r="D4" s="2"/></@row>'
        '<@row r="5" spans="1:4"/><@row r="6" spans="1:4"><@c r="A6" t="str"><@f>A4&amp;"x"</@f>'
        "<@v>x</@v></@c>"
        '<@c r="C6" s="2"><@f>SUM(C4:C5)</@f><@v>461.8</@v></@c><@c r="D6" t="e"><@f>1/0</@f>'
        "<@v>#DIV/0!</@v></@c></@row>"
        '<@row r="8" spans="1:4"><@c r="B8" s="2"><@v>8</@v></@c></@row></@sheetData>'
        '<@mergeCells count="2"><@mergeCell ref="A1:D1"/><@mergeCell ref="B8:C8"/></@mergeCells>'
        '<@conditionalFormatting sqref="B4:C6"><@cfRule type="dataBar" priority="2"><@dataBar><@cfvo'
        ' type="min"/>'
        '<@cfvo type="max"/><@color rgb="FF638EC6"/></@dataBar><@extLst><@ext xmlns:x14="'
        + X14
        + '" uri="{B025F937-C7B1-47D3-B67F-A62EFF666E3E}">'
        "<x14:id>{0A5F1D6C-0001-4B4B-9E6F-000000000001}</x14:id>"
        "</@ext></@extLst></@cfRule></@conditionalFormatting>"
        '<@conditionalFormatting sqref="B4"><@cfRule type="expression" dxfId="0" priority="1" stopIfTrue="1">'
        "<@formula>$B$4&gt;500</@formula></@cfRule></@conditionalFormatting>"
        '<@dataValidations count="1"><@dataValidation type="decimal" operator="greaterThanOrEqual"'
        ' allowBlank="1"'
        ' sqref="B4"><@formula1>0</@formula1></@dataValidation></@dataValidations>'
        '<@hyperlinks><@hyperlink ref="A3" location="自评表!A1" display="项目"/></@hyperlinks>'
        '<@pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<@pageSetup paperSize="9" orientation="landscape" r:id="rId1"/><@drawing r:id="rId2"/>'
        f'<@legacyDrawing r:id="rId3"/><mc:AlternateContent><mc:Choice xmlns:x14="{X14}"'
        ' Requires="x14"><@controls>'
        '<mc:AlternateContent><mc:Choice Requires="x14"><@control shapeId="1027" r:id="rId4"'
        ' name="Check Box 3">'
        "</@control></mc:Choice></mc:AlternateContent></@controls></mc:Choice></mc:AlternateContent>"
        + _extensions()
        + "</@worksheet>"
    )


def _extensions() -> str:
    xm = 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
    return (
        f'<@extLst><@ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
        "<x14:conditionalFormattings>"
        f'<x14:conditionalFormatting {xm}><x14:cfRule type="dataBar"'
        f' id="{{0A5F1D6C-0001-4B4B-9E6F-000000000001}}">'
        '<x14:dataBar minLength="0" maxLength="100"><x14:cfvo type="autoMin"/><x14:cfvo'
        ' type="autoMax"/></x14:dataBar>'
        "</x14:cfRule><xm:sqref>B4:C6</xm:sqref></x14:conditionalFormatting>"
        f'<x14:conditionalFormatting {xm}><x14:cfRule type="expression" priority="3"'
        f' id="{{0A5F1D6C-0002-4B4B-9E6F-'
        "000000000002}\"><xm:f>'数据 ''23'!$B$1&gt;1</xm:f><x14:dxf><x14:font><x14:b/></x14:font>"
        "</x14:dxf></x14:cfRule>"
        "<xm:sqref>C4</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></@ext>"
        f'<@ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations'
        f' {xm} count="1">'
        '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>\'数据'
        " ''23'!$A$1:$A$3</xm:f></x14:formula1>"
        "<xm:sqref>D4</xm:sqref></x14:dataValidation></x14:dataValidations></@ext>"
        f'<@ext xmlns:x14="{X14}" uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}"><x14:sparklineGroups {xm}>'
        '<x14:sparklineGroup displayEmptyCellsAs="gap"><x14:colorSeries rgb="FF376092"/>'
        "<x14:sparklines><x14:sparkline>"
        "<xm:f>自评表!B4:C4</xm:f><xm:sqref>D5</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>"
        "</x14:sparklineGroups></@ext></@extLst>"
    )


def _plain_sheet(v: Variant) -> str:
    """A sheet without any of the optional elements, cells without addresses, an unusual order of"
    " attributes."""
    return (
        v.root("worksheet")
        + "<!-- 注释 > 与 <c> --><@sheetData><@row><@c t='s'><@v>1</@v></@c><@c><@v>2</@v></@c></@row>"
        "<@row r='4'><@c t='inlineStr' r='A4'><@is><@t><![CDATA[a<b]]></@t></@is></@c></@row>"
        "</@sheetData></@worksheet>"
    )


def _chart_sheet(v: Variant) -> str:
    return (
        v.root("chartsheet")
        + '<@sheetPr/><@sheetViews><@sheetView workbookViewId="0"/></@sheetViews><@drawing'
        ' r:id="rId1"/></@chartsheet>'
    )


def _strings(v: Variant) -> str:
    return (
        v.root("sst", ' count="4" uniqueCount="4"')
        + '<@si><@r><@rPr><@b/><@sz val="16"/><@rFont val="黑体"/></@rPr><@t>项目支出</@t></@r><@r>'
        "<@t>绩效自评表</@t></@r></@si>"
        '<@si><@t>项目</@t><@rPh sb="0" eb="2"><@t>xiangmu</@t></@rPh><@phoneticPr fontId="1"/></@si>'
        '<@si><@t xml:space="preserve"> 预算数 </@t></@si><@si><@t>合计_x000D_</@t></@si></@sst>'
    )


def _styles(v: Variant) -> str:
    return (
        v.root("styleSheet", f' xmlns:mc="{MC}"')
        + '<@numFmts count="1"><@numFmt numFmtId="176" formatCode="0.00_ "/></@numFmts>'
        '<@fonts count="2"><@font><@sz val="11"/><@name val="宋体"/><@charset val="134"/></@font>'
        '<@font><@b/><@sz val="16"/><@name val="黑体"/></@font></@fonts>'
        '<@fills count="2"><@fill><@patternFill patternType="none"/></@fill>'
        '<@fill><@patternFill patternType="gray125"/></@fill></@fills>'
        '<@borders count="1"><@border><@left/><@right/><@top/><@bottom/><@diagonal/></@border></@borders>'
        '<@cellStyleXfs count="1"><@xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></@cellStyleXfs>'
        '<@cellXfs count="3"><@xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<@xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"><@alignment'
        ' horizontal="center"/></@xf>'
        '<@xf numFmtId="176" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></@cellXfs>'
        '<@cellStyles count="1"><@cellStyle name="常规" xfId="0" builtinId="0"/></@cellStyles>'
        '<@dxfs count="1"><@dxf><@font><@color rgb="FF00B050"/></@font></@dxf></@dxfs>'
        '<@tableStyles count="0" defaultTableStyle="TableStyleMedium2"'
        ' defaultPivotStyle="PivotStyleLight16"/>'
        f'<@extLst><@ext xmlns:x14="{X14}" uri="{{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}}">'
        '<x14:slicerStyles defaultSlicerStyle="SlicerStyleLight1"/></@ext></@extLst></@styleSheet>'
    )
