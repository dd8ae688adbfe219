"""A double of the add-in's macro that carries out a reply: it works on the store directly, in one call.

It is written from the description of the steps alone, apart from the port and the VBA.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from xlbudget.excel.wire import read_reply
from xlbudget.workbook.ops import Do, Look, Op

from .places import boxes
from .store import Box, Condition, Named

MACRO = "XbApply.FromFile"


def applied(app: Any, path: str) -> str:
    """``XbApply.FromFile``: sentences about what could not be done, "" when all was."""
    reply = read_reply(Path(path).read_bytes().decode("ascii"))
    told: list[str] = []
    for name, ops in reply.steps.items():
        book = next(b for b in app.books if b.name == name)
        shut: set[str] = set()
        for op in ops:
            if op.sheet not in shut:
                _step(book, op, shut, told)
    app.calculate()
    return "\n".join(told)


def _step(book: Any, op: Op, shut: set[str], told: list[str]) -> None:
    if op.do is Do.ADDSHEET:
        color, landscape, frozen, titles = op.args
        sheets = book.store.sheets()
        book.store.add_sheet(op.sheet, len(sheets))
        page = book.store.sheets()[-1].page
        page("tab", color)
        page("landscape", landscape == "1")
        page("frozen", int(frozen or 0))
        if titles not in ("", "0"):
            page("titles", titles if ":" in titles else f"1:{titles}")
        return
    if op.do is Do.DROPSHEET:
        book.store.drop_sheet(op.sheet)
        return
    if op.do in (Do.NAME, Do.UNNAME):
        for old in book.store.names():
            if (old.sheet, old.name) == (op.sheet, op.ref):
                book.store.drop_name(old)
        if op.do is Do.NAME:
            book.store.put_name(Named(op.sheet, op.ref, op.args[0], op.args[1] == "1"))
        return
    sheet = book.sheet(op.sheet).store
    if op.do is Do.OPEN:
        if sheet.guard.on and sheet.guard.password:
            shut.add(op.sheet)
            told.append(f"“{op.sheet}”有保护密码，没有改动。")
        sheet.open_again = sheet.guard.on
        sheet.guard.on = sheet.guard.on and op.sheet in shut
        return
    if op.do is Do.CLOSE:
        sheet.guard.on = sheet.open_again
        return
    _STEPS[op.do](sheet, op)


def _areas(op: Op) -> list[Box]:
    return [box for area in op.ref.split() for box in boxes(area)]


def _cell(op: Op) -> tuple[int, int]:
    return boxes(op.ref)[0][:2]


def _unformat(sheet: Any, op: Op) -> None:
    for condition in [c for c in sheet.conditions() if op.args[0] in c.formula]:
        sheet.drop_condition(condition)


def _format(sheet: Any, op: Op) -> None:
    formula, fill, stroke, pattern = op.args
    new = Condition(_areas(op), formula.removeprefix("="), 2, fill, stroke, pattern, stop=False)
    sheet.add_condition(new)
    sheet.to_front(new)


def _blank(sheet: Any, op: Op) -> None:
    for row, col, row2, col2 in _areas(op):
        for r in range(row, row2 + 1):
            for c in range(col, col2 + 1):
                sheet.put(r, c, None)


def _row(sheet: Any, op: Op) -> None:
    row, col = _cell(op)
    for k, text in enumerate(op.args):
        sheet.put(row, col + k, text or None)


def _look(sheet: Any, op: Op) -> None:
    look = Look(*op.args)
    for box in _areas(op):
        for what, text in look._asdict().items():
            value: Any = text
            if what in ("bold", "line", "heavy", "wrap"):
                value = text == "1"
            elif what == "size":
                value = float(text)
            elif text == "" and what in ("fill", "border"):
                continue
            if what != "heavy" or look.border:
                sheet.style(box, what, value)


def _unlook(sheet: Any, op: Op) -> None:
    for box in _areas(op):
        sheet.plain(box)


_STEPS: dict[Do, Callable[[Any, Op], None]] = {
    Do.UNFORMAT: _unformat,
    Do.FORMAT: _format,
    Do.NOTE: lambda sheet, op: sheet.set_note(*_cell(op), op.args[0]),
    Do.UNNOTE: lambda sheet, op: sheet.set_note(*_cell(op), None),
    Do.NUMBER: lambda sheet, op: sheet.put(*_cell(op), float(op.args[0])),
    Do.TEXT: lambda sheet, op: sheet.put(*_cell(op), op.args[0] or None),
    Do.FORMULA: lambda sheet, op: sheet.put(*_cell(op), None, op.args[0].removeprefix("=")),
    Do.BLANK: _blank,
    Do.ROW: _row,
    Do.LOOK: _look,
    Do.UNLOOK: _unlook,
    Do.WIDTH: lambda sheet, op: sheet.width(
        *boxes(f"{op.ref}:{op.ref}")[0][1::2], float(op.args[0]) if op.args[0] else None
    ),
    Do.HEIGHT: lambda sheet, op: sheet.height(int(op.ref), int(op.ref), float(op.args[0])),
    Do.MERGE: lambda sheet, op: sheet.merge(boxes(op.ref)[0]),
    Do.LINK: lambda sheet, op: sheet.link(*_cell(op), op.args[0]),
    Do.PRINTAREA: lambda sheet, op: sheet.print_area(op.args[0]),
    Do.FILTER: lambda sheet, op: sheet.page("filter", boxes(op.ref)[0]),
}
