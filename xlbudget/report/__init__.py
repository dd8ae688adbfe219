"""What an audit found, told to a person (console), to a spreadsheet (CSV) and to a program (JSON)."""

from xlbudget.rules.display import summary_line

from .console import print_report
from .export import csv_bytes, json_bytes
from .summary import Reported, Summary, summarise, total_line
from .text import plain_report

__all__ = [
    "Reported",
    "Summary",
    "csv_bytes",
    "json_bytes",
    "plain_report",
    "print_report",
    "summarise",
    "summary_line",
    "total_line",
]
