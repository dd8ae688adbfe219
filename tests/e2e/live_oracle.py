"""What the live formats of a workbook must show, by our evaluator.

A live format sees less than the audit, and :class:`AsSeen` says exactly what: a cell shows so many decimals,
not more; a summary's row shows numbers of another sheet, of which nothing else is known. Apart from that it
must say what the audit says. See the section on live formats in docs/engine-differences.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.e2e.live_sheets import Values, recalculated_book
from tests.e2e.native_cases import Case
from tests.rules.language_samples import Names
from xlbudget.figures import Interval
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import check_rule
from xlbudget.rules.language import Call, Name, Text, Value, evaluate, expand, walk
from xlbudget.rules.live import live_condition
from xlbudget.rules.model import OutcomeKind, Precision, Rule
from xlbudget.rules.program import FieldLike, RowSetLike
from xlbudget.rules.record import Entry, Row
from xlbudget.rules.scope import AnyScope, Evaluation, FormScope, GroupScope, UnknownName, groups
from xlbudget.workbook.read import read_record

MOST_PARTS = 3  # cells of a project that one cell of the summary adds up, at most
WHOLE = 0  # the row of a rule that speaks of a whole form

NOTHING = Names({})

Spot = tuple[str, int]  # sheet, first row of the group or row


class AsSeen(Evaluation):
    """The evaluation of what a sheet shows."""

    def value(self, entry: Entry | None, spec: FieldLike) -> Value:
        value = super().value(entry, spec)
        if isinstance(value, Interval):
            return Interval.around(value.mid, Fraction(1, 2 * 10**spec.decimals))
        return value

    def linked(self, rowset: RowSetLike, index: int) -> FormScope | None:
        form = super().linked(rowset, index)
        if form is None:
            return None
        summary = next(f for f in self.record.forms if rowset.name in f.rows and f.form != rowset.of)
        return _Repeated(form, summary.rows[rowset.name][index], rowset)


class _Repeated(FormScope):
    """A form of which a summary's row shows some numbers, and no more than that."""

    def __init__(self, form: FormScope, row: Row, rowset: RowSetLike) -> None:
        super().__init__(form.evaluation, form.record)
        self._shown = {c.source: (row.get(c.name), c) for c in rowset.columns if c.source}

    def name(self, name: str) -> Value:
        if name not in self._shown:
            raise UnknownName(name)
        value = self.evaluation.value(*self._shown[name])
        if isinstance(value, Interval):
            return Interval.around(value.mid, MOST_PARTS * (value.hi - value.mid))
        return value


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of a rule: where it starts on its sheet, and its scope."""

    spot: Spot
    scope: AnyScope


class Judge:
    """The audit of one recalculated workbook, as it is and as its sheets show it."""

    def __init__(self, case: Case, values: Values) -> None:
        self.case = case
        self.values = values
        self.program = pack_program(case.pack)
        record, _ = read_record(recalculated_book(case.data, values), case.pack)
        self._audits = {shown: Evaluation(self.program, record, shown) for shown in (False, True)}
        self._seen = {shown: AsSeen(self.program, record, shown) for shown in (False, True)}

    def audited(self, rule: Rule) -> dict[Spot, Subject]:
        """Where the audit finds a rule broken by more than the printed digits can explain."""
        return _broken(rule, self._audits[rule.precision is Precision.SHOWN])

    def seen(self, rule: Rule) -> dict[Spot, Subject]:
        """The same with no more knowledge than the rule's sheet shows."""
        return _broken(rule, self._seen[rule.precision is Precision.SHOWN])

    def applied(self) -> dict[str, set[Spot]]:
        """Where the live formats apply: rule → spots."""
        out: dict[str, set[Spot]] = {}
        for probe in self.case.probes:
            found = out.setdefault(probe.live.rule, set())
            whole = not self.case.pack.rule_by_id[probe.live.rule].each
            hits = [row for row in probe.cells if probe.applies(self.values, row)]
            found |= {(probe.sheet, WHOLE if whole else row) for row in hits}
        return out

    def may_be_silent(self, rule: Rule, subject: Subject) -> bool:
        """Whether one of the documented reasons keeps a live format still where the audit speaks."""
        if isinstance(subject.scope, GroupScope):
            return _unfilled(rule, subject.scope) or self._open_below(rule, subject)
        read = {
            part.args[0].name
            for part in walk(live_condition(self.program, rule))
            if isinstance(part, Call) and part.fn in ("NUMVAL", "RELSIGN") and isinstance(part.args[0], Name)
        }
        entries = [subject.scope.entry(name) for name in read]
        places = [e.place for e in entries if e is not None and e.place is not None]
        return any(_unreadable(self.values[p.sheet].get(p.ref)) for p in places)

    def _open_below(self, rule: Rule, subject: Subject) -> bool:
        """The group is more than the rows under its merged label: below it stands no label, or the same."""
        assert isinstance(subject.scope, GroupScope)
        boxes = [
            p.live.boxes[0] for p in self.case.probes if p.live.rule == rule.id and p.sheet == subject.spot[0]
        ]
        own = next(box for box in boxes if box.row == subject.spot[1])
        return len(subject.scope.rows) > own.row2 - own.row + 1


def _broken(rule: Rule, evaluation: Evaluation) -> dict[Spot, Subject]:
    out = {}
    found = list(_subjects(rule, evaluation))
    for subject, outcome in zip(found, check_rule(rule, evaluation), strict=True):
        assert outcome.kind is not OutcomeKind.BROKEN, outcome
        if any(not f.tail for f in outcome.findings):
            out[subject.spot] = subject
    return out


def _subjects(rule: Rule, evaluation: Evaluation) -> Iterator[Subject]:
    """The subjects of a rule, in the order of the audit."""
    rowset, _, label = rule.each.partition("/")
    for record in evaluation.record.of(rule.form):
        form = evaluation.form(record)
        if label:
            for group in groups(form, rowset, label):
                yield Subject((record.sheet, _row_of(group.rows[0].record)), group)
        elif rowset:
            for row in form.rows(rowset):
                yield Subject((record.sheet, _row_of(row.record)), row)
        else:
            yield Subject((record.sheet, WHOLE), form)


def _row_of(row: Row) -> int:
    """The row of the sheet that a record's row came from; merged labels stand further up."""
    return max(e.place.row for e in row.values() if e.place is not None)


def _unfilled(rule: Rule, group: GroupScope) -> bool:
    """All cells that the format would colour are blank."""
    columns = [mark.partition("[")[2].rstrip("]") for mark in rule.marks]
    entries = [row.entry(column) for row in group.rows for column in columns]
    return all(e is None or e.blank for e in entries)


def _unreadable(text: object) -> bool:
    """A text that Excel cannot read as the audit does."""
    if not isinstance(text, str):
        return False
    number, sign = (evaluate(expand(Call(fn, (Text(text),))), NOTHING) for fn in ("NUMVAL", "RELSIGN"))
    unread = number == "" and re.search(r"\d", text) is not None  # full-width digits too
    return unread or sign != evaluate(Call("RELSIGN", (Text(text),)), NOTHING)
