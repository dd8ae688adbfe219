"""What a rule is and what its evaluation yields: plain values without behaviour of their own.

A rule is text in a pack (see :mod:`xlbudget.packs`); its outcome is one of four kinds that are never
mixed: it passed, it found something, it was skipped for a stated reason, or the rule itself is broken.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from .record import Place

REPORTED = "填报数"  # before a name: what stands on the form
COMPUTED = "计算数"  # before a name: what the form's own formula gives


class Severity(StrEnum):
    """How much a finding weighs: an error blocks, a query wants an explanation, a notice informs."""

    ERROR = "错误"
    QUERY = "核实"
    NOTICE = "提示"


class Status(StrEnum):
    """Where a rule stands in its life: a rule on trial never reports above a notice."""

    ACTIVE = "正式"
    TRIAL = "试行"
    OFF = "停用"


class Precision(StrEnum):
    """What counts as equal: the exact value, or the interval that the printed digits stand for."""

    EXACT = "精确"
    SHOWN = "显示精度"


class Relation(StrEnum):
    EQ = "="
    NE = "<>"
    GE = ">="
    LE = "<="
    GT = ">"
    LT = "<"
    FILLED = "非空"
    BLANK = "为空"
    HOLDS = "成立"

    @property
    def binary(self) -> bool:
        return self not in (Relation.FILLED, Relation.BLANK, Relation.HOLDS)


@dataclass(frozen=True, slots=True)
class Example:
    """One case of a rule: the names it needs with their contents, as an accountant would type them.

    ``text`` is one cell's worth of text, ``名称=内容`` joined by ``；``; a column is ``指标[得分]=15|10|``.
    ``expect`` states for a failing case what the finding must say: expected, actual, difference.
    """

    text: str
    expect: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One audit rule, as written in a pack. Expressions are in the language of :mod:`.language`."""

    id: str
    title: str
    severity: Severity
    status: Status
    form: str  # the form it speaks of
    each: str  # the row set it is applied to row by row, or ""
    when: str  # precondition, or ""
    left: str
    relation: Relation
    right: str  # "" for the unary relations
    precision: Precision
    needs: tuple[str, ...]  # names that must be filled, else the rule is skipped with that reason
    marks: tuple[str, ...]  # names whose cells are highlighted; the first is the place of the finding
    message: str  # sentence with {名称} and {=公式|格式} slots
    advice: str  # what the accountant should do
    basis: str  # document and article; contains 待核 when unconfirmed
    why: str  # one line: why the rule exists
    passing: tuple[Example, ...]
    failing: tuple[Example, ...]
    pack: str = ""  # the pack that states it
    issue: str = ""  # for structural rules: the CellIssue that they report; they have no formula

    @property
    def unconfirmed(self) -> bool:
        return "待核" in self.basis


NOT_APPLICABLE = "不适用"  # reason of a skipped rule: its precondition does not hold
COMPUTED_CELL = "没有填报，由公式计算"  # there is no typed value to compare with the formula's
HARMLESS = frozenset({NOT_APPLICABLE, COMPUTED_CELL})  # reasons that leave nothing unchecked


class OutcomeKind(StrEnum):
    PASSED = "通过"
    FINDING = "发现"
    SKIPPED = "跳过"
    BROKEN = "规则故障"


@dataclass(frozen=True, slots=True)
class Operand:
    """One contributing cell of a finding: its name, its place (None: no cell) and what it shows."""

    name: str
    place: Place | None
    shown: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at its cells.

    ``expected``, ``actual`` and ``difference`` are texts as shown to a person ("" where they make no
    sense). ``tail`` is true when the difference lies inside the interval of the printed digits: such a
    finding is always a notice. ``cause`` joins findings with the same root (see ``group_causes``).
    """

    rule: str
    title: str
    severity: Severity
    trial: bool
    places: tuple[Place, ...]  # the first is where the finding stands
    message: str
    expected: str = ""
    actual: str = ""
    difference: str = ""
    operands: tuple[Operand, ...] = ()
    advice: str = ""
    basis: str = ""
    tail: bool = False
    subject: str = ""  # which form instance and row, in words
    cause: str = ""

    @property
    def place(self) -> Place | None:
        return self.places[0] if self.places else None

    @property
    def fingerprint(self) -> str:
        """Identity across runs: the rule and its cells, not the values, so that explanations survive."""
        cells = "|".join(p.address for p in self.places[:1]) or self.subject
        return hashlib.sha256(f"{self.rule}|{cells}".encode()).hexdigest()[:12]


@dataclass(slots=True, unsafe_hash=True)
class Outcome:
    """What became of one rule at one subject (a form instance, or one row of it); never changed.

    Not frozen, as that makes each of the thousands of an audit take four times as long to create.
    """

    rule: str
    kind: OutcomeKind
    subject: str
    reason: str = ""  # why skipped, or what broke
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class AuditResult:
    """All outcomes of one workbook (or data record) under one pack."""

    pack: str
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        return [f for o in self.outcomes for f in o.findings]

    def count(self, severity: Severity) -> int:
        return sum(f.severity is severity for f in self.findings)

    @property
    def broken(self) -> list[Outcome]:
        return [o for o in self.outcomes if o.kind is OutcomeKind.BROKEN]
