"""Packages as files of the bundle: what every Python shares in ``site``, the rest in ``site-cp311`` …"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from . import Files, MakeError
from .prune import kept
from .wheels import Wheel

_DATA = re.compile(r"[^/]+\.data/(\w+)/(.+)")
_LICENCE = re.compile(
    r"[^/]+\.dist-info/(?:licenses/)?((?:.*/)?(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)", re.I
)
_COPYLEFT = re.compile(r"(?<![A-Za-z])A?GPL|GNU (Affero )?General Public", re.I)


def site_files(by_tag: Mapping[str, Sequence[Wheel]]) -> Files:
    """The packages of each tag (cp311 …) laid out, without what nobody needs; xlwings' DLLs in ``dll``.

    A package lies in ``site`` when its files are the same for all tags, apart from those whose names carry
    the tag. One that differs (pywin32) lies in a folder per tag, each with all of it.
    """
    out: Files = {}
    names = sorted({w.name for wheels in by_tag.values() for w in wheels})
    for name in names:
        laid = {tag: _laid_out(w) for tag, wheels in by_tag.items() for w in wheels if w.name == name}
        merged: Files = {}
        for files in laid.values():
            merged = files | merged
        if all(_same(data, merged[n], n) for files in laid.values() for n, data in files.items()):
            _add(out, {_in("site", n): data for n, data in merged.items()})
        else:
            for tag, files in laid.items():
                _add(out, {_in(f"site-{tag}", n): data for n, data in files.items()})
    return out


def _same(one: bytes, other: bytes, name: str) -> bool:
    """Equal, or a description, in which builds of one version differ without meaning."""
    return one == other or name.endswith(".dist-info/METADATA")


def _in(folder: str, name: str) -> str:
    return name if name.startswith("dll/") else f"{folder}/{name}"


def _add(out: Files, more: Files) -> None:
    for name, data in more.items():
        if out.setdefault(name, data) != data:
            raise MakeError(f"两个软件包都有文件“{name}”，而内容不同")


def _laid_out(wheel: Wheel) -> Files:
    """A wheel's files where Python finds them."""
    out: Files = {}
    for name, data in wheel.files.items():
        if not kept(wheel.name, name) or _LICENCE.fullmatch(name):
            continue
        found = _DATA.fullmatch(name)
        if found is None:
            out[name] = data
        elif found[1] in ("purelib", "platlib"):
            out[found[2]] = data
        elif found[1] == "data" and found[2].lower().endswith(".dll"):
            out[f"dll/{found[2]}"] = data
    return out


def licences(wheels: Sequence[Wheel]) -> tuple[Files, list[dict[str, str]]]:
    """The licence texts, and for each package its name, version and licence in a word.

    Raises MakeError for one under the GPL or AGPL, whose terms would reach over to the rest.
    """
    files: Files = {}
    told: list[dict[str, str]] = []
    for w in sorted(wheels, key=lambda w: w.name):
        licence = _licence(w)
        if _COPYLEFT.search(licence):
            raise MakeError(f"{w.name} {w.version} 的许可证是“{licence}”，不能放进安装包")
        told.append({"name": w.name, "version": w.version, "licence": licence})
        for name, data in w.files.items():
            found = _LICENCE.fullmatch(name)
            if found and kept(w.name, name):
                files[f"licences/{w.name}-{w.version}/{found[1]}"] = data
    table = "".join(f"{p['name']}\t{p['version']}\t{p['licence']}\r\n" for p in told)
    files["licences/README.txt"] = f"name\tversion\tlicence\r\n{table}".encode()
    return files, told


def _licence(wheel: Wheel) -> str:
    meta = wheel.metadata
    said = meta.get("License-Expression") or ""
    old = (meta.get("License") or "").strip().splitlines()
    kinds = [c.rpartition(" :: ")[2] for c in meta.get_all("Classifier", []) if c.startswith("License ::")]
    return str(said or ", ".join(kinds) or (old[0] if old else "") or "?")
