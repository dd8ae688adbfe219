"""What a name means where a formula stands: on a form, in one row of it, in one group of rows.

An :class:`Evaluation` holds one record and answers from it, computing derived and defined quantities when
they are first asked for and remembering them. A bare name of a derived field means what the form's formula
gives from the inputs; where the inputs are missing, what was reported. ``填报数(名称)`` always means what
stands on the form, ``计算数(名称)`` always what the formula gives.
"""

from __future__ import annotations

from xlbudget.figures import Figure

from .language import ErrorValue, Frame, Value
from .program import COMPUTED, REPORTED, FieldLike, Program, RowSetLike
from .record import CellIssue, Entry, FormRecord, Record, Row

EXACT_KINDS = frozenset({"score", "weight", "year"})  # counted or set, never rounded from something finer


class UnknownName(LookupError):
    """A formula speaks of a name that exists neither on the form nor in the pack: the rule is broken."""


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


def is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, str) and value.strip() == "")


def _first(computed: Value, reported: Value) -> Value:
    """What the formula gives; where it gives nothing what was reported, and its error where nothing was."""
    if not is_empty(computed) and not isinstance(computed, ErrorValue):
        return computed
    return computed if isinstance(computed, ErrorValue) and is_empty(reported) else reported


class _Computing:
    """Remembered values of one scope, with a guard against formulas that need themselves."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}
        self._open: set[str] = set()

    def get(self, key: str, scope: FormScope | RowScope, text: str) -> Value:
        if key in self._values:
            return self._values[key]
        if key in self._open:
            raise UnknownName(f"“{key}”的公式绕回了自己")
        self._open.add(key)
        try:
            value = scope.evaluation.program.step(text)(scope.frame)
        finally:
            self._open.discard(key)
        self._values[key] = value
        return value


class FormScope:
    """Names of one form."""

    def __init__(self, evaluation: Evaluation, form: FormRecord) -> None:
        self.evaluation = evaluation
        self.record = form
        self.schema = evaluation.program.forms[form.form]
        self._fields = evaluation.program.fields[form.form]
        self._rowsets = evaluation.program.rowsets[form.form]
        self._memo = _Computing()
        self.frame = Frame(self._value, self.column)
        self._rows: dict[str, list[RowScope]] = {}
        self._columns: dict[tuple[str, str], list[Value]] = {}
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
            found = self._rows[rowset] = [RowScope(self, schema, i) for i in range(count)]
        return found

    def entry(self, name: str) -> Entry | None:
        return self.record.fields.get(name)

    def spec(self, name: str) -> FieldLike | None:
        return self._fields.get(name)

    def reported(self, name: str) -> Value:
        return self.evaluation.value(self.entry(name), self._fields[name])

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
        if text is None:
            raise UnknownName(f"没有栏目“{name}”")
        return self._memo.get(f"define:{name}", self, text)

    def _effective(self, name: str) -> Value:
        return _first(self.computed(name), self.reported(name))

    def column(self, rowset: str, name: str) -> list[Value]:
        """The values of a column; the list is kept, so it must not be changed."""
        found = self._columns.get((rowset, name))
        if found is None:
            found = self._columns[rowset, name] = self._column(rowset, name)
        return found

    def _column(self, rowset: str, name: str) -> list[Value]:
        if rowset in self._rowsets:
            return [r.name(name) for r in self.rows(rowset)]
        for other in self.evaluation.record.forms:  # a row set of another form of the same unit
            if rowset in self.evaluation.program.rowsets[other.form]:
                return self.evaluation.form(other).column(rowset, name)
        if any(rowset in sets for sets in self.evaluation.program.rowsets.values()):
            return []
        raise UnknownName(f"没有行集“{rowset}”")


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
        self._memo = _Computing()
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
            return _first(self.computed(name), reported) if column.derived else reported
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

    def column(self, rowset: str, name: str) -> list[Value]:
        return self.parent.column(rowset, name)


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

    def name(self, name: str) -> Value:
        return self.rows[0].name(name)

    def column(self, rowset: str, name: str) -> list[Value]:
        if rowset == self.rowset:
            return [r.name(name) for r in self.rows]
        return self.parent.column(rowset, name)


AnyScope = FormScope | RowScope | GroupScope


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
