"""Quantitative indicators: by ratio, by inverse ratio, or all or nothing.

Arguments are 分值, 目标值, 完成值, in this order. Whatever is missing, is no number, or has no ratio (a
target that is not positive) gives "" (no score), never an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..language import Binary, Call, Node
from .params import Params, Reader, digits_of
from .shape import EMPTY, call, if_number, num, rounded

ARGUMENTS = ("分值", "目标值", "完成值")


@dataclass(frozen=True, slots=True)
class Ratio:
    """Full score when the target is reached, else the share of it that was; ``digits`` decimals."""

    digits: int

    @classmethod
    def read(cls, params: Params) -> Ratio:
        reader = Reader(params)
        law = cls(digits_of(reader))
        reader.done()
        return law

    @property
    def arguments(self) -> tuple[str, ...]:
        return ARGUMENTS

    def build(self, *args: Node) -> Node:
        """IF(ISNUMBER(B),IFERROR(IF(N(A)>0,IF(B/A>=1,W,ROUND(W*MAX(0,B/A),2)),""),""),"")

        Each argument is used as seldom as possible: natively it may be a long expression.
        """
        weight, target, actual = args
        ratio = Binary("/", actual, target)
        partial = rounded(Binary("*", weight, call("MAX", num(0), ratio)), self.digits)
        score = call("IF", Binary(">=", ratio, num(1)), weight, partial)
        return _scored(target, actual, score)

    def sentence(self) -> str:
        return (
            f"完成值达到目标值的，得满分；未达到的，按“分值×完成值÷目标值”计分（保留{self.digits}位小数，最低0分）；"
            "目标值不是正数或没有完成值的，不计分，由人工评定。"
        )

    def problems(self) -> list[str]:
        return []


@dataclass(frozen=True, slots=True)
class InverseRatio(Ratio):
    """Full score when the actual value stays within the target, else target through actual."""

    @classmethod
    def read(cls, params: Params) -> InverseRatio:
        return cls(Ratio.read(params).digits)

    def build(self, *args: Node) -> Node:
        """IF(ISNUMBER(B),IFERROR(IF(N(A)>0,IF(B<=A,W,ROUND(W*A/B,2)),""),""),"")"""
        weight, target, actual = args
        partial = rounded(Binary("/", Binary("*", weight, target), actual), self.digits)
        score = call("IF", Binary("<=", actual, target), weight, partial)
        return _scored(target, actual, score)

    def sentence(self) -> str:
        return (
            f"完成值不超过目标值的，得满分；超过的，按“分值×目标值÷完成值”计分（保留{self.digits}位小数）；"
            "目标值不是正数或没有完成值的，不计分，由人工评定。"
        )


_RELATIONS = {">=": "不低于", "<=": "不超过", "=": "等于"}


@dataclass(frozen=True, slots=True)
class AllOrNothing:
    """Full score when the relation holds between actual and target, else 0."""

    relation: str

    @classmethod
    def read(cls, params: Params) -> AllOrNothing:
        reader = Reader(params)
        law = cls(reader.choice("relation", _RELATIONS, ">="))
        reader.done()
        return law

    @property
    def arguments(self) -> tuple[str, ...]:
        return ARGUMENTS

    def build(self, *args: Node) -> Node:
        """IF(ISNUMBER(A),IF(ISNUMBER(B),IF(B>=A,W,0),""),"")"""
        weight, target, actual = args
        score = call("IF", Binary(self.relation, actual, target), weight, num(0))
        return if_number(target, if_number(actual, score))

    def sentence(self) -> str:
        return f"完成值{_RELATIONS[self.relation]}目标值的，得满分；否则得0分。"

    def problems(self) -> list[str]:
        return []


def _scored(target: Node, actual: Node, score: Node) -> Node:
    """``score`` where there is a positive target and an actual value, else no score."""
    positive = Binary(">", call("N", target), num(0))
    guarded = call("IFERROR", call("IF", positive, score, EMPTY), EMPTY)
    if isinstance(actual, Call) and actual.fn == "NUMVAL":  # a number or "", and "" ends in IFERROR
        return guarded
    return if_number(actual, guarded)
