"""The two ways in which a formula can be wrong before any data is seen."""

from __future__ import annotations


class FormulaError(ValueError):
    """The text is no formula of this language.

    ``message`` is the Chinese sentence for the author of the formula; ``position`` is the 1-based character
    at which the trouble was noticed, 0 when it concerns the whole formula.
    """

    def __init__(self, message: str, position: int = 0) -> None:
        self.message = message
        self.position = position
        super().__init__(f"{message}（第{position}个字符）" if position else message)


class NotNative(ValueError):
    """The formula is sound but Excel has no equivalent; ``what`` names the function or construct."""

    def __init__(self, what: str, reason: str = "没有对应的 Excel 写法") -> None:
        self.what = what
        super().__init__(f"{what}：{reason}")
