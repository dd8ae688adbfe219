"""What the service's processes do with a request: bytes in, bytes out."""

from __future__ import annotations

from dataclasses import replace

from xlbudget.excel import entry
from xlbudget.excel.jobfile import read_packed
from xlbudget.excel.messages import Job, Reply, Settings
from xlbudget.excel.wire import WireError, write_reply
from xlbudget.packs import available_packs

RUN, CALL = "run", "call"


def warm_up() -> None:
    """Load all that a first request would wait for."""
    from xlbudget.excel import buttons  # noqa: F401
    from xlbudget.packs import load_pack
    from xlbudget.packs.program import pack_program

    for pack_id in available_packs():
        pack_program(load_pack(pack_id))


def task(kind: str, name: str, body: bytes) -> bytes:
    """The answer to one request. Raises WireError when ``body`` is not what it should be."""
    if kind == RUN:
        return write_reply(_run(read_packed(body, len(body)))).encode("ascii")
    if kind == CALL:
        try:
            return entry.call(name, body.decode("ascii")).encode("ascii")
        except UnicodeDecodeError:
            raise WireError("函数的参数不是 xlbudget 的格式") from None
    raise ValueError(kind)


def _run(job: Job) -> Reply:
    packs = available_packs()
    if job.settings.pack and job.settings.pack not in packs:
        known = "、".join(packs)
        sentence = f"服务没有规则包“{job.settings.pack[:60]}”，请在“设置”里改正；可用的规则包：{known}。"
        return Reply(sentence, ok=False)
    return entry.press(harmless(job))


def harmless(job: Job) -> Job:
    """The job without anything that names a place: the service opens no file or database for a stranger."""
    book, *others = (replace(b, folder="") for b in (job.book, *job.others))
    return replace(job, book=book, others=tuple(others), settings=Settings(pack=job.settings.pack))
