"""Jobs for the tests of the buttons, and workbooks cut out of the samples."""

from __future__ import annotations

from xlbudget.excel.buttons import press
from xlbudget.excel.messages import Job, OpenBook, Reply, Settings
from xlbudget.excel.wire import read_reply, write_reply
from xlbudget.workbook.mark.skeleton import Book
from xlbudget.workbook.mark.splice import Draft
from xlbudget.workbook.ops import Do, Op
from xlbudget.workbook.package import Package

ONE, TWO, THREE, TOTAL = "附件2-1", "附件2-2", "附件2-3", "汇总"


def pressed(
    verb: str,
    front: bytes,
    *others: tuple[str, bytes],
    name: str = "表.xlsx",
    source: str = "",
    pack: str = "",
) -> Reply:
    """The reply of a button, as it comes over the wire."""
    books = tuple(OpenBook(n, data) for n, data in others)
    reply = press(Job(verb, OpenBook(name, front), books, Settings(pack, source)))
    again = read_reply(write_reply(reply))
    assert again == reply
    return reply


def without(data: bytes, *sheets: str) -> bytes:
    """The workbook without some sheets; formulas over them keep their stored results."""
    package = Package.open(data)
    draft = Draft(package)
    book = Book(draft)
    gone = [s for s in book.sheets if s.name in sheets]
    assert len(gone) == len(sheets)
    book.drop(gone, [])
    draft.carry_out()
    return package.save()


def kinds(ops: list[Op], sheet: str = "") -> set[Do]:
    return {op.do for op in ops if not sheet or op.sheet == sheet}


def said(ops: list[Op], do: Do) -> dict[str, tuple[str, ...]]:
    """Sheet!cell → the arguments of one kind of step."""
    return {f"{op.sheet}!{op.ref}": op.args for op in ops if op.do is do}


def listed(ops: list[Op], sheet: str = "审核结果") -> list[tuple[str, ...]]:
    """The rows of texts that a new sheet of ours gets."""
    return [op.args for op in ops if op.do is Do.ROW and op.sheet == sheet]
