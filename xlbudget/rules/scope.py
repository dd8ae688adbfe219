"""What a name means where a formula stands: on a form, in one row of it, in one group of rows.

An :class:`Evaluation` holds one record and answers from it, computing derived and defined quantities when
they are first asked for and remembering them. A bare name of a derived field means what the form's formula
gives from the inputs; where the inputs are missing, what was reported. ``填报数(名称)`` always means what
stands on the form, ``计算数(名称)`` always what the formula gives. A name that the form does not have is
that of the one other form that has it.
"""

from __future__ import annotations

from xlbudget.figures import Figure

from .computing import Computing, NotHere, UnknownName, effective, is_empty
from .language import ErrorValue, Frame, Value
from .model import COMPUTED, REPORTED
from .program import FieldLike, Program, RowSetLike
from .record import CellIssue, Entry, FormRecord, Record
from .rowscope import GroupScope, RowScope, TreeRow, groups
from .tree import TOP, Tree, part_of, tree_of_rows

__all__ = [
    "EXACT_KINDS",
    "AnyScope",
    "Evaluation",
    "FormScope",
    "GroupScope",
    "NotHere",
    "RowScope",
    "UnknownName",
    "groups",
    "is_empty",
]

EXACT_KINDS = frozenset({"score", "weight", "year"})  # counted or set, never rounded from something finer


class Evaluation:
    """One record under one program. ``shown`` makes money and rates intervals of their printed digits."""

    def __init__(self, program: Program, record: Record, shown: bool = False) -> None:
        self.program = program
        self.record = record
        self.shown = shown
        self._forms: dict[int, FormScope] = {}
        self._of = {f.form: list(record.of(f.form)) for f in record.forms}

    def of(self, form: str) -> list[FormRecord]:
        """The forms of one kind, in order."""
        return self._of.get(form, [])

    def form(self, form: FormRecord) -> FormScope:
        scope = self._forms.get(id(form))
        if scope is None:
            scope = self._forms[id(form)] = FormScope(self, form)
        return scope

    def single(self, form: str) -> FormScope:
        """The form of a kind with a single sheet. Raises NotHere where the record lacks it."""
        forms = self.of(form)
        if not forms:
            raise NotHere(f"没有《{self.program.forms[form].title}》")
        return self.form(forms[0])

    def linked(self, rowset: RowSetLike, index: int) -> FormScope | None:
        """The form that row ``index`` of a row set stands for."""
        if not rowset.of:
            return None
        forms = self.of(rowset.of)
        return self.form(forms[index]) if index < len(forms) else None

    def value(self, entry: Entry | None, spec: FieldLike) -> Value:
        """What a cell says, as a value of the rule language."""
        if entry is None:
            return None
        if entry.issue is not None and entry.issue is CellIssue.ERROR_VALUE:
            return ErrorValue(entry.raw or "#VALUE!")
        if isinstance(entry.value, Figure):
            if self.shown and spec.kind not in EXACT_KINDS:
                return entry.value.interval
            return entry.value.value
        if entry.issue is not None and entry.issue is CellIssue.NOT_A_NUMBER:
            return entry.raw
        return entry.value


class FormScope:
    """Names of one form."""

    def __init__(self, evaluation: Evaluation, form: FormRecord) -> None:
        self.evaluation = evaluation
        self.record = form
        self.schema = evaluation.program.forms[form.form]
        self._fields = evaluation.program.fields[form.form]
        self._rowsets = evaluation.program.rowsets[form.form]
        self._memo = Computing()
        self.frame = Frame(self._value, self.column)
        self._rows: dict[str, list[RowScope]] = {}
        self._columns: dict[tuple[str, str], list[Value]] = {}
        self._trees: dict[str, Tree] = {}
        self.subjects: dict[str, list[tuple[AnyScope, str]]] = {}
        self.odd: list[tuple[str, Entry, FormScope | RowScope]] | None = None  # see audit_structure

    def row(self, rowset: str, index: int) -> RowScope:
        rows = self.rows(rowset)
        return rows[index] if index < len(rows) else RowScope(self, self._rowsets[rowset], index)

    def rows(self, rowset: str) -> list[RowScope]:
        """The rows of a row set; the list is kept, so it must not be changed."""
        found = self._rows.get(rowset)
        if found is None:
            schema = self._rowsets[rowset]
            count = len(self.record.rows.get(rowset, []))
            if schema.of:
                count = max(count, len(self.evaluation.of(schema.of)))
            kind = TreeRow if schema.tree else RowScope
            found = self._rows[rowset] = [kind(self, schema, i) for i in range(count)]
        return found

    def tree(self, rowset: str) -> Tree:
        """The hierarchy of the rows of a row set that is a tree."""
        found = self._trees.get(rowset)
        if found is None:
            rows = self.record.rows.get(rowset, [])
            found = self._trees[rowset] = tree_of_rows(rows, self._rowsets[rowset].tree)
        return found

    def elsewhere(self, name: str) -> FormScope | None:
        """The other form that has a name which this form lacks. Raises NotHere where that is absent."""
        home = self.evaluation.program.home(self.record.form, name)
        return self.evaluation.single(home) if home else None

    def has(self, name: str) -> bool:
        """Whether a name is one of this form."""
        return name in self._fields or name in self.schema.defines

    def entry(self, name: str) -> Entry | None:
        if name in self._fields:
            return self.record.fields.get(name)
        home = self.evaluation.program.home(self.record.form, name)
        return self.evaluation.single(home).entry(name) if home and self.evaluation.of(home) else None

    def spec(self, name: str) -> FieldLike | None:
        found = self._fields.get(name)
        if found is None:
            program = self.evaluation.program
            home = program.home(self.record.form, name)
            return program.fields[home].get(name) if home else None
        return found

    def derived(self, name: str) -> bool:
        """Whether a cell computes itself."""
        return self._fields[name].derived

    def formula(self, name: str) -> str:
        """The formula that gives a cell, "" for one that is filled in."""
        spec = self._fields.get(name)
        return spec.formula if spec is not None else ""

    def reported(self, name: str) -> Value:
        return self.evaluation.value(self.record.fields.get(name), self._fields[name])

    def computed(self, name: str) -> Value:
        """What the formula of a derived field gives; "" when its inputs are missing."""
        return self._memo.get(name, self, self._fields[name].formula)

    def name(self, name: str) -> Value:
        return self.frame[name]

    def _value(self, name: str) -> Value:
        spec = self._fields.get(name)
        if spec is not None:
            return self._effective(name) if spec.derived else self.reported(name)
        prefix, _, bare = name.rpartition(":")
        if prefix and bare in self._fields:
            if prefix == COMPUTED and not self._fields[bare].derived:
                raise UnknownName(f"“{bare}”没有公式，不能用 计算数()")
            return self.reported(bare) if prefix == REPORTED else self.computed(bare)
        text = self.schema.defines.get(name)
        if text is not None:
            return self._memo.get(f"define:{name}", self, text)
        other = self.elsewhere(bare)
        if other is None:
            raise UnknownName(f"没有栏目“{name}”")
        return other.name(name)

    def _effective(self, name: str) -> Value:
        reported = self.reported(name)
        try:
            return effective(self.computed(name), reported)
        except NotHere:  # its formula uses another form, which is absent
            if is_empty(reported):
                raise
            return reported

    def column(self, rowset: str, name: str) -> list[Value]:
        """The values of a column; the list is kept, so it must not be changed."""
        found = self._columns.get((rowset, name))
        if found is None:
            found = self._columns[rowset, name] = self._column(rowset, name)
        return found

    def _column(self, rowset: str, name: str) -> list[Value]:
        if rowset in self._rowsets:
            part, bare = part_of(name)
            if not part:
                return [r.name(name) for r in self.rows(rowset)]
            if part != TOP:
                raise UnknownName(f"“{name}”只在一行里有意义")
            rows = self.rows(rowset)
            return [rows[i].name(bare) for i in self.tree(rowset).top]
        home = self.evaluation.program.rowset_home(self.record.form, rowset)
        if home:
            return self.evaluation.single(home).column(rowset, name)
        for other in self.evaluation.record.forms:  # rows that stand for forms of the same unit
            if rowset in self.evaluation.program.rowsets[other.form]:
                return self.evaluation.form(other).column(rowset, name)
        if any(rowset in sets for sets in self.evaluation.program.rowsets.values()):
            return []
        raise UnknownName(f"没有行集“{rowset}”")


AnyScope = FormScope | RowScope | GroupScope
