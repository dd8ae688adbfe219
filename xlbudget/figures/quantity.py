"""Reading target and actual values: ≥90%, 6项, 不超过62.34万元, 1,200人次 – a relation, a number, a label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .exact import Number
from .figure import Figure
from .parse import NUMBER, build, parse_figure
from .text import LONGEST, fold
from .units import is_money


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a value cell says.

    ``relation`` is "≥", "≤", "=", ">", "<" or "" (none stated). ``figure`` is None unless the text states
    exactly one number that can stand for it: not for ranges, dates, several numbers, rough numbers (约,
    左右, 余) or other prose; a sign at the start of such a text is still kept (≥良好). ``label`` is what
    is counted (项, 人次, %, 万元), "" when figure is None.
    """

    relation: str = ""
    figure: Figure | None = None
    label: str = ""


_GE, _LE, _GT, _LT, _EQ = "≥", "≤", ">", "<", "="
_SIGNS = {
    **dict.fromkeys(("≥", "≧", "⩾", "≥=", ">=", "=>"), _GE),
    **dict.fromkeys(("≤", "≦", "⩽", "≤=", "<=", "=<"), _LE),
    _GT: _GT,
    _LT: _LT,
    _EQ: _EQ,
}
_WORDS = {
    **dict.fromkeys(("不低于", "不少于", "不小于", "大于等于", "大于或等于", "至少", "达到", "达"), _GE),
    **dict.fromkeys(("不超过", "不高于", "不多于", "不大于", "小于等于", "小于或等于", "至多", "最多"), _LE),
    **dict.fromkeys(("大于", "超过", "高于", "多于"), _GT),
    **dict.fromkeys(("小于", "低于", "少于"), _LT),
    **dict.fromkeys(("等于",), _EQ),
}
_ENDINGS = {"以上": _GE, "以下": _LE, "以内": _LE, "之内": _LE, "内": _LE}
_STRICT = {_GE: _GT, _LE: _LT}  # 以上(不含)

_FILLERS = "已完成|实际完成|完成|共计|合计|共|计|为|控制在"
_SIGN = "|".join(sorted(_SIGNS, key=len, reverse=True))
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_SUBJECT = r"[^0-9,;。、<>=≥≤≧≦⩾⩽]{0,20}"  # 满意度≥90%: words before a sign do no harm
_LEAD = re.compile(rf"(?:(?P<subject>{_SUBJECT}?)(?P<sign>{_SIGN})|(?:{_FILLERS})?(?P<word>{_WORD})?) ?")
_START = re.compile(_SIGN)

_OPEN = r"\(不含\)"
_WITH = r"\(含\)|及|含"
_TAIL = re.compile(
    rf" ?(?P<scale>[万亿](?!元))? ?(?P<label>[^0-9,;:。、~—–<>=≥≤≧≦-]{{0,12}}?|k?m[23]) ?"
    rf"(?:(?:(?P<open>{_OPEN})|{_WITH})?(?P<ending>以上|以下|以内|之内|(?<=[日天周月年时钟])内)"
    rf"(?:(?P<open2>{_OPEN})|\(含\))?)?"
)
_NUMBER = re.compile(rf"(?P<before>[^0-9.]*?)(?P<minus>[-+])?(?:人民币|¥)?(?P<number>{NUMBER})(?P<after>.*)")
_SCALES = {"万": 4, "亿": 8}
_ROUGH = re.compile("^[余多来几约近至到]|(?:左右|上下|余|多)$|个多|[(]约|[不未没或]")
_MONEY = re.compile("(?:百万|千|万|亿)元")
_MOMENT = re.compile("月|号|[年日天].*[前后底初末]")  # the number is part of a date


def parse_quantity(raw: str | Number) -> Quantity:
    """What a value cell says; see :class:`Quantity`. Never raises.

    Relations are read as signs (≥ ≧ >= full-width too) and as words before (不低于, 不超过, 达到, 控制在)
    or behind the number (以上, 以下, 以内, which include the number unless 不含 is said). 万 and 亿 before
    a label scale the number (1.2万人次 is 12000); 万元 and 亿元 stay units of the figure.
    """
    figure = parse_figure(raw)
    if figure is not None:
        return Quantity("", figure, "%" if figure.percent else figure.unit)
    if not isinstance(raw, str):
        return Quantity()
    text = fold(raw)
    found = _read(text) if len(text) <= LONGEST else None
    return found or Quantity(_leading_sign(text))


def _leading_sign(text: str) -> str:
    match = _START.match(text)
    return _SIGNS[match[0]] if match else ""


def _read(text: str) -> Quantity | None:
    """The quantity, if the text has the form lead – number – label – ending and no doubt attaches."""
    parts = _NUMBER.fullmatch(text)
    if not parts:
        return None
    lead, tail = _LEAD.fullmatch(parts["before"]), _TAIL.fullmatch(parts["after"])
    if not lead or not tail or _doubtful(parts["number"], tail["label"]):
        return None
    relation = _relation(lead, tail)
    if relation is None:
        return None
    figure, label = _figure(parts["number"], parts["minus"] == "-", tail)
    return Quantity(relation, figure, label)


def _doubtful(number: str, label: str) -> bool:
    """Whether what follows the number says that it is no single count: a date, a rough or a longer number."""
    year = label.startswith("年") and re.fullmatch("(?:19|20|21)[0-9]{2}", number)
    numeral = label[:1].isnumeric() and not _MONEY.match(label)
    return bool(year or numeral or _MOMENT.match(label) or _ROUGH.search(label))


def _relation(lead: re.Match[str], tail: re.Match[str]) -> str | None:
    """The one relation stated before and behind the number; None when the two contradict."""
    before = _SIGNS[lead["sign"]] if lead["sign"] else _WORDS.get(lead["word"] or "", "")
    behind = _ENDINGS.get(tail["ending"] or "", "")
    if tail["open"] or tail["open2"]:
        behind = _STRICT[behind]
    if not before or not behind:
        return before or behind
    upward = (before in (_GE, _GT), behind in (_GE, _GT))
    return before if upward[0] == upward[1] and before != _EQ else None


def _figure(number: str, negative: bool, tail: re.Match[str]) -> tuple[Figure, str]:
    """The figure in its unit, and its label."""
    label = tail["label"].strip()
    if label[:1] in ("%", "‰"):
        return build(number, label[0], negative), label[0]
    figure = build(number, label if is_money(label) else "", negative)
    zeros = _SCALES.get(tail["scale"] or "", 0)
    return Figure(figure.value * 10**zeros, figure.decimals - zeros, figure.unit), label
