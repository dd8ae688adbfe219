"""A law as a pack states it: a name, a kind and parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..language import Node, fold
from .bands import Bands
from .deduction import Deduction
from .params import LawError, Params
from .ratio import AllOrNothing, InverseRatio, Ratio
from .shape import Shape

__all__ = ["KINDS", "Law", "LawError"]

KINDS: dict[str, Callable[[Params], Shape]] = {
    "比例": Ratio.read,
    "反向比例": InverseRatio.read,
    "达标": AllOrNothing.read,
    "分档": Bands.read,
    "扣分": Deduction.read,
}


@dataclass(frozen=True)
class Law:
    """A named scoring function.

    Parameters by kind (numbers may be written as ``5%``): 比例 and 反向比例 take ``digits`` (2); 达标 takes
    ``relation`` (>= <= =); 分档 takes ``bands`` (a list, see :mod:`.bands`) and ``digits``; 扣分 takes
    ``standard``, ``step``, ``deduct``, ``mode`` (floor, ceil, proportional), ``direction`` (above, below,
    both), ``least`` (0) and ``digits``.

    Raises LawError (a ValueError) for an unknown kind or wrong parameters.
    """

    name: str
    kind: str
    params: Params = field(default_factory=dict, hash=False)
    shape: Shape = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise LawError(f"没有评分规则种类“{self.kind}”，只有 {'、'.join(KINDS)}")
        object.__setattr__(self, "shape", KINDS[self.kind](self.params))

    @property
    def arguments(self) -> tuple[str, ...]:
        """What :meth:`build` takes, in order and in Chinese: 分值、目标值、完成值, or 分值、实际值."""
        return self.shape.arguments

    def build(self, *args: Node) -> Node:
        """The score as a formula over the given formulas; "" where there is nothing to score.

        Raises TypeError (Chinese message) for a wrong number of arguments.
        """
        wanted = self.arguments
        if len(args) != len(wanted):
            raise TypeError(f"要{len(wanted)}个参数（{'、'.join(wanted)}），给了{len(args)}个")
        return fold(self.shape.build(*args))

    def sentence(self) -> str:
        """The law in one Chinese sentence."""
        return self.shape.sentence()

    def problems(self) -> list[str]:
        """What the linter should complain about, in Chinese; empty when all is well."""
        return self.shape.problems()
