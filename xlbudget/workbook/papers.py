"""The sheet 评分底稿: how every score of every project comes about, with formulas over the forms' own cells.

Computed scores stand as XB_… formulas with their result. Where the add-in is missing, IFERROR shows a hint
instead of #NAME?; all other formulas are native. Texts tell the numbers as they were when the sheet was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from xlbudget.figures import round_half_up
from xlbudget.packs import Pack
from xlbudget.rules import scores
from xlbudget.rules.derive import Derived
from xlbudget.rules.record import Entry, Record
from xlbudget.rules.scope import Evaluation, FormScope

from . import papers_words as words
from .papers_lines import RESCALE, Line, Lines, content, figure, literal, quoted, shown, shown_entry
from .patch import OwnSheet, SheetCell

PAPERS_SHEET = "评分底稿"
_HEAD = ("指标", "评分规则", "代入数", "分值", "得分（填报）", "应得分", "扣分", "说明")
_WIDTHS = (24.0, 37.0, 30.0, 7.0, 9.5, 17.0, 7.0, 36.0)
_WEIGHT, _REPORTED, _SCORE = "D", "E", "F"
_ABOUT = (
    "得分、应得分和扣分随表上的数变化，应得分要装有 xlbudget 加载项才能重新计算；"
    "评分规则、代入数和说明是生成底稿时的。"
)
_OPEN = "有的项没有应得分，不能合计"

_Cells = tuple[SheetCell | None, ...]


def papers_sheet(pack: Pack, record: Record, derived: Derived) -> OwnSheet:
    """The sheet for all projects of a record under its pack; where there are none it says so.

    ``record`` is what was read from the workbook that the sheet goes into, ``derived`` are its own values.
    Scores refer to the cells where the entries stand; where they stand nowhere, or the pack is none of
    xlbudget's own, the number stands alone.
    """
    paper = _Paper(pack, derived)
    evaluation = Evaluation(paper.lines.program, record)
    if (scores.FORM, scores.LINES) in paper.lines.program.columns:
        for form in record.of(scores.FORM):
            paper.project(evaluation.form(form))
    return paper.sheet()


class _Paper:
    """The rows of the sheet while it grows."""

    def __init__(self, pack: Pack, derived: Derived) -> None:
        self.lines = Lines(pack, derived)
        self._rows: list[_Cells] = []
        self._merges: list[str] = []
        self._across("评分底稿", "title")
        self._across(f"规则包：{pack.title}（{pack.signature}）。依据：{pack.basis}", "small")
        self._across(_ABOUT, "small")

    def sheet(self) -> OwnSheet:
        if len(self._rows) == 3:
            self._across("没有需要评分的项目。", "small")
        return OwnSheet(PAPERS_SHEET, tuple(self._rows), _WIDTHS, 2, tuple(self._merges))

    def _across(self, text: str, style: str, link: str = "") -> None:
        width = len(_HEAD)
        self._rows.append((SheetCell(text, style, link), *([SheetCell("", style)] * (width - 1))))
        self._merges.append(f"A{len(self._rows)}:{chr(64 + width)}{len(self._rows)}")

    def project(self, form: FormScope) -> None:
        """One block: heads, lines, total and grade."""
        sheet, key = form.record.sheet, form.record.key
        name = f"{key}（{sheet}）" if key and sheet and key != sheet else key or sheet
        self._across(name, "group", f"{quoted(sheet)}!A1" if sheet else "")
        self._rows.append(tuple(SheetCell(h, "head") for h in _HEAD))
        first = len(self._rows) + 1
        lines = list(self.lines.of(form))
        for line in lines:
            self._line(line)
        self._total(lines, shown_entry(form, scores.TOTAL), first)

    def _line(self, line: Line) -> None:
        n = len(self._rows) + 1
        weight, score = figure(line.weight), line.score
        lost = weight - score if weight is not None and isinstance(score, Fraction) else ""
        self._rows.append(
            (
                SheetCell(line.label),
                SheetCell(line.rule, "fine"),
                SheetCell(line.numbers),
                _repeated(line.weight),
                _repeated(line.reported),
                SheetCell(score, "center", formula=line.formula),
                SheetCell(lost, "center", formula=_lost(n)),
                SheetCell(line.note),
            )
        )

    def _total(self, lines: Sequence[Line], reported: Entry | None, first: int) -> None:
        n = len(self._rows) + 1
        area, weights = (f"{column}{first}:{column}{n - 1}" for column in (_SCORE, _WEIGHT))
        total = self._sum(lines)
        value = f"SUM({area})"
        if self.lines.mode == RESCALE:
            value += f"/SUMPRODUCT(--ISNUMBER({area}),{weights})*{self._full}"
        needed = sum(line.counts for line in lines)
        formula = f"IF(COUNT({area})={needed},ROUND({value},2),{literal(_OPEN)})"
        every = sum((figure(line.weight) or Fraction(0) for line in lines), Fraction(0))
        self._row(
            "合计",
            SheetCell(every, "center", formula=f"ROUND(SUM({weights}),2)"),
            _repeated(reported),
            SheetCell(_OPEN if total is None else total, "center", formula=formula),
            words.total(figure(reported), total),
        )
        told, own = self._grade(_REPORTED, n, figure(reported)), self._grade(_SCORE, n, total)
        self._row("等级", SheetCell("", "center"), told, own)

    @property
    def _full(self) -> Fraction:
        value = self.lines.program.params.get("满分")
        return Fraction(100) if value is None or isinstance(value, str | tuple) else Fraction(value)

    def _sum(self, lines: Sequence[Line]) -> Fraction | None:
        """The total of the computed scores, as the pack makes its own; None where one is missing."""
        counted = [(line.score, figure(line.weight)) for line in lines if line.counts]
        points = [score for score, _ in counted if isinstance(score, Fraction)]
        if len(points) < len(counted):
            return None
        total = sum(points, Fraction(0))
        if self.lines.mode == RESCALE:
            base = sum((weight or Fraction(0) for _, weight in counted), Fraction(0))
            total = total / base * self._full if base else Fraction(0)
        return round_half_up(total, 2)

    def _grade(self, column: str, row: int, total: Fraction | None) -> SheetCell:
        text = scores.grade(self.lines.program, total) if total is not None else ""
        call = self.lines.call("XB_GRADE", f"{column}{row}", literal(self.lines.pack.id))
        return SheetCell(text, "center", formula=f'IF(ISNUMBER({column}{row}),{call},"")' if call else "")

    def _row(
        self, label: str, weight: SheetCell, reported: SheetCell, score: SheetCell, note: str = ""
    ) -> None:
        blank = SheetCell("", "group")
        cells = (SheetCell(label, "group"), blank, blank, weight, reported, score)
        self._rows.append((*cells, SheetCell("", "center"), SheetCell(note)))


def _lost(row: int) -> str:
    """What the score falls short of the weight; blank where one of the two is no number."""
    weight, score = f"{_WEIGHT}{row}", f"{_SCORE}{row}"
    return f'IF(AND(ISNUMBER({weight}),ISNUMBER({score})),ROUND({weight}-{score},2),"")'


def _repeated(entry: Entry | None) -> SheetCell:
    """A cell of the form, repeated by a formula."""
    return SheetCell(content(entry), "center", formula=shown(entry))
