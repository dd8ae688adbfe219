"""Pixels on a sheet: where a note box of a wanted size ends, given column widths and row heights."""

from __future__ import annotations

from collections.abc import Callable

from .sheetedit import SheetEdit, start_tag

_CHAR = 7  # pixels of a digit in the usual body fonts
_LAST_COL, _LAST_ROW = 16384, 1048576
_FAR = 500


class Geometry:
    """Column widths and row heights of one sheet in pixels (96 to the inch)."""

    def __init__(self, edit: SheetEdit) -> None:
        self.edit = edit
        fmt = edit.scan.child("sheetFormatPr")
        given = start_tag(edit.xml, fmt) if fmt else {}
        self._row = _number(given.get("defaultRowHeight"), 15) * 96 / 72
        self._col = _number(given.get("defaultColWidth"), 9.14) * _CHAR
        self._heights: dict[int, int] = {}  # boxes of neighbouring cells walk over the same rows
        self._widths: dict[int, int] = {}  # and columns

    def width(self, col: int) -> int:
        """Pixels of a column (1-based); 0 when it is hidden."""
        if col not in self._widths:
            a = self.edit.column(col)
            hidden = a.get("hidden") in ("1", "true")
            stated = _number(a.get("width"), 9.14) * _CHAR if a else self._col
            self._widths[col] = 0 if hidden else round(stated)
        return self._widths[col]

    def height(self, row: int) -> int:
        """Pixels of a row (1-based); 0 when it is hidden."""
        if row not in self._heights:
            self._heights[row] = self._measured(row)
        return self._heights[row]

    def _measured(self, row: int) -> int:
        found = self.edit.rows.get(row)
        if found is None:
            return round(self._row)
        a = start_tag(self.edit.xml, found)
        if a.get("hidden") in ("1", "true"):
            return 0
        return round(_number(a.get("ht"), self._row * 72 / 96) * 96 / 72)

    def anchor(self, row: int, col: int, width: int, height: int) -> tuple[int, ...]:
        """The numbers of a note's anchor for a box beside the cell: column, pixels, row, pixels; twice."""
        left, top = min(col + 1, _LAST_COL), max(row - 1, 1)
        dx, dy = 12, 4
        right, x = self._walk(left, dx + width, self.width, _LAST_COL)
        bottom, y = self._walk(top, dy + height, self.height, _LAST_ROW)
        return (left - 1, dx, top - 1, dy, right - 1, x, bottom - 1, y)

    def deeper(self, bottom: int, y: int, more: int) -> tuple[int, int]:
        """A box's lower edge (0-based row, pixels) moved down by ``more`` pixels."""
        row, rest = self._walk(bottom + 1, y + more, self.height, _LAST_ROW)
        return row - 1, rest

    @staticmethod
    def _walk(at: int, pixels: int, size: Callable[[int], int], last: int) -> tuple[int, int]:
        for _ in range(_FAR):  # hidden rows have no height: do not run to the end of the sheet
            step = size(at)
            if at >= last or pixels <= step:
                break
            pixels -= step
            at += 1
        return at, pixels


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default
