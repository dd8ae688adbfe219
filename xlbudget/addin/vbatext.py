"""VBA modules written in UTF-8, made into pure ASCII: so no code page of any PC can spoil the Chinese.

Chinese in literals becomes ``ChrW(…)``, Chinese comments go. Lines keep their numbers unless one has to be
broken for its length.
"""

from __future__ import annotations

import re

from .errors import AddinError
from .scan import Piece, continues, pieces

LONGEST = 1000  # characters of a physical line; VBA takes 1,023
CONTINUATIONS = 24  # of a logical line, what VBA takes
_RUN = 200  # of a literal's characters stay together
_BREAK = "\0"  # a line may be broken here

# In these a text must be constant, and ChrW(…) is a call.
_CONSTANT = re.compile(
    r"\s*(#|Attribute\b|((Public|Private|Global|Friend|Static)\s+)*"
    r"(Const|Declare|Sub|Function|Property|Event|Enum|Type)\b)",
    re.I,
)


def ascii_vba(text: str, where: str) -> str:
    """The module in ASCII, lines ending in a line feed.

    Raises :class:`AddinError` with ``where`` and the line for what VBA could not take: Chinese in names, in
    constants and in defaults, lines too long or too often continued, literals without their end.
    """
    out: list[str] = []
    joints, constant = 0, False
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        try:
            more = continues(line)
            constant = constant if joints else bool(_CONSTANT.match(line))
            broken = _wrapped(_line(line, more, constant))
            joints = joints + len(broken) - 1 + more if more or joints else len(broken) - 1
            if joints > CONTINUATIONS:
                raise ValueError(f"续行超过 {CONTINUATIONS} 个，VBA 不接受")
        except ValueError as e:
            raise AddinError(f"{where} 第 {number} 行：{e}") from e
        joints = joints if more else 0
        out += broken
    return "\n".join(out)


def _line(line: str, more: bool, constant: bool) -> str:
    """The line in ASCII, with the places where it may be broken."""
    found = pieces(line)
    if more and found and found[-1].kind == "comment":
        raise ValueError("注释不能用续行符")
    if line.isascii() and len(line) <= LONGEST:
        return line
    return "".join(_piece(piece, constant) for piece in found).rstrip()


def _piece(piece: Piece, constant: bool) -> str:
    kind, text = piece
    if kind == "comment":
        return text if text.isascii() else ""
    if kind == "literal" and not (text.isascii() and len(text) <= _RUN):
        if constant:
            raise ValueError("常量、参数默认值和声明里不能有中文，也不能有很长的文字")
        return _literal(text[1:-1].replace('""', '"'))
    if not text.isascii():
        odd = next(char for char in text if not char.isascii())
        raise ValueError(f"文字以外的地方不能有中文或全角字符“{odd}”")
    return text


def _literal(text: str) -> str:
    """An expression for the text: quoted runs of ASCII and ``ChrW`` of every other UTF-16 unit.

    Without brackets: ``+`` binds closer than ``&``, but joins texts to the same result; and LibreOffice reads
    a bracket behind ``Module.Sub`` as that of a call.
    """
    parts: list[str] = []
    for run in re.findall(rf"[ -~]{{1,{_RUN}}}|[^ -~]", text):
        if run.isascii() and run.isprintable():
            parts.append('"' + run.replace('"', '""') + '"')
        else:
            units = run.encode("utf-16-be", "surrogatepass")
            parts += [f"ChrW(&H{units[i : i + 2].hex().upper()})" for i in range(0, len(units), 2)]
    return f" & {_BREAK}".join(parts)


def _wrapped(line: str) -> list[str]:
    """The line, broken where it has to be."""
    if len(line.replace(_BREAK, "")) <= LONGEST:
        return [line.replace(_BREAK, "")]
    out = [""]
    for part in line.split(_BREAK):
        if out[-1] and len(out[-1]) + len(part) > LONGEST - 2:
            out[-1] += "_"
            out.append("        ")
        out[-1] += part
    if max(map(len, out)) > LONGEST:
        raise ValueError(f"一行超过 {LONGEST} 个字符，VBA 不接受；请分成几行")
    return out
