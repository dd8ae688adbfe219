"""XML parts as bytes: encodings, entities, and Excel's own escapes.

Parts are UTF-8 nearly always. UTF-16 and a few national encodings occur; they are turned into UTF-8
once, so that everything else works on UTF-8 bytes only.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from xml.etree import ElementTree as ET

from .errors import refusal
from .limits import DEFAULT, Limits

_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ENCODINGS = frozenset(
    ("utf-16", "utf-16-le", "utf-16-be", "ascii", "gbk", "gb2312", "gb18030", "iso8859-1", "cp1252")
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(#x[0-9A-Fa-f]{1,12}|#[0-9]{1,12}|amp|lt|gt|quot|apos);")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
TRUE = ("1", "true", "on")  # how an attribute says yes
ATTRIBUTE = re.compile(r"([^\s=\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def utf8(part: bytes, name: str = "") -> bytes:
    """The part in UTF-8: the same bytes where it already is, transcoded otherwise.

    Raises :class:`WorkbookRefused` for an encoding that we do not read, or bytes that do not fit it.
    """
    encoding = _encoding(part)
    if encoding is None:
        return part
    try:
        codec = codecs.lookup(encoding).name
    except LookupError:
        codec = encoding
    if codec == "utf-8":
        return part
    if codec not in _ENCODINGS:
        raise refusal("encoding", part=name, encoding=encoding)
    try:
        text = part.decode(codec)
    except UnicodeDecodeError:
        raise refusal("part-malformed", part=name) from None
    text = text.removeprefix("\ufeff")
    return re.sub(r"^(<\?xml[^>]*?\sencoding\s*=\s*[\"'])[^\"']+", r"\1UTF-8", text).encode()


def _encoding(part: bytes) -> str | None:
    """The encoding that the first bytes tell, or None for UTF-8 without saying so."""
    if part[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if part[:2] == b"<\0":
        return "utf-16-le"
    if part[:2] == b"\0<":
        return "utf-16-be"
    found = _DECLARED.match(part[:400])
    return found.group(1).decode().lower() if found else None


def looks_like_xml(head: bytes) -> bool:
    """Whether a part that begins so is XML text, whatever its name says."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        head = head.replace(b"\0", b"")
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<"


def refuse_doctype(part: bytes, name: str) -> None:
    """No part of a workbook may declare a document type: that is how entity bombs and file theft work."""
    if (b"DOCTYPE" in part and b"<!DOCTYPE" in part) or (b"ENTITY" in part and b"<!ENTITY" in part):
        raise refusal("doctype", part=name)


def tree(part: bytes, name: str, limits: Limits = DEFAULT) -> ET.Element:
    """Root element of a small part (already checked for its DOCTYPE)."""
    if part.count(b"<") > limits.odd_tags:
        raise refusal("part-too-many-tags", part=name, limit=limits.odd_tags)
    try:
        return ET.fromstring(utf8(part, name))
    except (ET.ParseError, ValueError):
        raise refusal("part-malformed", part=name) from None


def local(tag: str) -> str:
    """``{namespace}name`` → ``name``."""
    return tag.rpartition("}")[2]


def attributes(text: str) -> dict[str, str]:
    """Attributes of a start tag's inside, entities resolved."""
    return {name: unescape(a or b) for name, a, b in ATTRIBUTE.findall(text)}


def unescape(text: str) -> str:
    """Resolve the five XML entities and character references."""
    return _ENTITY.sub(lambda found: _entity(found.group(1)), text) if "&" in text else text


@lru_cache(maxsize=8192)
def _entity(code: str) -> str:
    if code[0] != "#":
        return _NAMED[code]
    number = int(code[2:], 16) if code[1] == "x" else int(code[1:])
    return chr(number) if number < 0x110000 else "\ufffd"


def decode_escapes(text: str) -> str:
    """Resolve ``_x000D_``, which is how a workbook writes characters that XML cannot hold."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), text)
    if _SURROGATE.search(text):  # two escapes make one character beyond 16 bits; half a pair makes none
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
