"""Deflate and inflate of zip members: isal where it is installed, zlib otherwise."""

from __future__ import annotations

import zlib
from typing import Any

from .errors import refusal

_z: Any
try:
    from isal import isal_zlib as _z
except ImportError:  # pragma: no cover - isal has no build for this machine
    _z = zlib
_LEVEL = 1
_ERRORS: Any = (zlib.error, _z.error)


def crc32(data: bytes, before: int = 0) -> int:
    """The checksum that zip directories hold; ``before`` is that of the data in front."""
    return int(_z.crc32(data, before))


def deflate(data: bytes) -> bytes:
    """Raw deflate stream, fast rather than small; the same input always gives the same bytes."""
    out = _z.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return bytes(out.compress(data) + out.flush())


def deflate_open(data: bytes) -> bytes:
    """A raw deflate stream that ends at a byte without ending: another stream may be put behind it."""
    out = _z.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return bytes(out.compress(data) + out.flush(zlib.Z_SYNC_FLUSH))


def deflate_small(data: bytes) -> bytes:
    """Raw deflate stream, small rather than fast: for what is compressed once and written many times."""
    out = zlib.compressobj(9, zlib.DEFLATED, -15)
    return out.compress(data) + out.flush()


def inflate(packed: bytes, size: int, name: str) -> bytes:
    """The inflated data of exactly ``size`` bytes; never produces more, whatever the stream says.

    Raises :class:`WorkbookRefused` when the stream is broken, longer or shorter than ``size``.
    """
    stream = _z.decompressobj(-15)
    try:
        out = bytes(stream.decompress(packed, size + 1))
        if len(out) == size and not stream.eof:  # the end mark may need one more look
            out += bytes(stream.decompress(stream.unconsumed_tail, 1))
    except _ERRORS:
        raise refusal("member-damaged", part=name, what="无法解压") from None
    if len(out) != size or not stream.eof:
        raise refusal("member-damaged", part=name, what="的实际大小与登记的不符")
    return out
