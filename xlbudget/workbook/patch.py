"""What is to be changed in a workbook, as values. Carriers apply them; no rule knows where it runs.

The package patcher (:mod:`.mark`) is the carrier on a server; inside Excel another one will apply the
same patch. Colours and words of the severities come with the mark, so that all carriers look alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Mark:
    """Highlight one cell: the severity word chooses the colour, ``note`` is the text of the cell note.

    ``label`` is the short word shown beside the table (readable in a black-and-white print).
    """

    sheet: str
    row: int
    col: int
    severity: str  # 错误 / 核实 / 提示
    note: str
    label: str


class SheetCell(NamedTuple):
    """One cell of our own sheets. ``link`` is a target inside the workbook such as ``'附件2-1'!H29``.

    With a ``formula`` (native, without its equals sign) ``text`` is its result.
    """

    text: str | int | Fraction
    style: str = "body"  # title, head, body, error, query, notice, input, small, ok
    link: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A sheet of ours (审核结果, 审核规则): rows of cells, column widths in characters, frozen rows."""

    name: str
    rows: tuple[tuple[SheetCell | None, ...], ...]
    widths: tuple[float, ...]
    frozen: int = 0
    merges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellEdit:
    """New content of one cell of the user's; its format stays.

    With a ``formula`` (native, without its equals sign) ``value`` is its result, to be shown before anything
    recalculates. ``None`` without a formula empties the cell. Texts are never parsed.
    """

    sheet: str
    row: int
    col: int
    value: Fraction | str | None
    formula: str = ""


@dataclass(slots=True)
class Patch:
    """All changes that one run makes to one workbook."""

    marks: list[Mark] = field(default_factory=list)
    sheets: list[OwnSheet] = field(default_factory=list)
    cells: list[CellEdit] = field(default_factory=list)
