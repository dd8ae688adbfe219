"""Compression of VBA source text: [MS-OVBA] 2.4.1, the "compressed container".

A container is the byte 01 and chunks; each chunk stands for 4,096 bytes (the last may stand for fewer). In
a chunk, tokens come in groups of eight behind a byte of flags: a literal byte, or two bytes that copy an
earlier piece of the same chunk. How those two bytes are divided depends on how far into the chunk one is.
"""

from __future__ import annotations

import struct

from .errors import AddinError

CHUNK = 4096
_SIGNATURE = 0x3000  # three bits, always 011 (2.4.1.1.5)
_PACKED = 0x8000
_SHORTEST = 3  # bytes that a copy stands for at least


def compress(data: bytes) -> bytes:
    """The container of ``data``. Raises :class:`AddinError` when the last chunk cannot be made smaller."""
    return b"\x01" + b"".join(_chunk(data[i : i + CHUNK]) for i in range(0, len(data), CHUNK))


def _chunk(plain: bytes) -> bytes:
    body = _tokens(plain)
    if len(body) <= CHUNK:
        return struct.pack("<H", _PACKED | _SIGNATURE | (len(body) - 1)) + body
    if len(plain) < CHUNK:
        # A raw chunk always holds 4,096 bytes (2.4.1.3.10): the reader would see zero bytes behind the text.
        raise AddinError("VBA 文本的最后一段无法压缩，请在这个模块末尾加几行注释")
    return struct.pack("<H", _SIGNATURE | (CHUNK - 1)) + plain


def _tokens(plain: bytes) -> bytes:
    body, at, size = bytearray(), 0, len(plain)
    places = _Places(plain)
    while at < size:
        flags_at, flags = len(body), 0
        body.append(0)
        for bit in range(8):
            if at >= size:
                break
            start, length = places.longest(at)
            if length >= _SHORTEST:
                bits = offset_bits(at)
                body += struct.pack("<H", (at - start - 1) << (16 - bits) | (length - _SHORTEST))
                flags |= 1 << bit
                at += length
            else:
                body.append(plain[at])
                at += 1
        body[flags_at] = flags
    return bytes(body)


class _Places:
    """Where each three bytes of a chunk have been seen, so that not every place has to be tried."""

    def __init__(self, plain: bytes) -> None:
        self._plain = plain
        self._seen: dict[bytes, list[int]] = {}
        self._known = 0

    def longest(self, at: int) -> tuple[int, int]:
        """Start and length of the longest earlier piece that continues at ``at``, the nearest of equals."""
        plain = self._plain
        for i in range(self._known, at):
            self._seen.setdefault(plain[i : i + _SHORTEST], []).append(i)
        self._known = max(at, self._known)
        limit = min((0xFFFF >> offset_bits(at)) + _SHORTEST, len(plain) - at)
        best, where = 0, 0
        for start in reversed(self._seen.get(plain[at : at + _SHORTEST], ())):
            length = 0
            while length < limit and plain[start + length] == plain[at + length]:
                length += 1
            if length > best:
                best, where = length, start
                if best == limit:
                    break
        return where, best


def offset_bits(at: int) -> int:
    """How many bits of a copy token hold the distance, ``at`` bytes into the chunk (2.4.1.3.19.1)."""
    return max((at - 1).bit_length(), 4) if at > 1 else 4


def decompress(container: bytes) -> bytes:
    """What a container stands for. Raises :class:`AddinError` when it is none."""
    if container[:1] != b"\x01":
        raise AddinError("不是 VBA 压缩数据")
    out, at = bytearray(), 1
    while at < len(container):
        if at + 2 > len(container):
            raise AddinError("VBA 压缩数据不完整")
        head: int = struct.unpack_from("<H", container, at)[0]
        end, at = at + (head & 0xFFF) + 3, at + 2
        if head & 0x7000 != _SIGNATURE or end > len(container):
            raise AddinError("VBA 压缩数据不完整")
        out += _plain(container[at:end]) if head & _PACKED else container[at:end]
        at = end
    return bytes(out)


def _plain(body: bytes) -> bytes:
    out, at = bytearray(), 0
    while at < len(body):
        flags = body[at]
        at += 1
        for bit in range(8):
            if at >= len(body):
                break
            if not flags >> bit & 1:
                out.append(body[at])
                at += 1
                continue
            if at + 2 > len(body):
                raise AddinError("VBA 压缩数据不完整")
            token: int = struct.unpack_from("<H", body, at)[0]
            at += 2
            bits = offset_bits(len(out))
            start = len(out) - (token >> (16 - bits)) - 1
            if start < 0:
                raise AddinError("VBA 压缩数据不完整")
            for i in range((token & (0xFFFF >> bits)) + _SHORTEST):
                out.append(out[start + i])
    return bytes(out)
