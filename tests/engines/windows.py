"""xlwings' Windows engine, loaded where there is no Windows.

``xlwings/_xlwindows.py`` is Python over pywin32. With empty modules in pywin32's place it loads anywhere; the
names it really needs are given below. The stand-ins are taken out of ``sys.modules`` again, so that nothing
else believes to be on Windows.
"""

from __future__ import annotations

import atexit
import ctypes
import importlib
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

BUSY = -2146777998  # 0x800AC472: Excel is in the middle of something, such as a cell being edited
REJECTED = -2147418111  # 0x80010001: the other side does not take calls now
FAILED = -2147352567  # 0x80020009: the call raised; the details say what
_STUBS = (
    "pywintypes", "pythoncom", "win32api", "win32con", "win32event", "win32gui", "win32process",
    "win32timezone", "win32com", "win32com.client", "win32com.server", "win32com.server.dispatcher",
    "win32com.server.policy", "win32com.server.util",
)  # fmt: skip


class ComError(Exception):
    """``pywintypes.com_error``: number, text, details (…, text, …, …, number), argument."""

    def __init__(self, hresult: int, text: str = "", details: tuple[Any, ...] | None = None) -> None:
        super().__init__(hresult, text, details, None)
        self.hresult = hresult
        self.strerror = text
        self.excepinfo = details
        self.argerror = None


def refused(text: str, scode: int = -2146827284) -> ComError:
    """What a method raises that Excel does not carry out (“运行时错误 1004”)."""
    return ComError(FAILED, "发生意外。", (0, "Microsoft Excel", text, "xlmain11.chm", 0, scode))


class Dispatched:
    """Base of all objects that stand for one behind COM: xlwings wraps these in its retries."""


class Desk:
    """The PC: which Excels run, and what the message boxes answer."""

    def __init__(self) -> None:
        self.apps: list[Any] = []
        self.said: list[str] = []  # texts of message boxes
        self.asked: list[str] = []  # … with buttons 是 and 否
        self.answer = True

    def box(self, hwnd: int, prompt: str, title: str, style: int) -> int:
        if style & 4:
            self.asked.append(prompt)
            return 6 if self.answer else 7
        self.said.append(prompt)
        return 1


DESK = Desk()


def _stubs() -> dict[str, Any]:
    made = {name: types.ModuleType(name) for name in _STUBS}
    for name, module in made.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(made[parent], child, module)
    made["pywintypes"].com_error = ComError
    made["pywintypes"].error = type("error", (Exception,), {})
    made["pywintypes"].TimeType = type("TimeType", (), {})
    made["pywintypes"].IID = str
    com = made["pythoncom"]
    com.__file__ = "pythoncom"
    com.ole_error, com.com_error = ComError, ComError
    com.CoInitialize = lambda *a: None
    client = made["win32com.client"]
    client.CDispatch = client.CoClassBaseClass = client.DispatchBaseClass = Dispatched
    client.Dispatch = client.DispatchEx = lambda given, *a, **k: given
    made["win32api"].MessageBox = lambda *a: DESK.box(*a)
    for name, number in {
        "MB_OK": 0, "MB_OKCANCEL": 1, "MB_YESNOCANCEL": 3, "MB_YESNO": 4,
        "MB_ICONINFORMATION": 64, "MB_ICONWARNING": 48,
    }.items():  # fmt: skip
        setattr(made["win32con"], name, number)
    made["win32process"].GetWindowThreadProcessId = lambda hwnd: (1, hwnd)
    made["win32timezone"].TimeZoneInfo = mock.MagicMock()
    return made


def load() -> tuple[Any, Any]:
    """``xlwings`` and its Windows engine over the stand-ins. Nothing of xlwings PRO is loaded."""
    sys.modules.setdefault("xlwings.pro", None)  # type: ignore[arg-type]
    xlwings = importlib.import_module("xlwings")
    if "xlwings._xlwindows" not in sys.modules:
        stubs = _stubs()
        there = {name: sys.modules.get(name) for name in stubs}
        sys.modules.update(stubs)
        try:
            with (
                mock.patch.object(ctypes, "windll", mock.MagicMock(), create=True),
                mock.patch.object(ctypes, "oledll", mock.MagicMock(), create=True),
                mock.patch.object(ctypes, "PyDLL", mock.MagicMock()),
                mock.patch("os.chdir"),
            ):
                windows = importlib.import_module("xlwings._xlwindows")
                importlib.import_module("xlwings.udfs")
        finally:
            for name, module in there.items():
                sys.modules.pop(name)
                if module is not None:
                    sys.modules[name] = module
        atexit.unregister(windows.cleanup)
        windows.get_excel_hwnds = lambda: iter([app.Hwnd for app in DESK.apps])
        windows.get_xl_app_from_hwnd = lambda hwnd: windows.COMRetryObjectWrapper(
            next(app for app in DESK.apps if app.Hwnd == hwnd)
        )
    return xlwings, sys.modules["xlwings._xlwindows"]


@contextmanager
def running(app: Any) -> Iterator[Any]:
    """``app`` (of :mod:`.model`) is the Excel that xlwings finds; gives xlwings' App of it."""
    xlwings, windows = load()
    DESK.apps.insert(0, app)
    DESK.said.clear()
    DESK.asked.clear()
    DESK.answer = True
    engine = xlwings.Engine(impl=windows.engine)
    before = xlwings.engines.active, list(xlwings.engines.engines), dict(xlwings.engines.engines_by_name)
    xlwings.engines.add(engine)
    engine.activate()
    try:
        yield engine.apps.active
    finally:
        DESK.apps.remove(app)
        xlwings.engines.active, xlwings.engines.engines, xlwings.engines.engines_by_name = before
        if hasattr(xlwings.Book, "_mock_caller"):
            del xlwings.Book._mock_caller
