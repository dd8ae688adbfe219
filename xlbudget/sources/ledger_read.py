"""From the sheets of a ledger to one checked ledger per unit: its pack, year, catalogue and rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from xlbudget.codes import Catalogue, CatalogueError, Subject, load_catalogue
from xlbudget.packs import Pack

from .choose import choose_packs
from .entries import BadValue
from .errors import Problem, SourceError
from .ledger_cells import code_of, year_of
from .ledger_frames import READERS, Frame, keys
from .ledger_words import ABOUT, LEDGER, SUBJECTS, Sheet
from .spec import PACK, UNIT, YEAR
from .table import Line, Table

DISCLOSURE = "S1"


@dataclass(slots=True)
class Ledger:
    """Everything known of one unit and year. ``frames`` by kind; ``rows`` are the unit's rows of each, under
    their positions in the frame; a kind of which the unit has no rows is not there. ``shown`` is the name
    that the forms print.
    """

    unit: str
    shown: str
    year: int
    pack: Pack
    catalogue: Catalogue
    frames: Mapping[str, Frame]
    rows: Mapping[str, pd.DataFrame]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _About:
    """基本信息 of one unit."""

    table: Table
    line: Line
    shown: str
    year: int


def read_ledgers(sheets: list[Sheet], pack_id: str | None) -> list[Ledger]:
    """The ledgers, one per unit. Raises SourceError with all that is wrong with the rows, or PackError."""
    problems = [p for s in sheets for p in s.problems]
    about = _about(sheets, problems)
    own = _subjects(sheets, problems)
    frames = _frames(sheets, about, problems)
    if LEDGER not in frames:
        raise SourceError(ordered(problems, sheets))
    named, default, unnamed = _packs(sheets, pack_id, problems)
    out = []
    for unit in _units(frames, about, problems):
        pack = named.get(unit, default)
        year = _year(unit, frames, about, problems)
        at = about.get(unit)
        if pack is None:
            problems += [] if unnamed else [Problem("", f"单位“{unit}”没有写明规则包")]
        elif pack.disclosure != DISCLOSURE:
            message = f"规则包 {pack.id}（{pack.title}）不是部门决算公开的规则包，不能由台账生成"
            problems.append(at.table.problem(message, at.line.number, PACK) if at else Problem("", message))
        elif year and (catalogue := _catalogue(year, own, problems)) is not None:
            rows = {k: of for k, f in frames.items() if not (of := f.rows[f.rows[UNIT] == unit]).empty}
            out.append(Ledger(unit, at.shown if at else unit, year, pack, catalogue, frames, rows))
    _check_shown(out, problems)
    if problems:
        raise SourceError(ordered(problems, sheets))
    return out


def _packs(
    sheets: Iterable[Sheet], pack_id: str | None, problems: list[Problem]
) -> tuple[dict[str, Pack], Pack | None, bool]:
    """As :func:`choose_packs`, and whether it failed; what it says joins the other problems."""
    about = [s.proper() for s in sheets if s.kind == ABOUT]
    try:
        return *choose_packs(about, pack_id, table=ABOUT, example="S1-HN"), False
    except SourceError as e:
        problems += e.problems
        return {}, None, True


def _about(sheets: Iterable[Sheet], problems: list[Problem]) -> dict[str, _About]:
    out: dict[str, _About] = {}
    for sheet in sheets:
        if sheet.kind != ABOUT or UNIT not in sheet.headings:
            continue
        table = sheet.proper()
        for line in table.lines:
            unit, text = line.cells.get(UNIT, ""), line.cells.get(YEAR, "")
            if not unit:
                problems.append(sheet.problem("没有填", line.number, UNIT))
                continue
            if unit in out:
                first = out[unit].line.number
                message = f"单位“{unit}”与第 {first} {table.word}重复"
                problems.append(sheet.problem(message, line.number, UNIT))
            year = 0
            try:
                year = year_of(text) if text else 0
            except BadValue as e:
                problems.append(sheet.problem(str(e), line.number, YEAR))
            out.setdefault(unit, _About(table, line, line.cells.get("部门") or unit, year))
    return out


def _subjects(sheets: Iterable[Sheet], problems: list[Problem]) -> list[Subject]:
    """The bureau's or unit's own subjects, which go before those of the catalogue."""
    out: list[Subject] = []
    for sheet in sheets:
        if sheet.kind != SUBJECTS or not {"编码", "名称"} <= set(sheet.headings):
            continue
        for line in sheet.proper().lines:
            text, name = line.cells.get("编码", ""), line.cells.get("名称", "")
            try:
                code, _ = code_of(text, "3" if text[:1] in "3３" else "2")
            except BadValue as e:
                problems.append(sheet.problem(str(e) if text else "没有填", line.number, "编码"))
                continue
            if name:
                out.append(Subject(code, name, source="数据"))
            else:
                problems.append(sheet.problem("没有填", line.number, "名称"))
    return out


def _frames(sheets: list[Sheet], about: Mapping[str, _About], problems: list[Problem]) -> dict[str, Frame]:
    """The frames of all kinds whose sheets have the columns they need, with units and years."""
    usable = {
        kind: of
        for kind in READERS
        if (of := [s for s in sheets if s.kind == kind]) and all(s.complete for s in of)
    }
    frames = {kind: READERS[kind](of) for kind, of in usable.items()}
    told = set(about) or {u for f in frames.values() if f.has(UNIT) for u in f.rows[UNIT].unique() if u}
    only = next(iter(told)) if len(told) == 1 else ""
    years = {unit: a.year for unit, a in about.items() if a.year}
    for frame in frames.values():
        keys(frame, only, years)
        problems += frame.problems
    return frames


def _units(frames: Mapping[str, Frame], about: Mapping[str, _About], problems: list[Problem]) -> list[str]:
    """The units with something in the ledger; the others are written differently somewhere."""
    in_ledger = list(dict.fromkeys(u for u in frames[LEDGER].rows[UNIT] if u))
    for frame in frames.values():
        first: dict[str, int] = {}
        for position, unit in enumerate(frame.rows[UNIT]):
            if unit:
                first.setdefault(unit, position)
        for unit, position in first.items():
            if unit not in in_ledger:
                problems.append(frame.problem(_absent(unit, LEDGER), position, UNIT))
            elif about and unit not in about:
                problems.append(frame.problem(_absent(unit, ABOUT), position, UNIT))
    for unit, at in about.items():
        if unit not in in_ledger:
            problems.append(at.table.problem(_absent(unit, LEDGER), at.line.number, UNIT))
    return [u for u in about if u in in_ledger] if about else in_ledger


def _absent(unit: str, table: str) -> str:
    return f"单位“{unit}”在表“{table}”里没有记录；请检查单位名称是否写得一致"


def _year(
    unit: str, frames: Mapping[str, Frame], about: Mapping[str, _About], problems: list[Problem]
) -> int:
    """The unit's year: as 基本信息 says, else the one that most rows have. Rows of another are problems."""
    counted: Counter[int] = Counter()
    for frame in frames.values():
        of = frame.rows[frame.rows[UNIT] == unit]
        counted.update(y for y in of[YEAR] if y)
    stated = about[unit].year if unit in about else 0
    year = stated or max(counted, key=lambda y: (counted[y], -y), default=0)
    if not year:
        problems.append(Problem("", f"单位“{unit}”没有写明年度；请在表“{ABOUT}”或“{LEDGER}”里加一列“年度”"))
    for frame in frames.values():
        if not set(frame.rows[YEAR]) <= {year, 0}:
            pairs = zip(frame.rows[UNIT], frame.rows[YEAR], strict=True)
            for position, (name, own) in enumerate(pairs):
                if name == unit and own not in (year, 0):
                    message = f"是 {own} 年度的，本单位的数据是 {year} 年度的"
                    problems.append(frame.problem(message, position, YEAR))
    return year


def _catalogue(year: int, own: list[Subject], problems: list[Problem]) -> Catalogue | None:
    try:
        return load_catalogue(year).extended(own)
    except CatalogueError as e:
        problems.append(Problem("", str(e)))
        return None


def _check_shown(ledgers: Iterable[Ledger], problems: list[Problem]) -> None:
    first: dict[str, str] = {}
    for one in ledgers:
        other = first.setdefault(one.shown, one.unit)
        if other != one.unit:
            message = f"单位“{other}”和“{one.unit}”在表上都会写成“{one.shown}”；请在“部门”列写各自的名称"
            problems.append(Problem("", message))


def ordered(problems: Iterable[Problem], sheets: Sequence[Sheet]) -> list[Problem]:
    """Problems once each, in the order of the sheets, their rows and columns."""
    order = {s.table.where: i for i, s in enumerate(sheets)}
    columns = {(s.table.where, c): i for s in sheets for i, c in enumerate(s.table.columns)}
    return sorted(
        dict.fromkeys(problems),
        key=lambda p: (order.get(p.where, -1), p.row or 0, columns.get((p.where, p.column), 0)),
    )
