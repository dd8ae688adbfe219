"""Tables of a database, by SQLAlchemy URL; SQLite files are opened read-only and never created."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import MetaData, create_engine, inspect, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from .cells import value_text
from .errors import Problem, SourceError
from .table import Table, build_table


def sqlite_url(path: Path) -> URL:
    """The URL of a SQLite file for reading only."""
    if not path.is_file():
        raise SourceError(f"数据库文件“{path}”不存在")
    file = f"file:{quote(path.resolve().as_posix())}"
    return URL.create("sqlite", database=file, query={"mode": "ro", "uri": "true"})


def read_database(url: str | URL, wanted: Iterable[str] | None = None) -> list[Table]:
    """The tables of a database whose names are ``wanted`` (all by default), in order of their names."""
    target = _target(url)
    shown = target.render_as_string(hide_password=True)
    try:
        engine = create_engine(target)
    except (NoSuchModuleError, ModuleNotFoundError) as e:
        raise SourceError(f"没有安装“{target.drivername}”数据库的驱动程序（{e}）") from e
    try:
        with engine.connect() as connection:
            names = sorted(inspect(connection).get_table_names() + inspect(connection).get_view_names())
            picked = set(names if wanted is None else wanted)
            return [_read(connection, name) for name in names if name in picked]
    except SQLAlchemyError as e:
        cause = getattr(e, "orig", None) or type(e).__name__
        raise SourceError(f"数据库“{shown}”读不出来：{cause}") from e
    finally:
        engine.dispose()


def _target(url: str | URL) -> URL:
    try:
        target = make_url(url)
    except (ArgumentError, ValueError) as e:
        raise SourceError(f"“{url}”不是有效的数据库地址（例如 sqlite:///数据.sqlite）") from e
    database = target.database or ""
    plain_file = database and database != ":memory:" and not database.startswith("file:")
    if target.get_backend_name() == "sqlite" and plain_file:
        return sqlite_url(Path(database))
    return target


def _read(connection: Connection, name: str) -> Table:
    sql = SqlTable(name, MetaData(), autoload_with=connection)
    where = f"数据库表“{name}”"
    header = [str(c.name) for c in sql.columns]
    problems: list[Problem] = []
    rows = connection.execute(select(*sql.columns))
    table = build_table(name, where, _numbered(header, rows, where, problems), word="条")
    table.problems += problems
    return table


def _numbered(
    header: list[str], rows: Iterable[Any], where: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str | None]]]:
    yield 0, list(header)
    for number, row in enumerate(rows, start=1):
        cells: list[str | None] = []
        for column, value in zip(header, row, strict=True):
            try:
                cells.append(value_text(value))
            except TypeError:
                problems.append(Problem(where, "是二进制内容，不是文字或数", number, column, "条"))
                cells.append(None)
        yield number, cells
