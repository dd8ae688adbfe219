"""Ledgers as rows, and what their nine tables must hold: computed by plain loops, apart from the program."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from xlbudget.rules.record import FormRecord, Record
from xlbudget.sources import SourceError, UnitData, read_source
from xlbudget.sources.ledger_read import Ledger, read_ledgers
from xlbudget.sources.ledger_words import ledger_sheets
from xlbudget.sources.table import build_table

from .tables import Tables, to_folder

PACK = "S1-HN"
GENERAL, FUND, STATE = "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"
KINDS = {GENERAL: "一般", FUND: "基金", STATE: "国资"}
LEDGER_HEAD = ["功能分类编码", "经济分类编码", "资金来源", "支出性质", "金额"]
INCOME_HEAD = ["功能分类编码", "收入类别", "金额"]
BALANCE_HEAD = ["项目", "资金来源", "功能分类编码", "金额"]
OPENING, CLOSING = "年初结转和结余", "年末结转和结余"


def about(unit: str = "示例单位", year: str = "2023", pack: str = PACK) -> list[list[str]]:
    return [["单位", "年度", "规则包"], [unit, year, pack]]


def one_ledger(*rows: list[str], **others: list[list[str]]) -> Tables:
    """A unit with these rows of spending."""
    return {"基本信息": about(), "执行台账": [list(LEDGER_HEAD), *rows], **others}


def ledgers(tables: Tables) -> list[Ledger]:
    """The ledgers of tables that never were files."""
    made = [build_table(name, name, enumerate(rows, 1)) for name, rows in tables.items()]
    return read_ledgers(ledger_sheets(made), None)


def problems(tables: Tables, folder: Path, pack: str | None = None) -> list[str]:
    """What is said of a folder of these tables."""
    with pytest.raises(SourceError) as caught:
        read_source(to_folder(tables, folder), pack)
    return [str(p) for p in caught.value.problems]


def form(unit: UnitData, form_id: str) -> FormRecord:
    return next(f for f in unit.record.forms if f.form == form_id)


def table(tables: Tables, name: str) -> list[dict[str, str]]:
    header, *rows = tables.get(name, [[]])
    return [dict(zip(header, row, strict=True)) for row in rows]


class Expected:
    """The tables in 元, added up one row at a time. ``printed`` are the cells that Hunan's forms have."""

    def __init__(self, tables: Tables) -> None:
        self.fields: dict[str, Decimal] = {}
        self.cells: dict[tuple[str, str, str], Decimal] = {}
        for row in table(tables, "执行台账"):
            self._spent(row)
        for row in table(tables, "收入"):
            self._income(row)
        for row in table(tables, "结转结余"):
            self._balance(row)
        short = {
            "因公出国（境）费": "出国",
            "公务用车购置费": "购置",
            "公务用车运行维护费": "运行",
            "公务接待费": "接待",
        }
        for row in table(tables, "三公"):
            self._field(f"三公_预算_{short[row['项目']]}", Decimal(row["预算"]))
            self._field(f"三公_决算_{short[row['项目']]}", Decimal(row["决算"]))

    @property
    def printed(self) -> dict[tuple[str, str, str], Decimal]:
        rest = {OPENING, CLOSING, "本年收入"}
        return {k: v for k, v in self.cells.items() if k[0] != "国资明细" or k[2] not in rest}

    def _field(self, name: str, amount: Decimal) -> None:
        self.fields[name] = self.fields.get(name, Decimal(0)) + amount

    def _cell(self, rowset: str, code: str, column: str, amount: Decimal) -> None:
        key = (rowset, code, column)
        self.cells[key] = self.cells.get(key, Decimal(0)) + amount

    def _spent(self, row: dict[str, str]) -> None:
        code, source, nature = row["功能分类编码"], row["资金来源"], row["支出性质"]
        amount = Decimal(row["金额"])
        self._field(f"总表_支出{code[:3]}", amount)
        self._cell("支出明细", code, nature, amount)
        if source in KINDS:
            self._field(f"财拨_支出{code[:3]}_{KINDS[source]}", amount)
            rowset = {GENERAL: "一般支出明细", FUND: "基金明细", STATE: "国资明细"}[source]
            self._cell(rowset, code, nature, amount)
        if source == GENERAL and nature == "基本支出":
            self._field(f"基本_{row['经济分类编码']}", amount)

    def _income(self, row: dict[str, str]) -> None:
        code, kind, amount = row["功能分类编码"], row["收入类别"], Decimal(row["金额"])
        self._field(f"总表_{kind}", amount)
        if kind.removesuffix("收入") in KINDS:
            self._field(f"财拨_{kind}", amount)
            self._cell("收入明细", code, "财政拨款收入", amount)
            if not kind.startswith(GENERAL):
                self._cell("基金明细" if kind.startswith(FUND) else "国资明细", code, "本年收入", amount)
        else:
            self._cell("收入明细", code, kind, amount)

    def _balance(self, row: dict[str, str]) -> None:
        item, source, amount = row["项目"], row["资金来源"], Decimal(row["金额"])
        self._field(f"总表_{item}", amount)
        if source in KINDS:
            self._field(f"财拨_{item[:2]}结转_{KINDS[source]}", amount)
        if source in (FUND, STATE) and row["功能分类编码"]:
            self._cell("基金明细" if source == FUND else "国资明细", row["功能分类编码"], item, amount)


def wan(yuan: Decimal) -> Fraction:
    """元 as 万元 of two decimals."""
    return Fraction((yuan / 10000).quantize(Decimal("0.01"), ROUND_HALF_UP))


def typed(record: Record) -> tuple[dict[str, Fraction], dict[tuple[str, str, str], Fraction]]:
    """The amounts of a record that are not zero sums: single cells, and cells of rows."""
    fields: dict[str, Fraction] = {}
    cells: dict[tuple[str, str, str], Fraction] = {}
    for form in record.forms:
        for name, entry in form.fields.items():
            if not entry.blank and not isinstance(entry.value, str) and not name.endswith("_年度"):
                fields[name] = entry.value.value
        for rowset, rows in form.rows.items():
            for row in rows:
                for column, entry in row.items():
                    if not entry.blank and not isinstance(entry.value, str):
                        cells[rowset, str(row["科目编码"].value), column] = entry.value.value
    return fields, cells
