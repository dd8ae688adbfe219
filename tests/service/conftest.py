"""One service for all tests of ordinary use."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.service.running import TOKEN, Service, running
from xlbudget.service.app import Config


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """The real thing, with a limit of 4 MB."""
    with running(Config(TOKEN, hosts=("budget.local",), max_bytes=4 << 20)) as started:
        yield started


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as made:
        yield made
