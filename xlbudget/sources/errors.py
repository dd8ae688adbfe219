"""What is wrong with the data of a source: every problem with its place, reported together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 50
"""Problems that a message lists; the rest is counted (all of them stay in ``SourceError.problems``)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: ``where`` names the file or table, ``row`` is the row that the user sees there."""

    where: str
    message: str
    row: int | None = None
    column: str = ""
    word: str = "行"  # what a row is called there: 行 of a file or sheet, 条 of a database table

    def __str__(self) -> str:
        place = self.where
        if self.row is not None:
            place += f" 第 {self.row} {self.word}"
        if self.column:
            place += f"“{self.column}”列"
        return f"{place}：{self.message}" if place else self.message


class SourceError(Exception):
    """The data cannot be used. ``problems`` holds all that was found, ``message`` a text for the user."""

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        found = [Problem("", problems)] if isinstance(problems, str) else list(problems)
        self.problems: tuple[Problem, ...] = tuple(found)
        super().__init__(self.message)

    @property
    def message(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = [f"数据有 {len(self.problems)} 处问题："]
        lines += [f"  {p}" for p in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"  ……另有 {len(self.problems) - SHOWN} 处未列出")
        return "\n".join(lines)
