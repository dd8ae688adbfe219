"""Loading packs: TOML files of a folder, merged over the pack they extend.

A pack is a folder with ``pack.toml`` and any number of further ``*.toml`` files. A child states only its
differences: tables of a list are matched by ``id`` or ``name`` (labels by block and cell), values given
replace the parent's, ``remove = true`` takes an entry out, ``before = "name"`` (or an
id) puts a new one, or the parent's, there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from .build import build_pack
from .model import Pack, PackError

Table = dict[str, Any]


def packs_folder() -> Path:
    """The folder of the packs that come with xlbudget."""
    return Path(str(resources.files("xlbudget.packs") / "data"))


def available_packs() -> list[str]:
    return sorted(p.name for p in packs_folder().iterdir() if (p / "pack.toml").is_file())


def load_pack(which: str | Path) -> Pack:
    """Load a pack by its id, or from a folder of its own.

    Raises :class:`PackError` with the file and the entry when something in it cannot be used.
    """
    folder = Path(which)
    if not (folder / "pack.toml").is_file():
        folder = packs_folder() / str(which)
        if not (folder / "pack.toml").is_file():
            known = "、".join(available_packs())
            raise PackError(f"没有规则包“{which}”。可用的规则包：{known}；也可以给出规则包文件夹的路径")
    return _load(folder.resolve())


@lru_cache(maxsize=32)
def _load(folder: Path) -> Pack:
    tables, lineage = _read_lineage(folder, ())
    return build_pack(tables, lineage)


def _read_lineage(folder: Path, below: tuple[str, ...]) -> tuple[Table, tuple[str, ...]]:
    own = _read_folder(folder)
    own_id = str(own.get("id", folder.name))
    if own_id in below:
        raise PackError(f"规则包 {own_id} 绕了一圈又继承自己")
    for rule in own.get("rule", []):
        rule.setdefault("pack", own_id)
    parent_id = own.get("extends")
    if not parent_id:
        return own, (own_id,)
    parent_folder = folder.parent / str(parent_id)
    if not (parent_folder / "pack.toml").is_file():
        parent_folder = packs_folder() / str(parent_id)
    if not (parent_folder / "pack.toml").is_file():
        raise PackError(f"规则包 {own_id} 要继承的“{parent_id}”不存在")
    parent, lineage = _read_lineage(parent_folder, (*below, own_id))
    return merge(parent, own), (own_id, *lineage)


def _read_folder(folder: Path) -> Table:
    out: Table = {}
    for path in sorted(folder.glob("*.toml"), key=lambda p: (p.name != "pack.toml", p.name)):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
            raise PackError(f"规则包文件 {path.name} 读不懂：{e}") from e
        for key, value in table.items():
            if isinstance(value, list) and isinstance(out.get(key), list):
                out[key] = out[key] + value
            else:
                out[key] = value
    return out


_KEYS = (("id",), ("name",), ("block", "at"))


def _key(entry: Mapping[str, Any]) -> tuple[str, ...] | None:
    for keys in _KEYS:
        if all(k in entry for k in keys):
            return tuple(str(entry[k]) for k in keys)
    return None


def merge(parent: Mapping[str, Any], child: Mapping[str, Any]) -> Table:
    """The parent's tables with the child's differences laid over them. Neither is changed."""
    out = dict(parent)
    for key, value in child.items():
        old = out.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            out[key] = merge(old, value)
        elif isinstance(value, list) and isinstance(old, list) and _keyed(value) and _keyed(old):
            out[key] = _merge_list(old, value)
        else:
            out[key] = value
    return out


def _keyed(entries: Iterable[Any]) -> bool:
    return all(isinstance(e, dict) and _key(e) is not None for e in entries)


def _merge_list(parent: list[Table], child: list[Table]) -> list[Table]:
    out = list(parent)
    for entry in child:
        index = next((i for i, e in enumerate(out) if _key(e) == _key(entry)), None)
        if entry.get("remove"):
            if index is None:
                raise PackError(f"规则包要去掉的“{'/'.join(_key(entry) or ())}”在上级规则包里没有")
            del out[index]
        elif "before" in entry:
            if index is not None:
                entry = merge(out.pop(index), entry)
            out.insert(_position(out, entry["before"]), entry)
        elif index is not None:
            out[index] = merge(out[index], entry)
        else:
            out.append(entry)
    return out


def _position(entries: list[Table], name: str) -> int:
    """Where the entry of this id or name stands; the end when there is none."""
    return next((i for i, e in enumerate(entries) if name in (e.get("id"), e.get("name"))), len(entries))
