"""``xlbudget serve`` as a program: starting, the token, stopping."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.excel.jobs_made import NAME, broken_job
from xlbudget.excel.jobfile import write_packed
from xlbudget.excel.wire import read_reply

COMMAND = [
    sys.executable,
    "-c",
    "from xlbudget.cli.root import cli\nfrom xlbudget.cli.live import serve\n"
    "if __name__ == '__main__':\n    cli.add_command(serve)\n    cli(prog_name='xlbudget')",
    "serve",
]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    own = {"XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    left_out = ("LOCALAPPDATA", "XLBUDGET_TOKEN")
    return {**{k: v for k, v in os.environ.items() if k not in left_out}, **own}


class Served:
    """A started service; ``lines`` is what it has printed."""

    def __init__(self, environment: dict[str, str], *args: str) -> None:
        command = [*COMMAND, "--port", "0", "--workers", "1", *args]
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        self.lines = [self.process.stdout.readline()]
        self.url = re.findall(r"http://\S+?:\d+", self.lines[0])[0]
        watch = threading.Timer(60, self.process.kill)
        watch.daemon = True
        watch.start()

    def read(self, count: int) -> str:
        assert self.process.stdout is not None
        self.lines += [self.process.stdout.readline() for _ in range(count)]
        return "".join(self.lines)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=40)
        return self.process.returncode, rest


@pytest.fixture
def started(environment: dict[str, str]) -> Iterator[Served]:
    served = Served(environment)
    yield served
    if served.process.poll() is None:
        served.stop()


def failed(environment: dict[str, str], *args: str) -> str:
    done = subprocess.run(
        [*COMMAND, *args],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_first_start_shows_the_token_once(started: Served, environment: dict[str, str]) -> None:
    said = started.read(3)
    token = re.findall(r"口令（只显示这一次）：(\S+)", said)[0]
    assert "设置" in said
    file = Path(environment["XDG_STATE_HOME"], "xlbudget", "service-token")
    assert file.read_text().strip() == token
    assert str(file) in said
    head = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{started.url}/v1/ping", headers=head, timeout=30).text.startswith("xlbudget ")
    answer = httpx.post(f"{started.url}/v1/run", content=write_packed(broken_job()), headers=head, timeout=60)
    assert read_reply(answer.text).steps[NAME]
    code, rest = started.stop()
    assert code == 0
    assert rest == "服务已停止。\n"
    again = Served(environment)
    assert token not in again.lines[0]
    assert httpx.get(f"{again.url}/v1/ping", headers=head, timeout=30).status_code == 200
    assert again.stop(signal.SIGINT) == (0, "服务已停止。\n")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at /proc")
def test_no_process_is_left(started: Served) -> None:
    httpx.get(f"{started.url}/v1/ping", timeout=30)
    children = Path(f"/proc/{started.process.pid}/task/{started.process.pid}/children").read_text().split()
    assert len(children) >= 2
    started.stop()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_token_of_the_environment(environment: dict[str, str]) -> None:
    served = Served({**environment, "XLBUDGET_TOKEN": "from-the-environment"})
    head = {"Authorization": "Bearer from-the-environment"}
    assert httpx.get(f"{served.url}/v1/ping", headers=head, timeout=30).status_code == 200
    code, rest = served.stop()
    assert (code, rest) == (0, "服务已停止。\n")
    assert not Path(environment["XDG_STATE_HOME"]).exists()


def test_the_network_needs_a_token_of_its_own(environment: dict[str, str], tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::"):
        said = failed(environment, "--host", host, "--port", "0")
        assert "没有口令" in said
        assert "XLBUDGET_TOKEN" in said
    assert not Path(environment["XDG_STATE_HOME"]).exists()
    (tmp_path / "token").write_text("a-token-of-the-operator\n")
    served = Served(environment, "--host", "0.0.0.0", "--token-file", str(tmp_path / "token"))
    url = served.url.replace("0.0.0.0", "127.0.0.1")
    head = {"Authorization": "Bearer a-token-of-the-operator"}
    assert httpx.get(f"{url}/v1/ping", headers=head, timeout=30).status_code == 200
    served.stop()


def test_a_port_in_use(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = failed(environment, "--port", str(taken.getsockname()[1]))
    assert "不能在 127.0.0.1:" in said
    assert "--port" in said


def test_an_address_that_there_is_not(environment: dict[str, str]) -> None:
    environment = {**environment, "XLBUDGET_TOKEN": "from-the-environment"}
    assert "不能在 203.0.113.7" in failed(environment, "--host", "203.0.113.7", "--port", "0")


def test_a_bad_token(environment: dict[str, str]) -> None:
    assert "XLBUDGET_TOKEN" in failed({**environment, "XLBUDGET_TOKEN": "x"})
