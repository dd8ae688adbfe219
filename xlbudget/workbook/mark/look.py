"""How marks and our own sheets look: formats and fonts over the palette of the severities.

Colour and pattern tell the severities apart on screen and in a black-and-white print; the margin label
says it in words as well.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class CellLook:
    """One cell format of ours, as XML without prefixes (``@`` stands for it)."""

    font: bytes
    fill: bytes = b""
    border: bytes = b""
    align: bytes = b'vertical="center" wrapText="1"'
    format: int = 0  # 49: text


def _font(
    size: int, color: bytes = b"FF000000", bold: bool = False, name: str = "宋体", line: bool = False
) -> bytes:
    return (
        b"<@font>"
        + (b"<@b/>" if bold else b"")
        + (b"<@u/>" if line else b"")
        + b'<@sz val="%s"/><@color rgb="%s"/><@name val="%s"/><@family val="3"/><@charset val="134"/></@font>'
        % (str(size).encode(), color, name.encode())
    )


def _solid(rgb: bytes) -> bytes:
    return (
        b'<@fill><@patternFill patternType="solid"><@fgColor rgb="%s"/>'
        b'<@bgColor indexed="64"/></@patternFill></@fill>' % rgb
    )


def _box(style: bytes, rgb: bytes) -> bytes:
    sides = b"".join(
        b'<@%s style="%s"><@color rgb="%s"/></@%s>' % (side, style, rgb, side)
        for side in (b"left", b"right", b"top", b"bottom")
    )
    return b"<@border>" + sides + b"<@diagonal/></@border>"


_NAVY = b"FF34567A"
_GRID = _box(b"thin", b"FF8EA0B5")
_CENTRED = b'horizontal="center" vertical="center" wrapText="1"'
_TOP = b'vertical="top" wrapText="1"'
_WORD = b'horizontal="center" vertical="top"'


def _word(severity: str) -> CellLook:
    tone = TONES[severity]
    return CellLook(_font(10, tone.text, bold=True), _solid(tone.fill), _GRID, _WORD)


CELLS: dict[str, CellLook] = {
    "title": CellLook(_font(16, bold=True, name="黑体"), align=b'horizontal="left" vertical="center"'),
    "head": CellLook(
        _font(10, b"FFFFFFFF", bold=True, name="黑体"), _solid(_NAVY), _box(b"thin", _NAVY), _CENTRED
    ),
    "body": CellLook(_font(10), border=_GRID, align=_TOP),
    "count": CellLook(_font(10), border=_GRID, align=_WORD),
    "center": CellLook(_font(10), border=_GRID, align=b'horizontal="center" vertical="top" wrapText="1"'),
    "fine": CellLook(_font(9, b"FF595959"), border=_GRID, align=_TOP),
    "group": CellLook(_font(10, bold=True), _solid(b"FFE9EEF4"), _GRID, b'vertical="center"'),
    "link": CellLook(_font(10, b"FF0563C1", line=True), border=_GRID, align=_TOP),
    "error": _word("错误"),
    "query": _word("核实"),
    "notice": _word("提示"),
    "ok": CellLook(_font(10, b"FF375623", bold=True), _solid(b"FFE2EFDA"), _GRID, _WORD),
    "input": CellLook(_font(10, b"FF1F3864"), _solid(b"FFFFFFE5"), _box(b"medium", b"FFBF9000"), _TOP, 49),
    "small": CellLook(_font(9, b"FF595959"), align=b'vertical="center" wrapText="1"'),
    # the words in the margin of a marked sheet
    "label:错误": CellLook(_font(9, TONES["错误"].text, bold=True), align=b'vertical="center"', format=49),
    "label:核实": CellLook(_font(9, TONES["核实"].text, bold=True), align=b'vertical="center"', format=49),
    "label:提示": CellLook(_font(9, TONES["提示"].text, bold=True), align=b'vertical="center"', format=49),
}
