"""The steps that take sheets of ours away and build new ones; none when they hold the same already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlbudget.rules.record import column_letters
from xlbudget.workbook.mark.conditional import Area, sqref
from xlbudget.workbook.mark.contents import digits
from xlbudget.workbook.mark.look import CELLS
from xlbudget.workbook.mark.ownrows import looks
from xlbudget.workbook.mark.ownsheets import filter_area, own_name, tab_colour
from xlbudget.workbook.mark.sheetedit import SheetEdit, start_tag
from xlbudget.workbook.mark.skeleton import unquoted
from xlbudget.workbook.ops import Do, Op
from xlbudget.workbook.patch import OwnSheet, SheetCell
from xlbudget.workbook.raw import RawCell, RawSheet

from .areas import chunks
from .users import same_formula, same_number
from .view import View, shown_width

_SPARE = "空白"


@dataclass(frozen=True, slots=True)
class OwnOps:
    """``ops``, the sheets that these delete and make anew, and the names that point at them."""

    ops: list[Op]
    sheets: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def own_ops(was: View, now: View, sheets: Sequence[OwnSheet]) -> OwnOps:
    """Replace the sheets of ours in ``was`` by ``sheets``, under the names that they have in ``now``."""
    places: dict[str, OwnSheet] = {}
    for sheet in sheets:
        name = now.names.get(("", own_name(sheet.name)))
        title = unquoted(name.target)[0] if name else ""
        if title in now.own:
            places[title] = sheet
    if was.own == now.own and all(_holds(was.raw[title], sheet) for title, sheet in places.items()):
        return OwnOps([])
    kept = now.own - places.keys()
    gone = [s.name for s in was.book.sheets if s.name in was.own and s.name not in kept]
    ops = [Op(Do.DROPSHEET, title) for title in gone]
    for order, (title, sheet) in enumerate(places.items()):
        titles = f"$1:${sheet.frozen}" if sheet.frozen else ""
        ops.append(Op(Do.ADDSHEET, title, "", (tab_colour(order), "1", str(sheet.frozen), titles)))
    if gone and not was.shown() - set(gone):  # Excel does not delete the last sheet that is shown
        spare = _free(_SPARE, {t.lower() for t in (*was.titles, *now.titles)})
        ops.insert(0, Op(Do.ADDSHEET, spare, "", ("", "0", "0", "")))
        if places:
            ops.append(Op(Do.DROPSHEET, spare))
    for title, sheet in places.items():
        ops += _build(now, title, sheet)
    return OwnOps(ops, frozenset(gone) & places.keys(), frozenset(own_name(s.name) for s in places.values()))


def _free(name: str, taken: set[str]) -> str:
    return next(n for k in range(len(taken) + 1) if (n := f"{name}{k or ''}").lower() not in taken)


# -- is it there already -------------------------------------------------------------------------------


def _holds(raw: RawSheet, sheet: OwnSheet) -> bool:
    """Whether a sheet holds the contents of one of ours; its looks follow from these."""
    wanted = {
        (row, col): cell
        for row, cells in enumerate(sheet.rows, 1)
        for col, cell in enumerate(cells, 1)
        if cell is not None and (cell.formula or cell.text != "")
    }
    found = {at: c for at, c in raw.cells.items() if c.formula or c.value not in ("", None)}
    return wanted.keys() == found.keys() and all(_says(found[at], c) for at, c in wanted.items())


def _says(found: RawCell, cell: SheetCell) -> bool:
    if cell.formula or found.formula:
        return same_formula(cell.formula, found.formula)
    if isinstance(cell.text, str):
        return found.kind == "text" and found.value == _lines(cell.text)
    return found.kind == "number" and same_number(str(found.value), digits(cell.text))


def _lines(text: str) -> str:
    """A text as a cell keeps it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# -- building ------------------------------------------------------------------------------------------


def _build(now: View, title: str, sheet: OwnSheet) -> Iterator[Op]:
    """Texts before looks, which have the last word on formats; numbers and formulas behind these."""
    part = next(s for s in now.book.sheets if s.name == title)
    edit = SheetEdit(now.draft, now.book, part)
    for col in range(1, len(sheet.widths) + 1):
        width = shown_width(edit.column(col).get("width", ""))
        yield Op(Do.WIDTH, title, column_letters(col), (width,))
    for number, cells in enumerate(sheet.rows, 1):
        yield from _row(title, number, cells)
    for number, cells in enumerate(sheet.rows, 1):
        for col, cell in enumerate(cells, 1):
            if cell is not None and cell.link:
                yield Op(Do.LINK, title, f"{column_letters(col)}{number}", (cell.link,))
    for look, areas in _looks(sheet).items():
        for ref in chunks(sqref(areas)):
            yield Op(Do.LOOK, title, ref, CELLS[look].args)
    for number, cells in enumerate(sheet.rows, 1):
        for col, cell in enumerate(cells, 1):
            step = _computed(title, f"{column_letters(col)}{number}", cell)
            if step:
                yield step
    for number, row in sorted(edit.rows.items()):
        height = start_tag(edit.xml, row).get("ht")
        if height:
            yield Op(Do.HEIGHT, title, str(number), (height,))
    yield from (Op(Do.MERGE, title, ref) for ref in sheet.merges)
    area = filter_area(sheet)
    if area:
        yield Op(Do.FILTER, title, area)


def _row(title: str, number: int, cells: Sequence[SheetCell | None]) -> Iterator[Op]:
    """The texts of a row, from the first that is not blank to the last."""
    texts = [c.text if c and not c.formula and isinstance(c.text, str) else "" for c in cells]
    filled = [n for n, text in enumerate(texts) if text]
    if filled:
        first, last = filled[0], filled[-1]
        args = tuple(_lines(text) for text in texts[first : last + 1])
        yield Op(Do.ROW, title, f"{column_letters(first + 1)}{number}", args)


def _computed(title: str, ref: str, cell: SheetCell | None) -> Op | None:
    if cell is None:
        return None
    if cell.formula:
        return Op(Do.FORMULA, title, ref, (f"={cell.formula}",))
    if isinstance(cell.text, int | Fraction):
        return Op(Do.NUMBER, title, ref, (digits(cell.text),))
    return None


def _looks(sheet: OwnSheet) -> dict[str, list[Area]]:
    """The cells of each look."""
    out: dict[str, list[Area]] = {}
    for row, cells in enumerate(sheet.rows, 1):
        there = [col for col, c in enumerate(cells, 1) if c is not None]
        for col, look in zip(there, looks(cells)[0], strict=True):
            out.setdefault(look, []).append((row, col, row, col))
    return out
