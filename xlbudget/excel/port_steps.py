"""The steps of :mod:`xlbudget.workbook.ops` in an open workbook, through xlwings' objects.

Here: order, protection, sheets, names, and what to do when Excel refuses a step. :mod:`.port_cells` does what
concerns the cells of one sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

from xlbudget.excel.port_cells import STEPS, bgr, place, set_heights, write_rows
from xlbudget.workbook.ops import Do, Op

_LOCKED = "“{sheet}”有保护密码，没有改动；请撤销工作表保护后再点一次。"
_STRUCTURE = "工作簿的结构受保护，没有建立“{sheet}”；请撤销工作簿保护后再点一次。"
_UNDONE = "有 {count} 处 Excel 没有接受，第一处在“{sheet}”{ref}：{why}"

_LANDSCAPE, _PORTRAIT, _A4 = 2, 1, 9  # xlLandscape, xlPortrait, xlPaperA4
_ALLOWED = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
    "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows",
    "AllowSorting", "AllowFiltering", "AllowUsingPivotTables",
)  # fmt: skip

Failures = tuple[type[Exception], ...]
Guard = tuple[tuple[bool, bool, bool], dict[str, bool], int]  # what is protected, what is allowed, selection


class Carrier:
    """Carries out steps in one workbook (an xlwings ``Book``).

    ``failures`` are the errors by which Excel refuses something, ``is_busy`` tells those that mean that it
    takes no calls at all: these are raised, anything else is told at the end.
    """

    def __init__(self, book: Any, failures: Failures, is_busy: Callable[[BaseException], bool]) -> None:
        self.book = book
        self._failures = failures
        self._is_busy = is_busy
        self._sheets: dict[str, Any] = {}
        self._fresh: set[str] = set()  # sheets that these steps added
        self._shut: set[str] = set()  # sheets that stay as they are
        self._guards: dict[str, Guard] = {}
        self._told: list[str] = []
        self._undone: list[tuple[Op, str]] = []
        self._here: dict[Do, Callable[[Op], None]] = {
            Do.OPEN: self._open,
            Do.CLOSE: self._close,
            Do.ADDSHEET: self._add_sheet,
            Do.DROPSHEET: self._drop_sheet,
            Do.NAME: self._name,
            Do.UNNAME: self._unname,
        }

    def carry_out(self, ops: Sequence[Op]) -> list[str]:
        """Do the steps in their order; gives sentences about what could not be done."""
        front = self.book.sheets.active.name
        try:
            for together in _gathered(ops):
                self._attempt(together)
        finally:
            for sheet in list(self._guards):
                self._attempt([Op(Do.CLOSE, sheet)])
            if self._fresh:
                self._back_to(front)
        if self._undone:
            (op, why), count = self._undone[0], len(self._undone)
            first = op.ref.partition(" ")[0]
            self._told.append(_UNDONE.format(count=count, sheet=op.sheet, ref=first, why=why))
        return self._told

    def _back_to(self, sheet: str) -> None:
        """New sheets come to the front in Excel; show the accountant's again."""
        with suppress(*self._failures):
            self.book.sheets[sheet].api.Activate()  # xlwings' own also moves windows about

    def _attempt(self, together: list[Op]) -> None:
        op = together[0]
        if op.sheet in self._shut:
            return
        try:
            if op.do is Do.ROW and op.sheet in self._fresh:
                write_rows(self._sheet(op.sheet), together)
            elif op.do is Do.HEIGHT:
                set_heights(self._sheet(op.sheet), together)
            elif op.do in self._here:
                self._here[op.do](op)
            else:
                for one in together:
                    STEPS[one.do](self._sheet(one.sheet), one)
        except self._failures as e:
            self._unless_busy(e)
            details = getattr(e, "excepinfo", None)
            self._undone.append((op, str((details and details[2]) or e)))

    def _unless_busy(self, error: Exception) -> None:
        """Raise again what means that Excel takes no calls at all."""
        if self._is_busy(error):
            raise error

    def _sheet(self, name: str) -> Any:
        if name not in self._sheets:
            self._sheets[name] = self.book.sheets[name]
        return self._sheets[name]

    # -- protection --------------------------------------------------------------------------------

    def _open(self, op: Op) -> None:
        sheet = self._sheet(op.sheet).api
        what = (bool(sheet.ProtectDrawingObjects), bool(sheet.ProtectContents), bool(sheet.ProtectScenarios))
        if not any(what):
            return
        rights = sheet.Protection
        allowed = {name: bool(getattr(rights, name)) for name in _ALLOWED}
        guard = (what, allowed, sheet.EnableSelection)
        try:
            sheet.Unprotect("")  # without an argument Excel would ask for the password
        except self._failures as e:
            self._unless_busy(e)
            self._shut.add(op.sheet)
            self._told.append(_LOCKED.format(sheet=op.sheet))
        else:
            self._guards[op.sheet] = guard

    def _close(self, op: Op) -> None:
        guard = self._guards.pop(op.sheet, None)
        if guard is not None:
            what, allowed, selection = guard
            sheet = self._sheet(op.sheet).api
            sheet.Protect("", *what, **allowed)
            sheet.EnableSelection = selection

    # -- sheets ------------------------------------------------------------------------------------

    def _add_sheet(self, op: Op) -> None:
        if self.book.api.ProtectStructure:
            self._shut.add(op.sheet)
            self._told.append(_STRUCTURE.format(sheet=op.sheet))
            return
        color, landscape, frozen, titles = op.args
        sheet = self.book.sheets.add(op.sheet, after=self.book.sheets[-1])
        self._sheets[op.sheet] = sheet
        self._fresh.add(op.sheet)
        if color:
            sheet.api.Tab.Color = bgr(color)
        window = self.book.api.Windows(1)  # shows the new sheet now
        window.DisplayGridlines = False
        if frozen not in ("", "0"):
            window.SplitColumn = 0
            window.SplitRow = int(frozen)
            window.FreezePanes = True
        self._page(sheet.api.PageSetup, landscape == "1", titles)

    def _page(self, page: Any, landscape: bool, titles: str) -> None:
        """How the sheet prints. A PC without a printer refuses this, and nothing is lost by that."""
        try:
            page.Orientation = _LANDSCAPE if landscape else _PORTRAIT
            page.PaperSize = _A4
            page.Zoom = False
            page.FitToPagesWide = 1
            page.FitToPagesTall = False
            page.CenterHorizontally = True
            page.CenterFooter = "第 &P 页，共 &N 页"
            if titles:
                page.PrintTitleRows = titles
        except self._failures as e:
            self._unless_busy(e)

    def _drop_sheet(self, op: Op) -> None:
        sheet = self._sheet(op.sheet)
        sheet.visible = True  # a very hidden one cannot be deleted
        sheet.delete()
        self._sheets.pop(op.sheet)
        self._fresh.discard(op.sheet)

    # -- names -------------------------------------------------------------------------------------

    def _names(self, op: Op) -> Any:
        return self._sheet(op.sheet).names if op.sheet else self.book.names

    def _name(self, op: Op) -> None:
        target, hidden = op.args
        name = self._names(op).add(op.ref, f"={target}")
        if hidden == "1":
            name.api.Visible = False

    def _unname(self, op: Op) -> None:
        names = self._names(op)
        if op.ref in names:
            name = names[op.ref]
            if op.sheet or "!" not in name.name:  # a workbook also finds names of the sheet in front
                name.delete()


def _gathered(ops: Sequence[Op]) -> Iterator[list[Op]]:
    """Steps one by one, but rows and heights that follow each other on one sheet together."""

    def run(numbered: tuple[int, Op]) -> object:
        i, op = numbered
        if op.do is Do.ROW:
            return (op.do, op.sheet, i - place(op.ref)[0])
        return (op.do, op.sheet) if op.do is Do.HEIGHT else i

    for _, together in groupby(enumerate(ops), run):
        yield [op for _, op in together]
