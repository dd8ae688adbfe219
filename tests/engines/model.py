"""Excel's object model, as much of it as the port uses, with Excel's ways: :mod:`.sheetmodel` has the cells.

Every class is named after the one it stands for. A member that is not here fails the test that uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from .com import Border, ComObject
from .names import Names
from .sheetmodel import Worksheet
from .store import BookStore
from .windows import refused

_AUTOMATIC, _MANUAL = -4105, -4135
_windows = count(1001)


class Application(ComObject):
    """One running Excel. ``macros`` are add-ins: name of the macro → what it does with its arguments."""

    def __init__(self) -> None:
        super().__init__(Border())
        self.border = self._border
        self.hwnd = next(_windows)
        self.books: list[Workbook] = []
        self.addins: dict[str, dict[str, Callable[..., Any]]] = {}
        self.settings: dict[str, Any] = {
            "ScreenUpdating": True, "EnableEvents": True, "DisplayAlerts": True, "Calculation": _AUTOMATIC,
        }  # fmt: skip
        self.history: list[tuple[str, Any]] = []
        self.shown: tuple[str, str] | None = None
        self.front: Workbook | None = None

    def add(self, name: str, store: BookStore, folder: str = "") -> Workbook:
        """Open a workbook that the store keeps; it comes to the front."""
        book = Workbook(self, name, store, folder)
        self.books.append(book)
        self.front = book
        return book

    def set(self, name: str, value: Any) -> None:
        self.settings[name] = value
        self.history.append((name, value))
        if name == "Calculation" and value == _AUTOMATIC:
            self.calculate()

    def calculate(self) -> None:
        for book in self.books:
            book.store.calculate()

    @property
    def Application(self) -> Application:
        return self

    @property
    def Hwnd(self) -> int:
        return self.hwnd

    @property
    def Version(self) -> str:
        return "16.0"

    @property
    def Workbooks(self) -> Workbooks:
        return Workbooks(self)

    @property
    def ActiveWorkbook(self) -> Workbook | None:
        return self.front

    @property
    def ScreenUpdating(self) -> bool:
        return bool(self.settings["ScreenUpdating"])

    @ScreenUpdating.setter
    def ScreenUpdating(self, value: bool) -> None:
        self.set("ScreenUpdating", value)

    @property
    def EnableEvents(self) -> bool:
        return bool(self.settings["EnableEvents"])

    @EnableEvents.setter
    def EnableEvents(self, value: bool) -> None:
        self.set("EnableEvents", value)

    @property
    def DisplayAlerts(self) -> bool:
        return bool(self.settings["DisplayAlerts"])

    @DisplayAlerts.setter
    def DisplayAlerts(self, value: bool) -> None:
        self.set("DisplayAlerts", value)

    @property
    def Calculation(self) -> int:
        return int(self.settings["Calculation"])

    @Calculation.setter
    def Calculation(self, value: int) -> None:
        self.set("Calculation", value)

    def Calculate(self) -> None:
        self.calculate()

    def Union(self, first: Any, second: Any) -> Any:
        return first.joined(second)

    def Goto(self, Reference: Any, Scroll: bool = False) -> None:
        self.shown = (Reference.sheet.store.name, Reference.address)
        Reference.sheet.book.active = Reference.sheet.store.name
        self.front = Reference.sheet.book

    def Run(self, macro: str, *args: Any) -> Any:
        book, _, name = macro.partition("!")
        if name not in self.addins.get(book, {}):
            raise refused(f"无法运行“{macro}”宏。可能是因为该宏在此工作簿中不可用。")
        return self.addins[book][name](*args)


class Workbooks(ComObject):
    """The open workbooks. Add-ins are found by name but not listed."""

    def __init__(self, app: Application) -> None:
        super().__init__(app._border)
        self.app = app

    def __call__(self, key: Any) -> Any:
        if isinstance(key, str):
            for book in self.app.books:
                if book.name.casefold() == key.casefold():
                    return book
            if key.casefold() in self.app.addins:
                return Workbook(self.app, key, None, "")
        elif 1 <= key <= len(self.app.books):
            return self.app.books[int(key) - 1]
        raise refused("下标越界")

    def __iter__(self) -> Iterator[Workbook]:
        self._border.crossed("Workbooks.__iter__")
        return iter(list(self.app.books))

    @property
    def Count(self) -> int:
        return len(self.app.books)

    @property
    def Application(self) -> Application:
        return self.app


class Workbook(ComObject):
    """One workbook over a store."""

    def __init__(self, app: Application, name: str, store: Any, folder: str) -> None:
        super().__init__(app._border)
        self.app = app
        self.name = name
        self.store: BookStore = store
        self.folder = folder
        self.locked = False  # its structure
        self.active = store.sheets()[0].name if store is not None else ""
        self.window = Window(self)

    def sheet(self, name: str) -> Worksheet | None:
        """The sheet of this name, whatever the letter case."""
        for store in self.store.sheets():
            if store.name.casefold() == name.casefold():
                return Worksheet(self, store)
        return None

    def unlocked(self) -> None:
        if self.locked:
            raise refused("工作簿受保护，无法更改。")

    @property
    def Name(self) -> str:
        return self.name

    @property
    def Path(self) -> str:
        return self.folder

    @property
    def FullName(self) -> str:
        slash = "/" if "/" in self.folder else "\\"
        return f"{self.folder}{slash}{self.name}" if self.folder else self.name

    @property
    def Application(self) -> Application:
        return self.app

    @property
    def Worksheets(self) -> Worksheets:
        return Worksheets(self)

    @property
    def ActiveSheet(self) -> Any:
        return self.sheet(self.active) or Worksheet(self, self.store.sheets()[0])

    @property
    def Names(self) -> Names:
        return Names(self, "")

    @property
    def ProtectStructure(self) -> bool:
        return self.locked

    def Windows(self, index: int) -> Window:
        return self.window

    def Activate(self) -> None:
        self.app.front = self

    def SaveCopyAs(self, Filename: str) -> None:
        self.store.save_copy(Path(Filename))


class Window(ComObject):
    """What a workbook's window shows of its active sheet."""

    def __init__(self, book: Workbook) -> None:
        super().__init__(book._border)
        self.book = book
        self.shown = True

    def _page(self, what: str, value: Any) -> None:
        sheet = self.book.sheet(self.book.active)
        assert sheet is not None
        sheet.store.page(what, value)

    @property
    def Visible(self) -> bool:
        return self.shown

    @property
    def DisplayGridlines(self) -> bool:
        return True

    @DisplayGridlines.setter
    def DisplayGridlines(self, value: bool) -> None:
        self._page("grid", value)

    @property
    def SplitRow(self) -> int:
        return 0

    @SplitRow.setter
    def SplitRow(self, value: int) -> None:
        self.rows = value

    @property
    def SplitColumn(self) -> int:
        return 0

    @SplitColumn.setter
    def SplitColumn(self, value: int) -> None:
        assert value == 0

    @property
    def FreezePanes(self) -> bool:
        return False

    @FreezePanes.setter
    def FreezePanes(self, value: bool) -> None:
        self._page("frozen", self.rows if value else 0)


class Worksheets(ComObject):
    """The sheets of a workbook."""

    def __init__(self, book: Workbook) -> None:
        super().__init__(book._border)
        self.book = book

    def __call__(self, key: Any) -> Worksheet:
        if isinstance(key, str):
            found = self.book.sheet(key)
            if found is not None:
                return found
        elif 1 <= key <= len(self.book.store.sheets()):
            return Worksheet(self.book, self.book.store.sheets()[int(key) - 1])
        raise refused("下标越界")

    def __iter__(self) -> Iterator[Worksheet]:
        self._border.crossed("Worksheets.__iter__")
        return iter([Worksheet(self.book, store) for store in self.book.store.sheets()])

    @property
    def Count(self) -> int:
        return len(self.book.store.sheets())

    @property
    def Parent(self) -> Workbook:
        return self.book

    def Add(self, Before: Any = None, After: Any = None) -> Worksheet:
        self.book.unlocked()
        names = {s.name.casefold() for s in self.book.store.sheets()}
        name = next(f"Sheet{n}" for n in count(1) if f"sheet{n}" not in names)
        near = Before or After or self.book.ActiveSheet
        at = [s.name for s in self.book.store.sheets()].index(near.store.name) + (After is not None)
        self.book.store.add_sheet(name, at)
        self.book.active = name
        return Worksheet(self.book, self.book.store.sheets()[at])
