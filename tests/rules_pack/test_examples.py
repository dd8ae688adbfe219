"""The examples of a rule are its tests: this runs them all, and proves the packs with the linter."""

from __future__ import annotations

import pytest

from xlbudget.packs import Pack, available_packs, load_pack
from xlbudget.packs.lint import lint
from xlbudget.packs.program import pack_program
from xlbudget.rules.examples import check_example
from xlbudget.rules.model import Example, Rule


def _cases() -> list[object]:
    """Every example of every rule, with the pack that states the rule."""
    out: list[object] = []
    for pack_id in available_packs():
        pack = load_pack(pack_id)
        for rule in pack.rules:
            if rule.pack != pack_id:
                continue
            for failing, examples in ((False, rule.passing), (True, rule.failing)):
                for i, example in enumerate(examples, 1):
                    kind = "fail" if failing else "pass"
                    case = pytest.param(pack, rule, example, failing, id=f"{pack_id}-{rule.id}-{kind}{i}")
                    out.append(case)
    return out


@pytest.mark.parametrize(("pack", "rule", "example", "failing"), _cases())
def test_example(pack: Pack, rule: Rule, example: Example, failing: bool) -> None:
    assert check_example(pack_program(pack), rule, example, failing) == ""


@pytest.mark.parametrize("pack_id", available_packs())
def test_a_pack_has_no_problem(pack_id: str) -> None:
    assert lint(load_pack(pack_id)) == []


@pytest.mark.parametrize("pack_id", available_packs())
def test_every_rule_says_what_it_rests_on(pack_id: str) -> None:
    """Each rule and parameter names a document, or says that it is still to be confirmed."""
    pack = load_pack(pack_id)
    assert [r.id for r in pack.rules if not r.basis.strip()] == []
    assert [p.name for p in pack.params.values() if not p.basis.strip()] == []


def test_the_numbers_of_the_rules_are_told_apart() -> None:
    ids = [r.id for r in load_pack("S3-CN").rules]
    assert len(ids) == len(set(ids))
    missing = {f"S3-{n:02}" for n in range(1, 19)} - {r.rpartition("-")[0] for r in ids}
    assert missing == {"S3-12", "S3-16", "S3-18"}  # these need the report's text
