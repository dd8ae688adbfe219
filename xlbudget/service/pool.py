"""Processes that do the work, so that a hostile workbook can neither stop nor slow down the service.

concurrent.futures cannot end a task that has begun: a worker that hangs stays, and killing it fails every
other task of the pool. So each process here has a pipe of its own. One that takes too long, or dies, is
replaced by a new one; nobody else notices.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import importlib
import multiprocessing
import os
import queue
import signal
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, Final

from xlbudget.excel.wire import WireError

Task = Callable[[str, str, bytes], bytes]

GB: Final = 1 << 30
MEMORY: Final = 2 * GB  # address space of one process, where the system can limit it
TASKS: Final = 500  # of one process before it is replaced
START: Final = 60.0  # seconds that a process may take until it is ready

_DONE, _REFUSED, _FAILED, _READY = b"0", b"4", b"5", b"r"
_SPARE: Final = 10.0  # seconds after which a process ends itself, when nobody is left to end it


class TooSlow(Exception):
    """The time was up before there was an answer."""


class Crashed(Exception):
    """The process failed; the text says where in the program, and nothing of the workbook."""


class Pool:
    """``size`` processes. ``task`` names a function ``module:function`` of kind, name and body."""

    def __init__(self, task: str, size: int, memory: int = MEMORY, tasks: int = TASKS) -> None:
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._workers = [_Worker(task, memory, tasks) for _ in range(size)]
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(size, "xlbudget-pool")

    async def do(self, kind: str, name: str, body: bytes, seconds: float) -> bytes:
        """The task's answer. Raises WireError as the task did, TooSlow, Crashed."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._do, kind, name, body, seconds)

    def _do(self, kind: str, name: str, body: bytes, seconds: float) -> bytes:
        worker = self._idle.get()
        try:
            return worker.ask(kind, name, body, seconds)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End all processes at once; what they were doing is lost."""
        for worker in self._workers:
            worker.stop()
        self._threads.shutdown(cancel_futures=True)  # those who ask see their process gone, and return
        for worker in self._workers:
            worker.end()


class _Worker:
    """A process and its pipe. Only one thread at a time may ask."""

    def __init__(self, task: str, memory: int, tasks: int) -> None:
        self._how = (task, memory)
        self._tasks = tasks
        self._closed = False
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, *self._how), daemon=True)
        self._process.start()
        theirs.close()
        self._ready = False
        self._left = self._tasks

    def ask(self, kind: str, name: str, body: bytes, seconds: float) -> bytes:
        if self._closed:
            raise Crashed("closed")
        try:
            answer = self._ask(kind, name, body, seconds)
        except (EOFError, OSError) as e:
            self._replace()
            raise Crashed(f"the process ended ({type(e).__name__})") from e
        except TooSlow:
            self._replace()
            raise
        self._left -= 1
        if self._left <= 0:
            self._replace()
        if answer[:1] == _REFUSED:
            raise WireError(answer[1:].decode())
        if answer[:1] == _FAILED:
            raise Crashed(answer[1:].decode())
        return answer[1:]

    def _ask(self, kind: str, name: str, body: bytes, seconds: float) -> bytes:
        if not self._ready:
            if not self._pipe.poll(START):
                raise TooSlow
            self._ready = self._pipe.recv_bytes() == _READY
        self._pipe.send((kind, name, body, seconds))
        if not self._pipe.poll(seconds):
            raise TooSlow
        return self._pipe.recv_bytes()  # bytes: nothing from there is ever unpickled here

    def _replace(self) -> None:
        self.end()
        if not self._closed:
            self._start()

    def stop(self) -> None:
        """Kill the process for good; whoever asks in another thread gets Crashed."""
        self._closed = True
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.join(5)
        self._pipe.close()


# ---- the process's side ----


def _serve(pipe: Connection, task_name: str, memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the service, which then ends this process
    _limit_memory(memory)
    module_name, _, function = task_name.partition(":")
    module = importlib.import_module(module_name)
    task: Task = getattr(module, function)
    getattr(module, "warm_up", lambda: None)()
    with open(os.devnull, "w") as nowhere, contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(_READY)
        while True:
            kind, name, body, seconds = pipe.recv()
            faulthandler.dump_traceback_later(seconds + _SPARE, exit=True, file=nowhere)
            answer = _answer(task, kind, name, body)
            faulthandler.cancel_dump_traceback_later()
            pipe.send_bytes(answer)


def _answer(task: Task, kind: str, name: str, body: bytes) -> bytes:
    try:
        return _DONE + task(kind, name, body)
    except WireError as e:
        return _REFUSED + str(e).encode("utf-8", "replace")
    except Exception as e:  # noqa: BLE001 - the process is good for the next request all the same
        return _FAILED + where(e).encode("utf-8", "replace")


def where(error: BaseException) -> str:
    """The kind of an error and the way to it; not its text, which may quote a workbook."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    way = " < ".join(f"{os.path.basename(f.filename)}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {way}"


def _limit_memory(limit: int) -> None:
    try:
        resource: Any = importlib.import_module("resource")
    except ImportError:  # Windows has none
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
