"""A folder of CSV files: one table a file, in UTF-8 (with or without BOM) or GB18030."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from .errors import Problem, SourceError
from .table import Table, build_table

LARGEST = 200 * 1024 * 1024
"""Bytes of one CSV file that are still read."""

_ENCODINGS = ("utf-8-sig", "gb18030")


def read_folder(folder: Path) -> list[Table]:
    """All CSV files of a folder as tables named by the file, in order of their names."""
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.name[0] not in ".~")
    if not files:
        raise SourceError(f"文件夹“{folder}”里没有 CSV 文件")
    tables: list[Table] = []
    problems: list[Problem] = []
    for path in files:
        try:
            tables.append(read_csv(path))
        except SourceError as e:
            problems += e.problems
    if problems:
        raise SourceError(problems)
    return tables


def read_csv(path: Path) -> Table:
    """One CSV file. Rows are numbered as Excel shows them: a cell with line breaks is still one row."""
    if path.stat().st_size > LARGEST:
        raise SourceError([Problem(path.name, f"文件超过 {LARGEST // 2**20} MB，请拆分后再试")])
    text = decode(path.read_bytes(), path.name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            rows.append((len(rows) + 1, row))
    except csv.Error as e:
        message = "双引号不成对，或单元格太长，读不下去；请检查引号"
        raise SourceError([Problem(path.name, message, len(rows) + 1)]) from e
    return build_table(path.stem, path.name, rows)


def decode(data: bytes, name: str) -> str:
    """The text of a file in one of the encodings that spreadsheets save in; SourceError for any other."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4096]:
        raise SourceError([Problem(name, "不是 CSV 文本；请另存为“CSV UTF-8（逗号分隔）”后再试")])
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError([Problem(name, "文字编码认不出；请另存为“CSV UTF-8（逗号分隔）”后再试")])
