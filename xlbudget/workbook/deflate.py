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


def crc32(data: bytes) -> int:
    """The checksum that zip directories hold."""
    return int(_z.crc32(data))


def deflate(data: bytes) -> bytes:
    """Raw deflate stream, fast rather than small; the same input always gives the same bytes."""
    out = _z.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return bytes(out.compress(data) + out.flush())


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
