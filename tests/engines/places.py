"""Addresses of cells: letters, areas, and what Excel takes for one."""

from __future__ import annotations

import re

from .store import Box
from .windows import refused

LAST_ROW, LAST_COL = 1048576, 16384
_AREA = re.compile(r"\$?([A-Z]{1,3})?\$?(\d{1,7})?(?::\$?([A-Z]{1,3})?\$?(\d{1,7})?)?", re.IGNORECASE)


def number_of(letters: str) -> int:
    out = 0
    for ch in letters.upper():
        out = out * 26 + ord(ch) - 64
    return out


def letters_of(col: int) -> str:
    out = ""
    while col:
        col, rest = divmod(col - 1, 26)
        out = chr(65 + rest) + out
    return out


def boxes(address: str) -> list[Box]:
    """The areas of an address; Excel takes at most 255 characters."""
    if len(address) > 255:
        raise refused("方法“Range”作用于对象“_Worksheet”时失败")
    out = []
    for text in address.split(","):
        m = _AREA.fullmatch(text.strip())
        if m is None or not any(m.groups()):
            raise refused("方法“Range”作用于对象“_Worksheet”时失败")
        col, row = number_of(m[1]) if m[1] else 1, int(m[2]) if m[2] else 1
        col2 = number_of(m[3] or m[1]) if m[1] else LAST_COL
        row2 = int(m[4] or m[2]) if m[2] else LAST_ROW
        out.append((min(row, row2), min(col, col2), max(row, row2), max(col, col2)))
    return out


def text_of(box: Box) -> str:
    first, last = (f"${letters_of(c)}${r}" for r, c in (box[:2], box[2:]))
    return first if first == last else f"{first}:{last}"
