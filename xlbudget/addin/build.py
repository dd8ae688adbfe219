"""The Excel add-in ``xlbudget.xlam``, built from text alone: no Office, no template, equal bytes every time.

vba/*.bas, *.cls ┐
XbFunctions      ├─► ASCII ─► lint ─► vbaProject.bin ─┐
xlwings.bas      ┘                                    ├─► workbook
ribbon/customUI14.xml ────────────────────────────────┘
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from xlbudget import __version__

from . import lint, package, ribbon, xlwingsbas
from .errors import AddinError
from .lint import Source
from .ovba import vba_project
from .project import BASES, Kind, Module, Project, stored_text
from .vbatext import ascii_vba

PROJECT = "XlBudget"
"""The name of the VBA project; in LibreOffice, the Basic library of the document."""

_DOCUMENTS = {package.BOOK_CODE_NAME: BASES["workbook"], package.SHEET_CODE_NAME: BASES["sheet"]}
_CLASS_HEAD = "VERSION 1.0 CLASS"
_VERSION = re.compile(r'^(\s*Public Const XB_VERSION As String = )"[^"]*"', re.M)


def build_addin(kind: str = "xlam", replace: Mapping[str, str] | None = None) -> bytes:
    """The add-in; ``kind`` "xlsm" gives the same as a document, whose macros LibreOffice runs.

    ``replace`` maps names of modules to VBA text, for tests: it takes the place of a module or adds one
    (a class when it begins with ``VERSION 1.0 CLASS``). Raises :class:`AddinError`, whose Chinese text names
    the module and the line, when something in the texts is wrong or missing.
    """
    return assemble(kind, all_texts(replace or {}), _own_folder("ribbon", "customUI14.xml").read_bytes())


def assemble(kind: str, texts: Mapping[str, str], customui: bytes) -> bytes:
    """The add-in of exactly these modules and this ribbon; see :func:`build_addin`."""
    sources = sources_of(texts)
    ui = ribbon.read(customui)
    wrong = lint.problems(sources, ui)
    if wrong:
        raise AddinError("加载项没有生成：\n" + "\n".join(wrong))
    vba = vba_project(project_of(_with_version(sources)))
    return package.package(kind, vba, package.Ribbon(customui, ribbon.for_2007(ui)), __version__)


def all_texts(replace: Mapping[str, str]) -> dict[str, str]:
    """The texts of all modules by name: ours, those of ``replace``, the generated one, and xlwings'."""
    texts = own_texts() | dict(replace)
    if xlwingsbas.MODULE not in texts:
        texts[xlwingsbas.MODULE] = xlwingsbas.module_text()
    if lint.FUNCTIONS not in texts:
        texts[lint.FUNCTIONS] = _functions()
    return texts


def sources_of(texts: Mapping[str, str]) -> list[Source]:
    """The modules in ASCII: Excel's own objects, which have one even without code, then the rest by name."""
    given = dict.fromkeys(_DOCUMENTS, "Option Explicit\n") | dict(texts)
    rest = sorted(set(given) - set(_DOCUMENTS), key=str.lower)
    return [_source(name, given[name]) for name in (*_DOCUMENTS, *rest)]


def project_of(sources: Sequence[Source]) -> Project:
    modules = (
        Module(s.name, s.kind, stored_text(s.name, s.kind, s.text, _DOCUMENTS.get(s.name, BASES["class"])))
        for s in sources
    )
    return Project(PROJECT, tuple(modules))


def own_texts() -> dict[str, str]:
    """The texts of the modules that come with xlbudget, by name."""
    found = {}
    for path in _own_folder("vba").iterdir():
        if path.suffix in (".bas", ".cls"):
            found[path.stem] = text = path.read_text(encoding="utf-8")
            if (path.suffix == ".cls") != text.startswith(_CLASS_HEAD):
                raise AddinError(
                    f"{path.name}：类模块要以 {_CLASS_HEAD} 开头，后缀为 .cls；其他模块后缀为 .bas"
                )
    return found


def _own_folder(*names: str) -> Path:
    path = Path(str(resources.files(__package__))).joinpath(*names)
    if not path.exists():
        raise AddinError(f"xlbudget 没有装完整，缺少 addin/{'/'.join(names)}")
    return path


def _functions() -> str:
    try:
        made: str = importlib.import_module("xlbudget_udfs.vba").module_text()
    except ModuleNotFoundError as e:
        if not (e.name or "").startswith("xlbudget_udfs"):
            raise
        raise AddinError("没有装 xlbudget_udfs，表格函数的 VBA 模块生成不了") from e
    return made


def _source(name: str, text: str) -> Source:
    if name in _DOCUMENTS:
        kind = Kind.DOCUMENT
    else:
        kind = Kind.CLASS if text.lstrip("\ufeff").startswith(_CLASS_HEAD) else Kind.STANDARD
    own = re.search(r'^Attribute VB_Name = "(.*?)"', text, re.M)
    if own and own[1] != name:
        raise AddinError(f"模块 {name} 里写的名称是 {own[1]}")
    return Source(name, kind, ascii_vba(text, f"模块 {name}"))


def _with_version(sources: Sequence[Source]) -> list[Source]:
    """The constant XB_VERSION, which one module has to declare, says the version of this package."""
    places = [s.name for s in sources for _ in _VERSION.findall(s.text)]
    if len(places) != 1:
        found = "、".join(places) or "没有"
        raise AddinError(f"应有且只有一个模块写着 Public Const XB_VERSION As String，现在：{found}")
    return [s._replace(text=_VERSION.sub(rf'\g<1>"{__version__}"', s.text)) for s in sources]
