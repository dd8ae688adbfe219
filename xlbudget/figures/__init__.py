"""Exact numbers: parsing, shown precision, intervals, units, rounding. The one home of numeric policy."""

from .dates import DateSpan, Timing, parse_date
from .exact import Number
from .figure import Figure
from .interval import Interval, highest, hull, lowest
from .parse import parse_figure
from .quantity import Quantity, parse_quantity
from .rounding import ceil_steps, floor_steps, round_down, round_half_up, round_up
from .shown import shown
from .units import UnitError, convert, is_money
from .verdict import Verdict, change, same_quantity, share, verdict

__all__ = [
    "DateSpan",
    "Figure",
    "Interval",
    "Number",
    "Quantity",
    "Timing",
    "UnitError",
    "Verdict",
    "ceil_steps",
    "change",
    "convert",
    "floor_steps",
    "highest",
    "hull",
    "is_money",
    "lowest",
    "parse_date",
    "parse_figure",
    "parse_quantity",
    "round_down",
    "round_half_up",
    "round_up",
    "same_quantity",
    "share",
    "shown",
    "verdict",
]
