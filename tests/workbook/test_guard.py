"""Hostile and broken files: each ends in one Chinese sentence, quickly, in little memory."""

from __future__ import annotations

import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from xlbudget.workbook.book import read_book
from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.limits import Limits
from xlbudget.workbook.refusals import REFUSALS

from . import parts
from .parts import MAIN, SHEET

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
SECONDS = 8.0  # on a busy machine; most need a few milliseconds
MEMORY = 250 << 20


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\0" * 512


def with_part(name: str, data: bytes) -> bytes:
    return parts.pack({**parts.parts(), name: data})


def with_sheet(data: bytes) -> bytes:
    return with_part(SHEET, data)


def renamed(old: str, new: str) -> bytes:
    """A member under a name of the same length, in both headers."""
    return parts.pack({**parts.parts(), old: b"x"}).replace(old.encode(), new.encode())


def declared(data: bytes, name: str, size: int, central_only: bool = False) -> bytes:
    """The inflated size of a member overwritten in its headers."""
    out = bytearray(data)
    info = zipfile.ZipFile(BytesIO(data)).getinfo(name)
    central = data.rfind(name.encode()) - 46
    struct.pack_into("<L", out, central + 24, size)
    if not central_only:
        struct.pack_into("<L", out, info.header_offset + 22, size)
    return bytes(out)


def overlapping() -> bytes:
    """Two members that share their data: the second header lies inside the first member's data."""
    inner_data = b"<a/>"
    name = b"b.xml"
    crc = zlib.crc32(inner_data)
    inner = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, crc, 4, 4, len(name), 0) + name + inner_data
    data = parts.pack({**parts.parts(), "a.xml": inner}, zipfile.ZIP_STORED)
    end = data.rfind(b"PK\5\6")
    count, size, offset = struct.unpack_from("<H2L", data, end + 10)
    at = data.find(inner)
    head = (b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 33, crc, 4, 4, len(name), 0, 0, 0, 0, 0, at)
    entry = struct.pack("<4s4B4HL2L5H2L", *head) + name
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count + 1, count + 1, size + len(entry), offset, 0)
    return data[:end] + entry + tail


def twice() -> bytes:
    other = SHEET.replace("sheet1", "sheeT1")
    return with_part(other, b"<other/>").replace(other.encode(), SHEET.encode())


def link() -> bytes:
    info = zipfile.ZipInfo("xl/link.xml")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in parts.parts().items():
            z.writestr(name, data)
        z.writestr(info, "/etc/passwd")
    return out.getvalue()


def many_members(count: int) -> bytes:
    return parts.pack({**parts.parts(), **{f"x/{i}.xml": b"<a/>" for i in range(count)}})


def flagged(bit: int) -> bytes:
    data = bytearray(parts.book())
    at = data.find(b"PK\1\2")
    data[at + 8] |= bit
    return bytes(data)


BOMB_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="%b"><sheetData><row r="1"><c r="A1" t="str"><v>&b;</v></c></row></sheetData>'
    b"</worksheet>" % MAIN.encode()
)
THEFT = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'


def styled_rows(count: int) -> bytes:
    return with_sheet(
        parts.sheet("".join(f'<row r="{i}" s="1"><c r="A{i}" s="1"/></row>' for i in range(1, count)))
    )


def cell(ref: str, inside: str = "<v>1</v>", attributes: str = "") -> bytes:
    row = "".join(ch for ch in ref if ch.isdigit())
    return parts.book(f'<row r="{row}"><c r="{ref}"{attributes}>{inside}</c></row>')


def merged(ref: str) -> bytes:
    return parts.book(after=f'<mergeCells count="1"><mergeCell ref="{ref}"/></mergeCells>')


def many_merges(count: int) -> bytes:
    ranges = "".join(f'<mergeCell ref="A{i}:B{i}"/>' for i in range(1, count + 1))
    return parts.book(after=f"<mergeCells>{ranges}</mergeCells>")


def strings(count: int) -> bytes:
    items = "".join(f"<si><t>{i}</t></si>" for i in range(count))
    return parts.book_with(sharedStrings=f'<sst xmlns="{MAIN}">{items}</sst>'.encode())


def noise(size: int) -> str:
    """Text that shrinks to a half only, so that its size and not its ratio is looked at."""
    block = random.Random(5).randbytes(1 << 20).hex()
    return (block * (size // len(block) + 1))[:size]


def padded(size: int) -> bytes:
    """XML that shrinks to a sixtieth or so: too large, but with no suspicious ratio."""
    block = noise(2 << 20)
    pad = " " * (size // 2000)
    return f"<x>{''.join(block[i : i + 1000] + pad for i in range(0, 2_000_000, 1000))}</x>".encode()


def tags(count: int) -> str:
    return "".join(f"<{name}/>" for name in random.Random(5).choices("abcdefghijklmnop", k=count))


def tabs(entries: str) -> bytes:
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{parts.REL}"><sheets>{entries}</sheets></workbook>'
    return with_part("xl/workbook.xml", book.encode())


def shared_formula(followers: int) -> bytes:
    rows = "".join(f'<row r="{i}"><c r="A{i}"><f t="shared" si="0"/></c></row>' for i in range(2, followers))
    return parts.book(f'<row r="1"><c r="A1"><f t="shared" si="0">{"B1+" * 3000}1</f></c></row>{rows}')


def nested(depth: int) -> bytes:
    names = ["".join(random.Random(i).choices("abcdefgh", k=6)) for i in range(depth)]
    body = "".join(f"<{n}>" for n in names) + "".join(f"</{n}>" for n in reversed(names))
    return with_sheet(parts.sheet("", before=f"<sheetPr>{body}</sheetPr>"))


def without(*names: str) -> bytes:
    return parts.pack({n: d for n, d in parts.parts().items() if n not in names})


def other(**files: bytes) -> bytes:
    return parts.pack({name.replace("__", "/").replace("_xml", ".xml"): data for name, data in files.items()})


HOSTILE: list[tuple[str, Callable[[], bytes]]] = [
    # formats that are only called .xlsx
    ("empty", lambda: b""),
    ("password", lambda: ole("EncryptedPackage")),
    ("xls", lambda: ole("Workbook")),
    ("xls", lambda: ole("Book")),
    ("xls", lambda: b"\x09\x08\x10\x00\x00\x06\x05\x00"),
    ("old-document", lambda: ole("WordDocument")),
    ("ole", lambda: OLE),
    ("html", lambda: b"\r\n<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>"),
    ("html", lambda: b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body/></html>'),
    ("html", lambda: "\ufeff<table><tr><td>预算</td></tr></table>".encode()),
    ("html", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related"),
    ("xml-table", lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'),
    ("csv", lambda: "项目,金额\r\n办公费,12.5\r\n".encode("gbk") * 300),
    ("csv", lambda: "\ufeff项目,金额\n".encode()),
    ("csv", lambda: "项目\t金额\n".encode("utf-16")),
    ("pdf", lambda: b"%PDF-1.7\n"),
    ("archive", lambda: b"Rar!\x1a\x07\x01\x00"),
    ("picture", lambda: b"\x89PNG\r\n\x1a\n"),
    ("unknown-format", lambda: random.Random(3).randbytes(5000)),
    ("unknown-format", lambda: bytes(5000)),
    ("unknown-format", lambda: b"PK\5\6" + bytes(18)),
    ("plain-zip", lambda: parts.pack({"说明.txt": b"x"})),
    ("docx", lambda: other(word__document_xml=b"<d/>")),
    ("xlsb", lambda: parts.pack({"xl/workbook.bin": b"\1\2", "[Content_Types].xml": b"<Types/>"})),
    ("ods", lambda: other(mimetype=b"application/vnd.oasis", content_xml=b"<d/>")),
    ("no-workbook", lambda: without("xl/workbook.xml")),
    ("no-workbook", lambda: without("_rels/.rels")),
    ("no-workbook", lambda: with_part("xl/workbook.xml", b'<workbook xmlns="urn:other"/>')),
    ("plain-zip", lambda: without("[Content_Types].xml")),
    # the container
    ("truncated", lambda: parts.book()[:-30]),
    ("truncated", lambda: parts.book()[:200]),
    ("too-large", lambda: b"PK\3\4" + bytes(21 << 20)),
    ("zip-members", lambda: many_members(2001)),
    ("zip-size", lambda: parts.pack(parts.parts() | {f"xl/{i}.bin": bytes(990_000) for i in range(250)})),
    ("zip-ratio", lambda: with_part("xl/a.xml", b" " * (30 << 20))),
    ("zip-ratio", lambda: with_part("xl/embeddings/nested.zip", parts.pack({"a": bytes(40 << 20)}) * 1000)),
    ("zip-overlap", overlapping),
    ("zip-twice", twice),
    ("zip-twice", lambda: with_part("XL/Workbook.xml", b"<a/>")),
    ("zip-name", lambda: with_part("../evil.xml", b"<a/>")),
    ("zip-name", lambda: with_part("/abs.xml", b"<a/>")),
    ("zip-name", lambda: with_part("C:/abs.xml", b"<a/>")),
    ("zip-name", lambda: renamed("xl/media.txt", "xl\\media.txt")),
    ("zip-link", link),
    ("zip-password", lambda: flagged(1)),
    ("zip-method", lambda: parts.pack(parts.parts(), zipfile.ZIP_BZIP2)),
    ("zip-method", lambda: parts.pack(parts.parts(), zipfile.ZIP_LZMA)),
    ("member-damaged", lambda: declared(parts.book(), SHEET, 9, central_only=True)),
    ("member-damaged", lambda: declared(parts.book(), SHEET, 9)),
    ("member-damaged", lambda: declared(parts.book(), SHEET, 900_000)),
    # XML
    ("doctype", lambda: with_sheet(BOMB_ENTITIES)),
    ("doctype", lambda: with_sheet(BOMB_ENTITIES.decode().encode("utf-16"))),
    ("doctype", lambda: with_part("customXml/item1.xml", THEFT)),
    ("doctype", lambda: with_part("xl/printerSettings/printerSettings1.bin", THEFT)),
    ("doctype", lambda: with_part("_rels/.rels", THEFT)),
    ("encoding", lambda: with_sheet(b'<?xml version="1.0" encoding="utf-7"?><worksheet/>')),
    ("encoding", lambda: with_sheet(b'<?xml version="1.0" encoding="hex_codec"?><worksheet/>')),
    ("part-malformed", lambda: with_sheet(b'<?xml version="1.0" encoding="gbk"?><x>\xff\xff</x>')),
    ("part-malformed", lambda: with_sheet(parts.sheet("")[:-4])),
    ("part-malformed", lambda: with_sheet(parts.sheet("\x0b"))),
    ("part-malformed", lambda: with_part("xl/workbook.xml", b"<workbook>&nbsp;</workbook>")),
    ("part-malformed", lambda: with_part("xl/styles.xml", b"")),
    ("part-too-large", lambda: with_part("xl/a.xml", padded(65 << 20))),
    ("part-too-many-tags", lambda: with_sheet(parts.sheet(tags(3_000_001)))),
    ("too-deep", lambda: nested(100_000)),
    # the workbook
    ("no-sheets", lambda: with_part("xl/workbook.xml", f'<workbook xmlns="{MAIN}"/>'.encode())),
    ("sheet-twice", lambda: tabs('<sheet name="表一" r:id="rId1"/><sheet name="表一" r:id="rId1"/>')),
    ("inconsistent", lambda: tabs('<sheet name="表一" r:id="rId1"/><sheet name="表二" r:id="rId1"/>')),
    ("sheet-missing", lambda: tabs('<sheet name="表一" r:id="rId9"/>')),
    ("sheet-missing", lambda: without(SHEET)),
    ("not-a-sheet", lambda: with_sheet(f'<chartsheet xmlns="{MAIN}"/>'.encode())),
    ("too-many-rows", lambda: styled_rows(1_000_000)),
    ("too-far", lambda: cell("XFD1048576")),
    ("too-far", lambda: cell("A1048576")),
    ("too-far", lambda: cell("XFD1")),
    ("bad-reference", lambda: cell("XFE1")),
    ("bad-reference", lambda: cell("A1048577")),
    ("bad-reference", lambda: cell("A0")),
    ("bad-reference", lambda: cell("总计1")),
    ("cell-twice", lambda: parts.book('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')),
    ("cell-twice", lambda: parts.book('<row r="5"><c r="A5"><v>1</v></c><c r="A2"><v>1</v></c></row>')),
    ("too-many-formulas", lambda: shared_formula(30_000)),
    ("bad-string", lambda: cell("A1", "<v>2</v>", ' t="s"')),
    ("bad-string", lambda: cell("A1", "<v>-1</v>", ' t="s"')),
    ("too-long", lambda: cell("A1", f"<is><t>{noise(10_000_000)}</t></is>", ' t="inlineStr"')),
    ("too-long", lambda: cell("A1", f"<f>{'1+' * 100_000}1</f>")),
    ("text-too-long", lambda: parts.book_with(
        sharedStrings=f'<sst xmlns="{MAIN}"><si><t>{noise(10_000_000)}</t></si></sst>'.encode())),
    ("too-many-strings", lambda: strings(1_000_000)),
    ("merge-too-large", lambda: merged("A1:XFD1048576")),
    ("merge-too-large", lambda: merged("A1:B1048576")),
    ("bad-reference", lambda: merged("A:C")),
    ("too-many-merges", lambda: many_merges(100_001)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "make"), HOSTILE, ids=[f"{i}-{c}" for i, (c, _) in enumerate(HOSTILE)])
def test_refused_with_a_sentence(code: str, make: Callable[[], bytes]) -> None:
    data = make()
    started = time.perf_counter()
    with pytest.raises(WorkbookRefused) as refused:
        read_book(data)
    assert time.perf_counter() - started < SECONDS
    assert refused.value.code == code
    assert refused.value.message == str(refused.value)
    assert refused.value.message.endswith("。")
    assert "{" not in refused.value.message


@pytest.mark.parametrize("make", [make for code, make in HOSTILE if code in (
    "zip-size", "zip-ratio", "too-many-rows", "too-many-strings", "too-deep", "too-long")])  # fmt: skip
def test_refused_in_bounded_memory(make: Callable[[], bytes]) -> None:
    data = make()
    tracemalloc.start()
    with pytest.raises(WorkbookRefused):
        read_book(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEMORY


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    for path, code in (
        (tmp_path / "没有.xlsx", "not-found"),
        (tmp_path, "is-folder"),
        ("a\0b.xlsx", "unreadable"),
    ):
        with pytest.raises(WorkbookRefused) as refused:
            read_book(path)
        assert refused.value.code == code
        assert "{" not in refused.value.message


def test_limits_are_settings() -> None:
    data = parts.book('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>')
    assert len(read_book(data).sheets[0].cells) == 2
    for limits, code in (
        (Limits(cells=1), "too-many-cells"),
        (Limits(last_col=1), "too-far"),
        (Limits(members=3), "zip-members"),
        (Limits(file_size=100), "too-large"),
        (Limits(strings=1), "too-many-strings"),
        (Limits(sheets=0), "too-many-sheets"),
        (Limits(rows=0), "too-many-rows"),
    ):
        with pytest.raises(WorkbookRefused) as refused:
            read_book(data, limits)
        assert refused.value.code == code


def test_harmless_oddities_are_read() -> None:
    drawing = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd"><svg/>'
    for data in (
        with_part("xl/media/image1.svg", drawing),
        with_part("xl/vbaProject.bin", ole("VBA")),
        with_sheet(
            parts.sheet('<row r="1"><c r="A1"><v>1</v></c></row>', before='<dimension ref="A1:XFD1048576"/>')
        ),
        styled_rows(150_000),
        parts.book() + b"\0" * 100,
    ):
        assert read_book(data).sheets[0].name == "表一"


def test_every_refusal_says_what_to_do() -> None:
    for code, sentence in REFUSALS.items():
        assert sentence.endswith("。"), code
        assert any(word in sentence for word in ("请", "已拒绝")), code
