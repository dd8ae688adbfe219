"""One LibreOffice with the add-in for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .host import PYTHON, ROOT, Host, available
from .seen import BOOK


@pytest.fixture(scope="session")
def addin_host() -> Iterator[Host]:
    if not available():
        if os.environ.get("XLBUDGET_REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice with UNO for this Python is required here and missing")
        pytest.skip("LibreOffice with UNO for this Python is missing")
    with Host() as host:
        yield host


@pytest.fixture
def host(addin_host: Host) -> Iterator[Host]:
    """The add-in with its usual settings and no workbook open; everything is closed again at the end."""
    addin_host.settings(transport="T1")
    addin_host.python_is(PYTHON)
    addin_host.answers("")
    addin_host.run("XbSettings.Forget")
    addin_host.run("XbCall.Forget")
    yield addin_host
    addin_host.close_books()


@pytest.fixture
def seed_b(tmp_path: Path) -> Path:
    """A unit's workbook as it was published, under a name that needs every kind of escape."""
    path = tmp_path / "驻京办 2023 (自评).xlsx"
    path.write_bytes((ROOT / "workbooks/samples/seed-b.xlsx").read_bytes())
    return path


@pytest.fixture
def book(host: Host, tmp_path: Path) -> Any:
    """A blank form, open in front."""
    path = tmp_path / BOOK
    path.write_bytes((ROOT / "workbooks/templates/S3-CN.xlsx").read_bytes())
    return host.open(path)
