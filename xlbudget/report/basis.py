"""How many bases that nobody has confirmed yet (待核) an audit rested on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlbudget.packs import Pack
from xlbudget.rules.model import AuditResult, OutcomeKind

_WORD = re.compile(r"[^\W\d]\w*")
_MARK = "待核"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Ids of rules that ran, and names of the parameters they use, whose basis says 待核."""

    rules: tuple[str, ...] = ()
    params: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.rules) + len(self.params)


def unconfirmed(result: AuditResult, pack: Pack | None) -> Unconfirmed:
    """The unconfirmed bases behind the rules that passed or found something; none without the pack."""
    if pack is None:
        return Unconfirmed()
    ran = dict.fromkeys(
        o.rule for o in result.outcomes if o.kind in (OutcomeKind.PASSED, OutcomeKind.FINDING)
    )
    rules = [pack.rule_by_id[r] for r in ran if r in pack.rule_by_id]
    formulas = _formulas(pack)
    words: set[str] = set()
    waiting = [t for r in rules for t in (r.when, r.left, r.right, r.message)]
    while waiting:
        fresh = set(_WORD.findall(waiting.pop())) - words
        words |= fresh
        waiting += [text for word in fresh for text in formulas.get(word, ())]
    return Unconfirmed(
        rules=tuple(r.id for r in rules if r.unconfirmed),
        params=tuple(p.name for p in pack.params.values() if p.name in words and _MARK in p.basis),
    )


def _formulas(pack: Pack) -> dict[str, list[str]]:
    """The formulas behind each name of a pack, whatever form it belongs to."""
    out: dict[str, list[str]] = {}
    for form in pack.forms:
        named = [*form.defines.items(), *((f.name, f.formula) for f in form.fields)]
        for rowset in form.rowsets:
            named += [*rowset.defines.items(), *((c.name, c.formula) for c in rowset.columns)]
        for name, formula in named:
            if formula:
                out.setdefault(name, []).append(formula)
    return out
