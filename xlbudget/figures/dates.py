"""Reading dates and terms as plans and reports state them: 2023年12月20日, 2023年12月之前完成, 12月底."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from .text import LONGEST, fold


class Timing(StrEnum):
    """How something relates to a span of days."""

    ON = "on"  # within it
    BEFORE = "before"  # no later than its last day


@dataclass(frozen=True, slots=True)
class DateSpan:
    """The days from ``first`` to ``last``, both included, and what was said about them.

    A term such as 2023年12月之前 is read as "by the end of December": its last day is 31 December.
    """

    first: date
    last: date
    relation: Timing = Timing.ON

    @property
    def serial(self) -> int:
        """Excel's serial number of the last day (1900 system; right from 1 March 1900 on)."""
        return (self.last - date(1899, 12, 30)).days


@dataclass(frozen=True, slots=True)
class _Parts:
    """The pieces of one written date; None where a piece is missing, ``part`` is 底, 上旬, 上半年, …"""

    year: int | None
    month: int | None
    day: int | None
    part: str

    @classmethod
    def read(cls, match: re.Match[str]) -> _Parts:
        group = match.groupdict()
        year, month, day = (int(group[k]) if group.get(k) else None for k in ("year", "month", "day"))
        return cls(year, month, day, group.get("part") or "")


_CLOCK = r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0+)?)?)?"
_FORMS = tuple(
    re.compile(p)
    for p in (
        r"(?<![0-9.])(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})"
        rf"(?:(?P=sep)(?P<day>[0-9]{{1,2}}){_CLOCK})?(?![0-9])",
        r"^(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})$",
        r"(?=[0-9]{4} ?年|[0-9]{1,2} ?[月日号季]|年[底末]|[上下]半年|第?[一二三四1-4]季度)(?<![0-9])"
        r"(?:(?P<year>[0-9]{4}) ?年度? ?)?(?:(?P<month>[0-9]{1,2}) ?月份? ?)?"
        r"(?:(?P<day>[0-9]{1,2}) ?[日号]|(?P<part>年?[底末]|[上中下]旬|[上下]半年|第?[一二三四1-4]季度))?",
    )
)
_JOINER = re.compile(r" ?(?:至|到|-|~|—+|–) ?")
_UNIT_LATER = re.compile(r"([0-9]+)(?=(?:至|到|-|~|—+|–)[0-9]+ ?([年月日号]))")  # 1-12月
_BY_BEFORE = re.compile("(?:截[至止]到?|不[晚迟]于|不超过|最[晚迟]|≤) ?$")
_BY_BEHIND = re.compile(" ?(?:[之以]?前|[之以]?内)")
_REFUSED = re.compile("[0-9<>≥]|未|没|后|起|约|左右|开始|早于|(?<!不)[晚迟]于")
_WORDS = 20  # characters of other words on either side


def parse_date(raw: str | date, year: int | None = None) -> DateSpan | None:
    """The span of days that ``raw`` names, None when it does not name exactly one.

    Dates in Chinese or with - / . separators, months, quarters, half years, years, ranges of them (至, -),
    and terms (之前, 前, 以内, 截至). Where the text has no year, ``year`` is taken, else None is given.
    Text with other digits, with 后/起/约 or a negation gives None. Never raises.
    """
    if isinstance(raw, date):
        day = date(raw.year, raw.month, raw.day)
        return DateSpan(day, day)
    text = _UNIT_LATER.sub(r"\1\2", fold(raw)[: LONGEST + 1])
    if len(text) > LONGEST:
        return None
    found = next((m for form in _FORMS if (m := form.search(text)) and m[0]), None)
    if found is None:
        return None
    first, end = _Parts.read(found), found.end()
    second, end = _second(text, end, first)
    lead, rest = text[: found.start()], text[end:]
    if max(len(lead), len(rest)) > _WORDS or _REFUSED.search(lead) or _REFUSED.search(rest):
        return None
    by = _BY_BEFORE.search(lead) or _BY_BEHIND.match(rest)
    return _span(first, second, year, Timing.BEFORE if by else Timing.ON)


def _second(text: str, end: int, first: _Parts) -> tuple[_Parts, int]:
    """The other end of a range, taking over what it leaves out, and where it ends; else ``first``."""
    joiner = _JOINER.match(text, end)
    matches = (form.match(text, joiner.end()) for form in _FORMS) if joiner else ()
    match = next((m for m in matches if m and m[0]), None)
    return (_inherit(_Parts.read(match), first), match.end()) if match else (first, end)


def _inherit(other: _Parts, first: _Parts) -> _Parts:
    """``other`` with the year, and for a bare day also the month, of the date before it."""
    if other.year is None:
        other = replace(other, year=first.year)
    if other.month is None and other.day is not None:
        other = replace(other, month=first.month)
    return other


def _span(first: _Parts, second: _Parts, year: int | None, relation: Timing) -> DateSpan | None:
    try:
        start, end = _days(first, year), _days(second, year)
    except ValueError:  # 31 June, month 13
        return None
    if start is None or end is None or start[0] > end[1]:
        return None
    return DateSpan(start[0], end[1], relation)


def _days(parts: _Parts, default_year: int | None) -> tuple[date, date] | None:
    """First and last day; None when a piece is missing. Raises ValueError when there is no such day."""
    year, month, day = parts.year if parts.year is not None else default_year, parts.month, parts.day
    if year is None or (day is not None and month is None):
        return None
    if day is not None and month is not None:
        return date(year, month, day), date(year, month, day)
    return _in_month(year, month, parts.part) if month is not None else _in_year(year, parts.part)


def _in_month(year: int, month: int, part: str) -> tuple[date, date] | None:
    last = calendar.monthrange(year, month)[1]
    days = {"": (1, last), "底": (last, last), "末": (last, last)}
    days.update({"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, last)})
    if part not in days:
        return None
    first, final = days[part]
    return date(year, month, first), date(year, month, final)


def _in_year(year: int, part: str) -> tuple[date, date] | None:
    if part.endswith(("底", "末")):
        return date(year, 12, 31), date(year, 12, 31)
    months = {"": (1, 12), "上半年": (1, 6), "下半年": (7, 12)}
    if part.endswith("季度"):
        quarter = {"一": 1, "二": 2, "三": 3, "四": 4}.get(part[-3]) or int(part[-3])
        months[part] = (3 * quarter - 2, 3 * quarter)
    if part not in months:
        return None
    first, last = months[part]
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
