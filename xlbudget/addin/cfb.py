"""A compound file: [MS-CFB] version 3, sectors of 512 bytes. Only what a VBA project needs.

All times and class ids are zero, so equal streams give equal bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .errors import AddinError

Tree: TypeAlias = "Mapping[str, bytes | Tree]"
"""Streams and storages by name."""

SECTOR, MINI, CUTOFF = 512, 64, 4096  # streams below the cut-off share the mini stream (2.2)
FREE, END, FAT_ITSELF, NO_ENTRY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
IN_HEADER = 109  # FAT sectors that the header can name (2.2); more would need DIFAT sectors
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1


@dataclass
class _Entry:
    """A directory entry (2.6.1)."""

    name: str
    kind: int
    data: bytes = b""
    colour: int = _BLACK
    left: int = NO_ENTRY
    right: int = NO_ENTRY
    child: int = NO_ENTRY
    start: int = 0
    size: int = 0

    def pack(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<BBIII", self.kind, self.colour, self.left, self.right, self.child)
        place = struct.pack("<16xI8x8xIQ", 0, self.start, self.size)
        return name.ljust(64, b"\0") + struct.pack("<H", len(name)) + links + place


_UNUSED = bytes(68) + struct.pack("<III", NO_ENTRY, NO_ENTRY, NO_ENTRY) + bytes(48)


@dataclass
class _Sectors:
    """The sectors of the file and the FAT that chains them (2.3)."""

    size: int
    fat: list[int] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    def put(self, data: bytes) -> int:
        """Append a chain; gives its first sector."""
        if not data:
            return END
        first, count = len(self.fat), -(-len(data) // self.size)
        self.fat += [*range(first + 1, first + count), END]
        self.body += data.ljust(count * self.size, b"\0")
        return first


def compound_file(tree: Tree) -> bytes:
    """The file with these streams and storages.

    Raises :class:`AddinError` for names that the format cannot hold and for more than about 7 MB.
    """
    entries = _directory(tree)
    sectors, mini = _Sectors(SECTOR), _Sectors(MINI)
    for entry in entries:
        if entry.kind == _STREAM:
            entry.size = len(entry.data)
            entry.start = (mini if entry.size < CUTOFF else sectors).put(entry.data)
    mini_fat = _padded(struct.pack(f"<{len(mini.fat)}I", *mini.fat), b"\xff")
    mini_fat_start = sectors.put(mini_fat)
    entries[0].start, entries[0].size = sectors.put(bytes(mini.body)), len(mini.body)
    raw = b"".join(entry.pack() for entry in entries)
    directory_start = sectors.put(raw + _UNUSED * (-len(raw) % SECTOR // 128))
    fat, fat_sectors = _finished(sectors.fat)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        *(0x3E, 3, 0xFFFE, 9, 6),  # minor and major version, byte order, sizes of a sector and a mini sector
        *(0, len(fat_sectors), directory_start, 0, CUTOFF),
        *(mini_fat_start, len(mini_fat) // SECTOR, END, 0),
    )
    named = fat_sectors + [FREE] * (IN_HEADER - len(fat_sectors))
    return header + struct.pack(f"<{IN_HEADER}I", *named) + bytes(sectors.body) + fat


def _finished(chains: list[int]) -> tuple[bytes, list[int]]:
    """The FAT with its own sectors in it, and which sectors those are."""
    per_sector, count = SECTOR // 4, 0
    while count * per_sector < len(chains) + count:
        count += 1
    if count > IN_HEADER:
        raise AddinError("VBA 工程太大：超过了 7 MB，复合文件的文件头放不下")
    own = list(range(len(chains), len(chains) + count))
    table = chains + [FAT_ITSELF] * count
    table += [FREE] * (count * per_sector - len(table))
    return struct.pack(f"<{len(table)}I", *table), own


def _padded(data: bytes, filler: bytes) -> bytes:
    return data + filler * (-len(data) % SECTOR)


# ---- the directory: every storage is a red-black tree of its children (2.6.4) ----


def _directory(tree: Tree) -> list[_Entry]:
    entries = [_Entry("Root Entry", _ROOT)]
    _add_children(entries, 0, tree)
    return entries


def _add_children(entries: list[_Entry], parent: int, tree: Tree) -> None:
    own: list[int] = []
    storages: list[tuple[int, Tree]] = []
    for name, content in tree.items():
        _check(name)
        own.append(len(entries))
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            storages.append((len(entries), content))
            entries.append(_Entry(name, _STORAGE))
    own.sort(key=lambda i: (len(entries[i].name), entries[i].name.upper()))
    if len({entries[i].name.upper() for i in own}) < len(own):
        raise AddinError("复合文件里有两个同名的流")
    entries[parent].child = _balanced(entries, own, 0, len(own).bit_length() - 1)
    for i, below in storages:
        _add_children(entries, i, below)


def _balanced(entries: list[_Entry], own: list[int], level: int, last: int) -> int:
    """A tree whose levels are full but for the last: black, with the entries of that last level red."""
    if not own:
        return NO_ENTRY
    middle = len(own) // 2
    top = entries[own[middle]]
    top.left = _balanced(entries, own[:middle], level + 1, last)
    top.right = _balanced(entries, own[middle + 1 :], level + 1, last)
    top.colour = _RED if level == last > 0 else _BLACK
    return own[middle]


def _check(name: str) -> None:
    if not name.isascii() or not 0 < len(name) < 32 or set(name) & set("/\\:!"):
        raise AddinError(f"复合文件里不能有这个名称：{name}")
