"""The named cell styles of official forms: fonts, borders, alignment and number formats.

A layout says only ``money`` or ``label``; what that looks like is said here, once. Every style is
registered as a named style of the workbook, under a Chinese name that an accountant finds in the gallery.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

from xlbudget.rules.model import Severity
from xlbudget.workbook.palette import PALETTE

BODY_FONT = "宋体"
HEAD_FONT = "黑体"
BODY_SIZE = 11.0
_THIN = Side(style="thin", color="FF000000")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True, slots=True)
class Look:
    """One named style. ``title`` is its name in the workbook; sizes are in points."""

    title: str
    horizontal: str = "center"
    vertical: str = "center"
    font: str = BODY_FONT
    size: float = BODY_SIZE
    bold: bool = False
    grid: bool = True
    wrap: bool = True
    rotation: int = 0  # 255: characters stacked

    @property
    def line(self) -> float:
        """Height of one line of text in points."""
        return self.size * 1.32


_LABEL = Look("表样·栏目")
_TEXT = Look("表样·文字", horizontal="left")
_NUMBER = Look("表样·数字", wrap=False)
LOOKS: dict[str, Look] = {
    "title": Look("表样·标题", font=HEAD_FONT, size=20, grid=False),
    "year": Look("表样·年度", size=12, grid=False, wrap=False),
    "label": _LABEL,
    "label_left": replace(_LABEL, title="表样·栏目（左）", horizontal="left"),
    "label_vertical": replace(_LABEL, title="表样·栏目（竖）", wrap=False, rotation=255),
    "text": _TEXT,
    "prose": replace(_TEXT, title="表样·段落", vertical="top"),
    "center": replace(_TEXT, title="表样·居中", horizontal="center"),
    "money": replace(_NUMBER, title="表样·金额", horizontal="right"),
    "score": replace(_NUMBER, title="表样·得分"),
    "weight": replace(_NUMBER, title="表样·分值"),
    "percent": replace(_NUMBER, title="表样·比率"),
    "number": _NUMBER,
    "plain": replace(_TEXT, title="表样·表外", grid=False, wrap=False),
    "plain_right": replace(_TEXT, title="表样·表外（右）", grid=False, wrap=False, horizontal="right"),
}

GENERAL = "General"
FORMATS: dict[str, str] = {
    "money": "#,##0.00",
    "percent": "0.00%",
    "year": '"（"0"年度）";"（"0"年度）";"（"0"年度）";"（"@"年度）"',  # blanks as text: a gap to write in
    "code": "@",
    "quantity": "@",  # what is typed stays as typed: no date is made of 2023年12月
}
"""Number format by kind. Scores and weights are General: 10 shows as 10, 8.63 as 8.63."""


def look(style: str) -> Look:
    """The look of a layout's style name; unknown names look like plain text cells."""
    return LOOKS.get(style, _TEXT)


def number_format(kind: str, derived: bool) -> str:
    """A cell with a formula never has the text format: edited, it would turn into text."""
    return GENERAL if derived and FORMATS.get(kind) == "@" else FORMATS.get(kind, GENERAL)


def _named(style: str) -> NamedStyle:
    at = look(style)
    return NamedStyle(
        name=at.title,
        font=Font(name=at.font, size=at.size, bold=at.bold, charset=134, color="FF000000"),
        border=_GRID if at.grid else Border(),
        alignment=Alignment(
            horizontal=at.horizontal, vertical=at.vertical, wrap_text=at.wrap, text_rotation=at.rotation
        ),
    )


def differential(severity: Severity) -> DifferentialStyle:
    """The fill that live highlighting puts over a cell, in the colours of the marks."""
    tone = PALETTE[severity]
    fill = PatternFill(patternType=tone.pattern, fgColor=tone.stroke, bgColor=tone.fill)
    return DifferentialStyle(fill=fill)


class StyleBook:
    """Gives out cell format numbers for (style, number format), in a workbook that all sheets share."""

    def __init__(self) -> None:
        self.book = Workbook()
        normal = self.book._named_styles["Normal"]
        normal.font = Font(name=BODY_FONT, size=BODY_SIZE, charset=134)
        self._scratch = self.book.active
        self._ids: dict[tuple[str, str], int] = {}
        for style in LOOKS:
            self.book.add_named_style(_named(style))

    def number(self, style: str, kind: str = "text", derived: bool = False) -> int:
        """Index of the cell format; asking for a new one adds it."""
        key = (style if style in LOOKS else "text", number_format(kind, derived))
        if key not in self._ids:
            cell: Cell = self._scratch.cell(len(self._ids) + 1, 1)
            cell.style = look(key[0]).title
            cell.number_format = key[1]
            self._ids[key] = cell.style_id
        return self._ids[key]
