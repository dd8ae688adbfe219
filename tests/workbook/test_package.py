"""Packages: what nobody touched comes back byte for byte; writing is whole or not at all."""

from __future__ import annotations

import io
import os
import random
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from xlbudget.workbook import atomic
from xlbudget.workbook.package import OutputError, Package, WorkbookRefused, rels_name, write_atomic

from . import parts


def by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("表").write("B2", 1.5)
    return out.getvalue()


def streamed() -> bytes:
    """As programs write that cannot seek: sizes in a record behind the data."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_: int) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.parts().items():
            z.writestr(name, data)
    return out.getvalue()


def with_64_bit_headers() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.parts().items():
            with z.open(name, "w", force_zip64=True) as member:
                member.write(data)
    return out.getvalue()


def with_folders_and_comment() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("xl/", b"")
        for name, data in parts.parts().items():
            z.writestr(zipfile.ZipInfo(name, (2023, 12, 31, 8, 30, 2)), data)
        z.writestr("图片说明.txt", "内容")
        z.comment = b"made by hand"
    return out.getvalue()


ORDINARY = [by_openpyxl, by_xlsxwriter, streamed, with_64_bit_headers, with_folders_and_comment]


@pytest.mark.parametrize("make", ORDINARY)
def test_saved_without_changes_every_byte_is_the_same(make: Callable[[], bytes]) -> None:
    data = make()
    assert Package.open(data).save() == data


@pytest.mark.parametrize("make", ORDINARY)
def test_a_change_leaves_all_other_members_as_they_were(make: Callable[[], bytes]) -> None:
    data = make()
    package = Package.open(data)
    package.put("xl/styles.xml", b"<other/>")
    package.put("xl/new/部件.xml", b"<new/>")
    saved = package.save()
    old, new = zipfile.ZipFile(io.BytesIO(data)), zipfile.ZipFile(io.BytesIO(saved))
    assert new.testzip() is None
    assert new.comment == old.comment
    assert new.namelist() == [*old.namelist(), "xl/new/部件.xml"]
    assert new.read("xl/styles.xml") == b"<other/>"
    assert new.getinfo("xl/styles.xml").date_time == (1980, 1, 1, 0, 0, 0)
    for name in set(old.namelist()) - {"xl/styles.xml"}:
        a, b = old.getinfo(name), new.getinfo(name)
        assert raw(data, a) == raw(saved, b)
        assert (a.date_time, a.compress_type, a.flag_bits, a.extra, a.external_attr, a.create_system) == (
            b.date_time, b.compress_type, b.flag_bits, b.extra, b.external_attr, b.create_system)  # fmt: skip
    back = Package.open(saved)
    back.put("xl/styles.xml", old.read("xl/styles.xml"))
    back.remove("xl/new/部件.xml")
    assert {n: back.get(n) for n in back.names()} == {
        n: old.read(n) for n in old.namelist() if not n.endswith("/")
    }


def raw(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """Local header (without name and extra) and compressed bytes of a member."""
    at = member.header_offset
    lengths = int.from_bytes(data[at + 26 : at + 28], "little") + int.from_bytes(
        data[at + 28 : at + 30], "little"
    )
    return data[at : at + 30 + lengths + member.compress_size]


def test_equal_input_gives_equal_output() -> None:
    data = parts.book()
    results = set()
    for _ in range(2):
        package = Package.open(data)
        package.put("xl/b.xml", b"<b/>" * 1000)
        package.put("xl/a.xml", b"<a/>")
        results.add(package.save())
    assert len(results) == 1


def test_putting_back_the_original_makes_a_part_untouched() -> None:
    data = parts.book()
    package = Package.open(data)
    original = package.get(parts.SHEET)
    assert original is not None
    package.put(parts.SHEET, b"<x/>")
    package.put("xl/extra.xml", b"<x/>")
    package.remove("xl/styles.xml")
    assert package.changed() == ["xl/extra.xml", "xl/styles.xml", parts.SHEET]
    assert package.get("xl/styles.xml") is None
    package.put(parts.SHEET, original)
    package.remove("xl/extra.xml")
    package.put("xl/styles.xml", package.original("xl/styles.xml") or b"")
    assert package.changed() == []
    assert package.save() == data


def test_parts_are_found_whatever_their_letter_case() -> None:
    package = Package.open(parts.book())
    assert "XL/Styles.XML" in package
    assert package.get("XL/Styles.XML") == package.get("xl/styles.xml")
    package.put("XL/STYLES.xml", b"<s/>")
    assert package.changed() == ["xl/styles.xml"]


def test_relationships_and_content_types() -> None:
    package = Package.open(parts.book())
    assert [(r.id, r.type, r.part) for r in package.rels("xl/workbook.xml")] == [
        ("rId1", "worksheet", parts.SHEET),
        ("rId2", "styles", "xl/styles.xml"),
        ("rId3", "sharedStrings", "xl/sharedStrings.xml"),
    ]
    assert package.rels("xl/styles.xml") == []
    assert rels_name(parts.SHEET) == "xl/worksheets/_rels/sheet1.xml.rels"
    assert package.resolve(parts.SHEET, "../drawings/d%201.xml") == "xl/drawings/d%201.xml"
    assert package.content_type("_rels/.rels").endswith("relationships+xml")
    assert package.content_type("xl/styles.xml").endswith("spreadsheetml.styles+xml")
    package.put("[Content_Types].xml", b"<Types/>")
    assert package.content_type("xl/styles.xml") == ""


def test_links_to_other_files_are_outside() -> None:
    content = parts.parts()
    content["xl/_rels/workbook.xml.rels"] = content["xl/_rels/workbook.xml.rels"].replace(
        b'Target="styles.xml"', b'Target="file:///etc/passwd" TargetMode="External"'
    )
    link = Package.open(parts.pack(content)).rels("xl/workbook.xml")[1]
    assert link.external
    assert link.target == "file:///etc/passwd"


def test_a_flipped_byte_in_a_member_is_noticed() -> None:
    data = bytearray(parts.book())
    where = Package.open(bytes(data))._members[parts.SHEET]
    data[where.data + where.packed // 2] ^= 0x55
    with pytest.raises(WorkbookRefused, match="已损坏"):
        Package.open(bytes(data)).get(parts.SHEET)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    leftovers = [p.name for p in tmp_path.iterdir() if p.name.endswith(".tmp")]
    assert leftovers == []


def test_write_replaces_the_file_and_keeps_its_mode(folder: Path) -> None:
    target = folder / "结果.xlsx"
    write_atomic(target, b"one")
    target.chmod(0o640)
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_read_only_target_is_not_replaced(folder: Path) -> None:
    target = folder / "a.xlsx"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(OutputError, match="只读"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize("lock", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_target_that_is_open_is_not_replaced(folder: Path, lock: str) -> None:
    target = folder / "a.xlsx"
    target.write_bytes(b"old")
    (folder / lock).write_bytes(b"somebody")
    with pytest.raises(OutputError, match="正在表格软件中打开"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"


def test_a_full_disk_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = folder / "a.xlsx"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(OutputError, match="磁盘已满"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"


def test_a_missing_folder_and_a_folder_in_the_way(folder: Path) -> None:
    with pytest.raises(OutputError, match="文件夹不存在"):
        write_atomic(folder / "none" / "a.xlsx", b"x")
    (folder / "b.xlsx").mkdir()
    with pytest.raises(OutputError, match="同名的文件夹"):
        write_atomic(folder / "b.xlsx", b"x")


def test_truncated_anywhere_it_is_refused() -> None:
    data = parts.book()
    for cut in random.Random(1).sample(range(4, len(data)), 60):
        with pytest.raises(WorkbookRefused):
            Package.open(data[:cut])
