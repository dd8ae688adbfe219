"""The jobs that a person or a server asks for: blank forms, regenerating, validating, clearing.

A job ties the rooms together and touches files; it decides nothing about forms or rules. Every output is
written atomically, and equal inputs give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlbudget.oserrors import reason
from xlbudget.packs import Pack, PackError, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.rules.model import AuditResult
from xlbudget.rules.record import Record
from xlbudget.sources import UnitData, read_source
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.book import read_book
from xlbudget.workbook.errors import OutputError, WorkbookRefused
from xlbudget.workbook.fill import blank, fill, placed
from xlbudget.workbook.findings import RESULT_SHEET, findings_patch, read_explanations
from xlbudget.workbook.guard import check_file
from xlbudget.workbook.mark import Cleared, apply_patch, own_sheet_rows
from xlbudget.workbook.mark import clear as clear_marks
from xlbudget.workbook.package import Package
from xlbudget.workbook.read import detect_pack, read_record

MARKED = "-审核"
CLEARED = "-清稿"
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


@dataclass(frozen=True, slots=True)
class ClearResult:
    path: Path
    how: Cleared


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
    data = fill(pack, record, derive(program, record))
    clean = folder / f"{name}.xlsx"
    write_atomic(clean, data)
    result = audit(program, record)
    package = Package.open(data)
    apply_patch(package, findings_patch(result, pack), cleared=True)
    marked = folder / f"{name}{MARKED}.xlsx"
    write_atomic(marked, package.save())
    return JobResult(unit.record.unit, clean, marked, result, record, pack)


_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def _file_names(units: Sequence[UnitData]) -> list[str]:
    """单位-年度-披露, made unique and fit for every file system."""
    out: list[str] = []
    for unit in units:
        form = next((f for f in unit.pack.forms if f.repeated), unit.pack.forms[0])
        parts = [unit.record.unit, str(unit.record.year or ""), form.title.removesuffix("表")]
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
    package = check_file(path)
    explanations = read_explanations(own_sheet_rows(package, RESULT_SHEET))
    clear_marks(package)  # what is read and marked is the accountant's workbook, without our earlier marks
    book = read_book(package)
    notes: list[str] = []
    if pack is None:
        found = detect_pack(book)
        pack = found.pack
        notes.append(found.sentence)
    record, report = read_record(book, pack)
    notes += report.sentences()
    result = audit(pack_program(pack), record)
    done = apply_patch(package, findings_patch(result, pack, explanations, notes), cleared=True)
    if done.signed:
        notes.append("文件带有数字签名，写入标注后签名失效；原文件没有改动。")
    write_atomic(target, package.save())
    explained = sum(f.fingerprint in explanations for f in result.findings)
    return JobResult(str(path), None, target, result, record, pack, notes, explained)


def clear(path: str | Path, out: str | Path | None = None) -> ClearResult:
    """Take our marks out of a workbook: into ``out``, by default a copy beside it (表-审核 → 表-清稿).

    ``out`` may be the file itself; what was typed into 审核结果 is then gone with that sheet.
    Raises WorkbookRefused, OutputError.
    """
    source = Path(path)
    try:
        package = check_file(source)
        read_book(package)  # nothing is written for a file that cannot be read safely
        how = clear_marks(package)
    except WorkbookRefused as e:
        named = e.message if source.name in e.message else f"“{source}”：{e.message}"
        raise WorkbookRefused(named, e.code) from e
    target = Path(out) if out is not None else source.with_stem(source.stem.removesuffix(MARKED) + CLEARED)
    if out is None and how is Cleared.NOTHING:
        return ClearResult(source, how)
    if how is not Cleared.NOTHING or target != source:
        write_atomic(target, package.save())
    return ClearResult(target, how)


def _folder(path: str | Path) -> Path:
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OutputError(f"建立不了文件夹“{folder}”：{reason(e)}。") from e
    return folder
