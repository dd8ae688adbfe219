"""The steps on one sheet of the user's: cells, labels, notes, highlights, margin, printed area."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Context, Decimal

from xlbudget.workbook.mark.conditional import SIGNATURE, Area, formula, sqref
from xlbudget.workbook.mark.labels import ARROW, LABEL
from xlbudget.workbook.mark.look import CELLS, SEVERITIES
from xlbudget.workbook.mark.notes import reference
from xlbudget.workbook.ops import Do, Op
from xlbudget.workbook.palette import PALETTE
from xlbudget.workbook.raw import RawCell

from .areas import chunks
from .view import Page

_ADDIN = re.compile(r"\[\d+\]!(?=XB_)")
_QUOTED = re.compile(r"'((?:[^']|'')*)'!")
_SHOWN = Context(prec=15, traps=[])  # digits of a number that a spreadsheet keeps
_LOOSE = Decimal("1.25")  # how much wider than wanted a margin may be


def page_ops(was: Page, now: Page, rebuilt: Collection[str]) -> list[Op]:
    """What makes a sheet that looks like ``was`` look like ``now``.

    ``rebuilt`` are the sheets that are deleted and made anew: formulas that speak of them are broken by that.
    """
    return [
        *_cell_ops(was, now, rebuilt),
        *_note_ops(was, now),
        *_highlight_ops(was, now),
        *_margin_ops(was, now),
    ]


# -- cells ---------------------------------------------------------------------------------------------


def _cell_ops(was: Page, now: Page, rebuilt: Collection[str]) -> Iterator[Op]:
    merged = {(m.row, m.col): (m.row, m.col, m.row2, m.col2) for m in now.raw.merges}
    blank: list[Area] = []
    plain: list[Area] = []
    labels: dict[str, list[Area]] = {}
    written: list[Op] = []
    before, after = was.raw.cells, now.raw.cells
    for at in sorted(before.keys() | after.keys()):
        old, new = before.get(at), after.get(at)
        broken = bool(new and new.formula and any(name in new.formula for name in rebuilt))
        if _same(old, new) and not broken:
            continue
        place = merged.get(at, (*at, *at))
        step = _content(now.name, reference(at), new)
        if step:
            written.append(step)
        else:
            blank.append(place)
        severity = _labelled(new)
        if severity:
            labels.setdefault(severity, []).append(place)
        elif _labelled(old):
            plain.append(place)
    yield from (Op(Do.BLANK, now.name, ref) for ref in sqref(blank))
    yield from (Op(Do.UNLOOK, now.name, ref) for ref in sqref(plain))
    yield from written
    for severity in SEVERITIES:
        for ref in chunks(sqref(labels.get(severity, ()))):
            yield Op(Do.LOOK, now.name, ref, CELLS[f"label:{severity}"].args)


def _same(old: RawCell | None, new: RawCell | None) -> bool:
    """Whether two cells hold the same; results of formulas do not count, they are calculated anew."""
    if old is new or old == new:
        return True
    if old is None or new is None:
        return False
    if old.formula or new.formula:
        return same_formula(old.formula, new.formula)
    if old.kind == new.kind == "number":
        return same_number(str(old.value), str(new.value))
    return (old.kind, old.value) == (new.kind, new.value)


def same_formula(a: str | None, b: str | None) -> bool:
    """Whether two formulas as written in files are the same; Excel leaves out quotes where it can."""
    return a == b or bool(a and b and _bare(a) == _bare(b))


def _bare(formula: str) -> str:
    return _QUOTED.sub(lambda m: m[1] + "!", spoken(formula))


def spoken(formula: str) -> str:
    """A formula as people type it: files put the number of a link before functions of an add-in."""
    return _ADDIN.sub("", formula)


def same_number(a: str, b: str) -> bool:
    """Whether two numbers as written in files are the same for a spreadsheet."""
    return a == b or _SHOWN.create_decimal(a) == _SHOWN.create_decimal(b)


def _content(sheet: str, ref: str, cell: RawCell | None) -> Op | None:
    """The step that writes a cell; None for a blank one."""
    if cell is None:
        return None
    if cell.formula:
        return Op(Do.FORMULA, sheet, ref, (f"={spoken(cell.formula)}",))
    if cell.kind == "number":
        return Op(Do.NUMBER, sheet, ref, (str(cell.value),))
    if cell.kind == "text":
        return Op(Do.TEXT, sheet, ref, (str(cell.value),)) if cell.value else None
    return Op(Do.FORMULA, sheet, ref, (f"={str(cell.value).upper()}",))  # TRUE, #N/A: as constants go nowhere


def _labelled(cell: RawCell | None) -> str:
    """The gravest severity that a label of ours names, "" for any other cell."""
    if cell is None or cell.kind != "text" or not LABEL.fullmatch(str(cell.value)):
        return ""
    text = str(cell.value).removeprefix(ARROW)
    return next(s for s in SEVERITIES if text.startswith(s))


# -- notes and highlights ------------------------------------------------------------------------------


def _note_ops(was: Page, now: Page) -> Iterator[Op]:
    for at in sorted(was.notes.keys() - now.notes.keys()):
        yield Op(Do.UNNOTE, now.name, reference(at))
    for at, text in sorted(now.notes.items()):
        if was.notes.get(at) != text:
            yield Op(Do.NOTE, now.name, reference(at), (text, *now.box(at)))


def _highlight_ops(was: Page, now: Page) -> Iterator[Op]:
    """Each goes on top of all others: the gravest comes last."""
    if was.highlights == now.highlights:
        return
    if was.highlights:
        yield Op(Do.UNFORMAT, now.name, "", (SIGNATURE,))
    for severity, tone in reversed(PALETTE.items()):
        args = (f"={formula(severity.value)}", tone.fill[2:], tone.stroke[2:], tone.pattern)
        for ref in chunks(now.highlights.get(severity.value, ())):
            yield Op(Do.FORMAT, now.name, ref, args)


# -- margin --------------------------------------------------------------------------------------------


def _margin_ops(was: Page, now: Page) -> Iterator[Op]:
    for letters in sorted({was.margin, now.margin} - {""}):
        old, new = was.width(letters), now.width(letters)
        if old != new and not (was.margin == now.margin and _wide_enough(old, new)):
            yield Op(Do.WIDTH, now.name, letters, (new,))
    if was.print_area != now.print_area:
        yield Op(Do.PRINTAREA, now.name, "", (now.print_area,))


def _wide_enough(old: str, new: str) -> bool:
    """Whether labels fit as they should: programs measure characters by fonts of their own."""
    if "" in (old, new) or "0" in (old, new):
        return False
    return Decimal(new) - 1 < Decimal(old) < Decimal(new) * _LOOSE
