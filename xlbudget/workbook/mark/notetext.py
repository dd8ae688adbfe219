"""The wording of a note: which lines, which of them bold, how large a box they need.

Our words begin with 【审核】 and end with 〔完〕, so that they can be told from what the user wrote into
the same note before or after them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from xlbudget.workbook.patch import Mark

from .look import SEVERITIES, TONES, rank
from .outline import content

OPENING, CLOSING = "【审核】", "〔完〕"
OURS = re.compile(rf"\n?{OPENING}(?:.*?{CLOSING}|.*)", re.DOTALL)
_HEADING = 40  # a longer first line is no heading
_NARROW, _WIDE = 300, 420  # pixels
_LINE, _DIGIT = 16, 6  # pixels of a line and of half a Chinese character at 9 pt
_TALLEST = 560


@dataclass(frozen=True, slots=True)
class NoteText:
    """The note of one cell: its sections (heading, body, severity), the worst first."""

    sections: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, marks: Sequence[Mark]) -> NoteText:
        """Join the marks of a cell into one note; equal notes are said once."""
        ordered = sorted(marks, key=lambda m: rank(m.severity))
        sections = dict.fromkeys(s for m in ordered for s in _sections(m))
        return cls(tuple(sections))

    @property
    def severity(self) -> str:
        return self.sections[0][2]

    @property
    def plain(self) -> str:
        """What a reader sees."""
        return OPENING + "\n\n".join(h + (f"\n{b}" if b else "") for h, b, _ in self.sections) + CLOSING

    def runs(self, prefix: bytes, after_text: bool) -> bytes:
        """The text runs; ``after_text`` starts them on a line of their own."""
        out = b""
        for k, (heading, body, severity) in enumerate(self.sections):
            if k:
                first = "\n\n"
            else:
                first = f"\n{OPENING}" if after_text else OPENING
            last = CLOSING if k == len(self.sections) - 1 else ""
            end = "" if body else last
            out += _run(f"{first}{heading}{end}", TONES[severity].text, bold=True)
            if body:
                out += _run(f"\n{body}{last}", b"FF000000", bold=False)
        return out.replace(b"@", prefix)

    def size(self) -> tuple[int, int]:
        """Width and height in pixels of a box in which the whole text can be read."""
        return box_size(self.plain)


def box_size(text: str) -> tuple[int, int]:
    """Width and height in pixels of a box in which a text can be read."""
    across = [columns(line) for line in text.split("\n")]
    height = _height(across, _NARROW)
    if height <= _TALLEST:
        return _NARROW, height
    return _WIDE, min(_height(across, _WIDE), 2 * _TALLEST)


def _height(across: Sequence[int], width: int) -> int:
    """Pixels that lines of these widths take in a box so many pixels wide."""
    per_line = (width - 16) // _DIGIT
    lines = sum(-(-line // per_line) or 1 for line in across)
    return max(4, lines + 1) * _LINE


class _Widths(dict[str, int]):
    """Characters met so far with their widths."""

    def __missing__(self, ch: str) -> int:
        width = self[ch] = 2 if unicodedata.east_asian_width(ch) in "WFA" else 1
        return width


_width = _Widths().__getitem__


@lru_cache(maxsize=4096)
def columns(text: str) -> int:
    """Width of a line in halves of a Chinese character."""
    return sum(map(_width, text))


def words(mark: Mark) -> str:
    """The label without arrow and severity word: usually the rule's number."""
    text = mark.label.strip().lstrip("◀").strip()
    for severity in SEVERITIES:
        text = text.removeprefix(severity)
    return text.strip(" ：:")


def _sections(mark: Mark) -> list[tuple[str, str, str]]:
    """A mark's headings and bodies; paragraphs of its note are apart by an empty line."""
    note = mark.note.replace("\r\n", "\n").replace(CLOSING, "").replace(OPENING, "").strip()
    return [_section(mark, paragraph.strip()) for paragraph in note.split("\n\n")]


def _section(mark: Mark, paragraph: str) -> tuple[str, str, str]:
    """A short first line serves as the heading; it may name a severity of its own, as 【核实】."""
    severity = SEVERITIES[rank(mark.severity)]
    first, _, rest = paragraph.partition("\n")
    if rest and len(first) <= _HEADING:
        own = next((s for s in SEVERITIES if first.startswith(f"【{s}】")), severity)
        return first, rest.strip(), own
    return f"{severity} {words(mark)}".strip(), paragraph, severity


def _run(text: str, color: bytes, bold: bool) -> bytes:
    weight = b"<@b/>" if bold else b""
    return (
        b'<@r><@rPr>%s<@sz val="9"/><@color rgb="%s"/><@rFont val="%s"/><@family val="3"/>'
        b'<@charset val="134"/></@rPr><@t xml:space="preserve">%s</@t></@r>'
        % (weight, color, "宋体".encode(), content(text).replace(b"@", b"&#64;"))
    )
