"""The jobs that a person or a server asks for: blank forms, regenerating, validating, and :mod:`.copies`.

A job ties the rooms together and touches files; it decides nothing about forms or rules. Every output is
written atomically, and equal inputs give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlbudget.copies import MARKED, ClearResult, ExportResult, FillResult, clear, export, fill
from xlbudget.oserrors import reason
from xlbudget.packs import Pack, PackError, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.review import read_workbook, review
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.rules.model import AuditResult
from xlbudget.rules.record import Record
from xlbudget.sources import UnitData, read_source
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.errors import OutputError, WorkbookRefused
from xlbudget.workbook.fill import blank, placed
from xlbudget.workbook.fill import fill as fill_forms
from xlbudget.workbook.findings import findings_patch
from xlbudget.workbook.mark import apply_patch
from xlbudget.workbook.package import Package

__all__ = [
    "ClearResult",
    "ExportResult",
    "FillResult",
    "JobResult",
    "clear",
    "export",
    "fill",
    "new_form",
    "regenerate",
    "validate",
]

SIGNED = "文件带有数字签名，写入标注后签名失效；原文件没有改动。"
Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class JobResult:
    """What became of one workbook (or one unit's data).

    ``error`` is the sentence for the user when it could not be done; then ``result`` is None. ``read_notes``
    say how the workbook was understood. ``explained`` counts findings that carry an explanation.
    """

    name: str
    clean_path: Path | None = None
    marked_path: Path | None = None
    result: AuditResult | None = None
    record: Record | None = None
    pack: Pack | None = None
    read_notes: list[str] = field(default_factory=list)
    explained: int = 0
    error: str | None = None


def new_form(pack: str | Pack, form_ids: Sequence[str] | None = None) -> bytes:
    """The blank official workbook of a pack; see :func:`xlbudget.workbook.fill.blank`."""
    return blank(_pack(pack), form_ids)


def _pack(pack: str | Pack) -> Pack:
    return pack if isinstance(pack, Pack) else load_pack(pack)


def regenerate(
    source: str, pack_id: str | None, out_dir: str | Path, on_progress: Progress | None = None
) -> list[JobResult]:
    """One official workbook per unit from data, and its highlighted copy where the audit found something.

    Raises SourceError for data that cannot be used, OutputError when a file cannot be written.
    """
    folder = _folder(out_dir)
    units = read_source(source, pack_id)
    names = _file_names(units)
    out: list[JobResult] = []
    for i, (unit, name) in enumerate(zip(units, names, strict=True)):
        if on_progress:
            on_progress(i, len(units), unit.record.unit)
        out.append(_regenerate(unit, folder, name))
    if on_progress:
        on_progress(len(units), len(units), "")
    return out


def _regenerate(unit: UnitData, folder: Path, name: str) -> JobResult:
    pack = unit.pack
    record = placed(pack, unit.record)
    program = pack_program(pack)
    data = fill_forms(pack, record, derive(program, record))
    clean = folder / f"{name}.xlsx"
    write_atomic(clean, data)
    result = audit(program, record)
    package = Package.open(data)
    apply_patch(package, findings_patch(result, pack), cleared=True)
    marked = folder / f"{name}{MARKED}.xlsx"
    write_atomic(marked, package.save())
    return JobResult(unit.record.unit, clean, marked, result, record, pack, list(unit.notes))


_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def _file_names(units: Sequence[UnitData]) -> list[str]:
    """单位-年度-披露, made unique and fit for every file system."""
    out: list[str] = []
    for unit in units:
        form = next((f for f in unit.pack.forms if f.repeated), None)
        what = form.title.removesuffix("表") if form else unit.pack.title.partition("（")[0]
        parts = [unit.record.unit, str(unit.record.year or ""), what]
        name = _UNFIT.sub("_", "-".join(p for p in parts if p)).strip(". ") or "工作簿"
        base, n = name[:80], 1
        name = base
        while name in out:
            n += 1
            name = f"{base}({n})"
        out.append(name)
    return out


def validate(
    paths: Sequence[str | Path],
    pack_id: str | None = None,
    out_dir: str | Path | None = None,
    on_progress: Progress | None = None,
) -> list[JobResult]:
    """Audit workbooks as people hand them in and write a highlighted copy of each.

    The copy goes to ``out_dir``, or beside the file, with -审核 added to its name. A file that cannot be read
    or written comes back with ``error`` set; the others are done all the same.
    """
    pack = load_pack(pack_id) if pack_id else None
    folder = _folder(out_dir) if out_dir is not None else None
    taken: set[Path] = set()
    out: list[JobResult] = []
    for i, given in enumerate(paths):
        path = Path(given)
        if on_progress:
            on_progress(i, len(paths), path.name)
        try:
            out.append(_validate(path, pack, _target(path, folder, taken)))
        except (WorkbookRefused, OutputError, PackError) as e:
            out.append(JobResult(str(path), error=str(e)))
        except OSError as e:
            out.append(JobResult(str(path), error=f"读不了文件：{reason(e)}"))
    if on_progress:
        on_progress(len(paths), len(paths), "")
    return out


def _target(path: Path, folder: Path | None, taken: set[Path]) -> Path:
    stem = path.stem.removesuffix(MARKED) + MARKED
    target = (folder or path.parent) / f"{stem}{path.suffix}"
    n = 1
    while target in taken:
        n += 1
        target = target.with_name(f"{stem}({n}){path.suffix}")
    taken.add(target)
    return target


def _validate(path: Path, pack: Pack | None, target: Path) -> JobResult:
    reviewed = review([read_workbook(path.name, path, pack)]).books[0]
    reading = reviewed.reading
    notes = [*reviewed.notes, *reviewed.unshown]
    if reviewed.done.signed:
        notes.append(SIGNED)
    write_atomic(target, reading.package.save())
    explained = reviewed.explained
    return JobResult(str(path), None, target, reviewed.result, reading.record, reading.pack, notes, explained)


def _folder(path: str | Path) -> Path:
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OutputError(f"建立不了文件夹“{folder}”：{reason(e)}。") from e
    return folder
