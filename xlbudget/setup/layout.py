"""Where an installation lies, and what a folder that is found there is."""

from __future__ import annotations

import re
from pathlib import Path

from .source import SUMS, first_damaged, read_sums
from .system import System

VERSION = re.compile(r"[0-9][0-9A-Za-z.+]*")
UNFINISHED = (".part", ".old", ".gone")
"""Endings of folders that an interrupted run left: being copied, being replaced, being removed."""

PTH_NAME = "xlbudget.pth"
PTH = (
    "import os, site, sys; d = os.path.dirname(sys.prefix); "
    'site.addsitedir(os.path.join(d, "site-cp%d%d" % sys.version_info[:2])); '
    'site.addsitedir(os.path.join(d, "site"))\n'
)
"""Makes the Python in ``<version>/python`` find the packages beside it, and read pywin32's own .pth."""


class Layout:
    """The places of one user's installation."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.root = system.local / "xlbudget"
        self.current = self.root / "current"
        self.previous_file = self.root / "previous.txt"
        self.settings = self.root / "settings.txt"
        self.log = self.root / "log"  # what the program writes when something of it fails
        self.xlstart = system.roaming / "Microsoft" / "Excel" / "XLSTART"
        self.addin = self.xlstart / "xlbudget.xlam"

    def version(self, name: str) -> Path:
        return self.root / name

    def versions(self) -> list[str]:
        """All folders that hold a version, whole or not."""
        if not self.root.is_dir():
            return []
        folders = (p for p in self.root.iterdir() if VERSION.fullmatch(p.name) and p.suffix not in UNFINISHED)
        return sorted(p.name for p in folders if (p / SUMS).is_file())

    def unfinished(self) -> list[Path]:
        """What interrupted runs left behind."""
        if not self.root.is_dir():
            return []
        left = (p for p in self.root.iterdir() if p.suffix in UNFINISHED and p.is_dir())
        return sorted(p for p in left if VERSION.fullmatch(p.stem))

    def current_version(self) -> str:
        """The version in use, "" when there is none."""
        target = self.system.link_target(self.current)
        return target.name if target is not None and VERSION.fullmatch(target.name) else ""

    def previous_version(self) -> str:
        """The version that was in use before; "" when none is noted."""
        try:
            noted = self.previous_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""
        return noted if VERSION.fullmatch(noted) else ""

    def whole(self, name: str) -> bool:
        """Whether a version is there with every file it was installed with, unharmed."""
        folder = self.version(name)
        try:
            sums = read_sums((folder / SUMS).read_bytes())
        except (OSError, ValueError):
            return False
        return not first_damaged(folder, sums)

    def python(self, folder: Path) -> Path | None:
        """The Python of a version's folder: the bundled one, or the environment made of an installed one."""
        found = (folder / "python" / "python.exe", folder / "python" / self.system.venv_python)
        return next((p for p in found if p.is_file()), None)

    def windowless(self, folder: Path) -> Path | None:
        """Its twin that opens no console window; that is the one the add-in starts."""
        python = self.python(folder)
        twin = python.with_name("pythonw.exe") if python else None
        return twin if twin is not None and twin.is_file() else python
