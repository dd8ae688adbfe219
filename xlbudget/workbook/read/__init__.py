"""Reading records from workbooks: defined names first, captions second, and an account of which was used."""

from .detect import Detected, detect_pack
from .reader import NO_FORM, read_record
from .report import FormReport, Found, How, ReadReport

__all__ = [
    "NO_FORM",
    "Detected",
    "FormReport",
    "Found",
    "How",
    "ReadReport",
    "detect_pack",
    "read_record",
]
