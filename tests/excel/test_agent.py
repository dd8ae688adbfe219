"""The agent: three calls, registered for one user, and nothing else."""

from __future__ import annotations

import atexit
import subprocess
import sys
import tempfile
import types
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.excel.fake_registry import FakeWinreg
from tests.excel.jobs_made import broken_job
from xlbudget import __version__
from xlbudget.excel import agent, entry, state
from xlbudget.excel.agent import CLSID, Agent
from xlbudget.excel.jobfile import REPLY, write_job
from xlbudget.excel.registry import NoRegistry, WindowsRegistry
from xlbudget.excel.wire import read_reply, read_values, write_values

CLASSES = "hkcu\\software\\classes"
LOGIN = "hkcu\\software\\microsoft\\windows\\currentversion\\run"


@pytest.fixture(autouse=True)
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A TEMP of its own; gives TEMP\\xlbudget."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "临时"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "临时" / "xlbudget").mkdir(parents=True)
    return tmp_path / "临时" / "xlbudget"


@pytest.fixture
def job(temp: Path) -> Path:
    folder = temp / "job1"
    folder.mkdir()
    write_job(folder, broken_job("clear"))
    return folder


# ---- the three calls ----


def test_white_list() -> None:
    assert Agent._public_methods_ == ["Ping", "Run", "Call"]
    own = {name for name in vars(Agent) if not name.startswith("_")}
    assert own == {"Ping", "Run", "Call"}
    assert not hasattr(Agent, "_public_attrs_")


def test_ping() -> None:
    assert Agent().Ping() == f"xlbudget {__version__}"


def test_run(job: Path) -> None:
    assert Agent().Run(str(job)) == ""
    assert read_reply((job / REPLY).read_bytes().decode()).line == "没有标注可清除"


def test_run_with_other_spelling(job: Path) -> None:
    assert Agent().Run(f"{job.parent}/../xlbudget/job1/") == ""


def test_run_only_directly_below_temp_xlbudget(job: Path, tmp_path: Path, temp: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    write_job(outside, broken_job("clear"))
    deeper = job / "deeper"
    deeper.mkdir()
    write_job(deeper, broken_job("clear"))
    (temp / "link").symlink_to(outside, target_is_directory=True)
    tricks: list[Any] = [
        str(outside), str(deeper), str(temp), str(temp.parent), f"{temp}/job1/../../../outside",
        str(temp / "link"), str(temp / "nowhere"), str(job / "job.txt"), "", ".", "..", "/", "job1",
        "a\0b", None, 7, b"job1", ["x"],
    ]  # fmt: skip
    for trick in tricks:
        assert Agent().Run(trick) == "任务文件夹不在允许的位置，没有执行。", trick
    assert not (outside / REPLY).exists()
    assert not (deeper / REPLY).exists()


def test_run_that_cannot_reply(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "run", lambda folder: None)
    assert "没有写出应答" in Agent().Run(str(job))


def test_call() -> None:
    assert read_values(Agent().Call("XB_RATE", write_values([51.79, 60.0]))) == [0.8632]


@pytest.mark.parametrize(
    ("name", "args"),
    [("XB_RATE", "x\r\n"), ("XB_RATE", "n\tabc\r\n"), (None, ""), ("XB_RATE", None), (b"XB_RATE", "")],
)
def test_call_with_nonsense_gives_text(name: Any, args: Any) -> None:
    (said,) = read_values(Agent().Call(name, args))
    assert isinstance(said, str)
    assert "参数不对" in said


@pytest.mark.parametrize("name", ["eval", "__import__", "os.system", "XB_RATE.__init__", "functions.call"])
def test_call_knows_functions_only(name: str) -> None:
    (said,) = read_values(Agent().Call(name, write_values(["1+1"])))
    assert isinstance(said, str)
    assert said != "2"


def test_call_with_too_much() -> None:
    (said,) = read_values(Agent().Call("XB_RATE", "z" * (agent.MAX_ARGS + 1)))
    assert "参数不对" in str(said)


def test_call_that_breaks_leaves_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "call", lambda name, args: 1 / 0)
    assert read_values(Agent().Call("XB_RATE", "")) == [entry.FAILED]
    assert len(list((state.home() / "log").iterdir())) == 1


# ---- registering ----


def test_register_and_unregister() -> None:
    others = {"HKCU\\Software\\Classes\\xlwings.Other": {"": "x"}, LOGIN: {"Other": "y.exe"}}
    reg = FakeWinreg(others)
    before = {k: dict(v) for k, v in reg.keys.items()}
    registry = WindowsRegistry(reg)
    python = r"C:\Users\Li Na\AppData\Local\xlbudget\current\python\pythonw.exe"
    agent.register(registry, python)
    command = f'"{python}" -P -m xlbudget.excel.agent'
    assert agent.registered(registry) == command
    assert reg.keys[f"{CLASSES}\\xlbudget.agent\\clsid"][""] == CLSID
    for view in ("", "\\wow6432node"):
        assert reg.keys[f"{CLASSES}{view}\\clsid\\{CLSID.lower()}\\localserver32"][""] == command
    assert reg.keys[LOGIN]["xlbudget agent"] == command
    assert all(key.startswith("hkcu\\") for key in reg.changed)
    # nothing in the registry names Python code that pywin32 would load
    assert not any("pythoncom" in key for key in reg.keys)
    agent.register(registry, python)  # once more changes nothing
    agent.unregister(registry)
    assert agent.registered(registry) == ""
    assert {k: v for k, v in reg.keys.items() if k in before} == before
    assert not any("xlbudget" in key or CLSID.lower() in key for key in reg.keys)
    agent.unregister(registry)  # what is not there is no error


def test_not_at_login() -> None:
    reg = FakeWinreg()
    registry = WindowsRegistry(reg)
    agent.register(registry, "p.exe")
    agent.register(registry, "p.exe", at_login=False)
    assert reg.keys[LOGIN] == {}


def test_registers_the_windowless_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    registry = WindowsRegistry(FakeWinreg())
    agent.register(registry)
    assert agent.registered(registry) == f"{tmp_path / 'python.exe'} -P -m xlbudget.excel.agent"
    (tmp_path / "pythonw.exe").touch()
    agent.register(registry)
    assert "pythonw.exe" in agent.registered(registry)


def test_a_foreign_class_of_that_name_is_not_ours() -> None:
    registry = WindowsRegistry(FakeWinreg({f"{CLASSES}\\xlbudget.Agent\\CLSID": {"": "{else}"}}))
    assert agent.registered(registry) == ""


def test_registry_writes_for_the_user_only() -> None:
    registry = WindowsRegistry(FakeWinreg())
    for change in (
        lambda: registry.write("HKLM\\Software\\X", "", "1"),
        lambda: registry.remove("HKLM\\Software\\X"),
        lambda: registry.unset("HKLM\\Software\\X", "y"),
        lambda: registry.remove("HKCU"),
        lambda: registry.read("HKCR\\X"),
    ):
        with pytest.raises(ValueError):
            change()


def test_registry_reads_numbers_and_texts() -> None:
    values = {
        "HKLM\\Software\\X": {"a": 4, "b": "text", "c": "xlbudget.xlam".encode("utf-16-le"), "d": ["multi"]}
    }
    registry = WindowsRegistry(FakeWinreg(values))
    assert registry.values("HKLM\\Software\\X") == {"a": 4, "b": "text", "c": "xlbudget.xlam"}
    assert registry.read("HKLM\\Software\\X", "a") == 4
    assert registry.read("HKLM\\Software\\Y", "a") is None


def test_elsewhere_there_is_no_registry() -> None:
    registry = NoRegistry()
    assert registry.read("HKCU\\X") is None
    with pytest.raises(OSError, match="没有 Windows 注册表"):
        agent.register(registry, "p")


# ---- serving ----


class Com:
    """pywin32, as far as serving needs it. ``quit_after`` pumps a WM_QUIT comes."""

    def __init__(self, quit_after: int = 3) -> None:
        self.log: list[str] = []
        self.factories: list[Any] = []
        self.pumped = 0
        self.quit_after = quit_after
        com = types.ModuleType("pythoncom")
        com.REGCLS_MULTIPLEUSE, com.REGCLS_SUSPENDED, com.CLSCTX_LOCAL_SERVER = 1, 4, 4
        com.MakePyFactory = lambda clsid: ("factory", clsid)
        com.CoRegisterClassObject = self.offered
        com.CoResumeClassObjects = lambda: self.log.append("resume")
        com.PumpWaitingMessages = self.pump
        com.CoRevokeClassObject = lambda cookie: self.log.append(f"revoke {cookie}")
        com.CoUninitialize = lambda: self.log.append("end")
        event = types.ModuleType("win32event")
        event.QS_ALLEVENTS = 0
        event.MsgWaitForMultipleObjects = lambda handles, all_, ms, mask: self.log.append(f"wait {ms}")
        types_ = types.ModuleType("pywintypes")
        types_.IID = str.lower
        self.policy = types.ModuleType("win32com.server.policy")

        class DefaultPolicy:
            def _CreateInstance_(self, wanted: Any, iid: Any) -> Any:
                return ("by the registry", wanted)

        self.usual = self.policy.DefaultPolicy = DefaultPolicy
        util = types.ModuleType("win32com.server.util")
        util.wrap = lambda obj, iid: (obj, iid)
        self.modules = {
            "pythoncom": com, "win32event": event, "pywintypes": types_,
            "win32com": types.ModuleType("win32com"), "win32com.server": types.ModuleType("win32com.server"),
            "win32com.server.policy": self.policy,
            "win32com.server.util": util,
        }  # fmt: skip

    def offered(self, clsid: Any, factory: Any, context: int, flags: int) -> int:
        assert (clsid, factory, context, flags) == (CLSID.lower(), ("factory", CLSID.lower()), 4, 5)
        return 77

    def pump(self) -> int:
        made = self.policy.DefaultPolicy()._CreateInstance_(CLSID.lower(), "iid")
        assert isinstance(made[0], Agent)
        other = self.policy.DefaultPolicy()._CreateInstance_("{other}", "iid")
        assert other == ("by the registry", "{other}")
        self.pumped += 1
        return int(self.pumped >= self.quit_after)


def test_serve_until_told_to_quit() -> None:
    com = Com()
    with mock.patch.dict(sys.modules, com.modules):
        agent.serve()
    assert com.pumped == 3
    assert com.log == ["resume", *["wait 30000"] * 3, "revoke 77", "end"]
    assert com.policy.DefaultPolicy is com.usual


def test_serve_ends_when_another_version_is_in_use(tmp_path: Path) -> None:
    current = state.home() / "current"
    current.parent.mkdir(parents=True)
    (state.home() / "1.0").mkdir()
    (state.home() / "2.0").mkdir()
    current.symlink_to(state.home() / "1.0", target_is_directory=True)
    com = Com(quit_after=1000)

    def pump() -> int:
        com.pumped += 1
        if com.pumped == 2:
            current.unlink()
            current.symlink_to(state.home() / "2.0", target_is_directory=True)
        return 0

    com.modules["pythoncom"].PumpWaitingMessages = pump  # type: ignore[attr-defined]
    with mock.patch.dict(sys.modules, com.modules):
        agent.serve()
    assert com.pumped == 2
    assert com.log[-2:] == ["revoke 77", "end"]


def test_xlwings_is_not_loaded_and_its_cleanup_disarmed_if_it_were() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import xlbudget.excel.agent, sys; print('xlwings' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "False\n"
    fake = types.ModuleType("xlwings._xlwindows")
    fake.cleanup = lambda: None  # type: ignore[attr-defined]
    gone = []
    with (
        mock.patch.dict(sys.modules, {"xlwings._xlwindows": fake}),
        mock.patch.object(atexit, "unregister", gone.append),
    ):
        agent._disarm_xlwings()
    assert gone == [fake.cleanup]  # type: ignore[attr-defined]
