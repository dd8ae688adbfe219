"""Replies and function values as ASCII lines, so that VBA reads them whatever the PC's code page is.

One record a line, fields split by tabs. Anything but printable ASCII, and the backslash, is written as
``\\uXXXX`` (UTF-16 units). A reply:

    xlbudget 1
    line    <text>              what is shown
    fail                        it could not be done
    detail  <text>              … more of it, line by line
    book    <name>              the steps behind it are for this workbook
    do      <kind> <sheet> <ref> <args…>
    ask     <text> <said on yes> <said on no>     the books and steps behind it wait for a yes
    file    <name> <base64>
    goto    <sheet> <cell>
    end                         nothing is missing

Values of worksheet functions, one a line: ``n <digits>``, ``t <text>``, ``b 1``, ``e #N/A``, ``z`` for an
empty cell, and ``a <rows> <columns>`` before the cells of an area, row by row.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xlbudget.workbook.ops import Do, Op

from .messages import OutFile, Question, Reply

VERSION = "xlbudget 1"
LINE_END = "\r\n"

Scalar = float | str | bool | None
Cells = list[list[Scalar]]  # never empty
Value = Scalar | Cells

_PLAIN = re.compile(r"[^ -\[\]-~]")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


class WireError(ValueError):
    """A text that no xlbudget wrote, or only part of one."""


class CellError(str):
    """An error value of a cell, such as ``#N/A``."""


# ---- words ----


def escape(text: str) -> str:
    return _PLAIN.sub(_units, text)


def _units(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{raw[i]:02x}{raw[i + 1]:02x}" for i in range(0, len(raw), 2))


def unescape(text: str) -> str:
    whole = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
    return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


# ---- replies ----


def write_reply(reply: Reply) -> str:
    """The reply as text; lines end as on Windows."""
    out = [VERSION, _join("line", reply.line)]
    if not reply.ok:
        out.append("fail")
    out += [_join("detail", text) for text in reply.details]
    out += _steps(reply.steps)
    for file in reply.files:
        out.append(f"{_join('file', file.name)}\t{base64.b64encode(file.data).decode()}")
    if reply.question is not None:
        q = reply.question
        out.append(_join("ask", q.text, q.yes, q.no))
        out += _steps(q.steps)
    if reply.goto is not None:
        out.append(_join("goto", *reply.goto))
    out.append("end")
    return "".join(line + LINE_END for line in out)


def read_reply(text: str) -> Reply:
    """The reply again. Raises WireError when the text is no reply, or not all of one."""
    lines = text.split(LINE_END)
    if lines[0] != VERSION or lines[-2:] != ["end", ""]:
        raise WireError("不是完整的应答")
    reply = Reply("")
    steps = reply.steps
    book: list[Op] = []
    for line in lines[1:-2]:
        kind, *fields = line.split("\t")
        words = [unescape(f) for f in fields]
        if kind == "line":
            reply.line = words[0]
        elif kind == "fail":
            reply.ok = False
        elif kind == "detail":
            reply.details.append(words[0])
        elif kind == "book":
            book = steps.setdefault(words[0], [])
        elif kind == "do":
            book.append(Op(Do(words[0]), words[1], words[2], tuple(words[3:])))
        elif kind == "ask":
            steps = {}
            reply.question = Question(words[0], steps, words[1], words[2])
        elif kind == "file":
            reply.files.append(OutFile(words[0], base64.b64decode(words[1])))
        elif kind == "goto":
            reply.goto = (words[0], words[1])
        else:
            raise WireError(f"应答里有不认识的“{kind}”")
    return reply


def _steps(steps: Mapping[str, Sequence[Op]]) -> Iterator[str]:
    for name, ops in steps.items():
        yield _join("book", name)
        for op in ops:
            yield _join("do", op.do, op.sheet, op.ref, *op.args)


def _join(*words: str) -> str:
    return "\t".join([words[0], *map(escape, words[1:])])


# ---- values of worksheet functions ----


def write_values(values: Iterable[Value]) -> str:
    return "".join(line + LINE_END for value in values for line in _value(value))


def _value(value: Value) -> Iterator[str]:
    if isinstance(value, list):
        yield f"a\t{len(value)}\t{len(value[0])}"
        for row in value:
            for cell in row:
                yield _scalar(cell)
    else:
        yield _scalar(value)


def _scalar(value: Scalar) -> str:
    if value is None:
        return "z"
    if isinstance(value, bool):
        return f"b\t{int(value)}"
    if isinstance(value, CellError):
        return f"e\t{value}"
    if isinstance(value, str):
        return f"t\t{escape(value)}"
    return f"n\t{float(value)!r}"


def read_values(text: str) -> list[Value]:
    """The values again. Raises WireError for anything else."""
    lines = text.replace("\r\n", "\n").split("\n")[:-1]
    out: list[Value] = []
    at = 0
    while at < len(lines):
        head = lines[at]
        at += 1
        if not head.startswith("a\t"):
            out.append(_read(head))
            continue
        rows, width = _extent(head)
        if rows * width > len(lines) - at:
            raise WireError("区域不完整")
        cells = [_read(line) for line in lines[at : at + rows * width]]
        out.append([cells[i * width : (i + 1) * width] for i in range(rows)])
        at += rows * width
    return out


def _extent(head: str) -> tuple[int, int]:
    try:
        rows, width = (int(n) for n in head.split("\t")[1:])
    except ValueError as e:
        raise WireError("区域的大小看不懂") from e
    if rows < 1 or width < 1:
        raise WireError("区域是空的")
    return rows, width


def _read(line: str) -> Scalar:
    kind, _, rest = line.partition("\t")
    if kind == "z":
        return None
    if kind == "n":
        try:
            return float(rest)
        except ValueError as e:
            raise WireError(f"不是数：“{rest[:20]}”") from e
    if kind == "t":
        return unescape(rest)
    if kind == "b":
        return rest == "1"
    if kind == "e":
        return CellError(rest)
    raise WireError(f"不认识的值“{line[:20]}”")
