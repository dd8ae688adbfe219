"""From the text of one cell of a ledger to a code, an amount in 分, a year or a word.

Nothing here passes through a binary float: amounts are whole numbers of 分.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlbudget.figures import parse_figure
from xlbudget.figures.text import fold
from xlbudget.figures.units import is_money

from .entries import BadValue
from .ledger_words import bare, listed, words

GENERAL, FUND, STATE = "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"
FISCAL = (GENERAL, FUND, STATE)
VAGUE = "非财政拨款"
"""A source that says only what it is not: enough for what was spent or carried over, not for income."""

_FEN = {"元": 100, "千元": 100_000, "万元": 1_000_000, "百万元": 100_000_000, "亿元": 10_000_000_000}
_YEARS = range(1950, 2100)
_LARGEST = 10**15  # 分; no unit of government handles more, and a slipped column is told
_CODE = re.compile(
    r"[\[(]? ?(\d{3})[ .\-]?(\d{2})?[ .\-]?(\d{2})?(?:\.0+)? ?[\])]? ?"  # in brackets, or with gaps
    r"(?:$|[-_:.、]? ?(\D.*)$)"  # and perhaps its name
)
_TOTALS = frozenset({"合计", "小计", "总计", "累计", "本页合计", "本年合计"})


def code_of(text: str, first: str) -> tuple[str, str]:
    """A subject's code as digits, and the name that stands behind it in the same cell ("" for none).

    ``first`` is 2 for subjects by function (类, 款, 项) and 3 for economic ones (类, 款). Raises BadValue.
    """
    plain = fold(text)
    if bare(plain) in _TOTALS:
        raise BadValue(f"“{text}”是合计行，请删去，表上的合计会自己算")
    found = _CODE.fullmatch(plain)
    code = "".join(p or "" for p in found.groups()[:3]) if found else ""
    levels = (3, 5, 7) if first == "2" else (3, 5)
    if found and code.startswith(first) and len(code) in levels:
        return code, (found[4] or "").strip()
    if first == "3" and code[:1] == "5":
        raise BadValue(f"“{text}”是政府预算支出经济分类，这里要部门预算支出经济分类（3 开头）")
    if first == "2" and code[:1] == "3":
        raise BadValue(f"“{text}”是经济分类，不是功能分类（功能分类以 2 开头）")
    if first == "3" and code[:1] == "2":
        raise BadValue(f"“{text}”是功能分类，不是经济分类（经济分类以 3 开头）")
    digits = "3、5 或 7 位数字" if first == "2" else "3 或 5 位数字"
    raise BadValue(f"“{_short(text)}”不是科目编码（应为 {first} 开头的 {digits}）")


def fen_of(text: str, unit: str = "元") -> int:
    """An amount in 分. ``unit`` is that of the column; a unit in the cell goes before it. Raises BadValue."""
    figure = parse_figure(text)
    if figure is None or figure.percent or (figure.unit and not is_money(figure.unit)):
        raise BadValue(f"“{_short(text)}”不是金额")
    fen = figure.value * _FEN[figure.unit or unit]
    if fen.denominator != 1:
        raise BadValue(f"“{_short(text)}”不到分；金额最多精确到分（0.01 元）")
    if abs(fen) > _LARGEST:
        raise BadValue(f"“{_short(text)}”超出了一个单位可能的金额，请核对")
    return int(fen)


def year_of(text: str) -> int:
    """A year: 2023, 2023年, 2023年度. Raises BadValue."""
    figure = parse_figure(fold(text).removesuffix("度").removesuffix("年"))
    if figure is None or figure.unit or figure.percent or figure.value not in _YEARS:
        raise BadValue(f"“{_short(text)}”不是四位年份")
    return int(figure.value)


def word_of(text: str, kind: str) -> str:
    """The proper word of a kind (资金来源, 支出性质, …). Raises BadValue with the words there are."""
    found = words(kind).get(bare(text))
    if found is None:
        if kind == "资金来源" and bare(text) in ("财政拨款", "财政拨款收入", "财政资金", "财政拨款资金"):
            raise BadValue(f"“{text}”没有说明是哪一种财政拨款；请写 {'、'.join(FISCAL)}")
        raise BadValue(f"“{_short(text)}”不认得；应为 {listed(kind)}")
    return found


def income_word(text: str) -> str:
    """The kind of an income. Raises BadValue where the word leaves open which."""
    found = word_of(text, "资金来源")
    if found == VAGUE:
        raise BadValue(f"“{text}”没有说明是哪一种收入；请写事业收入、经营收入、其他收入等")
    return found


@lru_cache(maxsize=4096)
def yuan(fen: int) -> str:
    """An amount in 元 with two decimals, for a sentence."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
