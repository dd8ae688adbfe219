"""The functions of the language, one small unit each; ``FUNCTIONS`` is the table of them all by name."""

from . import aggregate, conditional, information, logic, lookup, mathematics, own, subjects, text
from .spec import FUNCTIONS, Function, Kind

__all__ = [
    "FUNCTIONS",
    "Function",
    "Kind",
    "aggregate",
    "conditional",
    "information",
    "logic",
    "lookup",
    "mathematics",
    "own",
    "subjects",
    "text",
]
