"""From the text of one cell of data to the entry of a field."""

from __future__ import annotations

import re

from xlbudget.figures import Figure
from xlbudget.figures.parse import parse_figure
from xlbudget.figures.units import UnitError, convert
from xlbudget.packs.layout import Column, Field
from xlbudget.rules.record import Entry
from xlbudget.rules.tree import code_text

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


class BadValue(ValueError):
    """The text cannot stand in the field; the message says why, in Chinese."""


def entry_of(text: str, spec: Field | Column) -> Entry:
    """The entry of a field or column; blank text gives a blank one. Raises :class:`BadValue`."""
    if not text:
        return Entry()
    if not spec.numeric:
        return Entry(code_text(text) if spec.kind == "code" else text)
    if spec.kind == "year":
        return Entry(_year(text))
    return Entry(_figure(text, spec))


def _year(text: str) -> Figure:
    figure = parse_figure(text.removesuffix("度").removesuffix("年"))
    digits = str(figure.value) if figure and not figure.percent else ""
    if not _YEAR.fullmatch(digits):
        raise BadValue(f"“{text}”不是四位年份")
    return Figure.of(int(digits))


def _figure(text: str, spec: Field | Column) -> Figure:
    figure = parse_figure(text)
    if figure is None:
        raise BadValue(f"“{_short(text)}”不是数")
    if figure.unit:
        try:
            moved = convert(figure, spec.unit)
        except UnitError:
            raise BadValue(f"“{_short(text)}”带的单位“{figure.unit}”不适用于这一列") from None
        figure = Figure(moved.value, moved.decimals)
    if figure.percent and spec.kind in ("money", "score", "weight"):
        raise BadValue(f"“{_short(text)}”是百分数，这一列应填数")
    return figure.with_decimals(spec.decimals)


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
