"""Where the elements of an XML part stand: a tree of byte offsets, nothing copied, nothing re-written.

All edits of this package are byte splices, so what is needed of a part is not its content as objects
but the places at which its elements begin and end. Namespaces are resolved; prefixes are kept, because
what is spliced in must use the prefix that its surroundings use.
"""

from __future__ import annotations

import re
import xml.parsers.expat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from xlbudget.workbook.errors import refusal
from xlbudget.workbook.xmltext import refuse_doctype

_TAG = re.compile(rb"""<([^\s:/>]++:)?(?:[^>"']++|"[^"]*"|'[^']*')*+>""")


@dataclass(slots=True, eq=False)
class Element:
    """One element: its name, attributes and the offsets of its opening tag, content and end.

    ``attrs`` maps local names (``id``) and, for attributes in a namespace, ``{namespace}id``.
    The content is ``data[inner:close]``; for ``<a/>`` both equal ``end``.
    """

    ns: str
    name: str
    attrs: dict[str, str]
    parent: Element | None
    prefix: bytes = b""
    start: int = 0
    inner: int = 0
    close: int = 0
    end: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Written as ``<a/>``: it has no place to put content into without being opened first."""
        return self.inner == self.end

    def child(self, name: str) -> Element | None:
        return next((c for c in self.children if c.name == name), None)

    def all(self, name: str) -> list[Element]:
        return [c for c in self.children if c.name == name]

    def walk(self) -> Iterator[Element]:
        """Itself and all descendants, in document order."""
        yield self
        for c in self.children:
            yield from c.walk()

    def string(self) -> str:
        """The text of all ``t`` elements below it (phonetic hints left out): what a reader sees."""
        if self.name == "t":
            return self.text
        return "".join(c.string() for c in self.children if c.name != "rPh")


def _split(name: str) -> tuple[str, str]:
    ns, _, local = name.rpartition(" ")
    return ns, local


def _qualified(name: str) -> str:
    """``namespace name`` → ``{namespace}name``."""
    ns, local = _split(name)
    return f"{{{ns}}}{local}" if ns else local


_SMALL = 1 << 15  # bytes of a part that is remembered


def outline(data: bytes, part: str) -> Element:
    """The element tree of a UTF-8 part with byte offsets into ``data``; shared, so it must not be changed.

    Raises :class:`WorkbookRefused` for a part that is not well-formed or declares a document type.
    """
    return _remembered(data, part) if len(data) <= _SMALL else _outlined(data, part)


@lru_cache(maxsize=16)
def _remembered(data: bytes, part: str) -> Element:
    """Styles, relationships and content types are the same bytes in all workbooks made from one pack.

    The tree holds offsets only, so it is right for equal bytes whatever workbook they come from.
    """
    return _outlined(data, part)


def _outlined(data: bytes, part: str) -> Element:
    refuse_doctype(data, part)
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    top = Element("", "", {}, None)
    stack = [top]

    def start(name: str, attrs: dict[str, str]) -> None:
        ns, local = _split(name)
        named = {_qualified(k): v for k, v in attrs.items()} if " " in "".join(attrs) else attrs
        tag = _TAG.match(data, parser.CurrentByteIndex)
        assert tag is not None  # expat has just accepted it
        start, end = tag.span()
        element = Element(ns, local, named, stack[-1], tag[1] or b"", start, end, end, end)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_name: str) -> None:
        element = stack.pop()
        if data[element.inner - 2 : element.inner] != b"/>":
            element.close = parser.CurrentByteIndex
            element.end = data.index(b">", element.close) + 1

    def text(chunk: str) -> None:
        stack[-1].text += chunk

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except xml.parsers.expat.ExpatError:
        raise refusal("part-malformed", part=part) from None
    return top.children[0]


def set_attribute(tag: bytes, name: bytes, value: bytes) -> bytes:
    """An opening tag with one unprefixed attribute replaced or added."""
    changed, n = re.subn(
        rb"(\s" + name + rb"\s*=\s*)(?:\"[^\"]*\"|'[^']*')",
        lambda m: m[1] + b'"' + value + b'"',
        tag,
        count=1,
    )
    if n:
        return changed
    head = re.match(rb"<[^\s/>]+", tag)
    assert head
    return tag[: head.end()] + b" " + name + b'="' + value + b'"' + tag[head.end() :]


_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def escape(text: str) -> bytes:
    """Text as XML content or attribute value."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.encode("utf-8")


@lru_cache(maxsize=4096)
def content(text: str) -> bytes:
    """Text as the content of a ``t`` element: what XML cannot carry is written as ``_xHHHH_``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(_UNSAFE.sub(lambda m: f"_x{ord(m[0]):04X}_", text))
