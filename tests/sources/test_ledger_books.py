"""From a ledger to the workbook: filled, audited, and read back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from xlbudget.jobs import JobResult, regenerate
from xlbudget.review import read_workbook
from xlbudget.rules.model import Severity
from xlbudget.sources import read_source

from .ledgers_made import typed
from .tables import SAMPLES, put, sample, to_folder


@pytest.fixture(scope="module", params=["ledger-demo", "ledger-small"])
def job(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, JobResult]:
    (result,) = regenerate(str(SAMPLES / request.param), None, tmp_path_factory.mktemp("出"))
    return request.param, result


def test_the_samples_have_no_errors(job: tuple[str, JobResult]) -> None:
    name, result = job
    assert result.result is not None
    assert not result.result.broken
    assert [f.rule for f in result.result.findings if f.severity is Severity.ERROR] == []
    if name == "ledger-small":
        assert result.result.findings == []


def test_notes_of_the_data_reach_the_report(job: tuple[str, JobResult]) -> None:
    name, result = job
    assert result.read_notes == list(read_source(SAMPLES / name)[0].notes)
    assert any("尾差" in n for n in result.read_notes) == (name == "ledger-demo")


def test_the_workbook_reads_back_as_the_same_amounts(job: tuple[str, JobResult]) -> None:
    """Sums that the forms computed stand beside what was typed, and every typed amount is still there."""
    name, result = job
    assert result.clean_path is not None
    reading = read_workbook(result.clean_path.name, result.clean_path, None)
    assert reading.pack.id == "S1-HN"
    (unit,) = read_source(SAMPLES / name)
    fields, cells = typed(unit.record)
    found_fields, found_cells = typed(reading.record)
    assert fields.items() <= found_fields.items()
    assert cells.items() <= found_cells.items()
    texts = {
        name: entry.value
        for form in reading.record.forms
        for name, entry in form.fields.items()
        if name.endswith(("_说明", "_部门"))
    }
    assert texts["总表_部门"] == unit.record.unit
    empty = name == "ledger-small"
    assert ("没有政府性基金预算财政拨款收支" in str(texts["基金表_说明"])) == empty


def test_a_wrong_balance_is_found_on_the_forms(tmp_path: Path) -> None:
    tables = sample("ledger-small")
    put(tables, "结转结余", 3, "金额", "30000")
    (result,) = regenerate(str(to_folder(tables, tmp_path / "数据")), None, tmp_path)
    assert result.result is not None
    assert Severity.ERROR in {f.severity for f in result.result.findings}
    assert any(n.startswith("非财政拨款：") and "相差 -10,000.00 元" in n for n in result.read_notes)


def test_pandas_is_loaded_for_ledgers_alone() -> None:
    code = (
        "import sys; import xlbudget.cli; from xlbudget.sources import read_source;"
        f"read_source({str(SAMPLES / 'seed-b')!r}); assert 'pandas' not in sys.modules;"
        f"read_source({str(SAMPLES / 'ledger-small')!r}); assert 'pandas' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SAMPLES.parent.parent)
