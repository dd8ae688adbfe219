"""The record: what stands on the forms of one unit, wherever it came from.

A record knows no file format. Readers (workbook, CSV, database) build it; derive and audit use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from xlbudget.figures import Figure


@lru_cache(maxsize=1024)
def column_letters(col: int) -> str:
    """1 → A, 27 → AA."""
    out = ""
    while col:
        col, rest = divmod(col - 1, 26)
        out = chr(65 + rest) + out
    return out


class Place(NamedTuple):
    """A cell of a workbook, with the row and column captions that name it for a person."""

    sheet: str
    row: int  # 1-based
    col: int  # 1-based
    caption: str = ""  # e.g. 年度资金总额·年初预算数

    @property
    def ref(self) -> str:
        return f"{column_letters(self.col)}{self.row}"

    @property
    def address(self) -> str:
        return f"{self.sheet}!{self.ref}"


class CellIssue(StrEnum):
    """What was odd about a cell while reading it; each has a structural rule of its own in the pack."""

    ERROR_VALUE = "错误值"  # #DIV/0! and the like
    TEXT_NUMBER = "文本型数字"  # a number stored as text: read, and reported
    NOT_A_NUMBER = "应填数字"  # text where a number belongs
    OVERWRITTEN = "公式被覆盖"  # a derived cell holds a constant
    MISSING = "栏目缺失"  # the field was not found on the sheet


@dataclass(slots=True)
class Entry:
    """The content of one field as reported: a figure, a text, or None when blank.

    ``place`` is None when the field has no cell (data sources before filling, derived names).
    ``formula`` is the native formula text when the cell computes itself, "" when it is a constant.
    ``issue`` is set when the cell was odd; ``raw`` then keeps what was found. ``given`` is false when the
    source says nothing about the field (a data source without that column), which is not the same as blank.
    """

    value: Figure | str | None = None
    place: Place | None = None
    formula: str = ""
    issue: CellIssue | None = None
    raw: str = ""
    given: bool = True

    @property
    def blank(self) -> bool:
        return self.value is None or self.value == ""


Row = dict[str, Entry]


@dataclass(slots=True)
class FormRecord:
    """One filled form: its fields by name and its row sets, row by row.

    ``key`` names the instance for people (a project's name); ``sheet`` is "" before it has one.
    """

    form: str
    key: str = ""
    sheet: str = ""
    fields: dict[str, Entry] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """Everything of one unit and year that is audited together: the forms of one workbook."""

    pack: str
    unit: str = ""
    year: int | None = None
    forms: list[FormRecord] = field(default_factory=list)

    def of(self, form: str) -> Iterator[FormRecord]:
        return (f for f in self.forms if f.form == form)
