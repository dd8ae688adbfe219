"""``doctor --selftest``: every button and every function once, in a real Excel, with what they should give.

What Excel has done is judged in two ways: cells are read back through Excel, and Excel's saved copy is given
to the same button again, which must find nothing left to do. Each trial stands by itself; the result holds no
name and no path of the user.
"""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

from xlbudget import __version__
from xlbudget.excel import port
from xlbudget.excel.buttons import press
from xlbudget.excel.jobfile import read_job
from xlbudget.excel.messages import Reply
from xlbudget.excel.wire import read_reply
from xlbudget.rules.record import column_letters
from xlbudget.workbook.book import read_book
from xlbudget.workbook.ops import Do, Op

from .doctor_stage import APPLY, MAKE, SEND, WALK, Stage, workplace
from .state import job_folder

SHOWN: Final = 5  # differences that a sentence names


@dataclass
class Trial:
    """One thing tried. ``text`` says what went wrong, ``ms`` how long its parts took."""

    name: str
    ok: bool = True
    text: str = ""
    ms: dict[str, int] = field(default_factory=dict)


def selftest(stage: Stage) -> list[Trial]:
    """All trials, in the order in which somebody would work. Raises nothing but KeyboardInterrupt."""
    trials: list[Trial] = []
    with workplace() as path:
        _try(trials, "打开表样", lambda trial: _in_form(stage, path, trials, trial))
    _functions(stage, trials)
    return trials


def _try(trials: list[Trial], name: str, what: Callable[[Trial], object]) -> None:
    trial = Trial(name)
    trials.append(trial)
    start = time.perf_counter()
    try:
        what(trial)
    except Exception as e:  # noqa: BLE001 - one trial that breaks must not hide the others
        trial.ok = False
        trial.text = str(e) if isinstance(e, port.ExcelError) else f"出错：{type(e).__name__}: {e}"
    trial.ms.setdefault("total", round(1000 * (time.perf_counter() - start)))


# ---- buttons ----


def _in_form(stage: Stage, path: Path, trials: list[Trial], opening: Trial) -> None:
    start = time.perf_counter()
    with stage.opened(path) as book:
        opening.ms["total"] = round(1000 * (time.perf_counter() - start))
        _try(trials, "填充：删掉的公式补回来", lambda t: _fill(stage, book, t))
        _try(trials, "校验", lambda t: _button(stage, book, "validate", t))
        _try(trials, "下一处、上一处", lambda t: _walk(stage, t))
        _try(trials, "再校验一次：没有变化", lambda t: _nothing_new(book, "validate", t))
        _try(trials, "清除标注", lambda t: _button(stage, book, "clear", t))
        _try(trials, "导出报送版", lambda t: _export(stage, book, path, t))


def _fill(stage: Stage, book: Any, trial: Trial) -> None:
    sheet, ref, formula = next(_formulas(port.snapshot(book, "fill").book.data))
    cell = book.sheets[sheet][ref]
    with port._talking():
        cell.api.Value2 = ""
    reply = _button(stage, book, "fill", trial)
    if not any(op.do is Do.FORMULA for ops in reply.steps.values() for op in ops):
        _wrong(trial, f"没有补回 {sheet}!{ref} 的公式 ={formula}")


def _formulas(data: bytes) -> Iterator[tuple[str, str, str]]:
    for sheet in read_book(data).sheets:
        for cell in sheet.cells.values():
            if cell.formula:
                yield sheet.name, f"{column_letters(cell.col)}{cell.row}", cell.formula


def _button(stage: Stage, book: Any, verb: str, trial: Trial) -> Reply:
    """What a button does, step by step; the reply that the add-in got."""
    times = [time.perf_counter()]

    def lap(name: str) -> None:
        times.append(time.perf_counter())
        trial.ms[name] = round(1000 * (times[-1] - times[-2]))

    folder = job_folder(stage.macro(MAKE, verb))
    if folder is None:
        raise port.ExcelError("加载项没有给出任务文件夹。")
    try:
        lap("copies")
        path = str(stage.macro(SEND, str(folder)))
        lap("python")
        job = read_job(folder)
        reply = read_reply(Path(path).read_bytes().decode("ascii"))
        times[-1] = time.perf_counter()
        told = str(stage.macro(APPLY, path) or "")
        lap("apply")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    trial.ms["total"] = sum(trial.ms.values())
    expected = press(job)
    if (reply.ok, reply.line, reply.steps) != (expected.ok, expected.line, expected.steps):
        _wrong(trial, f"应答与本机 Python 的不同：“{reply.line}”，应为“{expected.line}”")
    if not reply.ok:
        _wrong(trial, reply.line)
    if told:
        _wrong(trial, f"加载项说：{told}")
    _read_back(book, reply, trial)
    if verb != "export":
        _nothing_new(book, verb, trial)
    return reply


def _read_back(book: Any, reply: Reply, trial: Trial) -> None:
    """Notes, numbers and texts of the steps as Excel has them now."""
    final: dict[tuple[str, str], Op] = {}
    for op in reply.steps.get(book.name, []):
        if op.do in (Do.NOTE, Do.NUMBER, Do.TEXT):
            final[(op.sheet, op.ref)] = op
    wrong = [text for op in final.values() if (text := _difference(book, op))]
    if wrong:
        _wrong(trial, f"{len(final)} 个格子中有 {len(wrong)} 个不对：{'；'.join(wrong[:SHOWN])}")


def _difference(book: Any, op: Op) -> str:
    try:
        with port._talking():
            cell = book.sheets[op.sheet][op.ref].api
            found = _note(cell) if op.do is Do.NOTE else cell.Value2
    except port.ExcelError as e:
        return f"{op.sheet}!{op.ref}：{e}"
    return "" if _alike(found, op) else f"{op.sheet}!{op.ref} 是“{found}”，应为“{op.args[0]}”"


def _note(cell: Any) -> str | None:
    return None if cell.Comment is None else str(cell.Comment.Text())


def _alike(found: Any, op: Op) -> bool:
    if op.do is Do.NUMBER:
        return isinstance(found, float | int) and Fraction(repr(found)) == Fraction(repr(float(op.args[0])))
    return str(found or "").replace("\r\n", "\n").replace("\r", "\n") == op.args[0]


def _nothing_new(book: Any, verb: str, trial: Trial) -> None:
    """The button on what Excel saves now: it must find everything as it would have made it."""
    left = press(port.snapshot(book, verb)).steps
    kinds = Counter(f"{op.do} {op.sheet}" for ops in left.values() for op in ops)
    if kinds:
        told = "，".join(f"{kind} {count} 处" for kind, count in kinds.items())
        _wrong(trial, f"Excel 存下的与应有的不同：{told}")


def _walk(stage: Stage, trial: Trial) -> None:
    first = stage.place()
    stage.macro(WALK, 1)
    second = stage.place()
    stage.macro(WALK, -1)
    if second == first or stage.place() != first:
        _wrong(trial, f"从 {first} 去下一处到了 {second}，再回上一处到了 {stage.place()}")


def _export(stage: Stage, book: Any, path: Path, trial: Trial) -> None:
    reply = _button(stage, book, "export", trial)
    for file in reply.files:
        saved = path.with_name(file.name)
        if not saved.is_file():
            _wrong(trial, f"表格旁边没有“{file.name}”")
        elif saved.read_bytes() != file.data:
            _wrong(trial, f"“{file.name}”的内容不对")
    if not reply.files:
        _wrong(trial, "没有导出文件")


def _wrong(trial: Trial, text: str) -> None:
    trial.ok = False
    trial.text = f"{trial.text}；{text}" if trial.text else text


# ---- functions ----


def _functions(stage: Stage, trials: list[Trial]) -> None:
    """Every example of every function in a cell; the examples themselves are tested against Python."""
    from xlbudget_udfs.functions import FUNCTIONS

    for function in FUNCTIONS.values():
        _try(trials, f"函数 {function.name}", partial(_function, stage, function.examples))


def _function(stage: Stage, examples: tuple[tuple[str, str], ...], trial: Trial) -> None:
    start = time.perf_counter()
    found = stage.results([formula for formula, _ in examples])
    trial.ms["each"] = round(1000 * (time.perf_counter() - start) / len(examples))
    for (formula, wanted), value in zip(examples, found, strict=True):
        if shown(value) != wanted:
            _wrong(trial, f"{formula} 得“{shown(value)}”，应为“{wanted}”")


def shown(value: Any) -> str:
    """A cell's value as the examples write it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return f"{value:.12g}"
    return str(value or "").replace("\r\n", "\n")


# ---- the result ----


def result(trials: list[Trial], facts: dict[str, Any], hidden: Callable[[str], str] = str) -> bytes:
    """The dated JSON; ``hidden`` takes the user's folders out of texts."""
    told = {
        "xlbudget": __version__,
        "date": date.today().isoformat(),
        **facts,
        "passed": sum(t.ok for t in trials),
        "failed": sum(not t.ok for t in trials),
        "checks": [{**asdict(t), "text": hidden(t.text)} for t in trials],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
