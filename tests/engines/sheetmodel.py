"""Worksheets of the object model."""

from __future__ import annotations

from typing import Any

from .com import ComObject
from .pages import PageSetup, Protection, Tab
from .places import LAST_COL, LAST_ROW, boxes
from .rangemodel import Range
from .store import SheetStore
from .windows import refused


class Worksheet(ComObject):
    """One sheet."""

    def __init__(self, book: Any, store: SheetStore) -> None:
        super().__init__(book._border)
        self.book = book
        self.store = store

    def open(self) -> None:
        """Raises as Excel does when the sheet is protected."""
        if self.store.guard.on:
            raise refused("您试图更改的单元格或图表位于受保护的工作表中。")

    @property
    def Name(self) -> str:
        return self.store.name

    @Name.setter
    def Name(self, value: str) -> None:
        other = self.book.sheet(value)
        if other is not None and other.store is not self.store:
            raise refused("该名称已被使用，请尝试其他名称。")
        if self.book.active == self.store.name:
            self.book.active = value
        self.store.name = value

    @property
    def Parent(self) -> Any:
        return self.book

    @property
    def Application(self) -> Any:
        return self.book.app

    @property
    def Index(self) -> int:
        return [s.name for s in self.book.store.sheets()].index(self.store.name) + 1

    @property
    def Cells(self) -> Range:
        return Range(self, [(1, 1, LAST_ROW, LAST_COL)])

    @property
    def UsedRange(self) -> Range:
        return Range(self, [(1, 1, *self.store.last())])

    def Range(self, first: Any, second: Any = None) -> Range:
        if isinstance(first, str):
            return Range(self, boxes(first))
        a, b = first.boxes[0], (second or first).boxes[0]
        return Range(self, [(min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))])

    @property
    def Names(self) -> Any:
        from .names import Names

        return Names(self.book, self.store.name)

    @property
    def PageSetup(self) -> PageSetup:
        return PageSetup(self)

    @property
    def Tab(self) -> Tab:
        return Tab(self)

    @property
    def Hyperlinks(self) -> Hyperlinks:
        return Hyperlinks(self)

    @property
    def Visible(self) -> int:
        return -1

    @Visible.setter
    def Visible(self, value: int) -> None:
        self.book.unlocked()

    @property
    def AutoFilterMode(self) -> bool:
        return bool(getattr(self.store, "filtered", ""))

    def Activate(self) -> None:
        self.book.active = self.store.name

    def Delete(self) -> None:
        self.book.unlocked()
        if len(self.book.store.sheets()) == 1:
            raise refused("工作簿至少应包含一张可视工作表。")
        if self.book.app.settings["DisplayAlerts"]:
            raise AssertionError("Excel asks before it deletes a sheet, and nobody is there to answer")
        name = self.store.name
        self.book.store.drop_sheet(name)
        if self.book.active == name:
            self.book.active = self.book.store.sheets()[0].name

    def Move(self, Before: Any) -> None:
        names = [s.name for s in self.book.store.sheets() if s is not self.store]
        self.book.store.move_sheet(self.store.name, names.index(Before.store.name))

    # -- protection --------------------------------------------------------------------------------

    @property
    def ProtectContents(self) -> bool:
        return self.store.guard.on

    @property
    def ProtectDrawingObjects(self) -> bool:
        return self.store.guard.objects

    @property
    def ProtectScenarios(self) -> bool:
        return self.store.guard.scenarios

    @property
    def Protection(self) -> Protection:
        return Protection(self)

    @property
    def EnableSelection(self) -> int:
        return 0

    @EnableSelection.setter
    def EnableSelection(self, value: int) -> None:
        assert value == 0

    def Unprotect(self, Password: Any = None) -> None:
        guard = self.store.guard
        if guard.on and guard.password:
            if Password is None:
                raise AssertionError("Excel asks for the password, and nobody is there to answer")
            if Password != guard.password:
                raise refused("您提供的密码不正确。")
        guard.on = guard.objects = guard.scenarios = False

    def Protect(
        self,
        Password: Any = None,
        DrawingObjects: bool = True,
        Contents: bool = True,
        Scenarios: bool = True,
        **allowed: bool,
    ) -> None:
        guard = self.store.guard
        guard.on, guard.objects, guard.scenarios = Contents, DrawingObjects, Scenarios
        guard.password = Password or ""
        guard.allowed = dict(allowed)


class Hyperlinks(ComObject):
    """Links of a sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        super().__init__(sheet._border)
        self.sheet = sheet

    def Add(self, Anchor: Any, Address: str, SubAddress: str = "") -> None:
        self.sheet.open()
        row, col = Anchor.boxes[0][:2]
        store = self.sheet.store
        if store.value(row, col) is None and not store.formula(row, col):
            store.put(row, col, Address or SubAddress)  # Excel shows the target
        store.link(row, col, SubAddress)
        for what, value in (("font", "Calibri"), ("size", 11.0), ("color", "0563C1"), ("line", True)):
            store.style((row, col, row, col), what, value)  # the style “Hyperlink”
