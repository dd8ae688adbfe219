"""填充: missing formulas and figures, and the working papers; overwritten formulas come back on a yes."""

from __future__ import annotations

from xlbudget.filling import Filled, fill_workbook, restored
from xlbudget.packs import load_pack
from xlbudget.workbook.diff import live_ops
from xlbudget.workbook.package import Package

from .messages import Job, Question, Reply

NOTHING, PAPERS = "没有可填的格子", "已更新“评分底稿”"
_ASKED = 6  # cells that a question names: a message box holds some 1,000 characters
_TOLD = 20  # cells that the details name


def fill(job: Job) -> Reply:
    """Fill in the workbook in front. Raises WorkbookRefused, SourceError, PackError."""
    settings, book = job.settings, job.book
    pack = load_pack(settings.pack) if settings.pack else None
    filled = fill_workbook(book.name, book.data, pack, settings.source, settings.pack, book.folder)
    ops = live_ops(Package.open(book.data), filled.package, [filled.papers])
    line = filled.line or NOTHING
    if ops and not filled.line:
        line = f"{NOTHING}，{PAPERS}"
    reply = Reply(line, details=filled.details, steps={book.name: ops} if ops else {})
    if filled.plan.overwritten:
        _ask(reply, filled, book.name)
    return reply


def _ask(reply: Reply, filled: Filled, name: str) -> None:
    """Put the question whether overwritten formulas are wanted back."""
    told = filled.overwritten
    count = len(told)
    shown = "\n".join(told[:_ASKED]) + (f"\n……等 {count} 处" if count > _ASKED else "")
    back = restored(filled)
    steps = {name: live_ops(filled.package, back.package, [back.papers])}
    yes = f"已恢复公式 {back.restored} 处"
    reply.question = Question(
        f"{count} 处公式被数字覆盖：\n{shown}\n要恢复公式吗？",
        steps,
        yes,
        f"没有恢复公式，{count} 处仍是数字",
    )
    if count > _ASKED:
        more = [f"　……另有 {count - _TOLD} 处"] if count > _TOLD else []
        reply.details += ["公式被数字覆盖：", *(f"　{t}" for t in told[:_TOLD]), *more]
