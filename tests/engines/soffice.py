"""A LibreOffice driven in this process, with its crashes and its exceptions kept apart from Python's."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from types import FunctionType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class CrashedError(RuntimeError):
    """LibreOffice is gone; it does that now and then."""


class Soffice:
    """A headless LibreOffice with a profile of its own."""

    def __enter__(self) -> Self:
        sys.path.append("/usr/lib/python3/dist-packages")
        try:
            from tests import office_worker
        finally:
            sys.path.pop()
        self.worker = office_worker
        self.folder = Path(tempfile.mkdtemp(prefix="xlbudget-calc-"))
        self._starts = 0
        self._start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        self._starts += 1
        user = self.folder / f"profile{self._starts}" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(self.worker.SETTINGS, encoding="utf-8")
        pipe = f"xlbudgetcalc{os.getpid()}x{self._starts}"
        command = ["soffice", "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        command += [f"-env:UserInstallation={user.parent.as_uri()}", f"--accept=pipe,name={pipe};urp;"]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        self.desktop = self._desktop(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")

    def _desktop(self, address: str) -> Any:
        import uno

        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(600):
            try:
                context = resolver.resolve(address)
            except self.worker.UnoException:
                time.sleep(0.1)
            else:
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        raise CrashedError("soffice did not answer")

    def _stop(self) -> None:
        """End this soffice and nothing else: its processes are one group."""
        with suppress(self.worker.UnoException):
            self.desktop.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def twice(self, body: Callable[[], None]) -> None:
        """Do something, and when it failed because LibreOffice crashed, once more."""
        try:
            body()
        except (CrashedError, AssertionError):
            if self._alive():
                raise
            self._stop()
            self._start()
            body()

    def _alive(self) -> bool:
        try:
            self.desktop.getComponents()
        except self.worker.UnoException:
            return False
        return self._process.poll() is None


def in_plain_words(store: type[T]) -> type[T]:
    """LibreOffice's exceptions cannot go through Python's machinery unharmed; they become Python's own."""
    for name, member in list(vars(store).items()):
        if isinstance(member, FunctionType) and (name == "__init__" or not name.startswith("_")):
            setattr(store, name, _plainly(member))
    return store


def _plainly(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except Exception as e:
            if not hasattr(e, "Message"):
                raise
            text = f"{type(e).__name__}: {e.Message}"
        gone = any(word in text for word in ("isposed", "bridge", "NoConnect", "uno.RuntimeException"))
        raise (CrashedError if gone else RuntimeError)(f"{method.__qualname__}: {text}")

    return call
