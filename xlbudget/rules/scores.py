"""Scores of single lines: by a law of the pack, of the budget's execution, of one indicator; and the grade.

Every score is the pack's own formula (a law, the derived 资金得分, the defined 应得分) run over the numbers
given, so that a worksheet function, a working paper and the audit cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from functools import lru_cache

from .language import Call, Frame, Name, Node, Step, Value, compile_step, is_number
from .laws import Law
from .program import Program
from .record import FormRecord, Record
from .scope import Evaluation, FormScope, RowScope, UnknownName, is_empty

FORM, LINES = "自评表", "指标"  # the form with scores, and the row set of its indicators
WEIGHT, PLANNED, DONE, MONEY_SCORE = "资金分值", "全年预算数", "全年执行数", "资金得分"
TARGET, ACTUAL, POINTS, SCORE = "年度指标值", "实际完成值", "分值", "得分"
SIGN = "指标性质"  # the column for the direction of a target, on forms that have one
TOTAL, GRADE = "总得分", "等级"
_DIRECTION = "目标方向"

QUALITATIVE = "定性指标，按完成情况评分"
NOT_APPLICABLE = "填“无”的指标，不计分"


class NoScore(ValueError):
    """There is no score to be computed; the message is a Chinese sentence with the reason."""


class Kind(Enum):
    """How an indicator is scored."""

    QUANTITY = auto()  # by a law, from target and actual value
    JUDGED = auto()  # by a person, within the band of what was achieved
    NOT_APPLICABLE = auto()


@dataclass(frozen=True, slots=True)
class Indicator:
    """How one indicator is scored: the law and what it gives, or why there is none (Chinese)."""

    kind: Kind
    law: Law | None = None
    score: Fraction | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """The points between which a judged indicator lies; the upper end belongs to it only for 达成."""

    word: str  # 达成, 部分达成, 未达成
    low: Fraction
    high: Fraction

    def __contains__(self, score: Fraction) -> bool:
        return self.low <= score and (score <= self.high if self.word == "达成" else score < self.high)


# ---- by a law -----------------------------------------------------------------------------------------


def law_score(law: Law, given: Mapping[str, Value]) -> Value:
    """What a law gives for 分值, 目标值, 完成值 or 实际值, of which texts are read as the pack reads them.

    "" where the law has no answer.
    """
    return _law_step(law)(Frame(given.__getitem__, _no_column))


@lru_cache(maxsize=64)
def _law_step(law: Law) -> Step:
    return compile_step(law.build(*map(_argument, law.arguments)))


def _argument(name: str) -> Node:
    return Name(name) if name == POINTS else Call("NUMVAL", (Name(name),))


def _no_column(rowset: str, name: str) -> list[Value]:
    raise UnknownName(f"没有行集“{rowset}”")


# ---- one line of the form -----------------------------------------------------------------------------


def money_score(program: Program, weight: Value, planned: Value, done: Value) -> Fraction:
    """The score of the budget's execution. Raises NoScore."""
    if not _has_lines(program):
        raise NoScore("这个规则包没有预算执行率得分")
    scope = _form(program, {WEIGHT: weight, PLANNED: planned, DONE: done})
    score = scope.name(MONEY_SCORE)
    if isinstance(score, Fraction):
        return score
    zero = is_number(planned) and planned == 0
    raise NoScore("预算数为零，不计算得分" if zero else "预算数或执行数不是数，不能计算得分")


def given_indicator(program: Program, weight: Value, target: Value, actual: Value, sign: str) -> Indicator:
    """An indicator from its numbers alone. ``sign`` is the direction where the target does not say it."""
    if not _has_lines(program):
        raise NoScore("这个规则包没有绩效指标")
    row = _form(program, {}).row(LINES, 0)
    row.frame.update({POINTS: weight, TARGET: target, ACTUAL: actual})
    if sign:
        row.frame[SIGN if SIGN in program.columns[FORM, LINES] else _DIRECTION] = sign
    return indicator(row)


def indicator(row: RowScope) -> Indicator:
    """How the indicator of a row is scored."""
    if row.name("适用") is not True:
        return Indicator(Kind.NOT_APPLICABLE, reason=NOT_APPLICABLE)
    law = row.evaluation.program.laws.get("反向比例" if row.name("反向") is True else "正向比例")
    if row.name("定量") is not True:
        reason = _why_not(row)
        if not reason:
            return Indicator(Kind.JUDGED, reason=QUALITATIVE)
        return Indicator(Kind.QUANTITY, law, reason=reason)
    score = row.name("应得分") if is_number(row.name(POINTS)) else None
    if isinstance(score, Fraction):
        return Indicator(Kind.QUANTITY, law, score)
    empty = score is None
    return Indicator(Kind.QUANTITY, law, reason="没有填分值" if empty else "目标值不是正数，由人工评定")


def _why_not(row: RowScope) -> str:
    """Why target and actual value cannot be compared as numbers; "" for an indicator in words."""
    target, actual = is_number(row.name("目标")), is_number(row.name("完成"))
    if target and actual:
        return "指标值与完成值单位不同，不能计算"
    if target:
        said = row.name(ACTUAL)
        return "没有填实际完成值，不能计算" if is_empty(said) else f"完成值“{said}”不是数，不能计算"
    return f"指标值“{row.name(TARGET)}”不是数，不能计算" if actual and not is_empty(row.name(TARGET)) else ""


_BAND_PARAMS = ("达成下限", "部分达成下限", "部分达成用语", "未达成用语")


def band(row: RowScope) -> Band | None:
    """The band of a judged indicator, where its words say what was achieved."""
    program = row.evaluation.program
    points = row.name(POINTS)
    if not isinstance(points, Fraction) or not all(name in program.params for name in _BAND_PARAMS):
        return None

    def run(text: str) -> Value:
        return program.step(text)(row.frame)

    whole, part = (run(f"ROUND({POINTS}*{limit},2)") for limit in _BAND_PARAMS[:2])
    if not isinstance(whole, Fraction) or not isinstance(part, Fraction):
        return None
    if row.name("定性达成") is True:
        return Band("达成", whole, points)
    if run(f"ISIN({ACTUAL},部分达成用语)") is True:
        return Band("部分达成", part, whole)
    return Band("未达成", Fraction(0), part) if run(f"ISIN({ACTUAL},未达成用语)") is True else None


# ---- the grade ----------------------------------------------------------------------------------------


def grade(program: Program, total: Value) -> str:
    """The grade of a total score, "" without one. Raises NoScore for a pack without grades."""
    law = program.laws.get(GRADE)
    if law is not None:
        return str(law_score(law, dict.fromkeys(law.arguments, total)))
    if not _has_lines(program) or GRADE not in program.forms[FORM].defines:
        raise NoScore("这个规则包没有等级")
    return str(_form(program, {TOTAL: total}).name(GRADE))


def _has_lines(program: Program) -> bool:
    return (FORM, LINES) in program.columns and MONEY_SCORE in program.fields[FORM]


def _form(program: Program, given: Mapping[str, Value]) -> FormScope:
    """A form with one blank indicator, on which some names are known."""
    form = FormRecord(FORM, rows={LINES: [{}]})
    scope = Evaluation(program, Record(program.pack_id, forms=[form])).form(form)
    scope.frame.update(given)
    return scope
