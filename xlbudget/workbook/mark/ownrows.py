"""The rows of our own sheets as XML, tall enough for their texts.

Most rows of 审核规则 and many cells of 审核结果 are the same for every workbook of a pack. What is made
here depends on the arguments alone and these never change, so it can be remembered: equal rows at equal
places, equal cells anywhere.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from xlbudget.rules.record import column_letters
from xlbudget.workbook.patch import SheetCell

from .contents import digits, tail
from .look import CELLS
from .notetext import columns

_LINE, _EDGE = 14.5, 4  # points of a line at 10 pt, and above and below the text
_LEAST = {"title": 30, "head": 24}
_TALLEST = 409  # points; rows cannot be higher

Cells = tuple[SheetCell | None, ...]


@lru_cache(maxsize=1024)
def looks(cells: Cells) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The formats of a row's cells (keys of :data:`.look.CELLS`), and which columns carry links.

    Cells left out have no format.
    """
    there = tuple(_look(c) for c in cells if c is not None)
    return there, tuple(n for n, c in enumerate(cells, 1) if c is not None and c.link)


def _look(cell: SheetCell) -> str:
    """The format of a cell: plain ones differ by what is in them."""
    if cell.style != "body":
        return cell.style if cell.style in CELLS else "body"
    if cell.link:
        return "link"
    return "body" if isinstance(cell.text, str) else "count"


@lru_cache(maxsize=1024)
def row_xml(number: int, cells: Cells, styles: tuple[int, ...], across: tuple[int, ...]) -> bytes:
    """A row. ``styles`` has an index for each cell that is there, ``across`` the characters that fit in each.

    ``across`` speaks of all cells, those left out included.
    """
    style = iter(styles)
    row = str(number).encode()
    inner = b"".join(
        b'<c r="%s%s"%s' % (column_letters(n).encode(), row, _cell(c.text, c.formula, next(style)))
        for n, c in enumerate(cells, 1)
        if c is not None
    )
    return b'<row r="%d" ht="%s">%s</row>' % (number, f"{_height(cells, across):g}".encode(), inner)


@lru_cache(maxsize=4096)
def _cell(text: str | int | Fraction, formula: str, style: int) -> bytes:
    """What follows the address of a cell."""
    return tail(text, formula, style)


def _height(cells: Cells, across: tuple[int, ...]) -> float:
    """Points in which all texts of a row can be read. It is not fixed: typing more makes it grow."""
    height = _LINE + _EDGE
    for c, fitting in zip(cells, across, strict=True):
        if c is None:
            continue
        height = max(height, _LEAST.get(c.style, 0))
        if c.style != "title":
            height = max(height, _lines(c.text, fitting) * _LINE + _EDGE)
    return min(height, _TALLEST)


@lru_cache(maxsize=4096)
def _lines(text: str | int | Fraction, across: int) -> int:
    """Lines that a text takes where so many characters fit across."""
    shown = text if isinstance(text, str) else digits(text)
    return sum(max(1, -(-columns(line) // across)) for line in shown.split("\n"))
