"""The worksheet functions as xlwings' UDF server calls them: values as COM hands them over.

Every argument is taken as an area of rows (``ndim=2``), so that a column stays a column, with error values
as texts (``err_to_str``), which otherwise would look like blank cells.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from xlbudget.excel.wire import CellError, Scalar, Value

from .functions import call
from .registry import Function

F = TypeVar("F", bound=Callable[..., Any])

_Cells = Annotated[Any, {"ndim": 2, "err_to_str": True}]
_ERRORS = frozenset(
    ("#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
_EPOCH = datetime.datetime(1899, 12, 30)


def decorated(function: Function) -> Callable[..., Any]:
    """The function under its name, known to xlwings where xlwings can serve functions."""

    def run(*cells: _Cells) -> Any:
        return call(function.name, [_value(cell) for cell in cells])

    run.__name__ = run.__qualname__ = function.name
    run.__doc__ = function.doc
    return _worksheet_function()(run)


def _worksheet_function() -> Callable[[F], F]:
    try:
        from xlbudget.excel.port import worksheet_function
    except ImportError:  # no xlwings here: the functions are still called through the other transports
        return lambda f: f
    return worksheet_function


def _value(given: Any) -> Value:
    if not isinstance(given, list | tuple):
        return _scalar(given)
    rows = [row if isinstance(row, list | tuple) else [row] for row in given]
    cells = [[_scalar(cell) for cell in row] for row in rows]
    return cells[0][0] if len(cells) == 1 and len(cells[0]) == 1 else cells


def _scalar(given: Any) -> Scalar:
    """A cell as the functions know it. A date becomes its number, as the other transports see it."""
    if given is None or isinstance(given, bool | float):
        return given
    if isinstance(given, str):
        return CellError(given) if given in _ERRORS else given
    if isinstance(given, int | Decimal):  # a currency cell comes as Decimal
        return float(given)
    if isinstance(given, datetime.datetime):
        return (given.replace(tzinfo=None) - _EPOCH) / datetime.timedelta(days=1)
    return str(given)
