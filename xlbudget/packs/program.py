"""A pack's program: its formulas ready to run, made once per pack."""

from __future__ import annotations

from functools import lru_cache

from xlbudget.rules.program import Program

from .model import Pack


def pack_program(pack: Pack) -> Program:
    """The program of a pack (kept for the last packs used)."""
    return _program(_ById(pack))


class _ById:
    """A pack compared by identity, so that the cache need not hash its contents."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.pack is other.pack


@lru_cache(maxsize=32)
def _program(key: _ById) -> Program:
    pack = key.pack
    params = {p.name: p.value for p in pack.params.values()}
    return Program(pack.signature, pack.forms, pack.rules, params, pack.laws)
