"""The VBA side of xlwings, from the installed package, cut down to what the add-in uses.

xlwings itself is not imported. What is kept: its licence, and how the DLL is declared and activated. A few
procedures are replaced by those of xlwings_ours.bas; whatever is no longer called is left out. So there is no
reading of sheets, folders and files called xlwings.conf, no ``cmd.exe /C`` for RunPython, no import of
functions, nothing for the Mac, nothing of xlwings PRO.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import metadata, resources
from pathlib import Path

from .errors import AddinError
from .scan import Line, logical_lines, procedures, words

VERSION = "0.37.8"
"""Text, DLL and Python package must be of this version; a new one has to be looked through first."""

MODULE = "xlwings"
ENTRY_POINTS = ("RunPython", "XLPy", "KillPy", "XLWINGS_VERSION")
"""What the add-in's own modules may use: KillPy ends the Python process, the next call starts a new one."""

_CONSTANTS = {"mac": False, "app": "microsoft excel"}  # of conditional compilation, as far as they are known


def module_text() -> str:
    """The module ``xlwings`` of the add-in. Raises :class:`AddinError`, see below."""
    ours = resources.files(__package__).joinpath("xlwings_ours.bas").read_text(encoding="utf-8")
    return stripped(installed_text(), ours)


def installed_text() -> str:
    """xlwings.bas of the installed xlwings. Raises :class:`AddinError` unless it is the pinned version."""
    try:
        found = metadata.distribution("xlwings")
        version = found.version
        text = Path(str(found.locate_file("xlwings/xlwings.bas"))).read_text(encoding="utf-8")
    except metadata.PackageNotFoundError:
        version, text = "", ""
    except OSError:
        text = ""
    if version != VERSION or not text:
        actual = f"现在装的是 {version}" if version else "现在没有装"
        raise AddinError(f"生成加载项需要 xlwings {VERSION} 的 VBA 文本，{actual}。")
    return text


def stripped(text: str, ours: str, entry_points: Iterable[str] = ENTRY_POINTS) -> str:
    """``text`` (xlwings.bas) with the procedures ``ours`` instead of those of the same names, cut down to
    what the entry points need, with a note of what was done to it.

    Raises :class:`AddinError` when an entry point or a procedure to be replaced is gone, when the version is
    another one, or when something stands among the declarations that this does not know.
    """
    _check_version(text)
    text = _folded(text)
    lines = text.splitlines()
    found = {p.name.lower(): p for p in procedures(text)}
    changed = [p.name for p in procedures(ours)]
    gone = [name for name in changed if name.lower() not in found]
    if gone:
        raise AddinError(f"xlwings.bas 里没有过程 {'、'.join(gone)}，要替换的内容变了")
    code = _code(text) | _code(ours)
    inside = {n for p in found.values() for n in range(p.first, p.last + 1)}
    head = [line for line in logical_lines(text) if line.first not in inside]
    declared = {name for line in head for name in [_declared(line)] if name}
    kept = _reached({name.lower() for name in entry_points}, code, declared)
    order = [name for name in found if name in kept]
    return "\n".join(
        [
            *_licence(lines),
            f"'xlbudget: cut down to {', '.join(found[n].name for n in order)}",
            f"'xlbudget: changed {', '.join(changed)}",
            "Option Explicit",
            "",
            *_declarations(head, lines, kept),
            "",
            *(code[name] + "\n" for name in order),
        ]
    )


def _code(text: str) -> dict[str, str]:
    """The text of each procedure by its name in lower case."""
    lines = text.splitlines()
    return {p.name.lower(): "\n".join(lines[p.first - 1 : p.last]) for p in procedures(text)}


def _check_version(text: str) -> None:
    wanted = {
        "版本说明": re.search(r"^'Version: (\S+)\s*$", text, re.M),
        "XLWINGS_VERSION": re.search(r'^Public Const XLWINGS_VERSION As String = "(.*?)"', text, re.M),
        "64 位 DLL": re.search(r'XLPyDLLName As String = "xlwings64-(.*?)\.dll"', text),
    }
    for what, match in wanted.items():
        if match is None or match[1] != VERSION:
            raise AddinError(f"xlwings.bas 的{what}不是 {VERSION}：{match[1] if match else '没有'}")


def _reached(wanted: set[str], code: Mapping[str, str], declared: set[str]) -> set[str]:
    """The entry points and, following the names in their code, all that they need."""
    reached: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in code and name not in declared:
            raise AddinError(f"xlwings.bas 里没有 {name}，加载项要用它")
        reached.add(name)
        used = {word for line in logical_lines(code.get(name, "")) for word in words(line.code)}
        wanted |= (used & (set(code) | declared)) - reached
    return reached


# ---- declarations ----

_DECLARES = re.compile(
    r"(?:(?:Public|Private|Global)\s+)?(?:Declare\s+(?:PtrSafe\s+)?(?:Function|Sub)|Const)\s+(\w+)", re.I
)


def _declared(line: Line) -> str:
    """The name that a line outside procedures declares, in lower case; empty when it declares none."""
    if not line.code or re.match(r"#(If|ElseIf|Else|End If)\b|Attribute\b|Option\b", line.code, re.I):
        return ""
    found = _DECLARES.match(line.code)
    if not found:
        raise AddinError(f"xlwings.bas 第 {line.first} 行的声明不认识：{line.code}")
    return found[1].lower()


def _declarations(head: list[Line], lines: list[str], kept: set[str]) -> list[str]:
    """The declarations that are needed, in their conditions; conditions around nothing go."""
    out: list[str] = []
    for line in head:
        directive = line.code.startswith("#")
        if directive or _declared(line) in kept:
            out += lines[line.first - 1 : line.last]
        while _ends_empty(out):
            del out[-2:]
    return out


def _ends_empty(out: list[str]) -> bool:
    return len(out) > 1 and _directive(out[-1]) == "end if" and _directive(out[-2]) == "if"


def _directive(line: str) -> str:
    found = re.match(r"\s*#(If|ElseIf|Else|End If)\b", line, re.I)
    return found[1].lower() if found else ""


def _licence(lines: list[str]) -> list[str]:
    """The comments at the top, which hold the licence."""
    out = []
    for line in lines:
        if line.strip() and not line.lstrip().startswith(("'", "Attribute", "#Const")):
            break
        if line.lstrip().startswith("'") and "Attribute" not in line:
            out.append(line)
    if not any("BSD 3-clause" in line for line in out) or not any("Copyright" in line for line in out):
        raise AddinError("xlwings.bas 开头没有许可证，不能使用")
    return out


# ---- conditional compilation ----


def _folded(text: str) -> str:
    """The text without the branches that are never compiled, as far as the constants are known."""
    out: list[str] = []
    # of every open #If: whether it is decided here, whether its present branch is taken, whether one was
    open_: list[tuple[bool, bool, bool]] = []
    for line in text.splitlines():
        word, taken = _directive(line), all(branch for _, branch, _ in open_)
        if word == "if" and taken:
            value = _value(line)
            open_.append((value is not None, value is not False, value is True))
        elif word == "if":
            open_.append((True, False, True))
        elif word in ("elseif", "else") and open_[-1][0]:
            _, _, done = open_[-1]
            now = not done and (word == "else" or _value(line) is True)
            if word == "elseif" and not done and _value(line) is None:
                raise AddinError(f"xlwings.bas 的条件编译看不懂：{line.strip()}")
            open_[-1] = (True, now, done or now)
            continue
        elif word == "end if":
            decided = open_.pop()[0]
            if decided or not all(branch for _, branch, _ in open_):
                continue
            out.append(line)
            continue
        if taken and not (word == "if" and open_[-1][0]) and not re.match(r"\s*#Const\b", line, re.I):
            out.append(line)
    return "\n".join(out)


def _value(line: str) -> bool | None:
    """Whether the condition holds; None when that depends on the Office."""
    condition = re.sub(r"^\s*#(If|ElseIf)\s+|\s+Then\s*('.*)?$", "", line, flags=re.I).strip()
    found = re.fullmatch(r'(Not\s+)?(\w+)(?:\s*=\s*"(.*)")?', condition, re.I)
    if not found or found[2].lower() not in _CONSTANTS:
        return None
    known = _CONSTANTS[found[2].lower()]
    value = known == found[3].lower() if found[3] is not None else bool(known)
    return value != bool(found[1])
