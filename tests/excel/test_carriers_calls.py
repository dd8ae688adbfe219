"""How often a button crosses to Excel: each call costs a millisecond or more, so cells must not count."""

from __future__ import annotations

import pytest

from tests.engines.books import long_form, seed_b
from tests.engines.carried import NAME, held
from tests.engines.compare import contents
from tests.engines.memory import excel
from xlbudget.excel import macros

FEW_DOZEN = 36
VERBS = ("validate", "clear", "fill", "export")
FIXED, EACH_MARK = (
    620,
    25,
)  # without the add-in: 审核规则, the sheets, the page; and a marked cell with its row


def calls(data: bytes, addin: bool, folder: str) -> dict[str, int]:
    """Button → calls, one after the other on the same workbook."""
    out = {}
    with excel((NAME, data), addin=addin, folder=folder) as app:
        for verb in VERBS:
            app.border.reset()
            told = getattr(macros, verb)()
            out[verb] = app.border.calls
            if verb == "validate":
                out["marks"] = sum(map(len, contents(held(app)).notes.values()))
            assert "没有完成" not in told
    return out


@pytest.fixture
def folder(tmp_path: object) -> str:
    return str(tmp_path)


def test_with_the_add_in_it_is_a_few_dozen(folder: str) -> None:
    found = calls(seed_b(), True, folder)
    print(found)
    assert found["marks"] == 40
    assert all(found[verb] <= FEW_DOZEN for verb in VERBS)


def test_with_the_add_in_the_number_of_cells_does_not_matter(folder: str) -> None:
    short, long = calls(long_form(10), True, folder), calls(long_form(200), True, folder)
    assert short == long
    assert all(short[verb] <= FEW_DOZEN for verb in VERBS)


def test_step_by_step_only_the_marks_matter(folder: str) -> None:
    short, long = calls(long_form(10), False, folder), calls(long_form(200), False, folder)
    print(short, long)
    assert short["marks"] == long["marks"] == 2
    assert [short[v] for v in ("validate", "clear", "export")] == [
        long[v] for v in ("validate", "clear", "export")
    ]
    for found in (short, calls(seed_b(), False, folder)):
        assert found["validate"] <= FIXED + EACH_MARK * found["marks"]


def test_validating_again_changes_nothing_and_costs_nothing() -> None:
    with excel((NAME, seed_b())) as app:
        macros.validate()
        app.border.reset()
        macros.validate()
        assert app.border.calls <= FEW_DOZEN
