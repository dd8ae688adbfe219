"""Scores and grades by the pack's own laws and formulas."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from xlbudget.excel.wire import Scalar
from xlbudget.figures import parse_quantity
from xlbudget.figures.text import fold

from .packs import program_of
from .quantities import alike, same_unit
from .values import Content, Sentence, blank, content, number, quoted, text_of

if TYPE_CHECKING:
    from xlbudget.rules.laws import Law
    from xlbudget.rules.program import Program

EXECUTION = "预算执行率"
INDICATOR = "定量指标"
_EXECUTION_NAMES = {EXECUTION, "执行率", "预算执行", "资金得分", "预算执行率得分"}
_SIGNS = {"≥": "≥", ">=": "≥", "≤": "≤", "<=": "≤", "=": "=", ">": ">", "<": "<", "定性": "定性"}


def score(
    pack: Scalar, rule: Scalar, weight: Scalar, target: Scalar, actual: Scalar, sign: Scalar = None
) -> Fraction | str:
    """XB_SCORE"""
    name = text_of(rule)
    if not name:
        return ""
    program = program_of(pack)
    law = program.laws.get(name)
    if law is not None:
        return _by_law(law, weight, target, actual)
    if blank(weight) or blank(target) or blank(actual):
        return ""
    points = number(weight, "分值")
    if name in _EXECUTION_NAMES:
        return _execution(program, points, number(target, "预算数"), number(actual, "执行数"))
    if _plain(name) not in _indicators(program):
        known = "、".join([*program.laws, EXECUTION, INDICATOR])
        raise Sentence(f"规则包里没有评分规则或指标{quoted(name)}，可以写：{known}")
    return _indicator(program, points, content(target), content(actual), sign)


def _by_law(law: Law, weight: Scalar, target: Scalar, actual: Scalar) -> Fraction | str:
    from xlbudget.rules.scores import law_score

    cells = {"分值": weight, "目标值": target, "完成值": actual, "实际值": actual}
    asked = list(law.arguments)
    if any(blank(cells[name]) for name in asked):
        return ""
    values = dict(zip(asked, alike([content(cells[name]) for name in asked]), strict=True))
    if "分值" in values:
        values["分值"] = number(weight, "分值")
    for name in asked:
        _is_quantity(name, values[name])
    if "目标值" in values and not same_unit(values["目标值"], values["完成值"]):
        raise Sentence("目标值与完成值单位不同，不能计算")
    found = law_score(law, values)
    if isinstance(found, Fraction) or (isinstance(found, str) and found):
        return found
    raise Sentence("目标值不是正数，由人工评定" if "目标值" in asked else f"{actual}不在任何一档")


def _is_quantity(name: str, value: Content) -> None:
    """Raises Sentence for what holds no number."""
    if isinstance(value, bool) or (isinstance(value, str) and parse_quantity(value).figure is None):
        raise Sentence(f"{name}{quoted(value)}不是数")


def _execution(program: Program, weight: Fraction, planned: Fraction, done: Fraction) -> Fraction:
    from xlbudget.rules.scores import NoScore, money_score

    try:
        return money_score(program, weight, planned, done)
    except NoScore as e:
        raise Sentence(str(e)) from e


def _indicator(
    program: Program, weight: Fraction, target: Content, actual: Content, sign: Scalar
) -> Fraction:
    from xlbudget.rules.scores import NoScore, given_indicator

    target, actual = alike([target, actual])
    try:
        found = given_indicator(program, weight, target, actual, _direction(sign))
    except NoScore as e:
        raise Sentence(str(e)) from e
    if found.score is None:
        raise Sentence(found.reason)
    return found.score


def _direction(sign: Scalar) -> str:
    text = text_of(sign)
    if text and text not in _SIGNS:
        raise Sentence(f"目标方向{quoted(sign)}写错了，应为 ≥、≤、= 或 定性")
    return _SIGNS.get(text, "")


@lru_cache(maxsize=32)
def _indicators(program: Program) -> frozenset[str]:
    """The names that stand for an indicator: of its levels on the pack's forms, and what joins them."""
    from xlbudget.packs.layout import RowSet

    names = {INDICATOR, "指标"}
    for rowsets in program.rowsets.values():
        for rowset in rowsets.values():
            if isinstance(rowset, RowSet):
                names |= {text for row in rowset.standard for text in row.values()}
    return frozenset(map(_plain, names))


def _plain(name: str) -> str:
    """产出指标（50分） and 产出 are the same."""
    return fold(name).partition("(")[0].strip().removesuffix("指标") or name


def grade(total: Scalar, pack: Scalar = None) -> str:
    """XB_GRADE"""
    if blank(total):
        return ""
    from xlbudget.rules import scores

    try:
        return scores.grade(program_of(pack), number(total, "总分"))
    except scores.NoScore as e:
        raise Sentence(str(e)) from e
