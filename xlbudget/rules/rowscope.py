"""What a name means in one row of a form, in a row of a tree, and in a group of rows; see :mod:`.scope`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .computing import Computing, NotHere, UnknownName, effective, is_empty
from .language import Frame, Value
from .model import NOT_APPLICABLE, REPORTED
from .program import FieldLike, RowSetLike
from .record import Entry, Row
from .tree import BELOW

if TYPE_CHECKING:
    from .scope import FormScope


class RowScope:
    """Names of one row: its columns, what is defined over them, then the form that it stands for or is on."""

    def __init__(self, parent: FormScope, rowset: RowSetLike, index: int) -> None:
        self.evaluation = parent.evaluation
        self.parent = parent
        self.rowset = rowset
        self.index = index
        self.linked = parent.evaluation.linked(rowset, index)
        rows = parent.record.rows.get(rowset.name, [])
        self.record: Row = rows[index] if index < len(rows) else {}
        self._columns = parent.evaluation.program.columns[parent.record.form, rowset.name]
        self._memo = Computing()
        self.frame = Frame(self._value, self.column)

    def entry(self, name: str) -> Entry | None:
        if name in self._columns:
            return self.record.get(name)
        if self.linked is not None and self.linked.spec(name) is not None:
            return self.linked.entry(name)
        return self.parent.entry(name)

    def spec(self, name: str) -> FieldLike | None:
        if name in self._columns:
            return self._columns[name]
        if self.linked is not None and self.linked.spec(name) is not None:
            return self.linked.spec(name)
        return self.parent.spec(name)

    def has(self, name: str) -> bool:
        """Whether a name is one of this row, or of the form that it stands for."""
        own = name in self._columns or name in self.rowset.defines
        return own or (self.linked is not None and self.linked.spec(name) is not None)

    def derived(self, name: str) -> bool:
        """Whether a cell of this row computes itself."""
        return self._columns[name].derived

    def formula(self, name: str) -> str:
        """The formula that gives a cell, "" for one that is filled in."""
        spec = self.spec(name)
        return spec.formula if spec is not None else ""

    def computed(self, name: str) -> Value:
        column = self._columns[name]
        if column.source:
            return self.linked.name(column.source) if self.linked is not None else ""
        return self._memo.get(name, self, column.formula)

    def name(self, name: str) -> Value:
        return self.frame[name]

    def _value(self, name: str) -> Value:
        column = self._columns.get(name)
        if column is not None:
            reported = self.evaluation.value(self.record.get(name), column)
            return self._effective(name, reported) if column.derived else reported
        if ":" in name:
            prefix, _, bare = name.rpartition(":")
            if prefix and bare in self._columns:
                if prefix == REPORTED:
                    return self.evaluation.value(self.record.get(bare), self._columns[bare])
                return self.computed(bare)
        text = self.rowset.defines.get(name)
        if text is not None:
            return self._memo.get(f"define:{name}", self, text)
        if self.linked is not None:
            try:
                return self.linked.name(name)
            except UnknownName:
                return self.parent.name(name)
        return self.parent.name(name)

    def _effective(self, name: str, reported: Value) -> Value:
        try:
            return effective(self.computed(name), reported)
        except NotHere:  # its formula uses another form, which is absent
            if is_empty(reported):
                raise
            return reported

    def column(self, rowset: str, name: str) -> list[Value]:
        return self.parent.column(rowset, name)


class TreeRow(RowScope):
    """Names of one row of a tree: amounts are sums where there are rows below."""

    def below(self) -> list[RowScope]:
        """The rows directly below this one."""
        rows = self.parent.rows(self.rowset.name)
        children = self.parent.tree(self.rowset.name).children
        return [rows[i] for i in children[self.index]] if self.index < len(children) else []

    def derived(self, name: str) -> bool:
        column = self._columns[name]
        return column.derived or (bool(column.subtotal) and bool(self.below()))

    def formula(self, name: str) -> str:
        column = self._columns.get(name)
        sums = column is not None and column.subtotal and self.below()
        return column.subtotal if column is not None and sums else super().formula(name)

    def computed(self, name: str) -> Value:
        """What the formula of a cell gives. Raises NotHere for an amount in a row that has none below."""
        column = self._columns[name]
        if not column.subtotal:
            return super().computed(name)
        if not self.derived(name):
            raise NotHere(NOT_APPLICABLE)
        return self._memo.get(name, self, column.subtotal)

    def _value(self, name: str) -> Value:
        column = self._columns.get(name)
        if column is not None and column.subtotal and self.below():
            return self._effective(name, self.evaluation.value(self.record.get(name), column))
        return super()._value(name)

    def column(self, rowset: str, name: str) -> list[Value]:
        if rowset == self.rowset.name and name.startswith(BELOW):
            return [row.name(name[len(BELOW) :]) for row in self.below()]
        return super().column(rowset, name)


class GroupScope:
    """Names of a run of neighbouring rows under one label: columns mean those rows, other names the first."""

    def __init__(self, parent: FormScope, rowset: str, rows: list[RowScope]) -> None:
        self.evaluation = parent.evaluation
        self.parent = parent
        self.rowset = rowset
        self.rows = rows
        self.frame = Frame(self.name, self.column)

    def entry(self, name: str) -> Entry | None:
        return self.rows[0].entry(name)

    def spec(self, name: str) -> FieldLike | None:
        return self.rows[0].spec(name)

    def formula(self, name: str) -> str:
        return self.rows[0].formula(name)

    def name(self, name: str) -> Value:
        return self.rows[0].name(name)

    def column(self, rowset: str, name: str) -> list[Value]:
        if rowset == self.rowset:
            return [r.name(name) for r in self.rows]
        return self.parent.column(rowset, name)


def groups(form: FormScope, rowset: str, label: str) -> list[GroupScope]:
    """The runs of neighbouring rows whose ``label`` column says the same."""
    out: list[GroupScope] = []
    last: Value = None
    for row in form.rows(rowset):
        value = row.name(label)
        if out and value == last:
            out[-1].rows.append(row)
        else:
            out.append(GroupScope(form, rowset, [row]))
        last = value
    return out
