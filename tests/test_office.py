"""The LibreOffice helper itself: it recalculates, prints, and comes back after a crash."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
import xlsxwriter

from tests.office import ErrorCell, Office, OfficeError, moved, pdf_to_png


@pytest.fixture
def stale(tmp_path: Path) -> Path:
    """A workbook whose cached values are wrong."""
    path = tmp_path / "stale.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        sheet.write("A1", 2)
        sheet.write_formula("A2", "=A1*2", None, 99)
        sheet.write_formula("A3", "=1/0", None, 5)
        sheet.write_string("B1", "文字")
        sheet.write_boolean("B2", True)
    return path


def test_recalculation_replaces_stale_values(office: Office, stale: Path) -> None:
    values = office.recalculated(stale)
    assert values == {"表": {"A1": 2.0, "A2": 4.0, "A3": "#DIV/0!", "B1": "文字", "B2": 1.0}}
    assert isinstance(values["表"]["A3"], ErrorCell)


def test_pages_become_pictures(office: Office, stale: Path, tmp_path: Path) -> None:
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm is missing")
    pages = pdf_to_png(office.to_pdf(stale, tmp_path / "out.pdf"), tmp_path / "page")
    assert [p.read_bytes()[:4] for p in pages] == [b"\x89PNG"]


def test_many_cases_on_one_sheet(office: Office) -> None:
    cases = [({"A1": i, "B2": "x"}, "=A1*2&B2") for i in range(50)]
    assert office.evaluate(cases) == [f"{2 * i}x" for i in range(50)]


def test_a_file_that_cannot_be_opened_is_an_error(office: Office, tmp_path: Path) -> None:
    with pytest.raises(OfficeError):
        office.recalculated(tmp_path / "missing.xlsx")


def test_it_comes_back_after_a_crash(office: Office) -> None:
    assert office.evaluate([({}, "1+1")]) == [2.0]
    for pid in _soffice(office):
        os.kill(pid, signal.SIGKILL)
    assert office.evaluate([({}, "1+2")]) == [3.0]


def _soffice(office: Office) -> list[int]:
    """The processes of this very helper that are called soffice.bin."""
    assert office._worker is not None
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition(") ")
        except OSError:
            continue
        if name.endswith("(soffice.bin") and int(rest.split()[3]) == office._worker.pid:
            found.append(int(stat.parent.name))
    assert found
    return found


def test_references_move_but_texts_and_functions_do_not() -> None:
    assert moved('SUM($A$1:B2,"A1",LOG10(C3))&得分', 10) == 'SUM($A$11:B12,"A1",LOG10(C13))&得分'
