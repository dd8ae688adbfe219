"""The catalogue of one year: code → name, level and parent.

The tables beside this module hold what is known, each row with the years it is valid for (blank: no limit)
and its source; 待核 marks what no source confirms. They are a seed list, not the whole 《政府收支分类科目》:
a bureau's own table of a year is laid over them with :meth:`Catalogue.extended`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

FIRST_YEAR = 2018  # the economic classification in force since then differs from the one before
LATEST_YEAR = 2024  # the last year whose changes the tables know; it stands in where no year is given
_LAST_YEAR = 2100
_LEVELS = {3: "类", 5: "款", 7: "项"}
_AFFAIRS = "事务"  # the 款 whose 项 begin with the common ones
_TABLES = ("functional.csv", "economic.csv")
_COMMON = "common.csv"


class CatalogueError(ValueError):
    """There is no catalogue of a year, or a row of one is wrong; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject with the years it is valid for, both included (0: no limit)."""

    code: str
    name: str
    first: int = 0
    last: int = 0
    source: str = ""

    @property
    def level(self) -> str:
        """类, 款 or 项; "" for a code of any other length."""
        return _LEVELS.get(len(self.code), "")

    @property
    def parent(self) -> str:
        """The code one level up, "" for a 类. It need not be in the catalogue."""
        return self.code[:-2] if len(self.code) > 3 else ""

    def valid(self, year: int) -> bool:
        return (not self.first or self.first <= year) and (not self.last or year <= self.last)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The subjects of one year: expenditure by function (2…) and by economic kind (3…)."""

    year: int
    subjects: Mapping[str, Subject]

    def name(self, code: str) -> str | None:
        """The name of a code, None when the catalogue does not have it."""
        found = self.subjects.get(code)
        return found.name if found is not None else None

    def level(self, code: str) -> str:
        """类, 款 or 项 by the length of the code; "" for what is no code."""
        return _LEVELS.get(len(code), "")

    def parent(self, code: str) -> str:
        """The code one level up, "" for a 类 or what is no code."""
        return code[:-2] if len(code) in _LEVELS and len(code) > 3 else ""

    def children(self, code: str) -> list[Subject]:
        """The subjects directly under a code, in order; under "" the 类."""
        return sorted((s for s in self.subjects.values() if s.parent == code), key=lambda s: s.code)

    def extended(self, own: Iterable[Subject]) -> Catalogue:
        """The same with a bureau's own subjects laid over it, where they are valid in this year."""
        mine = {s.code: s for s in own if s.valid(self.year)}
        return Catalogue(self.year, MappingProxyType({**self.subjects, **mine}))


def load_catalogue(year: int | None = None) -> Catalogue:
    """The catalogue of a year, by default :data:`LATEST_YEAR`.

    A later year has the names of the latest known one. Raises CatalogueError for a year before
    :data:`FIRST_YEAR`, and for what is no year.
    """
    return _load(LATEST_YEAR if year is None else year)


@lru_cache(maxsize=16)
def _load(year: int) -> Catalogue:
    if not FIRST_YEAR <= year <= _LAST_YEAR:
        raise CatalogueError(f"没有 {year} 年的科目目录（从 {FIRST_YEAR} 年起收录）")
    listed = {s.code: s for table in _TABLES for s in _table(table) if s.valid(year)}
    return Catalogue(year, MappingProxyType({**_common(listed.values()), **listed}))


@lru_cache(maxsize=4)
def _table(name: str) -> tuple[Subject, ...]:
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    return tuple(read_subjects(text))


def read_subjects(text: str) -> Iterator[Subject]:
    """The rows of a table with the columns 编码, 名称, 起始年度, 终止年度, 来源 (the last three if wanted).

    Raises CatalogueError, which names the line.
    """
    rows = csv.DictReader(text.lstrip("\ufeff").splitlines())
    if not {"编码", "名称"} <= set(rows.fieldnames or ()):
        raise CatalogueError("科目目录的第一行应有“编码”“名称”两列")
    for line, row in enumerate(rows, 2):
        code, name = (row["编码"] or "").strip(), (row["名称"] or "").strip()
        years = [(row.get(column) or "").strip() for column in ("起始年度", "终止年度")]
        if not (code.isascii() and code.isdigit() and name) or any(y and not y.isdigit() for y in years):
            raise CatalogueError(f"科目目录第 {line} 行写错了：{','.join(filter(None, row.values()))}")
        first, last = (int(y or 0) for y in years)
        yield Subject(code, name, first, last, (row.get("来源") or "").strip())


def _common(listed: Iterable[Subject]) -> dict[str, Subject]:
    """The 项 that every 款 of …事务 has: 01 行政运行, …, 99 其他…支出."""
    out: dict[str, Subject] = {}
    for parent in listed:
        if parent.level == "款" and parent.name.endswith(_AFFAIRS):
            for item in _table(_COMMON):
                name = item.name.replace("{款}", parent.name)
                out[parent.code + item.code] = Subject(parent.code + item.code, name, source=item.source)
    return out
