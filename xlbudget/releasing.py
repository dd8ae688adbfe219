"""The copy of a workbook that is handed in, and what a last check says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import PurePath

from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.review import read_workbook
from xlbudget.rules.audit import audit
from xlbudget.rules.display import summary_line
from xlbudget.rules.model import AuditResult, Severity
from xlbudget.workbook.guard import check_file
from xlbudget.workbook.release import release

ENDING = "-报送版"
_SUFFIXES = (".xlsx", ".xlsm")
_SHOWN = 10


@dataclass(slots=True)
class ReleasedBook:
    """The copy, its file name, the result of checking it, and what the user should know."""

    name: str
    data: bytes
    result: AuditResult
    details: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        counts = {s: self.result.count(s) for s in Severity}
        return summary_line(counts, len(self.result.broken))

    @property
    def line(self) -> str:
        return f"已导出“{self.name}”，再次校验：{self.verdict}"


def release_workbook(
    name: str, source: bytes | str | PathLike[str], pack: Pack | None = None, marked: str = ""
) -> ReleasedBook:
    """Make the copy of a workbook called ``name``; the ending ``marked`` of its name is left out.

    Raises WorkbookRefused where it is none of the forms, or a value that must be kept is missing.
    """
    package = check_file(source)
    known = read_workbook(name, source, pack)  # a workbook that is no form is not handed in
    done = release(package)
    data = package.save()
    reading = read_workbook(name, data, known.pack)
    result = audit(pack_program(reading.pack), reading.record)
    details = []
    if result.count(Severity.ERROR):
        details.append(f"注意：报送版里还有 {result.count(Severity.ERROR)} 处错误，请改正后重新导出再报送。")
    if done.frozen:
        shown = "、".join(done.frozen[:_SHOWN]) + ("等" if len(done.frozen) > _SHOWN else "")
        details.append(f"用加载宏函数的 {len(done.frozen)} 个单元格已换成数值：{shown}")
    return ReleasedBook(_name(name, reading.book.macros, marked), data, result, [*details, *done.left])


def _name(name: str, macros: bool, marked: str) -> str:
    path = PurePath(name)
    known = path.suffix.lower() in _SUFFIXES
    stem, suffix = (path.stem, path.suffix) if known else (path.name, ".xlsm" if macros else ".xlsx")
    return f"{stem.removesuffix(marked)}{ENDING}{suffix}"
