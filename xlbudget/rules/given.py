"""A record built from names and contents alone, for one rule: its examples, or values handed to a function.

A bare name is a field of the rule's form, a column of the row at hand (the first row), or, where rows stand
for forms, a field of the first such form. ``指标[得分]`` fills a column row by row; ``项目[预期目标]`` fills
the forms that the rows stand for (from such a form's own rule: the unit's other forms, their first row as
``项目[指标/年度指标值]``). A name or column of another form with a single sheet fills that form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Generic, TypeAlias, TypeVar

from xlbudget.figures import Figure, parse_figure

from .language.decimals import general
from .model import Rule
from .program import FieldLike, Program
from .record import CellIssue, Entry, FormRecord, Place, Record
from .tree import code_text

C = TypeVar("C")

_SHEET = "例"  # the sheet and key of a form that stands on no sheet


class GivenError(ValueError):
    """A name that the rule's form does not have; the message is Chinese."""


class RecordBuilder(Generic[C]):
    """Fills :attr:`record` name by name. ``entry`` makes the entry of one content for its field."""

    def __init__(self, program: Program, rule: Rule, entry: Callable[[C, FieldLike, Place], Entry]) -> None:
        self.program = program
        self.rule = rule
        self.record = Record(program.pack_id)
        self._content = entry
        self._form = FormRecord(rule.form, key=_SHEET, sheet=_SHEET)
        self.record.forms.append(self._form)
        self._count = 0

    def put(self, name: str, contents: Sequence[C]) -> None:
        """The contents of a name: of a column row by row, else one. Raises GivenError."""
        rowset, bracket, column = name.partition("[")
        if bracket:
            for index, one in enumerate(contents):
                self._column(rowset, column.rstrip("]"), index, one)
        elif len(contents) == 1:
            self._single(name, contents[0])
        else:
            raise GivenError(f"“{name}”只能给一个值；整列写成 行集[列]，如 指标[得分]")

    def _single(self, name: str, content: C) -> None:
        each = self.rule.each.partition("/")[0]
        columns = self.program.columns.get((self.rule.form, each), {})
        fields = self.program.fields[self.rule.form]
        if name in columns:
            self._row(self._form, each, 0)[name] = self._entry(content, columns[name])
        elif name in fields:
            self._form.fields[name] = self._entry(content, fields[name])
        elif each and self.program.rowsets[self.rule.form][each].of:
            self._linked(each, name, 0, content)
        elif home := self.program.home(self.rule.form, name):
            spec = self.program.fields[home].get(name)
            if spec is None:
                raise GivenError(f"“{name}”是算出来的，例子里请给它所用的栏目")
            self._nth(home, 0).fields[name] = self._entry(content, spec)
        else:
            raise GivenError(f"“{name}”不是“{self.rule.form}”的栏目")

    def _column(self, rowset: str, column: str, index: int, content: C) -> None:
        own = self.program.columns.get((self.rule.form, rowset))
        home = self.program.rowset_home(self.rule.form, rowset)
        if own is None and home:
            columns = self.program.columns[home, rowset]
            if column not in columns:
                raise GivenError(f"行集“{rowset}”没有列“{column}”")
            self._row(self._nth(home, 0), rowset, index)[column] = self._entry(content, columns[column])
        elif own is None:
            self._elsewhere(rowset, column, index, content)
        elif column in own:
            self._row(self._form, rowset, index)[column] = self._entry(content, own[column])
        elif self.program.rowsets[self.rule.form][rowset].of:
            self._linked(rowset, column, index, content)
        else:
            raise GivenError(f"行集“{rowset}”没有列“{column}”")

    def _linked(self, rowset: str, name: str, index: int, content: C) -> None:
        """Content of the form that a row stands for."""
        of = self.program.rowsets[self.rule.form][rowset].of
        spec = self.program.fields[of].get(name)
        if spec is None:
            raise GivenError(f"“{of}”没有栏目“{name}”")
        self._nth(of, index).fields[name] = self._entry(content, spec)

    def _elsewhere(self, rowset: str, name: str, index: int, content: C) -> None:
        """Content of the unit's other forms of the same kind, which a row set of a summary speaks of."""
        owner = next((f for f, sets in self.program.rowsets.items() if rowset in sets), None)
        if owner is None or self.program.rowsets[owner][rowset].of != self.rule.form:
            raise GivenError(f"没有行集“{rowset}”")
        if next(self.record.of(owner), None) is None:
            self.record.forms.append(FormRecord(owner, key=_SHEET, sheet="例汇总"))
        other = self._nth(self.rule.form, index + 1)
        inner, slash, column = name.partition("/")
        own = self.program.fields[self.rule.form]
        specs = self.program.columns.get((self.rule.form, inner), {}) if slash else own
        spec = specs.get(column if slash else name)
        if spec is None:
            raise GivenError(f"“{self.rule.form}”没有栏目“{name}”")
        target = self._row(other, inner, 0) if slash else other.fields
        target[spec.name] = self._entry(content, spec)

    def _nth(self, kind: str, index: int) -> FormRecord:
        """The form of a kind with this number, made with all before it where it is not there yet."""
        forms = list(self.record.of(kind))
        while len(forms) <= index:
            name = f"{_SHEET}{len(forms) + 1}"
            forms.append(FormRecord(kind, key=name, sheet=name))
            self.record.forms.append(forms[-1])
        return forms[index]

    def _row(self, form: FormRecord, rowset: str, index: int) -> dict[str, Entry]:
        rows = form.rows.setdefault(rowset, [])
        while len(rows) <= index:
            rows.append({})
        return rows[index]

    def _entry(self, content: C, spec: FieldLike) -> Entry:
        self._count += 1
        return self._content(content, spec, Place(_SHEET, self._count, 1, spec.name))


Content: TypeAlias = Fraction | str | bool | None
"""What a cell holds: a number, a text, TRUE or FALSE, or nothing."""


def entry_of(content: Content, spec: FieldLike, place: Place) -> Entry:
    """The entry of a cell that holds ``content``, as a reader of workbooks would make it."""
    if isinstance(content, bool):
        content = "TRUE" if content else "FALSE"
    if isinstance(content, Fraction):
        if not spec.numeric:
            return Entry(general(content), place)
        figure = Figure.of(content, percent=spec.kind == "percent")
        return Entry(Figure(figure.value, max(figure.decimals, spec.decimals), "", figure.percent), place)
    text = content.strip() if content else ""
    if text == "":
        return Entry(None, place)
    if not spec.numeric:
        return Entry(code_text(text) if spec.kind == "code" else text, place)
    found = parse_figure(text)
    if found is None:
        return Entry(None, place, issue=CellIssue.NOT_A_NUMBER, raw=text)
    return Entry(found.with_decimals(spec.decimals), place)
