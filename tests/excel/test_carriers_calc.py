"""The same buttons over LibreOffice, where formulas are really calculated: the same cells, notes, sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

import pytest

from tests.engines.books import BOOKS, ONE
from tests.engines.calc import Calc
from tests.engines.carried import NAME, held, patched, patched_file
from tests.engines.compare import contents, differences
from tests.engines.windows import DESK
from tests.office import available
from tests.workbook.refilling import changed, edit, sample
from xlbudget.excel import macros
from xlbudget.workbook.findings import RESULT_SHEET

pytestmark = [pytest.mark.office, pytest.mark.skipif(not available(), reason="LibreOffice is missing")]

Test = TypeVar("Test", bound=Callable[..., None])


@pytest.fixture(scope="module")
def calc() -> Iterator[Calc]:
    with Calc() as running:
        yield running


def twice(test: Test) -> Test:
    """Again when LibreOffice crashed in the middle."""

    @wraps(test)
    def run(calc: Calc, **given: Any) -> None:
        calc.twice(lambda: test(calc, **given))

    return run  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "addin"),
    [("seed b", False), ("random S3-SC", False), ("broken twin", True), ("notes and protection", True)],
)
@twice
def test_validating_and_clearing(calc: Calc, name: str, addin: bool) -> None:
    with calc.excel((NAME, BOOKS[name]()), addin=addin) as app:
        before = held(app)
        told = macros.validate()
        marked = held(app)
        assert differences(patched("validate", before), contents(marked)) == []
        assert macros.validate() == told
        assert differences(contents(marked), contents(held(app))) == []
        assert macros.clear() == "已清除标注"
        assert differences(contents(before), contents(held(app))) == []


@pytest.mark.parametrize("yes", [True, False], ids=["yes", "no"])
@twice
def test_filling_recalculates(calc: Calc, yes: bool) -> None:
    """A formula that was typed over gives its result again, in the cell and in what is told afterwards."""
    data = changed(sample(), edit(ONE, "H22", 95), edit(ONE, "I6", None))
    with calc.excel((NAME, data)) as app:
        before = held(app)
        DESK.answer = yes
        told = macros.fill()
        assert told.splitlines()[0] == "填入公式 1 处"
        assert differences(patched("fill", before, yes), contents(held(app))) == []
        store = app.front.store.sheets()[0]
        assert store.value(6, 9) == 1.0
        assert store.value(22, 8) == (99.5 if yes else 95.0)
        again = macros.validate().splitlines()[0]
        assert again == ("通过" if yes else again)
        assert ("错误" in again) is not yes


@twice
def test_everything_in_a_row(calc: Calc) -> None:
    """Fill, validate, a figure changed, a finding explained, validate, clear; totals follow by themselves."""
    with calc.excel((NAME, BOOKS["seed b"]())) as app:
        macros.fill()
        macros.validate()
        store = app.front.store.sheets()[0]
        total = store.value(6, 5)
        store.put(7, 5, 60.0)
        app.calculate()
        assert store.value(6, 5) != total
        results = app.front.sheet(RESULT_SHEET).store
        row = next(r for r in range(1, 60) if results.value(r, 1) == 1.0)
        mark = results.value(row, 13)
        results.put(row, 12, "系四舍五入")
        before = held(app)
        macros.validate()
        assert differences(contents(patched_file("validate", before)), contents(held(app))) == []
        results = app.front.sheet(RESULT_SHEET).store
        explained = {results.value(r, 13): results.value(r, 12) for r in range(1, results.last()[0] + 1)}
        assert explained[mark] == "系四舍五入"
        macros.clear()
        assert len(DESK.asked) == 1
        assert differences(patched("clear", before), contents(held(app))) == []
