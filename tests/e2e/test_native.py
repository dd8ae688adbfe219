"""Every native formula and every live format, recalculated by LibreOffice, says what our evaluator says."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from tests.e2e.live_oracle import Judge
from tests.e2e.live_sheets import Values, lives_of
from tests.e2e.native_cases import Case, case, wrong_cells
from tests.office import Office
from xlbudget.packs import load_pack
from xlbudget.workbook.fill import fill

PACKS = ("S3-HN", "S3-SC", "S3-HB")
WORKBOOKS = 13  # for each pack; eight projects each on average
LONGEST = 8192  # characters of a formula
DEEPEST = 64  # functions within functions

# What occurs in our formulas; all of it is in Excel 2010.
EXCEL_2010 = {
    "ABS", "AND", "AVERAGE", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "FIND", "IF", "IFERROR", "INT",
    "ISBLANK", "ISERROR", "ISNUMBER", "LEFT", "LEN", "MAX", "MID", "MIN", "N", "NOT", "OR", "RIGHT",
    "ROUND", "ROUNDDOWN", "ROUNDUP", "SEARCH", "SUBSTITUTE", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT",
    "TRIM", "VALUE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A random workbook and what LibreOffice computed of it."""

    case: Case
    values: Values


@pytest.fixture(scope="module")
def runs(office: Office, tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    path = tmp_path_factory.mktemp("native") / "probed.xlsx"
    packs = [load_pack(pack) for pack in PACKS for _ in range(WORKBOOKS)]
    return [_run(office, case(pack, seed), path) for seed, pack in enumerate(packs)]


def _run(office: Office, made: Case, path: Path) -> Run:
    path.write_bytes(made.probed)
    return Run(made, office.recalculated(path))


def test_there_are_enough_records(runs: list[Run]) -> None:
    forms = Counter(form.form for run in runs for form in run.case.record.forms)
    assert forms["自评表"] >= 300
    assert forms["汇总"] == len(runs)


def test_derived_cells(runs: list[Run]) -> None:
    assert [w for run in runs for w in wrong_cells(run.case, run.values)] == []


@pytest.fixture(scope="module")
def judges(runs: list[Run]) -> list[Judge]:
    return [Judge(run.case, run.values) for run in runs]


def test_live_formats_say_what_the_audit_says(judges: list[Judge]) -> None:
    wrong = [w for judge in judges for w in _differences(judge)]
    assert wrong == []


def _differences(judge: Judge) -> Iterator[str]:
    for rule_id, applied in judge.applied().items():
        rule = judge.case.pack.rule_by_id[rule_id]
        seen = judge.seen(rule)
        for spot in sorted(applied - set(seen)):
            yield f"{judge.case.name} {rule_id} at {spot}: a live format applies, the audit finds nothing"
        for spot in sorted(set(seen) - applied):
            if not judge.may_be_silent(rule, seen[spot]):
                yield f"{judge.case.name} {rule_id} at {spot}: the audit finds it, no live format applies"


def test_what_a_sheet_shows_is_never_wrong(judges: list[Judge]) -> None:
    """Where nothing was typed over, a live format applies only where the whole audit has a finding."""
    wrong = []
    for judge in judges:
        for rule_id, applied in judge.applied().items():
            typed_elsewhere = judge.case.typed and judge.case.pack.rule_by_id[rule_id].form == "汇总"
            if not typed_elsewhere:
                extra = applied - set(judge.audited(judge.case.pack.rule_by_id[rule_id]))
                wrong += [(judge.case.name, rule_id, spot) for spot in sorted(extra)]
    assert wrong == []


def test_every_live_format_applied_and_was_silent(judges: list[Judge]) -> None:
    """The random forms are wild enough: no rule is left unproven in either direction."""
    applied: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for judge in judges:
        applied.update({rule: len(spots) for rule, spots in judge.applied().items()})
        asked.update(p.live.rule for p in judge.case.probes for _ in p.cells)
    never, always = [r for r in asked if not applied[r]], [r for r in asked if applied[r] == asked[r]]
    assert (never, always) == ([], [])


# -- the formulas as text --------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=PACKS)
def made(request: pytest.FixtureRequest) -> Case:
    return case(load_pack(request.param), 2)


_FORMAT = re.compile(r"<cfRule [^>]*><formula>(.*?)</formula>", re.S)
_FORMULA = re.compile(r"<f>(.*?)</f>", re.S)
_NAME = re.compile(r'<definedName [^>]*hidden="1">(.*?)</definedName>', re.S)


def _formulas(made: Case, pattern: re.Pattern[str]) -> list[list[str]]:
    """The matches in each sheet of the filled workbook, or in its list of names."""
    sheets = [f"worksheets/sheet{n}" for n in range(1, len(made.record.forms) + 1)]
    with zipfile.ZipFile(BytesIO(fill(made.pack, made.record, made.derived))) as z:
        texts = [z.read(f"xl/{part}.xml").decode() for part in (["workbook"] if pattern is _NAME else sheets)]
    return [[_plain(m) for m in pattern.findall(text)] for text in texts]


def _plain(text: str) -> str:
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(escaped, plain)
    return text


def test_the_workbook_carries_the_live_formats(made: Case) -> None:
    for form, formulas in zip(made.record.forms, _formulas(made, _FORMAT), strict=True):
        assert Counter(formulas) == Counter(live.formula for live in lives_of(made.pack, form))


@pytest.mark.parametrize("pattern", [_FORMAT, _FORMULA, _NAME], ids=["live", "derived", "names"])
def test_formulas_keep_to_what_excel_2010_takes(made: Case, pattern: re.Pattern[str]) -> None:
    formulas = {f for sheet in _formulas(made, pattern) for f in sheet}
    assert formulas
    for formula in formulas:
        bare = re.sub(r'"[^"]*"', '""', formula)
        assert len(formula) <= LONGEST
        assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare)) <= EXCEL_2010, formula
        assert "{" not in bare  # no array constants in conditional formats
        assert _depth(bare) <= DEEPEST


def _depth(formula: str) -> int:
    """Levels of functions within functions, brackets counted as if they were some."""
    level = deepest = 0
    for ch in formula:
        level += (ch == "(") - (ch == ")")
        deepest = max(deepest, level)
    return deepest
