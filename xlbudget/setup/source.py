"""An installation bundle: what it says of itself, and whether every file is as it was made."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .errors import SetupError

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
ADDIN = "addin/xlbudget.xlam"
MODES = ("T1", "T2", "T3")
"""How the add-in reaches Python: xlwings' server, our agent, a service by HTTP (needs no Python here)."""

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+]{0,30}")
_BROKEN = "安装包不完整或在传送中损坏：{}；请重新下载或重新拷贝安装包，解压后再安装"


@dataclass(frozen=True, slots=True)
class Bundle:
    """``tags`` are the Pythons its files fit (cp311 …); ``python`` the version of the one inside, or ""."""

    folder: Path
    version: str
    tags: tuple[str, ...]
    python: str
    mode: str
    service: str
    sums: Mapping[str, str]

    def wanted(self, mode: str, tag: str) -> dict[str, str]:
        """The files that an installation of this mode copies for a Python of this tag, with their SHA-256."""
        if mode == "T3":
            parts = {"addin", "licences"}
        else:
            parts = {"addin", "licences", "dll", "python", "site", f"site-{tag}"}
        return {name: h for name, h in self.sums.items() if name.partition("/")[0] in parts and "/" in name}

    def size(self, names: Iterable[str]) -> int:
        return sum((self.folder / name).stat().st_size for name in names)

    def pythons(self) -> str:
        return "、".join(f"{tag[2]}.{tag[3:]}" for tag in self.tags)


def open_bundle(folder: Path) -> Bundle:
    """Raises SetupError when the folder is no bundle, or its lists cannot be read."""
    try:
        sums = read_sums((folder / SUMS).read_bytes())
        told = json.loads((folder / MANIFEST).read_bytes())
        bundle = Bundle(
            folder,
            version=str(told["version"]),
            tags=tuple(map(str, told["tags"])),
            python=str(told.get("python") or ""),
            mode=str(told.get("mode") or "T1"),
            service=str(told.get("service") or ""),
            sums=sums,
        )
    except FileNotFoundError as e:
        name = Path(e.filename).name
        raise SetupError(f"“{folder}”里没有 {name}，不是安装包；请先把安装包全部解压") from e
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise SetupError(_BROKEN.format(f"{MANIFEST} 或 {SUMS} 读不了")) from e
    if not _VERSION.fullmatch(bundle.version) or bundle.mode not in MODES:
        raise SetupError(_BROKEN.format(f"{MANIFEST} 的内容不对"))
    return bundle


def read_sums(raw: bytes) -> dict[str, str]:
    """Name → SHA-256, as ``sha256sum`` writes them. Raises ValueError for names leading out of the folder."""
    out = {}
    for line in raw.decode("utf-8").splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(line)
        name = found[2]
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or set(name) & set('\\:*?"<>|'):
            raise ValueError(name)
        out[name] = found[1]
    return out


def write_sums(sums: Mapping[str, str]) -> bytes:
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def first_damaged(folder: Path, sums: Mapping[str, str]) -> str:
    """The first file that is missing or is not what it should be; "" when all are right."""
    for name, expected in sums.items():
        try:
            if sha256(folder / name) != expected:
                return name
        except OSError:
            return name
    return ""


def verify(bundle: Bundle) -> None:
    """Raises SetupError naming the file when anything of the bundle is not as it was made.

    This finds damage on the way; whoever can change the files can change the list too.
    """
    name = first_damaged(bundle.folder, bundle.sums)
    if name:
        raise SetupError(_BROKEN.format(f"文件“{name}”与清单不符"))


def sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
