"""One worksheet that LibreOffice keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .soffice import in_plain_words
from .store import Box, Condition, Guard, Value

_CONTENTS, _FORMATS = 1 | 2 | 4 | 16, 32 | 64  # com.sun.star.sheet.CellFlags
_CONDITION, _BY_FORMULA = 0, 24  # ConditionEntryType.CONDITION, as the operator of formulas reads
_ERRORS = {
    502: "#VALUE!",
    503: "#NUM!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
_EMPTY, _VALUE, _TEXT = "EMPTY", "VALUE", "TEXT"


@in_plain_words
class Sheet:
    """One worksheet in LibreOffice, which itself never protects it: the model does."""

    def __init__(self, book: Any, sheet: Any, raw: Any) -> None:
        self.book = book
        self.sheet = sheet
        self.filtered = ""
        self.guard = Guard(on=bool(sheet.isProtected()))
        sheet.unprotect("")
        self._merges = [(m.row, m.col, m.row2, m.col2) for m in raw.merges] if raw else []
        self.name_was = sheet.Name
        self._conditions: list[Condition] | None = None
        self._known: dict[tuple[int, int], Any] = {}  # cells asked for before; each asking is a call
        self._notes = {(n.Position.Row + 1, n.Position.Column + 1) for n in sheet.Annotations}

    @property
    def name(self) -> str:
        return self.name_was

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.Name = self.name_was = value

    def last(self) -> tuple[int, int]:
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        return cursor.RangeAddress.EndRow + 1, cursor.RangeAddress.EndColumn + 1

    # -- cells -------------------------------------------------------------------------------------

    def _cell(self, row: int, col: int) -> Any:
        if (row, col) not in self._known:
            self._known[row, col] = self.sheet.getCellByPosition(col - 1, row - 1)
        return self._known[row, col]

    def _area(self, box: Box) -> Any:
        return self.sheet.getCellRangeByPosition(box[1] - 1, box[0] - 1, box[3] - 1, box[2] - 1)

    def value(self, row: int, col: int) -> Value:
        cell = self._cell(row, col)
        kind = cell.Type.value
        if kind == _EMPTY:
            return None
        if cell.getError():
            return _ERRORS.get(cell.getError(), "#VALUE!")
        if kind == _VALUE or (kind != _TEXT and cell.FormulaResultType2 == 1):
            return float(cell.Value)
        return str(cell.String)

    def formula(self, row: int, col: int) -> str:
        cell = self._cell(row, col)
        if cell.Type.value != "FORMULA":
            return ""
        return str(self.book.parser.printFormula(cell.getTokens(), cell.CellAddress))

    def put(self, row: int, col: int, value: Value, formula: str = "") -> None:
        cell = self._cell(row, col)
        if formula:
            cell.setTokens(self.book.parser.parseFormula(formula, cell.CellAddress))
        elif value is None:
            cell.clearContents(_CONTENTS)
        elif isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(float(value))

    def number_format(self, row: int, col: int) -> str:
        key = self._cell(row, col).NumberFormat
        if key not in self.book.codes:
            code = self.book.document.NumberFormats.getByKey(key).FormatString
            self.book.codes[key] = "General" if code in ("常规", "General") else str(code)
        return self.book.codes[key]

    def wraps(self, row: int, col: int) -> bool:
        return bool(self._cell(row, col).IsTextWrapped)

    def style(self, box: Box, what: str, value: Any) -> None:
        """Only what decides about contents; looks are compared over the other store."""
        if what == "format":
            self._area(box).NumberFormat = self.book.format_key(value)
        elif what == "wrap":
            self._area(box).IsTextWrapped = bool(value)

    def plain(self, box: Box) -> None:
        self._area(box).clearContents(_FORMATS)

    def merges(self) -> list[Box]:
        return self._merges

    def merge(self, box: Box) -> None:
        self._area(box).merge(True)
        self._merges.append(box)

    def link(self, row: int, col: int, target: str) -> None:
        cell = self._cell(row, col)
        shown = cell.String
        link = self.book.document.createInstance("com.sun.star.text.TextField.URL")
        link.URL = "#" + target.replace("!", ".")
        link.Representation = shown
        cell.setString("")
        cell.insertTextContent(cell.createTextCursor(), link, False)

    # -- notes -------------------------------------------------------------------------------------

    def note(self, row: int, col: int) -> str | None:
        return str(self._cell(row, col).Annotation.String) if (row, col) in self._notes else None

    def set_note(self, row: int, col: int, text: str | None) -> None:
        notes = self.sheet.Annotations
        if (row, col) in self._notes:
            places = [(n.Position.Row + 1, n.Position.Column + 1) for n in notes]
            notes.removeByIndex(places.index((row, col)))
            self._notes.discard((row, col))
        if text is not None:
            notes.insertNew(self._cell(row, col).CellAddress, text)
            self._notes.add((row, col))

    # -- conditional formats -----------------------------------------------------------------------

    def conditions(self) -> list[Condition]:
        if self._conditions is None:
            self._conditions = [
                c for f in self.sheet.ConditionalFormats.getConditionalFormats() for c in _entries(f)
            ]
        return self._conditions

    def add_condition(self, condition: Condition) -> None:
        condition.key = self._add([self._area(b).RangeAddress for b in condition.areas])
        self._enter(condition.key, condition.formula, _BY_FORMULA, self.book.look(condition.key, self.name))
        if self._conditions is not None:
            self._conditions.append(condition)

    def to_front(self, condition: Condition) -> None:
        """Their order is not compared here."""

    def _add(self, areas: Iterable[Any]) -> int:
        ranges = self.book.document.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddresses(tuple(areas), False)
        return int(self.sheet.ConditionalFormats.createByRange(ranges))

    def _format(self, number: int) -> Any:
        return next(f for f in self.sheet.ConditionalFormats.getConditionalFormats() if number == f.ID)

    def _enter(self, number: int, formula: str, operator: int, look: str) -> None:
        one = self._format(number)
        at = one.getCount()
        one.createEntry(_CONDITION, at)
        entry = one.getByIndex(at)
        entry.Operator, entry.Formula1, entry.StyleName = operator, formula, look

    def change_condition(self, condition: Condition) -> None:
        looks = self.book.document.StyleFamilies.getByName("CellStyles")
        if condition.fill:
            looks.getByName(self.book.look(condition.key, self.name)).CellBackColor = int(condition.fill, 16)

    def drop_condition(self, condition: Condition) -> None:
        """LibreOffice puts rules over equal ranges into one, and cannot take one of them out."""
        one = self._format(condition.key)
        areas = one.Range.RangeAddresses
        entries = [one.getByIndex(k) for k in range(one.getCount())]
        left = [(e.Formula1, e.Operator, e.StyleName) for e in entries if e.Formula1 != condition.formula]
        self.sheet.ConditionalFormats.removeByID(condition.key)
        if left:
            number = self._add(areas)
            for entry in left:
                self._enter(number, *entry)
        self._conditions = None

    # -- the sheet ---------------------------------------------------------------------------------

    def width(self, first: int, last: int, characters: float | None) -> None:
        for col in range(first - 1, last):
            column = self.sheet.Columns.getByIndex(col)
            column.Width = round((8.43 if characters is None else characters) * 195 + 130)

    def height(self, first: int, last: int, points: float) -> None:
        for row in range(first - 1, last):
            self.sheet.Rows.getByIndex(row).Height = round(points * 35.28)

    def print_area(self, area: str) -> None:
        ranges = [self.sheet.getCellRangeByName(a).RangeAddress for a in area.split(",") if a]
        self.sheet.setPrintAreas(tuple(ranges))
        if self.sheet.NamedRanges.hasByName("_xlnm.Print_Area"):  # left over from the file
            self.sheet.NamedRanges.removeByName("_xlnm.Print_Area")

    def page(self, what: str, value: Any) -> None:
        if what == "tab":
            self.sheet.TabColor = int(value, 16)
        elif what == "filter" and value:
            self.filtered = "on"


def _entries(one: Any) -> Iterator[Condition]:
    for k in range(one.getCount()):
        entry = one.getByIndex(k)
        if entry.getType() == _CONDITION:
            boxes = [
                (a.StartRow + 1, a.StartColumn + 1, a.EndRow + 1, a.EndColumn + 1)
                for a in one.Range.RangeAddresses
            ]
            kind = 2 if entry.Operator == _BY_FORMULA else 1
            yield Condition(boxes, entry.Formula1, kind, key=one.ID)
