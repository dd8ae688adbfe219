"""How a job reaches Python: a folder with ``job.txt`` and saved copies, or both packed into one body.

    xlbudget 1
    verb    <word>
    pack    <pack's id, or nothing>
    source  <path or address of data, or nothing>
    book    <name> <folder, or nothing> <file name in the folder>      the workbook in front comes first
    end

Fields are split by tabs, words are escaped as in :mod:`.wire`. A packed job has the length in bytes for the
file name, and the bytes of the books behind ``end``, one after the other. Whoever writes a job is not
trusted: what is not exactly of this form is refused with :class:`~.wire.WireError`; its text is for the user.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from xlbudget.oserrors import reason
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.limits import MB

from .messages import Job, OpenBook, Settings
from .wire import LINE_END, VERSION, WireError, escape, unescape

JOB, REPLY = "job.txt", "reply.txt"

MAX_BOOKS: Final = 32
MAX_TEXT: Final = 1 << 18  # bytes of job.txt; so many books with the longest names fit
MAX_BOOK: Final = 100 * MB  # of one saved copy; what a workbook may be is for the reader to say
MAX_WORD: Final = 1_000  # characters of a path or an address

_NAME: Final = re.compile(r'[^\x00-\x1f\x7f\\/:*?"<>]{1,255}')
_WORD: Final = re.compile(r"[^\x00-\x1f\x7f]*")
_VERB: Final = re.compile(r"[a-z]{1,20}")
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}\.[A-Za-z0-9]{1,5}")
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)\.", re.I)  # opening one may wait for ever
_LENGTH: Final = re.compile(r"0|[1-9]\d{0,9}")
_END: Final = f"{LINE_END}end{LINE_END}".encode()

Content = Callable[[str, str], bytes]
"""Gives the bytes of a book from its name and the last word of its line."""


# ---- a folder ----


def read_job(folder: str | Path) -> Job:
    """The job that stands in a folder. Raises WireError when there is none, or not a proper one."""
    place = Path(folder)

    def content(name: str, file: str) -> bytes:
        if not _FILE.fullmatch(file) or _DEVICE.match(file) or file.lower() in (JOB, REPLY):
            raise WireError(f"“{name}”的副本文件名不对，请重新按一次按钮")
        return _load(place / file, MAX_BOOK, f"“{name}”的副本")

    return _job(_load(place / JOB, MAX_TEXT, "任务"), content)


def write_job(folder: str | Path, job: Job) -> None:
    """Put a job into an existing folder, ``job.txt`` last. Raises OutputError."""
    place = Path(folder)
    files = []
    for i, book in enumerate((job.book, *job.others), 1):
        files.append(f"book{i}.xlsx")
        write_atomic(place / files[-1], book.data)
    write_atomic(place / JOB, _text(job, files))


def _load(path: Path, limit: int, what: str) -> bytes:
    data = None
    try:
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                data = file.read(limit + 1)
    except OSError as e:
        raise WireError(f"{what}读不了：{reason(e)}") from e
    except ValueError as e:  # a NUL in the folder's name
        raise WireError("任务文件夹的名称不对") from e
    if data is None:
        raise WireError(f"{what}不在任务文件夹里，请重新按一次按钮")
    if len(data) > limit:
        raise WireError(f"{what}超过 {limit // MB or 1} MB；请关闭过大的工作簿后再试")
    return data


# ---- one body ----


def read_packed(data: bytes, limit: int) -> Job:
    """The job of a body of at most ``limit`` bytes. Raises WireError for anything else."""
    if len(data) > limit:
        raise WireError(f"任务超过 {limit // MB or 1} MB")
    at = data.find(_END, 0, MAX_TEXT)
    if at < 0:
        raise WireError("这不是 xlbudget 的任务")
    rest = at + len(_END)

    def content(name: str, length: str) -> bytes:
        nonlocal rest
        if not _LENGTH.fullmatch(length):
            raise WireError(f"“{name}”的长度不对")
        book = data[rest : rest + int(length)]
        rest += int(length)
        if rest > len(data):
            raise WireError(f"“{name}”没有传完，请再试一次")
        return book

    job = _job(data[:rest], content)
    if rest != len(data):
        raise WireError("任务后面多出了内容")
    return job


def write_packed(job: Job) -> bytes:
    """The job as one body."""
    books = (job.book, *job.others)
    return b"".join([_text(job, [str(len(b.data)) for b in books]), *(b.data for b in books)])


# ---- the text of both ----


def _text(job: Job, last: Sequence[str]) -> bytes:
    lines = [
        VERSION,
        f"verb\t{escape(job.verb)}",
        f"pack\t{escape(job.settings.pack)}",
        f"source\t{escape(job.settings.source)}",
    ]
    for book, word in zip((job.book, *job.others), last, strict=True):
        lines.append(f"book\t{escape(book.name)}\t{escape(book.folder)}\t{word}")
    lines.append("end")
    return "".join(line + LINE_END for line in lines).encode("ascii")


def _job(raw: bytes, content: Content) -> Job:
    lines = _lines(raw)
    verb, pack, source = (_setting(lines, i, key) for i, key in enumerate(("verb", "pack", "source"), 1))
    if not _VERB.fullmatch(verb):
        raise WireError("任务没有写明要做什么")
    rows = [line.split("\t") for line in lines[4:-2]]
    if not 1 <= len(rows) <= MAX_BOOKS:
        raise WireError(f"任务应有 1 至 {MAX_BOOKS} 个工作簿，实有 {len(rows)} 个；请关闭多余的工作簿")
    books: list[OpenBook] = []
    for row in rows:
        if len(row) != 4 or row[0] != "book":
            raise WireError("任务里有看不懂的一行")
        name, folder, last = (unescape(word) for word in row[1:])
        if not _NAME.fullmatch(name) or not _fits(folder):
            raise WireError("任务里的工作簿名称不对")
        if name.casefold() in (b.name.casefold() for b in books):
            raise WireError(f"任务里有两个“{name}”")
        books.append(OpenBook(name, content(name, last), folder))
    return Job(verb, books[0], tuple(books[1:]), Settings(pack, source))


def _lines(raw: bytes) -> list[str]:
    try:
        lines = raw.decode("ascii").split(LINE_END)
    except UnicodeDecodeError:
        raise WireError("这不是 xlbudget 的任务") from None
    if lines[0] != VERSION:
        other = re.fullmatch(r"xlbudget \d{1,4}", lines[0])
        raise WireError("任务来自另一版本的加载项，请重新安装" if other else "这不是 xlbudget 的任务")
    if lines[-2:] != ["end", ""] or any("\n" in line or "\r" in line for line in lines):
        raise WireError("任务不完整，请重新按一次按钮")
    return lines


def _setting(lines: Sequence[str], at: int, key: str) -> str:
    words = lines[at].split("\t") if at < len(lines) else []
    if len(words) != 2 or words[0] != key:
        raise WireError(f"任务缺少“{key}”")
    value = unescape(words[1])
    if not _fits(value):
        raise WireError(f"任务的“{key}”不对")
    return value


def _fits(word: str) -> bool:
    return len(word) <= MAX_WORD and _WORD.fullmatch(word) is not None
