"""Tables that depend on one pack, form or the like: made once for each, found again by identity.

Packs and forms never change once loaded, but hold mappings and so cannot be hashed; looking at their
contents would also cost more than what is looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_KEPT = 64  # things remembered per table: the packs, or forms, that one process works with


class _ById(Generic[T]):
    """Stands for a thing in a cache; it keeps the thing alive, so that its identity is not given away."""

    __slots__ = ("thing",)

    def __init__(self, thing: T) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.thing is other.thing


def once_for_each(make: Callable[[T], R]) -> Callable[[T], R]:
    """A function of one unchanging argument, called once for each; what it gives must not be changed."""

    @lru_cache(maxsize=_KEPT)
    def made(key: _ById[T]) -> R:
        return make(key.thing)

    def known(thing: T) -> R:
        return made(_ById(thing))

    return known
