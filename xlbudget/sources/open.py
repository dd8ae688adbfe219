"""Which kind of source a path or URL is."""

from __future__ import annotations

import os
import re
from pathlib import Path

from xlbudget.oserrors import reason

from .errors import SourceError
from .table import Table

_URL = re.compile(r"[A-Za-z][\w+.-]+://")
_BOOKS = (".xlsx", ".xlsm")
_DATABASES = (".sqlite", ".sqlite3", ".db")


def open_source(source: str | os.PathLike[str]) -> list[Table]:
    """The tables of a folder of CSV files, a data book, a SQLite file or a database URL."""
    text = os.fspath(source)
    if _URL.match(text):
        from .database import read_database

        return read_database(text)
    path = Path(text)
    try:
        return _open_path(path)
    except OSError as e:
        raise SourceError(f"“{path}”读不出来：{reason(e)}") from e


def _open_path(path: Path) -> list[Table]:
    suffix = path.suffix.lower()
    if path.is_dir():
        from .csvfolder import read_folder

        return read_folder(path)
    if not path.exists():
        raise SourceError(f"找不到数据“{path}”")
    if suffix in _BOOKS:
        from .book import read_data_book

        return read_data_book(path)
    if suffix in _DATABASES:
        from .database import read_database, sqlite_url

        return read_database(sqlite_url(path))
    if suffix == ".csv":
        raise SourceError(f"“{path.name}”只是一张表；请给出放着全部 CSV 文件的文件夹")
    raise SourceError(
        f"“{path.name}”不是能读的数据；可以给出 CSV 文件夹、.xlsx 数据簿、SQLite 文件或数据库地址"
    )
