"""Reading the parameters of a law as packs write them: numbers, or texts such as ``5%``."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias, overload

from xlbudget.figures import parse_figure

Params: TypeAlias = Mapping[str, object]


class LawError(ValueError):
    """A law cannot be built from its parameters; the message is a Chinese sentence."""


class Reader:
    """Takes parameters out of a mapping and complains about those that nobody took."""

    def __init__(self, params: Params) -> None:
        self._left = dict(params)

    @overload
    def number(self, key: str) -> Fraction: ...
    @overload
    def number(self, key: str, default: int) -> Fraction: ...
    def number(self, key: str, default: int | None = None) -> Fraction:
        """A number, given as such or as text (``0.5``, ``5%``). Raises LawError."""
        raw = self._left.pop(key, default)
        if raw is None:
            raise LawError(f"缺少参数 {key}")
        figure = parse_figure(raw) if isinstance(raw, str | int | Fraction) else None
        if figure is None:
            raise LawError(f"参数 {key} 应为数字，实际是 {raw!r}")
        return figure.value

    def choice(self, key: str, allowed: Mapping[str, str], default: str) -> str:
        """One of the keys of ``allowed``. Raises LawError."""
        raw = self._left.pop(key, default)
        if raw not in allowed:
            raise LawError(f"参数 {key} 写成了 {raw!r}，只能是 {'、'.join(allowed)}")
        return str(raw)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts with at least one entry. Raises LawError."""
        raw = self._left.pop(key, ())
        if not isinstance(raw, list | tuple) or not raw or not all(isinstance(t, str) for t in raw):
            raise LawError(f"参数 {key} 应为若干行文字")
        return tuple(raw)

    def text(self, key: str, default: str) -> str:
        raw = self._left.pop(key, default)
        if not isinstance(raw, str):
            raise LawError(f"参数 {key} 应为文字，实际是 {raw!r}")
        return raw

    def done(self) -> None:
        """Raises LawError when parameters are left over: a misspelt name must not pass unnoticed."""
        if self._left:
            raise LawError(f"不认识的参数 {'、'.join(self._left)}")


def digits_of(reader: Reader) -> int:
    """The decimals that scores are rounded to."""
    value = reader.number("digits", 2)
    if value.denominator != 1 or not 0 <= value <= 6:
        raise LawError("参数 digits 应为 0 到 6 的整数")
    return int(value)
