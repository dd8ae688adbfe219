"""Random project forms as units really fill them in: right, wrong and half empty."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import lru_cache

from xlbudget.figures import Figure
from xlbudget.packs import Pack
from xlbudget.rules.record import Entry, FormRecord, Record, Row

Content = Fraction | str | None

SOURCES = ("财政拨款", "上年结转", "其他资金")
STAGES = ("年初", "全年", "执行")
LABELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
WEIGHTS = {"产出指标": 50, "效益指标": 30, "满意度指标": 10}
SUBJECTS = ("接待人次", "项目数量", "验收合格率", "完成及时性", "成本控制", "拓展招商渠道", "维护安全稳定")
ODD_SUBJECTS = ("无", " 无 ", "无", "XX项目数量", "此处填指标", "化解**率", None)
WORDS = ("效果明显", "达成预期指标", "持续完善", "≥良好", "显著提升")
REACHED = ("达成", "已完成", "效果明显", "达成年度指标")
HALF = ("部分达成", "基本完成", "效果一般")
MISSED = ("未达成", "未完成", "效果较差")
DATES = ("2023年12月之前完成", "2023年12月底前", "2023年10月20日", "2023年11月", "12月底", "2023-12-20")
UNREADABLE = ("约100人", "5-6项", "１２项", "不低于90%", "1,200人次", "12月1次", "无", "—", "10万人", "8.5折")
UNITS = ("项", "人次", "万元", "公里", "%", "")
SIGNS = ("≥", "≤", "=", "", "", ">", "<")
PROSE = ("全年完成招商6项。", "化解信访积案，维护稳定。", "全年接待读者20万人次。", "一是…\n二是…", None)
REASONS = ("宣传覆盖面不够，明年增加场次", "部分工作跨年结算", "无", " ", None, None)


OUTLINES = 6


@lru_cache(maxsize=1)
def outlines() -> list[list[tuple[str, list[str]]]]:
    """The labels of some forms: 一级指标 with its 二级指标. Few, as every new shape of a form takes time."""
    r = random.Random(1)
    return [_outline(r, number) for number in range(OUTLINES)]


def _outline(r: random.Random, number: int) -> list[tuple[str, list[str]]]:
    out = []
    for first, seconds in LABELS.items():
        label = first if r.random() < 0.5 else f"{first}\n（{WEIGHTS[first]}分）"
        many = (1,) if number == 0 else (1, 1, 1, 2, 0)
        chosen = [s for s in seconds for _ in range(r.choice(many))]
        out.append((label if r.random() < 0.85 else "", chosen or ["数量指标"]))
    if number % 4 == 3:  # a group that comes in two pieces, as in forms that were pasted together
        label, seconds = out[0]
        out.append((label, seconds[-1:]))
    return out[:1] if number == 1 else out


class Maker:
    """Makes the records of one seed. ``quiet`` is how often a cell is filled in as it should be."""

    def __init__(self, pack: Pack, seed: int) -> None:
        self.pack = pack
        self.r = random.Random(f"{pack.id}{seed}")
        self.quiet = self.r.choice((0.5, 0.8, 0.97))
        self._form = next(f for f in pack.forms if f.repeated)

    def record(self, forms: int) -> Record:
        """A unit with so many projects, and its summary sheet (not yet placed)."""
        projects = [self.project(n) for n in range(1, forms + 1)]
        return Record(self.pack.signature, "某单位", 2023, [*projects, self.summary(forms)])

    # -- one project -----------------------------------------------------------------------------------

    def project(self, number: int) -> FormRecord:
        fields: dict[str, Content] = {
            "年度": self._usually(Fraction(2023), Fraction(2022), None),
            "项目名称": f"项目{number}",
            "主管部门": "某局",
            "预期目标": self.r.choice(PROSE),
            "实际完成情况": self.r.choice(PROSE),
            "总分说明": self.r.choice(REASONS),
        }
        if "预算执行说明" in self._form.by_name:
            fields["预算执行说明"] = self.r.choice(REASONS)
        if self.r.random() > self.quiet:
            fields["资金分值"] = self.r.choice((Fraction(10), Fraction(20), Fraction(11), None))
        fields |= self._money()
        if self.r.random() < 0.15:  # totals without their parts
            fields |= self._bare_totals(fields)
        out = {name: entry(value) for name, value in fields.items()}
        return FormRecord(self._form.id, f"项目{number}", "", out, {"指标": self._indicators(fields)})

    def _money(self) -> dict[str, Content]:
        """Budget, adjusted budget and expenditure by source; often equal, sometimes zero or blank."""
        out: dict[str, Content] = {}
        for source in SOURCES:
            first = self._amount() if source == SOURCES[0] or self.r.random() < 0.4 else None
            adjusted = first if self.r.random() < 0.6 else self._amount()
            spent = self._spent(adjusted)
            for stage, value in zip(STAGES, (first, adjusted, spent), strict=True):
                out[f"{stage}_{source}"] = value if self.r.random() < 0.95 else None
        return out

    def _amount(self) -> Fraction | None:
        kind = self.r.random()
        if kind < 0.08:
            return None
        if kind < 0.16:
            return Fraction(0)
        if kind < 0.2:
            return Fraction(self.r.randint(1, 9), 100)  # so small that its rate is vague
        digits = self.r.choice((2, 2, 2, 1, 0)) if kind < 0.96 else 4
        return Fraction(self.r.randint(1, 200 * 10**digits), 10**digits)

    def _spent(self, budget: Fraction | None) -> Fraction | None:
        share = self.r.choice((Fraction(1), Fraction(1), Fraction(self.r.randint(0, 130), 100)))
        if not budget:
            return self.r.choice((budget, budget, budget, Fraction(3)))
        return Fraction(round(budget * share * 100), 100)

    def _bare_totals(self, fields: dict[str, Content]) -> dict[str, Content]:
        stage = self.r.choice(STAGES)
        out: dict[str, Content] = dict.fromkeys((f"{stage}_{source}" for source in SOURCES), None)
        out["全年执行数" if stage == "执行" else f"{stage}预算数"] = self._amount()
        return out

    # -- its indicators --------------------------------------------------------------------------------

    def _indicators(self, fields: dict[str, Content]) -> list[Row]:
        rows: list[dict[str, Content]] = []
        for label, seconds in outlines()[self.r.randrange(OUTLINES)]:
            weights = self._weights(WEIGHTS.get(label.split("\n")[0], 20), len(seconds))
            rows += [self._row(label, s, w, fields) for s, w in zip(seconds, weights, strict=True)]
        return [{name: entry(value) for name, value in row.items()} for row in rows]

    def _weights(self, total: int, count: int) -> list[Fraction | None]:
        """Weights of a group: they add up to what the policy sets, or not."""
        cuts = sorted(self.r.randint(0, 2 * total) for _ in range(count - 1))
        parts = [Fraction(b - a, 2) for a, b in zip([0, *cuts], [*cuts, 2 * total], strict=True)]
        return [self._usually(w, w + 1, None, Fraction(333, 100)) for w in parts[:count]]

    def _row(
        self, first: str, second: str, weight: Fraction | None, fields: dict[str, Content]
    ) -> dict[str, Content]:
        target, done, share = self._aim(second, fields)
        subject = self.r.choice(SUBJECTS if self.r.random() < self.quiet else ODD_SUBJECTS)
        if subject is not None and subject.strip() == "无" and self.r.random() < 0.7:
            target = done = weight = None
        score = None if weight is None else self._score(weight, share)
        row: dict[str, Content] = {
            "一级指标": first,
            "二级指标": second,
            "三级指标": subject,
            "年度指标值": target,
            "实际完成值": done,
            "分值": weight,
            "得分": self._usually(score, None, Fraction(3), Fraction(-1)),
            "偏差原因": self.r.choice(REASONS),
        }
        if "指标性质" in {c.name for c in self._form.rowset_by_name["指标"].columns}:
            self._split(row)
        return row

    def _split(self, row: dict[str, Content]) -> None:
        """The same target over three columns: sign, number, unit."""
        target = row["年度指标值"]
        sign = target[0] if isinstance(target, str) and target[:1] in "≥≤=" else ""
        row["指标性质"] = self._usually(sign or "定性", "≤", None) if target else None
        row["度量单位"] = self.r.choice(UNITS) or None
        if isinstance(target, str) and self.r.random() < self.quiet:
            row["年度指标值"] = target.lstrip("≥≤=><")

    def _score(self, weight: Fraction, share: Fraction) -> Fraction:
        """Full marks, marks by share, or marks by feeling."""
        by_share = Fraction(round(weight * min(share, Fraction(1)) * 100), 100)
        return self.r.choice(
            (weight, by_share, by_share, Fraction(self.r.randint(0, 20), 2), weight * Fraction(4, 5))
        )

    def _aim(self, second: str, fields: dict[str, Content]) -> tuple[Content, Content, Fraction]:
        """Target, actual value, and the share that was reached."""
        kind = self.r.random()
        if second == "时效指标" and kind < 0.7:
            return self.r.choice(DATES), self.r.choice((*DATES, None)), Fraction(1)
        if kind < 0.55:
            return self._measured(second, fields)
        if kind < 0.85:
            target = self.r.choice(WORDS)
            said, share = self.r.choice(((REACHED, 1), (HALF, Fraction(7, 10)), (MISSED, Fraction(3, 10))))
            return target, self.r.choice((*said, target, None)), Fraction(share)
        odd = (*UNREADABLE, *WORDS, "≥90%", Fraction(90), "2 项", " ≥5项", None)
        return self.r.choice(odd), self.r.choice(odd), Fraction(1)

    def _measured(self, second: str, fields: dict[str, Content]) -> tuple[Content, Content, Fraction]:
        """A number as target and a number reached; costs often repeat the money of the form."""
        share = self.r.choice(
            (1, 1, Fraction(self.r.randint(1, 40), 20), Fraction(self.r.randint(50, 99), 100))
        )
        unit = self.r.choice(UNITS)
        target = Fraction(self.r.choice((0, 5, 6, 90, 95, 100, 200, 535)))
        done: Fraction = target * share
        amount = fields.get(f"{self.r.choice(STAGES)}_财政拨款")
        if second == "成本指标" and isinstance(amount, Fraction):
            spent = fields.get("执行_财政拨款")
            target, unit = amount, self.r.choice(("万元", ""))
            done = spent if isinstance(spent, Fraction) and self.r.random() < 0.6 else target * share
        sign = self.r.choice(SIGNS)
        shown = _plain(done) + unit
        return (
            self._typed(sign + _plain(target) + unit),
            self._usually(self._typed(shown), None, "≥" + shown, "已完成"),
            Fraction(share),
        )

    def _typed(self, text: str) -> Content:
        """A bare number is typed as a number or as a text, a percentage likewise."""
        if text.replace(".", "").isdigit() and self.r.random() < 0.6:
            return Fraction(text)
        if text.endswith("%") and text[:-1].replace(".", "").isdigit() and self.r.random() < 0.3:
            return Fraction(text[:-1]) / 100
        return text

    # -- the summary -----------------------------------------------------------------------------------

    def summary(self, forms: int) -> FormRecord:
        """The summary's own cells; what the report says is put in later, when the sums are known."""
        fields = {"年度": entry(self._usually(Fraction(2023), Fraction(2024), None))}
        rows: list[Row] = []
        for number in range(1, forms + 1):
            grade = self.r.choice(("优", "良", "中", "差", None))
            order = self._usually(Fraction(number), Fraction(1), Fraction(7))
            rows.append({"报告等级": entry(grade), "序号": entry(order)})
        return FormRecord("汇总", "某单位", "", fields, {"项目": rows})

    def reported(self, right: Fraction | None) -> Fraction | None:
        """What a report says of a sum: the sum, a rounding away from it, something else, or nothing."""
        if right is None:
            return self.r.choice((None, Fraction(5)))
        cent = Fraction(1, 100)
        off = (cent, -cent, 2 * cent, 4 * cent, Fraction(9, 10), Fraction(10), -right)
        return self._usually(right, right + self.r.choice(off), right + self.r.choice(off), None)

    def _usually(self, right: Content, *others: Content) -> Content:
        return right if self.r.random() < self.quiet else self.r.choice(others)


def _plain(x: Fraction) -> str:
    text = f"{float(round(x, 4)):.4f}"
    return text.rstrip("0").rstrip(".")


def entry(value: Content) -> Entry:
    return Entry(Figure.of(value) if isinstance(value, Fraction) else value)
