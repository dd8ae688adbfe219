"""The sample tables as rows, and writers that put any such tables into each kind of source."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl

SAMPLES = Path(__file__).resolve().parent.parent.parent / "workbooks" / "samples"
Tables = dict[str, list[list[str]]]


def sample(name: str) -> Tables:
    out: Tables = {}
    for path in sorted((SAMPLES / name).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as f:
            out[path.stem] = list(csv.reader(f))
    return out


def csv_text(rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def to_folder(tables: Tables, folder: Path, encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(csv_text(rows).encode(encoding))
    return folder


def to_book(tables: Tables, path: Path) -> Path:
    """Typed as people type: numbers as numbers, percentages as formatted numbers, the rest as text."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, start=1):
            for c, text in enumerate(row, start=1):
                if text:
                    _put(sheet.cell(r, c), text)
    book.save(path)
    return path


def _put(cell: openpyxl.cell.Cell, text: str) -> None:
    bare = text.removesuffix("%")
    try:
        number = float(bare)
    except ValueError:
        cell.value = text
        cell.data_type = "s"
        return
    cell.value = number / 100 if bare != text else number
    if bare != text:
        cell.number_format = "0.00%"


def to_sqlite(tables: Tables, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as db:
        for name, (header, *rows) in tables.items():
            columns = ", ".join(f'"{c}" TEXT' for c in header)
            db.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" * len(header))
            db.executemany(f'INSERT INTO "{name}" VALUES ({marks})', [[c or None for c in r] for r in rows])
        db.commit()
    return path


def put(tables: Tables, table: str, row: int, column: str, text: str) -> None:
    """Change one cell; ``row`` counts as Excel does, the header being row 1."""
    rows = tables[table]
    rows[row - 1][rows[0].index(column)] = text


def drop_column(tables: Tables, table: str, column: str) -> None:
    i = tables[table][0].index(column)
    tables[table] = [row[:i] + row[i + 1 :] for row in tables[table]]
