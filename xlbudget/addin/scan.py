"""Just enough of the VBA language to look through a module: texts, comments, procedures, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from .errors import AddinError


class Piece(NamedTuple):
    """Part of a line. ``text`` of a literal has its quotes, of a comment its apostrophe or ``Rem``."""

    kind: Literal["code", "literal", "comment"]
    text: str


class Line(NamedTuple):
    """A logical line without its comment; literals are emptied to ``""``. ``first`` counts from 1."""

    first: int
    last: int
    code: str


class Procedure(NamedTuple):
    """A Sub, Function or Property. ``first`` to ``last`` are its lines, from 1; ``body`` lies between."""

    name: str
    kind: str  # sub, function or property
    public: bool
    parameters: tuple[str, ...]
    first: int
    last: int
    body: tuple[Line, ...]


_PIECE = re.compile(r'"(?:[^"]|"")*("|$)|\'.*|(?:^|(?<=:))\s*Rem(?=\s|$).*|(?:(?!:\s*Rem\b)[^"\'])+|:', re.I)


def pieces(line: str) -> list[Piece]:
    """The parts of one physical line. Raises :class:`ValueError` for a literal without its end."""
    found = []
    for match in _PIECE.finditer(line):
        text = match[0]
        if text.startswith('"'):
            if not match[1]:
                raise ValueError("引号没有成对")
            found.append(Piece("literal", text))
        elif text.startswith("'") or re.match(r"\s*Rem(\s|$)", text, re.I):
            found.append(Piece("comment", text))
        else:
            found.append(Piece("code", text))
    return found


def continues(line: str) -> bool:
    """Whether the next physical line belongs to this one."""
    return line.rstrip() == "_" or line.rstrip().endswith((" _", "\t_"))


def logical_lines(text: str) -> Iterator[Line]:
    """The logical lines of a module with their numbers."""
    parts: list[str] = []
    first, in_comment = 1, False
    for number, line in enumerate(text.splitlines(), 1):
        more = continues(line)
        found = [] if in_comment else pieces(line)
        in_comment = more and (in_comment or bool(found and found[-1].kind == "comment"))
        code = "".join('""' if p.kind == "literal" else p.text for p in found if p.kind != "comment")
        parts.append(re.sub(r"(^|\s)_\s*$", " ", code) if more else code)
        if not more:
            yield Line(first, number, "".join(parts).strip())
            parts, first = [], number + 1
    if parts:
        yield Line(first, len(text.splitlines()), "".join(parts).strip())


_HEAD = re.compile(
    r"(?:(Public|Private|Friend)\s+)?(?:Static\s+)?(Sub|Function|Property\s+(?:Get|Let|Set))\s+(\w+)\s*(\(.*)?$",
    re.I,
)
_TAIL = re.compile(r"End\s+(Sub|Function|Property)\b", re.I)


def procedures(text: str) -> list[Procedure]:
    """The procedures of a module, in order. Raises :class:`AddinError` when one has no end."""
    found: list[Procedure] = []
    head: tuple[Line, re.Match[str]] | None = None
    body: list[Line] = []
    for line in logical_lines(text):
        opening = _HEAD.match(line.code)
        if head is None:
            if opening:
                head, body = (line, opening), []
        elif opening:
            raise AddinError(f"第 {head[0].first} 行的过程 {head[1][3]} 没有结束")
        elif _TAIL.match(line.code):
            start, match = head
            kind = match[2].split()[0].lower()
            public = (match[1] or "public").lower() == "public"
            names = _parameters(match[4] or "()")
            found.append(Procedure(match[3], kind, public, names, start.first, line.last, tuple(body)))
            head = None
        else:
            body.append(line)
    if head is not None:
        raise AddinError(f"第 {head[0].first} 行的过程 {head[1][3]} 没有结束")
    return found


def _parameters(text: str) -> tuple[str, ...]:
    """Names in ``(ByVal a As Long, Optional b = "", ParamArray c() As Variant) As Long``."""
    depth, parts = 0, [""]
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0:
            break
        if char == "," and depth == 1:
            parts.append("")
        elif depth > 1 or char != "(":
            parts[-1] += char
    names = []
    for part in parts:
        words = re.sub(r"^\s*((Optional|ByVal|ByRef|ParamArray)\s+)*", "", part, flags=re.I).strip()
        if words:
            names.append(re.split(r"\W", words, maxsplit=1)[0])
    return tuple(names)


_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def words(code: str) -> set[str]:
    """All names and keywords in code without literals and comments, in lower case."""
    return {word.lower() for word in _WORD.findall(code)}
