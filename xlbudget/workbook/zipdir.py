"""The directory of a zip file, read with suspicion and before anything is inflated.

We read it ourselves instead of with :mod:`zipfile` because untouched members are to be written back
byte for byte, local headers included, and because every contradiction between the headers has to be
noticed: different programs would see different files in it.
"""

from __future__ import annotations

import stat
import struct
from dataclasses import dataclass

from .errors import refusal
from .limits import MB, Limits

END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
_ZIP64 = 0x0001  # id of the extra field with sizes of 64 bits
_FULL = 0xFFFFFFFF
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
STORED, DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Member:
    """One entry: where its pieces are in the file, and its central record as it was."""

    name: str
    method: int
    crc: int
    packed: int  # compressed size
    size: int  # inflated size, as declared
    start: int  # of the local header
    data: int  # of the compressed bytes
    end: int  # behind the data and its descriptor
    central: bytes  # the central record; 64-bit sizes rewritten to 32 bits
    folder: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """All members in the order of the central directory, and what stands behind it (end record, comment)."""

    members: tuple[Member, ...]
    end: bytes  # the end record with its comment


@dataclass(frozen=True, slots=True)
class _End:
    count: int
    size: int
    offset: int
    start: int  # of the first end record, where the central directory must stop
    record: bytes


def read_directory(data: bytes, limits: Limits) -> Directory:
    """Members of a zip file, or :class:`WorkbookRefused` when it is broken, hostile or too large."""
    end = _end_record(data)
    if end.count > limits.members:
        raise refusal("zip-members", count=end.count, limit=limits.members)
    members: list[Member] = []
    at = end.offset
    for _ in range(end.count):
        member, at = _central_record(data, at, end.start)
        members.append(member)
    if at != end.start:
        raise refusal("zip-damaged", what="压缩目录长度不符")
    _check_names(members)
    _check_places(members, end.offset)
    _check_sizes(members, limits)
    return Directory(tuple(members), end.record)


def _end_record(data: bytes) -> _End:
    at = data.rfind(b"PK\5\6", max(0, len(data) - 0xFFFF - END.size))
    if at < 0 or at + END.size > len(data):
        raise refusal("truncated")
    _, disk, disk2, here, count, size, offset, comment = END.unpack_from(data, at)
    if disk or disk2 or here != count:
        raise refusal("zip-damaged", what="是分卷压缩的一部分")
    record = data[at : at + END.size + comment]
    start = at
    if count == 0xFFFF or size == _FULL or offset == _FULL:
        count, size, offset, start = _end_record64(data, at)
    if offset + size != start:
        raise refusal("zip-damaged", what="压缩目录位置不符")
    return _End(count, size, offset, start, record)


def _end_record64(data: bytes, at: int) -> tuple[int, int, int, int]:
    locator = at - LOCATOR64.size
    if locator < 0 or data[locator : locator + 4] != b"PK\6\7":
        raise refusal("zip-damaged", what="压缩目录位置不符")
    start = LOCATOR64.unpack_from(data, locator)[2]
    if start + END64.size > locator or data[start : start + 4] != b"PK\6\6":
        raise refusal("zip-damaged", what="压缩目录位置不符")
    count, size, offset = END64.unpack_from(data, start)[7:10]
    return count, size, offset, start


def _central_record(data: bytes, at: int, stop: int) -> tuple[Member, int]:
    if at + CENTRAL.size > stop or data[at : at + 4] != b"PK\1\2":
        raise refusal("zip-damaged", what="压缩目录不完整")
    fields = CENTRAL.unpack_from(data, at)
    system, flags, method = fields[2], fields[5], fields[6]
    crc, packed, size, name_len, extra_len, comment_len = fields[9:15]
    attributes, start = fields[17], fields[18]
    name_at = at + CENTRAL.size
    after = name_at + name_len + extra_len + comment_len
    if after > stop:
        raise refusal("zip-damaged", what="压缩目录不完整")
    raw_name = data[name_at : name_at + name_len]
    name = _decode(raw_name)
    if flags & _ENCRYPTED:
        raise refusal("zip-password")
    if method not in (STORED, DEFLATED):
        raise refusal("zip-method", part=name)
    if system == 3 and stat.S_ISLNK(attributes >> 16):
        raise refusal("zip-link", part=name)
    central = data[at:after]
    if _FULL in (packed, size, start):
        extra = data[name_at + name_len : name_at + name_len + extra_len]
        packed, size, start, rest = _sizes64(extra, packed, size, start)
        comment = data[name_at + name_len + extra_len : after]
        head = CENTRAL.pack(*fields[:10], packed, size, name_len, len(rest), *fields[14:18], start)
        central = head + raw_name + rest + comment
    data_at, end = _local_header(data, start, raw_name, method, crc, packed, size)
    return Member(name, method, crc, packed, size, start, data_at, end, central, name.endswith("/")), after


def _sizes64(extra: bytes, packed: int, size: int, start: int) -> tuple[int, int, int, bytes]:
    """The three sizes with their 64-bit values put in, and the extra fields without them."""
    values: list[int] = []
    rest = b""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        body = extra[at + 4 : at + 4 + length]
        if tag == _ZIP64:
            values = list(struct.unpack(f"<{length // 8}Q", body[: length // 8 * 8]))
        else:
            rest += extra[at : at + 4 + length]
        at += 4 + length
    out = []
    for value in (size, packed, start):
        if value == _FULL:
            if not values:
                raise refusal("zip-damaged", what="压缩目录不完整")
            value = values.pop(0)
            if value >= _FULL:
                raise refusal("zip-damaged", what="压缩目录中的大小不可信")
        out.append(value)
    return out[1], out[0], out[2], rest


def _local_header(
    data: bytes, start: int, raw_name: bytes, method: int, crc: int, packed: int, size: int
) -> tuple[int, int]:
    """Where the data of a member begins and where the member ends; both headers must agree."""
    name = _decode(raw_name)
    if start + LOCAL.size > len(data) or data[start : start + 4] != b"PK\3\4":
        raise refusal("member-damaged", part=name, what="找不到")
    _, _, flags, method2, _, _, crc2, packed2, size2, name_len, extra_len = LOCAL.unpack_from(data, start)
    name_at = start + LOCAL.size
    data_at = name_at + name_len + extra_len
    end = data_at + packed
    if data[name_at : name_at + name_len] != raw_name or method2 != method or end > len(data):
        raise refusal("member-damaged", part=name, what="的前后记录不一致")
    if flags & _DESCRIPTOR:
        return data_at, end + _descriptor(data, end, name, crc, packed, size)
    if _FULL in (packed2, size2):
        extra = data[name_at + name_len : data_at]
        packed2, size2, _, _ = _sizes64(extra, packed2, size2, 0)
    if (crc2, packed2, size2) != (crc, packed, size):
        raise refusal("member-damaged", part=name, what="的前后记录不一致")
    return data_at, end


def _descriptor(data: bytes, at: int, name: str, crc: int, packed: int, size: int) -> int:
    """Length of the record behind the data that repeats its checksum and sizes (four layouts exist)."""
    for mark in (b"PK\7\10", b""):
        for layout in ("<L2L", "<L2Q"):
            wanted = mark + struct.pack(layout, crc, packed, size)
            if data.startswith(wanted, at):
                return len(wanted)
    raise refusal("member-damaged", part=name, what="的前后记录不一致")


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _check_names(members: list[Member]) -> None:
    seen: set[str] = set()
    for m in members:
        odd = not m.name or m.name.startswith("/") or "\\" in m.name or ":" in m.name
        if odd or not m.name.isprintable() or any(p in ("..", ".") for p in m.name.split("/")):
            raise refusal("zip-name", part=m.name)
        key = m.name.lower()
        if key in seen:
            raise refusal("zip-twice", part=m.name)
        seen.add(key)


def _check_places(members: list[Member], directory: int) -> None:
    """No two members share a byte, and none reaches into the directory."""
    end = 0
    for m in sorted(members, key=lambda m: m.start):
        if m.start < end:
            raise refusal("zip-overlap", part=m.name)
        end = m.end
    if end > directory:
        raise refusal("zip-damaged", what="压缩目录位置不符")


def _check_sizes(members: list[Member], limits: Limits) -> None:
    total = sum(m.size for m in members)
    if total > limits.inflated_size:
        raise refusal("zip-size", size=total // MB, limit=limits.inflated_size // MB)
    for m in members:
        if m.size > limits.ratio_from and m.size > limits.ratio * m.packed:
            raise refusal("zip-ratio", part=m.name, size=m.size // MB)
