"""Worksheets and ranges of the object model, with what Excel does to contents on their way into a cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from .com import ComObject
from .looks import Borders, Comment, Font, FormatConditions, Interior, PageSetup, Protection, Tab
from .store import Box, SheetStore, Value
from .typed import CURRENCY, EPOCH, ERRORS, is_date, serial, typed
from .windows import refused

_LAST_ROW, _LAST_COL = 1048576, 16384
_AREA = re.compile(r"\$?([A-Z]{1,3})?\$?(\d{1,7})?(?::\$?([A-Z]{1,3})?\$?(\d{1,7})?)?", re.IGNORECASE)


def number_of(letters: str) -> int:
    out = 0
    for ch in letters.upper():
        out = out * 26 + ord(ch) - 64
    return out


def letters_of(col: int) -> str:
    out = ""
    while col:
        col, rest = divmod(col - 1, 26)
        out = chr(65 + rest) + out
    return out


def boxes(address: str) -> list[Box]:
    """The areas of an address; Excel takes at most 255 characters."""
    if len(address) > 255:
        raise refused("方法“Range”作用于对象“_Worksheet”时失败")
    out = []
    for text in address.split(","):
        m = _AREA.fullmatch(text.strip())
        if m is None or not any(m.groups()):
            raise refused("方法“Range”作用于对象“_Worksheet”时失败")
        col, row = number_of(m[1]) if m[1] else 1, int(m[2]) if m[2] else 1
        col2 = number_of(m[3] or m[1]) if m[1] else _LAST_COL
        row2 = int(m[4] or m[2]) if m[2] else _LAST_ROW
        out.append((min(row, row2), min(col, col2), max(row, row2), max(col, col2)))
    return out


def text_of(box: Box) -> str:
    first, last = (f"${letters_of(c)}${r}" for r, c in (box[:2], box[2:]))
    return first if first == last else f"{first}:{last}"


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
        return Range(self, [(1, 1, _LAST_ROW, _LAST_COL)])

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
        from .model import Names

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


class Range(ComObject):
    """Cells of one sheet, in one or several areas."""

    def __init__(self, sheet: Worksheet, areas: list[Box]) -> None:
        super().__init__(sheet._border)
        self.sheet = sheet
        self.boxes = areas

    @property
    def address(self) -> str:
        return ",".join(map(text_of, self.boxes))

    def joined(self, other: Range) -> Range:
        return Range(self.sheet, [*self.boxes, *other.boxes])

    def cells(self) -> Iterator[tuple[int, int]]:
        """All cells, no further than what the sheet uses where whole rows or columns are meant."""
        for row, col, row2, col2 in self.boxes:
            if row2 == _LAST_ROW:
                row2 = self.sheet.store.last()[0]
            if col2 == _LAST_COL:
                col2 = self.sheet.store.last()[1]
            for r in range(row, row2 + 1):
                for c in range(col, col2 + 1):
                    yield r, c

    def __call__(self, row: int, col: int | None = None) -> Range:
        top, left, _, right = self.boxes[0]
        if col is None:
            row, col = divmod(row - 1, right - left + 1)
            row, col = row + 1, col + 1
        at = (top + int(row) - 1, left + int(col) - 1)
        return Range(self.sheet, [(*at, *at)])

    @property
    def Worksheet(self) -> Any:
        return self.sheet

    @property
    def Application(self) -> Any:
        return self.sheet.book.app

    @property
    def Row(self) -> int:
        return self.boxes[0][0]

    @property
    def Column(self) -> int:
        return self.boxes[0][1]

    @property
    def Rows(self) -> Lines:
        return Lines(self, self.boxes[0][2] - self.boxes[0][0] + 1)

    @property
    def Columns(self) -> Lines:
        return Lines(self, self.boxes[0][3] - self.boxes[0][1] + 1)

    @property
    def Count(self) -> int:
        return sum((r2 - r + 1) * (c2 - c + 1) for r, c, r2, c2 in self.boxes)

    @property
    def Address(self) -> str:
        return self.address

    # -- contents ----------------------------------------------------------------------------------

    def _table(self, read: Any) -> Any:
        row, col, row2, col2 = self.boxes[0]
        table = tuple(tuple(read(r, c) for c in range(col, col2 + 1)) for r in range(row, row2 + 1))
        return table[0][0] if (row, col) == (row2, col2) else table

    def _write(self, data: Any, put: Any) -> None:
        self.sheet.open()
        table = isinstance(data, (list, tuple))
        top, left = self.boxes[0][:2]
        for r, c in self.cells():
            if any((r, c) != (a, b) and a <= r <= x and b <= c <= y for a, b, x, y in self._merged()):
                continue  # lost, as Excel loses it
            put(r, c, data[r - top][c - left] if table else data)

    def _merged(self) -> list[Box]:
        return self.sheet.store.merges()

    def _read(self, row: int, col: int) -> Any:
        value = self._read2(row, col)
        if isinstance(value, float):
            number_format = self.sheet.store.number_format(row, col)
            if CURRENCY.search(number_format):
                return Decimal(repr(value)).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
            if is_date(number_format) and value >= 1:
                return EPOCH + dt.timedelta(days=value)
        return value

    def _read2(self, row: int, col: int) -> Any:
        value = self.sheet.store.value(row, col)
        if isinstance(value, str) and value in ERRORS:
            return ERRORS[value]
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _put(self, row: int, col: int, data: Any) -> None:
        store = self.sheet.store
        number_format = store.number_format(row, col)
        if isinstance(data, str) and data:
            made = typed(data, number_format)
            store.put(row, col, made.value, made.formula)
            if made.format and number_format == "General":
                store.style((row, col, row, col), "format", made.format)
            if "\n" in data:
                store.style((row, col, row, col), "wrap", True)
        elif data is None or data == "":
            store.put(row, col, None)
        elif isinstance(data, Decimal):
            store.put(row, col, float(data.quantize(Decimal("0.01"), ROUND_HALF_EVEN)))
            store.style((row, col, row, col), "format", '"¥"#,##0.00')
        elif isinstance(data, dt.datetime):
            store.put(row, col, serial(data.replace(tzinfo=None)))
            if number_format == "General":
                store.style((row, col, row, col), "format", "yyyy/m/d")
        elif number_format == "@" and not isinstance(data, bool):
            store.put(row, col, f"{data:.15g}")  # a number in a text cell becomes a text
        else:
            store.put(row, col, data if isinstance(data, bool) else float(data))

    @property
    def Value(self) -> Any:
        return self._table(self._read)

    @Value.setter
    def Value(self, data: Any) -> None:
        self._write(data, self._put)

    @property
    def Value2(self) -> Any:
        return self._table(self._read2)

    @Value2.setter
    def Value2(self, data: Any) -> None:
        self._write(data, self._put)

    @property
    def Formula(self) -> Any:
        def read(row: int, col: int) -> Any:
            formula = self.sheet.store.formula(row, col)
            value: Value = self.sheet.store.value(row, col)
            return f"={formula}" if formula else "" if value is None else str(value)

        return self._table(read)

    @Formula.setter
    def Formula(self, data: Any) -> None:
        self._write(data, self._put)

    def ClearContents(self) -> None:
        for box in self._merged():
            inside = {at for at in self.cells() if box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3]}
            if inside and len(inside) < (box[2] - box[0] + 1) * (box[3] - box[1] + 1):
                raise refused("无法对合并单元格执行此操作。")
        self._write(None, self._put)

    # -- formats -----------------------------------------------------------------------------------

    def style(self, what: str, value: Any) -> None:
        self.sheet.open()
        for box in self.boxes:
            self.sheet.store.style(box, what, value)

    @property
    def NumberFormat(self) -> str | None:
        found = {self.sheet.store.number_format(*at) for at in self.cells()}
        return found.pop() if len(found) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, value: str) -> None:
        self.style("format", value)

    @property
    def WrapText(self) -> bool | None:
        found = {self.sheet.store.wraps(*at) for at in self.cells()}
        return found.pop() if len(found) == 1 else None

    @WrapText.setter
    def WrapText(self, value: bool) -> None:
        self.style("wrap", bool(value))

    @property
    def HorizontalAlignment(self) -> int:
        return 1

    @HorizontalAlignment.setter
    def HorizontalAlignment(self, value: int) -> None:
        self.style("across", {-4131: "left", -4108: "center", -4152: "right", 1: ""}[value])

    @property
    def VerticalAlignment(self) -> int:
        return -4107

    @VerticalAlignment.setter
    def VerticalAlignment(self, value: int) -> None:
        self.style("down", {-4160: "top", -4108: "center", -4107: ""}[value])

    @property
    def ColumnWidth(self) -> float:
        return 8.43

    @ColumnWidth.setter
    def ColumnWidth(self, value: float) -> None:
        self.sheet.open()
        for _, first, _, last in self.boxes:
            self.sheet.store.width(first, last, float(value))

    @property
    def UseStandardWidth(self) -> bool:
        return False

    @UseStandardWidth.setter
    def UseStandardWidth(self, value: bool) -> None:
        assert value
        self.sheet.open()
        for _, first, _, last in self.boxes:
            self.sheet.store.width(first, last, None)

    @property
    def RowHeight(self) -> float:
        return 15.0

    @RowHeight.setter
    def RowHeight(self, value: float) -> None:
        self.sheet.open()
        if not 0 <= value <= 409.5:
            raise refused("不能设置类 Range 的 RowHeight 属性")
        for first, _, last, _ in self.boxes:
            self.sheet.store.height(first, last, float(value))

    def ClearFormats(self) -> None:
        self.sheet.open()
        for box in self.boxes:
            self.sheet.store.plain(box)

    def Merge(self, Across: bool = False) -> None:
        self.sheet.open()
        self.sheet.store.merge(self.boxes[0])

    @property
    def MergeCells(self) -> bool:
        row, col = self.boxes[0][:2]
        return any(a <= row <= x and b <= col <= y for a, b, x, y in self._merged())

    def AutoFilter(self) -> bool:
        self.sheet.open()
        on = not self.sheet.AutoFilterMode
        self.sheet.store.page("filter", self.boxes[0] if on else None)
        return True

    @property
    def Font(self) -> Font:
        return Font(self)

    @property
    def Interior(self) -> Interior:
        return Interior(self)

    @property
    def Borders(self) -> Borders:
        return Borders(self)

    @property
    def FormatConditions(self) -> FormatConditions:
        return FormatConditions(self)

    # -- notes -------------------------------------------------------------------------------------

    @property
    def Comment(self) -> Comment | None:
        row, col = self.boxes[0][:2]
        return Comment(self.sheet, row, col) if self.sheet.store.note(row, col) is not None else None

    def AddComment(self, Text: str = "") -> Any:
        self.sheet.open()
        row, col = self.boxes[0][:2]
        if self.sheet.store.note(row, col) is not None:
            raise refused("应用程序定义或对象定义错误")
        if len(Text) > 255:
            raise refused("应用程序定义或对象定义错误")
        self.sheet.store.set_note(row, col, Text)
        return Comment(self.sheet, row, col)


class Lines(ComObject):
    """Rows or columns of a range, to be counted."""

    def __init__(self, of: Range, number: int) -> None:
        super().__init__(of._border)
        self.number = number

    @property
    def Count(self) -> int:
        return self.number


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
