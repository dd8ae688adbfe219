"""Files that somebody may hand in and that nobody can use, made from a good workbook."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)

Spoil = Callable[[bytes], bytes]


def changed(book: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with other contents of some parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name) or old.read(name))
    return out.getvalue()


def part(book: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as z:
        return z.read(name)


def _ole(stream: str) -> Spoil:
    return lambda _book: _OLE + stream.encode("utf-16-le") + bytes(512)


def _bomb(book: bytes) -> bytes:
    return changed(book, {SHEET: part(book, SHEET) + b" " * (60 << 20)})


def _entities(book: bytes) -> bytes:
    body = b'<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1" t="str"><v>&c;</v></c></row></sheetData>'
    return changed(book, {SHEET: _ENTITIES + body % MAIN.encode() + b"</worksheet>"})


def _styled_rows(book: bytes) -> bytes:
    """A million rows that hold nothing but a format."""
    xml = part(book, SHEET)
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % n for n in range(1000, 1_048_577))
    return changed(book, {SHEET: xml.replace(b"</sheetData>", rows + b"</sheetData>")})


def _other_form(_book: bytes) -> bytes:
    out = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "食堂采购清单"
    workbook.save(out)
    return out.getvalue()


def _without_sheet(book: bytes) -> bytes:
    """The workbook names a sheet whose part is not there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != SHEET:
                new.writestr(name, old.read(name))
    return out.getvalue()


HOSTILE: dict[str, tuple[str, Spoil, str]] = {
    # what: name of the file, the file, words of the sentence
    "zip bomb": ("炸弹.xlsx", _bomb, "压缩率异常"),
    "entity expansion": ("实体.xlsx", _entities, "DOCTYPE"),
    "truncated": ("断了.xlsx", lambda book: book[: len(book) // 2], "文件不完整"),
    "empty": ("空的.xlsx", lambda _book: b"", "文件是空的"),
    "password": ("加密.xlsx", _ole("EncryptedPackage"), "打开密码"),
    "xls": ("旧版.xls", _ole("Workbook"), "旧版表格文件"),
    "et renamed": ("金山.xlsx", _ole("Workbook"), ".et"),
    "web page": ("网页.xlsx", lambda _book: b"<html><table><tr><td>1</td></tr></table></html>", "网页文件"),
    "text": ("文本.xlsx", lambda _book: "项目,金额\n办公费,12.5\n".encode("gbk"), "纯文本文件"),
    "styled rows": ("百万行.xlsx", _styled_rows, "行以上的行记录"),
    "no form": ("采购.xlsx", _other_form, "没有找到"),
    "missing part": ("缺表.xlsx", _without_sheet, "内容缺失"),
}
