"""导出报送版: a clean copy beside the workbook, checked once more. The open workbook is not changed."""

from __future__ import annotations

from xlbudget.packs import load_pack
from xlbudget.releasing import release_workbook

from .messages import Job, OutFile, Reply


def export(job: Job) -> Reply:
    """The copy to be handed in. Raises WorkbookRefused, PackError."""
    pack = load_pack(job.settings.pack) if job.settings.pack else None
    out = release_workbook(job.book.name, job.book.data, pack)
    return Reply(out.line, details=out.details, files=[OutFile(out.name, out.data)])
