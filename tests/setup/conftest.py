from __future__ import annotations

from pathlib import Path

import pytest

from tests.setup.pc import PC, make_bundle
from xlbudget.setup.layout import Layout
from xlbudget.setup.source import Bundle


@pytest.fixture
def pc(tmp_path: Path) -> PC:
    return PC(tmp_path / "C")


@pytest.fixture
def layout(pc: PC) -> Layout:
    return Layout(pc)


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return make_bundle(tmp_path / "安装 包")
