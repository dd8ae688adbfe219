"""The twin without error gives no finding; a single wrong cell in it is found, at least 99 times in 100."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from wrong_cells import BLANK, DIGIT, SWAP, TENFOLD, TEXT, Bench, mutations

from xlbudget.jobs import JobResult, validate
from xlbudget.packs import load_pack
from xlbudget.rules.model import OutcomeKind

SEED = 20231231  # that of tools/mutations.py, so that both speak of the same share
REQUIRED = Fraction(99, 100)


@pytest.fixture(scope="module")
def bench(clean: JobResult) -> Bench:
    assert clean.clean_path is not None
    return Bench.of(clean.clean_path.read_bytes(), load_pack("S3-HN"))


def test_the_data_have_no_finding(clean: JobResult) -> None:
    assert clean.result is not None
    assert [f.message for f in clean.result.findings] == []
    assert clean.result.broken == []


def test_the_workbook_has_no_finding(clean: JobResult, tmp_path: Path) -> None:
    assert clean.clean_path is not None
    (again,) = validate([clean.clean_path], out_dir=tmp_path)
    assert again.error is None
    assert again.result is not None
    assert [f.message for f in again.result.findings] == []
    assert again.result.broken == []


def test_its_rules_did_run(clean: JobResult) -> None:
    """No finding because the rules were asked and passed, not because they were skipped."""
    assert clean.result is not None
    passed = {o.rule for o in clean.result.outcomes if o.kind is OutcomeKind.PASSED}
    for rule_id in ("S3-02-3", "S3-03-2", "S3-04-1", "S3-06-1", "S3-07-1", "S3-11-1", "S3-13-1", "S3-14-1"):
        assert rule_id in passed


def test_a_single_wrong_number_is_found(bench: Bench) -> None:
    """Digits changed or exchanged, tenfold, blank, text: over every filled numeric cell of the workbook."""
    tried = [bench.tried(m) for m in mutations(bench.targets(numeric=True), random.Random(SEED), digits=2)]
    missed = [
        f"{t.mutation.target.place.address} {t.mutation.kind} {t.mutation.target.shown} → {t.mutation.shown}"
        for t in tried
        if not t.found
    ]
    assert len(tried) > 600
    assert {t.mutation.kind for t in tried} == {DIGIT, SWAP, TENFOLD, BLANK, TEXT}
    assert 1 - Fraction(len(missed), len(tried)) >= REQUIRED, missed


def test_what_stands_beside_is_not_blamed(bench: Bench) -> None:
    """A wrong score is told at its own cell and at the sums that contain it, and nowhere else."""
    score = next(t for t in bench.targets(numeric=True) if t.place.address == "附件2-2!H14")
    (wrong,) = [m for m in mutations([score], random.Random(SEED)) if m.kind == TENFOLD]
    assert (wrong.target.shown, wrong.shown) == ("9.6", "96")
    found = bench.tried(wrong).findings
    assert [(f.rule, f.place.address if f.place else "") for f in found] == [
        ("S3-04-1", "附件2-2!H14"),
        ("S3-04-3", "附件2-2!H14"),
        ("S3-05-1", "附件2-2!H22"),
        ("S3-11-13", "汇总!G6"),
        ("S3-11-19", "汇总!G8"),
    ]
