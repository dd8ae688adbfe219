"""The real Windows behind :class:`xlbudget.setup.system.System`. Not yet run on Windows.

Reads the registry and never writes it, asks for the running programs and never ends one.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from .errors import SetupError
from .system import RegistryValue, System

_TRIES, _PAUSE = 8, 0.5  # seconds

winreg: Any = None  # Any: type checkers elsewhere know no Windows modules
_winapi: Any = None
if sys.platform == "win32":
    import _winapi
    import winreg


class Windows(System):
    venv_python = r"Scripts\python.exe"
    venv_site = r"Lib\site-packages"

    def __init__(self) -> None:
        local, roaming = os.environ.get("LOCALAPPDATA"), os.environ.get("APPDATA")
        if not local or not roaming:
            raise SetupError("这个账户没有 LOCALAPPDATA 或 APPDATA 文件夹；请用平时的账户登录后再运行")
        super().__init__(Path(local), Path(roaming))

    def registry(self, key: str, name: str = "") -> RegistryValue:
        hive, _, path = key.partition("\\")
        root = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}.get(
            hive, winreg.HKEY_CLASSES_ROOT
        )
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            try:
                with winreg.OpenKey(root, path, 0, winreg.KEY_READ | view) as opened:
                    value = winreg.QueryValueEx(opened, name)[0]
            except OSError:
                continue
            return value if isinstance(value, str | int) else None
        return None

    def processes(self) -> frozenset[str]:
        try:
            code, output = self.run("tasklist", "/FO", "CSV", "/NH", timeout=30)
        except OSError:  # not allowed here: then nobody is known to run
            return frozenset()
        rows = csv.reader(output.splitlines()) if code == 0 else ()
        return frozenset(row[0].lower() for row in rows if row)

    def code_page_holds(self, text: str) -> bool:
        try:
            text.encode("mbcs", "strict")
        except UnicodeEncodeError:
            return False
        return True

    def locked(self, path: Path) -> bool:
        try:
            with path.open("r+b"):
                return False
        except OSError as e:
            return getattr(e, "winerror", 0) in (32, 33)  # sharing and lock violations

    def link(self, link: Path, target: Path) -> None:
        # what "mklink /J" does, without cmd.exe, whose quoting breaks at & and % in a user's name
        _winapi.CreateJunction(str(target), str(link))

    def link_target(self, link: Path) -> Path | None:
        found = super().link_target(link)
        return Path(str(found).removeprefix("\\\\?\\")) if found else None

    def rename(self, source: Path, target: Path) -> None:
        """Tries for a few seconds: virus scanners hold new files for a moment, and their folder with them."""
        for _ in range(_TRIES):
            with suppress(PermissionError):
                return super().rename(source, target)
            time.sleep(_PAUSE)
        super().rename(source, target)
        return None

    def unlink(self, link: Path) -> None:
        os.rmdir(link)  # takes a junction away and leaves the folder behind it

    def unblock(self, path: Path) -> None:
        try:
            os.remove(f"{path}:Zone.Identifier")
        except OSError:  # no such mark, or a file system that has none
            return
