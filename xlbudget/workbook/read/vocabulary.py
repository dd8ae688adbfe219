"""All that a form's labels say: its captions by role, and what tells equal ones apart."""

from __future__ import annotations

from collections.abc import Iterable

from xlbudget.packs.layout import Form
from xlbudget.workbook.byid import once_for_each

from .captions import Concept, concept
from .labels import spelling, unstuttered


class Vocabulary:
    """All captions and labels of a form, by role."""

    def __init__(self, form: Form) -> None:
        self.form = form
        order = {b.name: i for i, b in enumerate(form.blocks)}
        first_rowset = min((order[r.name] for r in form.rowsets), default=len(order))
        self.foot_blocks = {b for b, i in order.items() if i > first_rowset}
        self.foot = {f.captions[0] for f in form.fields if f.block in self.foot_blocks and f.captions[0]}
        self.rows = _concepts(f.captions[0] for f in form.fields)
        self.across: dict[str, list[Concept]] = {  # column captions over the fields of a block
            b.name: _concepts(f.captions[1] for f in form.fields if f.block == b.name) for b in form.blocks
        }
        columns = {r.name: _concepts(c.caption for c in r.columns) for r in form.rowsets}
        self.columns = columns
        everything = [*self.rows, *(c for cs in (*self.across.values(), *columns.values()) for c in cs)]
        self.spellings = {s for c in everything for s in c.spellings}
        self.spellings |= {s for x in form.statics if (s := spelling(x.text))}
        self.collapsed = {unstuttered(s) for s in self.spellings}
        across = [c for cs in (*self.across.values(), *columns.values()) for c in cs]
        self.groups = {g for c in across for g in c.contexts}
        self.sections = {s for c in self.rows for s in c.contexts}
        heading = {unstuttered(s) for c in across for s in c.spellings}
        beside = {unstuttered(s) for c in self.rows for s in c.spellings}
        self.heading = heading if heading & beside else set()
        """The column captions, where one of them is a row caption too."""
        self.total = len(self.rows) + sum(map(len, columns.values())) + sum(map(len, self.across.values()))

    def is_label(self, text: str) -> bool:
        return unstuttered(spelling(text)) in self.collapsed


vocabulary = once_for_each(Vocabulary)


def _concepts(keys: Iterable[str]) -> list[Concept]:
    return [concept(k) for k in dict.fromkeys(keys) if k]
