"""What every kind of law can do, and the node-building helpers that the kinds share."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from xlbudget.figures import shown

from ..language import Call, Node, Number, Text, literal

EMPTY = Text("")
INSIDE = 6  # decimals to which every measured value is rounded before it is compared with a limit


class Shape(Protocol):
    """One kind of law with its parameters read."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the arguments of :meth:`build` are, in Chinese."""

    def build(self, *args: Node) -> Node:
        """The formula of the score."""

    def sentence(self) -> str:
        """The law in one Chinese sentence."""

    def problems(self) -> list[str]:
        """Chinese sentences about what is wrong with the parameters; empty when nothing is."""


def call(fn: str, *args: Node) -> Call:
    return Call(fn, args)


def num(value: Fraction | int) -> Node:
    return literal(Fraction(value))


def if_number(x: Node, result: Node) -> Node:
    """``result`` where ``x`` is a number, else no score."""
    return result if isinstance(x, Number) else call("IF", call("ISNUMBER", x), result, EMPTY)


def rounded(x: Node, digits: int) -> Node:
    return call("ROUND", x, num(digits))


def figure_text(value: Fraction, percent: bool = False) -> str:
    """A limit as a person writes it: 0.5, or 10% when it is a ratio."""
    scaled = value * 100 if percent else value
    for decimals in range(16):
        if (scaled * 10**decimals).denominator == 1:
            return shown(value, decimals + (2 if percent else 0), percent)
    return str(value)
