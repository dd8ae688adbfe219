"""What every entry of a pack's tables is read with: texts, and words of a fixed set."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from .model import PackError

Table = Mapping[str, Any]
E = TypeVar("E", bound=StrEnum)


def text(t: Table, key: str, where: str, default: str | None = None) -> str:
    value = t.get(key, default)
    if value is None:
        raise PackError(f"{where}：缺少 {key}")
    if not isinstance(value, str):
        raise PackError(f"{where}：{key} 应为文字，实际是 {value!r}")
    return value


def choice(kind: type[E], t: Table, key: str, where: str, default: str | None = None) -> E:
    value = text(t, key, where, default)
    try:
        return kind(value)
    except ValueError:
        allowed = "、".join(m.value for m in kind)
        raise PackError(f"{where}：{key} 写成了“{value}”，只能是 {allowed}") from None
