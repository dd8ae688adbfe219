"""清除标注: everything of ours goes, asked first where that would lose what somebody typed."""

from __future__ import annotations

from xlbudget.workbook.book import read_book
from xlbudget.workbook.diff import live_ops
from xlbudget.workbook.findings import RESULT_SHEET, read_explanations
from xlbudget.workbook.guard import check_file
from xlbudget.workbook.mark import Cleared, own_sheet_rows
from xlbudget.workbook.mark import clear as clear_marks
from xlbudget.workbook.package import Package

from .messages import Job, Question, Reply

DONE, NOTHING, KEPT = "已清除标注", "没有标注可清除", "没有清除"


def clear(job: Job) -> Reply:
    """Take our marks and sheets out of the workbook in front. Raises WorkbookRefused."""
    before, after = check_file(job.book.data), Package.open(job.book.data)
    read_book(before)  # nothing is done to a file that cannot be read safely
    explanations = read_explanations(own_sheet_rows(before, RESULT_SHEET))
    if clear_marks(after) is Cleared.NOTHING:
        return Reply(NOTHING)
    steps = {job.book.name: live_ops(before, after, [])}
    if not explanations:
        return Reply(DONE, steps=steps)
    count = len(explanations)
    text = f"“{RESULT_SHEET}”里填了 {count} 条出错说明，清除标注会把它们一起删掉。要清除吗？"
    return Reply(f"有 {count} 条出错说明", question=Question(text, steps, DONE, KEPT))
