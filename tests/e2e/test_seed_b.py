"""The main job on seed B: three real forms of one unit, with what is known to be wrong in them.

The numbers B-04 … B-24 are those of the list of certain errors; every finding is asserted with its cell.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from xlbudget.jobs import JobResult, regenerate, validate
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.model import AuditResult, Finding, Severity

from .books import cells, coloured, explained, explained_in_excel, notes, result_rows, typed, values
from .conftest import SAMPLES

SHEETS = ("附件2-1", "附件2-2", "附件2-3", "汇总")
ERROR, QUERY, NOTICE = Severity.ERROR, Severity.QUERY, Severity.NOTICE


def result_of(job: JobResult) -> AuditResult:
    assert job.error is None
    assert job.result is not None
    return job.result


def data_of(path: Path | None) -> bytes:
    assert path is not None
    return path.read_bytes()


def at(findings: list[Finding], rule: str) -> list[tuple[str, str, str, str]]:
    """Cell, expected, actual, difference of the findings of one rule."""
    return [
        (f.place.address if f.place else "", f.expected, f.actual, f.difference)
        for f in findings
        if f.rule == rule
    ]


def messages(job: JobResult, rule: str) -> list[str]:
    return [f.message for f in result_of(job).findings if f.rule == rule]


# ---- what is computed ----


def test_rates_scores_and_totals(seed_b: JobResult) -> None:
    assert seed_b.record is not None
    assert seed_b.pack is not None
    derived = derive(pack_program(seed_b.pack), seed_b.record)
    projects = list(seed_b.record.of("自评表"))
    names = ("执行率", "资金得分", "总得分", "等级")
    assert [[derived.field(p, n) for n in names[:3]] for p in projects] == [
        [Fraction(1), Fraction(10), Fraction(90)],  # one score is blank; 98 printed
        [Fraction(1), Fraction(10), Fraction(98)],
        [Fraction(5179, 6000), Fraction("8.63"), Fraction("98.63")],
    ]
    (total,) = seed_b.record.of("汇总")
    sums = ("合计_年初预算数", "合计_全年预算数", "合计_全年执行数")
    assert [derived.field(total, n) for n in sums] == [
        Fraction("72.34"),
        Fraction("114.27"),
        Fraction("106.06"),
    ]


def test_the_workbook_shows_them(seed_b: JobResult) -> None:
    data = data_of(seed_b.clean_path)
    shown = {s: values(data, s) for s in SHEETS}
    assert [(shown[s]["I6"], shown[s]["J6"]) for s in SHEETS[:2]] == [(1, 10), (1, 10)]
    assert shown["附件2-3"]["I6"] == pytest.approx(0.863166667)  # shown as 86.32 %
    assert (shown["附件2-3"]["J6"], shown["附件2-3"]["H22"], shown["附件2-2"]["H22"]) == (8.63, 98.63, 98)
    assert [shown["汇总"][c] for c in ("C8", "D8", "E8")] == [72.34, 114.27, 106.06]
    assert cells(data, ("附件2-3",))["附件2-3"]["H22"] == '=IF(COUNT(J6,H13:H21)=0,"",N(J6)+SUM(H13:H21))'


# ---- what is found ----

CERTAIN: dict[str, tuple[str, Severity, list[tuple[str, str, str, str]]]] = {
    "B-03 total against the scores": (
        "S3-05-1",
        ERROR,
        [("附件2-1!H21", "90", "98", "8"), ("附件2-3!H22", "98.63", "空白", "")],  # the second is B-05
    ),
    "B-03 the score that is blank": ("S3-04-2", ERROR, [("附件2-1!H17", "应填写", "空白", "")]),
    "B-04 reached, and 60 % of the weight": ("S3-07-3", ERROR, [("附件2-2!H19", "≥4", "3", "-1")]),
    "B-06 no reason, indicators": (
        "S3-06-1",
        ERROR,
        [("附件2-1!I17", "", "", ""), ("附件2-2!I19", "", "", "")],
    ),
    "B-06 no reason, execution": ("S3-06-2", ERROR, [("附件2-3!I22", "", "", "")]),
    "B-07 ≥95% as an actual value": (
        "S3-08-1",
        QUERY,
        [("附件2-2!F21", "", "", ""), ("附件2-3!F21", "", "", "")],
    ),
    "B-08 200 planned, 535 done": ("S3-09-1", QUERY, [("附件2-3!F13", "≤300", "535", "235")]),
    "B-09 the budget set to what was spent": (
        "S3-10-1",
        QUERY,
        [("附件2-1!F6", "", "", ""), ("附件2-2!F6", "", "", "")],
    ),
    "B-12 the same goals": ("S3-13-1", QUERY, [(f"{s}!C11", "", "", "") for s in SHEETS[:3]]),
    "B-12 the same achievements": ("S3-13-2", QUERY, [(f"{s}!G11", "", "", "") for s in SHEETS[:3]]),
    "B-13 the base of the cost target": ("S3-14-2", QUERY, [(f"{s}!E16", "", "", "") for s in SHEETS[:3]]),
    "B-14 only words": ("S3-17-2", QUERY, [(f"{s}!E17", "", "", "") for s in SHEETS[:3]]),
    "B-14 the wrong class": ("S3-17-3", QUERY, [("附件2-2!D17", "", "", "")]),
    "B-15 no actual value": ("S3-08-3", ERROR, [("附件2-1!F20", "应填写", "空白", "")]),
    "B-24 no initial budget": ("S3-10-2", NOTICE, [("附件2-3!E6", "", "", "")]),
    "copied deadlines": ("S3-08-2", NOTICE, [(f"{s}!F15", "", "", "") for s in SHEETS[:3]]),
    "no units": (
        "S3-17-6",
        NOTICE,
        [(f"附件2-{c}", "", "", "") for c in ("1!E16", "2!E16", "3!E13", "3!E16")],
    ),
}


@pytest.mark.parametrize(("rule", "severity", "expected"), CERTAIN.values(), ids=CERTAIN.keys())
def test_a_certain_error(
    seed_b: JobResult, rule: str, severity: Severity, expected: list[tuple[str, str, str, str]]
) -> None:
    findings = result_of(seed_b).findings
    assert at(findings, rule) == expected
    assert {f.severity for f in findings if f.rule == rule} == {severity}


def test_nothing_else_is_found(seed_b: JobResult) -> None:
    """So what holds stays silent: sums of funds, rates, weights, the report's totals, 98 in 附件2-2."""
    result = result_of(seed_b)
    assert {f.rule for f in result.findings} == {rule for rule, _, _ in CERTAIN.values()}
    assert [result.count(s) for s in Severity] == [8, 18, 8]
    assert result.broken == []
    silent = ("S3-01-", "S3-02-", "S3-03-", "S3-11-", "S3-15-", "S3-19-", "GEN-")
    assert [f.message for f in result.findings if f.rule.startswith(silent)] == []
    assert ("附件2-2!H22", "98", "98", "") not in at(result.findings, "S3-05-1")


SENTENCES = {
    "S3-04-2": ["“推动怀化经济发展”没有填得分；若总分98无误，这里应是8分。"],
    "S3-05-1": [
        "总分填报98，按各项得分计算应为90（另有1项得分没有填，无法核实）。",
        "总分没有填，按各项得分计算应为98.63。",
    ],
    "S3-06-1": [
        "“推动怀化经济发展”分值10、得分8（由总分推算），扣2分，没有说明偏差原因和改进措施。",
        "“生态效益情况”分值5、得分3，扣2分，没有说明偏差原因和改进措施。",
    ],
    "S3-06-2": ["预算执行率86.32%，得8.63分，扣1.37分，没有说明原因。"],
    "S3-07-3": [
        "“生态效益情况”目标“效果明显”、完成“效果明显”，属于达成，得分应在4—5分之间，"
        "填报3分，只有分值的60.00%。"
    ],
    "S3-09-1": ["“信访接待人数”指标值200、完成值535，完成267.50%，超过150.00%，年初指标值可能定得偏低。"],
    "S3-10-1": [
        "全年预算数46.78万元与全年执行数完全相同，而年初预算数是62.34万元，相差15.56万元；"
        "按年初预算计算执行率是75.04%，不是100.00%。",
        "全年预算数7.49万元与全年执行数完全相同，而年初预算数是10.00万元，相差2.51万元；"
        "按年初预算计算执行率是74.90%，不是100.00%。",
    ],
}


@pytest.mark.parametrize(("rule", "sentences"), SENTENCES.items(), ids=SENTENCES.keys())
def test_the_sentences_carry_the_numbers(seed_b: JobResult, rule: str, sentences: list[str]) -> None:
    assert messages(seed_b, rule) == sentences


# ---- the highlighted copy ----


def test_the_copy_is_marked_at_the_findings(seed_b: JobResult) -> None:
    data = data_of(seed_b.marked_path)
    places = {p for f in result_of(seed_b).findings for p in f.places}
    for sheet in SHEETS:
        here = {p.ref for p in places if p.sheet == sheet}
        assert coloured(data, sheet) >= here
        assert set(notes(data, sheet)) == here
    assert "应为：≥4　实为：3　差额：-1" in notes(data, "附件2-2")["H19"]
    assert {r["位置"] for r in result_rows(data).values()} == {
        f.place.address for f in result_of(seed_b).findings if f.place
    }


# ---- written and read back ----


@pytest.fixture(scope="module")
def read_back(seed_b: JobResult, tmp_path_factory: pytest.TempPathFactory) -> JobResult:
    assert seed_b.clean_path is not None
    (job,) = validate([seed_b.clean_path], out_dir=tmp_path_factory.mktemp("back"))
    return job


def test_reading_back_finds_the_same(seed_b: JobResult, read_back: JobResult) -> None:
    """All but what the wrong totals say: the regenerated workbook computes them, so that none is wrong.

    With the totals of the report goes what they imply: the 8 points of the blank score and its lost 2.
    """

    def seen(job: JobResult) -> set[tuple[str, str]]:
        return {(f.rule, f.place.address if f.place else "") for f in result_of(job).findings}

    assert seen(seed_b) - seen(read_back) == {
        ("S3-05-1", "附件2-1!H21"),
        ("S3-05-1", "附件2-3!H22"),
        ("S3-06-1", "附件2-1!I17"),
    }
    assert seen(read_back) - seen(seed_b) == set()
    assert messages(read_back, "S3-04-2") == ["“推动怀化经济发展”没有填得分。"]
    assert result_of(read_back).broken == []


def test_reading_back_tells_the_same(seed_b: JobResult, read_back: JobResult) -> None:
    """Rule by rule the same sentences, places, operands and identities."""
    changed = {"S3-04-2", "S3-05-1", "S3-06-1"}
    first, again = ([f for f in result_of(j).findings if f.rule not in changed] for j in (seed_b, read_back))
    assert [f.message for f in again] == [f.message for f in first]
    assert [f.places for f in again] == [f.places for f in first]
    assert [[(o.place, o.shown) for o in f.operands] for f in again] == [
        [(o.place, o.shown) for o in f.operands] for f in first
    ]
    assert [f.fingerprint for f in again] == [f.fingerprint for f in first]


def test_marking_leaves_the_cells_as_they_are(seed_b: JobResult, read_back: JobResult) -> None:
    clean = data_of(seed_b.clean_path)
    for marked in (data_of(seed_b.marked_path), data_of(read_back.marked_path)):
        labelled = cells(marked, SHEETS)
        for sheet, content in cells(clean, SHEETS).items():
            beside = {c: v for c, v in labelled[sheet].items() if not str(v).startswith("◀")}
            assert beside == content


# ---- the same bytes ----


@pytest.mark.parametrize("source", ["seed-b", "seed-b.sqlite"])
def test_the_same_bytes_again_and_from_the_database(seed_b: JobResult, source: str, tmp_path: Path) -> None:
    path = SAMPLES / source
    url = f"sqlite:///{path}" if source.endswith(".sqlite") else str(path)
    (again,) = regenerate(url, None, tmp_path)
    assert data_of(again.clean_path) == data_of(seed_b.clean_path)
    assert data_of(again.marked_path) == data_of(seed_b.marked_path)


def test_validating_again_gives_the_same_bytes(read_back: JobResult, tmp_path: Path) -> None:
    assert read_back.marked_path is not None
    (again,) = validate([read_back.marked_path], out_dir=tmp_path)
    assert data_of(again.marked_path) == data_of(read_back.marked_path)


# ---- explanations ----

WHY = "宣传覆盖面不够，<明年>增加场次 & 补拍"


def _finding(job: JobResult, rule: str, sheet: str) -> Finding:
    return next(f for f in result_of(job).findings if f.rule == rule and f.place and f.place.sheet == sheet)


@pytest.mark.parametrize("saved_by_another", [False, True], ids=["our bytes", "saved by openpyxl"])
def test_an_explanation_survives(read_back: JobResult, tmp_path: Path, saved_by_another: bool) -> None:
    """Typed into 审核结果 it stands there again after the next two validations."""
    finding = _finding(read_back, "S3-07-3", "附件2-2")
    path = tmp_path / "自评表-审核.xlsx"
    path.write_bytes(data_of(read_back.marked_path))
    if saved_by_another:
        explained_in_excel(path, finding.fingerprint, WHY)
    else:
        path.write_bytes(explained(path.read_bytes(), finding.fingerprint, WHY))
    for turn in ("一", "二"):
        (job,) = validate([path], out_dir=tmp_path / turn)
        assert job.explained == 1
        path = job.marked_path or path
        rows = result_rows(path.read_bytes())
        assert {k: r["出错说明"] for k, r in rows.items() if r["出错说明"]} == {finding.fingerprint: WHY}
        assert len(result_of(job).findings) == len(result_of(read_back).findings)


MENDED = {  # the score, and what the spreadsheet computes from it
    ("附件2-2", "H19"): "5",
    ("附件2-2", "H22"): "100",
    ("汇总", "G6"): "100",
    ("汇总", "G8"): "96.21",
}


def test_a_finding_that_is_gone_loses_its_mark(read_back: JobResult, tmp_path: Path) -> None:
    """The score is mended: its finding, colour, note, row and explanation go, the others stay."""
    finding = _finding(read_back, "S3-07-3", "附件2-2")
    reason = _finding(read_back, "S3-06-1", "附件2-2")
    marked = data_of(read_back.marked_path)
    assert "H19" in coloured(marked, "附件2-2")
    for fingerprint in (finding.fingerprint, reason.fingerprint):
        marked = explained(marked, fingerprint, WHY)
    path = tmp_path / "自评表-审核.xlsx"
    path.write_bytes(typed(marked, MENDED))
    (job,) = validate([path], out_dir=tmp_path / "again")
    again = data_of(job.marked_path)
    gone = {(f.rule, f.place) for f in result_of(read_back).findings} - {
        (f.rule, f.place) for f in result_of(job).findings
    }
    assert gone == {("S3-07-3", finding.place), ("S3-06-1", reason.place)}
    assert job.explained == 0
    assert coloured(again, "附件2-2") == coloured(marked, "附件2-2") - {"H19", "I19", "J19"}
    assert set(notes(again, "附件2-2")) == set(notes(marked, "附件2-2")) - {"H19", "I19"}
    assert finding.fingerprint not in result_rows(again)
