"""A rule's live condition as Excel text with gaps for references: written once, bound to many sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from xlbudget.rules.language import Binder, NotNative, to_excel
from xlbudget.rules.live import live_condition
from xlbudget.rules.model import Rule
from xlbudget.rules.program import Program

from .shared import held_name, shared_name

LONGEST = 8192  # characters of a formula
_GAP = re.compile("\x01([^\x01]*)\x01")


class _Gaps:
    """A binder that leaves a gap with the name in it."""

    def name(self, name: str) -> str:
        return f"\x01{name}\x01"

    def column(self, rowset: str, name: str) -> str:
        return f"\x01{rowset}\x02{name}\x01"


@dataclass(frozen=True, slots=True)
class LiveText:
    """Text and names in turn, text first and last; a column is row set and name joined by U+0002."""

    parts: tuple[str, ...]

    def written(self, binder: Binder) -> str:
        """The formula with its references. Raises NotNative for what has no cell, or grows too long."""
        refs = {gap: _bound(gap, binder) for gap in dict.fromkeys(self.parts[1::2])}
        text = "".join(refs[part] if i % 2 else part for i, part in enumerate(self.parts))
        if len(text) > LONGEST:
            raise NotNative("公式", f"写成 Excel 公式后超过{LONGEST}个字符")
        return text


def _bound(gap: str, binder: Binder) -> str:
    rowset, column, name = gap.partition("\x02")
    held = held_name(gap)
    if held:
        return held
    return binder.column(rowset, name) if column else binder.name(gap)


_KNOWN: WeakKeyDictionary[Program, dict[str, LiveText | str]] = WeakKeyDictionary()


def live_text(program: Program, rule: Rule) -> LiveText:
    """The live condition of a rule. Raises NotNative, with the reason, when it has none."""
    known = _KNOWN.setdefault(program, {})
    if rule.id not in known:
        known[rule.id] = _text(program, rule)
    found = known[rule.id]
    if isinstance(found, str):
        what, _, why = found.partition("：")
        raise NotNative(what, why)
    return found


def _text(program: Program, rule: Rule) -> LiveText | str:
    columns = program.columns.get((rule.form, rule.each), {})
    try:
        text = to_excel(live_condition(program, rule), _Gaps(), shared_name(columns.values()))
    except NotNative as reason:
        return str(reason)
    return LiveText(tuple(_GAP.split(text)))
