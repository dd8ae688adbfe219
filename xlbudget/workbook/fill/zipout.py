"""Writing a package from members that may be compressed long before: constant parts are packed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlbudget.workbook.deflate import crc32, deflate, deflate_open, deflate_small
from xlbudget.workbook.zipdir import CENTRAL, DEFLATED, END, LOCAL

_DATE = 0x21  # 1980-01-01 00:00:00
_VERSION = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One compressed part, ready to be written at any place of a file."""

    name: bytes
    crc: int
    size: int
    packed: bytes


def member(name: str, content: bytes) -> Member:
    """Compress one part; its name is ASCII, as all names of parts that we make are."""
    return Member(name.encode("ascii"), crc32(content), len(content), deflate(content))


def constant_member(name: str, content: bytes) -> Member:
    """A part that is compressed once for many files."""
    return Member(name.encode("ascii"), crc32(content), len(content), deflate_small(content))


@dataclass(frozen=True, slots=True)
class Tail:
    """The unchanging end of a part, compressed once."""

    content: bytes
    packed: bytes

    @classmethod
    def of(cls, content: bytes) -> Tail:
        return cls(content, deflate_small(content))


def member_with_tail(name: str, front: bytes, tail: Tail) -> Member:
    """A part whose front is compressed now; the compressed tail is put behind it as it is."""
    crc = crc32(tail.content, crc32(front))
    packed = deflate_open(front) + tail.packed
    return Member(name.encode("ascii"), crc, len(front) + len(tail.content), packed)


def archive(members: Iterable[Member]) -> bytes:
    """The file, with fixed dates: equal members give equal bytes."""
    body: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for m in members:
        numbers = (m.crc, len(m.packed), m.size, len(m.name))
        body += (LOCAL.pack(b"PK\3\4", _VERSION, 0, DEFLATED, 0, _DATE, *numbers, 0), m.name, m.packed)
        directory += (
            CENTRAL.pack(
                b"PK\1\2", _VERSION, 0, _VERSION, 0, 0, DEFLATED, 0, _DATE, *numbers, 0, 0, 0, 0, 0, at
            ),
            m.name,
        )
        at += LOCAL.size + len(m.name) + len(m.packed)
    index = b"".join(directory)
    count = len(directory) // 2
    end = END.pack(b"PK\5\6", 0, 0, count, count, len(index), at, 0)
    return b"".join([*body, index, end])
