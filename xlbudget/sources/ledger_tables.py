"""The nine tables of a final account from one ledger: pivots in whole 分, nothing rounded yet.

Names are those of the packs: fields by their names, row sets by code and column. Only what people type is
set (leaf rows and single cells); totals are the business of the forms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from .ledger_cells import FISCAL, FUND, GENERAL, STATE
from .ledger_read import Ledger
from .ledger_words import BALANCES, INCOME, LEDGER, TRIPLE

SHORT = {GENERAL: "一般", FUND: "基金", STATE: "国资"}
NATURES = ("基本支出", "项目支出")
OPENING, CLOSING = "年初结转和结余", "年末结转和结余"
OTHER_INCOME = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
ITEMS = {
    "因公出国（境）费": "出国",
    "公务用车购置费": "购置",
    "公务用车运行维护费": "运行",
    "公务接待费": "接待",
}

Cells = dict[str, dict[str, int]]  # code → column → 分


@dataclass(slots=True)
class Nine:
    """Amounts in 分. ``silent`` are fields, and ``silent_columns`` columns of row sets, that the source says
    nothing about, which is not the same as nothing there."""

    fields: dict[str, int] = field(default_factory=dict)
    rows: dict[str, Cells] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    silent_columns: frozenset[tuple[str, str]] = frozenset()


def nine_tables(ledger: Ledger) -> Nine:
    """The tables of a ledger, as far as its source goes."""
    out = Nine()
    spent = ledger.rows[LEDGER].assign(类=lambda f: f["功能分类编码"].str[:3])
    _spending(out, spent)
    silent: set[str] = set()
    columns: set[tuple[str, str]] = set()
    if INCOME in ledger.rows:
        _income(out, ledger.rows[INCOME])
    else:
        silent |= {f"总表_{s}收入" for s in FISCAL} | {f"财拨_{s}收入" for s in FISCAL}
        silent |= {f"总表_{s}" for s in OTHER_INCOME}
        columns |= {("基金明细", "本年收入"), ("国资明细", "本年收入")}
    if BALANCES in ledger.rows:
        _balances(out, ledger.rows[BALANCES])
    else:
        silent |= {f"总表_{n}" for n in (OPENING, CLOSING, "使用非财政拨款结余", "结余分配")}
        silent |= {f"财拨_{n}结转_{s}" for n in ("年初", "年末") for s in SHORT.values()}
        columns |= {(r, c) for r in ("基金明细", "国资明细") for c in (OPENING, CLOSING)}
    if TRIPLE in ledger.rows:
        _triple(out, ledger.rows[TRIPLE])
    else:
        silent |= {f"三公_{kind}_{item}" for kind in ("预算", "决算") for item in ITEMS.values()}
    out.silent, out.silent_columns = frozenset(silent), frozenset(columns)
    return out


def sums(rows: pd.DataFrame, by: list[str], amount: str = "金额") -> dict[Any, int]:
    """Σ of 分 by some columns, exactly; groups that come to nothing are left out."""
    grouped = rows.groupby(by if len(by) > 1 else by[0], sort=True)[amount].sum()
    return {key: total for key, total in grouped.to_dict().items() if total}


def _spending(out: Nine, spent: pd.DataFrame) -> None:
    for code, fen in sums(spent, ["类"]).items():
        out.fields[f"总表_支出{code}"] = fen
    out.rows["支出明细"] = _cells(sums(spent, ["功能分类编码", "支出性质"]))
    fiscal = spent[spent["资金来源"].isin(FISCAL)]
    for (code, source), fen in sums(fiscal, ["类", "资金来源"]).items():
        out.fields[f"财拨_支出{code}_{SHORT[source]}"] = fen
    for source, rowset in ((GENERAL, "一般支出明细"), (FUND, "基金明细"), (STATE, "国资明细")):
        of = fiscal[fiscal["资金来源"] == source]
        out.rows[rowset] = _cells(sums(of, ["功能分类编码", "支出性质"]))
    basic = fiscal[(fiscal["资金来源"] == GENERAL) & (fiscal["支出性质"] == "基本支出")]
    for code, fen in sums(basic, ["经济分类编码"]).items():
        out.fields[f"基本_{code}"] = fen


def _income(out: Nine, income: pd.DataFrame) -> None:
    for source, fen in sums(income, ["收入类别"]).items():
        if source in FISCAL:
            out.fields[f"总表_{source}收入"] = out.fields[f"财拨_{source}收入"] = fen
        else:
            out.fields[f"总表_{source}"] = fen
    columns = income["收入类别"].map(lambda s: "财政拨款收入" if s in FISCAL else s)
    out.rows["收入明细"] = _cells(sums(income.assign(列=columns), ["功能分类编码", "列"]))
    for source, rowset in ((FUND, "基金明细"), (STATE, "国资明细")):
        for code, fen in sums(income[income["收入类别"] == source], ["功能分类编码"]).items():
            out.rows[rowset].setdefault(code, {})["本年收入"] = fen


def _balances(out: Nine, balances: pd.DataFrame) -> None:
    for item, fen in sums(balances, ["项目"]).items():
        out.fields[f"总表_{item}"] = fen
    ends = balances[balances["项目"].isin((OPENING, CLOSING))]
    for (item, source), fen in sums(ends, ["项目", "资金来源"]).items():
        if source in SHORT:
            out.fields[f"财拨_{item[:2]}结转_{SHORT[source]}"] = fen
    for source, rowset in ((FUND, "基金明细"), (STATE, "国资明细")):
        of = ends[(ends["资金来源"] == source) & (ends["功能分类编码"] != "")]
        for (code, item), fen in sums(of, ["功能分类编码", "项目"]).items():
            out.rows[rowset].setdefault(code, {})[item] = fen


def _triple(out: Nine, triple: pd.DataFrame) -> None:
    for kind in ("预算", "决算"):
        for item, fen in sums(triple[triple["项目"].isin(ITEMS)], ["项目"], kind).items():
            out.fields[f"三公_{kind}_{ITEMS[item]}"] = fen


def _cells(totals: dict[tuple[str, str], int]) -> Cells:
    out: Cells = {}
    for (code, column), fen in totals.items():
        out.setdefault(code, {})[column] = fen
    return out


def parents(codes: Iterable[str]) -> list[str]:
    """The codes with all those above them (类, 款), in the order of a form."""
    return sorted({code[:n] for code in codes for n in (3, 5, 7) if n <= len(code)})
