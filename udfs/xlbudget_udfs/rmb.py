"""Amounts in capital Chinese characters, as cheques and vouchers want them.

Source: 《支付结算办法》附一“正确填写票据和结算凭证的基本规定”. Where it allows two spellings, the one that
it prints first is taken: 整 behind 元 only (壹仟肆佰零玖元伍角), 零 for an empty 元 before 角
(壹仟陆佰捌拾元零叁角贰分), no 零 for an empty 万 before 仟 (壹拾万柒仟元).
"""

from __future__ import annotations

from fractions import Fraction

from xlbudget.figures import round_half_up

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
_BOUND = 10**16  # 一万万亿: from here on there is no common word


def capitals(amount: Fraction) -> str:
    """The amount (元) in capitals, rounded half up to 分; a negative one with 负 before it.

    Raises OverflowError (Chinese message) from 一万万亿元 on.
    """
    cents = int(round_half_up(abs(amount), 2) * 100)
    yuan, rest = divmod(cents, 100)
    if yuan >= _BOUND:
        raise OverflowError("金额太大，只能写到万亿")
    if not cents:
        return "零元整"
    text = f"{_whole(yuan)}元" if yuan else ""
    return ("负" if amount < 0 else "") + text + (_fen(rest, yuan) if rest else "整")


def _fen(rest: int, yuan: int) -> str:
    """What stands behind 元: 角 and 分, with 零 where a place before them is empty."""
    jiao, fen = divmod(rest, 10)
    gap = yuan and (not jiao or yuan % 10 == 0)
    text = "零" if gap else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    return text + (_DIGITS[fen] + "分" if fen else "")


def _whole(n: int) -> str:
    """A whole number above zero: …亿…万…, with 零 where the group behind begins with an empty place."""
    if n < 10**4:
        return _group(n)
    unit, word = (10**8, "亿") if n >= 10**8 else (10**4, "万")
    high, low = divmod(n, unit)
    text = _whole(high) + word
    if low:
        text += ("零" if low < unit // 10 else "") + _whole(low)
    return text


def _group(n: int) -> str:
    """A number below 10000: no 零 at its ends, one for each gap inside."""
    text, gap = "", False
    for value, word in _PLACES:
        digit = n // value % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + word
        gap = not digit
    return text
