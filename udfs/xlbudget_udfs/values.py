"""Values of cells on their way into and out of a function: exact inside, floats only at the edge."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from xlbudget.excel.wire import CellError, Cells, Scalar, Value
from xlbudget.figures import parse_figure
from xlbudget.figures.text import fold

Content = Fraction | str | bool | None
Answer = Fraction | int | str | bool | None
"""What a function gives for one cell; numbers are exact."""

_NO_VALUE = CellError("#N/A")
_QUOTED = 30  # characters of a text that a sentence quotes


class Sentence(ValueError):
    """The answer is no value but this Chinese sentence."""


def blank(value: object) -> bool:
    """Whether a cell shows nothing: empty, or a formula's empty text."""
    return value is None or (isinstance(value, str) and not value.strip())


def content(value: Scalar) -> Content:
    """A cell's content with its number exact: the 15 digits that Excel computes with (docs/numbers.md, 1).

    Raises Sentence for infinities and NaN, which no cell holds.
    """
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    figure = parse_figure(value)
    if figure is None:
        raise Sentence(f"{value}不是数")
    return figure.value


def number(value: Scalar, title: str) -> Fraction:
    """The number in a cell; a text counts when it is nothing but a number without a unit.

    Raises Sentence, in which ``title`` names the argument.
    """
    if isinstance(value, bool):
        raise Sentence(f"{title}应为数，不能是{'TRUE' if value else 'FALSE'}")
    figure = None if value is None else parse_figure(value)
    if figure is None:
        raise Sentence(f"{title}{quoted(value)}不是数")
    if figure.unit:
        raise Sentence(f"{title}{quoted(value)}带有单位，请只填数")
    return figure.value


def digits_of(value: Scalar, default: int) -> int:
    """The argument 位数: decimals from 0 to 10. Raises Sentence."""
    if blank(value):
        return default
    wanted = number(value, "位数")
    if wanted.denominator != 1 or not 0 <= wanted <= 10:
        raise Sentence("位数应为0到10的整数")
    return int(wanted)


def text_of(value: Scalar) -> str:
    """A name or an id as typed: half-width, blanks trimmed; whole numbers without a point."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float | int):
        return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
    return fold(value)


def quoted(value: object) -> str:
    text = "" if value is None else str(value).strip()
    text = text.upper() if isinstance(value, bool) else text
    return f"“{text if len(text) <= _QUOTED else text[:_QUOTED] + '……'}”"


def edge(answer: Answer) -> Scalar:
    """What goes back into the cell: the double nearest to an exact number."""
    if isinstance(answer, bool) or answer is None or isinstance(answer, str):
        return answer
    return float(answer)


def spread(one: Callable[..., Answer], args: Sequence[Value]) -> Value:
    """``one`` for every cell of the areas given; single values serve every cell.

    A column against a row gives an area, as in Excel; beyond the end of a shorter area stands #N/A. An error
    value among the arguments of a cell is its result.
    """
    areas = [arg if isinstance(arg, list) else [[arg]] for arg in args]
    rows = max((len(a) for a in areas), default=1)
    columns = max((len(a[0]) if a else 0 for a in areas), default=1)
    out: Cells = [[_one(one, [_at(a, r, c) for a in areas]) for c in range(columns)] for r in range(rows)]
    return out[0][0] if rows == columns == 1 else out


def _at(area: Cells, row: int, column: int) -> Scalar:
    row = 0 if len(area) == 1 else row
    if row >= len(area):
        return _NO_VALUE
    line = area[row]
    column = 0 if len(line) == 1 else column
    return line[column] if column < len(line) else _NO_VALUE


def _one(one: Callable[..., Answer], args: list[Scalar]) -> Scalar:
    error = first_error(args)
    if error is not None:
        return error
    try:
        return edge(one(*args))
    except Sentence as said:
        return str(said)


def first_error(args: Sequence[Value]) -> CellError | None:
    """The first error value among the arguments, also inside areas."""
    for arg in args:
        for cell in [x for row in arg for x in row] if isinstance(arg, list) else [arg]:
            if isinstance(cell, CellError):
                return cell
    return None
