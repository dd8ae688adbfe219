"""The entry: whatever happens, there is a reply."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.excel.jobs_made import NAME, broken_job, hopeless_job
from xlbudget import __version__
from xlbudget.excel import entry, state
from xlbudget.excel.jobfile import JOB, REPLY, write_job
from xlbudget.excel.messages import Job, Reply
from xlbudget.excel.wire import WireError, read_reply, read_values, write_values
from xlbudget.workbook.ops import Do

pytestmark = pytest.mark.usefixtures("own_state")


@pytest.fixture
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "任务 1"
    place.mkdir()
    return place


def reply_of(folder: Path) -> Reply:
    return read_reply((folder / REPLY).read_bytes().decode("ascii"))


def logs() -> list[Path]:
    return sorted((state.home() / "log").glob("*"))


# ---- the real thing ----


def test_validating_a_form_with_mistakes(folder: Path) -> None:
    write_job(folder, broken_job())
    before = sorted(p.name for p in folder.iterdir())
    entry.run(str(folder))
    reply = reply_of(folder)
    assert reply.ok
    assert "错误" in reply.line
    steps = reply.steps[NAME]
    assert any(op.do is Do.NOTE for op in steps)
    assert any(op.do is Do.ADDSHEET and op.sheet == "审核结果" for op in steps)
    assert sorted(p.name for p in folder.iterdir()) == sorted([*before, REPLY])
    assert logs() == []


def test_a_file_that_is_no_workbook(folder: Path) -> None:
    write_job(folder, hopeless_job())
    entry.run(str(folder))
    reply = reply_of(folder)
    assert not reply.ok
    assert "图片" in reply.line
    assert logs() == []


def test_as_a_program(folder: Path) -> None:
    write_job(folder, broken_job("clear"))
    command = [sys.executable, "-m", "xlbudget.excel.entry"]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert reply_of(folder).line == "没有标注可清除"
    assert (
        subprocess.run(command, capture_output=True, text=True, check=False).stdout
        == f"xlbudget {__version__}\n"
    )
    gone = subprocess.run([*command, str(folder / "nowhere")], capture_output=True, text=True, check=False)
    assert gone.returncode == 2


def test_import_is_quick() -> None:
    """The best of three, as other programs share the PC."""

    def once() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import xlbudget.excel.entry"], check=True)
        return time.perf_counter() - start

    assert min(once() for _ in range(3)) < 1.0


def test_import_loads_no_room() -> None:
    code = (
        "import sys, xlbudget.excel.entry; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in "
        "('xlwings', 'openpyxl', 'sqlalchemy', 'rich', 'click', 'starlette')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


# ---- whatever happens ----


def test_not_a_job(folder: Path) -> None:
    (folder / JOB).write_bytes(b"hello")
    entry.run(str(folder))
    assert reply_of(folder) == Reply("这不是 xlbudget 的任务。", ok=False)


def test_an_empty_folder(folder: Path) -> None:
    entry.run(str(folder))
    assert not reply_of(folder).ok


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("secret"), RecursionError(), MemoryError(), KeyError("x")]
)
def test_an_error_of_ours(folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def pressed(job: Job) -> Reply:
        raise error

    monkeypatch.setattr(entry, "press", pressed)
    write_job(folder, broken_job())
    entry.run(str(folder))
    reply = reply_of(folder)
    assert not reply.ok
    assert reply.line == entry.FAILED
    (log,) = logs()
    assert str(log) in reply.details[-1]
    text = log.read_text("utf-8")
    assert type(error).__name__ in text
    assert __version__ in text
    assert "in pressed" in text


def test_a_reply_that_cannot_be_put_into_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "press", lambda job: None)
    write_job(folder, broken_job())
    entry.run(str(folder))
    assert reply_of(folder).line == entry.FAILED


def test_the_folder_is_gone(tmp_path: Path) -> None:
    entry.run(str(tmp_path / "gone"))
    entry.run("a\0b")
    entry.run("")
    assert len(logs()) >= 2


def test_an_old_reply_is_replaced(folder: Path) -> None:
    (folder / REPLY).write_text("old")
    write_job(folder, hopeless_job())
    entry.run(str(folder))
    assert "图片" in reply_of(folder).line


def test_no_log_can_be_written(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    monkeypatch.setattr(entry, "press", lambda job: 1 / 0)
    write_job(folder, broken_job())
    entry.run(str(folder))
    assert reply_of(folder).details == ["原因：ZeroDivisionError: division by zero"]


def test_only_the_newest_logs_are_kept() -> None:
    for i in range(state.KEPT_LOGS + 5):
        state.log_error(ValueError(str(i)), "test")
    assert len(logs()) == state.KEPT_LOGS


# ---- functions and ping ----


def test_a_function() -> None:
    assert read_values(entry.call("XB_RATE", write_values([51.79, 60.0]))) == [0.8632]


def test_a_function_that_there_is_not() -> None:
    (said,) = read_values(entry.call("os.system", write_values(["ls"])))
    assert isinstance(said, str)
    assert any("\u4e00" <= ch <= "\u9fff" for ch in said)


@pytest.mark.parametrize("text", ["x\r\n", "n\tabc\r\n", "a\t2\t2\r\nz\r\n", "a\tx\ty\r\n"])
def test_arguments_that_are_none(text: str) -> None:
    with pytest.raises(WireError, match="XB_RATE 的参数不对"):
        entry.call("XB_RATE", text)


def test_ping(folder: Path) -> None:
    assert entry.ping() == f"xlbudget {__version__}"
    entry.ping(str(folder))
    assert reply_of(folder) == Reply(f"xlbudget {__version__}")
    entry.ping(str(folder / "nowhere"))
