"""New contents and one renewed sheet of ours in a workbook whose marks are to stay."""

from __future__ import annotations

from collections.abc import Sequence

from .mark import Report, apply_patch, clear, ownsheets
from .mark.skeleton import OWN_NAME, Book, unquoted
from .mark.splice import Draft
from .mark.styles import Styles
from .package import Package
from .patch import CellEdit, OwnSheet, Patch


def put(package: Package, cells: Sequence[CellEdit], sheet: OwnSheet | None = None) -> Report:
    """Change cells, and put one sheet of ours in place of the one of its name. Marks and other sheets stay.

    Raises WorkbookRefused when a part that has to be changed is broken.
    """
    if sheet is None:
        return apply_patch(package, Patch(cells=list(cells)), cleared=True)
    known = {n.name for n in Book(Draft(package)).names if n.name.startswith(OWN_NAME)}
    if known <= {ownsheets.own_name(sheet.name)}:
        clear(package)  # nothing of ours but this sheet: it gets its exact way back
        return apply_patch(package, Patch(sheets=[sheet], cells=list(cells)), cleared=True)
    report = apply_patch(package, Patch(cells=list(cells)), cleared=True)
    _drop(package, sheet.name)
    draft = Draft(package)
    book = Book(draft)
    styles = Styles(draft, book)
    ownsheets.add(draft, book, styles, [sheet])
    styles.write()
    book.write_names()
    draft.carry_out()
    return report


def _drop(package: Package, name: str) -> None:
    draft = Draft(package)
    book = Book(draft)
    names = [n for n in book.names if n.name == ownsheets.own_name(name)]
    titles = {unquoted(n.target)[0] for n in names}
    if names:
        book.drop([s for s in book.sheets if s.name in titles], names)
        draft.carry_out()
