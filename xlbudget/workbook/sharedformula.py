"""Shared formulas: written once for a block of cells, moved along for each of them."""

from __future__ import annotations

import re

from .limits import LAST_COL, LAST_ROW
from .sheetscan import letters_number

# Texts, quoted sheet names and bracketed table columns stay as they are; so do names that only begin
# like an address (LOG10(, 指标A1). Whole columns (A:C) and rows (1:3) move as well.
_TOKEN = re.compile(
    r"""("(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\[\]]*\])"""
    r"""|(?<![\w.$\\])(?:(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.(!])"""
    r"""|(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})(?![\w.(!])"""
    r"""|(\$?)([1-9][0-9]{0,6}):(\$?)([1-9][0-9]{0,6})(?![\w.(!]))"""
)


def moved(formula: str, rows: int, cols: int) -> str:
    """``formula`` as it reads ``rows`` further down and ``cols`` further right; outside the sheet: #REF!."""

    def shift(found: re.Match[str]) -> str:
        if found.group(1) is not None:
            return found.group(1)
        if found.group(3) is not None:
            col = _col(found.group(2), found.group(3), cols)
            row = _row(found.group(4), found.group(5), rows)
            return f"{col}{row}" if col and row else "#REF!"
        if found.group(7) is not None:
            first = _col(found.group(6), found.group(7), cols)
            last = _col(found.group(8), found.group(9), cols)
        else:
            first = _row(found.group(10), found.group(11), rows)
            last = _row(found.group(12), found.group(13), rows)
        return f"{first}:{last}" if first and last else "#REF!"

    return _TOKEN.sub(shift, formula)


def _col(fixed: str, letters: str, by: int) -> str:
    if fixed:
        return fixed + letters
    number = letters_number(letters.upper()) + by
    out = ""
    if 1 <= number <= LAST_COL:
        while number:
            number, rest = divmod(number - 1, 26)
            out = chr(65 + rest) + out
    return out


def _row(fixed: str, digits: str, by: int) -> str:
    if fixed:
        return fixed + digits
    number = int(digits) + by
    return str(number) if 1 <= number <= LAST_ROW else ""
