"""The keys of the rows: every row knows its unit, its form instance and its place in a row set."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlbudget.figures.parse import parse_figure

from .errors import Problem
from .spec import NUMBER, ROW, UNIT, TableSpec
from .table import Line, Table

Instance = tuple[str, int]  # unit and 序号; 0 where the form does not repeat


@dataclass(slots=True)
class Keyed:
    """The rows of one table by form instance: one row of fields, or the rows of a row set in order."""

    table: Table
    spec: TableSpec
    lines: dict[Instance, list[Line]] = field(default_factory=dict)

    def units(self) -> dict[str, Line]:
        """Each unit with the first row where it occurs."""
        out: dict[str, Line] = {}
        for (unit, _), lines in self.lines.items():
            out.setdefault(unit, lines[0])
        return out


def key_rows(table: Table, spec: TableSpec, problems: list[Problem]) -> Keyed | None:
    """The rows of a table under their keys, row sets ordered by 行号. None when a key column is missing."""
    missing = [k for k in spec.keys if k not in table.columns]
    if missing:
        problems.append(table.problem(f"缺少列“{'”“'.join(missing)}”"))
        return None
    found: dict[tuple[Instance, int], Line] = {}
    for line in table.lines:
        key = _key(table, spec, line, problems)
        if key is None:
            continue
        first = found.setdefault(key, line)
        if first is not line:
            names = "、".join(f"{k} {line.cells[k]}" for k in spec.keys)
            message = f"与第 {first.number} {table.word}重复（{names}）"
            problems.append(table.problem(message, line.number))
    keyed = Keyed(table, spec)
    for (instance, _), line in sorted(found.items(), key=lambda item: item[0][1]):
        keyed.lines.setdefault(instance, []).append(line)
    return keyed


def _key(
    table: Table, spec: TableSpec, line: Line, problems: list[Problem]
) -> tuple[Instance, int] | None:
    before = len(problems)
    unit = line.cells.get(UNIT, "")
    if not unit:
        problems.append(table.problem("没有填", line.number, UNIT))
    numbers = {k: _number(table, line, k, problems) for k in spec.keys if k != UNIT}
    if len(problems) > before:
        return None
    return (unit, numbers.get(NUMBER, 0)), numbers.get(ROW, 0)


def _number(table: Table, line: Line, column: str, problems: list[Problem]) -> int:
    text = line.cells.get(column, "")
    figure = parse_figure(text)
    if figure and figure.value.denominator == 1 and figure.value > 0 and not figure.unit:
        return int(figure.value)
    message = f"“{text}”不是正整数" if text else "没有填"
    problems.append(table.problem(message, line.number, column))
    return 0
