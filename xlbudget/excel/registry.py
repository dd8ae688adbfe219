"""The Windows registry behind a few words: reading anywhere, writing below HKEY_CURRENT_USER only."""

from __future__ import annotations

import sys
from typing import Any, Final, Protocol

USER, MACHINE = "HKCU", "HKLM"


class Registry(Protocol):
    """What registering and looking need of a registry. A key is written ``HKCU\\Software\\…``."""

    def read(self, key: str, name: str = "") -> str | int | None:
        """A value of a key, None when there is none. ``name`` "" is the key's default value."""

    def values(self, key: str) -> dict[str, str | int]:
        """All values of a key; empty when there is no such key."""

    def write(self, key: str, name: str, value: str) -> None:
        """Set a text, with all keys above it. Raises OSError, ValueError outside HKCU."""

    def remove(self, key: str) -> None:
        """Delete a key with all below it, if it is there. Raises OSError, ValueError outside HKCU."""

    def unset(self, key: str, name: str) -> None:
        """Delete one value, if it is there. Raises OSError, ValueError outside HKCU."""


class WindowsRegistry:
    """The registry of this PC, in its 64-bit view, where an installed Office writes what it is."""

    def __init__(self, winreg: Any) -> None:
        self._reg: Final = winreg
        self._roots: Final = {USER: winreg.HKEY_CURRENT_USER, MACHINE: winreg.HKEY_LOCAL_MACHINE}

    def read(self, key: str, name: str = "") -> str | int | None:
        return self.values(key).get(name)

    def values(self, key: str) -> dict[str, str | int]:
        root, path = self._split(key)
        found: dict[str, str | int] = {}
        try:
            with self._reg.OpenKey(root, path, 0, self._reg.KEY_READ | self._reg.KEY_WOW64_64KEY) as handle:
                for i in range(self._reg.QueryInfoKey(handle)[1]):
                    name, value, _ = self._reg.EnumValue(handle, i)
                    if isinstance(value, bytes):  # lists of disabled add-ins are kept as UTF-16
                        value = value.decode("utf-16-le", "replace")
                    if isinstance(value, str | int):
                        found[name] = value
        except OSError:  # no such key, or not ours to read: both say nothing
            return found
        return found

    def write(self, key: str, name: str, value: str) -> None:
        root, path = self._split(key, to_write=True)
        access = self._reg.KEY_WRITE | self._reg.KEY_WOW64_64KEY
        with self._reg.CreateKeyEx(root, path, 0, access) as handle:
            self._reg.SetValueEx(handle, name, 0, self._reg.REG_SZ, value)

    def remove(self, key: str) -> None:
        root, path = self._split(key, to_write=True)
        access = self._reg.KEY_READ | self._reg.KEY_WOW64_64KEY
        try:
            with self._reg.OpenKey(root, path, 0, access) as handle:
                below = [self._reg.EnumKey(handle, i) for i in range(self._reg.QueryInfoKey(handle)[0])]
        except FileNotFoundError:
            return
        for name in below:
            self.remove(f"{key}\\{name}")
        self._reg.DeleteKeyEx(root, path, self._reg.KEY_WOW64_64KEY, 0)

    def unset(self, key: str, name: str) -> None:
        root, path = self._split(key, to_write=True)
        access = self._reg.KEY_WRITE | self._reg.KEY_WOW64_64KEY
        try:
            with self._reg.OpenKey(root, path, 0, access) as handle:
                self._reg.DeleteValue(handle, name)
        except FileNotFoundError:
            return

    def _split(self, key: str, to_write: bool = False) -> tuple[Any, str]:
        root, _, path = key.partition("\\")
        if root not in self._roots or not path or (to_write and root != USER):
            raise ValueError(key)
        return self._roots[root], path


class NoRegistry:
    """Where there is none: nothing stands in it, and nothing can be written."""

    def read(self, key: str, name: str = "") -> str | int | None:
        return None

    def values(self, key: str) -> dict[str, str | int]:
        return {}

    def write(self, key: str, name: str, value: str) -> None:
        raise OSError("此处没有 Windows 注册表")

    def remove(self, key: str) -> None:
        raise OSError("此处没有 Windows 注册表")

    def unset(self, key: str, name: str) -> None:
        raise OSError("此处没有 Windows 注册表")


def this_registry() -> Registry:
    """The registry of this PC."""
    if sys.platform != "win32":
        return NoRegistry()
    import winreg  # type: ignore[unreachable, unused-ignore]

    return WindowsRegistry(winreg)
