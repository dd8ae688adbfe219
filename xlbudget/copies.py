"""One workbook in, a copy of it out: without marks, filled in, or to be handed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xlbudget.filling import Filled, fill_workbook, restored
from xlbudget.packs import load_pack
from xlbudget.releasing import ReleasedBook, release_workbook
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.book import read_book
from xlbudget.workbook.errors import OutputError, WorkbookRefused
from xlbudget.workbook.guard import check_file
from xlbudget.workbook.mark import Cleared
from xlbudget.workbook.mark import clear as clear_marks

MARKED = "-审核"
CLEARED = "-清稿"
FILLED = "-填充"


@dataclass(frozen=True, slots=True)
class ClearResult:
    path: Path
    how: Cleared


@dataclass(frozen=True, slots=True)
class FillResult:
    """The copy that was written, and what was filled in. ``undone`` tells whether anything was left."""

    path: Path
    filled: Filled

    @property
    def undone(self) -> bool:
        filled = self.filled
        overwritten = len(filled.plan.overwritten) > filled.restored
        return overwritten or bool(filled.details)


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The copy to be handed in, and what the last check says of it."""

    path: Path
    released: ReleasedBook


def clear(path: str | Path, out: str | Path | None = None) -> ClearResult:
    """Take our marks out of a workbook: into ``out``, by default a copy beside it (表-审核 → 表-清稿).

    ``out`` may be the file itself; what was typed into 审核结果 is then gone with that sheet.
    Raises WorkbookRefused, OutputError.
    """
    source = Path(path)
    with _naming(source):
        package = check_file(source)
        read_book(package)  # nothing is written for a file that cannot be read safely
        how = clear_marks(package)
    target = Path(out) if out is not None else source.with_stem(source.stem.removesuffix(MARKED) + CLEARED)
    if out is None and how is Cleared.NOTHING:
        return ClearResult(source, how)
    if how is not Cleared.NOTHING or target != source:
        write_atomic(target, package.save())
    return ClearResult(target, how)


def fill(
    path: str | Path,
    source: str = "",
    out: str | Path | None = None,
    pack_id: str | None = None,
    restore: bool = False,
) -> FillResult:
    """Fill missing formulas, and blank inputs from ``source``, into a copy: ``out``, or 表-填充 beside it.

    What stands in a cell stays; with ``restore`` numbers typed over formulas give way to these.
    Raises WorkbookRefused, SourceError, PackError, OutputError.
    """
    given = Path(path)
    pack = load_pack(pack_id) if pack_id else None
    with _naming(given):
        filled = fill_workbook(given.name, given, pack, source, pack_id or "", ".")
        if restore and filled.plan.overwritten:
            filled = restored(filled)
    target = _copy(given, out, f"{given.stem}{FILLED}{given.suffix}")
    write_atomic(target, filled.package.save())
    return FillResult(target, filled)


def export(path: str | Path, out: str | Path | None = None, pack_id: str | None = None) -> ExportResult:
    """Write the copy to be handed in, ``out`` or 表-报送版 beside the file, and check it once more.

    Raises WorkbookRefused, PackError, OutputError.
    """
    given = Path(path)
    pack = load_pack(pack_id) if pack_id else None
    with _naming(given):
        released = release_workbook(given.name, given, pack, MARKED)
    target = _copy(given, out, released.name)
    write_atomic(target, released.data)
    return ExportResult(target, released)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Refusals inside say which file they speak of."""
    try:
        yield
    except WorkbookRefused as e:
        named = e.message if path.name in e.message else f"“{path}”：{e.message}"
        raise WorkbookRefused(named, e.code) from e


def _copy(given: Path, out: str | Path | None, name: str) -> Path:
    """Where a copy goes. Raises OutputError when that is the file itself."""
    target = Path(out) if out is not None else given.with_name(name)
    if target.exists() and target.samefile(given):
        raise OutputError(f"“{target}”就是原文件；请换一个文件名。")
    return target
