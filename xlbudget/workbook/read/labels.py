"""Labels of forms as people type them, brought to one spelling, and how alike two of them are.

A retyped or converted form shows the official captions with other brackets, blanks, line breaks, units
or scores behind them, and with letters doubled by the conversion (上上年结转资金, 年初预预算数).
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

LONGEST = 60  # characters of a cell that may still be a caption
SIMILAR = 80  # percent: from here on two spellings may be the same caption

_ARTEFACT = re.compile(r"\[bookmark:[^\]]*\]?")
_INVISIBLE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff:;*、。/_]+")
_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d+[.、](?!\d))")
_SUFFIX = re.compile(r"[(\[](?:\d+(?:\.\d+)?分|元|千元|万元|亿元|单位[^)\]]*|[A-Za-z\d=×÷+.%-]{1,12})[)\]]$")
_BRACKETS = re.compile(r"[()\[\]{}<>《》【】〔〕「」『』“”\"']")
_STUTTER = re.compile(r"(.{1,4}?)\1+")


@lru_cache(maxsize=4096)
def spelling(text: str) -> str:
    """``text`` as a caption: full-width folded, without blanks, colons, brackets, units and scores."""
    out = _ARTEFACT.sub("", unicodedata.normalize("NFKC", text)).strip()
    out = _ORDINAL.sub("", out)
    out = _INVISIBLE.sub("", out.translate(_SQUARE))
    while (cut := _SUFFIX.sub("", out)) != out and cut:
        out = cut
    return _BRACKETS.sub("", out)


_SQUARE = str.maketrans("【】〔〕[]", "()()()")


@lru_cache(maxsize=4096)
def unstuttered(text: str) -> str:
    """A spelling with immediate repetitions collapsed, on both sides of a comparison alike."""
    return text if len(set(text)) == len(text) else _STUTTER.sub(r"\1", text)


@lru_cache(maxsize=16384)
def likeness(a: str, b: str) -> int:
    """How alike two spellings are, in percent, rounded down; 0 when they cannot reach :data:`SIMILAR`."""
    if not a or not b or 200 * min(len(a), len(b)) < SIMILAR * (len(a) + len(b)):
        return 0
    if 200 * len(set(a) & set(b)) < (SIMILAR - 40) * len(set(a) | set(b)):
        return 0
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    matched = sum(block.size for block in matcher.get_matching_blocks())
    percent = 200 * matched // (len(a) + len(b))
    return percent if percent >= SIMILAR else 0


def distinct(label: str, caption: str, rival: str) -> bool:
    """Whether ``label`` bears what tells ``caption`` from ``rival`` (全 in 全年预算数 against 初).

    At least half of the caption's own characters must be there, and none of those that only the rival has.
    """
    own, other, there = set(caption) - set(rival), set(rival) - set(caption), set(label)
    return 2 * len(own & there) >= len(own) and not other & there
