"""winreg in memory, as far as it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Tree = dict[str, dict[str, Any]]


class Handle:
    def __init__(self, reg: FakeWinreg, path: str) -> None:
        self.reg = reg
        self.path = path

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class FakeWinreg:
    """Keys are kept in small letters; ``opened`` notes the rights that were asked for."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = "hkcu", "hklm"
    KEY_READ, KEY_WRITE, KEY_WOW64_64KEY = 1, 2, 256
    REG_SZ = 1

    def __init__(self, values: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.keys: Tree = {}
        self.changed: set[str] = set()
        for key, entries in (values or {}).items():
            self._make(key.lower())
            self.keys[key.lower()].update(entries)

    def _make(self, path: str) -> None:
        parts = path.split("\\")
        for i in range(1, len(parts) + 1):
            self.keys.setdefault("\\".join(parts[:i]), {})

    @staticmethod
    def _path(root: Any, path: str) -> str:
        base = root.path if isinstance(root, Handle) else root
        return f"{base}\\{path}".lower()

    def OpenKey(self, root: Any, path: str, reserved: int = 0, access: int = 1) -> Handle:
        assert access & self.KEY_WOW64_64KEY
        where = self._path(root, path)
        if where not in self.keys:
            raise FileNotFoundError(2, "no such key")
        return Handle(self, where)

    def CreateKeyEx(self, root: Any, path: str, reserved: int = 0, access: int = 0) -> Handle:
        assert access & self.KEY_WRITE
        where = self._path(root, path)
        self._make(where)
        return Handle(self, where)

    def QueryInfoKey(self, handle: Handle) -> tuple[int, int, int]:
        return len(self._below(handle.path)), len(self.keys[handle.path]), 0

    def _below(self, path: str) -> list[str]:
        start = path + "\\"
        return [k[len(start) :] for k in self.keys if k.startswith(start) and "\\" not in k[len(start) :]]

    def EnumKey(self, handle: Handle, index: int) -> str:
        return self._below(handle.path)[index]

    def EnumValue(self, handle: Handle, index: int) -> tuple[str, Any, int]:
        name, value = list(self.keys[handle.path].items())[index]
        return name, value, self.REG_SZ

    def SetValueEx(self, handle: Handle, name: str, reserved: int, kind: int, value: str) -> None:
        assert kind == self.REG_SZ
        self.keys[handle.path][name] = value
        self.changed.add(handle.path)

    def DeleteValue(self, handle: Handle, name: str) -> None:
        if name not in self.keys[handle.path]:
            raise FileNotFoundError(2, "no such value")
        del self.keys[handle.path][name]
        self.changed.add(handle.path)

    def DeleteKeyEx(self, root: Any, path: str, access: int, reserved: int) -> None:
        where = self._path(root, path)
        if self._below(where):
            raise PermissionError(5, "has keys below it")
        del self.keys[where]
        self.changed.add(where)
