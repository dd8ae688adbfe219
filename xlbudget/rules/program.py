"""A pack's formulas made ready to run: parsed once, with parameters and laws written out.

Names are left in place: what a name means depends on where a formula stands (a form, one row of it, one
group of rows) and is answered by a scope (:mod:`.scope`). For native Excel formulas the names without a
cell of their own are written out too (:meth:`Program.native`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from .language import (
    Binary,
    Call,
    Column,
    FormulaError,
    Name,
    Node,
    Number,
    Scope,
    Step,
    Text,
    Unary,
    Value,
    check,
    columns_in,
    compile_step,
    fold,
    frame_of,
    names_in,
    parse_tree,
)
from .laws import Law
from .model import COMPUTED, REPORTED, Rule
from .native import Native
from .tree import PARTS, sum_of_part


class FieldLike(Protocol):
    """What the rules need to know of a field or of a column of a row set."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def decimals(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def formula(self) -> str: ...
    @property
    def numeric(self) -> bool: ...
    @property
    def derived(self) -> bool: ...


class ColumnLike(FieldLike, Protocol):
    @property
    def source(self) -> str: ...
    @property
    def grouped(self) -> bool: ...
    @property
    def subtotal(self) -> str: ...


class RowSetLike(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> Sequence[ColumnLike]: ...
    @property
    def of(self) -> str: ...
    @property
    def defines(self) -> Mapping[str, str]: ...
    @property
    def subject(self) -> str: ...
    @property
    def tree(self) -> str: ...


class FormLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fields(self) -> Sequence[FieldLike]: ...
    @property
    def rowsets(self) -> Sequence[RowSetLike]: ...
    @property
    def defines(self) -> Mapping[str, str]: ...
    @property
    def repeated(self) -> bool: ...


ParamValue = Decimal | str | tuple[str, ...]
Compiled = Callable[[Scope], Value]


class Program:
    """Forms, rules, parameters and laws of one pack, ready for derive and audit.

    Raises FormulaError from the accessors when a formula of the pack is wrong; a pack that passed the linter
    raises none.
    """

    def __init__(
        self,
        pack_id: str,
        forms: Sequence[FormLike],
        rules: Sequence[Rule],
        params: Mapping[str, ParamValue],
        laws: Mapping[str, Law],
    ) -> None:
        self.pack_id = pack_id
        self.forms = {f.id: f for f in forms}
        self.rules = tuple(rules)
        self.params = dict(params)
        self.laws = dict(laws)
        self.fields = {f.id: {x.name: x for x in f.fields} for f in forms}
        self.rowsets = {f.id: {r.name: r for r in f.rowsets} for f in forms}
        self.columns = {(f.id, r.name): {c.name: c for c in r.columns} for f in forms for r in f.rowsets}
        self.trees = {r.name: r.tree for f in forms for r in f.rowsets if r.tree}  # row set → code column
        self._homes = _homes(forms)
        self._nodes: dict[str, Node] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._columns: dict[str, tuple[tuple[str, str], ...]] = {}
        self._steps: dict[str, Step] = {}

    # ---- names of other forms ----

    def home(self, form: str, name: str) -> str:
        """The one other form, of those with a single sheet, that has a field or define ``name``; or ""."""
        others = [f for f in self._homes.get(name, ()) if f != form]
        return others[0] if len(others) == 1 else ""

    def rowset_home(self, form: str, rowset: str) -> str:
        """The form that ``rowset`` means in a formula on ``form``: its own, else one with a single sheet.

        "" where there is none; row sets whose rows stand for forms are not looked for.
        """
        if rowset in self.rowsets[form]:
            return form
        return next((f for f in self._homes.get(f"{rowset}[]", ()) if f != form), "")

    # ---- formulas as written ----

    def node(self, text: str) -> Node:
        """The tree of a formula with parameters and laws written out and constants folded."""
        node = self._nodes.get(text)
        if node is None:
            node = fold(self._expand(parse_tree(text)))
            check(node)
            self._nodes[text] = node
        return node

    def step(self, text: str) -> Step:
        """The formula as a function of the frame of a scope."""
        found = self._steps.get(text)
        if found is None:
            found = self._steps[text] = compile_step(self.node(text))
        return found

    def run(self, text: str) -> Compiled:
        """The formula as a function of a scope."""
        step = self.step(text)
        return lambda scope: step(frame_of(scope))

    def names(self, text: str) -> tuple[str, ...]:
        """The names of single quantities in a formula, parameters and laws written out."""
        found = self._names.get(text)
        if found is None:
            found = self._names[text] = names_in(self.node(text))
        return found

    def columns_of(self, text: str) -> tuple[tuple[str, str], ...]:
        """The columns in a formula, likewise."""
        found = self._columns.get(text)
        if found is None:
            found = self._columns[text] = columns_in(self.node(text))
        return found

    def _expand(self, node: Node) -> Node:
        if isinstance(node, Name):
            return self._param(node)
        if isinstance(node, Unary):
            return Unary(node.op, self._expand(node.x))
        if isinstance(node, Binary):
            return Binary(node.op, self._expand(node.left), self._expand(node.right))
        if isinstance(node, Call):
            return self._call(node)
        return node

    def _param(self, node: Name) -> Node:
        value = self.params.get(node.name)
        if value is None:
            return node
        if isinstance(value, tuple):
            raise FormulaError(f"“{node.name}”是一组文字，只能放在 ISIN、HASANY 里", node.at)
        return Number(Fraction(value)) if isinstance(value, Decimal) else Text(value)

    def _call(self, node: Call) -> Node:
        if node.fn in (REPORTED, COMPUTED):
            if len(node.args) != 1 or not isinstance(node.args[0], Name):
                raise FormulaError(f"{node.fn}() 里只能写一个栏目名", node.at)
            return Name(f"{node.fn}:{node.args[0].name}", node.at)
        if node.fn in PARTS:
            only = node.args[0] if len(node.args) == 1 else None
            if not isinstance(only, Column) or only.rowset not in self.trees:
                raise FormulaError(f"{node.fn}() 里只能写分级行集的一列", node.at)
            return sum_of_part(node.fn, only)
        args: list[Node] = []
        for arg in node.args:
            value = self.params.get(arg.name) if isinstance(arg, Name) else None
            if isinstance(value, tuple):
                args += [Text(v) for v in value]
            else:
                args.append(self._expand(arg))
        law = self.laws.get(node.fn)
        if law is not None:
            try:
                return law.build(*args)
            except (TypeError, ValueError) as e:
                raise FormulaError(f"评分规则“{node.fn}”用错了：{e}", node.at) from e
        return Call(node.fn, tuple(args), node.at)

    # ---- derived cells ----

    def field_formula(self, form: str, name: str) -> Node:
        """The formula of a derived field, in the names of its form."""
        return self.node(self.fields[form][name].formula)

    def column_formula(self, form: str, rowset: str, column: str) -> Node:
        """The formula of a derived column, or of an amount that sums rows below, in the names of one row."""
        found = self.columns[form, rowset][column]
        return self.node(found.formula or found.subtotal)

    def native(self, form: str, rowset: str, node: Node) -> Node:
        """The same formula in names that have cells; see :mod:`.native`."""
        return Native(self, form, rowset).written(node)


def _homes(forms: Sequence[FormLike]) -> dict[str, tuple[str, ...]]:
    """Name → the forms with a single sheet that have it; a row set as ``行集[]``."""
    out: dict[str, list[str]] = {}
    for form in forms:
        if not form.repeated:
            rowsets = [f"{r.name}[]" for r in form.rowsets if not r.of]
            for name in dict.fromkeys([*(f.name for f in form.fields), *form.defines, *rowsets]):
                out.setdefault(name, []).append(form.id)
    return {name: tuple(ids) for name, ids in out.items()}
