"""The VBA module with one wrapper per worksheet function: cells go out to Python, its answer comes back."""

from __future__ import annotations

from collections.abc import Iterator

from .functions import FUNCTIONS
from .registry import Function

MODULE = "XbFunctions"
_HEAD = f'''Attribute VB_Name = "{MODULE}"
Option Explicit
' Made by xlbudget_udfs/vba.py from its table of functions; a change here is lost.
'''


def module_text() -> str:
    """The whole module, with Chinese in comments only; lines end with a line feed."""
    return _HEAD + "".join(_wrapper(f) for f in FUNCTIONS.values())


def _wrapper(function: Function) -> str:
    return "\n" + "".join(line + "\n" for line in _lines(function))


def _lines(function: Function) -> Iterator[str]:
    name = function.name
    fixed = ", ".join(f"XbCall.Arg({a.name})" for a in function.arguments)
    yield f"' {function.title}：{function.signature}"
    yield f"Public Function {name}({_parameters(function)}) As Variant"
    if function.pairs:
        yield "    Dim given As Variant"
    yield "    On Error GoTo failed"
    if function.pairs:
        yield "    given = pairs    ' VBA hands a ParamArray on only as a copy"
        yield f'    {name} = XbCall.Value("{name}", XbCall.Rest(Array({fixed}), given))'
    else:
        yield f'    {name} = XbCall.Value("{name}", Array({fixed}))'
    yield "    Exit Function"
    yield "failed:"
    yield f"    {name} = XbCall.Failed(Err.Description)"
    yield "End Function"


def _parameters(function: Function) -> str:
    out = [f"{'Optional ' if a.optional else ''}ByVal {a.name} As Variant" for a in function.arguments]
    if function.pairs:
        out.append("ParamArray pairs() As Variant")
    return ", ".join(out)
