"""What Excel makes of a text that is typed into a cell: a number, a date, a formula, or the text itself."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

EPOCH = dt.datetime(1899, 12, 30)
CURRENCY = re.compile(r"[¥￥$€£]|\[\$")
_DATE_FORMAT = re.compile(r"[ymdhs]|上午", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_NUMBER = re.compile(r"([+-]?)([¥￥$]?)\s*(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?(?:[eE]([+-]?\d+))?\s*(%?)")
_YMD = re.compile(r"(\d{4})[-/年.](\d{1,2})(?:[-/月.](\d{1,2})日?|月)?")
_SHORT_DATE = re.compile(r"(\d{1,2})[-/](\d{1,2})|(\d{1,2})月(\d{1,2})日")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
ERRORS = {
    "#NULL!": -2146826288, "#DIV/0!": -2146826281, "#VALUE!": -2146826273, "#REF!": -2146826265,
    "#NAME?": -2146826259, "#NUM!": -2146826252, "#N/A": -2146826246,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the cell afterwards; ``format`` is the number format that the cell takes on."""

    value: float | str | bool | None
    formula: str = ""
    format: str = ""


def is_date(number_format: str) -> bool:
    plain = _QUOTED.sub("", number_format)
    return plain != "General" and _DATE_FORMAT.search(plain) is not None


def typed(text: str, number_format: str) -> Typed:
    """What becomes of ``text`` in a cell of this format."""
    if text.startswith("'"):
        return Typed(text[1:])
    if number_format == "@" or text == "":
        return Typed(text or None)
    if text.startswith("=") and len(text) > 1:
        return Typed(None, text[1:])
    if text.upper() in ("TRUE", "FALSE"):
        return Typed(text.upper() == "TRUE")
    if text.upper() in ERRORS:
        return Typed(text.upper())
    general = number_format == "General"
    found = _number(text.strip())
    if found is None:
        found = _moment(text.strip())
    if found is not None:
        return found if general else Typed(found.value)
    if text[0] in "+-@" and len(text) > 1:
        return Typed(None, text)  # Excel takes it for a formula
    return Typed(text)


def _number(text: str) -> Typed | None:
    if text.startswith("(") and text.endswith(")") and text[1:2].isdigit():
        inner = _number(text[1:-1])
        return Typed(-inner.value, "", inner.format) if inner and isinstance(inner.value, float) else None
    m = _NUMBER.fullmatch(text)
    if m is None or not (m[3] or (m[4] and len(m[4]) > 1)):
        return None
    digits = f"{m[1]}{(m[3] or '0').replace(',', '')}{m[4] or ''}"
    number = Decimal(digits.rstrip(".")) * Decimal(10) ** int(m[5] or 0)
    if m[6]:
        return Typed(float(number / 100), "", "0.00%" if m[4] else "0%")
    if m[2]:
        return Typed(float(number), "", '"¥"#,##0.00')
    return Typed(float(number), "", "0.00E+00" if m[5] else "")


def _moment(text: str) -> Typed | None:
    try:
        if m := _YMD.fullmatch(text):
            return Typed(serial(dt.datetime(int(m[1]), int(m[2]), int(m[3] or 1))), "", "yyyy/m/d")
        if m := _SHORT_DATE.fullmatch(text):
            year = 2024  # Excel takes the current one
            month, day = int(m[1] or m[3]), int(m[2] or m[4])
            return Typed(serial(dt.datetime(year, month, day)), "", 'm"月"d"日"')
        if m := _TIME.fullmatch(text):
            seconds = int(m[1]) * 3600 + int(m[2]) * 60 + int(m[3] or 0)
            return Typed(seconds / 86400, "", "h:mm")
    except ValueError:
        return None
    return None


def serial(moment: dt.datetime) -> float:
    """Days since the epoch, as Excel counts."""
    return (moment - EPOCH) / dt.timedelta(days=1)
