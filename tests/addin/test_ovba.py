"""The VBA project as bytes: compressed, put into a compound file, read again by other people's readers."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from importlib import metadata
from pathlib import Path

import olefile
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from oletools.olevba import VBA_Parser, decompress_stream

from tests.addin.cfbcheck import Compound
from xlbudget.addin import AddinError
from xlbudget.addin.cfb import compound_file
from xlbudget.addin.compress import CHUNK, compress, decompress
from xlbudget.addin.ovba import dir_stream, encrypt, project_stream, projectwm_stream, vba_project
from xlbudget.addin.project import BASES, Kind, Module, Project, Reference, stored_text

NOISE = random.Random(7).randbytes(5 * CHUNK)
LICENCE = b"Redistribution and use in source and binary forms, with or without modification. "

# ---- compression ----


@given(st.binary(max_size=3000) | st.text("ab \r\n", max_size=9000).map(str.encode))
@example(b"")
@example(b"a")
@example(b"aaaaaaa" * 2000)
def test_compressed_and_back(data: bytes) -> None:
    assert decompress(compress(data)) == data


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17])
def test_borders_of_chunks(size: int) -> None:
    data = (LICENCE * 200)[:size]
    packed = compress(data)
    assert decompress(packed) == data
    assert decompress_stream(bytearray(packed)) == data
    assert len(packed) < size / 2


@pytest.mark.parametrize("size", [CHUNK, 2 * CHUNK, 3 * CHUNK + 500])
def test_noise_is_stored_as_it_is(size: int) -> None:
    """A chunk that would grow is a raw one: two bytes of head and the 4,096 bytes themselves."""
    packed = compress(NOISE[:size])
    assert decompress(packed) == NOISE[:size]
    assert decompress_stream(bytearray(packed)) == NOISE[:size]
    assert packed[1:3] == struct.pack("<H", 0x3FFF)
    assert packed[3 : 3 + CHUNK] == NOISE[:CHUNK]


def test_noise_at_the_end_that_a_raw_chunk_cannot_hold() -> None:
    with pytest.raises(AddinError, match="无法压缩"):
        compress(NOISE[: CHUNK - 1])


@pytest.mark.parametrize(
    ("text", "packed"),
    [
        # the three examples of [MS-OVBA] 3.2
        (
            "abcdefghijklmnopqrstuv.",
            "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E",
        ),
        (
            "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa",
            "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F"
            "70 06 71 02 70 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C",
        ),
        ("a" * 73, "01 03 B0 02 61 45 00"),
    ],
)
def test_examples_of_the_specification(text: str, packed: str) -> None:
    """The second example copies from a place that its own rules do not choose; so lengths are compared."""
    assert decompress(bytes.fromhex(packed)) == text.encode()
    assert len(compress(text.encode())) == len(bytes.fromhex(packed))


@pytest.mark.parametrize(
    "broken", [b"", b"\x00", b"\x01\x19", b"\x01\x19\xb0\x00ab", b"\x01\x02\xb0\x01\x61\x00"]
)
def test_what_is_not_compressed_data(broken: bytes) -> None:
    with pytest.raises(AddinError):
        decompress(broken)


# ---- the compound file ----


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 8, 20, 100, 300])
def test_directory_of_any_size(count: int) -> None:
    tree = {f"Module{i * 7919 % 1000}": b"x" * (i * 61 % 700) for i in range(count)}
    found = Compound(compound_file({"VBA": tree, "PROJECT": b"p"}))
    assert found.streams == {f"VBA/{name}": data for name, data in tree.items()} | {"PROJECT": b"p"}


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 511, 512, 4095, 4096, 4097, 70_000])
def test_streams_of_any_size(size: int) -> None:
    data = compound_file({"one": NOISE[:100], "two": (NOISE * 4)[:size], "three": b""})
    streams = {"one": NOISE[:100], "two": (NOISE * 4)[:size], "three": b""}
    assert Compound(data).streams == streams
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        assert {name: ole.openstream(name).read() for name in streams} == streams


def test_large_projects() -> None:
    """6.5 MB fit; beyond what the header can chain there is a sentence, not a broken file."""
    data = bytes(6_500_000)
    assert Compound(compound_file({"big": data})).streams == {"big": data}
    with pytest.raises(AddinError, match="太大"):
        compound_file({"big": bytes(7_200_000)})


@pytest.mark.parametrize("name", ["预算", "x" * 32, "", "a/b"])
def test_names_that_do_not_fit(name: str) -> None:
    with pytest.raises(AddinError):
        compound_file({name: b""})


def test_two_streams_of_one_name() -> None:
    with pytest.raises(AddinError, match="同名"):
        compound_file({"Dir": b"", "dir": b""})


# ---- the project ----

BAS = 'Attribute VB_Name = "XbTalk"\nOption Explicit\n\nPublic Sub Say()\n    MsgBox 1\nEnd Sub\n'
CLS = (
    'VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1  \'True\nEND\nAttribute VB_Name = "XbRow"\n'
    "Attribute VB_Exposed = True\nOption Explicit\nPublic Size As Long\n"
)


def project(*modules: Module) -> Project:
    book = Module(
        "ThisWorkbook", Kind.DOCUMENT, stored_text("ThisWorkbook", Kind.DOCUMENT, "", BASES["workbook"])
    )
    return Project("XlBudget", (book, *modules))


def test_read_back_by_olevba() -> None:
    large = BAS.replace("XbTalk", "XbLarge") + "' " + "\n' ".join(f"line {i}" for i in range(20_000)) + "\n"
    texts = {
        "XbTalk": stored_text("XbTalk", Kind.STANDARD, BAS),
        "XbRow": stored_text("XbRow", Kind.CLASS, CLS),
        "XbLarge": stored_text("XbLarge", Kind.STANDARD, large),
    }
    kinds = {"XbRow": Kind.CLASS}
    whole = project(*(Module(name, kinds.get(name, Kind.STANDARD), text) for name, text in texts.items()))
    data = vba_project(whole)
    assert sorted(Compound(data).streams)[:2] == ["PROJECT", "PROJECTwm"]
    parser = VBA_Parser("vbaProject.bin", data=data)
    found = dict(macro[2:] for macro in parser.extract_macros())
    parser.close()
    expected = {m.name: m.text for m in whole.modules}
    extensions = {"XbTalk": "bas", "XbRow": "cls", "XbLarge": "bas", "ThisWorkbook": "cls"}
    assert found == {f"{name}.{extensions[name]}": text for name, text in expected.items()}


def test_stored_text_of_a_class() -> None:
    assert stored_text("XbRow", Kind.CLASS, CLS).split("\r\n") == [
        'Attribute VB_Name = "XbRow"',
        'Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"',
        "Attribute VB_GlobalNameSpace = False",
        "Attribute VB_Creatable = False",
        "Attribute VB_PredeclaredId = False",
        "Attribute VB_Exposed = True",
        "Attribute VB_TemplateDerived = False",
        "Attribute VB_Customizable = False",
        "Option Explicit",
        "Public Size As Long",
        "",
    ]


def test_encrypted_fields_can_be_read() -> None:
    """Decryption as in 2.4.3.3, written from the specification."""
    whole = project()
    for seed in range(256):
        raw = bytes.fromhex(encrypt(b"\x05\x06", whole.id, seed))
        key = sum(whole.id.encode()) & 0xFF
        assert (raw[0], raw[1] ^ seed, raw[2] ^ seed) == (seed, 2, key)
        plain, last, before, unencrypted = [], raw[2], raw[1], key
        for byte in raw[3:]:
            unencrypted = byte ^ ((before + unencrypted) & 0xFF)
            plain.append(unencrypted)
            before, last = last, byte
        ignored = (seed & 6) // 2
        assert bytes(plain[ignored:]) == b"\x02\0\0\0\x05\x06"


@pytest.mark.parametrize("names", [("Xb", "xb"), ("XlBudget",), ("预算",), ("a" * 32,), ("1a",)])
def test_names_that_vba_refuses(names: tuple[str, ...]) -> None:
    with pytest.raises(AddinError):
        project(*(Module(name, Kind.STANDARD) for name in names))


# ---- against a project that Excel saved ----


def records(stream: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(stream):
        number, size = struct.unpack_from("<HI", stream, at)
        size = 6 if number == 9 else size  # the version's size does not count its last two bytes
        found.append((number, stream[at + 6 : at + 6 + size]))
        at += 6 + size
    return found


def test_information_of_a_project_that_excel_saved() -> None:
    """Made again from what it says, xlwings' quickstart.xlsm has the same project information, byte by byte.

    References are left out: one there has a form that is not written here. So are the three encrypted
    fields, which begin with random bytes.
    """
    book = Path(str(metadata.distribution("xlwings").locate_file("xlwings/quickstart.xlsm")))
    with olefile.OleFileIO(io.BytesIO(zipfile.ZipFile(book).read("xl/vbaProject.bin"))) as ole:
        saved_dir = decompress(ole.openstream("VBA/dir").read())
        saved_project = ole.openstream("PROJECT").read()
        saved_wm = ole.openstream("PROJECTwm").read()
    whole, offsets = described(records(saved_dir), saved_project.decode("cp1252"))
    made = dir_stream(whole, offsets)
    assert [r for r in records(made) if r[0] not in REFERENCE] == [
        r for r in records(saved_dir) if r[0] not in REFERENCE
    ]
    assert KEYS.sub(b"", project_stream(whole)) == KEYS.sub(b"", saved_project)
    assert projectwm_stream(whole) == saved_wm


KEYS = re.compile(rb'^(CMG|DPB|GC)="\w+"', re.M)
REFERENCE = (0x0D, 0x0E, 0x16, 0x2F, 0x30, 0x33, 0x3E)


def described(found: list[tuple[int, bytes]], text: str) -> tuple[Project, dict[str, int]]:
    first = dict(reversed(found))
    kinds = {m[2]: Kind(m[1]) for m in re.finditer(r"^(Document|Module|Class)=(\w+)", text, re.M)}
    windows = dict(re.findall(r"^(\w+)=(.*?) ?\r?$", text.partition("[Workspace]")[2], re.M))
    modules, offsets = [], {}
    for number, payload in found:
        if number == 0x19:
            name = payload.decode()
        elif number == 0x31:
            offsets[name] = struct.unpack("<I", payload)[0]
        elif number == 0x2C:
            cookie = struct.unpack("<H", payload)[0]
        elif number == 0x2B:
            modules.append(Module(name, kinds[name], window=windows[name], cookie=cookie))
    version = struct.unpack("<IH", first[0x09])
    whole = Project(
        first[0x04].decode(),
        tuple(modules),
        references=(Reference("Office", ""),),
        code_page=struct.unpack("<H", first[0x03])[0],
        locale=struct.unpack("<I", first[0x02])[0],
        system=struct.unpack("<I", first[0x01])[0],
        compat=struct.unpack("<I", first[0x4A])[0],
        guid=re.search(r'ID="(.*?)"', text)[1],  # type: ignore[index]
        version=(version[0], version[1]),
        cookie=struct.unpack("<H", first[0x13])[0],
        constants=first[0x0C].decode(),
    )
    return whole, offsets
