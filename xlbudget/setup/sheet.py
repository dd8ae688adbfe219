"""The settings that a person filled in on the add-in's own sheet.

The button 设置 saves them in the add-in itself, which the next installation replaces: they are read before.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

KEYS = ("transport", "service", "token", "pack", "source", "python")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"  # its only sheet
_LARGEST = 4_000_000  # bytes of a part


def sheet_settings(addin: Path) -> dict[str, str]:
    """Key → what stands beside it (columns A and B); nothing when there is no add-in that can be read."""
    try:
        with zipfile.ZipFile(addin) as opened:
            sheet = _part(opened, _SHEET)
            strings = _part(opened, _STRINGS) if _STRINGS in opened.namelist() else None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError):
        return {}
    texts = [_text(item) for item in strings.iter(f"{_MAIN}si")] if strings is not None else []
    cells = {cell.get("r", ""): _content(cell, texts) for cell in sheet.iter(f"{_MAIN}c")}
    found: dict[str, str] = {}
    for ref, key in cells.items():
        value = cells.get(f"B{ref[1:]}", "") if re.fullmatch(r"A\d+", ref) else ""
        if value and key.lower() in KEYS:
            found[key.lower()] = value
    return found


def _part(opened: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if opened.getinfo(name).file_size > _LARGEST:
        raise ValueError(name)
    return ElementTree.fromstring(opened.read(name))


def _content(cell: ElementTree.Element, texts: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell).strip()
    value = (cell.findtext(f"{_MAIN}v") or "").strip()
    if cell.get("t") != "s":
        return value
    return texts[int(value)].strip() if value.isdigit() and int(value) < len(texts) else ""


def _text(item: ElementTree.Element) -> str:
    """Plain or rich text, without the phonetic reading that East Asian editions of Excel add."""
    runs = [
        *item.findall(f"{_MAIN}t"),
        *item.findall(f"{_MAIN}r/{_MAIN}t"),
        *item.findall(f"{_MAIN}is//{_MAIN}t"),
    ]
    return "".join(run.text or "" for run in runs)
