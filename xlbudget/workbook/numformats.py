"""Number formats of cells: which format code stands behind a style index."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from .xmltext import local, tree

GENERAL: Final = "General"

# Formats with a number below 164 are not written down in files; these are the ones of the standard
# (ECMA-376 part 1, 18.8.30), with those that Chinese versions add from 27 on.
BUILT_IN: Final[dict[int, str]] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;[Red]"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
}


_SMALL = 1 << 16  # bytes of a styles part that is remembered


def number_formats(part: bytes, name: str) -> list[str]:
    """Format codes by style index, from styles.xml; shared, so the list must not be changed."""
    return _remembered(part, name) if len(part) <= _SMALL else _formats(part, name)


@lru_cache(maxsize=16)
def _remembered(part: bytes, name: str) -> list[str]:
    """All workbooks made from one pack carry the same styles, byte for byte."""
    return _formats(part, name)


def _formats(part: bytes, name: str) -> list[str]:
    codes = dict(BUILT_IN)
    formats: list[str] = []
    root = tree(part, name)
    for section in root:
        kind = local(section.tag)
        if kind == "numFmts":
            for element in section:
                codes[_id(element.get("numFmtId"))] = element.get("formatCode", GENERAL)
        elif kind == "cellXfs":
            for element in section:
                if local(element.tag) != "xf":  # alternatives for several versions: the first will do
                    element = next((e for e in element.iter() if local(e.tag) == "xf"), element)
                formats.append(codes.get(_id(element.get("numFmtId")), GENERAL))
    return formats


def _id(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
