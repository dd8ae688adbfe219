"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.office import Office, available


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """A headless LibreOffice; the test is skipped without one, or fails if XLBUDGET_REQUIRE_OFFICE=1."""
    if not available():
        if os.environ.get("XLBUDGET_REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice is required here and missing")
        pytest.skip("LibreOffice is missing")
    with Office() as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses the fixture carries its marker."""
    for item in items:
        if "office" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.office)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where LibreOffice is required, a skipped test is a failure: nothing may go unproven there."""
    if os.environ.get("XLBUDGET_REQUIRE_OFFICE") != "1":
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
