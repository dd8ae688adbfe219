"""The finished file: its parts, what Excel looks for in them, and that it is always the same."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from oletools.olevba import VBA_Parser

from tests.addin import small
from tests.addin.cfbcheck import Compound
from xlbudget import __version__
from xlbudget.addin import AddinError, build_addin, xlwingsbas
from xlbudget.addin.build import all_texts, assemble
from xlbudget.addin.compress import decompress
from xlbudget.addin.package import SETTINGS
from xlbudget.addin.ribbon import NEW, OLD
from xlbudget.addin.scan import procedures

ROOT = Path(__file__).resolve().parents[2]
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@pytest.fixture(scope="module")
def addin() -> bytes:
    return build_addin()


@pytest.fixture(scope="module")
def parts(addin: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(addin)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def modules(vba: bytes) -> dict[str, str]:
    """The text of each module as stored, read by our own strict reader."""
    streams = Compound(vba).streams
    inside = {name.removeprefix("VBA/"): data for name, data in streams.items() if name.startswith("VBA/")}
    return {n: decompress(d).decode("ascii") for n, d in inside.items() if n not in ("dir", "_VBA_PROJECT")}


def test_every_module_is_in_it(parts: dict[str, bytes]) -> None:
    found = modules(parts["xl/vbaProject.bin"])
    assert set(found) == {"ThisWorkbook", "Settings", *all_texts({})}
    for name, text in found.items():
        assert text.startswith(f'Attribute VB_Name = "{name}"\r\n')
        assert "Option Explicit" in text
        assert text.count("\n") == text.count("\r\n")


def test_the_procedures_are_those_of_the_sources(parts: dict[str, bytes]) -> None:
    found = modules(parts["xl/vbaProject.bin"])
    for name, text in all_texts({}).items():
        expected = [(p.name, p.kind, p.public, p.parameters) for p in procedures(text)]
        assert [(p.name, p.kind, p.public, p.parameters) for p in procedures(found[name])] == expected


def test_versions(parts: dict[str, bytes]) -> None:
    found = modules(parts["xl/vbaProject.bin"])
    said = f'Public Const XB_VERSION As String = "{__version__}"'
    assert [name for name, text in found.items() if said in text] == ["XbText"]
    assert f'Public Const XLWINGS_VERSION As String = "{xlwingsbas.VERSION}"' in found["xlwings"]
    assert f"xlwings64-{xlwingsbas.VERSION}.dll" in found["xlwings"]
    assert f"<cp:version>{__version__}</cp:version>".encode() in parts["docProps/core.xml"]


def test_content_types(parts: dict[str, bytes]) -> None:
    tree = ElementTree.fromstring(parts["[Content_Types].xml"])
    given = {e.get("PartName") or e.get("Extension"): e.get("ContentType") for e in tree}
    assert given["/xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert given["bin"] == "application/vnd.ms-office.vbaProject"
    for name in parts:
        assert "/" + name in given or name.rpartition(".")[2] in given, name


def test_relationships_lead_somewhere(parts: dict[str, bytes]) -> None:
    for rels, base in (("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl/")):
        links = list(ElementTree.fromstring(parts[rels]).iter(RELATIONS))
        assert len({link.get("Id") for link in links}) == len(links)
        assert all(base + str(link.get("Target")) in parts for link in links)
    types = {link.get("Target"): link.get("Type") for link in links}
    assert types["vbaProject.bin"] == "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    roots = {e.get("Target"): e.get("Type") for e in ElementTree.fromstring(parts["_rels/.rels"])}
    office = "http://schemas.microsoft.com/office"
    assert roots["customUI/customUI14.xml"] == f"{office}/2007/relationships/ui/extensibility"
    assert roots["customUI/customUI.xml"] == f"{office}/2006/relationships/ui/extensibility"


def test_code_names_are_those_of_the_document_modules(parts: dict[str, bytes]) -> None:
    assert b'<workbookPr codeName="ThisWorkbook"/>' in parts["xl/workbook.xml"]
    assert b'<sheetPr codeName="Settings"/>' in parts["xl/worksheets/sheet1.xml"]
    project = Compound(parts["xl/vbaProject.bin"]).streams["PROJECT"].decode()
    assert "Document=ThisWorkbook/&H00000000\r\nDocument=Settings/&H00000000\r\n" in project


def test_two_ribbons_that_say_the_same(parts: dict[str, bytes]) -> None:
    new, old = (ElementTree.fromstring(parts[f"customUI/customUI{n}.xml"]) for n in ("14", ""))
    told = [[(e.tag.partition("}")[2], e.attrib) for e in root.iter()] for root in (new, old)]
    assert told[0] == told[1]
    assert {e.tag.partition("}")[0] for e in new.iter()} == {"{" + NEW}
    assert {e.tag.partition("}")[0] for e in old.iter()} == {"{" + OLD}
    assert b"ns0:" not in parts["customUI/customUI.xml"]


def test_settings_sheet(parts: dict[str, bytes]) -> None:
    """Keys, blank cells in text format, what each means. (openpyxl opens no .xlam.)"""
    document = build_addin("xlsm")
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        same = {name for name, data in parts.items() if archive.read(name) == data}
    assert set(parts) - same == {"[Content_Types].xml", "xl/workbook.xml"}
    assert b'<workbookView visibility="hidden" ' in parts["xl/workbook.xml"]
    book = openpyxl.load_workbook(io.BytesIO(document))
    assert book.views[0].visibility == "visible"
    assert book.sheetnames == ["设置"]
    rows = list(book["设置"].iter_rows())
    assert [cell.value for cell in rows[0]] == ["项目", "内容", "说明"]
    assert [row[0].value for row in rows[1:]] == ["transport", "service", "token", "pack", "source", "python"]
    assert [row[2].value for row in rows[1:]] == [s.meaning for s in SETTINGS]
    assert {(row[1].value, row[1].number_format) for row in rows[1:]} == {(None, "@")}
    assert {row[0].number_format for row in rows[1:]} == {"@"}


# ---- always the same bytes ----


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_same_bytes_in_another_process(addin: bytes, seed: str) -> None:
    code = "import sys; from xlbudget.addin import build_addin; sys.stdout.buffer.write(build_addin())"
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths, "TZ": "Asia/Shanghai"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout == addin


def test_xlwings_is_not_imported() -> None:
    code = (
        "import sys; from xlbudget.addin import build_addin; build_addin();"
        "sys.exit(' '.join(m for m in sys.modules if m.startswith('xlwings')))"
    )
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert done.stderr == b"\n"


def test_nothing_of_this_machine_is_in_it(parts: dict[str, bytes], addin: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(addin)) as archive:
        infos = archive.infolist()
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {info.create_system for info in infos} == {0}
    everything = b"".join(parts.values()) + "".join(modules(parts["xl/vbaProject.bin"]).values()).encode()
    assert str(ROOT).encode() not in everything
    assert str(Path.home()).encode() + b"/" not in everything


# ---- doubles, and what is missing ----


def test_replaced_and_added_modules() -> None:
    double = 'Attribute VB_Name = "XbHost"\nOption Explicit\n'
    found = [*procedures(all_texts({})["XbHost"])]
    double += "".join(f"Public Sub {p.name}()\nEnd Sub\n" for p in found if p.public)
    data = build_addin("xlsm", {"XbHost": double, "ZzMore": "Option Explicit\n", "ZzRow": small.ROW_CLS})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = modules(archive.read("xl/vbaProject.bin"))
        project = Compound(archive.read("xl/vbaProject.bin")).streams["PROJECT"].decode()
    assert inside["XbHost"] == double.replace("\n", "\r\n")
    assert "Module=ZzMore\r\n" in project
    assert "Class=ZzRow\r\n" in project


def test_unknown_kind() -> None:
    with pytest.raises(AddinError, match="xlsx"):
        assemble("xlsx", small.MODULES, small.RIBBON_XML)


# ---- what scanners say ----

# Words that olevba lists, and why ours cannot do without: the text of xlwings' licence is among it.
EXPECTED = {
    "Binary": "the licence; bytes of job files",
    "Call": "a function by its name",
    "Chr": "quotes on the command line",
    "ChrW": "Chinese on any code page",
    "Create": "objects of Windows",
    "CreateObject": "objects of Windows",
    "Environ": "%TEMP% and %LOCALAPPDATA%",
    "Exec": "xlwings: a button in Python",
    "Kill": "files of old jobs, in our own folder",
    "Lib": "xlwings' DLL",
    "MkDir": "folders of jobs",
    "MoveFile": "a finished file to its place",
    "Open": "job files",
    "Put": "job files",
    "Run": "name of procedures of ours",
    "Shell": "WScript.Shell",
    "WScript.Shell": "message boxes with all characters",
    "Windows": "Excel's collection of windows",
    "Write": "job files",
    "WriteText": "name of a procedure of ours",
    "vbNormal": "listing a folder",
    "Hex Strings": "olevba's guess at names",
    "Base64 Strings": "olevba's guess at names",
}


def test_what_scanners_find(addin: bytes) -> None:
    """Nothing runs by itself, and no suspicious word is new."""
    parser = VBA_Parser("xlbudget.xlam", data=addin)
    found = parser.analyze_macros()
    parser.close()
    assert "pcodedmp" not in sys.modules  # GPL, and installed with oletools
    assert [word for kind, word, _ in found if kind == "AutoExec"] == []
    known = {word.lower() for word in EXPECTED}
    assert [word for kind, word, _ in found if kind == "Suspicious" and word.lower() not in known] == []
    started = {word for kind, word, _ in found if kind == "IOC" and word.endswith((".exe", ".dll"))}
    assert started <= {"cmd.exe", "pythonw.exe", "8.dll"}
