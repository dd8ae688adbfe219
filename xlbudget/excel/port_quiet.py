"""Excel holds still while cells are written, and is afterwards as it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

_WANTED = {"screen_updating": False, "enable_events": False, "display_alerts": False, "calculation": "manual"}
_PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds, before a setting that could not be put back is tried again


@contextmanager
def quiet(
    app: Any, failures: tuple[type[Exception], ...], is_busy: Callable[[BaseException], bool]
) -> Iterator[None]:
    """No redrawing, no macros of the workbook, no questions and no calculation in between.

    Each setting of ``app`` (an xlwings ``App``) is put back by itself, with patience while somebody types:
    nobody would know why Excel no longer calculates. xlwings' own ``properties`` gives up at the first that
    fails.
    """

    def back(name: str, value: object) -> None:
        for pause in (*_PAUSES, None):
            try:
                setattr(app, name, value)
            except failures as e:
                if pause is None or not is_busy(e):
                    raise
                time.sleep(pause)
            else:
                return

    with ExitStack() as stack:
        for name, value in _WANTED.items():
            stack.callback(back, name, getattr(app, name))
            setattr(app, name, value)
        yield
