"""Which pack each unit of the data is for."""

from __future__ import annotations

from collections.abc import Iterable

from xlbudget.packs import Pack, PackError, load_pack

from .errors import Problem, SourceError
from .spec import PACK, UNIT
from .table import Table


def choose_packs(
    tables: Iterable[Table], pack_id: str | None, table: str = "汇总", example: str = "S3-HN"
) -> tuple[dict[str, Pack], Pack | None]:
    """The pack of each unit that names one, and the pack for the others.

    ``pack_id`` (an id or a folder) decides for all. Else the column 规则包 does; where only one pack is
    named in the whole data, it holds for the units that name none. ``table`` and ``example`` tell where
    the pack could have been named. Raises SourceError or PackError.
    """
    if pack_id:
        return {}, load_pack(pack_id)
    problems: list[Problem] = []
    packs: dict[str, Pack] = {}
    loaded: dict[str, Pack] = {}
    for given in tables:
        if PACK not in given.columns:
            continue
        for line in given.lines:
            wanted = line.cells.get(PACK)
            if not wanted:
                continue
            try:
                pack = loaded[wanted] = loaded.get(wanted) or load_pack(wanted)
            except PackError as e:
                problems.append(given.problem(str(e), line.number, PACK))
                continue
            unit = line.cells.get(UNIT, "")
            if packs.setdefault(unit, pack) is not pack:
                problems.append(given.problem(f"单位“{unit}”写了两个不同的规则包", line.number, PACK))
    if problems:
        raise SourceError(problems)
    if not loaded:
        raise SourceError(
            f"数据没有写明用哪个规则包；请在表“{table}”加一列“规则包”（如 {example}），或用 --pack 给出"
        )
    return packs, next(iter(loaded.values())) if len(loaded) == 1 else None
