"""The buttons on a live workbook, driven from Python: for scripts, the self-test, and ``RunPython``.

A button's way is always the same: saved copies → :mod:`.buttons` → steps, question, files, a place to show,
words. The add-in goes this way in VBA; what is decided is decided in the same functions.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from xlbudget.excel import port
from xlbudget.excel.buttons import press
from xlbudget.excel.messages import OutFile, Reply, Settings
from xlbudget.oserrors import reason
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.errors import OutputError

_SAVED: Final = "已保存：{path}"
_SAVED_APART: Final = "工作簿不在本机文件夹里，已保存到：{path}"
_FILES: Final = "文件读写不了：{why}"
_FAULT: Final = "程序出错，没有完成：{what}。请把这句话告诉维护人员。"
_DOCUMENTS = 5  # CSIDL_PERSONAL
_IN_FRONT = 0x10040  # MB_SETFOREGROUND, MB_ICONINFORMATION

log = logging.getLogger(__name__)


def validate(settings: Settings | None = None) -> str:
    """校验 the workbook in front. Gives what was told, in Chinese, also when it could not be done."""
    return _button("validate", settings)


def fill(settings: Settings | None = None) -> str:
    """填充 the workbook in front; what was told."""
    return _button("fill", settings)


def clear(settings: Settings | None = None) -> str:
    """清除标注 in the workbook in front; what was told."""
    return _button("clear", settings)


def export(settings: Settings | None = None) -> str:
    """导出报送版 of the workbook in front, as a file beside it; what was told."""
    return _button("export", settings)


def _button(verb: str, settings: Settings | None) -> str:
    try:
        lines = _pressed(verb, settings)
    except (port.ExcelError, OutputError) as e:
        lines = [str(e)]
    except OSError as e:
        lines = [_FILES.format(why=reason(e))]
    except Exception as e:
        log.exception("%s", verb)
        lines = [_FAULT.format(what=f"{type(e).__name__} {e}".strip())]
    text = "\n".join(lines)
    try:
        port.tell(text)
    except port.ExcelError:
        _show(text)
    return text


def _show(text: str) -> None:
    """Tell it without Excel, which takes no calls or is not there."""
    log.warning("%s", text)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, port.TITLE, _IN_FRONT)


def _pressed(verb: str, settings: Settings | None) -> list[str]:
    """Do it; gives the lines to be told."""
    book = port.caller_book()
    job = port.snapshot(book, verb, settings)
    reply = press(job)
    undone = port.apply(book, reply)
    answer, more = _asked(book, reply)
    files = [_saved(file, job.book.folder) for file in reply.files]
    if reply.goto is not None:
        port.show(book, reply.goto)
    return [*answer, *reply.details, *files, *dict.fromkeys([*undone, *more])]


def _asked(book: Any, reply: Reply) -> tuple[list[str], list[str]]:
    """The first lines, after the question if there is one, and what could not be done on a yes."""
    question = reply.question
    if question is None:
        return [reply.line], []
    if not port.ask(question.text):
        return _lines(reply.line, question.no), []
    undone = port.apply(book, Reply("", steps=question.steps))
    return _lines(reply.line, question.yes), undone


def _lines(*texts: str) -> list[str]:
    return [text for text in texts if text]


# ---- files ----


def _saved(file: OutFile, folder: str) -> str:
    """Put a file beside the workbook, or among the documents of a workbook on the web; never over another."""
    apart = not (folder and Path(folder).is_dir())
    path = free_path(documents() if apart else Path(folder), file.name)
    write_atomic(path, file.data)
    return (_SAVED_APART if apart else _SAVED).format(path=path)


def free_path(folder: Path, name: str) -> Path:
    """A path in the folder that no file has: ``表.xlsx``, ``表(2).xlsx``, …"""
    wanted = folder / name
    path, n = wanted, 1
    while path.exists():
        n += 1
        path = wanted.with_stem(f"{wanted.stem}({n})")
    return path


def documents() -> Path:
    """The user's folder for documents, wherever it was moved to; the home folder where there is none."""
    places: Sequence[Path] = (Path.home() / "Documents", Path.home())
    if sys.platform == "win32":
        import ctypes

        buffer = ctypes.create_unicode_buffer(32768)
        if ctypes.windll.shell32.SHGetFolderPathW(None, _DOCUMENTS, None, 0, buffer) == 0:
            places = (Path(buffer.value), *places)
    return next((p for p in places if p.is_dir() and os.access(p, os.W_OK)), Path.home())
