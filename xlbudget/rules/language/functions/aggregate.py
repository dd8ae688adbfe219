"""Sums, counts and extremes over cells and single values.

In referenced cells only numbers count: texts (also texts that look like numbers), TRUE/FALSE and blanks are
passed over. A value written or computed in the argument itself is converted, or the function fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from xlbudget.figures import Interval, highest, lowest

from ..values import (
    DIV0,
    ONE,
    VALUE,
    ZERO,
    Cells,
    ErrorValue,
    Quantity,
    Value,
    fail,
    is_number,
    number,
    plain_number,
)
from .spec import Kind, function


def numbers(args: tuple[Value | Cells, ...]) -> Iterator[Quantity]:
    """The numbers among the arguments, by the rule of this module; the first error found is raised."""
    for arg in args:
        if not isinstance(arg, Cells):
            if arg is not None:
                yield number(arg)
            continue
        for v in arg:
            if type(v) is Fraction or type(v) is Interval:
                yield v
            elif type(v) is ErrorValue:
                fail(v)


def total(found: list[Quantity]) -> Quantity:
    """The sum; of intervals the interval of the sums of their ends and of their points."""
    for x in found:
        if type(x) is Interval:
            every = list(map(Interval.of, found))
            ends = ([i.lo for i in every], [i.mid for i in every], [i.hi for i in every])
            return Interval(*map(_total, ends))
    return _total(x for x in found if isinstance(x, Fraction))


def _total(found: Iterable[Fraction]) -> Fraction:
    """The exact sum. Fractions of one denominator are added as whole numbers, which is far faster."""
    parts: dict[int, int] = {}
    for x in found:
        n, d = x.as_integer_ratio()
        parts[d] = parts.get(d, 0) + n
    if len(parts) == 1:
        return Fraction(parts[d], d)
    return sum((Fraction(n, d) for d, n in parts.items()), ZERO)


@function("SUM", Kind.CELLS, repeat=1, says="求和")
def sum_(*args: Value | Cells) -> Value:
    return total(list(numbers(args)))


@function("AVERAGE", Kind.CELLS, repeat=1, says="平均数，没有数字时为 #DIV/0!")
def average(*args: Value | Cells) -> Value:
    found = list(numbers(args))
    return total(found) / Fraction(len(found)) if found else fail(DIV0)


@function("MIN", Kind.CELLS, repeat=1, says="最小数，没有数字时为 0")
def min_(*args: Value | Cells) -> Value:
    found = list(numbers(args))
    if any(isinstance(x, Interval) for x in found):
        return lowest(*map(Interval.of, found))
    return min(found, default=ZERO, key=_exact)


@function("MAX", Kind.CELLS, repeat=1, says="最大数，没有数字时为 0")
def max_(*args: Value | Cells) -> Value:
    found = list(numbers(args))
    if any(isinstance(x, Interval) for x in found):
        return highest(*map(Interval.of, found))
    return max(found, default=ZERO, key=_exact)


@function("COUNT", Kind.CELLS, repeat=1, says="数字的个数")
def count(*args: Value | Cells) -> Value:
    found = 0
    for arg in args:
        if isinstance(arg, Cells):
            found += sum(map(is_number, arg))
        elif isinstance(arg, str):
            found += plain_number(arg) is not None
        else:
            found += is_number(arg) or isinstance(arg, bool)
    return Fraction(found)


@function("COUNTA", Kind.CELLS, repeat=1, says="有内容的单元格个数")
def counta(*args: Value | Cells) -> Value:
    cells = (v for arg in args for v in (arg if isinstance(arg, Cells) else (arg,)))
    return Fraction(sum(v is not None for v in cells))


@function("COUNTBLANK", Kind.RANGE, says="空单元格（含空文本）的个数")
def countblank(cells: Cells) -> Value:
    return Fraction(sum(v is None or v == "" for v in cells))


@function("SUMPRODUCT", Kind.ARRAY, repeat=1, lifts=False, says="逐行相乘后求和，列可以先参与运算")
def sumproduct(*args: tuple[Value, ...] | Value) -> Value:
    columns = [arg if isinstance(arg, tuple) else (arg,) for arg in args]
    if len({len(c) for c in columns}) > 1:
        fail(VALUE)
    products: list[Quantity] = []
    for row in zip(*columns, strict=True):
        product: Quantity = ONE
        for v in row:
            if isinstance(v, ErrorValue):
                fail(v)
            factor = number(v) if is_number(v) else ZERO
            product = factor if product is ONE else product * factor
        products.append(product)
    return total(products)


def _exact(x: Quantity) -> Fraction:
    return x.mid if isinstance(x, Interval) else x
