"""One worksheet that openpyxl keeps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.hyperlink import Hyperlink

from xlbudget.workbook.book import RawCell

from .places import boxes, letters_of
from .store import Box, Condition, Guard, Value
from .typed import ERRORS, serial

_KINDS = {"cellIs": 1, "expression": 2, "colorScale": 3, "dataBar": 4, "iconSet": 6}
_ALLOWED = {
    "AllowFormattingCells": "formatCells", "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows", "AllowInsertingColumns": "insertColumns",
    "AllowInsertingRows": "insertRows", "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns", "AllowDeletingRows": "deleteRows", "AllowSorting": "sort",
    "AllowFiltering": "autoFilter", "AllowUsingPivotTables": "pivotTables",
}  # fmt: skip


class Sheet:
    """One worksheet in memory."""

    def __init__(self, page: Any, cells: Iterable[RawCell]) -> None:
        self.ws = page
        self.results = {(c.row, c.col): _result(c) for c in cells if c.formula}
        p = page.protection
        self.guard = Guard(
            bool(p.sheet), "?" if p.password or p.hashValue else "", bool(p.objects), bool(p.scenarios),
            {ours: not getattr(p, theirs) for ours, theirs in _ALLOWED.items()},
        )  # fmt: skip
        found = [(r.priority, areas.sqref, r) for areas in page.conditional_formatting for r in areas.rules]
        self._conditions = [_condition(areas, rule) for _, areas, rule in sorted(found, key=lambda f: f[0])]

    @property
    def name(self) -> str:
        return str(self.ws.title)

    @name.setter
    def name(self, value: str) -> None:
        self.ws.title = value

    @property
    def filtered(self) -> str:
        return self.ws.auto_filter.ref or ""

    def last(self) -> tuple[int, int]:
        return self.ws.max_row, self.ws.max_column

    # -- cells -------------------------------------------------------------------------------------

    def _there(self, row: int, col: int) -> Any:
        return self.ws._cells.get((row, col))

    def value(self, row: int, col: int) -> Value:
        if self.formula(row, col):
            return self.results.get((row, col))
        cell = self._there(row, col)
        return plain(cell.value) if cell is not None else None

    def formula(self, row: int, col: int) -> str:
        cell = self._there(row, col)
        if cell is None or cell.data_type != "f":
            return ""
        return str(getattr(cell.value, "text", cell.value)).removeprefix("=")

    def put(self, row: int, col: int, value: Value, formula: str = "") -> None:
        cell = self.ws.cell(row, col)
        self.results.pop((row, col), None)
        cell.value = f"={formula}" if formula else value
        if isinstance(value, str):
            cell.data_type = "e" if value in ERRORS else "s"

    def number_format(self, row: int, col: int) -> str:
        cell = self._there(row, col)
        return str(cell.number_format) if cell is not None else "General"

    def wraps(self, row: int, col: int) -> bool:
        cell = self._there(row, col)
        return cell is not None and bool(cell.alignment.wrap_text)

    def _cells(self, box: Box) -> Iterator[Any]:
        for row in range(box[0], box[2] + 1):
            for col in range(box[1], box[3] + 1):
                yield self.ws.cell(row, col)

    def style(self, box: Box, what: str, value: Any) -> None:
        for cell in self._cells(box):
            _style(cell, what, value)

    def plain(self, box: Box) -> None:
        for cell in self._cells(box):
            cell.style = "Normal"

    def merges(self) -> list[Box]:
        return [(m.min_row, m.min_col, m.max_row, m.max_col) for m in self.ws.merged_cells.ranges]

    def merge(self, box: Box) -> None:
        self.ws.merge_cells(None, *box)

    def note(self, row: int, col: int) -> str | None:
        cell = self._there(row, col)
        return cell.comment.text if cell is not None and cell.comment is not None else None

    def set_note(self, row: int, col: int, text: str | None) -> None:
        cell = self.ws.cell(row, col)
        author = cell.comment.author if cell.comment is not None else "会计"
        cell.comment = None if text is None else Comment(text, author)

    def link(self, row: int, col: int, target: str) -> None:
        cell = self.ws.cell(row, col)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)

    # -- conditional formats -----------------------------------------------------------------------

    def conditions(self) -> list[Condition]:
        return self._conditions

    def add_condition(self, condition: Condition) -> None:
        self._conditions.append(condition)

    def to_front(self, condition: Condition) -> None:
        self.drop_condition(condition)
        self._conditions.insert(0, condition)

    def change_condition(self, condition: Condition) -> None:
        assert condition in self._conditions

    def drop_condition(self, condition: Condition) -> None:
        self._conditions = [c for c in self._conditions if c is not condition]

    # -- the sheet ---------------------------------------------------------------------------------

    def width(self, first: int, last: int, characters: float | None) -> None:
        for col in range(first, last + 1):
            if characters is None:
                self.ws.column_dimensions.pop(letters_of(col), None)
            else:
                self.ws.column_dimensions[letters_of(col)].width = characters

    def height(self, first: int, last: int, points: float) -> None:
        for row in range(first, last + 1):
            self.ws.row_dimensions[row].height = points

    def print_area(self, area: str) -> None:
        self.ws.print_area = area or None

    def page(self, what: str, value: Any) -> None:
        page = self.ws
        if what == "landscape":
            page.page_setup.orientation = "landscape" if value else "portrait"
        elif what == "titles":
            page.print_title_rows = value.replace("$", "")
        elif what == "tab":
            page.sheet_properties.tabColor = value
        elif what == "frozen":
            page.freeze_panes = f"A{value + 1}" if value else None
        elif what == "grid":
            page.sheet_view.showGridLines = bool(value)
        elif what == "filter":
            page.auto_filter.ref = (
                f"{letters_of(value[1])}{value[0]}:{letters_of(value[3])}{value[2]}" if value else None
            )
        else:
            assert what in ("zoom", "wide", "tall", "paper", "centred", "footer")

    def settle(self) -> None:
        """Put protection and conditional formats into openpyxl's own objects, for saving."""
        p = self.ws.protection
        p.sheet = self.guard.on
        p.objects, p.scenarios = self.guard.objects, self.guard.scenarios
        for ours, theirs in _ALLOWED.items():
            setattr(p, theirs, not self.guard.allowed.get(ours, False))
        self.ws.conditional_formatting = ConditionalFormattingList()
        for priority, condition in enumerate(self._conditions, 1):
            areas = " ".join(f"{letters_of(a[1])}{a[0]}:{letters_of(a[3])}{a[2]}" for a in condition.areas)
            rule = condition.key or _rule(condition)
            rule.priority = priority
            self.ws.conditional_formatting.add(areas, rule)

    def result(self, found: re.Match[str]) -> str:
        """A formula's cell with its result."""
        row, col = int(found[2]), boxes(found[1] + found[2])[0][1]
        value = self.results.get((row, col))
        if value is None:
            return found[0]
        kind, text = ' t="str"', escape(str(value))
        if isinstance(value, bool):
            kind, text = ' t="b"', str(int(value))
        elif isinstance(value, float):
            kind, text = "", repr(value).removesuffix(".0")
        elif value in ERRORS:
            kind = ' t="e"'
        return f'<c r="{found[1]}{found[2]}"{found[3]}{kind}>{found[4]}<v>{text}</v></c>'


def _result(cell: RawCell) -> Value:
    return float(str(cell.value)) if cell.kind == "number" else cell.value


def plain(value: Any) -> Value:
    if isinstance(value, dt.datetime):
        return serial(value)
    if isinstance(value, dt.date):
        return serial(dt.datetime(value.year, value.month, value.day))
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return]


def _condition(areas: Any, rule: Any) -> Condition:
    boxed = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in areas.ranges]
    formula = rule.formula[0] if rule.formula else ""
    return Condition(boxed, formula, _KINDS.get(rule.type, 0), stop=bool(rule.stopIfTrue), key=rule)


def _rule(condition: Condition) -> Any:
    fill = PatternFill(condition.pattern or "solid")
    if condition.stroke:
        fill.fgColor = "FF" + condition.stroke
    if condition.fill:
        fill.bgColor = "FF" + condition.fill
    return Rule(
        "expression", dxf=DifferentialStyle(fill=fill), formula=[condition.formula], stopIfTrue=condition.stop
    )


def _style(cell: Any, what: str, value: Any) -> None:
    if what == "format":
        cell.number_format = value or "General"
    elif what in ("font", "size", "bold", "line", "color"):
        font: Font = copy(cell.font)
        name = {"font": "name", "size": "sz", "bold": "b", "line": "u", "color": "color"}[what]
        setattr(font, name, ("single" if value else None) if what == "line" else value)
        cell.font = font
    elif what == "fill":
        cell.fill = PatternFill("solid", fgColor=value) if value else PatternFill()
    elif what in ("border", "heavy"):
        old = cell.border.left
        side = Side(
            "medium" if what == "heavy" and value else old.style or "thin",
            old.color if what == "heavy" else value,
        )
        cell.border = Border(side, side, side, side)
    else:
        alignment: Alignment = copy(cell.alignment)
        name = {"across": "horizontal", "down": "vertical", "wrap": "wrap_text"}[what]
        setattr(alignment, name, value or None)
        cell.alignment = alignment
