"""The samples: built from the tables beside them, the same bytes every time."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from .tables import SAMPLES

ROOT = SAMPLES.parent.parent


def _builder():
    spec = importlib.util.spec_from_file_location("build_samples", ROOT / "tools" / "build_samples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_database_is_the_one_that_the_tables_give(tmp_path: Path) -> None:
    target = tmp_path / "seed-b.sqlite"
    _builder().build(SAMPLES / "seed-b", target)
    first = target.read_bytes()
    _builder().build(SAMPLES / "seed-b", target)
    assert target.read_bytes() == first
    assert (SAMPLES / "seed-b.sqlite").read_bytes() == first
