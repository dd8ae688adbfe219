"""Deductions: for every step away from a standard some points are taken off, until none are left.

"每超过一个百分点扣0.5分，扣完为止" is standard 100%, step 1%, deduct 0.5. Whether a step begun counts is an
option, because official wordings leave it open (docs/numbers.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..language import Binary, Node
from .params import LawError, Params, Reader, digits_of
from .shape import INSIDE, call, figure_text, if_number, num, rounded

_MODES = {"floor": "不足一步的不扣", "ceil": "不足一步的按一步扣", "proportional": "不足一步的按比例扣"}
_DIRECTIONS = {"above": "高于", "below": "低于", "both": "偏离"}


@dataclass(frozen=True, slots=True)
class Deduction:
    """``deduct`` points off per ``step`` beyond ``standard``; never below ``least``.

    ``standard`` and ``step`` are in the unit of the measured value (5% is 0.05).
    """

    standard: Fraction
    step: Fraction
    deduct: Fraction
    mode: str
    direction: str
    least: Fraction
    digits: int
    percent: bool

    @classmethod
    def read(cls, params: Params) -> Deduction:
        reader = Reader(params)
        law = cls(
            standard=reader.number("standard"),
            step=reader.number("step"),
            deduct=reader.number("deduct"),
            mode=reader.choice("mode", _MODES, "floor"),
            direction=reader.choice("direction", _DIRECTIONS, "above"),
            least=reader.number("least", 0),
            digits=digits_of(reader),
            percent=any("%" in str(params.get(k, "")) for k in ("standard", "step")),
        )
        reader.done()
        if law.step <= 0:
            raise LawError("参数 step（步长）必须大于零")
        return law

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("分值", "实际值")

    def build(self, *args: Node) -> Node:
        """IF(ISNUMBER(x),MAX(0,ROUND(W-d*ROUNDDOWN(ROUND(MAX(0,x-std)/s,6),0),2)),"")

        The number of steps is rounded to six decimals before it is cut, so that binary fractions of a
        spreadsheet never lose a whole step.
        """
        weight, actual = args
        steps = rounded(Binary("/", self._excess(actual), num(self.step)), INSIDE)
        if self.mode != "proportional":
            steps = call("ROUNDDOWN" if self.mode == "floor" else "ROUNDUP", steps, num(0))
        left = rounded(Binary("-", weight, Binary("*", num(self.deduct), steps)), self.digits)
        return if_number(actual, call("MAX", num(self.least), left))

    def sentence(self) -> str:
        standard, step = (figure_text(x, self.percent) for x in (self.standard, self.step))
        least = "扣完为止" if self.least == 0 else f"最低{figure_text(self.least)}分"
        return (
            f"实际值{_DIRECTIONS[self.direction]}{standard}的，每{_DIRECTIONS[self.direction]}{step}"
            f"扣{figure_text(self.deduct)}分，{_MODES[self.mode]}，{least}；其余得满分。"
        )

    def problems(self) -> list[str]:
        found = []
        if self.deduct <= 0:
            found.append("每步所扣的分应大于零")
        if self.least < 0:
            found.append("最低分不应为负")
        return found

    def _excess(self, actual: Node) -> Node:
        standard = num(self.standard)
        if self.direction == "both":
            return call("ABS", Binary("-", actual, standard))
        gap = Binary("-", actual, standard) if self.direction == "above" else Binary("-", standard, actual)
        return call("MAX", num(0), gap)
