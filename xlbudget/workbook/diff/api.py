"""All steps of one workbook, in an order in which they can be carried out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xlbudget.workbook.ops import Do, Op
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import OwnSheet

from .own import own_ops
from .users import page_ops
from .view import View, parts

_OURS = "_xlbudget_"  # how all defined names of ours begin


def live_ops(before: Package, after: Package, sheets: Sequence[OwnSheet]) -> list[Op]:
    """What is to be done in an open workbook, saved as ``before``, to make it show what ``after`` shows.

    ``after`` is the same workbook cleared, changed or marked; ``sheets`` are those of ours that this added.
    Sheets of ours that hold the same already are left as they are, with what the user made of their looks.
    The same arguments give the same steps. Raises :class:`WorkbookRefused` for a broken part.
    """
    was, now = View(before), View(after)
    own = own_ops(was, now, sheets)
    ops = list(own.ops)  # first, because formulas of the user's cells may speak of these sheets
    there = now.pages()
    for name, page in was.pages().items():
        if name not in there:
            continue
        steps = [*page_ops(page, there[name], own.sheets), *_name_ops(was, now, name)]
        if steps and page.raw.protected:
            steps = [Op(Do.OPEN, name), *steps, Op(Do.CLOSE, name)]
        ops += steps
    return ops + _name_ops(was, now, "", own.names)


def _name_ops(was: View, now: View, scope: str, fresh: Collection[str] = ()) -> list[Op]:
    """Names of ours that hold on one sheet, or in the whole workbook; ``fresh`` are set in any case."""
    old = {n.name: n for (where, name), n in was.names.items() if where == scope and name.startswith(_OURS)}
    new = {n.name: n for (where, name), n in now.names.items() if where == scope and name.startswith(_OURS)}
    ops = [Op(Do.UNNAME, scope, name) for name in sorted(old.keys() - new.keys())]
    for name, n in sorted(new.items()):
        if name in fresh or name not in old or parts(old[name].target) != parts(n.target):
            hidden = n.element.attrs.get("hidden") in ("1", "true")
            ops.append(Op(Do.NAME, scope, name, (n.target, str(int(hidden)))))
    return ops
