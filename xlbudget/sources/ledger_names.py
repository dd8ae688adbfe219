"""What the subjects of one ledger are called: by the catalogue of the year, else by the ledger itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .ledger_cells import code_of
from .ledger_read import Ledger
from .ledger_tables import parents
from .ledger_words import BALANCES, INCOME, LEDGER, bare

_SHOWN = 8
_COLUMNS = (
    (LEDGER, "功能分类编码", "功能分类名称"),
    (INCOME, "功能分类编码", "功能分类名称"),
    (BALANCES, "功能分类编码", "功能分类名称"),
    (LEDGER, "经济分类编码", "经济分类名称"),
)


def names_of(ledger: Ledger) -> dict[str, str]:
    """The name of every subject used and of those above it, "" where nobody knows it.

    Adds to the ledger: a problem where a name belongs to another code of the catalogue, and notes on names
    that the catalogue has differently and on codes that it does not have.
    """
    written = _written(ledger)
    known = {(s.code[0], bare(s.name)) for s in ledger.catalogue.subjects.values()}
    out: dict[str, str] = {}
    other: list[str] = []
    for code in parents(written):
        proper = ledger.catalogue.name(code)
        own = written.get(code, {})
        out[code] = proper or min(own, default="")
        if proper is None and len({bare(n) for n in own}) > 1:
            ledger.notes.append(f"编码 {code} 在数据里有不同的名称：{'、'.join(sorted(own))}；请核对。")
        wrong = sorted(n for n in own if proper is not None and bare(n) != bare(proper))
        for name in wrong:
            kind, column, position = own[name]
            if (code[0], bare(name)) in known:
                message = f"编码 {code} 在科目目录里是“{proper}”，名称却写“{name}”；请核对编码和名称"
                ledger.problems.append(ledger.frames[kind].problem(message, position, column))
            else:
                other.append(f"{code} 数据写“{name}”，目录是“{proper}”")
    year = ledger.year
    if other:
        ledger.notes.append(f"科目名称与 {year} 年科目目录不同，表上用目录的名称：{_some(other, '；')}。")
    unknown = [c for c in out if ledger.catalogue.name(c) is None]
    if named := [f"{c} {out[c]}" for c in unknown if out[c]]:
        ledger.notes.append(f"{year} 年科目目录里没有这些编码，名称用数据里写的，请核对：{_some(named)}。")
    if nameless := [c for c in unknown if not out[c]]:
        ledger.notes.append(
            f"{year} 年科目目录里没有这些编码，数据也没有写名称，表上名称空着：{_some(nameless)}；"
            "可以加一张表“科目目录”（列：编码、名称）写明。"
        )
    return out


Place = tuple[str, str, int]  # kind of table, column of the code, position


def _written(ledger: Ledger) -> dict[str, dict[str, Place]]:
    """Each code used, with the names that the data give it and where they first do so."""
    out: dict[str, dict[str, Place]] = {}
    for kind, column, name_column in _COLUMNS:
        if kind not in ledger.rows:
            continue
        pairs = ledger.rows[kind][[column, name_column]].drop_duplicates()
        for position, code, name in pairs.itertuples():
            if code:
                names = out.setdefault(code, {})
                if name:
                    names.setdefault(_plain(name), (kind, column, position))
    return dict(sorted(out.items()))


def _plain(name: str) -> str:
    """A name without a code before it and blanks around it."""
    for first in "23":
        try:
            return code_of(name, first)[1] or name
        except ValueError:
            continue
    return name.strip()


def _some(items: Iterable[str], mark: str = "、") -> str:
    told = list(items)
    more = f" 等 {len(told)} 个" if len(told) > _SHOWN else ""
    return mark.join(told[:_SHOWN]) + more


def name_or_code(names: Mapping[str, str], code: str) -> str:
    """``201 一般公共服务支出`` for a sentence."""
    return f"{code} {names.get(code, '')}".strip()
