"""Excel as the self-test uses it: a running one with the add-in, and a workbook of our own in it.

The add-in's modules are called one by one (:data:`MAKE`, :data:`SEND`, :data:`APPLY`), as its buttons call
them, because a button ends with a message box that somebody would have to answer.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from xlbudget.excel import port

MAKE, SEND, APPLY = "XbJob.Make", "XbTransport.Send", "XbApply.FromFile"
WALK, TRANSPORT = "XbWalk.Go", "XbSettings.Transport"

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


@contextmanager
def workplace(make: Callable[[], bytes], name: str) -> Iterator[Path]:
    """A folder of its own with one workbook in it; gives the workbook's path."""
    folder = Path(tempfile.mkdtemp(prefix="xlbudget-selftest-"))
    try:
        path = folder / name
        path.write_bytes(make())
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)
