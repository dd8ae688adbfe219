"""XB_RMB: the rules of 票据, a table of known amounts, and reading back whatever was written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget_udfs import call
from xlbudget_udfs.rmb import capitals

# The first five are the examples of 《支付结算办法》附一, in the spelling that it prints first.
KNOWN = {
    "1409.50": "壹仟肆佰零玖元伍角",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "0": "零元整",
    "0.05": "伍分",
    "0.5": "伍角",
    "10": "壹拾元整",
    "10.5": "壹拾元零伍角",
    "15": "壹拾伍元整",
    "101": "壹佰零壹元整",
    "1001": "壹仟零壹元整",
    "10001": "壹万零壹元整",
    "100000.05": "壹拾万元零伍分",
    "10001000": "壹仟万壹仟元整",
    "10010001": "壹仟零壹万零壹元整",
    "20000005.60": "贰仟万零伍元陆角",
    "100000000": "壹亿元整",
    "100010000": "壹亿零壹万元整",
    "12345678901.23": "壹佰贰拾叁亿肆仟伍佰陆拾柒万捌仟玖佰零壹元贰角叁分",
    "1000000000000": "壹万亿元整",
    "1000100000000": "壹万零壹亿元整",
    "1000000010000": "壹万亿零壹万元整",
    "-3.2": "负叁元贰角",
}


@pytest.mark.parametrize(("amount", "written"), KNOWN.items())
def test_known_amounts(amount: str, written: str) -> None:
    assert capitals(Fraction(amount)) == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (1.005, "壹元零壹分"),  # half up, although the double lies below
        (1.0049, "壹元整"),
        (0.1 + 0.2, "叁角"),
        (-0.001, "零元整"),
        (-0.005, "负壹分"),
        ("1,409.50", "壹仟肆佰零玖元伍角"),
        (None, ""),
        ("", ""),
        ("一百", "金额“一百”不是数"),
        ("5万元", "金额“5万元”带有单位，请只填数"),
        (1e16, "金额太大，只能写到万亿"),
        (True, "金额应为数，不能是TRUE"),
    ],
)
def test_from_a_cell(amount: float | str | None, written: str) -> None:
    assert call("XB_RMB", [amount]) == written


def test_a_column() -> None:
    assert call("XB_RMB", [[[1.0], [None], [0.2]]]) == [["壹元整"], [""], ["贰角"]]


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_what_is_written_reads_back(cents: int) -> None:
    written = capitals(Fraction(cents, 100))
    assert read(written) == cents
    assert "零零" not in written
    assert written.endswith(("整", "角", "分"))


@given(st.fractions(min_value=-1000, max_value=1000))
def test_more_decimals_are_rounded_half_up(amount: Fraction) -> None:
    assert read(capitals(amount)) == (1 if amount > 0 else -1) * int(abs(amount) * 100 + Fraction(1, 2))


_DIGITS = {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read(text: str) -> int:
    """The amount in 分 that capital characters say: another algorithm than the one that writes them."""
    negative = text.startswith("负")
    yuan, mark, rest = text.removeprefix("负").removesuffix("整").rpartition("元")
    cents = _whole(yuan) * 100 if mark else 0
    digit = 0
    for char in rest:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            cents += digit * (10 if char == "角" else 1)
    return -cents if negative else cents


def _whole(text: str) -> int:
    for unit, value in (("亿", 10**8), ("万", 10**4)):
        if unit in text:
            high, _, low = text.rpartition(unit)
            return _whole(high) * value + _whole(low)
    total = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            total, digit = total + digit * _PLACES[char], 0
    return total + digit
