"""Cutting the text of a formula into tokens.

Full-width brackets, commas and signs outside of texts count as their half-width forms, as Excel itself
accepts them from a Chinese input method. A name starts with a letter or a Chinese character and goes on
with letters, digits and underlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from .errors import FormulaError

MAX_LENGTH = 8192  # characters of one formula, Excel's own limit
MAX_TEXT = 255  # characters of a text literal inside a formula, Excel's own limit
MAX_DIGITS = 15  # significant digits of a number literal, Excel's own limit

_SIGNS = ("<>", "<=", ">=", "<", ">", "=", "+", "-", "*", "/", "^", "&", "%", "(", ")", ",", "[", "]")
_WIDE = str.maketrans("（），＝＜＞＋－＊／＾＆％［］", "(),=<>+-*/^&%[]")
_HINTS = {
    "“": "文本请用英文双引号括起",
    "”": "文本请用英文双引号括起",
    "'": "文本请用英文双引号括起；工作表名不能写在公式里",
    "{": "不支持数组常量",
    ":": "不支持单元格区域，整列请写成“行集[列名]”",
    "!": "工作表名不能写在公式里",
    ";": "参数之间请用逗号",
    "；": "参数之间请用逗号",
    "≥": "大于等于请写成 >=",
    "≤": "小于等于请写成 <=",
    "≠": "不等于请写成 <>",
}


class Kind(Enum):
    NUMBER = auto()
    TEXT = auto()
    WORD = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str  # a sign, a name, or the content of a text literal
    at: int  # 1-based
    number: Fraction = Fraction(0)


def tokens(source: str) -> list[Token]:
    """All tokens of ``source``, closed by one of kind END. Raises FormulaError."""
    if len(source) > MAX_LENGTH:
        raise FormulaError(f"公式超过{MAX_LENGTH}个字符")
    out: list[Token] = []
    i = 0
    while i < len(source):
        if source[i].isspace():
            i += 1
            continue
        token, i = _next(source, i)
        out.append(token)
    out.append(Token(Kind.END, "", len(source) + 1))
    return out


def _next(source: str, i: int) -> tuple[Token, int]:
    ch = source[i]
    if ch == '"':
        return _text(source, i)
    if _digit(ch) or (ch == "." and _digit(source[i + 1 : i + 2])):
        return _number(source, i)
    if _letter(ch):
        end = i + 1
        while end < len(source) and (_letter(source[end]) or source[end].isdecimal()):
            end += 1
        return Token(Kind.WORD, source[i:end], i + 1), end
    ahead = source[i : i + 2].translate(_WIDE)
    for sign in _SIGNS:
        if ahead.startswith(sign):
            return Token(Kind.SIGN, sign, i + 1), i + len(sign)
    hint = _HINTS.get(ch)
    raise FormulaError(f"不认识的字符“{ch}”" + (f"，{hint}" if hint else ""), i + 1)


def _text(source: str, start: int) -> tuple[Token, int]:
    """A text literal; a doubled quote inside stands for one."""
    i = start + 1
    parts: list[str] = []
    while True:
        end = source.find('"', i)
        if end < 0:
            raise FormulaError("文本缺少右引号", start + 1)
        parts.append(source[i:end])
        if source[end + 1 : end + 2] != '"':
            break
        parts.append('"')
        i = end + 2
    value = "".join(parts)
    if len(value) > MAX_TEXT:
        raise FormulaError(f"文本超过{MAX_TEXT}个字符", start + 1)
    return Token(Kind.TEXT, value, start + 1), end + 1


def _number(source: str, start: int) -> tuple[Token, int]:
    """A number: digits, at most one point, perhaps an exponent (1.5E-3)."""
    i = _digits(source, start)
    if source[i : i + 1] == ".":
        i = _digits(source, i + 1)
    mantissa = source[start:i]
    exponent = 0
    if source[i : i + 1] in ("e", "E"):
        first = i + 1 + (source[i + 1 : i + 2] in ("+", "-"))
        end = _digits(source, first)
        if first < end <= first + 3:
            exponent, i = int(source[i + 1 : end]), end
    if i < len(source) and (_letter(source[i]) or source[i] == "."):
        raise FormulaError("数字写错，或名称以数字开头", start + 1)
    whole, _, part = mantissa.partition(".")
    if len((whole + part).strip("0")) > MAX_DIGITS:
        raise FormulaError(f"数字超过{MAX_DIGITS}位有效数字", start + 1)
    if abs(exponent) > 300:
        raise FormulaError("数字过大或过小", start + 1)
    value = Fraction(int(whole + part or "0")) * Fraction(10) ** (exponent - len(part))
    return Token(Kind.NUMBER, source[start:i], start + 1, value), i


def _digits(source: str, i: int) -> int:
    """The position after the run of digits that starts at ``i``."""
    while _digit(source[i : i + 1]):
        i += 1
    return i


def _digit(ch: str) -> bool:
    return "0" <= ch <= "9"


def _letter(ch: str) -> bool:
    return ch == "_" or ch.isalpha()
