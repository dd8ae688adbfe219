"""Reading a source into records: open it, choose the packs, check the tables, build the records."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlbudget.packs import Pack, load_pack
from xlbudget.rules.record import Record

from .assemble import assemble
from .checks import check_units
from .choose import choose_packs
from .errors import Problem, SourceError
from .keys import key_rows
from .ledger_words import Sheet, ledger_sheets
from .open import open_source
from .spec import PACK, TableSpec, specs_of
from .table import Table


@dataclass(frozen=True, slots=True)
class UnitData:
    """The data of one unit, with the pack that it is for. ``notes`` say what to look at, in sentences."""

    pack: Pack
    record: Record
    notes: tuple[str, ...] = ()


def read_source(source: str | os.PathLike[str], pack_id: str | None = None) -> list[UnitData]:
    """The records of a source, one per 单位, in the order in which the units first occur.

    ``source`` is a folder of CSV files, an .xlsx data book, a SQLite file or a SQLAlchemy URL, with one table
    per form and row set or with an execution ledger (:mod:`xlbudget.sources.ledger`); ``pack_id``
    (id or folder of a pack) goes before what the data says. Raises :class:`SourceError` with all problems
    of the data at once, PackError for an unknown pack, WorkbookRefused for a data book that is unsafe.
    """
    return build_records(open_source(source), pack_id)


def build_records(tables: list[Table], pack_id: str | None = None) -> list[UnitData]:
    """The records of tables already read; see :func:`read_source`.

    An execution ledger among them becomes final accounts; then the other tables count only where they name
    a pack of their own.
    """
    sheets = ledger_sheets(tables)
    if not sheets:
        return _build(tables, pack_id)
    if pack_id:
        final = load_pack(pack_id).disclosure == "S1"
        return _from_ledger(sheets, pack_id) if final else _build(tables, pack_id)
    used = {id(s.table) for s in sheets}
    rest = [t for t in tables if id(t) not in used]
    return _from_ledger(sheets, None) + (_build(rest, None) if any(PACK in t.columns for t in rest) else [])


def _from_ledger(sheets: list[Sheet], pack_id: str | None) -> list[UnitData]:
    from .ledger import ledger_units  # pandas loads only where there is a ledger

    return [UnitData(pack, record, notes) for pack, record, notes in ledger_units(sheets, pack_id)]


def _build(tables: list[Table], pack_id: str | None) -> list[UnitData]:
    named, default = choose_packs(tables, pack_id)
    packs = list({p.id: p for p in (*named.values(), *((default,) if default else ()))}.values())
    specs = [specs_of(p) for p in packs]
    problems: list[Problem] = []
    used = _match(tables, specs, problems)
    keyed = [k for t, s in used if (k := key_rows(t, s, problems)) is not None]
    check_units(keyed, lambda unit: named.get(unit, default), problems)
    by_name = {k.spec.name: k for k in keyed}
    out: list[UnitData] = []
    for unit in dict.fromkeys(u for k in keyed for u in k.units()):
        pack = named.get(unit, default)
        if pack is None:
            problems.append(Problem("", f"单位“{unit}”没有写明规则包"))
        else:
            out.append(UnitData(pack, assemble(unit, pack, by_name, problems)))
    if problems:
        raise SourceError(_ordered(problems, tables))
    if not out:
        raise SourceError("数据里没有任何单位的记录")
    return out


def _match(
    tables: Iterable[Table], specs: list[dict[str, TableSpec]], problems: list[Problem]
) -> list[tuple[Table, TableSpec]]:
    """The tables that the packs know, checked for their columns. Other tables are left alone."""
    out: list[tuple[Table, TableSpec]] = []
    for table in tables:
        found = [s[table.name] for s in specs if table.name in s]
        if found:
            out.append((table, found[0]))
            problems += table.problems
            if table.above:
                problems.append(table.problem(f"第一行应是列名，前面不要有“{table.above[0]}”"))
            unknown = [c for c in table.columns if not any(s.knows(c) for s in found)]
            problems += [table.problem("表样里没有这一列", column=c) for c in unknown]
        elif near := next((n for s in specs for n in s if _resembles(table.name, n)), None):
            problems.append(table.problem(f"没有这张表；是不是“{near}”？"))
    problems += _missing({t.name for t, _ in out}, specs)
    return out


def _resembles(name: str, known: str) -> bool:
    """Whether a table's name is one of ours written a little differently."""

    def bare(text: str) -> str:
        return "".join(ch for ch in text if ch.isalnum())

    return bare(name) == bare(known)


def _missing(present: set[str], specs: list[dict[str, TableSpec]]) -> list[Problem]:
    wanted: dict[str, TableSpec] = {}
    for of_pack in specs:
        for name, spec in of_pack.items():
            own_rows = spec.rowset is not None and not spec.rowset.of and spec.form.id in present
            if (spec.required or own_rows) and name not in present:
                wanted[name] = spec
    return [Problem("", f"缺少表“{n}”（关键列：{'、'.join(s.keys)}）") for n, s in wanted.items()]


def _ordered(problems: list[Problem], tables: Iterable[Table]) -> list[Problem]:
    order: Mapping[str, int] = {t.where: i for i, t in enumerate(tables)}
    columns = {(t.where, c): i for t in tables for i, c in enumerate(t.columns)}
    unique = dict.fromkeys(problems)
    return sorted(
        unique, key=lambda p: (order.get(p.where, -1), p.row or 0, columns.get((p.where, p.column), 0))
    )
