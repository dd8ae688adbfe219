"""The packages that xlbudget needs on Windows, in exactly the pinned versions, as wheels."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from . import Files, MakeError

PLATFORM = "win_amd64"

Pin = tuple[str, str]
Fetch = Callable[[Sequence[Pin], str, Path], None]
"""Put the wheels of these (name, version) for a Python such as 3.11 into a folder. Raises MakeError."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that was fetched: its canonical name, all that is in it, and its METADATA."""

    name: str
    version: str
    files: Files
    metadata: Message


def pip_fetch(extra: Sequence[str] = ()) -> Fetch:
    """Fetching by pip; ``extra`` may say where, e.g. ``--no-index --find-links FOLDER``."""

    def fetch(pins: Sequence[Pin], python: str, folder: Path) -> None:
        target = ["--platform", PLATFORM, "--python-version", python, "--implementation", "cp"]
        command = [
            sys.executable,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "download",
            "--quiet",
            "--no-deps",
        ]
        command += ["--only-binary=:all:", *target, *extra, "--dest", str(folder)]
        command += [f"{name}=={version}" for name, version in pins]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            last = "\n".join(done.stderr.strip().splitlines()[-6:])
            raise MakeError(f"取不到 Python {python} 在 Windows 上的软件包：\n{last}")

    return fetch


def requirements(pyproject: Path) -> list[str]:
    """What the project itself needs."""
    told = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    return list(told["project"]["dependencies"])


def pins(constraints: Path) -> dict[str, str]:
    """Canonical name → version of the exact pins in a constraints file."""
    out: dict[str, str] = {}
    for line in constraints.read_text(encoding="utf-8").splitlines():
        name, exact, version = line.partition("#")[0].strip().partition("==")
        if exact:
            out[canonicalize_name(name.strip())] = version.strip()
    return out


def collect(roots: Sequence[str], pinned: Mapping[str, str], python: str, fetch: Fetch) -> list[Wheel]:
    """All that ``roots`` need on Windows with this Python, by name.

    pip judges conditions such as ``platform_system == "Windows"`` by the PC it runs on, so they are followed
    here, and every version comes from the pins. Raises MakeError for one that has none or does not fit.
    """
    found: dict[str, Wheel] = {}
    seen: dict[str, set[str]] = {}  # the extras of each that were followed; "" is the package itself
    waiting = [(r, {""}) for r in map(Requirement, roots)]
    with tempfile.TemporaryDirectory(prefix="xlbudget-wheels-") as temporary:
        folder = Path(temporary)
        while waiting:
            needed = [(r, extras) for r, extras in waiting if _applies(r, python, extras)]
            versions = {str(canonicalize_name(r.name)): _pinned(r, pinned) for r, _ in needed}
            new = {name: version for name, version in versions.items() if name not in found}
            if new:
                fetch(sorted(new.items()), python, folder)
                found |= _read(folder, new)
            waiting = []
            for r, _ in needed:
                name = canonicalize_name(r.name)
                extras = {"", *r.extras} - seen.get(name, set())
                seen.setdefault(name, set()).update(extras)
                waiting += [(d, extras) for d in _requires(found[name]) if extras]
    return [found[name] for name in sorted(found)]


def _applies(requirement: Requirement, python: str, extras: set[str]) -> bool:
    """Whether a requirement holds on a Windows PC with that Python."""
    if requirement.marker is None:
        return True
    windows = {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
    }
    return any(requirement.marker.evaluate({**windows, "extra": extra}) for extra in extras)


def _pinned(requirement: Requirement, pinned: Mapping[str, str]) -> str:
    version = pinned.get(canonicalize_name(requirement.name))
    if version is None:
        raise MakeError(f"constraints.txt 里没有固定 {requirement.name} 的版本，安装包要用它")
    if not requirement.specifier.contains(version, prereleases=True):
        raise MakeError(f"constraints.txt 固定了 {requirement.name}=={version}，但需要的是 {requirement}")
    return version


def _requires(wheel: Wheel) -> list[Requirement]:
    try:
        return [Requirement(text) for text in wheel.metadata.get_all("Requires-Dist", [])]
    except InvalidRequirement as e:
        raise MakeError(f"{wheel.name} 写的依赖看不懂：{e}") from e


def _read(folder: Path, wanted: Mapping[str, str]) -> dict[str, Wheel]:
    """The wheels of these names and versions in a folder."""
    out: dict[str, Wheel] = {}
    for path in sorted(folder.glob("*.whl")):
        name, version, _, _ = parse_wheel_filename(path.name)
        if name not in wanted or Version(wanted[name]) != version:
            continue
        with zipfile.ZipFile(path) as opened:
            files = {i.filename: opened.read(i) for i in opened.infolist() if not i.is_dir()}
        told = next(data for n, data in files.items() if n.endswith(".dist-info/METADATA"))
        out[name] = Wheel(name, str(version), files, BytesParser().parsebytes(told))
    missing = [f"{name}=={version}" for name, version in wanted.items() if name not in out]
    if missing:
        raise MakeError(f"没有取到 {'、'.join(missing)}")
    return out
