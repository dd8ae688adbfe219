"""What is looked at before an add-in is written: where it is built no Office compiles it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from . import ribbon
from .project import Kind
from .scan import Procedure, logical_lines, procedures, words

FUNCTIONS = "XbFunctions"
"""The module of the worksheet functions."""

_EVENTS = ("open", "close", "exec", "exit", "new", "activate", "deactivate", "beforeclose", "addininstall")
AUTOMATIC = frozenset(
    f"{what}{joint}{event}"
    for what in ("auto", "workbook", "document")
    for event in _EVENTS
    for joint in ("_", "")
)
"""Procedures that Office runs by itself: scanners distrust every file with one, and the add-in needs none."""


class Source(NamedTuple):
    """A module before it becomes part of the project; ``text`` is ASCII."""

    name: str
    kind: Kind
    text: str


def problems(sources: Sequence[Source], ui: ElementTree.Element) -> list[str]:
    """Everything that is wrong, as Chinese sentences with module and line; empty when nothing is."""
    found = {s.name: procedures(s.text) for s in sources}
    out = [*ribbon.problems(ui), *_callbacks(found, ui), *_functions(found)]
    public = {s.name.lower(): _public_names(s, found[s.name]) for s in sources}
    for source in sources:
        own = found[source.name]
        out += _module(source, own)
        out += _foreign_names(source, own, public)
    return out


def _module(source: Source, own: Sequence[Procedure]) -> Iterator[str]:
    if not any(re.fullmatch(r"Option\s+Explicit", line.code, re.I) for line in logical_lines(source.text)):
        yield f"模块 {source.name} 没有 Option Explicit"
    seen: set[str] = set()
    for procedure in own:
        name = procedure.name.lower()
        if name in AUTOMATIC:
            yield f"{_at(source.name, procedure)} 会自动运行，加载项里不能有"
        if procedure.kind != "property" and name in seen:
            yield f"{_at(source.name, procedure)} 重复"
        seen.add(name)


def _callbacks(found: dict[str, list[Procedure]], ui: ElementTree.Element) -> Iterator[str]:
    for callback in ribbon.callbacks(ui):
        module, _, name = callback.name.partition(".")
        match = [p for p in found.get(module, ()) if p.name == name]
        if not match:
            yield f"功能区 {callback.where} 调用的 {callback.name} 不存在"
            continue
        procedure = match[0]
        if procedure.kind != "sub" or not procedure.public:
            yield f"{_at(module, procedure)} 应为 Public Sub，功能区 {callback.where} 要调用它"
        if len(procedure.parameters) != callback.arguments:
            wanted = callback.arguments
            yield f"{_at(module, procedure)} 应有 {wanted} 个参数，功能区 {callback.where} 要调用它"
        yield from _handler(module, procedure)


def _functions(found: dict[str, list[Procedure]]) -> Iterator[str]:
    for procedure in found.get(FUNCTIONS, ()):
        if procedure.public:
            yield from _handler(FUNCTIONS, procedure)


def _handler(module: str, procedure: Procedure) -> Iterator[str]:
    """An error nobody catches stops the macro with a window in English, or silently in a cell."""
    labels = {m[1].lower() for line in procedure.body if (m := re.match(r"(\w+):(?!=)", line.code))}
    for line in procedure.body:
        jump = re.match(r"On\s+Error\s+GoTo\s+(\w+)", line.code, re.I)
        if jump and jump[1] != "0" and jump[1].lower() in labels:
            return
    yield f"{_at(module, procedure)} 没有错误处理（On Error GoTo 标号）"


# ---- names of other modules ----

_DECLARED = re.compile(
    r"(?:Public|Global)\s+(?:WithEvents\s+)?(?:Const\s+|Enum\s+|Type\s+|Event\s+)?(.*)|"
    r"(?:Public\s+)?Declare\s+(?:PtrSafe\s+)?(?:Function|Sub)\s+(.*)|(?:Enum|Type)\s+(.*)",
    re.I,
)


def _public_names(source: Source, own: Sequence[Procedure]) -> set[str]:
    """What other modules may use as ``Module.Name``, in lower case."""
    names = {p.name.lower() for p in own if p.public}
    inside = {n for p in own for n in range(p.first, p.last + 1)}
    enum = False
    for line in logical_lines(source.text):
        if line.first in inside:
            continue
        found = _DECLARED.match(line.code)
        if found and (said := found[1] or found[2] or found[3]):
            names |= {m[1].lower() for part in said.split(",") if (m := re.match(r"\s*(\w+)", part))}
        if enum:
            names |= words(line.code.partition("=")[0])
        if re.match(r"(?:(Public|Private)\s+)?Enum\b|End\s+Enum\b", line.code, re.I):
            enum = not line.code.lower().startswith("end")
    return names


def _foreign_names(source: Source, own: Sequence[Procedure], public: dict[str, set[str]]) -> Iterator[str]:
    """``Module.Name`` where there is no such name, or where Module means a procedure of this module."""
    hidden = {p.name.lower() for p in own} & (set(public) - {source.name.lower()})
    for line in logical_lines(source.text):
        for match in re.finditer(r"(?<![.\w])([A-Za-z]\w*)\.([A-Za-z]\w*)", line.code):
            module, name = match[1].lower(), match[2].lower()
            where = f"模块 {source.name} 第 {line.first} 行"
            if module in hidden:
                yield f"{where}：{match[0]} 找不到，因为本模块有同名的过程 {match[1]}"
            elif module in public and module not in _DOCUMENTS and name not in public[module]:
                yield f"{where}：模块 {match[1]} 里没有公开的 {match[2]}"


_DOCUMENTS = {"thisworkbook", "settings"}  # objects of Excel with many members of their own


def _at(module: str, procedure: Procedure) -> str:
    return f"模块 {module} 第 {procedure.first} 行：{procedure.name}"
