"""The typographic variants of typed Chinese text, brought to one form before anything is parsed.

Deliberately less than Unicode's compatibility folding, which would turn ① into 1 and ㎡ into m2.
"""

from __future__ import annotations

import re

LONGEST = 100
"""Characters of a text that is still read as one figure, quantity or date; longer ones are prose."""

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width ！ to ～
_MINUS = dict.fromkeys(map(ord, "−﹣"), "-")
_COMMA = {ord("﹐"): ","}
_PERCENT = {ord("﹪"): "%"}
_YEN = {ord("￥"): "¥"}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))  # zero-width characters vanish
_FOLD = {**_WIDE, **_MINUS, **_COMMA, **_PERCENT, **_YEN, **_INVISIBLE}

_BLANKS = re.compile(r"\s+")  # includes no-break and ideographic spaces


def fold(text: str) -> str:
    """Half-width digits, letters and signs; one minus, one ¥; blanks single, none at the ends."""
    return _BLANKS.sub(" ", text.translate(_FOLD)).strip()
