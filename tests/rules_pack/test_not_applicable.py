"""Indicators marked 无: the three ways to treat them, chosen by one parameter of a pack.

The row 生态效益指标 does not apply. Its weight goes to its siblings, or the rest is scaled to 100, or it
counts as full.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.office import Office
from xlbudget.packs import Pack
from xlbudget.packs.lint import lint
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.workbook.fill import fill

from .packs_made import made_pack, param
from .records_made import ROWS, audited, project, record, told

SIBLINGS, RESCALE, FULL = "同级分摊", "折算", "计满分"
BENEFIT = "效益指标（30分）|经济效益指标|签约投资额|≥5000万元|6000万元|10|10|"
WHY = "未完成原因说明"


def pack(folder: Path, option: str) -> Pack:
    return made_pack(folder, param("不适用处理", f'"{option}"'))


def lines(weight: str = "", score: str = "", shared: bool = False, lost: bool = False) -> list[str]:
    """The rows with 生态效益 marked 无, 5 of the 30 points.

    ``shared``: a sibling has them; ``lost``: another indicator has 8 of its 10.
    """
    out = list(ROWS)
    if not shared:
        out[4] = BENEFIT
    if lost:
        out[1] = f"产出指标（50分）|质量指标|验收合格率|≥100%|80%|10|8|{WHY}"
    out.insert(6, f"效益指标（30分）|生态效益指标|无|||{weight}|{score}|")
    return out


def total(pack: Pack, rows: list[str]) -> object:
    rec = record(pack, project(rows=rows))
    return derive(pack_program(pack), rec).field(rec.forms[0], "总得分")


@pytest.mark.parametrize("option", [SIBLINGS, RESCALE, FULL])
def test_a_pack_with_the_option_is_sound(tmp_path: Path, option: str) -> None:
    assert lint(pack(tmp_path, option)) == []


RIGHT = {
    SIBLINGS: (lines(shared=True, lost=True), Fraction(98)),
    RESCALE: (lines(weight="5", lost=True), Fraction("97.89")),  # (10 + 83) / 95 × 100 = 97.8947…
    FULL: (lines(weight="5", lost=True), Fraction(98)),
}


@pytest.mark.parametrize(
    ("option", "rows", "expected"), [(k, *v) for k, v in RIGHT.items()], ids=RIGHT.keys()
)
def test_the_total(tmp_path: Path, option: str, rows: list[str], expected: Fraction) -> None:
    chosen = pack(tmp_path, option)
    assert total(chosen, rows) == expected
    assert told(audited(chosen, project(rows=rows)).findings) == []


def test_full_may_be_written_out(tmp_path: Path) -> None:
    chosen = pack(tmp_path, FULL)
    rows = lines(weight="5", score="5", lost=True)
    assert total(chosen, rows) == 98
    assert told(audited(chosen, project(rows=rows)).findings) == []


def test_the_target_may_say_it_instead(tmp_path: Path) -> None:
    """无 in the column of targets, behind a name."""
    rows = lines(weight="5", lost=True)
    rows[6] = "效益指标（30分）|生态效益指标|生态效益|无||5||"
    for option, expected in ((RESCALE, Fraction("97.89")), (FULL, Fraction(98))):
        chosen = pack(tmp_path / option, option)
        assert total(chosen, rows) == expected
        assert told(audited(chosen, project(rows=rows)).findings) == []


WRONG: dict[str, tuple[str, list[str], list[tuple[str, str, str, str, str]]]] = {
    "siblings: it keeps its weight": (
        SIBLINGS,
        lines(weight="5"),
        [("S3-03-6", "附件2-1!G19", "0", "5", "5")],
    ),
    "siblings: it keeps weight and score": (
        SIBLINGS,
        lines(weight="5", score="5"),
        [("S3-03-6", "附件2-1!G19", "0", "10", "10")],
    ),
    "siblings: nobody took its weight": (
        SIBLINGS,
        lines(),
        [
            ("S3-03-2", "附件2-1!G17", "30", "25", "-5"),
            ("S3-03-3", "附件2-1!G21", "100", "95", "-5"),
        ],
    ),
    "rescale: it has a score": (
        RESCALE,
        lines(weight="5", score="5"),
        [("S3-03-6", "附件2-1!G19", "0", "5", "5")],
    ),
    "rescale: it lost its weight": (
        RESCALE,
        lines(),
        [
            ("S3-03-2", "附件2-1!G17", "30", "25", "-5"),
            ("S3-03-3", "附件2-1!G21", "100", "95", "-5"),
        ],
    ),
    "full: it has another score": (
        FULL,
        lines(weight="5", score="3"),
        [("S3-03-6", "附件2-1!G19", "0", "2", "2")],
    ),
    "full: it lost its weight": (
        FULL,
        lines(),
        [
            ("S3-03-2", "附件2-1!G17", "30", "25", "-5"),
            ("S3-03-3", "附件2-1!G21", "100", "95", "-5"),
        ],
    ),
}


@pytest.mark.parametrize(("option", "rows", "expected"), WRONG.values(), ids=WRONG.keys())
def test_the_wrong_treatment(
    tmp_path: Path, option: str, rows: list[str], expected: list[tuple[str, str, str, str, str]]
) -> None:
    result = audited(pack(tmp_path, option), project(rows=rows))
    assert told(result.findings) == expected


@pytest.mark.parametrize(
    ("option", "claimed", "expected"),
    [(SIBLINGS, "97.89", "98"), (RESCALE, "98", "97.89"), (FULL, "93", "98")],
)
def test_a_total_by_another_way(tmp_path: Path, option: str, claimed: str, expected: str) -> None:
    chosen = pack(tmp_path, option)
    result = audited(chosen, project({"总得分": claimed}, RIGHT[option][0]))
    assert [(f.rule, f.expected, f.actual) for f in result.findings] == [("S3-05-1", expected, claimed)]


def test_nothing_is_implied_by_a_scaled_total(tmp_path: Path) -> None:
    """A missing score cannot be told from a total that was scaled: it is asked for, and nothing claimed."""
    rows = lines(weight="5")
    rows[5] = "效益指标（30分）|社会效益指标|带动就业|≥100人|120人|15||"
    chosen = pack(tmp_path, RESCALE)
    rec = record(chosen, project({"总得分": "100"}, rows))
    findings = audit(pack_program(chosen), rec).findings
    assert [(f.rule, f.expected) for f in findings] == [("S3-04-2", "应填写"), ("S3-05-1", "84.21")]
    assert findings[0].message == "“带动就业”没有填得分。"


def test_the_native_total_is_the_same(tmp_path: Path, office: Office) -> None:
    """The formula of the total cell under each option, recalculated by LibreOffice."""
    for option, (rows, expected) in RIGHT.items():
        chosen = pack(tmp_path / option, option)
        rec = record(chosen, project(rows=rows))
        path = tmp_path / f"{option}.xlsx"
        path.write_bytes(fill(chosen, rec, derive(pack_program(chosen), rec)))
        assert office.recalculated(path)["附件2-1"]["H21"] == pytest.approx(float(expected), abs=1e-9)
