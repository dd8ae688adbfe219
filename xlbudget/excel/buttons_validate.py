"""校验: the workbook in front, together with the other open workbooks of its unit."""

from __future__ import annotations

from collections.abc import Sequence

from xlbudget.joint import joinable, same_unit
from xlbudget.packs import load_pack
from xlbudget.review import Reading, Review, Reviewed, fits, read_workbook, review
from xlbudget.rules.display import summary_line
from xlbudget.rules.model import Severity
from xlbudget.workbook.diff import live_ops
from xlbudget.workbook.errors import WorkbookRefused
from xlbudget.workbook.mark.skeleton import unquoted
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import Patch
from xlbudget.workbook.read.detect import SEVERAL
from xlbudget.workbook.read.report import FormReport

from .messages import Job, OpenBook, Reply

SIGNED = "文件带有数字签名，写入标注后签名失效。"


def validate(job: Job) -> Reply:
    """Audit and mark. Raises WorkbookRefused and PackError for the workbook in front."""
    pack = load_pack(job.settings.pack) if job.settings.pack else None
    front = read_workbook(job.book.name, job.book.data, pack)
    readings = [front]
    aside: list[str] = []
    for other in job.others:
        reading = _companion(other, readings, bool(pack), aside)
        if reading is not None:
            readings.append(reading)
    done = review(readings)
    data = {b.name: b.data for b in (job.book, *job.others)}
    reply = Reply(
        summary_line({s: done.result.count(s) for s in Severity}, len(done.result.broken)),
        details=[*_details(done), *aside],
        goto=_first_place(done.books[0].patch),
    )
    for book in done.books:
        name = book.reading.name
        ops = live_ops(Package.open(data[name]), book.reading.package, book.patch.sheets)
        if ops:
            reply.steps[name] = ops
    return reply


def _companion(other: OpenBook, readings: Sequence[Reading], given: bool, aside: list[str]) -> Reading | None:
    """Another open workbook that is to be checked along; ``aside`` gets why a similar one is not."""
    front = readings[0]
    if any(other.name == r.name for r in readings):
        return None
    try:
        reading = read_workbook(other.name, other.data, front.pack)
    except WorkbookRefused:
        return None
    if not fits(reading, given):
        return None
    if not same_unit(front.record, reading.record):
        whose = reading.record.unit or "没有写单位名称"
        year = f"，{reading.record.year} 年度" if reading.record.year else ""
        aside.append(f"没有一并校验“{other.name}”：单位或年度不同（{whose}{year}）。")
        return None
    if not joinable([r.record for r in readings], reading.record, front.pack):
        aside.append(f"没有一并校验“{other.name}”：其中的表在前面的工作簿里都有。")
        return None
    return reading


def _first_place(patch: Patch) -> tuple[str, str] | None:
    """The cell of the first finding that 审核结果 lists."""
    for row in patch.sheets[0].rows:
        for cell in row:
            if cell is not None and cell.link:
                return unquoted(cell.link)
    return None


def _details(done: Review) -> list[str]:
    out = []
    if len(done.books) > 1:
        parts = [f"“{b.reading.name}” {len(b.result.findings)} 处" for b in done.books]
        out.append(f"一并校验 {len(parts)} 本工作簿：{'，'.join(parts)}。")
    for book in done.books:
        own = _of_book(book, alone=len(done.books) == 1)
        out += own if len(done.books) == 1 else [f"“{book.reading.name}”：{text}" for text in own]
    return out + done.notes


def _of_book(book: Reviewed, alone: bool) -> list[str]:
    """What is worth saying of one workbook: how it was read where that was not plain, what was not shown."""
    reading = book.reading
    found, report = reading.found, reading.report
    out = [found.sentence] if found and (found.other_version or found.confidence < SEVERAL) else []
    for form in report.forms:
        if _noteworthy(form):
            out += [form.sentence, *(f"　{note}" for note in form.notes)]
    if report.unknown:
        out.append(f"未识别、未审核的工作表：{'、'.join(report.unknown)}")
    if alone:
        out += report.notes
    if book.explained:
        out.append(f"其中 {book.explained} 处已有出错说明")
    return out + book.unshown + ([SIGNED] if book.done.signed else [])


def _noteworthy(form: FormReport) -> bool:
    return bool(form.notes or form.missing)
