"""The workbook around the VBA project: an .xlam (or, for tests, an .xlsm) written part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from openpyxl.writer.theme import theme_xml

from .errors import AddinError

KINDS = {
    "xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}
SHEET, SHEET_CODE_NAME, BOOK_CODE_NAME = "设置", "Settings", "ThisWorkbook"
HEADS = ("项目", "内容", "说明")

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP archive can say
_WRITTEN = "2020-01-01T00:00:00Z"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"
_RELATIONS = f"{_DOCUMENT}/relationships"


class Setting(NamedTuple):
    """A row of the settings sheet; its second cell is left blank, for the person at the PC."""

    key: str
    meaning: str


SETTINGS = (
    Setting("transport", "怎样找到 Python：T1 由 Excel 启动（默认）；T2 本机助手；T3 网络服务。"),
    Setting("service", "T3 用：服务的地址，默认 http://127.0.0.1:8765"),
    Setting("token", "T3 用：服务的口令，由管理员提供。"),
    Setting("pack", "规则包的编号；留空由程序按表样判断。"),
    Setting("source", "填充用的数据：文件夹、文件或数据库的地址。"),
    Setting(
        "python",
        r"T1 用：pythonw.exe 的完整路径，默认 %LOCALAPPDATA%\xlbudget\current\python\pythonw.exe",
    ),
)


class Ribbon(NamedTuple):
    new: bytes  # customUI14.xml
    old: bytes  # the same for Excel 2007 and WPS


def package(kind: str, vba: bytes, ribbon: Ribbon, version: str) -> bytes:
    """The file. Equal arguments give equal bytes. Raises :class:`AddinError` for an unknown ``kind``."""
    if kind not in KINDS:
        raise AddinError(f"加载项只能是 {'、'.join(KINDS)}，不能是 {kind}")
    parts = {
        "[Content_Types].xml": _content_types(kind),
        "_rels/.rels": _root_relations(),
        "docProps/app.xml": _application(),
        "docProps/core.xml": _core(version),
        "xl/workbook.xml": _workbook(hidden=kind == "xlam"),
        "xl/_rels/workbook.xml.rels": _workbook_relations(),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": _settings_sheet(),
        "xl/sharedStrings.xml": _shared_strings(),
    }
    data = {name: (_DECLARATION + text).encode() for name, text in parts.items()}
    data |= {
        "xl/theme/theme1.xml": theme_xml.encode(),
        "xl/vbaProject.bin": vba,
        "customUI/customUI.xml": ribbon.old,
        "customUI/customUI14.xml": ribbon.new,
    }
    return _zipped(data)


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(info, data, compresslevel=9)
    return out.getvalue()


def _content_types(kind: str) -> str:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    defaults = {
        "bin": "application/vnd.ms-office.vbaProject",
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    }
    overrides = {
        "/xl/workbook.xml": KINDS[kind],
        "/xl/worksheets/sheet1.xml": f"{sheet}.worksheet+xml",
        "/xl/styles.xml": f"{sheet}.styles+xml",
        "/xl/sharedStrings.xml": f"{sheet}.sharedStrings+xml",
        "/xl/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    lines = [f'<Default Extension="{k}" ContentType="{v}"/>' for k, v in defaults.items()]
    lines += [f'<Override PartName="{k}" ContentType="{v}"/>' for k, v in overrides.items()]
    return f'<Types xmlns="{_PACKAGE}/content-types">{"".join(lines)}</Types>'


def _root_relations() -> str:
    office = "http://schemas.microsoft.com/office"
    return _relationships(
        [
            (f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_RELATIONS}/extended-properties", "docProps/app.xml"),
            (f"{office}/2006/relationships/ui/extensibility", "customUI/customUI.xml"),
            (f"{office}/2007/relationships/ui/extensibility", "customUI/customUI14.xml"),
        ]
    )


def _workbook_relations() -> str:
    return _relationships(
        [
            (f"{_RELATIONS}/worksheet", "worksheets/sheet1.xml"),
            (f"{_RELATIONS}/theme", "theme/theme1.xml"),
            (f"{_RELATIONS}/styles", "styles.xml"),
            (f"{_RELATIONS}/sharedStrings", "sharedStrings.xml"),
            ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
        ]
    )


def _relationships(targets: Sequence[tuple[str, str]]) -> str:
    lines = [f'<Relationship Id="rId{i}" Type="{t}" Target="{p}"/>' for i, (t, p) in enumerate(targets, 1)]
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _application() -> str:
    return (
        f'<Properties xmlns="{_DOCUMENT}/extended-properties">'
        "<Application>Microsoft Excel</Application><AppVersion>16.0300</AppVersion></Properties>"
    )


def _core(version: str) -> str:
    """Title and comments are what Excel shows in its list of add-ins."""
    times = "".join(
        f'<dcterms:{what} xsi:type="dcterms:W3CDTF">{_WRITTEN}</dcterms:{what}>'
        for what in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<dc:title>xlbudget 预算编审</dc:title><dc:creator>xlbudget</dc:creator>"
        f"<dc:description>预算公开表格的填充、校验和报送，版本 {escape(version)}</dc:description>"
        f"{times}<cp:version>{escape(version)}</cp:version></cp:coreProperties>"
    )


def _workbook(hidden: bool) -> str:
    visibility = ' visibility="hidden"' if hidden else ""
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr codeName="{BOOK_CODE_NAME}"/>'
        f'<bookViews><workbookView{visibility} xWindow="0" yWindow="0" windowWidth="20000"'
        ' windowHeight="9000"/></bookViews>'
        f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


_FONT = '<sz val="11"/><name val="宋体"/><family val="2"/><charset val="134"/>'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    f'<fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_HEAD, _TEXT, _WRAPPED = 1, 2, 3  # the cell formats above


_SHOWN = [HEADS, *((s.key, "", s.meaning) for s in SETTINGS)]
_STRINGS = [text for row in _SHOWN for text in row if text]


def _settings_sheet() -> str:
    rows = []
    for number, row in enumerate(_SHOWN, 1):
        styles = (_HEAD,) * 3 if number == 1 else (_TEXT, _TEXT, _WRAPPED)
        cells = (
            _cell(f"{c}{number}", style, text) for c, style, text in zip("ABC", styles, row, strict=True)
        )
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{width}" style="{style}" customWidth="1"/>'
        for i, (width, style) in enumerate(((14, _TEXT), (60, _TEXT), (70, _WRAPPED)), 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="{SHEET_CODE_NAME}"/>'
        '<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData></worksheet>"
    )


def _cell(ref: str, style: int, text: str) -> str:
    if not text:
        return f'<c r="{ref}" s="{style}"/>'
    return f'<c r="{ref}" s="{style}" t="s"><v>{_STRINGS.index(text)}</v></c>'


def _shared_strings() -> str:
    count = len(_STRINGS)
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in _STRINGS)
    return f'<sst xmlns="{_MAIN}" count="{count}" uniqueCount="{count}">{items}</sst>'
