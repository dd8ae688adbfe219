"""A pack: everything that policy decides for one region and year, loaded and merged with its parents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xlbudget.rules.laws import Law
from xlbudget.rules.model import Rule, Status

from .layout import Form, Param


class PackError(ValueError):
    """A pack cannot be used; the message names the pack, the file and the entry, in the user's words."""


@dataclass(frozen=True)
class Pack:
    """Forms, rules, laws and parameters under one id and version.

    ``lineage`` lists the ids from this pack up to the root; ``basis`` is the leading document.
    """

    id: str
    title: str
    version: str
    region: str
    disclosure: str
    basis: str
    lineage: tuple[str, ...]
    params: Mapping[str, Param]
    laws: Mapping[str, Law]
    forms: tuple[Form, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def form_by_id(self) -> dict[str, Form]:
        return {f.id: f for f in self.forms}

    @cached_property
    def rule_by_id(self) -> dict[str, Rule]:
        return {r.id: r for r in self.rules}

    def form(self, form_id: str) -> Form:
        try:
            return self.form_by_id[form_id]
        except KeyError:
            raise PackError(f"规则包 {self.id} 里没有表样“{form_id}”") from None

    def rules_of(self, form_id: str) -> list[Rule]:
        """The rules in force for a form, in the order of the pack."""
        return [r for r in self.rules if r.form == form_id and r.status is not Status.OFF]

    @property
    def signature(self) -> str:
        """What a workbook carries to say which forms it was made from, e.g. ``S3-HN@2020.1``."""
        return f"{self.id}@{self.version}"
