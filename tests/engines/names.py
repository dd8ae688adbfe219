"""Defined names in the object model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .com import ComObject
from .store import Named
from .windows import refused


class Names(ComObject):
    """The defined names of one scope. A workbook lists those of its sheets too, as ``Sheet!Name``."""

    def __init__(self, book: Any, scope: str) -> None:
        super().__init__(book._border)
        self.book = book
        self.scope = scope

    def listed(self) -> list[Named]:
        names = self.book.store.names()
        return [n for n in names if n.sheet == self.scope] if self.scope else names

    def find(self, key: str) -> Named | None:
        sheet, _, name = key.rpartition("!")
        scopes = [sheet.strip("'")] if sheet else [self.scope] if self.scope else ["", self.book.active]
        for scope in scopes:
            for n in self.book.store.names():
                if (n.sheet.casefold(), n.name.casefold()) == (scope.casefold(), name.casefold()):
                    return n
        return None

    def __call__(self, key: Any) -> NameObject:
        found = self.find(key) if isinstance(key, str) else self.listed()[int(key) - 1]
        if found is None:
            raise refused("应用程序定义或对象定义错误")
        return NameObject(self.book, found)

    Item = __call__

    def __iter__(self) -> Iterator[NameObject]:
        self._border.crossed("Names.__iter__")
        return iter([NameObject(self.book, n) for n in self.listed()])

    @property
    def Count(self) -> int:
        return len(self.listed())

    def Add(self, Name: str, RefersTo: str, Visible: bool = True) -> Any:
        if not RefersTo.startswith("="):
            raise refused("公式错误")
        named = Named(self.scope, Name, RefersTo[1:], not Visible)
        for old in self.book.store.names():
            if (old.sheet, old.name.casefold()) == (self.scope, Name.casefold()):
                self.book.store.drop_name(old)
        self.book.store.put_name(named)
        return NameObject(self.book, named)


class NameObject(ComObject):
    """One defined name."""

    def __init__(self, book: Any, named: Named) -> None:
        super().__init__(book._border)
        self.book = book
        self.named = named

    @property
    def Name(self) -> str:
        n = self.named
        return f"'{n.sheet}'!{n.name}" if n.sheet else n.name

    @property
    def RefersTo(self) -> str:
        return "=" + self.named.target

    @property
    def Visible(self) -> bool:
        return not self.named.hidden

    @Visible.setter
    def Visible(self, value: bool) -> None:
        self.book.store.drop_name(self.named)
        self.named = replace(self.named, hidden=not value)
        self.book.store.put_name(self.named)

    def Delete(self) -> None:
        self.book.store.drop_name(self.named)
