"""What the sheet 评分底稿 says in words: rules, the numbers put into them, and remarks."""

from __future__ import annotations

from fractions import Fraction

from xlbudget.figures import shown
from xlbudget.rules import scores
from xlbudget.rules.display import BLANK, show, show_reported, trimmed
from xlbudget.rules.language import Value
from xlbudget.rules.record import Entry
from xlbudget.rules.scope import RowScope, is_empty

EXECUTION = "得分＝分值×全年执行数÷全年预算数（保留2位小数，最高为分值）。"
BY_RATIO = "按完成值与目标值的比例评分。"
NO_RATE = "分值、预算数或执行数没有填，或预算数为零，不能计算"
_MODES = {
    "同级分摊": "填“无”：分值由同一一级指标的其他指标承担",
    "折算": "填“无”：不计入，总分按适用的指标折算",
    "计满分": "填“无”：按满分计",
}


def points(value: Fraction) -> str:
    return trimmed(value, 2)


def label(row: RowScope) -> str:
    """数量指标·招商引资项目数量"""
    parts = [row.name(n) for n in ("二级指标", "三级指标")]
    return "·".join(p.strip() for p in parts if isinstance(p, str) and p.strip())


def execution(weight: Value, planned: Value, done: Value, score: Fraction | None) -> str:
    """10×51.79÷60＝8.63"""
    if score is None:
        return f"全年预算数{show(planned)}，全年执行数{show(done)}"
    capped = isinstance(done, Fraction) and isinstance(planned, Fraction) and done > planned
    sign = "，最高得" if capped else "＝"
    return f"{show(weight)}×{show(done)}÷{show(planned)}{sign}{points(score)}"


def indicator(row: RowScope, found: scores.Indicator) -> str:
    """What was put into the law: 10×81%÷90%＝9; what has none is only named."""
    told = f"目标：{_cell(row, scores.TARGET)}；完成：{_cell(row, scores.ACTUAL)}"
    if found.score is None:
        return told
    inverse = row.name("反向") is True
    if row.name("达标") is True:
        return f"{told}；{'没有超过' if inverse else '达到'}，得满分{points(found.score)}"
    target, actual = (_number(row, *names) for names in ((scores.TARGET, "目标"), (scores.ACTUAL, "完成")))
    above, below = (target, actual) if inverse else (actual, target)
    return f"{told}；{show(row.name(scores.POINTS))}×{above}÷{below}＝{points(found.score)}"


def _cell(row: RowScope, name: str) -> str:
    entry = row.entry(name)
    return BLANK if entry is None else show_reported(entry.value, row.spec(name))


def _number(row: RowScope, name: str, meaning: str) -> str:
    """The number that a cell says, as a percentage where the cell says one."""
    value, text = row.name(meaning), row.name(name)
    if isinstance(value, Fraction) and isinstance(text, str) and ("%" in text or "％" in text):
        percent = shown(value, 6, percent=True).rstrip("%")
        return percent.rstrip("0").rstrip(".") + "%"
    return show(value)


# ---- remarks ------------------------------------------------------------------------------------------


def compared(reported: Fraction | None, score: Fraction | None, reason: str) -> str:
    """What stands on the form against the computed score; ``reason`` says why there is none."""
    if score is None:
        return reason
    if reported is None:
        return f"没有填得分，应为{points(score)}分"
    return "" if reported == score else f"填报{points(reported)}分，应得{points(score)}分"


def judged(band: scores.Band | None, reported: Fraction | None) -> str:
    """The band that a person's score belongs into."""
    if band is None:
        return "" if reported is not None else "没有填得分"
    high = f"—{points(band.high)}分" if band.word == "达成" else f"分（含）至{points(band.high)}分（不含）"
    told = f"属于{band.word}，应在{points(band.low)}{high}之间"
    if reported is None:
        return f"{told}；没有填得分"
    return told if reported in band else f"{told}；填报{points(reported)}分，不在其中"


def not_applicable(mode: str) -> str:
    return _MODES.get(mode, scores.NOT_APPLICABLE)


def deducted(reason: Entry | None, lost: bool) -> str:
    """The reason that the form gives for points lost."""
    text = reason.value if reason is not None and isinstance(reason.value, str) else ""
    if not lost:
        return ""
    return f"偏差原因：{show(text)}" if not is_empty(text) else "扣了分，没有说明偏差原因"


def total(reported: Fraction | None, computed: Fraction | None) -> str:
    if computed is None or reported == computed:
        return ""
    if reported is None:
        return f"没有填总分，按应得分合计为{points(computed)}分"
    return f"填报总分{points(reported)}分，按应得分合计为{points(computed)}分"
