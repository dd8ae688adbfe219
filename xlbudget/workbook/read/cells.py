"""From the content of one cell to an entry: figures in numeric fields, texts in all others."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from xlbudget.figures import Figure
from xlbudget.figures.exact import own_decimals
from xlbudget.figures.parse import parse_figure
from xlbudget.figures.units import convert, is_money
from xlbudget.rules.program import FieldLike
from xlbudget.rules.record import CellIssue, Entry, Place
from xlbudget.rules.tree import code_text
from xlbudget.workbook.book import RawCell

from . import formats
from .grid import OUR_LABEL
from .years import wrong_year, year_in

_DASHES = re.compile(r"[\s—–―─\-−－_/／\\]*")
_POINTS = re.compile(r"(.*\d)\s*分")
UNCALCULATED = "未计算"  # raw content of a formula that was saved without its result
_SCORED = ("score", "weight")


class _Measure(NamedTuple):
    """A measure that is quickly looked up."""

    kind: str
    decimals: int
    unit: str


Measure: TypeAlias = FieldLike | _Measure
"""How a field or a column counts: its kind, decimals and unit."""


def read_cell(cell: RawCell | None, spec: FieldLike, place: Place, unit: str, date1904: bool) -> Entry:
    """The entry of a cell for a field or column of the given kind.

    ``unit`` is the money unit stated on the sheet ("" when it states none): amounts are converted from it
    to the unit of the field.
    """
    if cell is None:
        return Entry(place=place)
    entry = Entry(place=place, formula=cell.formula or "")
    if cell.kind == "error":
        entry.issue, entry.raw = CellIssue.ERROR_VALUE, str(cell.value)
    elif cell.kind == "blank":
        entry.raw = UNCALCULATED if cell.formula else ""
    elif spec.kind == "year":
        _read_year(entry, cell, date1904)
    elif spec.numeric:
        _read_number(entry, cell, spec, unit, date1904)
    elif spec.kind == "code":
        entry.value = _code(cell, date1904) or None
    else:
        entry.value = text_of(cell, date1904) or None
    return entry


def text_of(cell: RawCell, date1904: bool = False) -> str:
    """The content as a person sees it; a formula that fetches a blank cell and gets 0 shows nothing."""
    if cell.kind == "number":
        if cell.formula and str(cell.value).strip() == "0":
            return ""
        return formats.number_text(str(cell.value), cell.number_format, bool(cell.formula), date1904)
    if cell.kind == "bool":
        return "TRUE" if cell.value and cell.value != "0" else "FALSE"
    text = cell.value.strip() if isinstance(cell.value, str) else ""
    return "" if text.startswith(OUR_LABEL) else text


def _code(cell: RawCell, date1904: bool) -> str:
    """The digits of a code, also where Excel made a number or a date of them."""
    value = formats.number(str(cell.value)) if cell.kind == "number" else None
    if value is not None and value == value.to_integral_value():
        return str(int(value))
    return code_text(text_of(cell, date1904))


def is_dash(text: str) -> bool:
    """Whether a text in a numeric field stands for nothing: blanks, —, - or /."""
    return _DASHES.fullmatch(text) is not None


def _read_number(entry: Entry, cell: RawCell, spec: FieldLike, unit: str, date1904: bool) -> None:
    if cell.kind == "number":
        measure = _Measure(spec.kind, spec.decimals, spec.unit)
        entry.value = _stored(str(cell.value), cell.number_format, measure, unit)
        return
    text = text_of(cell, date1904)
    if is_dash(text):
        return
    entry.raw = text
    figure = None if cell.kind == "bool" else _parse(text, spec)
    if figure is None:
        entry.value, entry.issue = text, CellIssue.NOT_A_NUMBER
    else:
        entry.value = _in_unit(figure, spec, figure.unit or unit)
        entry.issue = CellIssue.TEXT_NUMBER


@lru_cache(maxsize=8192)  # scores, weights and rounded rates recur from row to row and from file to file
def _stored(lexical: str, code: str, spec: Measure, unit: str) -> Figure | None:
    """The figure of a number as the file has it; None when it is none."""
    value = formats.number(lexical)
    if value is None:
        return None
    exact = Fraction(value)
    figure = Figure(exact, own_decimals(exact))
    if spec.kind != "percent":
        return _in_unit(figure, spec, unit)
    places = formats.percent_decimals(code)
    if places is None:
        return _rate(figure, spec)
    return Figure(exact, places + 2, percent=True)


def _parse(text: str, spec: Measure) -> Figure | None:
    if spec.kind in _SCORED and (m := _POINTS.fullmatch(text)):
        text = m[1]
    figure = parse_figure(text)
    if figure is None or spec.kind == "percent":
        return figure and _rate(figure, spec)
    if spec.unit and (figure.percent or (figure.unit and not is_money(figure.unit))):
        return None
    return figure


def _rate(figure: Figure, spec: Measure) -> Figure:
    """A percentage as printed, or a plain ratio with at least the decimals of its field."""
    return (
        figure if figure.percent else Figure(figure.value, max(figure.decimals, spec.decimals), percent=True)
    )


def _in_unit(figure: Figure, spec: Measure, unit: str) -> Figure:
    """Amounts come in the unit of their field; the unit itself is the field's and is not repeated."""
    if spec.kind == "percent" or figure.percent:
        return figure
    if spec.unit and unit and unit != spec.unit and is_money(unit) and is_money(spec.unit):
        return replace(convert(replace(figure, unit=unit), spec.unit), unit="")
    return Figure(figure.value, max(figure.decimals, spec.decimals))


def _read_year(entry: Entry, cell: RawCell, date1904: bool) -> None:
    year = year_in(cell, date1904)
    if year is not None:
        entry.value = Figure.of(year)
    elif (text := text_of(cell, date1904)) and (cell.kind != "text" or wrong_year(text)):
        entry.value = entry.raw = text
        entry.issue = CellIssue.NOT_A_NUMBER
