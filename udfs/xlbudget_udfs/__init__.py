"""The worksheet functions XB_…: a thin face of the core, called from Excel over any transport.

``XB_RATE`` and its like are attributes of this module for xlwings' UDF server, which looks them up by name;
they are made when first asked for, so that the import stays quick.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .functions import FUNCTIONS, call

__all__ = ["FUNCTIONS", "call"]


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .xlwings_functions import decorated

    made = globals()[name] = decorated(FUNCTIONS[name])
    return made
