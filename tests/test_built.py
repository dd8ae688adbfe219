"""What is committed although it is made from something else is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import build_docs, build_workbooks
from xlbudget.workbook.package import Package

ROOT = Path(__file__).resolve().parent.parent


def test_documentation_pages() -> None:
    fresh = build_docs.pages()
    committed = {n: (build_docs.FOLDER / n).read_text(encoding="utf-8") for n in fresh}
    assert committed == fresh
    rules = {f"rules/{p.name}" for p in (build_docs.FOLDER / "rules").iterdir()}
    assert rules == {n for n in fresh if n.startswith("rules/")}


@pytest.mark.parametrize(("name", "data"), sorted(build_workbooks.workbooks().items()))
def test_workbooks(name: str, data: bytes) -> None:
    """Equal part by part: the compressed bytes may differ between versions of the compressor."""
    committed = Package.open((ROOT / "workbooks" / name).read_bytes())
    fresh = Package.open(data)
    assert committed.names() == fresh.names()
    for part in fresh.names():
        assert committed.get(part) == fresh.get(part), part
