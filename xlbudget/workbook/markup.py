"""One pass of expat over a part: is it well-formed, and is it plain enough for a byte scan?

Sheets are large and nearly always written by machines in one plain way. A byte scan reads that way many
times faster than callbacks do, but it may only be trusted where nothing can deceive it; this module decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from .errors import refusal
from .limits import DEFAULT, Limits

MAIN = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",  # the strict variant of the standard
    }
)


@dataclass(frozen=True, slots=True)
class Markup:
    """How a part is written. ``prefix`` (with its colon, or empty) stands before its main elements.

    ``plain`` promises: no comments, CDATA or processing instructions; every ``<`` begins a tag and every
    ``>`` ends one; ``prefix`` means the spreadsheet namespace and nothing else, and nothing else means it.
    """

    namespace: str
    root: str
    prefix: bytes
    plain: bool


def inspect(part: bytes, name: str, limits: Limits = DEFAULT) -> Markup:
    """Check a UTF-8 part and say how it is written.

    Raises :class:`WorkbookRefused` when it is not well-formed, declares a document type, has more tags
    than ``limits.tags``, or closes more than ``limits.depth`` elements in a row.
    """
    tags = part.count(b"<")
    if tags > limits.tags:
        raise refusal("part-too-many-tags", part=name, limit=limits.tags)
    root: list[str] = []
    declared: list[tuple[str, str]] = []
    noises: list[bool] = []
    parser = ParserCreate("UTF-8", " ")

    def first(tag: str, _attributes: dict[str, str]) -> None:
        root.append(tag)
        parser.StartElementHandler = None

    def doctype(*_: Any) -> None:
        raise refusal("doctype", part=name)

    def namespace(prefix: str | None, uri: str | None) -> None:
        declared.append((prefix or "", uri or ""))

    def noise(*_: Any) -> None:
        noises.append(True)

    parser.CommentHandler = parser.StartCdataSectionHandler = parser.ProcessingInstructionHandler = noise
    parser.StartElementHandler = first
    parser.StartDoctypeDeclHandler = doctype
    parser.StartNamespaceDeclHandler = namespace
    try:
        parser.Parse(part, True)
    except ExpatError:
        raise refusal("part-malformed", part=name) from None
    if _closings(limits.depth).search(part):
        raise refusal("too-deep", part=name, limit=limits.depth)
    uri, _, local = root[0].rpartition(" ")
    prefixes = {p for p, u in declared if u in MAIN}
    prefix = min(prefixes) if prefixes else ""
    clear = len(prefixes) == 1 and sum(p == prefix for p, _ in declared) == 1
    plain = clear and not noises and tags == part.count(b">")
    return Markup(uri, local, f"{prefix}:".encode() if prefix else b"", plain)


@lru_cache
def _closings(count: int) -> re.Pattern[bytes]:
    """So many end tags with nothing but text between them: elements nested at least that deep."""
    return re.compile(rb"</[^>]*+>[^<]*+(?:</[^>]*+>[^<]*+){%d}" % count)
