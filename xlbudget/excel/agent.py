"""The agent: a COM class that runs jobs where Excel must not start a program of its own.

Windows starts it (or it starts with the login); Excel only talks to it. xlwings' own COM server lets every
process of the user evaluate any Python text; this one knows three calls and nothing else. Everything here is
registered for one user, and needs no administrator.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from . import entry
from .jobfile import REPLY
from .registry import Registry, this_registry
from .state import home, job_folder, log_error
from .wire import WireError, write_values

PROGID: Final = "xlbudget.Agent"
CLSID: Final = "{6C2E1F7B-5D0A-4C39-9E57-3B8A1D94F260}"
DESCRIPTION: Final = "xlbudget agent"
LOGIN_NAME: Final = "xlbudget agent"
MAX_ARGS: Final = 1 << 24  # characters of a function's arguments

_CLASSES: Final = "HKCU\\Software\\Classes"
_BY_CLSID: Final = (  # the second is where a 32-bit Excel looks
    f"{_CLASSES}\\CLSID\\{CLSID}",
    f"{_CLASSES}\\Wow6432Node\\CLSID\\{CLSID}",
)
_LOGIN: Final = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"
_LOOK_AGAIN: Final = 30_000  # milliseconds between looks whether the install was replaced


class Agent:
    """What Excel may ask for. Every method returns text and raises nothing."""

    _public_methods_ = ["Ping", "Run", "Call"]  # noqa: RUF012 - the name and the type are pywin32's
    _reg_progid_ = PROGID
    _reg_clsid_ = CLSID
    _reg_desc_ = DESCRIPTION

    def Ping(self) -> str:
        """``xlbudget <version>``."""
        return entry.ping()

    def Run(self, given: object) -> str:
        """Do the job in a folder directly below TEMP\\xlbudget. "" when a reply was written, else why not."""
        folder = job_folder(given)
        if folder is None:
            return "任务文件夹不在允许的位置，没有执行。"
        entry.run(str(folder))
        _disarm_xlwings()
        if (folder / REPLY).is_file():
            return ""
        return "没有写出应答：请检查临时文件夹能否写入、磁盘是否已满。"

    def Call(self, name: object, args_text: object) -> str:
        """A worksheet function of the white list on values as wire text; the result as wire text."""
        try:
            if not isinstance(name, str) or not isinstance(args_text, str) or len(args_text) > MAX_ARGS:
                raise WireError("函数的参数不对")
            return entry.call(name, args_text)
        except WireError as e:
            return write_values([str(e)])
        except Exception as e:  # noqa: BLE001 - an error across COM would reach the cell as a bare number
            log_error(e, "agent call")
            return write_values([entry.FAILED])


def _disarm_xlwings() -> None:
    """xlwings, should it be loaded, ends Excels without a window when Python ends: an agent must not."""
    module = sys.modules.get("xlwings._xlwindows")
    cleanup = getattr(module, "cleanup", None)
    if cleanup is not None:
        atexit.unregister(cleanup)


# ---- registering, for this user ----


def command_line(python: str | Path) -> str:
    """How Windows starts the agent with this pythonw.exe. -P: no modules from where it is started."""
    return subprocess.list2cmdline([str(python), "-P", "-m", "xlbudget.excel.agent"])


def register(registry: Registry | None = None, python: str | Path = "", at_login: bool = True) -> None:
    """Make the class known to this user's programs, and start the agent with the login. Raises OSError.

    ``python`` is the program that will run it, by default the windowless twin of this one.
    """
    registry = registry or this_registry()
    command = command_line(python or _windowless(Path(sys.executable)))
    registry.write(f"{_CLASSES}\\{PROGID}", "", DESCRIPTION)
    registry.write(f"{_CLASSES}\\{PROGID}\\CLSID", "", CLSID)
    for by_clsid in _BY_CLSID:
        registry.write(by_clsid, "", DESCRIPTION)
        registry.write(f"{by_clsid}\\ProgID", "", PROGID)
        registry.write(f"{by_clsid}\\LocalServer32", "", command)
    if at_login:
        registry.write(_LOGIN, LOGIN_NAME, command)
    else:
        registry.unset(_LOGIN, LOGIN_NAME)


def _windowless(python: Path) -> Path:
    twin = python.with_name("pythonw.exe")
    return twin if twin.is_file() else python


def unregister(registry: Registry | None = None) -> None:
    """Take back what :func:`register` wrote, and nothing else. Raises OSError."""
    registry = registry or this_registry()
    registry.remove(f"{_CLASSES}\\{PROGID}")
    for by_clsid in _BY_CLSID:
        registry.remove(by_clsid)
    registry.unset(_LOGIN, LOGIN_NAME)


def registered(registry: Registry) -> str:
    """The command line that is registered, "" when none is."""
    if registry.read(f"{_CLASSES}\\{PROGID}\\CLSID") != CLSID:
        return ""
    return str(registry.read(f"{_BY_CLSID[0]}\\LocalServer32") or "")


# ---- serving ----


def serve() -> None:
    """Offer the class until the user logs out, or another version of xlbudget takes this one's place.

    Runs on the main thread, one call after the other. Raises ImportError without pywin32.
    """
    pythoncom, win32event = import_module("pythoncom"), import_module("win32event")  # of Windows only
    policy: Any = import_module("win32com.server.policy")
    util = import_module("win32com.server.util")
    clsid = import_module("pywintypes").IID(CLSID)
    usual: Any = policy.DefaultPolicy

    class OnlyAgent(usual):
        """Makes an Agent for our class without asking the registry for Python code to run."""

        def _CreateInstance_(self, wanted: Any, iid: Any) -> Any:
            if wanted == clsid:
                return util.wrap(Agent(), iid)
            return usual._CreateInstance_(self, wanted, iid)

    started_as = _current()
    policy.DefaultPolicy = OnlyAgent
    flags = pythoncom.REGCLS_MULTIPLEUSE | pythoncom.REGCLS_SUSPENDED
    factory = pythoncom.MakePyFactory(clsid)
    offered = pythoncom.CoRegisterClassObject(clsid, factory, pythoncom.CLSCTX_LOCAL_SERVER, flags)
    try:
        pythoncom.CoResumeClassObjects()
        threading.Thread(target=_warm_up, daemon=True).start()
        while _current() == started_as:
            win32event.MsgWaitForMultipleObjects((), 0, _LOOK_AGAIN, win32event.QS_ALLEVENTS)
            if pythoncom.PumpWaitingMessages():
                break  # WM_QUIT
    finally:
        pythoncom.CoRevokeClassObject(offered)
        policy.DefaultPolicy = usual
        _disarm_xlwings()
        pythoncom.CoUninitialize()


def _current() -> str:
    """Where the junction of the current install leads; it changes with an update and with a rollback."""
    return os.path.realpath(home() / "current")


def _warm_up() -> None:
    """Load what the first press needs, while nobody waits."""
    try:
        from . import buttons  # noqa: F401
    except Exception as e:  # noqa: BLE001 - the press itself will tell the user
        log_error(e, "agent start")


if __name__ == "__main__":
    try:
        serve()
    except Exception as e:  # noqa: BLE001 - nobody sees a console here
        log_error(e, "agent")
        sys.exit(2)
