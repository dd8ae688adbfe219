"""What a workbook file holds, as values that can be compared whatever program wrote it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field, fields
from typing import Any

import openpyxl

from xlbudget.workbook.mark.conditional import SIGNATURE

from .memory_sheet import plain
from .places import letters_of

OURS = "_xlbudget_"
_SEVERITY = re.compile(rf'"{re.escape(SIGNATURE)}"\s*<>\s*"(\w+)"')
_TEXT = re.compile(r'("(?:[^"]|"")*")')


@dataclass(slots=True)
class Contents:
    """``cells``: sheet → cell → ``=formula``, number, text …; ``marked``: sheet → severity → its cells."""

    sheets: list[str] = field(default_factory=list)
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    formats: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    marked: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    merges: dict[str, set[str]] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)


def contents(data: bytes) -> Contents:
    """The contents of a workbook. Sheets without notes or marks are left out of these."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    out = Contents(book.sheetnames)
    scopes = [("", book.defined_names), *((page.title, page.defined_names) for page in book)]
    for scope, names in scopes:
        out.names |= {(scope, n): _target(d.attr_text) for n, d in names.items() if n.startswith(OURS)}
    for page in book:
        title = page.title
        cells = [c for row in page.iter_rows() for c in row]
        out.cells[title] = {c.coordinate: _content(c) for c in cells if c.value not in (None, "")}
        filled = [c for c in cells if c.value not in (None, "")]
        out.formats[title] = {c.coordinate: f for c in filled if (f := _format(c.number_format)) != "General"}
        notes = {c.coordinate: c.comment.text.replace("\r\n", "\n") for c in cells if c.comment is not None}
        if notes:
            out.notes[title] = notes
        marked = _marked(page)
        if marked:
            out.marked[title] = marked
        out.merges[title] = {str(m) for m in page.merged_cells.ranges}
        if page.print_area:
            out.printed[title] = page.print_area.replace("$", "")
    return out


def differences(one: Contents, other: Contents) -> list[str]:
    """What differs, one line each; [] when nothing does."""
    out: list[str] = []
    for f in fields(Contents):
        out += _differ(f.name, getattr(one, f.name), getattr(other, f.name))
    return out


def _differ(where: str, a: Any, b: Any) -> list[str]:
    if a == b:
        return []
    if isinstance(a, dict) and isinstance(b, dict):
        keys = sorted(a.keys() | b.keys(), key=str)
        return [line for k in keys for line in _differ(f"{where} {k}", a.get(k), b.get(k))]
    return [f"{where}: {a!r} | {b!r}"]


def _content(cell: Any) -> Any:
    if cell.data_type == "f":
        return _formula(str(getattr(cell.value, "text", cell.value)))
    value = plain(cell.value)
    return float(f"{value:.15g}") if isinstance(value, float) else value


def _formula(text: str) -> str:
    """A formula without what programs write differently: blanks, quotes around sheets, unknown functions."""
    parts = _TEXT.split(text)
    parts[::2] = [re.sub(r"\s|'|\$(?=[A-Z]+\$?\d)", "", p).upper() for p in parts[::2]]
    return "".join(parts)


def _format(code: str) -> str:
    """A number format without the language that LibreOffice writes before it, and its way of quoting."""
    return re.sub(r'^\[\$-\w+\]|["\\]', "", code)


def _target(text: str) -> str:
    return _formula(text.removeprefix("="))


def _marked(page: Any) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for areas in page.conditional_formatting:
        for rule in areas.rules:
            found = _SEVERITY.search(rule.formula[0]) if rule.formula else None
            if found:
                cells = {f"{letters_of(c)}{r}" for a in areas.sqref.ranges for r, c in a.cells}
                out.setdefault(found[1], set()).update(cells)
    return out
