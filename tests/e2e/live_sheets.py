"""Workbooks in which every live formula stands in spare cells as well, so that an office can compute it.

A conditional format's formula is written for the first cell that it covers. Here it becomes a shared formula
in a spare column beside those rows: the office itself moves its references from row to row, as it does for
the format. Each cell answers 7 where the format applies and 8 where it does not.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.office import ErrorCell
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.record import FormRecord, Place, Record, column_letters
from xlbudget.workbook.book import RawBook, RawCell, read_book
from xlbudget.workbook.fill.cellxml import constant, escape
from xlbudget.workbook.fill.live import Live, live_formats
from xlbudget.workbook.fill.shape import Plan, Shape, shape_of

SPARE = 40  # the first column that no form uses
APPLIES, SILENT = 7.0, 8.0

Values = Mapping[str, Mapping[str, Any]]  # sheet → cell → content, as an office gives them
_LIVES: dict[tuple[str, Shape], list[Live]] = {}


@dataclass(frozen=True, slots=True)
class Probe:
    """One live format of one sheet, and the cells that compute it: row → reference."""

    sheet: str
    live: Live
    cells: Mapping[int, str]

    def applies(self, values: Values, row: int) -> bool:
        answer = values[self.sheet].get(self.cells[row])
        assert answer in (APPLIES, SILENT), (self.sheet, self.live, row, answer)
        return answer == APPLIES


def lives_of(pack: Pack, form: FormRecord) -> list[Live]:
    """The live formats of a form as filled."""
    layout = pack.form(form.form)
    shape = shape_of(layout, form)
    key = (pack.id, shape)
    if key not in _LIVES:
        _LIVES[key] = live_formats(Plan(layout, shape), pack.rules_of(layout.id), pack_program(pack))
    return _LIVES[key]


def probes_of(pack: Pack, form: FormRecord) -> list[Probe]:
    """One probe for each format; a format of rows is computed in each of its rows."""
    out = []
    for number, live in enumerate(lives_of(pack, form)):
        each = pack.rule_by_id[live.rule].each
        first, last = live.boxes[0].row, live.boxes[0].row2
        rows = range(first, last + 1) if each and "/" not in each else (first,)
        letters = column_letters(SPARE + number)
        out.append(Probe(form.sheet, live, {row: f"{letters}{row}" for row in rows}))
    return out


def with_probes(pack: Pack, record: Record, data: bytes) -> tuple[bytes, list[Probe]]:
    """The workbook with all its live formulas in spare cells."""
    every: list[Probe] = []
    changed: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for position, form in enumerate(record.forms, 1):
            part = f"xl/worksheets/sheet{position}.xml"
            probes = probes_of(pack, form)
            changed[part] = _beside(z.read(part), probes)
            every += probes
    return rewritten(data, changed), every


def _beside(xml: bytes, probes: Sequence[Probe]) -> bytes:
    rows: dict[int, list[bytes]] = {}
    for number, probe in enumerate(probes):
        refs = list(probe.cells.values())
        text = b"IF(%s,7,8)" % escape(probe.live.formula)
        for row, ref in probe.cells.items():
            head = b'<c r="%s"><f t="shared" si="%d"' % (ref.encode(), number)
            area = f"{refs[0]}:{refs[-1]}".encode()
            body = b' ref="%s">%s</f>' % (area, text) if ref == refs[0] else b"/>"
            rows.setdefault(row, []).append(head + body + b"</c>")
    return re.sub(
        rb'(<row r="(\d+)".*?)(</row>)',
        lambda m: m[1] + b"".join(rows.get(int(m[2]), ())) + m[3],
        xml,
        flags=re.S,
    )


def overwritten(data: bytes, sheets: Sequence[str], cells: Mapping[Place, Fraction | str | None]) -> bytes:
    """The workbook with constants in the place of formulas; None makes a cell blank."""
    changed: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for place, value in cells.items():
            part = f"xl/worksheets/sheet{sheets.index(place.sheet) + 1}.xml"
            xml = changed.get(part) or z.read(part)
            pattern = rb'(<c r="%s" s="\d+")[^>]*><f>.*?</c>' % place.ref.encode()
            found = re.search(pattern, xml, re.S)
            assert found, place
            changed[part] = xml[: found.start()] + found[1] + constant(value) + xml[found.end() :]
    return rewritten(data, changed)


def rewritten(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changed.get(name) or old.read(name))
    return out.getvalue()


def recalculated_book(data: bytes, values: Values) -> RawBook:
    """The workbook as our reader finds it after the office computed and saved it."""
    book = read_book(data)
    for sheet in book.sheets:
        for key, cell in sheet.cells.items():
            if cell.formula is not None:
                sheet.cells[key] = _with_result(
                    cell, values[sheet.name].get(f"{column_letters(cell.col)}{cell.row}")
                )
    return book


def _with_result(cell: RawCell, value: Any) -> RawCell:
    if isinstance(value, ErrorCell):
        return cell._replace(kind="error", value=str(value))
    if isinstance(value, str):
        return cell._replace(kind="text", value=value)
    assert isinstance(value, float), (cell, value)
    return cell._replace(kind="number", value=repr(value))
