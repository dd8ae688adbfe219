"""What a number looks like to a person: percent signs, dates and unit words of its number format."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from xlbudget.figures import shown
from xlbudget.figures.exact import own_decimals

_EXCEL_DIGITS = Context(prec=15)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PERCENT = re.compile(r"[0#?](?:\.([0#?]+))?[^0#?.]*%")
_UNIT_WORD = re.compile(r'^[#,0?.]*[0#?]"([^"\d]{1,6})"$')
_NOT_DATE = {"general", "@", ""}


def number(lexical: str) -> Decimal | None:
    """A stored number with the 15 significant digits that Excel computes with; None when it is none."""
    try:
        value = Decimal(lexical.strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 310:
        return None
    return _EXCEL_DIGITS.plus(value)


@lru_cache(maxsize=512)
def percent_decimals(code: str) -> int | None:
    """Decimals before the percent sign of a format: 0.00% → 2; None when it shows no percentage."""
    m = _PERCENT.search(_LITERAL.sub("", code.split(";")[0]))
    return None if m is None else len(m[1] or "")


@lru_cache(maxsize=512)
def is_date(code: str) -> bool:
    """Whether a format shows days, months or years (not mere times of day)."""
    if code.lower() in _NOT_DATE:
        return False
    plain = _LITERAL.sub("", code.split(";")[0]).lower()
    return "y" in plain or "d" in plain or "e" in plain.replace("e+", "").replace("e-", "")


@lru_cache(maxsize=512)
def unit_word(code: str) -> str:
    """The unit that a format writes behind the number: ``0"项"`` → 项."""
    m = _UNIT_WORD.match(code.split(";")[0])
    return m[1] if m else ""


def day(serial: Decimal, date1904: bool) -> date | None:
    """The day that a serial number stands for; None outside the calendar of Excel."""
    days = int(serial) + (1462 if date1904 else 0)
    if not 1 <= days <= 2_958_465:
        return None
    return date(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)


def date_text(when: date, code: str) -> str:
    """2023年12月20日, or 2023年12月 where the format shows no day."""
    plain = _LITERAL.sub("", code.split(";")[0]).lower()
    text = f"{when.year}年{when.month}月"
    return text + f"{when.day}日" if "d" in plain or "m" not in plain else text


@lru_cache(maxsize=4096)
def number_text(lexical: str, code: str, computed: bool, date1904: bool) -> str:
    """A number cell as a person reads it.

    What was typed keeps all its digits (0.955 in a 0% format is 95.5%); a computed percentage shows those
    of its format.
    """
    value = number(lexical)
    if value is None:
        return lexical
    if is_date(code):
        when = day(value, date1904)
        if when is not None:
            return date_text(when, code)
    exact = Fraction(value)
    places = percent_decimals(code)
    if places is not None:
        decimals = places + 2 if computed else max(2, own_decimals(exact))
        return shown(exact, decimals, percent=True)
    return shown(exact, own_decimals(exact)) + unit_word(code)
