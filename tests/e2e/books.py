"""Looking into highlighted workbooks: marked cells, notes, the sheet 审核结果; typing an explanation."""

from __future__ import annotations

import re
from html import escape
from io import BytesIO
from pathlib import Path

import openpyxl

from xlbudget.rules.record import column_letters
from xlbudget.workbook.book import read_book
from xlbudget.workbook.findings import RESULT_SHEET
from xlbudget.workbook.mark import own_sheet_rows
from xlbudget.workbook.package import Package

SIGNED = '"xlbudget.mark"<>'  # the always-true formula of our highlights
OWN_PART = "xl/worksheets/xlbudget1.xml"


def cells(data: bytes, sheets: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """Sheet → cell → formula or value, of the cells with content."""
    book = openpyxl.load_workbook(BytesIO(data))
    return {
        name: {c.coordinate: c.value for row in book[name].iter_rows() for c in row if c.value is not None}
        for name in sheets
    }


def values(data: bytes, sheet: str) -> dict[str, object]:
    """Cell → value as cached."""
    page = openpyxl.load_workbook(BytesIO(data), data_only=True)[sheet]
    return {c.coordinate: c.value for row in page.iter_rows() for c in row if c.value is not None}


def coloured(data: bytes, sheet: str) -> set[str]:
    """Cells that carry one of our fills, every cell of a merged one."""
    page = openpyxl.load_workbook(BytesIO(data))[sheet]
    out: set[str] = set()
    for ranges in page.conditional_formatting:
        if any(f.startswith(SIGNED) for rule in ranges.rules for f in rule.formula):
            out |= {f"{column_letters(c)}{r}" for area in ranges.sqref.ranges for r, c in area.cells}
    return out


def notes(data: bytes, sheet: str) -> dict[str, str]:
    """Cell → our note."""
    page = openpyxl.load_workbook(BytesIO(data))[sheet]
    return {c.coordinate: c.comment.text for row in page.iter_rows() for c in row if c.comment is not None}


def result_rows(data: bytes) -> dict[str, dict[str, str]]:
    """Fingerprint → row of 审核结果 by its captions."""
    head: list[str] = []
    out: dict[str, dict[str, str]] = {}
    for row in own_sheet_rows(Package.open(data), RESULT_SHEET):
        if "标识" in row:
            head = list(row)
        elif head and row[head.index("标识")]:
            found = dict(zip(head, row, strict=True))
            out[found["标识"]] = found
    return out


def explained(data: bytes, fingerprint: str, text: str) -> bytes:
    """The workbook with an explanation typed beside a finding, as bytes in the sheet's XML."""
    package = Package.open(data)
    xml = (package.get(OWN_PART) or b"").decode()
    cell = re.search(rf'<c r="L(\d+)"( s="\d+")/>(?=<c r="M\1"[^>]*><is><t[^>]*>{fingerprint}<)', xml)
    assert cell is not None, fingerprint
    typed = f'<c r="L{cell[1]}"{cell[2]} t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    package.put(OWN_PART, (xml[: cell.start()] + typed + xml[cell.end() :]).encode())
    return package.save()


def explained_in_excel(path: Path, fingerprint: str, text: str) -> None:
    """The same, saved again by another program."""
    book = openpyxl.load_workbook(path)
    page = book[RESULT_SHEET]
    row = next(r for r in page.iter_rows() if r[12].value == fingerprint)
    row[11].value = text
    book.save(path)


def typed(data: bytes, numbers: dict[tuple[str, str], str]) -> bytes:
    """The workbook with numbers typed over, or cached results renewed: sheet and cell → number."""
    package = Package.open(data)
    parts = {s.name: s.part for s in read_book(data).sheets}
    for (sheet, ref), number in numbers.items():
        xml = package.get(parts[sheet]) or b""
        cell = rb'(<c r="%s"[^>]*>(?:<f>[^<]*</f>)?<v>)[^<]*' % ref.encode()
        new, count = re.subn(cell, rb"\g<1>%s" % number.encode(), xml, count=1)
        assert count == 1, ref
        package.put(parts[sheet], new)
    return package.save()
