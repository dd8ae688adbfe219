"""Filling a workbook in: formulas, a source's figures and the working papers. Packages in, packages out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path, PureWindowsPath

from xlbudget.joint import plain_unit
from xlbudget.packs import Pack
from xlbudget.review import Reading, papers_of, read_workbook
from xlbudget.rules.record import Record, column_letters
from xlbudget.sources import SourceError, read_source
from xlbudget.workbook.guard import check_file
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import CellEdit, OwnSheet
from xlbudget.workbook.refill import Refill, refill
from xlbudget.workbook.refill_sheet import put

_SHOWN = 20  # sentences of one kind that are told
_URL = re.compile(r"[A-Za-z][\w+.-]+://")


@dataclass(slots=True)
class Filled:
    """A workbook filled in. ``papers`` is its sheet 评分底稿; ``refused`` are cells that cannot be changed.

    ``restored`` counts overwritten formulas that are back in ``package``.
    """

    reading: Reading
    plan: Refill
    package: Package
    papers: OwnSheet
    notes: list[str] = field(default_factory=list)
    refused: list[CellEdit] = field(default_factory=list)
    restored: int = 0

    @property
    def line(self) -> str:
        """What was done, in one line; "" for nothing."""
        done = {
            "填入公式": len(self.plan.formulas) - self._refused(self.plan.formulas),
            "填入数据": len(self.plan.data) - self._refused(self.plan.data),
            "恢复公式": self.restored,
        }
        return "，".join(f"{what} {n} 处" for what, n in done.items() if n)

    @property
    def details(self) -> list[str]:
        """What was left undone and what is to be looked at, in sentences."""
        plan = self.plan
        refused = [f"{e.sheet}!{column_letters(e.col)}{e.row}" for e in self.refused]
        return [
            *self.notes,
            *_listed("公式写不进去", plan.unwritable),
            *_listed("单元格不能单独改动，没有填", refused),
            *_listed("与数据不一致，未改", plan.differing),
            *plan.notes,
        ]

    @property
    def overwritten(self) -> list[str]:
        """The cells whose formula was typed over, as sentences."""
        return [o.sentence for o in self.plan.overwritten]

    def _refused(self, edits: list[CellEdit]) -> int:
        return sum(e in self.refused for e in edits)


def fill_workbook(
    name: str,
    source: bytes | str | PathLike[str],
    pack: Pack | None = None,
    data: str = "",
    pack_id: str = "",
    folder: str = "",
) -> Filled:
    """Fill blank derived cells with formulas, and blank inputs from ``data`` (see :mod:`xlbudget.sources`).

    A relative ``data`` is looked for in ``folder``. ``pack_id`` is the pack of the data where that of the
    workbook is not meant. Raises WorkbookRefused, SourceError, PackError.
    """
    reading = read_workbook(name, source, pack)
    given, notes = _given(reading, data, pack_id, folder) if data else (None, [])
    plan = refill(reading.book, reading.pack, reading.record, given)
    package = check_file(source)
    refused = put(package, plan.cells).refused
    papers = _papers(package, reading)
    put(package, [], papers)
    return Filled(reading, plan, package, papers, notes, refused)


def restored(filled: Filled) -> Filled:
    """The same with the overwritten formulas back; ``filled`` is not changed."""
    package = Package.open(filled.package.save())
    back = filled.plan.restoring
    refused = put(package, back).refused
    papers = _papers(package, filled.reading)
    put(package, [], papers)
    count = sum(o.edit not in refused for o in filled.plan.overwritten)
    return replace(filled, package=package, papers=papers, refused=filled.refused + refused, restored=count)


def _papers(package: Package, reading: Reading) -> OwnSheet:
    """评分底稿 of the workbook as it is now: what is written there is what would be read from it."""
    again = read_workbook(reading.name, package.save(), reading.pack)
    return papers_of(again.pack, again.record)


def _listed(what: str, told: list[str]) -> list[str]:
    if not told:
        return []
    more = [f"　……另有 {len(told) - _SHOWN} 处"] if len(told) > _SHOWN else []
    return [f"{what}：", *(f"　{t}" for t in told[:_SHOWN]), *more]


# ---- the data ----------------------------------------------------------------------------------------


def _given(reading: Reading, data: str, pack_id: str, folder: str) -> tuple[Record | None, list[str]]:
    """What a source says of the workbook's unit and year; None, and why, where it says nothing."""
    units = [u.record for u in read_source(_located(data, folder), pack_id or reading.pack.id)]
    record = reading.record
    name = plain_unit(record.unit)
    if not name:
        if len(units) > 1:
            return None, [f"表上没有写单位名称，数据里有 {len(units)} 个单位，没有填数据。"]
        found: Record | None = units[0]
    else:
        found = next((u for u in units if plain_unit(u.unit) == name), None)
    if found is None:
        return None, [f"数据里没有单位“{record.unit}”，没有填数据。"]
    if record.year and found.year and record.year != found.year:
        return None, [f"数据是 {found.year} 年度的，表是 {record.year} 年度的，没有填数据。"]
    return found, []


def _located(data: str, folder: str) -> str:
    if _URL.match(data) or Path(data).is_absolute() or PureWindowsPath(data).is_absolute():
        return data
    if not folder:
        raise SourceError(f"工作簿没有保存在本机，找不到“{data}”；请写出数据的完整路径")
    return str(Path(folder) / data)
