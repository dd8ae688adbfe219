"""An installation bundle put together, listed and written."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlbudget import __version__
from xlbudget.setup.source import ADDIN, MANIFEST, SUMS, write_sums

from . import Files, MakeError
from .checks import check
from .embed import Python
from .readme import NAME as README
from .readme import readme
from .site import licences, site_files
from .wheels import Fetch, Wheel, collect, pins, requirements

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""The installed Pythons that a bundle without one of its own is made for."""

SETUP = "setup.pyz"
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to make. ``root`` is the source folder with pyproject.toml, constraints.txt and install.ps1.

    ``mode`` is what install.ps1 does unless told otherwise; a bundle for T3 holds no program at all, only
    the add-in. ``xlwings`` is the version whose VBA is in the add-in.
    """

    root: Path
    mode: str = "T1"
    service: str = ""
    python: Python | None = None
    pythons: tuple[str, ...] = PYTHONS
    xlwings: str = ""


def make(recipe: Recipe, addin: Callable[[], bytes], fetch: Fetch) -> Files:
    """All files of the bundle. Raises MakeError."""
    files: Files = {ADDIN: addin()}
    told: list[dict[str, str]] = []
    tags: list[str] = []
    if recipe.mode != "T3":
        wheels = _wheels(recipe, fetch)
        tags = list(wheels)
        files |= site_files(wheels) | _own(recipe.root)
        texts, told = licences(list({w.name: w for ws in wheels.values() for w in ws}.values()))
        files |= texts | (recipe.python.files if recipe.python else {})
    version = recipe.python.version if recipe.python and tags else ""
    pythons = "、".join(f"{t[2]}.{t[3:]}" for t in tags)
    files[README] = readme(__version__, recipe.mode, version, pythons)
    files["install.ps1"] = _script(recipe.root / "install.ps1")
    files[SETUP] = setup_program(recipe.root)
    check(files, recipe.xlwings)
    manifest = {
        "version": __version__,
        "mode": recipe.mode,
        "service": recipe.service,
        "python": version,
        "tags": tags,
        "xlwings": recipe.xlwings,
        "packages": told,
    }
    files[MANIFEST] = (json.dumps(manifest, ensure_ascii=True, indent=1) + "\n").encode()
    files[SUMS] = write_sums({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
    return dict(sorted(files.items()))


def _wheels(recipe: Recipe, fetch: Fetch) -> dict[str, Sequence[Wheel]]:
    """By tag, in the order of the versions."""
    needed = requirements(recipe.root / "pyproject.toml")
    pinned = pins(recipe.root / "constraints.txt")
    pythons = (recipe.python.short,) if recipe.python else recipe.pythons
    return {f"cp{p.replace('.', '')}": collect(needed, pinned, p, fetch) for p in pythons}


def _own(root: Path) -> Files:
    """xlbudget and its worksheet functions."""
    out: Files = {}
    for package in (root / "xlbudget", root / "udfs" / "xlbudget_udfs"):
        if not package.is_dir():
            raise MakeError(f"源代码不全，缺少 {package}")
        for path in sorted(package.rglob("*")):
            name = path.relative_to(package.parent).as_posix()
            if path.is_file() and "__pycache__" not in name and path.suffix != ".pyc":
                out[f"site/{name}"] = path.read_bytes()
    return out


def setup_program(root: Path) -> bytes:
    """Set-up as one file for Python: install.ps1 checks one hash, and no other file can take its place."""
    package = root / "xlbudget"
    paths = [package / "__init__.py", package / "oserrors.py", *sorted((package / "setup").glob("*.py"))]
    files = {p.relative_to(root).as_posix(): p.read_bytes() for p in paths}
    files["__main__.py"] = files["xlbudget/setup/__main__.py"]
    return zipped(files)


def _script(path: Path) -> bytes:
    """install.ps1 as PowerShell 5.1 wants it: with the mark of UTF-8, lines ending as on Windows."""
    text = path.read_text(encoding="utf-8-sig")
    return f"\ufeff{text}".replace("\r\n", "\n").replace("\n", "\r\n").encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same wherever it is made
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()


def sizes(files: Mapping[str, bytes]) -> dict[str, int]:
    """Bytes by folder; "" for what lies at the top."""
    out: dict[str, int] = {}
    for name, data in files.items():
        folder = name.partition("/")[0] if "/" in name else ""
        out[folder] = out.get(folder, 0) + len(data)
    return out
