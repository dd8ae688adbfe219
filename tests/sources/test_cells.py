"""Typed values as text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from xlbudget.sources.cells import number_text, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("0012", "0012"),
        (7, "7"),
        (62.34, "62.34"),
        (10.0, "10"),
        (1e-7, "0.0000001"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (Decimal("5.00"), "5"),
        (Decimal("1E+2"), "100"),
        (True, "TRUE"),
        (dt.date(2023, 12, 20), "2023-12-20"),
        (dt.datetime(2023, 12, 20), "2023-12-20"),
        (dt.datetime(2023, 12, 20, 8, 30), "2023-12-20 08:30:00"),
    ],
)
def test_values_of_databases(value: object, text: str | None) -> None:
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("lexical", "number_format", "text"),
    [
        ("62.340000000000003", "General", "62.34"),
        ("62.34", "#,##0.00", "62.34"),
        ("0.86319999999999997", "0.00%", "86.32%"),
        ("1", "0%", "100%"),
        ("12", "000000", "000012"),
        ("12", "0", "12"),
        ("45280", "yyyy/m/d", "2023-12-20"),
        ("45280.5", 'yyyy"年"m"月"d"日" h:mm', "2023-12-20 12:00:00"),
        ("5", '0"%内"', "5"),
        ("5", '0"day"', "5"),
        ("5", "[Red]0.00", "5"),
        ("1E3", "General", "1000"),
    ],
)
def test_numbers_of_sheets(lexical: str, number_format: str, text: str) -> None:
    assert number_text(lexical, number_format) == text


def test_the_1904_calendar() -> None:
    assert number_text("43818", "yyyy/m/d", date1904=True) == "2023-12-20"
