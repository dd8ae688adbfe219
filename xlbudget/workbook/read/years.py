"""The year of a form: in a number cell, in （2023年度）, in a title, or in Chinese digits."""

from __future__ import annotations

import re
import unicodedata

from xlbudget.workbook.book import RawCell

from . import formats

FIRST, LAST = 1990, 2100  # years a disclosure can be about
_ALONE = re.compile(r"\(?((?:19|20)\d\d)\)?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_HAN_YEAR = re.compile(r"([一二][〇零○oO一二三四五六七八九]{3})年")
_HAN = {**{c: str(i) for i, c in enumerate("〇一二三四五六七八九")}, **dict.fromkeys("零○oO", "0")}
_OPEN = re.compile(r"年度?")
_ATTEMPT = re.compile(r"\d{3,}")


def year_in(cell: RawCell, date1904: bool = False) -> int | None:
    """The year that a cell carries, None when there is none."""
    if cell.kind == "number":
        value = formats.number(str(cell.value))
        if value is None:
            return None
        if formats.is_date(cell.number_format):
            when = formats.day(value, date1904)
            return when.year if when and FIRST <= when.year <= LAST else None
        return int(value) if value == int(value) and FIRST <= value <= LAST else None
    return year_of_text(cell.value) if isinstance(cell.value, str) else None


def year_of_text(text: str) -> int | None:
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    m = _ALONE.fullmatch(plain) or _YEAR.search(plain)
    if m:
        return int(m[1])
    if han := _HAN_YEAR.search(plain):
        return int("".join(_HAN[c] for c in han[1]))
    return None


def expects_year(cell: RawCell) -> bool:
    """Whether a cell has the place for a year that nobody filled in: （20  年度）."""
    return cell.kind == "text" and isinstance(cell.value, str) and bool(_OPEN.search(cell.value))


def wrong_year(text: str) -> bool:
    """Whether something was filled in that is no year of ours; （20XX年度） is a blank to fill in."""
    return bool(_ATTEMPT.search(unicodedata.normalize("NFKC", text)))
