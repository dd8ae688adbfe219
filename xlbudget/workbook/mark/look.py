"""How marks and our own sheets look: formats and fonts over the palette of the severities.

Colour and pattern tell the severities apart on screen and in a black-and-white print; the margin label
says it in words as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from xlbudget.workbook.ops import Look
from xlbudget.workbook.palette import PALETTE

SEVERITIES = tuple(s.value for s in PALETTE)  # 错误, 核实, 提示: worst first


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours of one severity (ARGB): fill, pattern stroke, and text on white."""

    fill: bytes
    stroke: bytes
    pattern: bytes
    text: bytes


TONES = {
    s.value: Tone(t.fill.encode(), t.stroke.encode(), t.pattern.encode(), t.text.encode())
    for s, t in PALETTE.items()
}


def rank(severity: str) -> int:
    """0 for the worst; an unknown word counts as the mildest."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES) - 1


def differential(severity: str, prefix: bytes) -> bytes:
    """The differential format that a conditional format of this severity uses."""
    t = TONES[severity]
    if t.pattern == b"solid":
        inner = b'<@patternFill patternType="solid"><@fgColor rgb="%s"/><@bgColor rgb="%s"/></@patternFill>'
        inner %= (t.fill, t.fill)
    else:
        inner = b'<@patternFill patternType="%s"><@fgColor rgb="%s"/><@bgColor rgb="%s"/></@patternFill>'
        inner %= (t.pattern, t.stroke, t.fill)
    return (b"<@dxf><@fill>" + inner + b"</@fill></@dxf>").replace(b"@", prefix)


# -- cells of ours -------------------------------------------------------------------------------------

_NAVY, _GRID = "34567A", "8EA0B5"
_BODY = Look(border=_GRID, down="top", wrap="1")
_HEAD = Look("黑体", "10", "1", "0", "FFFFFF", _NAVY, _NAVY, across="center", down="center", wrap="1")
_SHORT = Look(border=_GRID, across="center", down="top")


def _word(severity: str) -> Look:
    tone = TONES[severity]
    return _SHORT._replace(bold="1", color=_rgb(tone.text), fill=_rgb(tone.fill))


def _margin(severity: str) -> Look:
    return Look(size="9", bold="1", color=_rgb(TONES[severity].text), down="center", format="@")


def _rgb(argb: bytes) -> str:
    return argb[2:].decode()


CELLS: dict[str, Look] = {
    "title": Look("黑体", "16", "1", across="left", down="center"),
    "head": _HEAD,
    "body": _BODY,
    "count": _SHORT,
    "center": _SHORT._replace(wrap="1"),
    "fine": _BODY._replace(size="9", color="595959"),
    "group": Look(bold="1", fill="E9EEF4", border=_GRID, down="center"),
    "link": _BODY._replace(line="1", color="0563C1"),
    "error": _word("错误"),
    "query": _word("核实"),
    "notice": _word("提示"),
    "ok": _SHORT._replace(bold="1", color="375623", fill="E2EFDA"),
    "input": _BODY._replace(color="1F3864", fill="FFFFE5", border="BF9000", heavy="1", format="@"),
    "small": Look(size="9", color="595959", down="center", wrap="1"),
    # the words in the margin of a marked sheet
    "label:错误": _margin("错误"),
    "label:核实": _margin("核实"),
    "label:提示": _margin("提示"),
}


@dataclass(frozen=True, slots=True)
class CellLook:
    """A cell format as XML; ``@`` stands for the prefix. Without fill or border the part is empty."""

    font: bytes
    fill: bytes
    border: bytes
    align: bytes
    format: int  # the number of a built-in format


@lru_cache(maxsize=64)
def cell_look(look: Look) -> CellLook:
    """A look of ours as the entries of a styles part."""
    align = {"horizontal": look.across, "vertical": look.down, "wrapText": look.wrap.strip("0")}
    return CellLook(
        _font(look),
        _solid(look.fill) if look.fill else b"",
        _box(b"medium" if look.heavy == "1" else b"thin", look.border) if look.border else b"",
        " ".join(f'{name}="{value}"' for name, value in align.items() if value).encode(),
        _FORMATS[look.format],
    )


_FORMATS = {"": 0, "@": 49}


def _font(look: Look) -> bytes:
    return (
        b"<@font>"
        + (b"<@b/>" if look.bold == "1" else b"")
        + (b"<@u/>" if look.line == "1" else b"")
        + b'<@sz val="%s"/><@color rgb="FF%s"/><@name val="%s"/>'
        b'<@family val="3"/><@charset val="134"/></@font>'
        % (look.size.encode(), look.color.encode(), look.font.encode())
    )


def _solid(rgb: str) -> bytes:
    return (
        b'<@fill><@patternFill patternType="solid"><@fgColor rgb="FF%s"/>'
        b'<@bgColor indexed="64"/></@patternFill></@fill>' % rgb.encode()
    )


def _box(style: bytes, rgb: str) -> bytes:
    sides = b"".join(
        b'<@%s style="%s"><@color rgb="FF%s"/></@%s>' % (side, style, rgb.encode(), side)
        for side in (b"left", b"right", b"top", b"bottom")
    )
    return b"<@border>" + sides + b"<@diagonal/></@border>"
