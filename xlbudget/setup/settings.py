"""``settings.txt``: what the add-in reads where its own settings sheet is blank.

One ``key=value`` a line, in ASCII whatever the code page: other characters and the backslash are written as
``\\uXXXX`` (UTF-16 units), exactly as on the wire between the add-in and Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .errors import SetupError

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_PLAIN = re.compile(r"[^ -\[\]-~]")


def read_settings(raw: bytes) -> dict[str, str]:
    """The settings of a file; lines that are none are dropped."""
    out: dict[str, str] = {}
    for line in raw.decode("ascii", "replace").splitlines():
        key, found, value = line.partition("=")
        if found and key.strip():
            out[key.strip()] = _unescape(value.strip())
    return out


def write_settings(settings: Mapping[str, str]) -> bytes:
    """The bytes of the file; blank values are left out, the default holds for them."""
    lines = (f"{key}={_escape(value)}\r\n" for key, value in settings.items() if value)
    return "".join(lines).encode("ascii")


def read_token(raw: bytes) -> str:
    """The token of a file that a person made, perhaps with Notepad. Raises SetupError when it has none."""
    try:
        words = raw.decode("utf-8-sig").split()
    except UnicodeDecodeError:
        words = []
    if len(words) != 1 or not words[0].isascii():
        raise SetupError("口令文件里应当只有一行口令（英文字母、数字和符号，中间没有空格）")
    return words[0]


def _escape(text: str) -> str:
    return _PLAIN.sub(_units, text)


def _units(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{raw[i]:02x}{raw[i + 1]:02x}" for i in range(0, len(raw), 2))


def _unescape(text: str) -> str:
    whole = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
    return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
