"""Input checks of a blank form: what Excel accepts in a cell, and the hint it shows while typing.

A check warns where an exception can be legal (a negative correction, a “—” for a score) and stops only
where none can be (a year, a choice from a list).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpyxl.worksheet.datavalidation import DataValidation

from xlbudget.packs.captions import first_caption
from xlbudget.packs.layout import Box, Column, Field
from xlbudget.rules.record import column_letters

from .shape import Plan

_TITLE, _TEXT = 32, 255  # characters that Excel allows
_TITLES = {
    "money": "应填数字",
    "number": "应填数字",
    "percent": "应填比率",
    "score": "得分有误",
    "weight": "应填分值",
    "year": "应填年份",
    "choice": "请从列表中选择",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check with its texts; cells with equal checks share one entry."""

    type: str  # of OOXML; "" for a hint without a check
    operator: str
    low: str
    high: str
    stop: bool
    error_title: str
    error: str
    prompt_title: str
    prompt: str


def data_validations(plan: Plan) -> list[DataValidation]:
    """The checks of all input cells of a sheet, in the order of the layout."""
    ranges: dict[Check, list[Box]] = {}
    for field in plan.form.fields:
        check = None if field.derived else _field_check(field)
        if check:
            ranges.setdefault(check, []).append(plan.placement.field(field.name))
    for rowset in plan.form.rowsets:
        weight = next((c for c in rowset.columns if c.kind == "weight"), None)
        first = plan.first_row(rowset.name)
        for column in rowset.columns:
            cap = f"{column_letters(weight.col)}{first}" if weight and column.kind == "score" else ""
            check = None if column.derived else _check(column, first_caption(column.caption), cap)
            if check:
                last = first + plan.rows(rowset.name) - 1
                ranges.setdefault(check, []).append(Box(first, column.col, last, column.col2))
    return [_validation(check, boxes) for check, boxes in ranges.items()]


def _field_check(field: Field) -> Check | None:
    caption = "·".join(c for c in map(first_caption, field.captions) if c) or field.name
    return _check(field, caption, "")


def _check(item: Field | Column, caption: str, cap: str) -> Check | None:
    """The check of a field or column; ``cap`` is the cell that a score must not exceed."""
    kind, prompt = item.kind, item.prompt
    title = _TITLES.get(kind, "")
    if kind == "choice" and item.choices:
        choices = ",".join(item.choices)
        error = f"只能填：{'、'.join(item.choices)}。"
        return Check("list", "", f'"{choices}"', "", True, title, error, caption, prompt)
    if kind in ("money", "number"):
        unit = f"（单位：{item.unit}）" if item.unit else ""
        error = f"这里应填不小于 0 的数字{unit}，不带单位和空格。确属冲减的，可以选“是”保留负数。"
        hint = prompt or (f"单位：{item.unit}，保留 {item.decimals} 位小数" if item.unit else "")
        return Check("decimal", "greaterThanOrEqual", "0", "", False, title, error, caption, hint)
    if kind == "percent":
        error = "这里应填 0 至 1000% 之间的比率，如 86.32%。"
        return Check("decimal", "between", "0", "10", False, title, error, caption, prompt)
    if kind == "score" and cap:
        error = "得分应在 0 与本行分值之间。不适用的指标可以选“是”保留。"
        return Check(
            "decimal", "between", "0", cap, False, title, error, caption, prompt or "不小于 0，不超过分值"
        )
    if kind in ("score", "weight"):
        error = "这里应填不小于 0 的分数。"
        return Check("decimal", "greaterThanOrEqual", "0", "", False, title, error, caption, prompt)
    if kind == "year":
        error = "这里应填 2000 至 2100 之间的四位年份，如 2023。"
        return Check("whole", "between", "2000", "2100", True, title, error, caption, prompt)
    return Check("", "", "", "", False, "", "", caption, prompt) if prompt else None


def _validation(check: Check, boxes: Iterable[Box]) -> DataValidation:
    return DataValidation(
        type=check.type or None,
        operator=check.operator or None,
        formula1=check.low or None,
        formula2=check.high or None,
        allow_blank=True,
        showErrorMessage=bool(check.type),
        showInputMessage=bool(check.prompt),
        errorStyle=None if check.stop or not check.type else "warning",
        errorTitle=check.error_title[:_TITLE] or None,
        error=check.error[:_TEXT] or None,
        promptTitle=check.prompt_title[:_TITLE] if check.prompt else None,
        prompt=check.prompt[:_TEXT] or None,
        sqref=" ".join(b.range for b in boxes),
    )
