"""Workbooks for the carriers: the samples, random forms of every pack, and accountants' own additions."""

from __future__ import annotations

from functools import lru_cache

from tests.e2e.random_forms import Maker
from tests.workbook.filling import indicators, money, project
from tests.workbook.refilling import changed, edit, sample
from xlbudget.packs import load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.record import Record
from xlbudget.workbook.fill import fill, placed

from .memory import Book

ONE, TWO, TOTAL = "附件2-1", "附件2-2", "汇总"
PACKS = ("S3-CN", "S3-HN", "S3-HB", "S3-SC")


def seed_b() -> bytes:
    """Three projects of a real unit; findings of every severity."""
    return sample("seed-b")


def broken_twin() -> bytes:
    """The twin without error, with wrong cells: a weight, formulas typed over, a formula deleted."""
    return changed(
        sample(),
        edit(ONE, "G13", 25),
        edit(ONE, "H22", 95),
        edit(TWO, "I6", None),
        edit(TWO, "E7", 1),
    )


@lru_cache(maxsize=8)
def random_form(pack_id: str, seed: int = 3, forms: int = 2) -> bytes:
    """A unit's forms with errors sown in, of any pack."""
    pack = load_pack(pack_id)
    return _filled(pack_id, Maker(pack, seed).record(forms))


@lru_cache(maxsize=4)
def long_form(rows: int) -> bytes:
    """One project with many indicators, without wrong ones among them."""
    one = project("免费开放", "60", "51.79")
    several = indicators("60", "51.79")
    first = several[0]
    more = [{**first, "三级指标": type(first["三级指标"])(f"指标{n}")} for n in range(rows)]
    for row in more:
        row["分值"], row["得分"] = money("0"), money("0")
    one.rows["指标"] = [several[0], *more, *several[1:]]
    return _filled("S3-CN", Record("S3-CN", "某市图书馆", 2023, [one]))


def annotated() -> bytes:
    """Seed B with notes of the accountant's where ours will come, and a protected sheet."""
    book = Book(seed_b())
    first, second = book.sheets()[:2]
    first.set_note(20, 6, "按批复数填")  # F20, which carries an error
    first.set_note(1, 1, "王会计：\n表已交")
    second.guard.on = second.guard.objects = True
    second.guard.allowed["AllowFormattingColumns"] = True
    return book.data()


def _filled(pack_id: str, record: Record) -> bytes:
    pack = load_pack(pack_id)
    whole = placed(pack, record)
    return fill(pack, whole, derive(pack_program(pack), whole))


BOOKS = {
    "seed b": seed_b,
    "broken twin": broken_twin,
    **{f"random {pack}": lambda pack=pack: random_form(pack) for pack in PACKS},
    "notes and protection": annotated,
}
