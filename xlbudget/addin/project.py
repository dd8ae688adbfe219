"""A VBA project as a value: modules, references, and what the project file says about itself."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import AddinError


class Kind(StrEnum):
    """What a module is; the value is the word of the PROJECT stream ([MS-OVBA] 2.3.1.3)."""

    DOCUMENT = "Document"
    STANDARD = "Module"
    CLASS = "Class"


BASES = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
    "class": "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
}
"""VB_Base of the modules that are classes: Excel's workbook, its worksheet, any other class."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module; ``text`` is what is stored, with its ``Attribute`` lines, ASCII, lines ending in CRLF."""

    name: str
    kind: Kind
    text: str = ""
    window: str = "0, 0, 0, 0, C"  # its line in [Workspace]: a closed window
    cookie: int = 0xFFFF
    private: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A type library ([MS-OVBA] 2.1.1.8). Windows finds it by the GUID; the path is only a hint."""

    name: str
    libid: str


LIBRARIES = (
    Reference(
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    ),
    Reference(
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
        r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)
"""What every project of Excel refers to besides VBA and Excel themselves, which are not listed."""


@dataclass(frozen=True, slots=True)
class Project:
    name: str
    modules: tuple[Module, ...]
    references: tuple[Reference, ...] = LIBRARIES
    code_page: int = 936  # for whoever edits the project later; what is written is ASCII
    locale: int = 0x0409
    system: int = 3  # 64-bit Windows
    compat: int | None = None
    guid: str = ""
    version: tuple[int, int] = (1, 1)
    cookie: int = 0xFFFF
    constants: str = ""
    seeds: tuple[int, int, int] = field(default=(0x40, 0x48, 0x50))  # of the three encrypted fields

    def __post_init__(self) -> None:
        names = [self.name, *(m.name for m in self.modules)]
        for name in names:
            if not re.fullmatch(r"[A-Za-z]\w{0,30}", name, re.ASCII):
                raise AddinError(f"VBA 里不能用这个名称：{name}（要 ASCII 字母开头，最多 31 个字符）")
        lower = [name.lower() for name in names]
        twice = sorted({name for name in lower if lower.count(name) > 1})
        if twice:
            raise AddinError(f"VBA 模块重名（工程的名称也算）：{'、'.join(twice)}")

    @property
    def id(self) -> str:
        """The project's GUID; made from the name when none is given, so that it never changes."""
        return self.guid or f"{{{str(uuid.uuid5(uuid.NAMESPACE_URL, 'vba:' + self.name)).upper()}}}"


def stored_text(name: str, kind: Kind, text: str, base: str = BASES["class"]) -> str:
    """The text of an exported .bas or .cls file as a project stores it ([MS-OVBA] 2.3.4.3).

    The head of a .cls file goes; the attributes are put in order and completed.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"\AVERSION 1\.0 CLASS\nBEGIN\n.*?\nEND\n", "", text, flags=re.S | re.I)
    given: dict[str, str] = {}
    lines = text.split("\n")
    while lines and (found := re.fullmatch(r"Attribute (VB_\w+) = (.*?)\s*", lines[0])):
        given[found[1]] = found[2]
        del lines[0]
    head = {"VB_Name": f'"{name}"'}
    if kind is not Kind.STANDARD:
        document = str(kind is Kind.DOCUMENT)
        head |= {
            "VB_Base": f'"{base}"',
            "VB_GlobalNameSpace": "False",
            "VB_Creatable": "False",
            "VB_PredeclaredId": document,
            "VB_Exposed": document,
            "VB_TemplateDerived": "False",
            "VB_Customizable": document,
        }
        head |= {key: value for key, value in given.items() if key in head and key != "VB_Name"}
    attributes = [f"Attribute {key} = {value}" for key, value in head.items()]
    return "\r\n".join([*attributes, *lines]).rstrip("\r\n") + "\r\n"
