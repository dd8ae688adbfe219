"""Values as a person reads them, and the sentences of findings with the numbers put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from xlbudget.figures import Figure, Interval, shown

from .language import Binary, ErrorValue, Value
from .model import COMPUTED, REPORTED, OutcomeKind, Severity
from .program import FieldLike
from .scope import AnyScope, FormScope, UnknownName, is_empty
from .tree import part_of

_SLOT = re.compile(r"\{(=?)([^{}|]+)(?:\|([^{}]*))?\}")
_LONG = 40  # characters of a text that a sentence quotes

BLANK = "空白"


@lru_cache(maxsize=4096)  # scores and weights: few numbers, shown again and again
def trimmed(value: Fraction, decimals: int) -> str:
    """With at most so many decimals and no trailing zeros."""
    text = shown(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Value, spec: FieldLike | None = None, unit: bool = False) -> str:
    """A value in the manner of a field: money with its decimals, rates as percentages, scores without zeros.

    Blank gives 空白. ``unit`` appends the field's unit.
    """
    if isinstance(value, ErrorValue):
        return value.code
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Interval):
        value = value.mid
    if isinstance(value, Fraction):
        return _number(value, spec, unit)
    if is_empty(value):
        return BLANK
    text = str(value).strip()
    return text if len(text) <= _LONG else text[:_LONG] + "……"


def _number(value: Fraction, spec: FieldLike | None, unit: bool) -> str:
    if spec is None:
        return trimmed(value, 4)
    if spec.kind == "percent":
        return shown(value, 4, percent=True)
    if spec.kind == "money":
        return shown(value, spec.decimals) + (spec.unit if unit else "")
    return trimmed(value, max(spec.decimals, 2) if spec.kind != "year" else 0)


def show_reported(value: Figure | str | None, spec: FieldLike | None) -> str:
    """The content of a cell, a rate with the digits that it was printed with."""
    if isinstance(value, Figure):
        if value.percent or (spec is not None and spec.kind == "percent"):
            return shown(value.value, max(2, min(value.decimals, 6)), percent=True)
        return show(value.value, spec)
    return show(value, spec)


def principal(scope: AnyScope, *texts: str) -> FieldLike | None:
    """The field whose manner of printing suits a comparison: the first numeric one named in its formulas.

    Only sides that are a plain name or a sum of one column count; a quotient has no field of its own.
    """
    program = scope.evaluation.program
    for text in texts:
        if not text:
            continue
        node = program.node(text)
        if isinstance(node, Binary) and node.op == "/":
            continue
        for name in program.names(text):
            spec = scope.spec(name.rpartition(":")[2])
            if spec is not None and spec.numeric:
                return spec
        form = _form_of(scope)
        for rowset, column in program.columns_of(text):
            home = program.rowset_home(form, rowset)
            found = program.columns.get((home, rowset), {}).get(part_of(column)[1])
            if found is not None and found.numeric:
                return found
    return None


def _form_of(scope: AnyScope) -> str:
    owner = scope if isinstance(scope, FormScope) else scope.parent
    return owner.record.form


def sentence(template: str, scope: AnyScope, given: dict[str, str]) -> str:
    """A message with its slots filled.

    ``{名称}`` shows a quantity in the manner of its field; ``{=公式}`` a computed one, ``{=公式|%}`` as a
    percentage; names in ``given`` ({应为} {实为} {差额} …) are put in as they are.
    """

    def fill(m: re.Match[str]) -> str:
        computed, body, form = m.group(1), m.group(2), m.group(3) or ""
        if not computed and body in given:
            return given[body]
        return slot(scope, body, bool(computed), form)

    return _SLOT.sub(fill, template)


def slot(scope: AnyScope, body: str, computed: bool, form: str) -> str:
    """One slot of a message. Raises UnknownName or FormulaError for a slot that makes no sense."""
    if not computed:
        value = scope.name(body)
        return show(value, scope.spec(body), unit=True)
    value = scope.evaluation.program.run(body)(scope)
    if isinstance(value, Interval):
        value = value.mid
    if form == "%" and isinstance(value, Fraction):
        return shown(value, 4, percent=True)
    if isinstance(value, str):
        return value
    bare = body.strip()
    prefix = bare.partition("(")[0]
    inner = bare[len(prefix) + 1 : -1] if prefix in (REPORTED, COMPUTED) else bare
    try:
        spec = scope.spec(inner)
    except UnknownName:
        spec = None
    return show(value, spec)


def summary_line(counts: Mapping[Severity, int], broken: int = 0) -> str:
    """``3 错误 · 5 核实 · 2 提示``, or 通过; outcomes of broken rules are counted behind."""
    told = [f"{counts[s]} {s.value}" for s in Severity if counts.get(s)]
    if broken:
        told.append(f"{broken} 规则故障")
    return " · ".join(told) or OutcomeKind.PASSED.value


def slots(template: str) -> list[tuple[bool, str, str]]:
    """The slots of a message, as (computed, body, format): for the linter."""
    return [(bool(m.group(1)), m.group(2), m.group(3) or "") for m in _SLOT.finditer(template)]
