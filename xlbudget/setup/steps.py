"""Steps with undo: all of them are done, or everything is as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlbudget.oserrors import reason

from .errors import SetupError

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One change. ``text`` says what is done (also for a trial run), ``undo`` takes it back.

    ``refused`` is what to tell when a file is in use or may not be changed.
    """

    text: str
    do: Callable[[], None]
    undo: Callable[[], None] | None = None
    refused: str = ""


def carry_out(steps: Sequence[Step], say: Say, what_if: bool = False) -> None:
    """Do the steps in order; with ``what_if`` only say them.

    Raises SetupError when one fails, after undoing it and those before it, the last one first. An undo must
    therefore also do after its own step got only half way.
    """
    done: list[Step] = []
    for step in steps:
        say(f"{'将会' if what_if else '正在'}{step.text}")
        if what_if:
            continue
        done.append(step)
        try:
            step.do()
        except (OSError, SetupError) as e:
            left = _undo(done, say)
            raise SetupError(_sentence(step, e) + left) from e
        except BaseException:
            _undo(done, say)  # interrupted: the user pressed Ctrl+C
            raise


def _undo(done: Sequence[Step], say: Say) -> str:
    """Take the steps back; what to add to the sentence afterwards."""
    failed = []
    for step in reversed(done):
        if step.undo is None:
            continue
        try:
            step.undo()
        except (OSError, SetupError) as e:
            failed.append(step.text)
            say(f"没能撤销“{step.text}”：{_reason(e)}")
    if failed:
        return f"。另外，没能恢复原状：{'、'.join(failed)}；请重新运行一次安装"
    return "。已恢复到安装前的状态" if any(s.undo for s in done) else ""


def _sentence(step: Step, error: OSError | SetupError) -> str:
    if isinstance(error, SetupError):
        return str(error)
    why = _reason(error)
    name = f"“{error.filename}”" if error.filename else ""
    if step.refused and isinstance(error, PermissionError):  # also how Windows says "in use"
        return f"{step.refused}（{name}{why}）"
    return f"{step.text}没有成功：{name}{why}"


def _reason(error: OSError | SetupError) -> str:
    return reason(error) if isinstance(error, OSError) else str(error)
