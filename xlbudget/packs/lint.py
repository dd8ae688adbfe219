"""Proving a pack before any data: every formula parses, every name exists, every rule has its examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlbudget.rules.display import slots
from xlbudget.rules.examples import check_example
from xlbudget.rules.language import FormulaError, NotNative, columns_in, names_in
from xlbudget.rules.model import COMPUTED, REPORTED, Rule
from xlbudget.rules.program import Program
from xlbudget.rules.record import CellIssue
from xlbudget.rules.tree import BELOW, SUBTOTAL, part_of

from .circles import circles
from .layout import Form, RowSet
from .model import Pack
from .program import pack_program

_GIVEN = frozenset({"应为", "实为", "差额", "多少"})
_GIVEN_STRUCTURE = frozenset({"栏目", "原值", "应为"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a pack: where it stands and what it is, in Chinese."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}：{self.message}"


def lint(pack: Pack, examples: bool = True) -> list[Problem]:
    """Everything that is wrong with a pack; an empty list means that it can be used.

    With ``examples`` the passing and failing examples of the rules that this pack states are run too.
    """
    program = pack_program(pack)
    words = _Words(pack, program)
    problems = list(_forms(pack, words))
    for law in pack.laws.values():
        problems += [Problem(f"评分规则“{law.name}”", text) for text in law.problems()]
    for rule in pack.rules:
        problems += _rule(rule, words)
    if examples and not problems:
        problems += _examples(pack, program)
    return problems


class _Words:
    """The names that a formula may use, by where it stands."""

    def __init__(self, pack: Pack, program: Program) -> None:
        self.pack = pack
        self.program = program

    def names(self, form: Form, rowset: RowSet | None) -> set[str]:
        out = _own_names(form) | self._elsewhere(form)
        if rowset is not None:
            out |= {c.name for c in rowset.columns} | set(rowset.defines)
            out |= {f"{p}:{c.name}" for c in rowset.columns for p in _prefixes(c.derived or bool(c.subtotal))}
            if rowset.of:
                out |= _own_names(self.pack.form(rowset.of))
        return out

    def _elsewhere(self, form: Form) -> set[str]:
        """The names of other forms that mean one thing only."""
        found = [name for other in self.pack.forms if other is not form for name in _own_names(other)]
        return {name for name in found if self.program.home(form.id, name.rpartition(":")[2])}

    def columns(self, form: Form) -> dict[str, set[str]]:
        """Row set → the columns that a formula on this form may name; other forms' row sets count."""
        out: dict[str, set[str]] = {}
        for other in (*self.pack.forms, form):  # a form's own row set wins over another form's
            for rowset in other.rowsets:
                names = {c.name for c in rowset.columns} | set(rowset.defines)
                if rowset.of:
                    names |= _own_names(self.pack.form(rowset.of))
                out[rowset.name] = names
        return out

    def check(self, text: str, form: Form, rowset: RowSet | None, where: str) -> Iterator[Problem]:
        try:
            node = self.program.node(text)
        except FormulaError as e:
            yield Problem(where, str(e))
            return
        known = self.names(form, rowset)
        for name in names_in(node):
            if name not in known:
                yield Problem(where, f"没有名称“{name.replace(':', '：')}”")
        columns = self.columns(form)
        for rows, column in columns_in(node):
            part, bare = part_of(column)
            if rows not in columns:
                yield Problem(where, f"没有行集“{rows}”")
            elif bare not in columns[rows]:
                yield Problem(where, f"行集“{rows}”没有列“{bare}”")
            elif part == BELOW and (rowset is None or rowset.name != rows):
                yield Problem(where, f"{SUBTOTAL}() 只能用在“{rows}”的一行里")


def _prefixes(derived: bool) -> tuple[str, ...]:
    return (REPORTED, COMPUTED) if derived else (REPORTED,)


def _own_names(form: Form) -> set[str]:
    out = {f.name for f in form.fields} | set(form.defines)
    return out | {f"{p}:{f.name}" for f in form.fields for p in _prefixes(f.derived)}


def _forms(pack: Pack, words: _Words) -> Iterator[Problem]:
    for form in pack.forms:
        formulas: dict[str, str] = {}
        for f in form.fields:
            if f.formula:
                formulas[f.name] = f.formula
            if f.default and f.default not in pack.params:
                yield Problem(f"{form.id} 字段“{f.name}”", f"默认值“{f.default}”不是参数")
        formulas.update(form.defines)
        for name, text in formulas.items():
            where = f"{form.id}“{name}”的公式"
            told = list(words.check(text, form, None, where))
            yield from told
            if not told and name in form.by_name:
                yield from _native(words.program, form, "", text, where)
        for rowset in form.rowsets:
            yield from _rowset(pack, form, rowset, words)
    for form_id, rows, name in circles(pack, words.program):
        where = f"{form_id} 行集“{rows}”" if rows else form_id
        yield Problem(f"{where}“{name}”的公式", "绕了一圈又用到自己")


def _rowset(pack: Pack, form: Form, rowset: RowSet, words: _Words) -> Iterator[Problem]:
    where = f"{form.id} 行集“{rowset.name}”"
    if rowset.of and rowset.of not in pack.form_by_id:
        yield Problem(where, f"对应的表样“{rowset.of}”不存在")
        return
    if rowset.tree:
        yield from _tree(rowset, where)
    cells = {c.name: c.formula for c in rowset.columns if c.formula}
    for name, text in (cells | dict(rowset.defines)).items():
        told = list(words.check(text, form, rowset, f"{where}“{name}”的公式"))
        yield from told
        if not told and name in cells:
            yield from _native(words.program, form, rowset.name, text, f"{where}“{name}”的公式")
    for c in rowset.columns:
        if c.source and (not rowset.of or c.source not in _own_names(pack.form(rowset.of))):
            yield Problem(f"{where} 列“{c.name}”", f"取数来源“{c.source}”不存在")
    names = {c.name for c in rowset.columns}
    for row in rowset.standard:
        for name in row.keys() - names:
            yield Problem(where, f"预置行写了没有的列“{name}”")


def _tree(rowset: RowSet, where: str) -> Iterator[Problem]:
    """What a row set must have to be a tree."""
    codes = next((c for c in rowset.columns if c.name == rowset.tree), None)
    if codes is None or codes.kind != "code":
        yield Problem(where, f'分级所依据的列“{rowset.tree}”不存在，或不是 kind = "code"')
    if rowset.of or any(c.grouped for c in rowset.columns):
        yield Problem(where, "分级行集不能有 of，也不能有合并的列")


def _native(program: Program, form: Form, rowset: str, text: str, where: str) -> Iterator[Problem]:
    """A formula of a cell is written into workbooks."""
    try:
        program.native(form.id, rowset, program.node(text))
    except FormulaError:
        return  # told by the check of the formula itself
    except NotNative as reason:
        yield Problem(where, f"写不成 Excel 公式：{reason}")


def _rule(rule: Rule, words: _Words) -> Iterator[Problem]:
    where = f"规则 {rule.id}"
    stated = {"依据": rule.basis, "提示语": rule.message, "处理办法": rule.advice, "缘由": rule.why}
    for label, text in stated.items():
        if not text.strip():
            yield Problem(where, f"没有写{label}")
    if rule.issue:
        yield from _structural(rule, where)
        return
    form = words.pack.form_by_id.get(rule.form)
    if form is None:
        yield Problem(where, f"适用的表样“{rule.form}”不存在")
        return
    each, _, label = rule.each.partition("/")
    rowset = form.rowset_by_name.get(each) if each else None
    if each and rowset is None:
        yield Problem(where, f"逐行的行集“{each}”不存在")
        return
    if label and rowset is not None and label not in {c.name for c in rowset.columns}:
        yield Problem(where, f"行集“{each}”没有列“{label}”")
    for text, side in ((rule.when, "前提"), (rule.left, "左式"), (rule.right, "右式")):
        if text:
            yield from words.check(text, form, rowset, f"{where} {side}")
    if not rule.left or (rule.relation.binary and not rule.right):
        yield Problem(where, "左式或右式没有写")
    yield from _cited(rule, form, rowset, words, where)
    if not rule.passing:
        yield Problem(where, "没有通过的例子")
    if not rule.failing:
        yield Problem(where, "没有不通过的例子")


def _structural(rule: Rule, where: str) -> Iterator[Problem]:
    if rule.issue not in {i.value for i in CellIssue}:
        yield Problem(where, f"没有“{rule.issue}”这种单元格情况")
    for _, body, _ in slots(rule.message):
        if body not in _GIVEN_STRUCTURE:
            yield Problem(f"{where} 提示语", f"没有名称“{body}”")


def _cited(rule: Rule, form: Form, rowset: RowSet | None, words: _Words, where: str) -> Iterator[Problem]:
    """The names in marks, needs and the slots of the message."""
    known = words.names(form, rowset)
    if not rule.marks:
        yield Problem(where, "没有写标注位置")
    for mark in rule.marks:
        rows, bracket, column = mark.partition("[")
        inside = words.columns(form).get(rows, set()) if bracket else known
        if (column.rstrip("]") if bracket else mark) not in inside:
            yield Problem(f"{where} 标注位置", f"没有名称“{mark}”")
    for name in rule.needs:
        if name not in known:
            yield Problem(f"{where} 必填", f"没有名称“{name}”")
    for computed, body, _ in slots(rule.message):
        if computed:
            yield from words.check(body, form, rowset, f"{where} 提示语")
        elif body not in known and body not in _GIVEN:
            yield Problem(f"{where} 提示语", f"没有名称“{body}”")


def _examples(pack: Pack, program: Program) -> Iterator[Problem]:
    for rule in pack.rules:
        if rule.pack != pack.id or rule.issue:
            continue  # a parent's examples are proven with the parent's parameters
        for failing, cases in ((False, rule.passing), (True, rule.failing)):
            for case in cases:
                answer = check_example(program, rule, case, failing)
                if answer:
                    yield Problem(f"规则 {rule.id} 的例子“{case.text}”", answer)
