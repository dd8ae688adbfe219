"""Provinces as packs: 湖北 (20 + 80) and 四川 (10 + 90, other columns), the whole way on small data."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from xlbudget.jobs import JobResult, regenerate, validate
from xlbudget.rules.model import Finding

from .books import cells, values

UNIT = "示例单位"
FIELDS = {
    "项目名称": "招商推介经费",
    "年初_财政拨款": "60",
    "全年_财政拨款": "60",
    "执行_财政拨款": "60",
    "预期目标": "促成招商项目6项。",
    "实际完成情况": "促成招商项目6项。",
}
REPORT = {"报告_年初预算数": "60", "报告_全年预算数": "60", "报告_全年执行数": "60", "报告_到位资金": "60"}
HB_COLUMNS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")
HB_ROWS = (
    "产出指标|数量指标|招商项目数|≥6项|6项|15|15|",
    "产出指标|质量指标|验收合格率|≥100%|100%|10|10|",
    "产出指标|时效指标|完成时间|2023年12月31日前完成|2023年12月20日|5|5|",
    "产出指标|成本指标|项目成本控制|≤60万元|60万元|10|10|",
    "效益指标|经济效益指标|签约投资额|≥5000万元|6000万元|15|15|",
    "效益指标|社会效益指标|带动就业|效果明显|部分达成|15|8|个别项目未开工。改进措施：按月跟踪。",
    "效益指标|服务对象满意度指标|服务对象满意度|≥90%|95%|10|10|",
)
SC_COLUMNS = (
    *("一级指标", "二级指标", "三级指标", "指标性质", "年度指标值", "度量单位"),
    *("实际完成值", "分值", "得分", "偏差原因"),
)
SC_ROWS = (
    "产出指标|数量指标|招商项目数|≥|6|项|6|20|20|",
    "产出指标|时效指标|完成时间|定性|2023年12月31日前完成||2023年12月20日|15|15|",
    "产出指标|成本指标|项目成本控制|≤|60|万元|60|15|15|",
    "效益指标|社会效益指标|带动就业|≥|100|人|80|20|16|两家企业推迟开工。改进措施：按月跟踪。",
    "效益指标|可持续影响指标|合作机制|定性|效果明显||效果明显|10|9|形成时间较短。改进措施：完善制度。",
    "效益指标|服务对象满意度指标|服务对象满意度|≥|90|%|95|10|10|",
)


@dataclass(frozen=True)
class Variant:
    """A data set of one project for one pack."""

    pack: str
    columns: Sequence[str]
    rows: Sequence[str]

    def write(
        self, folder: Path, fields: Mapping[str, str], changed: Mapping[int, Mapping[str, str]]
    ) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        key = {"单位": UNIT, "序号": "1"}
        rows = [
            {
                **key,
                "行号": str(i + 1),
                **dict(zip(self.columns, line.split("|"), strict=True)),
                **changed.get(i, {}),
            }
            for i, line in enumerate(self.rows)
        ]
        _write(folder / "自评表.csv", [{**key, **FIELDS, **fields}])
        _write(folder / "自评表.指标.csv", rows)
        _write(folder / "汇总.csv", [{"单位": UNIT, "年度": "2023", "规则包": self.pack, **REPORT}])
        return folder


HB = Variant("S3-HB", HB_COLUMNS, HB_ROWS)
SC = Variant("S3-SC", SC_COLUMNS, SC_ROWS)


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as f:
        out = csv.DictWriter(f, list(rows[0]))
        out.writeheader()
        out.writerows(rows)


def told(findings: Sequence[Finding]) -> list[tuple[str, str, str, str, str]]:
    return [
        (f.rule, f.place.address if f.place else "", f.expected, f.actual, f.difference) for f in findings
    ]


def both_ways(
    variant: Variant,
    folder: Path,
    fields: Mapping[str, str] | None = None,
    rows: Mapping[int, Mapping[str, str]] | None = None,
) -> tuple[JobResult, JobResult]:
    """Regenerated from data, and the produced workbook validated without saying which pack it is."""
    source = variant.write(folder / "data", fields or {}, rows or {})
    (made,) = regenerate(str(source), None, folder / "out")
    assert made.clean_path is not None
    (back,) = validate([made.clean_path], out_dir=folder / "back")
    assert back.error is None
    assert back.pack is not None
    assert back.pack.id == variant.pack
    return made, back


@pytest.mark.parametrize("variant", [HB, SC], ids=["湖北", "四川"])
def test_without_error_nothing_is_found(variant: Variant, tmp_path: Path) -> None:
    for job in both_ways(variant, tmp_path):
        assert job.result is not None
        assert [f.message for f in job.result.findings] == []
        assert job.result.broken == []


def test_what_hubei_computes(tmp_path: Path) -> None:
    """20 points by the rate of execution, capped, and the parts of the 80."""
    made, _ = both_ways(
        HB, tmp_path, {"执行_财政拨款": "51.79", "总分说明": "说明"}, {3: {"实际完成值": "51.79"}}
    )
    assert made.clean_path is not None
    shown = values(made.clean_path.read_bytes(), "附件2-1")
    assert [shown[c] for c in ("H6", "J6", "G20", "H20")] == [20, 17.26, 100, 90.26]


HB_WRONG = {
    "the national weight": (
        {"资金分值": "10"},
        {},
        [
            ("S3-03-1", "附件2-1!H6", "20", "10", "-10"),
            ("S3-03-3", "附件2-1!G20", "100", "90", "-10"),
        ],
    ),
    "below the band of a part": ({}, {5: {"得分": "7"}}, [("S3-07-4", "附件2-1!H18", "", "", "")]),
    "in the band of what was reached": ({}, {5: {"得分": "12"}}, [("S3-07-4", "附件2-1!H18", "", "", "")]),
    "weights": (
        {},
        {0: {"分值": "20", "得分": "20"}},
        [("S3-03-3", "附件2-1!G20", "100", "105", "5")],
    ),
}


@pytest.mark.parametrize(("fields", "rows", "expected"), HB_WRONG.values(), ids=HB_WRONG.keys())
def test_errors_in_hubei(
    tmp_path: Path,
    fields: dict[str, str],
    rows: dict[int, dict[str, str]],
    expected: list[tuple[str, str, str, str, str]],
) -> None:
    for job in both_ways(HB, tmp_path, fields, rows):
        assert job.result is not None
        assert told(job.result.findings) == expected


SC_WRONG = {
    "spent too little, not explained": (
        {"执行_财政拨款": "51.79"},
        {2: {"实际完成值": "51.79"}},
        [("S3-06-2", "附件2-1!K6", "", "", ""), ("S3-11-3", "汇总!E7", "51.79", "60.00", "8.21")],
    ),
    "not in proportion": ({}, {3: {"得分": "18"}}, [("S3-04-1", "附件2-1!J16", "16", "18", "2")]),
    "cost above its limit, and full": (
        {},
        {2: {"年度指标值": "50"}},
        [
            ("S3-07-2", "附件2-1!J15", "12.5", "15", "2.5"),
            ("S3-14-3", "附件2-1!F15", "", "", ""),
        ],
    ),
    "cost that should grow": (
        {},
        {2: {"指标性质": "≥"}},
        [("S3-17-5", "附件2-1!F15", "", "", "")],
    ),
    "no unit": ({}, {0: {"度量单位": ""}}, [("S3-17-6", "附件2-1!F13", "", "", "")]),
    "weights": (
        {},
        {0: {"分值": "30", "得分": "30"}},
        [("S3-03-3", "附件2-1!I19", "100", "110", "10")],
    ),
}


@pytest.mark.parametrize(("fields", "rows", "expected"), SC_WRONG.values(), ids=SC_WRONG.keys())
def test_errors_in_sichuan(
    tmp_path: Path,
    fields: dict[str, str],
    rows: dict[int, dict[str, str]],
    expected: list[tuple[str, str, str, str, str]],
) -> None:
    for job in both_ways(SC, tmp_path, fields, rows):
        assert job.result is not None
        assert told(job.result.findings) == expected


def test_a_rate_of_ninety_percent_needs_no_explanation_in_sichuan(tmp_path: Path) -> None:
    spent = {"执行_财政拨款": "54"}
    for job in both_ways(SC, tmp_path, spent, {2: {"实际完成值": "54"}}):
        assert job.result is not None
        assert [f.rule for f in job.result.findings] == ["S3-11-3"]


def test_the_columns_of_sichuan(tmp_path: Path) -> None:
    made, _ = both_ways(SC, tmp_path)
    assert made.clean_path is not None
    sheet = cells(made.clean_path.read_bytes(), ("附件2-1",))["附件2-1"]
    heads = [sheet[f"{c}12"] for c in "BCDEFGHIJK"]
    assert heads == [
        *("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分"),
        "未完成原因分析",
    ]
    assert [sheet[f"{c}13"] for c in "DEFGHIJ"] == ["招商项目数", "≥", "6", "项", "6", 20, 20]
