"""What is known of a worksheet function: everything said or generated about it comes from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its ASCII name in VBA, and what an accountant reads of it."""

    name: str
    title: str
    doc: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A worksheet function. ``doc`` (at most 255 characters, for Excel) says what it does, in Chinese.

    ``run`` gets one value per argument: of a cell, or whole areas where ``whole`` is set. The last argument
    may be followed by any number of pairs of a name and a value (``pairs``). ``examples`` are formulas with
    what they give.
    """

    name: str
    title: str
    category: str
    doc: str
    arguments: tuple[Argument, ...]
    run: Callable[..., Any]
    examples: tuple[tuple[str, str], ...]
    whole: bool = False
    pairs: bool = False

    @property
    def required(self) -> int:
        return sum(not a.optional for a in self.arguments)

    @property
    def signature(self) -> str:
        """E.g. XB_RATE(执行数, 预算数[, 位数])."""
        out = ""
        for argument in self.arguments:
            lead = ", " if out else ""
            out += f"[{lead}{argument.title}]" if argument.optional else f"{lead}{argument.title}"
        return f"{self.name}({out}{', 名称1, 值1, 名称2, 值2, …' if self.pairs else ''})"
