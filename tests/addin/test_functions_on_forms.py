"""The worksheet functions in the cells where they are used: 评分底稿 of every form there is, recalculated."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.e2e.native_cases import case
from xlbudget.addin.build import build_addin
from xlbudget.filling import fill_workbook
from xlbudget.packs import load_pack
from xlbudget.workbook.papers import PAPERS_SHEET
from xlbudget.workbook.papers_lines import HINT

from .host import DOUBLES, Host
from .test_ribbon import PACKS
from .test_ribbon_transports import Service, choose, service

__all__ = ["service"]

pytestmark = pytest.mark.office

MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PROJECT = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"


def with_macros(data: bytes) -> bytes:
    """The workbook with the add-in's VBA in it: LibreOffice finds functions in the document alone."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        parts = {name: z.read(name) for name in z.namelist()}
    addin = zipfile.ZipFile(io.BytesIO(build_addin("xlsm", DOUBLES)))
    parts["xl/vbaProject.bin"] = addin.read("xl/vbaProject.bin")
    types, rels = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    parts[types] = re.sub(
        rb'(PartName="/xl/workbook.xml" ContentType=")[^"]*', rb"\1" + MACROS.encode(), parts[types]
    )
    kind = "application/vnd.ms-office.vbaProject"
    entry = f'<Override PartName="/xl/vbaProject.bin" ContentType="{kind}"/></Types>'
    parts[types] = parts[types].replace(b"</Types>", entry.encode())
    entry = f'<Relationship Id="rIdVba" Type="{PROJECT}" Target="vbaProject.bin"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", entry.encode())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, content in parts.items():
            z.writestr(name, content)
    return out.getvalue()


def held(cell: Any) -> Any:
    """What a cell shows: a number, or its text."""
    return round(cell.Value, 6) if cell.FormulaResultType2 == 1 and not cell.getError() else cell.String


@pytest.mark.parametrize("pack", PACKS)
def test_the_working_paper_recalculates(host: Host, service: Service, pack: str, tmp_path: Path) -> None:
    """Every formula with a function of ours gives in LibreOffice what Python stored as its result."""
    filled = fill_workbook("表.xlsx", case(load_pack(pack), 0).data).package.save()
    formulas = openpyxl.load_workbook(io.BytesIO(filled))[PAPERS_SHEET]
    stored = openpyxl.load_workbook(io.BytesIO(filled), data_only=True)[PAPERS_SHEET]
    wanted = {
        c.coordinate: stored[c.coordinate].value
        for row in formulas.iter_rows()
        for c in row
        if isinstance(c.value, str) and c.value.startswith("=") and "XB_" in c.value
    }
    assert len(wanted) > 5
    path = tmp_path / "表.xlsm"
    path.write_bytes(with_macros(filled))
    choose(host, "T3", service)
    sheet = host.open(path).Sheets.getByName(PAPERS_SHEET)
    found = {ref: held(sheet.getCellRangeByName(ref)) for ref in wanted}
    assert HINT not in found.values()
    assert found == {r: round(v, 6) if isinstance(v, int | float) else v or "" for r, v in wanted.items()}
