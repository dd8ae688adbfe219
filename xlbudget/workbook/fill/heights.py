"""Row heights that fit the text: an estimate by character count, as no program can ask Excel for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from xlbudget.packs.layout import Box

from .shape import Plan
from .slots import Context
from .styles import BODY_SIZE, Look

_DEFAULT = 20.0  # points, for a row without a height of its own
_HIGHEST = 409.0  # points; more is not allowed
_PADDING = 8.0  # points above and below the text together
_HALF_WIDTH_PER_CHARACTER = 1.08  # how many half-width characters of body size a unit of column width holds
_MARGIN = 0.3  # half-width characters lost at the cell's sides
_BREAK = 1.2  # half-width characters lost at the end of a broken line


@dataclass(frozen=True, slots=True)
class Need:
    """A cell whose text decides the height of its rows. ``room`` is in half-width characters a line."""

    row: int
    row2: int
    capacity: float
    line: float  # points
    text: Callable[[Context], str]


def capacity(box: Box, widths: Sequence[float], look: Look) -> float:
    """Half-width characters that one line of a cell holds."""
    units = sum(widths[box.col - 1 : box.col2]) * _HALF_WIDTH_PER_CHARACTER * BODY_SIZE / look.size
    return max(4.0, units - _MARGIN)


@lru_cache(maxsize=4096)
def lines(text: str, room: float) -> int:
    """Lines that a wrapped text takes in a cell of ``room`` half-width characters."""
    count = 0
    for paragraph in text.split("\n"):
        width = 2 * len(paragraph) - len(paragraph.encode("latin-1", "ignore"))  # others count double
        count += 1 if width <= room else math.ceil(width / (room - _BREAK))
    return count


def needed(text: str, room: float, line: float) -> float:
    """Height in points for a wrapped text."""
    return lines(text, room) * line + _PADDING


def fit(base: Mapping[int, float], needs: Sequence[tuple[int, int, float]]) -> dict[int, float]:
    """The heights of ``base`` raised to what (first row, last row, points) ask for.

    What a cell over several rows lacks is shared out evenly among them.
    """
    heights = dict(base)
    for first, last, points in needs:
        if first == last:
            heights[first] = max(heights[first], points)
    for first, last, points in needs:
        lack = points - sum(heights[row] for row in range(first, last + 1))
        if first != last and lack > 0:
            for row in range(first, last + 1):
                heights[row] += lack / (last - first + 1)
    return {row: min(_HIGHEST, math.ceil(points * 4) / 4) for row, points in heights.items()}


def base_heights(plan: Plan, needs: Sequence[tuple[int, int, float]]) -> dict[int, float]:
    """The heights that the layout asks for, raised where an official label needs more."""
    heights: dict[int, float] = {}
    for block in plan.form.blocks:
        rowset = plan.form.rowset_by_name.get(block.name)
        rows = block.rows or plan.rows(block.name)
        for i in range(rows):
            own = block.heights[i] if i < len(block.heights) else 0.0
            usual = rowset.height if rowset else 0.0
            heights[plan.placement.start[block.name] + 1 + i] = own or usual or _DEFAULT
    return fit(heights, needs)
