"""One LibreOffice with the add-in for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from .host import PYTHON, Host, available


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
