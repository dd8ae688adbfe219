"""Data in: a folder of CSV files, a data book or a database, read into records for any pack."""

from .errors import Problem, SourceError
from .read import UnitData, read_source

__all__ = ["Problem", "SourceError", "UnitData", "read_source"]
