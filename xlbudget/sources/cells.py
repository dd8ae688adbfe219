"""Typed values of sheets and databases as the text an accountant would have typed.

All routes meet in text, so that the same data give the same record wherever they come from.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_ZEROS = re.compile("0{2,}")
_EPOCH = dt.datetime(1899, 12, 30)
_EPOCH_1904 = dt.datetime(1904, 1, 1)


def plain(number: Decimal) -> str:
    """Digits without exponent and without superfluous zeros: 10.00 → 10, 6.234E1 → 62.34."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def of_float(number: float) -> Decimal:
    """The decimal that a binary number stands for, with the 15 significant digits that Excel shows."""
    return Decimal(f"{number:.15g}")


def value_text(value: object) -> str | None:
    """The text of a database value; None for NULL. Raises TypeError for values that are no cell content."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        value = of_float(value)
    if isinstance(value, Decimal):
        return plain(value) if value.is_finite() else str(value)
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def number_text(lexical: str, number_format: str, date1904: bool = False) -> str:
    """The text of a sheet's number: percentages with %, dates as 2023-12-20, codes with leading zeros."""
    number = of_float(float(lexical))
    bare = _QUOTED.sub("", number_format.split(";")[0]).lower()
    if "%" in bare:
        return f"{plain(number * 100)}%"
    if bare not in ("", "general", "@") and re.search("[ymdhs]", bare):
        return _serial(float(number), date1904) or plain(number)
    if _ZEROS.fullmatch(bare) and number == number.to_integral_value() and number >= 0:
        return plain(number).zfill(len(bare))
    return plain(number)


def _serial(number: float, date1904: bool) -> str | None:
    epoch = _EPOCH_1904 if date1904 else _EPOCH
    try:
        moment = epoch + dt.timedelta(seconds=round(number * 86400))
    except OverflowError:
        return None
    return _moment(moment) if moment.year >= 1900 else None


def _moment(moment: dt.datetime) -> str:
    if moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.replace(microsecond=0, tzinfo=None).isoformat(" ")
