"""The lines of one project on 评分底稿: the computed score, and the formula that gives it again in Excel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlbudget.figures import Figure, parse_quantity
from xlbudget.packs import Pack, available_packs
from xlbudget.packs.program import pack_program
from xlbudget.rules import scores
from xlbudget.rules.derive import Derived
from xlbudget.rules.language import Value
from xlbudget.rules.record import Entry, column_letters
from xlbudget.rules.scope import FormScope, RowScope, is_empty

from . import papers_words as words

HINT = "需加载项"
KEEP_FULL, RESCALE = "计满分", "折算"
_FILLED = ("三级指标", scores.TARGET, scores.ACTUAL, scores.POINTS, scores.SCORE)
_REASON, _TOTAL_REASON = "偏差原因", "总分说明"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a project.

    ``score`` is a number, or the text that stands in its place; ``formula`` gives the same, "" where there
    is none. ``counts`` says that without this score there is no total.
    """

    label: str
    rule: str
    numbers: str
    weight: Entry | None
    reported: Entry | None
    score: Fraction | str
    formula: str
    note: str
    counts: bool = True


class Lines:
    """Makes the lines of projects under one pack."""

    def __init__(self, pack: Pack, derived: Derived) -> None:
        self.pack = pack
        self.program = pack_program(pack)
        self.derived = derived
        self.mode = str(self.program.params.get("不适用处理", ""))
        self.callable = pack.id in available_packs()  # of other packs XB_SCORE knows nothing

    def of(self, form: FormScope) -> Iterator[Line]:
        """The budget's execution, then every indicator of which something is filled in."""
        yield self._execution(form)
        for row in form.rows(scores.LINES):
            if any(not is_empty(row.name(n)) for n in _FILLED):
                yield self._indicator(row)

    def call(self, function: str, *arguments: str) -> str:
        """The call, with a hint where Excel does not know the function; "" when it cannot be written."""
        if not self.callable or not all(arguments):
            return ""
        return f"IFERROR({function}({','.join(arguments)}),{literal(HINT)})"

    def _execution(self, form: FormScope) -> Line:
        names = (scores.WEIGHT, scores.PLANNED, scores.DONE)
        weight, planned, done = (form.name(n) for n in names)
        computed = self.derived.field(form.record, scores.MONEY_SCORE)
        score = computed if isinstance(computed, Fraction) and not is_empty(weight) else None
        given, reported = form.entry(scores.WEIGHT), shown_entry(form, scores.MONEY_SCORE)
        note = words.compared(figure(reported), score, words.NO_RATE)
        lost = words.deducted(form.entry(_TOTAL_REASON), score is not None and score != weight)
        return Line(
            "预算执行率",
            words.EXECUTION,
            words.execution(weight, planned, done, score),
            given,
            reported,
            _answer(score, (weight, planned, done), "预算数为零，不计算得分"),
            self._score("预算执行率", [self._amount(form, n) for n in names]),
            _joined(note, lost),
        )

    def _indicator(self, row: RowScope) -> Line:
        found = scores.indicator(row)
        weight, reported = row.entry(scores.POINTS), row.entry(scores.SCORE)
        label, numbers = words.label(row), words.indicator(row, found)
        if found.kind is scores.Kind.NOT_APPLICABLE:
            full = weight if self.mode == KEEP_FULL else None
            note = words.not_applicable(self.mode)
            return Line(label, "不适用", "", weight, reported, content(full), shown(full), note, bool(full))
        points = figure(reported) if found.kind is scores.Kind.JUDGED else found.score
        lost = points is not None and points != figure(weight)
        reason = words.deducted(row.entry(_REASON), lost)
        if found.kind is scores.Kind.JUDGED:
            note = _joined(words.judged(scores.band(row), points), reason)
            own = content(reported)
            return Line(label, found.reason, numbers, weight, reported, own, shown(reported), note)
        names = (scores.POINTS, scores.TARGET, scores.ACTUAL)
        answer = _answer(points, [row.name(n) for n in names], found.reason)
        target, actual = row.entry(scores.TARGET), row.entry(scores.ACTUAL)
        places = [reference(weight), _beside(target, actual), _beside(actual, target)]
        sign = reference(row.record.get(scores.SIGN))
        formula = self._score("定量指标", [*places, sign] if sign else places)
        rule = found.law.sentence() if found.law is not None else words.BY_RATIO
        note = _joined(words.compared(figure(reported), points, found.reason), reason)
        return Line(label, rule, numbers, weight, reported, answer, formula, note)

    def _score(self, rule: str, places: Sequence[str]) -> str:
        return self.call("XB_SCORE", literal(self.pack.id), literal(rule), *places)

    def _amount(self, form: FormScope, name: str) -> str:
        """The cell of an amount; where something else was typed over a total, the sum of its parts."""
        entry, spec = form.entry(name), form.spec(name)
        computed = form.computed(name) if spec is not None and spec.derived else None
        if spec is None or is_empty(computed) or figure(entry) == computed:
            return reference(entry)
        places = [reference(form.entry(part)) for part in self.program.names(spec.formula)]
        return f"SUM({','.join(dict.fromkeys(p for p in places if p))})"


def _answer(score: Fraction | None, given: Sequence[Value], reason: str) -> Fraction | str:
    """The score, or what XB_SCORE gives instead of it."""
    if score is not None:
        return score
    return "" if any(map(is_empty, given)) else reason


def _joined(*parts: str) -> str:
    return "；".join(p for p in parts if p)


# ---- cells and formulas ----------------------------------------------------------------------------------


def shown_entry(form: FormScope, name: str) -> Entry | None:
    """A derived field as Excel shows it: a formula that was saved without its result has one all the same."""
    entry = form.entry(name)
    value = form.computed(name)
    if entry is None or not entry.formula or not entry.blank or not isinstance(value, Fraction):
        return entry
    return Entry(Figure.of(value), entry.place, entry.formula)


def figure(entry: Entry | None) -> Fraction | None:
    """The number in a cell, if it holds one."""
    return entry.value.value if entry is not None and isinstance(entry.value, Figure) else None


def _beside(entry: Entry | None, other: Entry | None) -> str:
    """The cell of a target or an actual value. A function takes a number beside a percentage for a ratio, as
    it does not see how the cell shows it: one that is not shown as a percentage goes to it as a text."""
    ref = reference(entry)
    mine, its = _quantity(entry), _quantity(other)
    apart = mine is not None and its is not None and its.percent and not mine.percent
    return f'{ref}&""' if ref and apart else ref


def _quantity(entry: Entry | None) -> Figure | None:
    value = entry.value if entry is not None else None
    return parse_quantity(value).figure if isinstance(value, str) else value


def reference(entry: Entry | None) -> str:
    """``'附件2-1'!$G$13``; "" for what stands in no cell."""
    place = entry.place if entry is not None else None
    if place is None:
        return ""
    return f"{quoted(place.sheet)}!${column_letters(place.col)}${place.row}"


def quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def shown(entry: Entry | None) -> str:
    """A formula that repeats a cell, and stays blank where it is."""
    place = reference(entry)
    return f'IF({place}="","",{place})' if place else ""


def content(entry: Entry | None) -> Fraction | str:
    """What such a formula shows: the number, the text in its place, or nothing."""
    value = figure(entry)
    if value is not None:
        return value
    return entry.value if entry is not None and isinstance(entry.value, str) else ""


def literal(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
