"""A strict reader of compound files: what [MS-CFB] demands of a version 3 file is asserted on the way."""

from __future__ import annotations

import struct
from typing import NamedTuple

FREE, END, FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5


class Entry(NamedTuple):
    name: str
    kind: int
    colour: int
    left: int
    right: int
    child: int
    start: int
    size: int

    @property
    def key(self) -> tuple[int, str]:
        return len(self.name), self.name.upper()


class Compound:
    """The streams of a file by path, ``VBA/dir``. Raises AssertionError where the file breaks a rule."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.used: set[int] = set()
        self.used_mini: set[int] = set()
        self.streams: dict[str, bytes] = {}
        directory, mini_fat = self._header()
        self.mini_fat = [x for s in self._chain(mini_fat) for x in self._numbers(s)]
        self.entries = [self._entry(raw) for s in self._chain(directory) for raw in self._quarters(s)]
        root = self.entries[0]
        assert (root.name, root.kind, root.left, root.right) == ("Root Entry", ROOT, NONE, NONE)
        self.mini = b"".join(map(self._sector, self._chain(root.start)))
        self._storage(root, "")
        assert self.used == set(range(self.count)), "sectors of nobody"
        assert len(self.used_mini) * 64 == root.size, "mini sectors of nobody"

    def _header(self) -> tuple[int, int]:
        signature, clsid, *rest = struct.unpack("<8s16s5H6s9I", self.data[:76])
        assert (signature.hex(), clsid) == ("d0cf11e0a1b11ae1", bytes(16))
        assert rest[:5] == [0x3E, 3, 0xFFFE, 9, 6]
        (
            reserved,
            dir_sectors,
            fat_sectors,
            directory,
            transaction,
            cutoff,
            mini_fat,
            mini_sectors,
            difat,
            n,
        ) = rest[5:]
        assert (reserved, dir_sectors, transaction, cutoff, difat, n) == (bytes(6), 0, 0, 4096, END, 0)
        self.count, rest_of_file = divmod(len(self.data) - 512, 512)
        assert rest_of_file == 0
        named = [s for s in struct.unpack("<109I", self.data[76:512]) if s != FREE]
        assert len(named) == fat_sectors
        self.fat = [x for s in named for x in self._numbers(s)]
        assert all(x == FREE for x in self.fat[self.count :])
        assert [s for s in range(self.count) if self.fat[s] == FAT] == sorted(named)
        self.used |= set(named)
        assert (mini_fat == END) == (mini_sectors == 0)
        return directory, mini_fat

    def _sector(self, number: int) -> bytes:
        return self.data[512 + number * 512 : 1024 + number * 512]

    def _numbers(self, number: int) -> tuple[int, ...]:
        return struct.unpack("<128I", self._sector(number))

    def _quarters(self, number: int) -> list[bytes]:
        return [self._sector(number)[i : i + 128] for i in range(0, 512, 128)]

    def _chain(self, sector: int) -> list[int]:
        found = []
        while sector != END:
            assert sector < self.count
            assert sector not in self.used, "a sector of two chains"
            self.used.add(sector)
            found.append(sector)
            sector = self.fat[sector]
        return found

    def _entry(self, raw: bytes) -> Entry:
        length, kind, colour, *links = struct.unpack("<HBBIII", raw[64:80])
        clsid_and_times, start, size = struct.unpack("<36sIQ", raw[80:])
        assert clsid_and_times == bytes(36)
        if kind == 0:
            assert raw[:68] == bytes(68)
            assert (links, start, size) == ([NONE] * 3, 0, 0)
            return Entry("", 0, 0, *links, 0, 0)
        assert raw[length - 2 : 64] == bytes(66 - length), "a name ends in zeros"
        return Entry(raw[: length - 2].decode("utf-16-le"), kind, colour, *links, start, size)

    def _storage(self, entry: Entry, path: str) -> None:
        if entry.child == NONE:
            return
        assert self.entries[entry.child].colour == 1, "the top of a tree is black"
        children: list[Entry] = []
        self._tree(entry.child, children, red_above=False)
        assert [c.key for c in children] == sorted({c.key for c in children})
        for child in children:
            if child.kind == STORAGE:
                assert (child.start, child.size) == (0, 0)
                self._storage(child, f"{path}{child.name}/")
            else:
                assert (child.kind, child.child) == (STREAM, NONE)
                self.streams[path + child.name] = self._stream(child)

    def _tree(self, number: int, children: list[Entry], red_above: bool) -> int:
        """Walks a red-black tree in order; gives its black height."""
        if number == NONE:
            return 1
        entry = self.entries[number]
        red = entry.colour == 0
        assert not (red and red_above), "red below red"
        left = self._tree(entry.left, children, red)
        children.append(entry)
        right = self._tree(entry.right, children, red)
        assert left == right, "black heights differ"
        return left + (not red)

    def _stream(self, entry: Entry) -> bytes:
        if entry.size >= 4096:
            sectors = self._chain(entry.start)
            assert len(sectors) == -(-entry.size // 512)
            return b"".join(map(self._sector, sectors))[: entry.size]
        data, sector = b"", entry.start
        while sector != END:
            assert sector not in self.used_mini
            self.used_mini.add(sector)
            data += self.mini[sector * 64 : sector * 64 + 64]
            sector = self.mini_fat[sector]
        assert len(data) == -(-entry.size // 64) * 64
        return data[: entry.size]
