"""What the add-in calls: the folder of a job in, ``reply.txt`` in the same folder out.

Excel must never wait for an answer that does not come, so :func:`run` raises nothing and always replies. The
module itself imports next to nothing: the rooms behind the buttons are loaded with the first press.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xlbudget import __version__
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.errors import OutputError

from .jobfile import REPLY, read_job
from .messages import Job, Reply
from .state import log_error
from .wire import WireError, read_values, write_reply, write_values

Press = Callable[[Job], Reply]

FAILED: Final = "程序内部出错，没有完成；工作簿没有改动。"


def run(folder: str) -> None:
    """Do the job in ``folder`` and write its reply there. Raises nothing."""
    try:
        reply = _pressed(folder)
        _write(folder, reply)
    except Exception as e:  # noqa: BLE001 - whatever it is, the user gets a reply
        try:
            _write(folder, failure(e, f"job {folder}"))
        except Exception as e2:  # noqa: BLE001 - not even a reply: the add-in says so when it finds none
            log_error(e2, f"reply {folder}")


def _pressed(folder: str) -> Reply:
    try:
        job = read_job(folder)
    except WireError as e:
        return Reply(f"{e}。", ok=False)
    return press(job)


def press(job: Job) -> Reply:
    """The button's reply. Loads the buttons at the first call."""
    from .buttons import press as pressed

    reply: Reply = pressed(job)
    return reply


def failure(error: BaseException, what: str) -> Reply:
    """The reply for an error of ours, with the log file that a developer needs."""
    log = log_error(error, what)
    name = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    details = [f"原因：{name}"]
    if isinstance(error, MemoryError):
        details = ["内存不够；请关闭其他程序后再试。"]
    if log is not None:
        details.append(f"详细记录：{log}（请发给开发者）")
    return Reply(FAILED, ok=False, details=details)


def _write(folder: str, reply: Reply) -> None:
    write_atomic(Path(folder) / REPLY, write_reply(reply).encode("ascii"))


def call(name: str, args: str) -> str:
    """A worksheet function on values as wire text. Raises WireError when ``args`` are no values."""
    from xlbudget_udfs import functions

    try:
        values = read_values(args)
    except ValueError as e:
        raise WireError(f"函数 {name[:40]} 的参数不对：{e}") from e
    return write_values([functions.call(name, values)])


def ping(folder: str = "") -> str:
    """Who answers. With a folder the answer is also written there as a reply. Raises nothing."""
    text = f"xlbudget {__version__}"
    if folder:
        try:
            _write(folder, Reply(text))
        except (OutputError, OSError, ValueError) as e:
            log_error(e, f"ping {folder}")
    return text


def main(argv: list[str]) -> int:
    """``python -m xlbudget.excel.entry FOLDER``; without a folder it says who it is."""
    if not argv:
        print(ping())
        return 0
    run(argv[0])
    return 0 if (Path(argv[0]) / REPLY).is_file() else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
