"""Texts: cutting, searching, replacing. Positions count characters from 1."""

from __future__ import annotations

import re
from fractions import Fraction

from ..criteria import wildcard
from ..values import MAX_CELL, ONE, VALUE, Value, bounded, fail, text, whole
from .spec import Kind, function

_SPACES = re.compile(" +")


def _count(v: Value, least: int) -> int:
    """A whole number that is not below ``least``, else #VALUE!."""
    n = whole(v)
    return n if n >= least else fail(VALUE)


@function("LEFT", Kind.SCALAR, Kind.SCALAR, required=1, says="左边几个字符")
def left(x: Value, count: Value = ONE) -> Value:
    return text(x)[: _count(count, 0)]


@function("RIGHT", Kind.SCALAR, Kind.SCALAR, required=1, says="右边几个字符")
def right(x: Value, count: Value = ONE) -> Value:
    s, n = text(x), _count(count, 0)
    return s[max(0, len(s) - n) :]


@function("MID", Kind.SCALAR, Kind.SCALAR, Kind.SCALAR, says="从第几个字符起的几个字符")
def mid(x: Value, start: Value, count: Value) -> Value:
    first = _count(start, 1) - 1
    return text(x)[first : first + _count(count, 0)]


@function("LEN", Kind.SCALAR, says="字符个数")
def len_(x: Value) -> Value:
    return Fraction(len(text(x)))


@function("TRIM", Kind.SCALAR, says="去掉首尾空格，中间连续空格留一个")
def trim(x: Value) -> Value:
    return _SPACES.sub(" ", text(x)).strip(" ")


@function("UPPER", Kind.SCALAR, says="转为大写")
def upper(x: Value) -> Value:
    return text(x).upper()


@function("EXACT", Kind.SCALAR, Kind.SCALAR, says="两个文本完全相同（区分大小写）")
def exact(x: Value, y: Value) -> Value:
    return text(x) == text(y)


@function("CONCATENATE", Kind.SCALAR, repeat=1, says="连接文本")
def concatenate(*args: Value) -> Value:
    return bounded("".join(map(text, args)))


@function("SUBSTITUTE", Kind.SCALAR, Kind.SCALAR, Kind.SCALAR, Kind.SCALAR, required=3, says="替换文本")
def substitute(x: Value, old: Value, new: Value, nth: Value = None) -> Value:
    s, wanted, instead = text(x), text(old), text(new)
    if not wanted:
        return s
    if nth is not None:
        n = _count(nth, 1)
        parts = s.split(wanted)
        if len(parts) <= n:
            return s
        return bounded(wanted.join(parts[:n]) + instead + wanted.join(parts[n:]))
    if len(s) + s.count(wanted) * (len(instead) - len(wanted)) > MAX_CELL:
        fail(VALUE)
    return s.replace(wanted, instead)


@function("FIND", Kind.SCALAR, Kind.SCALAR, Kind.SCALAR, required=2, says="文本中的位置（区分大小写）")
def find(wanted: Value, within: Value, start: Value = ONE) -> Value:
    s, first = text(within), _count(start, 1) - 1
    at = s.find(text(wanted), first)
    return Fraction(at + 1) if at >= 0 else fail(VALUE)


@function("SEARCH", Kind.SCALAR, Kind.SCALAR, Kind.SCALAR, required=2, says="文本中的位置（可用 ? 和 *）")
def search(wanted: Value, within: Value, start: Value = ONE) -> Value:
    s, first = text(within), _count(start, 1) - 1
    if first > len(s):
        fail(VALUE)
    found = wildcard(text(wanted)).search(s, first)
    return Fraction(found.start() + 1) if found else fail(VALUE)
