"""What the marking tests share: workbooks by several makers, a patch for each, and looking into packages."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import PatternFill

from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import Mark, OwnSheet, Patch, SheetCell

from .excel_like import build
from .excel_like_extras import Variant

SHEET = "自评表"
SIGNS = ("xlbudget", "【审核】", "◀", "审核结果", "审核规则")


def by_excel() -> bytes:
    return build(Variant())


def by_openpyxl() -> bytes:
    """Notes, conditional formats, a print area, defined names, merged cells; written by openpyxl."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.merge_cells("A1:D1")
    sheet["A1"] = "项目支出绩效自评表"
    for row in range(3, 9):
        for col in range(1, 5):
            sheet.cell(row, col, row * col)
    sheet["B4"].comment = Comment("按批复数填", "张三")
    sheet["C6"] = "=SUM(C3:C5)"
    sheet.conditional_formatting.add(
        "B3:C8", ColorScaleRule("min", None, "FFFFFFFF", "max", None, "FF63BE7B")
    )
    sheet.conditional_formatting.add(
        "B4", CellIsRule("greaterThan", ["5"], fill=PatternFill(bgColor="FF00FF00"))
    )
    sheet.print_area = "A1:D9"
    book.create_sheet("数据 '23")["A1"] = "甲"
    return _saved(book)


def by_xlsxwriter() -> bytes:
    """A chart, a table, a note, a data bar, freeze panes; written by XlsxWriter."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    other = book.add_worksheet("数据 '23")
    sheet.freeze_panes(2, 1)
    for row in range(2, 8):
        for col in range(4):
            sheet.write_number(row, col, row * col)
    sheet.write_comment("B4", "按批复数填", {"author": "张三"})
    sheet.conditional_format("B3:C8", {"type": "data_bar", "data_bar_2010": True})
    other.add_table("A1:B4", {"columns": [{"header": "甲"}, {"header": "乙"}]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": [SHEET, 2, 1, 7, 1]})
    sheet.insert_chart("G3", chart)
    book.close()
    return out.getvalue()


def bare() -> bytes:
    """A workbook with hardly anything in it: no styles, no strings, an empty sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/book.xml" ContentType="{types}.sheet.main+xml"/><Override PartName="/s1.xml" '
        f'ContentType="{types}.worksheet+xml"/><Override PartName="/s2.xml" '
        f'ContentType="{types}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{rel}/officeDocument" Target="book.xml"/></Relationships>',
        "book.xml": f'<workbook xmlns="{main}" xmlns:q="{rel}"><sheets>'
        f'<sheet name="{SHEET}" sheetId="7" q:id="b"/>'
        '<sheet name="数据 \'23" sheetId="9" q:id="c"/></sheets></workbook>',
        "_rels/book.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="b" '
        f'Type="{rel}/worksheet" Target="S1.xml"/><Relationship Id="c" '
        f'Type="{rel}/worksheet" Target="/s2.xml"/>'
        "</Relationships>",
        "s1.xml": f'<worksheet xmlns="{main}"><sheetData/></worksheet>',
        "s2.xml": f'<worksheet xmlns="{main}"><sheetData></sheetData></worksheet>',
    }
    return packed({name: text.encode() for name, text in parts.items()})


MAKERS: dict[str, Callable[[], bytes]] = {
    "excel": by_excel,
    "excel, strict, absolute targets": lambda: build(Variant(strict=True, absolute=True)),
    "excel, prefixed": lambda: build(Variant(prefix="x")),
    "excel, UTF-16 sheet": lambda: build(Variant(sheet_encoding="utf-16")),
    "excel, strict, prefixed": lambda: build(Variant(strict=True, prefix="ns0")),
    "openpyxl": by_openpyxl,
    "xlsxwriter": by_xlsxwriter,
    "bare": bare,
}


def patch() -> Patch:
    """Marks of all severities: on cells with and without notes, merged, empty, in missing rows, twice."""
    return Patch(
        [
            Mark(
                SHEET,
                4,
                2,
                "错误",
                "错误 S3-05 合计不等\n年初预算数 535 应等于 461.80。\n请核对。",
                "错误 S3-05",
            ),
            Mark(SHEET, 4, 3, "核实", "执行数与批复 & 决算不一致 <1>。", "核实 S3-07"),
            Mark(SHEET, 4, 2, "核实", "第二条。", "◀核实 S3-09"),
            Mark(SHEET, 5, 2, "提示", "尾差 0.01。", "提示 S3-11"),
            Mark(SHEET, 7, 1, "错误", "这一行没有内容。", "S3-06"),
            Mark(SHEET, 8, 2, "提示", "合并的单元格。", "提示 S3-01"),
            Mark("数据 '23", 1, 2, "核实", "另一张表。", "核实 S3-04"),
        ],
        own_sheets(),
    )


def own_sheets() -> list[OwnSheet]:
    cell = SheetCell
    heads = ("序号", "级别", "位置", "说明", "出错说明")
    return [
        OwnSheet(
            "审核结果",
            (
                (cell("审核结果", "title"),),
                tuple(cell(text, "head") for text in heads),
                (
                    cell(1),
                    cell("错误", "error"),
                    cell("自评表!B4", link="'自评表'!B4"),
                    cell("=1+1"),
                    cell("", "input"),
                ),
                (cell(2), cell("核实", "query"), None, cell("两行\n说明"), cell("系四舍五入", "input")),
            ),
            (6, 8, 16, 40, 30),
            2,
            ("A1:E1",),
        ),
        OwnSheet(
            "审核规则", ((cell("审核规则", "title"),), (cell("S3-05"), cell("合计相等", "small"))), (10, 60)
        ),
    ]


def marked(data: bytes, wanted: Patch | None = None) -> bytes:
    """The file with marks."""
    from xlbudget.workbook.mark import apply_patch

    package = Package.open(data)
    apply_patch(package, wanted or patch())
    return package.save()


def contents(data: bytes) -> dict[str, bytes]:
    """All parts by name, in stored order."""
    package = Package.open(data)
    return {name: package.get(name) or b"" for name in package.names()}


def traces(data: bytes) -> list[str]:
    """Parts in which something of ours can still be read."""
    found = []
    for name, part in contents(data).items():
        text = part.decode("utf-8", "replace")
        for sign in SIGNS:
            text = text.replace(f"&#{ord(sign[0])};{sign[1:]}", sign)
        if any(sign in text or sign in name for sign in SIGNS):
            found.append(name)
    return found


def packed(parts: dict[str, bytes]) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.items():
            z.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
