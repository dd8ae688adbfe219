"""What each button does with the workbook in front: a job in, a reply out. Nothing here knows Excel.

A button works on the saved copies as packages; the steps of its reply are the difference that it made
(:func:`xlbudget.workbook.diff.live_ops`), so the add-in and the command line give the same cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from xlbudget.oserrors import reason
from xlbudget.packs import PackError
from xlbudget.rules.language import FormulaError
from xlbudget.sources import SourceError
from xlbudget.workbook.errors import OutputError, WorkbookRefused
from xlbudget.workbook.fill.cellxml import FillError

from .buttons_clear import clear
from .buttons_export import export
from .buttons_fill import fill
from .buttons_validate import validate
from .messages import Job, Reply

BUTTONS: Final[Mapping[str, Callable[[Job], Reply]]] = {
    "validate": validate,
    "fill": fill,
    "clear": clear,
    "export": export,
}
_EXPECTED: Final = (WorkbookRefused, SourceError, PackError, FillError, OutputError, FormulaError)


def press(job: Job) -> Reply:
    """Do what the button says. What is wrong with the user's files comes back as a reply with a sentence."""
    button = BUTTONS.get(job.verb)
    if button is None:
        return Reply(f"没有“{job.verb}”这个按钮。", ok=False)
    try:
        return button(job)
    except _EXPECTED as e:
        first, *more = str(e).splitlines() or [""]
        return Reply(first, ok=False, details=more)
    except OSError as e:
        return Reply(f"文件{f'“{e.filename}”' if e.filename else ''}读写不了：{reason(e)}", ok=False)
