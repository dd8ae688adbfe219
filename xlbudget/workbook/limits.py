"""How much of a stranger's file we are ready to look at."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1 << 20
LAST_ROW = 1_048_576  # of a worksheet in Excel 2007 and later
LAST_COL = 16_384  # XFD


@dataclass(frozen=True, slots=True)
class Limits:
    """Settings of the guard; the defaults are some ten times what a large disclosure workbook needs.

    Sizes are bytes, ratios are inflated to compressed size (looked at from ``ratio_from`` bytes on:
    a small part of repetitive XML may well shrink a lot).
    """

    file_size: int = 20 * MB
    members: int = 2_000
    inflated_size: int = 200 * MB  # of all members together
    part_size: int = 64 * MB  # of one XML part
    ratio: int = 200
    ratio_from: int = MB
    tags: int = 3_000_000  # "<" in one XML part
    odd_tags: int = 1_000_000  # the same, where the part has to be read the slow way or as a tree
    depth: int = 100  # of nested elements
    sheets: int = 1_000
    rows: int = 200_000  # row elements of one sheet, empty ones included
    last_row: int = 200_000  # the lowest row that may hold content
    last_col: int = 2_000  # the rightmost column that may hold content
    cells: int = 1_000_000  # cells with content, in the whole workbook
    strings: int = 500_000  # shared strings
    text: int = 100_000  # characters in one cell (Excel itself: 32,767)
    shared_text: int = 3_000_000  # characters of all shared formulas when written out
    merges: int = 100_000  # merged ranges of one sheet
    merged_cells: int = 1_000_000  # cells covered by one merged range
    names: int = 100_000  # defined names


DEFAULT = Limits()
