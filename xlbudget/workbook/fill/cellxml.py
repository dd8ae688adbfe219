"""Contents of cells as XML. Text is always written as inline text: nothing that stands in data can
become a formula, whatever it starts with."""

from __future__ import annotations

import re
from fractions import Fraction

from xlbudget.figures import Interval
from xlbudget.rules.language.values import ErrorValue, Value

LONGEST = 32767  # characters that a cell can hold
_SPECIAL = re.compile('[&<>"\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_')
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


class FillError(ValueError):
    """A record cannot be put into its form; the message is the sentence for the user."""


def _replace(found: re.Match[str]) -> str:
    text = found[0]
    if text in _NAMED:
        return _NAMED[text]
    if len(text) > 1:  # looks like an escape, and is none
        return "_x005F" + text
    return f"_x{ord(text):04X}_"


def escape(text: str) -> bytes:
    """Text as the content of an element or attribute; what XML cannot carry is written ``_xHHHH_``."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPECIAL.sub(_replace, text).encode()


def number(value: Fraction) -> bytes:
    """The double nearest to ``value``, in the shortest notation that gives it back."""
    if value.denominator == 1 and abs(value.numerator) < 10**15:
        return b"%d" % value.numerator
    return repr(float(value)).encode()


def constant(value: Fraction | str | None) -> bytes:
    """What follows ``<c r=… s=…`` for a constant: attributes, content, end tag."""
    if value is None or value == "":
        return b"/>"
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise FillError(f"文字“{value[:20]}…”有 {len(value)} 字，超过单元格能容纳的 {LONGEST} 字")
        return b' t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % escape(value)
    return b"><v>%s</v></c>" % number(value)


def formula(text: str) -> bytes:
    """The element of a native formula (given without its equals sign)."""
    return b"<f>%s</f>" % escape(text)


def computed(element: bytes, value: Value) -> bytes:
    """What follows ``<c r=… s=…`` for a formula element with its cached result."""
    if isinstance(value, str):
        return b' t="str">%s<v>%s</v></c>' % (element, escape(value))
    if isinstance(value, bool):
        return b' t="b">%s<v>%d</v></c>' % (element, value)
    if isinstance(value, ErrorValue):
        return b' t="e">%s<v>%s</v></c>' % (element, escape(value.code))
    if isinstance(value, Interval):
        value = value.mid
    return b">%s<v>%s</v></c>" % (element, number(value or Fraction(0)))
