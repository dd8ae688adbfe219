"""Counting and summing the rows that meet criteria."""

from __future__ import annotations

from fractions import Fraction

from ..criteria import matcher
from ..values import VALUE, Cells, Value, fail
from .aggregate import sum_
from .spec import Kind, function


@function("COUNTIF", Kind.RANGE, Kind.SCALAR, says="符合条件的个数")
def countif(cells: Cells, criterion: Value) -> Value:
    return Fraction(sum(map(matcher(criterion), cells)))


@function("COUNTIFS", Kind.RANGE, Kind.SCALAR, repeat=2, says="同时符合各条件的行数")
def countifs(*pairs: Cells | Value) -> Value:
    return Fraction(sum(_rows(pairs)))


@function("SUMIF", Kind.RANGE, Kind.SCALAR, Kind.RANGE, required=2, says="符合条件的行求和")
def sumif(cells: Cells, criterion: Value, summed: Cells | None = None) -> Value:
    return _sum(cells if summed is None else summed, [cells, criterion])


@function("SUMIFS", Kind.RANGE, Kind.RANGE, Kind.SCALAR, repeat=2, says="同时符合各条件的行求和")
def sumifs(summed: Cells, *pairs: Cells | Value) -> Value:
    return _sum(summed, pairs)


def _rows(pairs: tuple[Cells | Value, ...] | list[Cells | Value]) -> list[bool]:
    """For each row whether it meets all criteria; columns of unequal length are #VALUE!."""
    columns = [c for c in pairs[::2] if isinstance(c, Cells)]
    if len({len(c) for c in columns}) > 1:
        fail(VALUE)
    tests = [matcher(c) for c in pairs[1::2] if not isinstance(c, Cells)]
    return [all(t(v) for t, v in zip(tests, row, strict=True)) for row in zip(*columns, strict=True)]


def _sum(summed: Cells, pairs: tuple[Cells | Value, ...] | list[Cells | Value]) -> Value:
    rows = _rows(pairs)
    if len(rows) != len(summed):
        fail(VALUE)
    return sum_(Cells(v for met, v in zip(rows, summed, strict=True) if met))
