"""S2 as a workbook: Excel would compute what the audit computes, and what was written is read back."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.office import Office
from xlbudget.packs import Pack, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.workbook.book import read_book
from xlbudget.workbook.fill import blank, fill
from xlbudget.workbook.read import detect_pack, read_record

from .records_made import told
from .s2_made import AS_PUBLISHED, CLAIMED, CORRECTED, audited, base, record, score

LONGEST = 8192  # characters of a formula


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("S2-HN")


def written(pack: Pack, fields: dict[str, str]) -> bytes:
    whole = record(pack, base(fields, pack), score(CLAIMED, pack, {"报告得分": "98"}))
    return fill(pack, whole, derive(pack_program(pack), whole))


def without_names(data: bytes) -> bytes:
    """The workbook as another program would make it: no defined names, no signature."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                part = re.sub(rb"<definedNames>.*</definedNames>", b"", part, flags=re.S)
            if name == "docProps/custom.xml":
                part = re.sub(rb"S2-HN@[\d.]+", b"", part)
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("named", [True, False])
def test_read_back_with_and_without_names(pack: Pack, named: bool) -> None:
    data = written(pack, AS_PUBLISHED)
    book = read_book(data if named else without_names(data))
    assert detect_pack(book).pack.id == "S2-HN"
    found, report = read_record(book, pack)
    assert (found.unit, found.year) == ("示例办事处", 2022)
    assert [f.rows for f in report.forms] == [{"项目支出": 1}, {"指标": 16}]
    told_before = told(audited(pack, base(AS_PUBLISHED, pack), score(CLAIMED, pack)).findings)
    assert told(audit(pack_program(pack), found).findings) == told_before


@pytest.mark.parametrize("name", ["S2-HN", "S2-HN15", "S2-HNC8", "S2-YY"])
def test_a_blank_form_says_nothing_wrong(name: str) -> None:
    of = load_pack(name)
    found = read_record(read_book(blank(of)), of)[0]
    assert told(audit(pack_program(of), found).findings) == []


@pytest.mark.parametrize("fields", [{}, AS_PUBLISHED, CORRECTED], ids=["blank", "published", "corrected"])
def test_native_formulas_give_what_the_audit_gives(
    office: Office, pack: Pack, tmp_path: Path, fields: dict[str, str]
) -> None:
    path = tmp_path / "s2.xlsx"
    path.write_bytes(written(pack, fields))
    computed = office.recalculated(path)
    formulas, shown = (openpyxl.load_workbook(path, data_only=only) for only in (False, True))
    count = 0
    for sheet in formulas:
        for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
            assert len(cell.value) < LONGEST
            cached = shown[sheet.title][cell.coordinate].value
            found = computed[sheet.title].get(cell.coordinate, "")
            expected = pytest.approx(cached) if isinstance(cached, int | float) else cached or ""
            assert found == expected, f"{sheet.title}!{cell.coordinate}"
            count += 1
    assert count > 50
