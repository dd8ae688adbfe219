"""From a record to the official workbook: blank forms to type in, and forms filled with values."""

from .api import blank, fill, placed
from .cellxml import FillError
from .frame import SIGNATURE

__all__ = ["SIGNATURE", "FillError", "blank", "fill", "placed"]
