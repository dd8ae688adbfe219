"""Texts of cells: the table of shared strings, rich text, phonetic runs, escapes."""

from __future__ import annotations

import re

from .canonical import canonical
from .errors import refusal
from .limits import Limits
from .markup import inspect
from .xmltext import decode_escapes, unescape, utf8

_ITEM = re.compile(
    r"<si(?:\s[^>]*)?(?:/>|>(?:<t(?: xml:space=\"preserve\")?>([^<]*)</t></si>|(.*?)</si>))", re.S
)
_PHONETIC = re.compile(r"<rPh\b[^>]*?(?:/>|>.*?</rPh>)", re.S)
_TEXT = re.compile(r"<t(?:\s[^>]*)?(?<!/)>([^<]*)</t>")


def shared_strings(part: bytes, name: str, limits: Limits) -> list[str]:
    """The texts of sharedStrings.xml in order, formatting and phonetic hints dropped."""
    xml = utf8(part, name)
    if xml.count(b"<si>") > limits.strings:  # before the slower steps; the exact check comes last
        raise refusal("too-many-strings", limit=limits.strings)
    markup = inspect(xml, name, limits)
    text = xml.decode() if markup.plain and not markup.prefix else canonical(xml, name, limits)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    out = [
        plain if not rich and "&" not in plain and "_x" not in plain else item_text(rich or plain, bool(rich))
        for plain, rich in _ITEM.findall(text)
    ]
    if len(out) > limits.strings:
        raise refusal("too-many-strings", limit=limits.strings)
    if out and len(max(out, key=len)) > limits.text:
        raise refusal("text-too-long", limit=limits.text)
    return out


def item_text(inner: str, tagged: bool = True) -> str:
    """The text of ``<si>`` or ``<is>``: plain XML text, or (``tagged``) its ``<t>`` and ``<r>`` elements."""
    if tagged:
        inner = "".join(_TEXT.findall(_PHONETIC.sub("", inner)))
    return decode_escapes(unescape(inner))
