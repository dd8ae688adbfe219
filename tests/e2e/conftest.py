"""What the tests of the whole way share: the samples, regenerated once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from xlbudget.jobs import JobResult, regenerate

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "workbooks" / "samples"
sys.path.insert(0, str(ROOT / "tools"))  # wrong_cells, which the mutation benchmark shares


@pytest.fixture(scope="session")
def seed_b(tmp_path_factory: pytest.TempPathFactory) -> JobResult:
    """The main job on the three projects of seed B."""
    (result,) = regenerate(str(SAMPLES / "seed-b"), None, tmp_path_factory.mktemp("seed-b"))
    return result


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> JobResult:
    """The main job on the twin without error."""
    (result,) = regenerate(str(SAMPLES / "clean"), None, tmp_path_factory.mktemp("clean"))
    return result
