"""What stands in a cell, as XML: in the user's cells as well as on our own sheets.

Texts are inline, so that nothing that stands in data can become a formula.
"""

from __future__ import annotations

from fractions import Fraction

from xlbudget.workbook.fill.cellxml import number

from .outline import content, escape

Value = Fraction | int | str | None


def tail(value: Value, formula: str = "", style: int = 0, prefix: bytes = b"") -> bytes:
    """What follows the reference of a cell up to its end tag. With a formula the value is its result."""
    head = b' s="%d"' % style if style else b""
    blank = value is None or value == ""
    if blank and not formula:
        return head + b"/>"
    p = prefix
    inner = b"<%sf>%s</%sf>" % (p, escape(formula), p) if formula else b""
    if isinstance(value, str) and not blank and not formula:
        head += b' t="inlineStr"'
        inner = b'<%sis><%st xml:space="preserve">%s</%st></%sis>' % (p, p, content(value), p, p)
    elif isinstance(value, str):
        head += b' t="str"'
        inner += b"<%sv>%s</%sv>" % (p, content(value), p)
    elif isinstance(value, int | Fraction):
        inner += b"<%sv>%s</%sv>" % (p, digits(value).encode(), p)
    return b"%s>%s</%sc>" % (head, inner, p)


def digits(value: Fraction | int) -> str:
    """A number in the shortest notation that a cell gives back."""
    return number(Fraction(value)).decode()
