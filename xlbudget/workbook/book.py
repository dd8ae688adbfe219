"""Reading a workbook: every cell with its exact content, names, merges and properties.

No meaning is given to anything here; :mod:`.read` turns a :class:`RawBook` into a record.
"""

from __future__ import annotations

import os
import struct
import zlib
from typing import Final
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from .cellread import Workshop
from .errors import refusal
from .guard import check_file, main_part
from .limits import DEFAULT, Limits
from .markup import MAIN
from .numformats import number_formats
from .package import Package, Relationship
from .raw import RawBook, RawCell, RawName, RawSheet
from .sheetread import read_sheet
from .strings import shared_strings
from .xmltext import TRUE, local, tree

__all__ = ["RawBook", "RawCell", "RawName", "RawSheet", "read_book"]

_ID: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
# What a file with contradictions that no check foresaw may raise out of the parsers.
_SURPRISES: Final = (
    ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError,
    ExpatError, ET.ParseError, RecursionError, struct.error, zlib.error,
)  # fmt: skip


def read_book(source: str | os.PathLike[str] | bytes | Package, limits: Limits = DEFAULT) -> RawBook:
    """Read a workbook from a path, from its bytes, or as a package that passed the guard already.

    Raises :class:`WorkbookRefused`, and nothing else, when it cannot be read or must not be. Formulas
    are never calculated, links to other files never followed, macros never run.
    """
    try:
        package = source if isinstance(source, Package) else check_file(source, limits)
        return _read(package, limits)
    except _SURPRISES as error:
        raise refusal("inconsistent") from error


def _read(package: Package, limits: Limits) -> RawBook:
    main = main_part(package)
    root = tree(package.get(main) or b"", main)
    if local(root.tag) != "workbook" or root.tag[1:].partition("}")[0] not in MAIN:
        raise refusal("no-workbook")
    links = package.rels(main)
    shop = Workshop.of(
        shared_strings(*found, limits) if (found := _linked(package, links, "sharedStrings")) else [],
        number_formats(*found) if (found := _linked(package, links, "styles")) else [],
        limits,
    )
    tabs = _tabs(root, limits)
    sheets = _sheets(package, tabs, links, shop)
    if not sheets:
        raise refusal("no-sheets")
    date1904 = any(e.get("date1904") in TRUE for e in root if local(e.tag) == "workbookPr")
    return RawBook(
        sheets,
        _names(root, [tab.get("name", "") for tab in tabs], limits),
        _properties(package),
        package,
        date1904,
        main,
        macros=any(link.type == "vbaProject" for link in links),
        signed=any(link.full_type.endswith("/digital-signature/origin") for link in package.rels()),
    )


def _linked(package: Package, links: list[Relationship], kind: str) -> tuple[bytes, str] | None:
    """Content and name of the first part linked as ``kind``."""
    for link in links:
        content = package.get(link.part) if link.type == kind and link.part else None
        if content is not None:
            return content, link.part
    return None


def _tabs(root: ET.Element, limits: Limits) -> list[ET.Element]:
    """The entries of all sheets in the order of their tabs, chart sheets included."""
    tabs = [e for group in root if local(group.tag) == "sheets" for e in group if local(e.tag) == "sheet"]
    if len(tabs) > limits.sheets:
        raise refusal("too-many-sheets", count=len(tabs), limit=limits.sheets)
    return tabs


def _sheets(
    package: Package, tabs: list[ET.Element], links: list[Relationship], shop: Workshop
) -> list[RawSheet]:
    by_id = {link.id: link for link in links}
    sheets: list[RawSheet] = []
    seen: set[str] = set()
    for tab in tabs:
        name = tab.get("name", "")
        link = by_id.get(tab.get(_ID[0]) or tab.get(_ID[1]) or "")
        if link is None or link.part not in package:
            raise refusal("sheet-missing", sheet=name)
        if link.type != "worksheet":
            continue  # a chart or dialog sheet: no cells
        if name.lower() in seen:
            raise refusal("sheet-twice", sheet=name)
        if link.part in seen:  # part names have a dot and a slash, sheet names no slash
            raise refusal("inconsistent")
        seen |= {name.lower(), link.part}
        sheet = RawSheet(name, link.part, tab.get("state", "visible"), {}, [], False)
        read_sheet(package, sheet, shop)
        sheets.append(sheet)
    return sheets


def _names(root: ET.Element, tabs: list[str], limits: Limits) -> list[RawName]:
    entries = [e for group in root if local(group.tag) == "definedNames" for e in group]
    if len(entries) > limits.names:
        raise refusal("too-many-names", count=len(entries), limit=limits.names)
    names = []
    for entry in entries:
        index = entry.get("localSheetId", "")
        where = tabs[int(index)] if index.isdigit() and int(index) < len(tabs) else None
        if index and where is None:
            continue  # local to a sheet that is not there
        hidden = entry.get("hidden") in TRUE
        names.append(RawName(entry.get("name", ""), where, "".join(entry.itertext()), hidden))
    return names


def _properties(package: Package) -> dict[str, str]:
    """Custom document properties, each value as its text."""
    found = _linked(package, package.rels(), "custom-properties")
    if found is None:
        return {}
    return {e.get("name", ""): "".join(e.itertext()).strip() for e in tree(*found) if e.get("name")}
