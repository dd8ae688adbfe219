"""Ranges of the object model, with what Excel does to contents on their way into a cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from .com import ComObject
from .looks import Borders, Font, FormatConditions, Interior
from .pages import Comment
from .places import LAST_COL, LAST_ROW, text_of
from .store import Box, Value
from .typed import CURRENCY, EPOCH, ERRORS, is_date, serial, typed
from .windows import refused


class Range(ComObject):
    """Cells of one sheet, in one or several areas."""

    def __init__(self, sheet: Any, areas: list[Box]) -> None:
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
            if row2 == LAST_ROW:
                row2 = self.sheet.store.last()[0]
            if col2 == LAST_COL:
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
