"""What a live carrier does to an open workbook: small steps that know neither rules nor packages.

A patch is applied to a package by :mod:`.mark`. What that changed is told as steps (see :mod:`.diff`), and
a carrier inside Excel repeats them on the open workbook: so the server and the ribbon give the same cells.
Every carrier understands every kind, and nothing else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Do(StrEnum):
    """The kinds of step. ``ref`` and the arguments ``args`` (all texts) are given behind each.

    Numbers in ``args`` use a point and no grouping. Colours are RRGGBB. ``bool`` is 1 or 0.
    """

    OPEN = "open"  # lift a protection without password; when that fails, skip the sheet and say so
    CLOSE = "close"  # protect the sheet again as it was before OPEN
    UNFORMAT = "unformat"  # delete every conditional format of the sheet whose formula holds args[0]
    FORMAT = "format"  # ref: areas, split by spaces; formula, fill, stroke, pattern: on top of all others
    NOTE = "note"  # ref: cell; text, width, height (points): the whole text of the cell's note
    UNNOTE = "unnote"  # ref: cell; delete its note
    NUMBER = "number"  # ref: cell; digits. The cell's format stays
    TEXT = "text"  # ref: cell; text, never parsed as a number, a date or a formula. The cell's format stays
    FORMULA = "formula"  # ref: cell; formula with its equals sign, in English notation
    BLANK = "blank"  # ref: area; contents away, formats stay
    ROW = "row"  # ref: first cell; one text for each cell to the right, never parsed; "" leaves it blank
    LOOK = "look"  # ref: areas; see Look.args
    UNLOOK = "unlook"  # ref: area; formats away
    WIDTH = "width"  # ref: column letters; characters, "" for the sheet's standard width
    HEIGHT = "height"  # ref: row number; points
    MERGE = "merge"  # ref: area
    LINK = "link"  # ref: cell; target inside the workbook, such as '附件2-1'!H29
    NAME = "name"  # sheet: scope or ""; ref: the name; target (without =), hidden (bool); replaces an old one
    UNNAME = "unname"  # sheet: scope or ""; ref: the name
    PRINTAREA = "printarea"  # args: area, "" for none
    ADDSHEET = "addsheet"  # behind all others; tab colour, landscape (bool), frozen rows, title rows
    DROPSHEET = "dropsheet"  # delete the sheet without asking
    FILTER = "filter"  # ref: area with its heads: switch the filter arrows on


class Op(NamedTuple):
    """One step. ``ref`` is in A1 notation without a sheet."""

    do: Do
    sheet: str = ""
    ref: str = ""
    args: tuple[str, ...] = ()


class Look(NamedTuple):
    """How cells of ours look. Colours are RRGGBB or "" for none."""

    font: str = "宋体"
    size: str = "10"
    bold: str = "0"
    line: str = "0"  # underlined
    color: str = "000000"
    fill: str = ""
    border: str = ""  # colour of a box around every cell
    heavy: str = "0"  # the box is drawn thick
    across: str = ""  # left, center, right or ""
    down: str = ""  # top, center or ""
    wrap: str = "0"
    format: str = ""  # number format, "" for General

    @property
    def args(self) -> tuple[str, ...]:
        return tuple(self)
