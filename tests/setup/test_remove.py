"""Rollback and uninstalling."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.setup.pc import PC, make_bundle, snapshot
from tests.setup.test_install import filled_in
from xlbudget.setup.errors import CLOSE_EXCEL, SetupError
from xlbudget.setup.install import install
from xlbudget.setup.layout import Layout
from xlbudget.setup.remove import uninstall
from xlbudget.setup.restore import rollback
from xlbudget.setup.settings import read_settings

said: list[str] = []


@pytest.fixture
def upgraded(layout: Layout, tmp_path: Path) -> Layout:
    """0.1.0 with an installed Python, then 0.2.0 with one of its own."""
    install(layout, make_bundle(tmp_path / "b", python=""), {"pack": "S3-HN"}, said.append)
    install(layout, make_bundle(tmp_path / "b", "0.2.0"), {}, said.append)
    return layout


# ---- rollback ----


def test_rollback_and_back_again(upgraded: Layout) -> None:
    before = snapshot(upgraded.root)
    rollback(upgraded, said.append)
    assert (upgraded.current_version(), upgraded.previous_version()) == ("0.1.0", "0.2.0")
    assert upgraded.addin.read_bytes() == b"add-in 0.1.0"
    found = read_settings(upgraded.settings.read_bytes())
    assert found["pack"] == "S3-HN"
    assert found["python"].endswith("pythonw.exe")
    rollback(upgraded, said.append)
    assert snapshot(upgraded.root) == before
    assert upgraded.addin.read_bytes() == b"add-in 0.2.0"


def test_rollback_what_if(upgraded: Layout) -> None:
    before = snapshot(upgraded.system.local.parent)
    rollback(upgraded, said.append, what_if=True)
    assert snapshot(upgraded.system.local.parent) == before


def test_nothing_to_roll_back_to(layout: Layout, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="没有可以退回的旧版本"):
        rollback(layout, said.append)
    install(layout, make_bundle(tmp_path / "b"), {}, said.append)
    with pytest.raises(SetupError, match="没有可以退回的旧版本"):
        rollback(layout, said.append)


def test_a_damaged_version_is_not_gone_back_to(upgraded: Layout) -> None:
    (upgraded.version("0.1.0") / "site" / "xlbudget" / "__init__.py").unlink()
    before = snapshot(upgraded.system.local.parent)
    with pytest.raises(SetupError, match=r"0\.1\.0 的文件已不完整"):
        rollback(upgraded, said.append)
    assert snapshot(upgraded.system.local.parent) == before


def test_no_rollback_while_excel_holds_the_addin(upgraded: Layout, pc: PC) -> None:
    pc.held = {upgraded.addin}
    with pytest.raises(SetupError, match=CLOSE_EXCEL):
        rollback(upgraded, said.append)
    assert upgraded.current_version() == "0.2.0"


def test_no_rollback_to_a_version_without_python(layout: Layout, tmp_path: Path) -> None:
    install(layout, make_bundle(tmp_path / "b"), {"transport": "T3"}, said.append)
    install(layout, make_bundle(tmp_path / "b", "0.2.0"), {"transport": "T1"}, said.append)
    with pytest.raises(SetupError, match=r"没有 python\.exe"):
        rollback(layout, said.append)


def test_no_rollback_to_a_python_that_is_gone(upgraded: Layout, pc: PC) -> None:
    pc.answers = lambda command: (103, "No Python at 'C:\\Python311'") if "0.1.0" in command[0] else (0, "")
    before = snapshot(upgraded.system.local.parent)
    with pytest.raises(SetupError, match="No Python at"):
        rollback(upgraded, said.append)
    assert snapshot(upgraded.system.local.parent) == before


# ---- uninstalling ----


def test_what_set_up_made_goes(upgraded: Layout, pc: PC) -> None:
    book = upgraded.xlstart / "个人.xlsb"
    book.write_bytes(b"mine")
    assert uninstall(upgraded, said.append) == []
    assert [p.name for p in upgraded.root.iterdir()] == ["settings.txt"]
    assert [p.name for p in upgraded.xlstart.iterdir()] == ["个人.xlsb"]
    assert uninstall(upgraded, said.append, everything=True) == []
    assert not upgraded.root.exists()
    assert uninstall(upgraded, said.append, everything=True) == []


def test_uninstall_what_if(upgraded: Layout) -> None:
    before = snapshot(upgraded.system.local.parent)
    lines: list[str] = []
    uninstall(upgraded, lines.append, everything=True, what_if=True)
    assert snapshot(upgraded.system.local.parent) == before
    assert len([line for line in lines if line.startswith("将会")]) == 6


def test_uninstall_takes_the_agent_away(layout: Layout, pc: PC, tmp_path: Path) -> None:
    install(layout, make_bundle(tmp_path / "b"), {"transport": "T2"}, said.append)
    uninstall(layout, said.append)
    assert pc.commands[-1][-1] == "--unregister"


def test_settings_saved_in_the_addin_stay_too(upgraded: Layout) -> None:
    filled_in(upgraded, token="abc")
    uninstall(upgraded, said.append)
    assert read_settings(upgraded.settings.read_bytes())["token"] == "abc"
    assert not upgraded.addin.exists()


def test_nothing_goes_while_excel_holds_the_addin(upgraded: Layout, pc: PC) -> None:
    pc.held = {upgraded.addin}
    before = snapshot(upgraded.root)
    with pytest.raises(SetupError, match=CLOSE_EXCEL):
        uninstall(upgraded, said.append)
    assert snapshot(upgraded.root) == before


def test_files_in_use_stay_whole(upgraded: Layout, pc: PC) -> None:
    pc.held = {upgraded.version("0.2.0") / "python" / "pythonw.exe"}
    left = uninstall(upgraded, said.append)
    assert len(left) == 1
    assert "0.2.0 正被占用" in left[0]
    assert upgraded.whole("0.2.0")
    assert not upgraded.version("0.1.0").exists()
    assert not upgraded.addin.exists()
    pc.held = set()
    assert uninstall(upgraded, said.append) == []
    assert upgraded.versions() == []


def test_a_workbook_in_our_folder_is_not_deleted(upgraded: Layout) -> None:
    book = upgraded.version("0.1.0") / "自评表.xlsx"
    book.write_bytes(b"mine")
    left = uninstall(upgraded, said.append, everything=True)
    assert "自评表.xlsx" in left[0]
    assert book.read_bytes() == b"mine"


def test_the_python_that_runs_cannot_delete_itself(upgraded: Layout, pc: PC) -> None:
    pc.own_python = upgraded.version("0.2.0") / "python" / "python.exe"
    left = uninstall(upgraded, said.append)
    assert "手工删除" in left[0]
    assert not upgraded.addin.exists()
