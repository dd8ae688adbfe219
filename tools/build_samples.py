"""Build the SQLite form of the samples from their CSV tables: the same bytes on every run.

Usage: python tools/build_samples.py [folder of samples]
"""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "workbooks" / "samples"
DATABASES = ("seed-b",)

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_REAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_VERSION_AT = slice(96, 100)  # the header's note of the SQLite release that wrote the file


def column_type(cells: list[str]) -> str:
    """INTEGER or REAL where all filled cells are plain numbers, else TEXT."""
    filled = [c for c in cells if c]
    if filled and all(_INTEGER.fullmatch(c) for c in filled):
        return "INTEGER"
    if filled and all(_INTEGER.fullmatch(c) or _REAL.fullmatch(c) for c in filled):
        return "REAL"
    return "TEXT"


def load_table(db: sqlite3.Connection, path: Path) -> None:
    """One CSV file as a table of the same name; blank cells become NULL."""
    with path.open(encoding="utf-8-sig", newline="") as f:
        header, *rows = list(csv.reader(f))
    columns = ", ".join(
        f'"{name}" {column_type([row[i] for row in rows])}' for i, name in enumerate(header)
    )
    db.execute(f'CREATE TABLE "{path.stem}" ({columns})')
    marks = ", ".join("?" * len(header))
    db.executemany(f'INSERT INTO "{path.stem}" VALUES ({marks})', [[c or None for c in row] for row in rows])


def build(folder: Path, target: Path) -> None:
    """The database of one sample folder, written over ``target``."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target)) as db:
        db.executescript("PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA journal_mode=MEMORY;")
        for path in sorted(folder.glob("*.csv")):
            load_table(db, path)
        db.commit()
    data = bytearray(target.read_bytes())
    data[_VERSION_AT] = (3040000).to_bytes(4, "big")
    target.write_bytes(data)


def main() -> None:
    samples = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    for name in DATABASES:
        build(samples / name, samples / f"{name}.sqlite")
        print(f"{name}.sqlite")


if __name__ == "__main__":
    main()
