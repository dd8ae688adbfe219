"""A Windows PC for tests: folders below a temporary one, a registry in a dictionary, faults on demand."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from xlbudget.setup.layout import Layout
from xlbudget.setup.source import ADDIN, MANIFEST, SUMS, Bundle, open_bundle, write_sums
from xlbudget.setup.system import RegistryValue, System

PYTHON = Path("C:/Python311/python.exe")


class PC(System):
    """``blocked`` files carry the mark of the Internet, which copies inherit as under Windows."""

    venv_python = "Scripts/python.exe"
    venv_site = "Lib/site-packages"

    def __init__(self, folder: Path, user: str = "zhang") -> None:
        home = folder / "Users" / user / "AppData"
        super().__init__(home / "Local", home / "Roaming")
        self.local.mkdir(parents=True)
        self.roaming.mkdir()
        self.values: dict[tuple[str, str], RegistryValue] = {}
        self.running: set[str] = set()
        self.held: set[Path] = set()  # open in another program
        self.blocked: set[Path] = set()
        self.commands: list[tuple[str, ...]] = []
        self.answers: Callable[[tuple[str, ...]], tuple[int, str]] = lambda command: (0, "")
        self.fails: Callable[[str, Path], OSError | None] = lambda what, path: None
        self.free = 10**12
        self.ansi = True
        self.may_write = True
        self.page = "xlbudget 0.1.0"
        self.own_python = PYTHON
        self.own_tag = "cp311"
        self.own_platform = "win-amd64"

    # ---- what it is ----

    @property
    def python(self) -> Path:
        return self.own_python

    @property
    def tag(self) -> str:
        return self.own_tag

    @property
    def platform(self) -> str:
        return self.own_platform

    def registry(self, key: str, name: str = "") -> RegistryValue:
        return self.values.get((key, name))

    def processes(self) -> frozenset[str]:
        return frozenset(self.running)

    def code_page_holds(self, text: str) -> bool:
        return self.ansi

    def free_space(self, folder: Path) -> int:
        return self.free

    def writable(self, folder: Path) -> bool:
        return self.may_write

    def locked(self, path: Path) -> bool:
        return path in self.held

    def get(self, url: str, token: str) -> str:
        self.commands.append(("GET", url, token))
        if not self.page:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
        return self.page

    # ---- what is done to it ----

    def _may(self, what: str, path: Path) -> None:
        error = self.fails(what, path)
        if error is None and any(h == path or h.is_relative_to(path) for h in self.held):
            error = PermissionError(errno.EACCES, "in use", str(path))
        if error is not None:
            raise error

    def link(self, link: Path, target: Path) -> None:
        self._may("link", link)
        super().link(link, target)

    def unblock(self, path: Path) -> None:
        self.blocked.discard(path)

    def copy(self, source: Path, target: Path) -> None:
        self._may("copy", target)
        super().copy(source, target)
        self.blocked.discard(target)
        if source in self.blocked:
            self.blocked.add(target)

    def rename(self, source: Path, target: Path) -> None:
        for path in (source, target):
            self._may("rename", path)
        if source.is_dir() and target.exists():
            raise PermissionError(errno.EACCES, "exists", str(target))  # as Windows has it
        super().rename(source, target)
        moved = {p for p in self.blocked if p.is_relative_to(source)}
        self.blocked = self.blocked - moved | {target / p.relative_to(source) for p in moved}

    def remove(self, path: Path) -> None:
        if path.exists():
            self._may("remove", path)
        super().remove(path)

    def make_venv(self, folder: Path) -> None:
        for name in ("python.exe", "pythonw.exe"):
            path = folder / "Scripts" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"venv")

    def run(self, *command: str, timeout: int = 600) -> tuple[int, str]:
        self.commands.append(command)
        return self.answers(command)


def layout_of(pc: PC) -> Layout:
    return Layout(pc)


def make_bundle(
    folder: Path, version: str = "0.1.0", python: str = "3.11.9", more: Mapping[str, bytes] | None = None
) -> Bundle:
    """A small bundle with one file of each part."""
    files = {
        ADDIN: f"add-in {version}".encode(),
        "site/xlbudget/__init__.py": f'__version__ = "{version}"\n'.encode(),
        "site-cp311/win32/win32api.pyd": b"MZ",
        "dll/xlwings64-0.37.8.dll": b"MZ",
        "licences/README.txt": b"-",
        "setup.pyz": b"zip",
        "说明.txt": "说明".encode(),
        **(more or {}),
    }
    if python:
        files |= {"python/python.exe": b"MZ python", "python/pythonw.exe": b"MZ pythonw"}
    manifest = {"version": version, "mode": "T1", "service": "", "python": python, "tags": ["cp311"]}
    files[MANIFEST] = json.dumps(manifest).encode()
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / SUMS).write_bytes(write_sums({n: hashlib.sha256(d).hexdigest() for n, d in files.items()}))
    return open_bundle(folder)


def snapshot(folder: Path) -> dict[str, bytes | str]:
    """Every file, folder and link below a folder, with its content."""
    out: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            out[name] = f"-> {path.readlink()}"
        else:
            out[name] = "folder" if path.is_dir() else path.read_bytes()
    return out
