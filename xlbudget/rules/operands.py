"""Where a finding stands and which cells contribute to it."""

from __future__ import annotations

import re

from .display import show, show_reported
from .language import Value
from .model import COMPUTED, REPORTED, Operand, Rule
from .record import Entry, Place
from .rowscope import GroupScope, RowScope, TreeRow
from .scope import AnyScope, FormScope, is_empty
from .tree import BELOW, TOP, part_of

_COLUMN = re.compile(r"(.+)\[(.+)\]")
_MOST = 24  # operands that a finding lists


def places_of(marks: tuple[str, ...], scope: AnyScope) -> tuple[Place, ...]:
    """The cells that a rule marks, in its order; a column stands for all its cells in the scope."""
    out: list[Place] = []
    for mark in marks:
        column = _COLUMN.fullmatch(mark)
        entries = _column_entries(scope, *column.groups()) if column else [(mark, scope.entry(mark))]
        placed = [e for _, e in entries if e is not None and e.place is not None]
        filled = [e for e in placed if not e.blank] or placed  # of a column the cells that say something
        out += [e.place for e in filled if e.place is not None]
    return tuple(dict.fromkeys(out))


def _column_entries(scope: AnyScope, rowset: str, name: str) -> list[tuple[str, Entry | None]]:
    part, bare = part_of(name)
    return [(bare, row.entry(bare)) for row in _rows(scope, rowset, part)]


def _rows(scope: AnyScope, rowset: str, part: str) -> list[RowScope]:
    """The rows that a column means in the scope, those of another form too; none where that is absent."""
    if isinstance(scope, GroupScope) and scope.rowset == rowset:
        return scope.rows
    if isinstance(scope, TreeRow) and part == BELOW:
        return scope.below()
    form = scope if isinstance(scope, FormScope) else scope.parent
    evaluation = form.evaluation
    home = evaluation.program.rowset_home(form.record.form, rowset)
    if home != form.record.form:
        if not evaluation.of(home):
            return []
        form = evaluation.single(home)
    rows = form.rows(rowset)
    return [rows[i] for i in form.tree(rowset).top] if part == TOP else rows


def operands(rule: Rule, scope: AnyScope) -> tuple[Operand, ...]:
    """The filled cells that the two sides of a rule are made of, defined names followed to their cells."""
    found: dict[tuple[str, Place | None], Operand] = {}
    seen: set[str] = set()
    for text in (rule.left, rule.right):
        if text:
            _collect(text, scope, found, seen)
    return tuple(found.values())[:_MOST]


def _collect(
    text: str, scope: AnyScope, found: dict[tuple[str, Place | None], Operand], seen: set[str]
) -> None:
    if not text or text in seen:
        return
    seen.add(text)
    program = scope.evaluation.program
    for name in program.names(text):
        prefix, _, bare = name.rpartition(":")
        spec, home = scope.spec(bare), _home(scope, bare)
        if home is None:
            continue
        if spec is None:
            _collect(_define(home, bare), home, found, seen)
            continue
        formula = home.formula(bare)
        if formula and prefix == COMPUTED:
            _collect(formula, home, found, seen)
            continue
        computes = formula or spec.derived
        value = home.name(name) if computes and prefix != REPORTED else None
        _add(found, bare, scope.entry(bare), scope, value)
    for rowset, column in program.columns_of(text):
        for label, entry in _column_entries(scope, rowset, column):
            _add(found, label, entry, scope)


def _home(scope: AnyScope, name: str) -> AnyScope | None:
    """Where the formula behind a name is to be read: here, or on the form that has it (None: absent)."""
    row = scope.rows[0] if isinstance(scope, GroupScope) else scope
    if isinstance(row, RowScope) and row.has(name):
        return scope
    form = row if isinstance(row, FormScope) else row.parent
    if form.has(name):
        return scope
    home = form.evaluation.program.home(form.record.form, name)
    if not home:
        return scope
    return form.evaluation.single(home) if form.evaluation.of(home) else None


def _define(scope: AnyScope, name: str) -> str:
    if isinstance(scope, GroupScope):
        return _define(scope.rows[0], name)
    if isinstance(scope, RowScope):
        return scope.rowset.defines.get(name) or scope.parent.schema.defines.get(name, "")
    return scope.schema.defines.get(name, "")


def _add(
    found: dict[tuple[str, Place | None], Operand],
    name: str,
    entry: Entry | None,
    scope: AnyScope,
    derived: Value = None,
) -> None:
    """One cell; of a derived one the value that its formula gives, as that is what the rule used."""
    place = entry.place if entry is not None else None
    if not is_empty(derived):
        text = show(derived, scope.spec(name))
    elif entry is not None and not entry.blank:
        text = show_reported(entry.value, scope.spec(name))
    else:
        return
    label = place.caption if place is not None and place.caption else name
    found.setdefault((label, place), Operand(label, place, text))
