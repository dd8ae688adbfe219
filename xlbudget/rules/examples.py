"""Examples of a rule: one cell of text made into a record, so that the example is the rule's test.

``名称=内容`` joined by ``；``, with the names of :mod:`.given`; ``指标[得分]=15|10|`` fills a column row by
row. A content that is the name of a parameter means its value.
"""

from __future__ import annotations

from decimal import Decimal

from .audit import check_rule
from .given import GivenError, RecordBuilder, entry_of
from .model import Example, Finding, OutcomeKind, Precision, Rule
from .program import FieldLike, Program
from .record import Entry, Place, Record
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

    def entry(content: str, spec: FieldLike, place: Place) -> Entry:
        value = program.params.get(content)
        return entry_of(str(value) if isinstance(value, str | Decimal) else content, spec, place)

    builder = RecordBuilder(program, rule, entry)
    for part in text.split("；"):
        name, sign, content = part.partition("=")
        if not sign:
            raise ExampleError(f"例子里的“{part}”没有写成 名称=内容")
        try:
            builder.put(name.strip(), content.split("|") if "[" in name else [content])
        except GivenError as e:
            raise ExampleError(f"例子里的{e}") from e
    return builder.record
