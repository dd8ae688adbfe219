"""Examples of a rule: one cell of text made into a record, so that the example is the rule's test.

``名称=内容`` joined by ``；``. A bare name is a field of the rule's form, a column of the row at hand (the
first row), or, where rows stand for forms, a field of the first such form. ``指标[得分]=15|10|`` fills a
column row by row; ``项目[预期目标]=甲|乙`` fills the forms that the rows stand for (from such a form's own
rule: the unit's other forms, their first row as ``项目[指标/年度指标值]``). A content that is the name of a
parameter means its value.
"""

from __future__ import annotations

from decimal import Decimal

from xlbudget.figures import parse_figure

from .audit import check_rule
from .model import Example, Finding, OutcomeKind, Precision, Rule
from .program import FieldLike, Program
from .record import CellIssue, Entry, FormRecord, Place, Record
from .scope import Evaluation


class ExampleError(ValueError):
    """An example speaks of something that the rule's form does not have."""


def check_example(program: Program, rule: Rule, example: Example, failing: bool) -> str:
    """"" when the rule answers the example as it should, else what it answered instead (Chinese)."""
    try:
        record = example_record(program, rule, example.text)
    except ExampleError as e:
        return str(e)
    evaluation = Evaluation(program, record, shown=rule.precision is Precision.SHOWN)
    outcomes = list(check_rule(rule, evaluation))
    broken = [o.reason for o in outcomes if o.kind is OutcomeKind.BROKEN]
    if broken:
        return f"规则故障：{broken[0]}"
    findings = [f for o in outcomes for f in o.findings]
    if not failing:
        if findings:
            return f"应当通过，却报告：{findings[0].message}"
        if not any(o.kind is OutcomeKind.PASSED for o in outcomes):
            return f"应当通过，却没有执行：{outcomes[0].reason if outcomes else '没有对象'}"
        return ""
    if not findings:
        return f"应当报告，却没有：{outcomes[0].reason or '通过' if outcomes else '没有对象'}"
    if example.expect and example.expect != told(findings[0]):
        return f"应当报告“{example.expect}”，实际是“{told(findings[0])}”"
    return ""


def told(finding: Finding) -> str:
    """Expected, actual and difference in one line, as examples state them."""
    return "｜".join((finding.expected, finding.actual, finding.difference))


def example_record(program: Program, rule: Rule, text: str) -> Record:
    """The record that an example describes. Raises ExampleError for a name that does not exist."""
    return _Builder(program, rule).build(text)


class _Builder:
    def __init__(self, program: Program, rule: Rule) -> None:
        self.program = program
        self.rule = rule
        self.record = Record(program.pack_id)
        self.form = FormRecord(rule.form, key="例", sheet="例")
        self.record.forms.append(self.form)
        self._rows = 0

    def build(self, text: str) -> Record:
        for part in text.split("；"):
            name, sign, content = part.partition("=")
            if not sign:
                raise ExampleError(f"例子里的“{part}”没有写成 名称=内容")
            self._put(name.strip(), content)
        return self.record

    def _put(self, name: str, content: str) -> None:
        rowset, bracket, column = name.partition("[")
        if bracket:
            for index, one in enumerate(content.split("|")):
                self._column(rowset, column.rstrip("]"), index, one)
            return
        each = self.rule.each.partition("/")[0]
        columns = self.program.columns.get((self.rule.form, each), {})
        fields = self.program.fields[self.rule.form]
        if name in columns:
            self._row(self.form, each, 0)[name] = self._entry(content, columns[name])
        elif name in fields:
            self.form.fields[name] = self._entry(content, fields[name])
        elif each and self.program.rowsets[self.rule.form][each].of:
            self._linked(each, name, 0, content)
        else:
            raise ExampleError(f"例子里的“{name}”不是“{self.rule.form}”的栏目")

    def _column(self, rowset: str, column: str, index: int, content: str) -> None:
        own = self.program.columns.get((self.rule.form, rowset))
        if own is None:
            self._elsewhere(rowset, column, index, content)
        elif column in own:
            self._row(self.form, rowset, index)[column] = self._entry(content, own[column])
        elif self.program.rowsets[self.rule.form][rowset].of:
            self._linked(rowset, column, index, content)
        else:
            raise ExampleError(f"行集“{rowset}”没有列“{column}”")

    def _linked(self, rowset: str, name: str, index: int, content: str) -> None:
        """Content of the form that a row stands for."""
        of = self.program.rowsets[self.rule.form][rowset].of
        spec = self.program.fields[of].get(name)
        if spec is None:
            raise ExampleError(f"“{of}”没有栏目“{name}”")
        forms = list(self.record.of(of))
        while len(forms) <= index:
            forms.append(FormRecord(of, key=f"例{len(forms) + 1}", sheet=f"例{len(forms) + 1}"))
            self.record.forms.append(forms[-1])
        forms[index].fields[name] = self._entry(content, spec)

    def _elsewhere(self, rowset: str, name: str, index: int, content: str) -> None:
        """Content of the unit's other forms of the same kind, which a row set of a summary speaks of."""
        owner = next((f for f, sets in self.program.rowsets.items() if rowset in sets), None)
        if owner is None or self.program.rowsets[owner][rowset].of != self.rule.form:
            raise ExampleError(f"没有行集“{rowset}”")
        if next(self.record.of(owner), None) is None:
            self.record.forms.append(FormRecord(owner, key="例", sheet="例汇总"))
        forms = list(self.record.of(self.rule.form))
        while len(forms) <= index + 1:
            forms.append(FormRecord(self.rule.form, key=f"例{len(forms) + 1}", sheet=f"例{len(forms) + 1}"))
            self.record.forms.append(forms[-1])
        other = forms[index + 1]
        inner, slash, column = name.partition("/")
        specs = self.program.columns.get((self.rule.form, inner), {}) if slash else self._own_fields()
        spec = specs.get(column if slash else name)
        if spec is None:
            raise ExampleError(f"“{self.rule.form}”没有栏目“{name}”")
        target = self._row(other, inner, 0) if slash else other.fields
        target[spec.name] = self._entry(content, spec)

    def _own_fields(self) -> dict[str, FieldLike]:
        return self.program.fields[self.rule.form]

    def _row(self, form: FormRecord, rowset: str, index: int) -> dict[str, Entry]:
        rows = form.rows.setdefault(rowset, [])
        while len(rows) <= index:
            rows.append({})
        return rows[index]

    def _entry(self, content: str, spec: FieldLike) -> Entry:
        self._rows += 1
        place = Place("例", self._rows, 1, spec.name)
        value = self.program.params.get(content)
        text = str(value) if isinstance(value, str | Decimal) else content
        if text == "":
            return Entry(None, place)
        if not spec.numeric:
            return Entry(text, place)
        figure = parse_figure(text)
        if figure is None:
            return Entry(None, place, issue=CellIssue.NOT_A_NUMBER, raw=text)
        return Entry(figure.with_decimals(spec.decimals), place)
