"""Excel as the self-test uses it: a running one with the add-in, and a workbook of our own in it.

The add-in's modules are called one by one (:data:`MAKE`, :data:`SEND`, :data:`APPLY`), as its buttons call
them, because a button ends with a message box that somebody would have to answer.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from xlbudget.excel import port
from xlbudget.packs import load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.examples import example_record
from xlbudget.workbook.fill import fill, placed

MAKE, SEND, APPLY = "XbJob.Make", "XbTransport.Send", "XbApply.FromFile"
WALK, TRANSPORT = "XbWalk.Go", "XbSettings.Transport"

PACK: Final = "S3-CN"
NAME: Final = "xlbudget自检.xlsx"
_RULE: Final = "S3-03-1"  # any rule of the form: it says which form the text below fills in
_FORM: Final = (
    "年度=2023；项目名称=自检用的虚构项目；主管部门=某市某局；实施单位=某市某馆；"
    "年初_财政拨款=60；全年_财政拨款=60；执行_财政拨款=51.79；"
    "预期目标=全年接待读者20万人次。；实际完成情况=全年接待读者21.3万人次。；"
    "指标[一级指标]=产出指标|产出指标；指标[二级指标]=数量指标|质量指标；指标[三级指标]=接待人次|合格率；"
    "指标[年度指标值]=≥200000人次|100%；指标[实际完成值]=213000人次|100%；指标[分值]=25|25；指标[得分]=30|25"
)

_PERSONAL: Final = "PERSONAL.XLSB"
_OTHERS: Final = (
    "自检要在 Excel 里打开一份表样。请保存并关闭所有工作簿，只留一本新建的空白工作簿，再运行一次。"
)
_NO_ADDIN: Final = "Excel 没有加载 xlbudget.xlam，按钮和函数都试不了。请先运行 xlbudget doctor 看原因。"


class StageError(Exception):
    """The self-test cannot begin; the text is a sentence for the user."""


class Stage:
    """A running Excel. ``app`` is an xlwings App."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def macro(self, name: str, *args: Any) -> Any:
        """A procedure of the add-in. Raises ExcelError with what Excel or the add-in says."""
        with port._talking():
            return self.app.macro(f"{port.ADDIN}!{name}")(*args)

    @contextmanager
    def opened(self, path: Path) -> Iterator[Any]:
        """A workbook, in front; closed afterwards without saving."""
        with port._talking():
            book = self.app.books.open(str(path))
            book.activate()
        try:
            yield book
        finally:
            with port._talking():
                book.close()

    def results(self, formulas: Sequence[str]) -> list[Any]:
        """What cells with these formulas show, each in a cell of its own in a new workbook."""
        with port._talking():
            book = self.app.books.add()
            try:
                sheet = book.sheets[0]
                for row, formula in enumerate(formulas, 1):
                    sheet[f"A{row}"].api.Formula = formula
                return [sheet[f"A{row}"].api.Value2 for row in range(1, len(formulas) + 1)]
            finally:
                book.close()

    def place(self) -> str:
        """The active cell, such as ``附件2-1!H29``."""
        with port._talking():
            sheet = self.app.books.active.sheets.active
            return f"{sheet.name}!{self.app.api.ActiveCell.Address(False, False)}"

    def facts(self) -> dict[str, Any]:
        """What Excel says of itself and of Windows; nothing of the user."""
        with port._talking():
            said = str(self.app.api.OperatingSystem)  # "Windows (64-bit) NT 10.00": the bits are Excel's
            return {
                "excel": f"{self.app.api.Version}.{self.app.api.Build}",
                "excel_bits": 64 if "64-bit" in said else 32,
                "system": platform.platform(),
                "transport": str(self.macro(TRANSPORT)),
            }


def running_excel() -> Stage:
    """The Excel that the user has opened. Raises StageError when there is none that can be used."""
    try:
        book = port.caller_book()
        stage = Stage(book.app)
        with port._talking():
            names = [b.name for b in book.app.books if b.name.upper() != _PERSONAL]
            saved = bool(book.api.Path)
    except port.ExcelError as e:
        raise StageError(str(e)) from e
    if len(names) > 1 or saved:
        raise StageError(_OTHERS)
    try:
        stage.macro(TRANSPORT)
    except port.ExcelError as e:
        raise StageError(_NO_ADDIN) from e
    return stage


# ---- the workbook ----


def sample() -> bytes:
    """An official form of a fictitious project, with mistakes in it."""
    pack = load_pack(PACK)
    program = pack_program(pack)
    example = example_record(program, pack.rule_by_id[_RULE], _FORM)
    example.forms[0].sheet = example.forms[0].form
    record = placed(pack, example)
    return fill(pack, record, derive(program, record))


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder of its own with the sample in it; gives the workbook's path."""
    folder = Path(tempfile.mkdtemp(prefix="xlbudget-selftest-"))
    try:
        path = folder / NAME
        path.write_bytes(sample())
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)
