"""What a function of the language is, and the registry that its units enter themselves in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ..nodes import Node
from ..values import Value


class Kind(Enum):
    """How an argument is handed to the Python side of a function.

    SCALAR: one value that is no error; ANY: one value, errors included; CELLS: a :class:`Cells` when the
    argument is a reference, else one value, errors included; RANGE: the cells of a column or a name;
    ARRAY: a tuple of values when columns take part, else one value; LAZY: not evaluated beforehand.
    """

    SCALAR = auto()
    ANY = auto()
    CELLS = auto()
    RANGE = auto()
    ARRAY = auto()
    LAZY = auto()


@dataclass(frozen=True, slots=True)
class Function:
    """One function: its name, arity, Python side and native name.

    ``params`` are the kinds of its arguments, the first ``required`` of which must be given; the last
    ``repeat`` ones may be given again and again. ``native`` is the name in Excel, "" for our own functions.
    ``lifts`` says that it works element by element when a column stands in a scalar place (inside
    SUMPRODUCT). ``refuse`` looks at the arguments and gives a Chinese sentence if they cannot be used.
    ``says`` is the line for the documentation.
    """

    name: str
    params: tuple[Kind, ...]
    required: int
    repeat: int
    run: Callable[..., Any]
    lifts: bool
    says: str
    native: str
    refuse: Callable[[tuple[Node, ...]], str]

    def kind(self, i: int) -> Kind:
        """The kind of argument ``i`` (0-based), counting through repetitions."""
        if i < len(self.params):
            return self.params[i]
        fixed = len(self.params) - self.repeat
        return self.params[fixed + (i - fixed) % self.repeat]

    def arity_problem(self, count: int) -> str:
        """A Chinese sentence if ``count`` arguments are wrong, else ""."""
        if count < self.required:
            return f"{self.name} 至少要{self.required}个参数"
        if not self.repeat and count > len(self.params):
            return f"{self.name} 至多{len(self.params)}个参数"
        if count > MAX_ARGS:
            return f"{self.name} 的参数超过{MAX_ARGS}个"
        if self.repeat > 1 and (count - len(self.params)) % self.repeat:
            return f"{self.name} 的区域和条件要成对"
        return ""


MAX_ARGS = 255  # Excel's own limit
FUNCTIONS: dict[str, Function] = {}


def no_objection(args: tuple[Node, ...]) -> str:
    return ""


def function(
    name: str,
    *params: Kind,
    says: str,
    required: int | None = None,
    repeat: int = 0,
    lifts: bool = True,
    own: bool = False,
    refuse: Callable[[tuple[Node, ...]], str] = no_objection,
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register the decorated Python side under ``name``; by default all ``params`` must be given."""

    def register(run: Callable[..., Value]) -> Callable[..., Value]:
        least = len(params) if required is None else required
        native = "" if own else name
        FUNCTIONS[name] = Function(name, params, least, repeat, run, lifts, says, native, refuse)
        return run

    return register
