"""A sheet cut once per shape into constant bytes and slots, and rendered for each record.

The rows are written here, not by openpyxl: each cell is either an official label (constant), an input
(slot), or a native formula with its cached result (slot).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from xlbudget.packs.layout import Box, Column, Field, RowSet, StaticCell
from xlbudget.packs.model import Pack
from xlbudget.rules.language import Node, to_excel
from xlbudget.rules.program import Program
from xlbudget.rules.record import column_letters
from xlbudget.rules.treemask import by_codes

from .binder import BelowBinder, FormBinder, absolute
from .cellxml import constant
from .heights import Need, base_heights, capacity, fit, needed
from .live import live_formats
from .shape import Plan
from .shared import shared_names, tree_names
from .skeleton import header_row, skeleton
from .slots import (
    CellSlot,
    Context,
    DerivedCell,
    DerivedField,
    FieldSlot,
    HeightSlot,
    LabelSlot,
    Native,
    SelectedSlot,
    Slot,
    SourceCell,
    cell_text,
    field_text,
    source_text,
)
from .styles import StyleBook, look
from .zipout import Tail

_PIECE = bytes | Slot
_VIEW = b"<sheetView "


class Stamp:
    """One sheet of one shape. ``names`` are its defined names, ``helpers`` hidden ones with a formula."""

    def __init__(self, pack: Pack, program: Program, plan: Plan, styles: StyleBook) -> None:
        self.plan = plan
        self._program = program
        self._styles = styles
        self._formats: dict[tuple[int, int], int] = {}
        self._contents: dict[tuple[int, int], _PIECE] = {}
        self._merges: list[Box] = []
        self._fixed_needs: list[tuple[int, int, float]] = []
        self._needs: list[Need] = []
        self._grid_rows: set[int] = set()
        self.names = tuple(_names(plan))
        rules = pack.rules_of(plan.form.id)
        lives = live_formats(plan, rules, program)
        self.helpers = (*shared_names(plan.form), *tree_names(plan, (live.formula for live in lives)))
        self._lay_out()
        head, tail = skeleton(plan, lives, self._merges)
        self._base = base_heights(plan, self._fixed_needs)
        self._format, self._slots = _cut([*self._view(head), *self._rows()])
        self.tail = Tail.of(tail)

    def front(self, at: Context) -> bytes:
        """The sheet's XML for one record, up to its last row; :attr:`tail` follows."""
        at.heights = self._heights(at)
        return self._format % tuple([slot.write(at) for slot in self._slots])

    def _heights(self, at: Context) -> dict[int, float]:
        wanted = []
        for need in self._needs:
            text = need.text(at)
            if text:
                wanted.append((need.row, need.row2, needed(text, need.capacity, need.line)))
        return fit(self._base, wanted)

    # -- laying out ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        form, placement = self.plan.form, self.plan.placement
        for static in form.statics:
            self._static(static, placement.static(static))
        for field in form.fields:
            self._field(field, placement.field(field.name))
        for rowset in form.rowsets:
            for column in rowset.columns:
                for index, box in self.plan.cells(rowset, column):
                    self._cell(rowset, column, index, box)
        self._complete_grid()

    def _put(self, box: Box, style: str, kind: str, derived: bool, content: _PIECE | None = None) -> None:
        number = self._styles.number(style, kind, derived)
        for row in range(box.row, box.row2 + 1):
            for col in range(box.col, box.col2 + 1):
                self._formats[row, col] = number
            if look(style).grid:
                self._grid_rows.add(row)
        if box.merged:
            self._merges.append(box)
        if content is not None:
            self._contents[box.row, box.col] = content

    def _head(self, box: Box, style: str, kind: str = "text", derived: bool = False) -> bytes:
        return b'<c r="%s" s="%d"' % (box.ref.encode(), self._styles.number(style, kind, derived))

    def _static(self, static: StaticCell, box: Box) -> None:
        head = self._head(box, static.style)
        changing = "{year}" in static.text or "{n}" in static.text
        piece = LabelSlot(head, static.text) if changing else head + constant(static.text)
        self._put(box, static.style, "text", False, piece)
        at = look(static.style)
        if at.wrap and not at.rotation and static.text:
            points = needed(static.text, capacity(box, self.plan.form.widths, at), at.line)
            self._fixed_needs.append((box.row, box.row2, points))

    def _field(self, field: Field, box: Box) -> None:
        head = self._head(box, field.style, field.kind, field.derived)
        piece: _PIECE
        if field.derived:
            own = self._program.field_formula(self.plan.form.id, field.name)
            native = self._native("", own, FormBinder(self.plan))
            piece = DerivedField(head, field.name, field.kind, field.unit, native)
        else:
            piece = FieldSlot(head, field.name, field.kind, field.unit)
            self._measure(box, field.style, partial(field_text, field.name, field.kind))
        self._put(box, field.style, field.kind, field.derived, piece)

    def _cell(self, rowset: RowSet, column: Column, index: int, box: Box) -> None:
        head = self._head(box, column.style, column.kind, column.derived)
        piece: _PIECE
        if column.source:
            piece = SourceCell(
                head, rowset.name, index, column.name, column.kind, column.unit, rowset.of, column.source
            )
        elif column.formula or (column.subtotal and self.plan.below(rowset.name, index)):
            own = self._program.column_formula(self.plan.form.id, rowset.name, column.name)
            native = self._native(rowset.name, own, BelowBinder(self.plan, rowset.name, index))
            piece = DerivedCell(head, rowset.name, index, column.name, column.kind, column.unit, native)
        else:
            piece = CellSlot(head, rowset.name, index, column.name, column.kind, column.unit)
        if column.source and not column.numeric:
            self._measure(box, column.style, partial(source_text, rowset.name, index, column.name))
        elif not column.derived and not column.numeric:
            self._measure(box, column.style, partial(cell_text, rowset.name, index, column.name, column.kind))
        self._put(box, column.style, column.kind, column.derived, piece)

    def _native(self, rowset: str, own: Node, binder: FormBinder) -> bytes | Native:
        node = self._program.native(self.plan.form.id, rowset, own)
        return Native.of(to_excel(by_codes(node, self.plan.open_codes), binder))

    def _measure(self, box: Box, style: str, text: partial[str]) -> None:
        at = look(style)
        if at.wrap:
            room = capacity(box, self.plan.form.widths, at)
            self._needs.append(Need(box.row, box.row2, room, at.line, text))

    def _complete_grid(self) -> None:
        """Cells that the layout leaves out, in rows with borders, get borders too."""
        blank = self._styles.number("text")
        for row in self._grid_rows:
            for col in range(1, self.plan.placement.last_col + 1):
                self._formats.setdefault((row, col), blank)

    # -- writing ---------------------------------------------------------------------------------------

    def _view(self, head: bytes) -> list[_PIECE]:
        before, after = head.split(_VIEW, 1)
        return [before + _VIEW[:-1], SelectedSlot(), b" " + after]

    def _rows(self) -> list[_PIECE]:
        changing = {row for need in self._needs for row in range(need.row, need.row2 + 1)}
        out: list[_PIECE] = [b"<sheetData>"]
        for row in range(1, self.plan.placement.last_row + 1):
            out.append(b'<row r="%d" ht="' % row)
            out.append(HeightSlot(row) if row in changing else b"%g" % self._base[row])
            out.append(b'" customHeight="1">')
            for col in range(1, self.plan.placement.last_col + 1):
                style = self._formats.get((row, col))
                if style is None:
                    continue
                blank = b'<c r="%s%d" s="%d"/>' % (column_letters(col).encode(), row, style)
                out.append(self._contents.get((row, col), blank))
            out.append(b"</row>")
        out.append(b"</sheetData>")
        return out


def _cut(pieces: Sequence[_PIECE]) -> tuple[bytes, tuple[Slot, ...]]:
    """One format string with a place for each slot: rendering is a single pass in C."""
    text = b"".join(p.replace(b"%", b"%%") if isinstance(p, bytes) else b"%b" for p in pieces)
    return text, tuple(p for p in pieces if not isinstance(p, bytes))


def _names(plan: Plan) -> list[tuple[str, str]]:
    """Sheet-local names: every field, every column of a row set as a range, and the print set-up."""
    placement, form = plan.placement, plan.form
    out = []
    for field in form.fields:
        box = placement.field(field.name)
        out.append((field.name, absolute(Box(box.row, box.col, box.row, box.col))))
    for rowset in form.rowsets:
        for column in rowset.columns:
            box = placement.column(rowset.name, column.name)
            first, last = f"${column_letters(box.col)}${box.row}", f"${column_letters(box.col)}${box.row2}"
            out.append((f"{rowset.name}_{column.name}", f"{first}:{last}"))
    out.append(("_xlnm.Print_Area", absolute(Box(1, 1, placement.last_row, placement.last_col))))
    header = header_row(plan)
    if not form.print_setup.fit_height and header:
        out.append(("_xlnm.Print_Titles", f"${header}:${header}"))
    return out
