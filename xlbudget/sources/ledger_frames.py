"""The tables of a ledger as data frames of checked values, all units together.

A frame holds text until each column has been read to codes, words and whole 分 (object columns: Python's
own integers, which neither round nor overflow). What cannot be read is a problem with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from .entries import BadValue
from .errors import Problem
from .ledger_cells import code_of, fen_of, income_word, word_of, year_of
from .ledger_words import BALANCES, INCOME, LEDGER, TRIPLE, UNIT, YEAR, Sheet

SHEET, ROW = "表序", "行"
_Parse = Callable[[str], Any]


class Frame:
    """The rows of one kind of table, from all sheets of that kind."""

    def __init__(self, sheets: list[Sheet]) -> None:
        self.sheets = sheets
        columns = list(dict.fromkeys(name for s in sheets for name in s.headings))
        self.rows = pd.concat([_raw(s, i, columns) for i, s in enumerate(sheets)], ignore_index=True)
        self.problems: list[Problem] = []

    def has(self, column: str) -> bool:
        return column in self.rows.columns

    def problem(self, message: str, position: int, column: str = "") -> Problem:
        """A problem at the row with this position."""
        sheet, row = self.rows.at[position, SHEET], self.rows.at[position, ROW]
        return self.sheets[sheet].problem(message, row, column)

    def where(self, position: int) -> str:
        """A row, for a sentence."""
        return str(self.problem("", position)).removesuffix("：")

    def read(self, column: str, parse: _Parse, into: str = "", blank: Any = None) -> None:
        """Replace a column's texts by what they mean; a blank cell is a problem unless ``blank`` is given."""
        self._translate(column, list(self.rows[column]), parse, into or column, blank)

    def amount(self, column: str, optional: bool = False) -> None:
        """Amounts in 分, each in the unit that its sheet's heading states."""
        units = [s.units.get(column, "元") for s in self.sheets]
        cells = [(t, units[i]) if t else "" for t, i in zip(self.rows[column], self.rows[SHEET], strict=True)]
        self._translate(column, cells, lambda c: fen_of(*c), column, 0 if optional else None)

    def _translate(self, column: str, cells: list[Any], parse: _Parse, into: str, blank: Any) -> None:
        meant: dict[Any, Any] = {} if blank is None else {"": blank}
        wrong: dict[Any, str] = {"": "没有填"} if blank is None else {}
        for cell in dict.fromkeys(cells):
            if cell not in meant and cell not in wrong:
                try:
                    meant[cell] = parse(cell)
                except BadValue as e:
                    wrong[cell] = str(e)
        if wrong:
            for position, cell in enumerate(cells):
                if cell in wrong:
                    self.problems.append(self.problem(wrong[cell], position, column))
        self.rows[into] = objects(meant.get(c) for c in cells)

    def code(self, column: str, name_column: str, first: str, optional: bool = False) -> None:
        """Codes, and the names that the ledger gives them: from the name's column or behind the code."""
        self.read(column, lambda t: code_of(t, first), blank=("", "") if optional else None)
        pairs = [p or ("", "") for p in self.rows[column]]
        named = self.rows[name_column] if self.has(name_column) else [""] * len(pairs)
        self.rows[name_column] = objects(n or p[1] for n, p in zip(named, pairs, strict=True))
        self.rows[column] = objects(p[0] for p in pairs)


def objects(values: Iterable[Any]) -> pd.Series:
    """A column of Python's own objects: nothing is turned into floats or library types."""
    return pd.Series(list(values), dtype=object)


def _raw(sheet: Sheet, number: int, columns: list[str]) -> pd.DataFrame:
    lines = sheet.table.lines
    data = {SHEET: objects(number for _ in lines), ROW: objects(line.number for line in lines)}
    for name in columns:
        heading = sheet.headings.get(name, "")
        data[name] = objects(line.cells.get(heading, "") for line in lines)
    return pd.DataFrame(data)


def ledger_frame(sheets: list[Sheet]) -> Frame:
    """What was spent. A row with a budget alone has nothing spent."""
    frame = Frame(sheets)
    frame.code("功能分类编码", "功能分类名称", "2")
    frame.code("经济分类编码", "经济分类名称", "3", optional=True)
    frame.read("资金来源", lambda t: word_of(t, "资金来源"))
    frame.read("支出性质", lambda t: word_of(t, "支出性质"))
    if frame.has("年初预算"):
        planned = frame.rows["年初预算"] != ""
        frame.rows.loc[planned & (frame.rows["金额"] == ""), "金额"] = "0"
        frame.amount("年初预算", optional=True)
    frame.amount("金额")
    return frame


def income_frame(sheets: list[Sheet]) -> Frame:
    frame = Frame(sheets)
    frame.code("功能分类编码", "功能分类名称", "2")
    frame.read("收入类别", income_word)
    frame.amount("金额")
    return frame


def balance_frame(sheets: list[Sheet]) -> Frame:
    frame = Frame(sheets)
    frame.read("项目", lambda t: word_of(t, "结转结余项目"))
    frame.read("资金来源", lambda t: word_of(t, "资金来源"))
    if not frame.has("功能分类编码"):
        frame.rows["功能分类编码"] = objects("" for _ in range(len(frame.rows)))
    frame.code("功能分类编码", "功能分类名称", "2", optional=True)
    frame.amount("金额")
    return frame


def triple_frame(sheets: list[Sheet]) -> Frame:
    frame = Frame(sheets)
    frame.read("项目", lambda t: word_of(t, "三公项目"))
    for column in ("预算", "决算"):
        frame.amount(column, optional=True)
    return frame


READERS: dict[str, Callable[[list[Sheet]], Frame]] = {
    LEDGER: ledger_frame,
    INCOME: income_frame,
    BALANCES: balance_frame,
    TRIPLE: triple_frame,
}


def keys(frame: Frame, unit: str, years: dict[str, int]) -> None:
    """Every row gets its unit and year. ``unit`` stands in where there is but one; ``years`` are those stated
    for the units, 0 where nothing is."""
    for column in (UNIT, YEAR):
        if not frame.has(column):
            frame.rows[column] = objects("" for _ in range(len(frame.rows)))
    frame.read(UNIT, str, blank=unit or None)
    frame.read(YEAR, year_of, into="_年", blank=0)
    given = zip(frame.rows[UNIT], frame.rows["_年"], strict=True)
    frame.rows[YEAR] = objects(y or years.get(u or "", 0) for u, y in given)
