"""Jobs for the tests of what carries them: a form with mistakes in it, and a file that is none."""

from __future__ import annotations

from functools import cache

from tests.workbook.filling import entry, filled, unit
from xlbudget.excel.messages import Job, OpenBook, Settings
from xlbudget.packs import load_pack

NAME = "某市图书馆（终稿）.xlsx"


@cache
def broken_form() -> bytes:
    """自评表 of three projects; in the first, an indicator's weight is wrong and a score too high."""
    record = unit()
    rows = record.forms[0].rows["指标"]
    rows[0]["分值"] = entry(12)
    rows[1]["得分"] = entry(99)
    return filled(load_pack("S3-CN"), record)


def broken_job(verb: str = "validate", source: str = "") -> Job:
    return Job(verb, OpenBook(NAME, broken_form(), "C:\\表"), settings=Settings("", source))


def hopeless_job() -> Job:
    return Job("validate", OpenBook("照片.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100)))
