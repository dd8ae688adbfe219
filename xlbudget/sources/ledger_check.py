"""What must hold inside one ledger before tables are made of it, and what its accountant should look at."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from .ledger_cells import FISCAL, FUND, GENERAL, STATE, yuan
from .ledger_read import Ledger
from .ledger_tables import CLOSING, ITEMS, NATURES, OPENING, sums
from .ledger_words import BALANCES, INCOME, LEDGER, TRIPLE

_TOTALS = {
    "公务用车购置及运行维护费": ("公务用车购置费", "公务用车运行维护费"),
    "合计": tuple(ITEMS),
}


def check(ledger: Ledger) -> None:
    """Adds to the problems and notes of the ledger."""
    _check_spending(ledger)
    _check_levels(ledger)
    if BALANCES in ledger.rows:
        _check_balances(ledger)
    if TRIPLE in ledger.rows:
        _check_triple(ledger)
    for kind, what in ((INCOME, "收入各栏"), (BALANCES, "年初、年末结转和结余"), (TRIPLE, "“三公”经费表")):
        if kind not in ledger.rows:
            ledger.notes.append(f"数据里没有本单位的“{kind}”，{what}没有填。")
    if not ledger.problems:
        ledger.notes += _uneven(ledger)


def _say(ledger: Ledger, kind: str, rows: pd.DataFrame, column: str, message: str) -> None:
    frame = ledger.frames[kind]
    ledger.problems += [frame.problem(message, p, column) for p in rows.index]


def _check_spending(ledger: Ledger) -> None:
    spent = ledger.rows[LEDGER]
    fiscal = spent["资金来源"].isin(FISCAL)
    wrong = spent[fiscal & ~spent["支出性质"].isin(NATURES)]
    _say(ledger, LEDGER, wrong, "支出性质", "财政拨款的支出只能是基本支出或项目支出")
    basic = spent[(spent["资金来源"] == GENERAL) & (spent["支出性质"] == "基本支出")]
    coarse = basic[basic["经济分类编码"].str.len() < 5]
    message = "一般公共预算财政拨款的基本支出要有经济分类款级编码（5 位），公开06表按款填列"
    _say(ledger, LEDGER, coarse, "经济分类编码", message)


def _check_levels(ledger: Ledger) -> None:
    """Within one table a subject has amounts of its own, or subjects under it: never both."""
    of_fund = {LEDGER: "资金来源", INCOME: "收入类别", BALANCES: "资金来源"}
    fund = {k: ledger.rows[k][ledger.rows[k][c] == FUND] for k, c in of_fund.items() if k in ledger.rows}
    alone = [{k: ledger.rows[k]} for k in (LEDGER, INCOME) if k in ledger.rows]
    told: dict[str, str] = {}
    for table in (*alone, fund):
        first = {c: (k, p) for k, rows in table.items() for c, p in _first(rows).items()}
        for code, (kind, position) in sorted(first.items()):
            deeper = next((c for c in sorted(first) if c != code and c.startswith(code)), "")
            if deeper and code not in told:
                told[code] = deeper
                message = f"{code} 和它下级的 {deeper} 都记了金额；请都记到最末一级科目"
                ledger.problems.append(ledger.frames[kind].problem(message, position, "功能分类编码"))
    coarse = sorted(c for c in _first(ledger.rows[LEDGER]) if len(c) < 7)
    if coarse:
        ledger.notes.append(f"功能分类没有细化到项级：{'、'.join(coarse)}；公开要求细化到项。")


def _first(rows: pd.DataFrame) -> dict[str, int]:
    """Each subject by function with the position of its first row."""
    codes = rows["功能分类编码"].drop_duplicates()
    return {code: position for position, code in codes.items() if code}


def _check_balances(ledger: Ledger) -> None:
    rows = ledger.rows[BALANCES]
    ends = rows["项目"].isin((OPENING, CLOSING))
    message = "财政拨款没有这一项（使用非财政拨款结余、结余分配只用于非财政拨款）"
    _say(ledger, BALANCES, rows[~ends & rows["资金来源"].isin(FISCAL)], "项目", message)
    for source, rowset in ((FUND, "基金明细"), (STATE, "国资明细")):
        if _prints(ledger, rowset, OPENING):
            bare = rows[
                ends & (rows["资金来源"] == source) & (rows["功能分类编码"] == "") & (rows["金额"] != 0)
            ]
            message = f"{source}的结转结余要写功能分类编码，表上按科目填列"
            _say(ledger, BALANCES, bare, "功能分类编码", message)


def _prints(ledger: Ledger, rowset: str, column: str) -> bool:
    """Whether a form of the pack has that column."""
    sets = (r for form in ledger.pack.forms for r in form.rowsets if r.name == rowset)
    return any(c.name == column for r in sets for c in r.columns)


def _check_triple(ledger: Ledger) -> None:
    """No item twice; a total that the source states must be that of its items."""
    rows, frame = ledger.rows[TRIPLE], ledger.frames[TRIPLE]
    again = rows[rows["项目"].duplicated()]
    for position in again.index:
        ledger.problems.append(frame.problem(f"“{rows.at[position, '项目']}”写了两次", position, "项目"))
    if not again.empty or ledger.problems:
        return
    by_item = rows.set_index("项目")
    for total, parts in _TOTALS.items():
        if total not in by_item.index:
            continue
        position = rows.index[rows["项目"] == total][0]
        for kind in ("预算", "决算"):
            stated = by_item.at[total, kind]
            found = sum(by_item.at[p, kind] for p in parts if p in by_item.index)
            if stated and stated != found:
                message = f"写的是 {yuan(stated)} 元，各项之和是 {yuan(found)} 元"
                ledger.problems.append(frame.problem(message, position, kind))


def _uneven(ledger: Ledger) -> Iterable[str]:
    """Where opening balance, income, spending and closing balance do not agree to the 分."""
    if not {INCOME, BALANCES} <= set(ledger.rows):
        return
    income = sums(ledger.rows[INCOME], ["收入类别"])
    spent = sums(ledger.rows[LEDGER], ["资金来源"])
    balances = sums(ledger.rows[BALANCES], ["项目", "资金来源"])

    def total(item: str, fiscal: str = "") -> int:
        of = {s: v for (i, s), v in balances.items() if i == item}
        return of.get(fiscal, 0) if fiscal else sum(v for s, v in of.items() if s not in FISCAL)

    for source in FISCAL:
        left = total(OPENING, source) + income.get(source, 0) - spent.get(source, 0)
        if left != total(CLOSING, source):
            yield _gap(source, left, total(CLOSING, source))
    left = total(OPENING) + total("使用非财政拨款结余") - total("结余分配")
    left += sum(v for s, v in income.items() if s not in FISCAL)
    left -= sum(v for s, v in spent.items() if s not in FISCAL)
    if left != total(CLOSING):
        yield _gap("非财政拨款", left, total(CLOSING))


def _gap(source: str, left: int, closing: int) -> str:
    return (
        f"{source}：按年初结转和结余、收入、支出推算，年末应为 {yuan(left)} 元，"
        f"数据里的年末结转和结余是 {yuan(closing)} 元，相差 {yuan(left - closing)} 元。"
    )
