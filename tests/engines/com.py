"""The border to the other process: every call that would go over COM is counted, and refused while busy."""

from __future__ import annotations

import functools
import types
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from .windows import BUSY, ComError, Dispatched


class Border:
    """What one Excel's border saw. ``busy`` is the number of calls that will still be refused."""

    def __init__(self) -> None:
        self.calls = 0
        self.by_name: Counter[str] = Counter()
        self.inside = False
        self.busy = 0
        self.busy_with = BUSY

    def crossed(self, name: str) -> None:
        self.calls += 1
        self.by_name[name] += 1
        if self.busy:
            self.busy -= 1
            raise ComError(self.busy_with, "应用程序正忙")

    def reset(self) -> None:
        self.calls = 0
        self.by_name.clear()


class ComObject(Dispatched):
    """An object behind COM. Names with a capital are its members; all else is the model's own.

    A member called by another member of the model does not cross the border again.
    """

    _members: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, border: Border) -> None:
        self._border = border

    def __init_subclass__(cls) -> None:
        found = set()
        for name, member in list(vars(cls).items()):
            if name == "__call__" or (name[0].isupper() and name != "GetIDsOfNames"):
                found.add(name)
                setattr(cls, name, _crossing(f"{cls.__name__}.{name}", member))
        cls._members = frozenset(found).union(*(getattr(base, "_members", ()) for base in cls.__bases__))

    def __setattr__(self, name: str, value: Any) -> None:
        if name[0].isupper() and name not in self._members:
            raise AssertionError(f"{type(self).__name__}.{name} is not in the model")
        if name[0].isupper() and (found := getattr(type(self), name)) and found.fset is None:
            raise AssertionError(f"{type(self).__name__}.{name} cannot be set in the model")
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__}.{name} is not in the model")

    @property
    def _oleobj_(self) -> ComObject:  # xlwings asks it whether a name exists
        return self

    def GetIDsOfNames(self, lcid: int, name: str) -> int:
        raise AssertionError(f"{type(self).__name__}.{name} is not in the model")


def _crossing(name: str, member: Any) -> Any:
    if isinstance(member, property):
        return property(
            member.fget and _counted(name, member.fget), member.fset and _counted(f"{name} =", member.fset)
        )
    return _counted(name, member) if isinstance(member, types.FunctionType) else member


def _counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(self: ComObject, *args: Any, **kwargs: Any) -> Any:
        border = self._border
        if border.inside:
            return function(self, *args, **kwargs)
        border.crossed(name)
        border.inside = True
        try:
            return function(self, *map(bare, args), **{k: bare(v) for k, v in kwargs.items()})
        finally:
            border.inside = False

    return call


def bare(value: Any) -> Any:
    """The object itself when xlwings hands over its retrying wrapper."""
    return (
        object.__getattribute__(value, "_inner") if type(value).__name__ == "COMRetryObjectWrapper" else value
    )
