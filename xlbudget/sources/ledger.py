"""Final accounts from an execution ledger: the nine tables of every unit, without a form filled by hand.

The way: sheets of known kinds (:mod:`.ledger_words`) → frames of checked values (:mod:`.ledger_frames`) →
one ledger per unit (:mod:`.ledger_read`, :mod:`.ledger_check`) → nine tables in 分 (:mod:`.ledger_tables`) →
the record on the forms of the pack (:mod:`.ledger_record`), with what to look at (:mod:`.ledger_tails`).
"""

from __future__ import annotations

from xlbudget.packs import Pack
from xlbudget.rules.record import Record

from .errors import Problem, SourceError
from .ledger_check import check
from .ledger_names import names_of
from .ledger_read import Ledger, ordered, read_ledgers
from .ledger_record import Forms, homeless
from .ledger_tables import nine_tables
from .ledger_tails import tails
from .ledger_words import LEDGER, Sheet

Unit = tuple[Pack, Record, tuple[str, ...]]


def ledger_units(sheets: list[Sheet], pack_id: str | None) -> list[Unit]:
    """Pack, record and notes of every unit. Raises SourceError with all problems, PackError."""
    problems: list[Problem] = []
    out: list[Unit] = []
    merged = [s.table.where for s in sheets if s.kind == LEDGER]
    joined = [f"{LEDGER}由 {len(merged)} 张表合并：{'、'.join(merged)}。"] if len(merged) > 1 else []
    for ledger in read_ledgers(sheets, pack_id):
        record = _record(ledger)
        problems += ledger.problems
        if record is not None:
            out.append((ledger.pack, record, (*joined, *ledger.notes)))
    if problems:
        raise SourceError(ordered(problems, sheets))
    if not out:
        raise SourceError(f"表“{LEDGER}”里没有任何单位的记录")
    return out


def _record(ledger: Ledger) -> Record | None:
    """The record; None when the ledger has problems, which it keeps. Notes are added to it."""
    check(ledger)
    names = names_of(ledger)
    nine = nine_tables(ledger)
    ledger.problems += homeless(ledger, nine, names)
    if ledger.problems:
        return None
    record = Forms(ledger, nine, names).record()
    ledger.notes += tails(ledger.pack, record, Forms(ledger, nine, names, exact=True).record())
    return record
