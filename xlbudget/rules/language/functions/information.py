"""Questions about the kind of a value, and the plain conversions N, T and VALUE."""

from __future__ import annotations

from ..values import VALUE as VALUE_ERROR
from ..values import ZERO, ErrorValue, Value, fail, is_number, number
from .spec import Kind, function


@function("ISNUMBER", Kind.ANY, says="是数字")
def isnumber(v: Value) -> Value:
    return is_number(v)


@function("ISTEXT", Kind.ANY, says="是文本（空文本也是）")
def istext(v: Value) -> Value:
    return isinstance(v, str)


@function("ISBLANK", Kind.ANY, says="是空单元格（空文本不是）")
def isblank(v: Value) -> Value:
    return v is None


@function("ISERROR", Kind.ANY, says="是错误值")
def iserror(v: Value) -> Value:
    return isinstance(v, ErrorValue)


@function("N", Kind.SCALAR, lifts=False, says="数字取其值，文本和空白为 0")
def n(v: Value) -> Value:
    return ZERO if isinstance(v, str) else number(v)


@function("T", Kind.SCALAR, lifts=False, says="文本取其值，其他为空文本")
def t(v: Value) -> Value:
    return v if isinstance(v, str) else ""


@function("VALUE", Kind.SCALAR, says="写成文本的数字转为数字")
def value(v: Value) -> Value:
    return fail(VALUE_ERROR) if isinstance(v, bool) else number(v)
