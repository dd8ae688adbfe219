"""The names of a ledger's tables, columns and words (``ledger.toml``), and finding them in a source."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from xlbudget.figures.text import fold

from .errors import Problem
from .spec import UNIT, YEAR
from .table import Line, Table

LEDGER, INCOME, BALANCES, TRIPLE = "执行台账", "收入", "结转结余", "三公"
ABOUT, SUBJECTS = "基本信息", "科目目录"

_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNITS = re.compile("百万元|万元|千元|亿元|元")
_UNIT_LINE = re.compile(r"单位 ?: ?(百万元|万元|千元|亿元|元)")
_PREFIX = re.compile(r"(?:其中[::]?|(?:\d+|[一二三四五六七八九十]+)[、.])")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = (resources.files(__package__) / "ledger.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def bare(text: str) -> str:
    """A name for comparing: without blanks, signs, what stands in brackets, and a number before it."""
    text = _PREFIX.sub("", _BRACKETS.sub("", fold(text)), count=1)
    return "".join(ch for ch in text if ch.isalnum()).lower()


def statement(name: str) -> str:
    """A sentence that is printed, by its name in ``ledger.toml``."""
    return str(_data()["text"][name])


@lru_cache(maxsize=16)
def words(kind: str) -> Mapping[str, str]:
    """Every way to write a word of one kind (:func:`bare`) with the word that is meant."""
    return _variants(_data()["word"][kind])


def listed(kind: str) -> str:
    """The words of one kind, for a sentence."""
    return "、".join(_data()["word"][kind])


@lru_cache(maxsize=16)
def _columns(kind: str) -> Mapping[str, str]:
    return _variants({**_data()["common"], **_data()["table"][kind]["column"]})


def _variants(known: Mapping[str, Iterable[str]]) -> dict[str, str]:
    out = {bare(variant): name for name, others in known.items() for variant in others}
    return {**out, **{bare(name): name for name in known}}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return _variants({kind: table["names"] for kind, table in _data()["table"].items()})


@dataclass(slots=True)
class Sheet:
    """A table of a known kind: its columns by their proper names, and the money units they are in.

    A unit is stated by the heading, 金额（万元）, or by a line above the table, 单位：万元; else it is 元.
    """

    kind: str
    table: Table
    headings: dict[str, str] = field(default_factory=dict)  # proper name → as written
    units: dict[str, str] = field(default_factory=dict)  # proper name → 元, 万元, …
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True  # has the columns that it cannot do without

    def problem(self, message: str, row: int | None = None, column: str = "") -> Problem:
        return self.table.problem(message, row, self.headings.get(column, column))

    def proper(self) -> Table:
        """The table with its known columns under their proper names."""
        out = Table(self.table.name, self.table.where, tuple(self.headings), [], self.table.word)
        for line in self.table.lines:
            cells = {name: line.cells[h] for name, h in self.headings.items() if h in line.cells}
            out.lines.append(Line(line.number, cells))
        return out


def sheet_of(table: Table) -> Sheet | None:
    """The table as one of a ledger's, by its name or else by its columns; None for any other table."""
    kind = _names().get(bare(table.name))
    if kind == LEDGER and len(_known(kind, table) & set(_data()["table"][kind]["required"])) < 2:
        kind = None  # somebody else's 台账
    if kind is None:
        for other, spec in _data()["table"].items():
            wanted = set(spec["recognised_by"])
            if wanted and wanted <= _known(other, table):
                kind = other
                break
    return _sheet(kind, table) if kind else None


def _known(kind: str, table: Table) -> set[str]:
    """The columns of a kind that a table has, by their proper names."""
    return {name for c in table.columns if (name := _columns(kind).get(bare(c)))}


def _sheet(kind: str, table: Table) -> Sheet:
    sheet = Sheet(kind, table, problems=list(table.problems))
    above = _UNIT_LINE.search(fold(" ".join(table.above)))
    variants = _columns(kind)
    found: dict[str, list[str]] = {}
    for heading in dict.fromkeys(table.columns):
        if name := variants.get(bare(heading)):
            found.setdefault(name, []).append(heading)
    for name, headings in found.items():
        proper = [h for h in headings if bare(h) == bare(name)] or headings
        if len(proper) > 1:
            message = f"列“{'”“'.join(proper)}”都像是“{name}”；请只留一列，列名写“{name}”"
            sheet.problems.append(table.problem(message))
        sheet.headings[name] = proper[0]
        stated = "".join(_BRACKETS.findall(fold(proper[0])))
        unit = _UNITS.search(stated)
        sheet.units[name] = unit[0] if unit else above[1] if above else "元"
    missing = [c for c in _data()["table"][kind]["required"] if c not in sheet.headings]
    if missing:
        sheet.complete = False
        sheet.problems.append(table.problem(f"缺少列“{'”“'.join(missing)}”"))
    return sheet


def ledger_sheets(tables: Iterable[Table]) -> list[Sheet]:
    """The tables of a ledger among those of a source; none when there is no 执行台账 among them."""
    sheets = [s for t in tables if (s := sheet_of(t)) is not None]
    return sheets if any(s.kind == LEDGER for s in sheets) else []


__all__ = [
    "ABOUT",
    "BALANCES",
    "INCOME",
    "LEDGER",
    "SUBJECTS",
    "TRIPLE",
    "UNIT",
    "YEAR",
    "Sheet",
    "bare",
    "ledger_sheets",
    "listed",
    "sheet_of",
    "statement",
    "words",
]
