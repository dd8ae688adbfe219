"""New contents for cells of the user's: written in place, everything else of the cell stays.

They are no marks: clearing leaves them. Cells that Excel itself would not let anybody change one by one
(inside an array formula or a what-if table, hidden under a merge, the head of a table) are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlbudget.workbook.patch import CellEdit
from xlbudget.workbook.sharedformula import moved
from xlbudget.workbook.sheetscan import Cell, cell_ref, style_index
from xlbudget.workbook.xmltext import TRUE, attributes

from .contents import tail
from .outline import escape, outline
from .sheetedit import SheetEdit, start_tag
from .skeleton import Book
from .splice import Draft

_FORMULA = re.compile(
    rb"""<((?:[\w.-]+:)?)f(?=[\s>/])((?:"[^"]*"|'[^']*'|[^>"'])*?)(?:/>|>(.*?)</\1f\s*>)""", re.DOTALL
)
_JOINED = re.compile(rb"""\st\s*=\s*["'](?:shared|array|dataTable)["']""")

At = tuple[int, int]
Box = tuple[int, int, int, int]  # row, column, last row, last column


def write(draft: Draft, book: Book, edits: Iterable[CellEdit]) -> list[CellEdit]:
    """Put contents into cells; of several for one cell the last counts. Gives back what was refused."""
    by_sheet: dict[str, dict[At, CellEdit]] = {}
    for e in edits:
        by_sheet.setdefault(e.sheet, {})[e.row, e.col] = e
    refused: list[CellEdit] = []
    lost = False
    for name, wanted in by_sheet.items():
        sheet = book.sheet(name)
        if sheet is None:
            refused += wanted.values()
            continue
        page = _Page(SheetEdit(draft, book, sheet))
        fitting = {at: e for at, e in wanted.items() if not page.locked(at)}
        refused += [e for at, e in wanted.items() if at not in fitting]
        lost |= page.write(fitting)
    if lost:
        book.drop_calculation_chain()
    if not draft.pristine:
        book.recalculate()
    return refused


@dataclass(frozen=True, slots=True)
class _Shared:
    """A cell that repeats the formula of another: its place, its formula element, where the text stands."""

    at: At
    span: tuple[int, int]
    prefix: bytes
    master: At
    text: str


class _Page:
    """One sheet whose cells are changed."""

    def __init__(self, edit: SheetEdit) -> None:
        self.edit = edit
        self.blocks: list[Box] = self._heads()
        self.shared: list[_Shared] = []
        if _JOINED.search(edit.xml):
            self._look_through()

    def _heads(self) -> list[Box]:
        """The head rows of tables: their texts are the names of the columns."""
        out = []
        for r in self.edit.draft.relations(self.edit.part):
            if r.kind == "table" and r.part and self.edit.draft.has(r.part):
                attrs = self.edit.draft.outline(r.part).attrs
                if attrs.get("headerRowCount", "1") != "0":
                    row, col, _, last = _box(attrs.get("ref", "A1"))
                    out.append((row, col, row, last))
        return out

    def _look_through(self) -> None:
        """Find the formulas that belong to more than one cell."""
        masters: dict[str, tuple[At, str]] = {}
        for cell in self.edit.scan.all_cells():
            found = _FORMULA.search(self.edit.xml, cell.inner, cell.end)
            options = attributes(found[2].decode("utf-8", "replace")) if found else {}
            kind, at = options.get("t"), (cell.row, cell.col)
            if found and kind in ("array", "dataTable"):
                self.blocks.append(_box(options["ref"]) if options.get("ref") else (*at, *at))
            elif found and kind == "shared":
                text = outline(b"<f>%s</f>" % (found[3] or b""), self.edit.part).text.strip()
                index = options.get("si", "")
                if text:
                    masters[index] = (at, text)
                elif index in masters:
                    self.shared.append(_Shared(at, found.span(), found[1], *masters[index]))

    def locked(self, at: At) -> bool:
        """Whether the cell cannot be changed by itself."""
        row, col = at
        under = any(a <= row <= c and b <= col <= d and at != (a, b) for a, b, c, d in self.edit.merges)
        return under or any(a <= row <= c and b <= col <= d for a, b, c, d in self.blocks)

    def write(self, wanted: Mapping[At, CellEdit]) -> bool:
        """Write the cells; says whether one of them had a formula and has none any more."""
        edit, p = self.edit, self.edit.prefix
        lost = False
        rows: dict[int, dict[int, bytes]] = {}
        for at, e in wanted.items():
            old = self._cell(at)
            bare = not e.formula and e.value in (None, "")
            if bare and (old is None or old.inner == old.end):
                continue  # blank already
            lost |= bool(old and not e.formula and _FORMULA.search(edit.xml, old.inner, old.end))
            style = old.style if old else self._style(at)
            rows.setdefault(e.row, {})[e.col] = tail(e.value, e.formula, style, p)
        for s in self.shared:
            if s.master in wanted and s.at not in wanted:
                text = moved(s.text, s.at[0] - s.master[0], s.at[1] - s.master[1])
                edit.draft.replace(edit.part, *s.span, b"<%sf>%s</%sf>" % (s.prefix, escape(text), s.prefix))
        for row, tails in rows.items():
            edit.put_cells(row, tails)
        if rows:
            edit.grow_dimension((row, col) for row, tails in rows.items() for col in tails)
        edit.finish()
        return lost

    def _cell(self, at: At) -> Cell | None:
        row = self.edit.rows.get(at[0])
        return next((c for c in self.edit.scan.cells(row) if c.col == at[1]), None) if row else None

    def _style(self, at: At) -> int:
        """The format of a cell that is not there yet: its row's, or else its column's."""
        row = self.edit.rows.get(at[0])
        given = start_tag(self.edit.xml, row) if row else {}
        if given.get("customFormat") in TRUE:
            return style_index(given.get("s", ""))
        return style_index(self.edit.column(at[1]).get("style", ""))


def _box(ref: str) -> Box:
    first, _, last = ref.replace("$", "").partition(":")
    return (*cell_ref(first), *cell_ref(last or first))
