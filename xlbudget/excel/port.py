"""The open workbooks of an Excel, through xlwings: saved copies out, steps in.

This is the only module that imports xlwings, and it does so when first needed: the worksheet functions and
the service run without it. What xlwings sells apart (``xlwings.pro``) is kept from loading. Whatever Excel
refuses is told by :class:`ExcelError` in a sentence for the user.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

from xlbudget.excel.messages import Job, OpenBook, Reply, Settings
from xlbudget.excel.port_quiet import quiet
from xlbudget.excel.port_steps import Carrier
from xlbudget.excel.wire import write_reply

TITLE: Final = "预算编审"
ADDIN: Final = "xlbudget.xlam"
MACRO: Final = f"{ADDIN}!XbApply.FromFile"

_EDITING = "请先结束单元格编辑（按回车或 Esc），再点一次。"
_REFUSED = "Excel 没有完成操作：{why}"
_NO_BOOK = "没有打开的工作簿。请先在 Excel 中打开要处理的表。"
_NO_EXCEL = "这台电脑上连接不到 Excel。"
_CLOSED = "“{name}”已经关闭，没有改动。"

_ATTEMPTS = 500  # xlwings itself would try for ever while a cell is being edited
_BUSY = (-2146777998, -2147418111)  # 0x800AC472 and 0x80010001: Excel takes no calls now
_READABLE = frozenset((".xlsx", ".xlsm", ".xltx", ".xltm", ""))  # "" : never saved

Function = TypeVar("Function", bound=Callable[..., Any])


class ExcelError(RuntimeError):
    """Excel did not do it; the text is a sentence for the user."""


# ---- which workbook ----


def caller_book() -> Any:
    """The workbook whose button was pressed; without such a call the one in front.

    An xlwings ``Book``. Raises ExcelError when there is none.
    """
    with _talking():
        xw = _xlwings()
        book = xw.Book.caller() if _called(xw) else _front(xw)
    if book is None:
        raise ExcelError(_NO_BOOK)
    return book


def _called(xw: Any) -> bool:
    """Whether Excel called this Python. Asked beforehand, as xlwings raises a bare Exception if not."""
    windows = getattr(xw, "_xlwindows", None)
    by_server = getattr(windows, "BOOK_CALLER", None) is not None
    return by_server or hasattr(xw.Book, "_mock_caller") or any(a.startswith("--from_xl") for a in sys.argv)


def _front(xw: Any) -> Any:
    if xw.engines.active is None:
        raise ExcelError(_NO_EXCEL)
    app = xw.apps.active
    return app.books.active if app is not None and len(app.books) else None


# ---- out: saved copies ----


def snapshot(book: Any, verb: str, settings: Settings | None = None) -> Job:
    """A job on saved copies of the workbook and of the other open ones, calculated to the end.

    Raises ExcelError, and OSError when the copies cannot be kept for a moment.
    """
    with _talking(), TemporaryDirectory(prefix="xlbudget-") as folder:
        app = book.app
        app.calculate()
        front = book.name
        copies = [_copy(book, front, Path(folder, "book1"))]
        for other in app.books:
            name = other.name
            if name != front and Path(name).suffix.lower() in _READABLE:
                copies += _companion(other, name, Path(folder, f"book{len(copies) + 1}"))
    return Job(verb, copies[0], tuple(copies[1:]), settings or Settings())


def _companion(book: Any, name: str, target: Path) -> list[OpenBook]:
    """Another open workbook; left out when its window is hidden or Excel cannot copy it."""
    try:
        return [_copy(book, name, target)] if book.api.Windows(1).Visible else []
    except _failures() as e:
        if _is_busy(e):
            raise
        return []


def _copy(book: Any, name: str, target: Path) -> OpenBook:
    """A workbook as SaveCopyAs writes it; its own file and state stay as they are."""
    path = target.with_suffix(Path(name).suffix or ".xlsx")
    folder = book.api.Path  # not xlwings' fullname, which guesses where a cloud address lies on the disk
    book.api.SaveCopyAs(str(path))
    return OpenBook(name, path.read_bytes(), "" if "://" in folder else folder)


# ---- in: steps ----


def apply(book: Any, reply: Reply) -> list[str]:
    """Carry out ``reply.steps`` in the open workbooks; gives sentences about what could not be done.

    With the add-in loaded this is one call of its macro, else every step goes through xlwings. Settings of
    Excel are put back whatever happens. Raises ExcelError when Excel stopped answering half-way: pressing
    the button again makes it whole.
    """
    if not any(reply.steps.values()):
        return []
    with _talking():
        app = book.app
        if _has_addin(app):
            return _by_macro(app, reply)
        told: list[str] = []
        with quiet(app, _failures(), _is_busy):
            for name, ops in reply.steps.items():
                target = _open_book(app, name)
                if target is None:
                    told.append(_CLOSED.format(name=name))
                else:
                    told += Carrier(target, _failures(), _is_busy).carry_out(ops)
            if len(reply.steps) > 1:
                book.api.Activate()
        return told


def _has_addin(app: Any) -> bool:
    return _open_book(app, ADDIN) is not None


def _open_book(app: Any, name: str) -> Any:
    try:
        return app.books[name]
    except KeyError:
        return None


def _by_macro(app: Any, reply: Reply) -> list[str]:
    """The same steps as a file for the add-in: one call, however many cells."""
    with TemporaryDirectory(prefix="xlbudget-") as folder:
        path = Path(folder, "reply.txt")
        path.write_bytes(write_reply(Reply("", steps=reply.steps)).encode("ascii"))
        told = app.macro(MACRO)(str(path))
    return [line for line in str(told or "").splitlines() if line]


def show(book: Any, place: tuple[str, str]) -> None:
    """Bring a cell (sheet, reference) to the front."""
    with _talking():  # not xlwings' activate(), which moves windows about
        book.app.api.Goto(book.sheets[place[0]][place[1]].api)


# ---- words with the user ----


def ask(text: str) -> bool:
    """A question with 是 and 否, in front of Excel."""
    with _talking():
        return bool(caller_book().app.alert(text, TITLE, buttons="yes_no", mode="info") == "yes")


def tell(text: str) -> None:
    """A message in front of Excel."""
    with _talking():
        caller_book().app.alert(text, TITLE, mode="info")


# ---- worksheet functions ----


def worksheet_function(function: Function) -> Function:
    """Make a function callable by xlwings' UDF server; without that (not on Windows) it stays as it is.

    Options of the arguments come from its annotations. Its result goes to Excel as it is, a scalar as a
    scalar; an empty one as "".
    """
    if not sys.platform.startswith("win") and "xlwings.udfs" not in sys.modules:
        return function
    xw = _xlwings()
    if not getattr(xw, "has_pywin32", False):
        return function

    @wraps(function)
    def called(*args: Any) -> Any:
        result = function(*args)
        return "" if result is None else result

    served: Function = xw.ret("raw")(xw.func(called))
    return served


# ---- xlwings ----


def _xlwings() -> Any:
    if "xlwings" not in sys.modules:
        sys.modules.setdefault("xlwings.pro", None)  # type: ignore[arg-type]  # its import fails: nothing of it runs
    import xlwings

    return xlwings


def _failures() -> tuple[type[Exception], ...]:
    """What xlwings raises when Excel does not do something."""
    xw = _xlwings()
    windows = getattr(xw, "_xlwindows", None)
    known: tuple[type[Exception], ...] = (xw.XlwingsError,)
    return known if windows is None else (*known, windows.pywintypes.com_error, windows.ExcelBusyError)


def _is_busy(error: BaseException) -> bool:
    """Whether Excel takes no calls because somebody types into a cell, or a dialog is open."""
    details = getattr(error, "excepinfo", None)
    codes = (getattr(error, "hresult", None), details[-1] if details else None)
    return type(error).__name__ == "ExcelBusyError" or any(code in _BUSY for code in codes)


@contextmanager
def _talking() -> Iterator[None]:
    """xlwings tries a finite number of times; what Excel refuses becomes an ExcelError."""
    try:
        windows = getattr(_xlwings(), "_xlwindows", None)
    except ImportError as e:
        raise ExcelError(_NO_EXCEL) from e
    before = getattr(windows, "N_COM_ATTEMPTS", None)
    if windows is not None:
        windows.N_COM_ATTEMPTS = _ATTEMPTS
    try:
        yield
    except _failures() as e:
        raise ExcelError(_EDITING if _is_busy(e) else _REFUSED.format(why=_why(e))) from e
    finally:
        if windows is not None:
            windows.N_COM_ATTEMPTS = before


def _why(error: BaseException) -> str:
    details = getattr(error, "excepinfo", None)
    return str((details and details[2]) or getattr(error, "strerror", None) or error)
