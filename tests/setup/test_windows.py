"""The real Windows, with stand-ins for its modules: what is asked of it, not what it answers."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from xlbudget.setup import windows
from xlbudget.setup.errors import SetupError
from xlbudget.setup.windows import Windows

_VALUES = {("user", "Software\\X", "there", 64): 1, ("machine", "Software\\X", "", 32): "text"}


class Key:
    """An opened key: its hive, path and view."""

    def __init__(self, hive: str, path: str, reserved: int, access: int) -> None:
        if not any(v[:2] == (hive, path) for v in _VALUES):
            raise FileNotFoundError(path)
        self.at = (hive, path, access)

    def __enter__(self) -> Key:
        return self

    def __exit__(self, *error: object) -> None:
        return None


def query(key: Key, name: str) -> tuple[Any, int]:
    hive, path, view = key.at
    if (hive, path, name, view) not in _VALUES:
        raise FileNotFoundError(name)
    return _VALUES[hive, path, name, view], 0


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Windows:
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    registry = SimpleNamespace(
        HKEY_CURRENT_USER="user", HKEY_LOCAL_MACHINE="machine", HKEY_CLASSES_ROOT="classes", KEY_READ=0,
        KEY_WOW64_64KEY=64, KEY_WOW64_32KEY=32, OpenKey=Key, QueryValueEx=query,
    )  # fmt: skip
    monkeypatch.setattr(windows, "winreg", registry)
    monkeypatch.setattr(windows, "_PAUSE", 0)
    return Windows()


def test_the_folders_of_the_user(pc: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (pc.local, pc.roaming) == (tmp_path / "Local", tmp_path / "Roaming")
    monkeypatch.delenv("APPDATA")
    with pytest.raises(SetupError, match="平时的账户"):
        Windows()


def test_the_registry_in_both_views(pc: Windows) -> None:
    assert pc.registry(r"HKCU\Software\X", "there") == 1
    assert pc.registry(r"HKLM\Software\X") == "text"
    assert pc.registry(r"HKCU\Software\X", "nothing") is None
    assert pc.registry(r"HKCR\CLSID\{0}") is None


def test_running_programs(pc: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    table = '"EXCEL.EXE","4711","Console","1","98,000 K"\r\n"WPS 表格.exe","1","Console","1","1 K"\r\n'
    monkeypatch.setattr(Windows, "run", lambda self, *command, timeout: (0, table))
    assert pc.processes() == {"excel.exe", "wps 表格.exe"}

    def refuse(self: Windows, *command: str, timeout: int) -> tuple[int, str]:
        raise FileNotFoundError("tasklist")

    monkeypatch.setattr(Windows, "run", refuse)
    assert pc.processes() == frozenset()


def test_junctions(pc: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []
    api = SimpleNamespace(CreateJunction=lambda target, link: made.append((target, link)))
    monkeypatch.setattr(windows, "_winapi", api)
    pc.link(tmp_path / "current", tmp_path / "0.1.0 & more")
    assert made == [(str(tmp_path / "0.1.0 & more"), str(tmp_path / "current"))]
    monkeypatch.setattr(os, "readlink", lambda path: "\\\\?\\C:\\x\\0.1.0")
    assert str(pc.link_target(tmp_path)) == "C:\\x\\0.1.0"


def test_the_mark_of_the_internet_is_a_stream(pc: Windows, tmp_path: Path) -> None:
    stream = tmp_path / "a.xlam:Zone.Identifier"  # elsewhere than on Windows a file like any other
    stream.write_text("[ZoneTransfer]")
    pc.unblock(tmp_path / "a.xlam")
    assert not stream.exists()
    pc.unblock(tmp_path / "a.xlam")


def test_renaming_waits_for_scanners(pc: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("a")
    real, tried = os.replace, [0]

    def scanned(source: Path, target: Path) -> None:
        tried[0] += 1
        if tried[0] < 4:
            raise PermissionError
        real(source, target)

    monkeypatch.setattr(os, "replace", scanned)
    pc.rename(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").exists()
    tried[0] = -100
    with pytest.raises(PermissionError):
        pc.rename(tmp_path / "b", tmp_path / "c")


def test_sharing_violations_are_locks(pc: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    assert not pc.locked(path)
    path.write_text("a")
    assert not pc.locked(path)
    error = PermissionError()
    monkeypatch.setattr(Path, "open", lambda *args: (_ for _ in ()).throw(error))
    assert not pc.locked(path)
    error.winerror = 32  # type: ignore[attr-defined]
    assert pc.locked(path)
