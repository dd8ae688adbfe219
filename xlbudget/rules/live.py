"""The condition under which a rule's cells light up while somebody types: its violation as a native formula.

The audit reads a workbook once it is saved; a live condition is computed by Excel itself. Both must say the
same, so a condition is written from the rule as the audit takes it: a bare derived name is what its formula
gives from the inputs, whatever was typed over the cell; 填报数() is the cell; a difference that the printed
digits can explain is none. Where a text can be read by the audit only, the condition stays FALSE.
"""

from __future__ import annotations

from fractions import Fraction

from .bounds import Bounds
from .language import (
    Binary,
    Boolean,
    Call,
    Column,
    Name,
    Node,
    NotNative,
    Number,
    Text,
    Unary,
    check,
    fold,
    walk,
)
from .model import COMPUTED, REPORTED, Precision, Relation, Rule
from .program import FieldLike, Program
from .tree import BELOW, part_of
from .treemask import by_names, held

_FALSE = Boolean(False)
_NOTHING = Text("")
_SPARE_DIGITS = 6  # decimals behind the shown ones to which a gap is rounded, against binary remainders
_DIGITS = "0123456789０１２３４５６７８９"
_OPPOSITE = {
    Relation.EQ: "<>",
    Relation.NE: "=",
    Relation.GE: "<",
    Relation.LE: ">",
    Relation.GT: "<=",
    Relation.LT: ">=",
}


def live_condition(program: Program, rule: Rule) -> Node:
    """TRUE where the audit would find the rule violated, in names that have cells.

    Raises NotNative when the rule speaks of other sheets or needs what Excel cannot compute.
    """
    if rule.issue:
        raise NotNative(rule.id, "是读表时的检查")
    return _Writer(program, rule).condition()


class _Writer:
    """Writes the parts of one rule's condition."""

    def __init__(self, program: Program, rule: Rule) -> None:
        self.program = program
        self.rule = rule
        self.form = rule.form
        self.rowset = rule.each.partition("/")[0]
        self.columns = program.columns.get((rule.form, self.rowset), {})
        self.fields = program.fields[rule.form]
        self.only: list[Node] = []  # where the rule applies at all

    def condition(self) -> Node:
        rule = self.rule
        parts = [self.written(self.program.node(rule.when))] if rule.when else []
        parts += [Binary("<>", self.written(Name(n)), _NOTHING) for n in rule.needs]
        parts += self._violated()
        parts = [*dict.fromkeys(self.only), *parts]
        whole = fold(by_names(_all(parts)))
        unread = [_readable(x) for x in _uncertain(whole)]
        node = Call("IFERROR", (fold(_all([*unread, whole])), _FALSE))
        check(node)
        return node

    # -- names -----------------------------------------------------------------------------------------

    def written(self, node: Node) -> Node:
        """The formula in names that have cells, derived ones by what gives them."""
        if isinstance(node, Name):
            return self._name(node)
        if isinstance(node, Column):
            if part_of(node.name)[1] not in self.program.columns.get((self.form, node.rowset), {}):
                raise NotNative(f"{node.rowset}[{node.name}]", "在这张表上没有单元格")
            return node
        if isinstance(node, Unary):
            return Unary(node.op, self.written(node.x))
        if isinstance(node, Binary):
            return Binary(node.op, self.written(node.left), self.written(node.right))
        if isinstance(node, Call):
            return Call(node.fn, tuple(self._argument(node.fn, a) for a in node.args), node.at)
        return node

    def _argument(self, fn: str, node: Node) -> Node:
        """SUM passes over a text in a cell but fails on one that is computed."""
        new = self.written(node)
        return Call("N", (new,)) if fn == "SUM" and isinstance(node, Name) and isinstance(new, Call) else new

    def _name(self, node: Name) -> Node:
        prefix, _, bare = node.name.rpartition(":")
        spec = self.spec(bare)
        if spec is None:
            return self._defined(bare)
        cell = Name(bare, node.at)
        column = self.columns.get(bare)
        if prefix == COMPUTED and column is not None and column.subtotal:
            below = Column(self.rowset, BELOW + self.program.trees[self.rowset])
            self.only.append(Binary(">", held("ROWS", below), Number(Fraction(0))))
            return self.written(self.program.node(column.subtotal))
        if prefix == COMPUTED and not spec.formula:
            raise NotNative(node.name, "在另一张表上")
        if prefix == REPORTED or not spec.formula:
            return cell
        computed = self.written(self.program.node(spec.formula))
        return computed if prefix == COMPUTED else _effective(computed, cell)

    def _defined(self, name: str) -> Node:
        program = self.program
        defines = program.rowsets[self.form][self.rowset].defines if self.rowset else {}
        text = defines.get(name) or program.forms[self.form].defines.get(name)
        if text is None:
            raise NotNative(name, "在另一张表上")
        return self.written(program.node(text))

    def spec(self, name: str) -> FieldLike | None:
        return self.columns.get(name) or self.fields.get(name)

    # -- relations -------------------------------------------------------------------------------------

    def _violated(self) -> list[Node]:
        """The conditions under which the relation is broken; all must hold."""
        rule = self.rule
        source = self.program.node(rule.left)
        left = self.written(source)
        given = _given(left) if isinstance(source, Name) and source.name.startswith(REPORTED) else []
        if rule.relation is Relation.HOLDS:
            return [Call("NOT", (left,))]
        if rule.relation is Relation.FILLED:
            return [*given, Binary("=", Call("TRIM", (left,)), _NOTHING)]
        if rule.relation is Relation.BLANK:
            return [Binary("<>", Call("TRIM", (left,)), _NOTHING)]
        right = self.written(self.program.node(rule.right))
        if rule.relation is not Relation.EQ:
            given.append(Binary("<>", left, _NOTHING))
        if not isinstance(right, Number | Text):
            given.append(Binary("<>", right, _NOTHING))
        spec = self.spec(source.name.rpartition(":")[2]) if isinstance(source, Name) else None
        if rule.precision is Precision.EXACT:
            broken: list[Node] = [Binary(_OPPOSITE[rule.relation], left, right)]
        else:
            broken = self._beyond_tail(spec, left, right)
        if rule.relation is Relation.EQ and spec is not None and spec.numeric:
            return [*given, Call("IF", (Call("ISNUMBER", (left,)), _all(broken), Boolean(True)))]
        return [*given, *broken]

    def _beyond_tail(self, spec: FieldLike | None, left: Node, right: Node) -> list[Node]:
        """The relation is broken by more than the printed digits of both sides can explain."""
        bounds = Bounds(self.program, self.form, self.columns)
        (low, high), (least, most) = bounds.of(left), bounds.of(right)
        above, below = Binary("-", low, most), Binary("-", least, high)
        digits = (spec.decimals if spec else 2) + _SPARE_DIGITS
        relation = self.rule.relation
        if relation is Relation.NE:
            return [Binary("=", left, right)]
        if relation is not Relation.EQ:
            return [_positive(above if relation in (Relation.LE, Relation.LT) else below, digits)]
        out: list[Node] = [_positive(Call("MAX", (above, below)), digits)]
        if spec is not None and spec.kind == "percent":
            out.append(Binary("<>", *(_rounded(x, spec.decimals) for x in (left, right))))
        return out


def _effective(computed: Node, cell: Name) -> Node:
    """What a derived name means: its formula's result, or the cell where the formula gives none."""
    if isinstance(computed, Call) and computed.fn == "IF" and computed.args[1] == _NOTHING:
        return Call("IF", (computed.args[0], cell, *computed.args[2:]))
    return Call("IF", (Binary("=", computed, _NOTHING), cell, computed))


def _given(cell: Node) -> list[Node]:
    """Something was typed, or left blank; a formula that shows nothing says nothing."""
    return [Call("OR", (Call("ISBLANK", (cell,)), Binary("<>", cell, _NOTHING)))]


def _rounded(x: Node, digits: int) -> Node:
    return Call("ROUND", (Call("N", (x,)), Number(Fraction(digits))))


def _positive(gap: Node, digits: int) -> Node:
    return Binary(">", Call("ROUND", (gap, Number(Fraction(digits)))), Number(Fraction(0)))


def _all(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Call("AND", tuple(parts))


# -- texts that only the audit can read ----------------------------------------------------------------


def _uncertain(whole: Node) -> list[Node]:
    """What is read by NUMVAL without the condition asking for a number there.

    Such a condition may hold *because* there is no number, and Excel reads fewer texts than the audit.
    """
    read = dict.fromkeys(n.args[0] for n in walk(whole) if isinstance(n, Call) and n.fn == "NUMVAL")
    asked = {part.args[0] for part in _conjuncts(whole) if isinstance(part, Call) and part.fn == "ISNUMBER"}
    return [x for x in read if Call("NUMVAL", (x,)) not in asked]


def _conjuncts(node: Node) -> list[Node]:
    if isinstance(node, Call) and node.fn == "AND":
        return [part for arg in node.args for part in _conjuncts(arg)]
    return [node]


def _readable(x: Node) -> Node:
    """``x`` is a number for Excel too, or holds no digit at all."""
    found = tuple(Call("FIND", (Text(digit), x)) for digit in _DIGITS)
    none = Binary("=", Call("COUNT", found), Number(Fraction(0)))
    return Call("OR", (none, Call("ISNUMBER", (Call("NUMVAL", (x,)),))))
