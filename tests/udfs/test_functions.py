"""The one table of functions and what is made of it: calls, VBA wrappers, xlwings functions, the page."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import xlbudget_udfs
from xlbudget.excel.wire import CellError, Value, read_values, write_values
from xlbudget_udfs import FUNCTIONS, call
from xlbudget_udfs.docs import docs_page
from xlbudget_udfs.registry import Function
from xlbudget_udfs.vba import module_text
from xlbudget_udfs.xlwings_functions import _value

UDFS = Path(__file__).resolve().parents[2] / "udfs"
EXAMPLES = [(f.name, *example) for f in FUNCTIONS.values() for example in f.examples]
_RESERVED = {
    *("date", "year", "month", "day", "name", "type", "now", "time", "text", "next", "end", "string"),
    *("each", "optional", "select", "case", "loop", "get", "let", "set", "input", "open", "print", "error"),
}


# ---- the table ----


def test_names_are_what_vba_and_excel_take() -> None:
    for name, function in FUNCTIONS.items():
        assert name == function.name
        assert re.fullmatch(r"XB_[A-Z]+", name)
        names = [a.name for a in function.arguments]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch("[a-z]+", n) and n not in _RESERVED for n in names)
        optional = [a.optional for a in function.arguments]
        assert optional == sorted(optional), "optional arguments come last"
        assert not (function.pairs and any(optional))


def test_descriptions_fit_into_excels_function_wizard() -> None:
    for function in FUNCTIONS.values():
        assert 0 < len(function.doc) <= 255
        assert all(0 < len(a.doc) <= 255 for a in function.arguments)


@pytest.mark.parametrize(("name", "formula", "shown"), EXAMPLES)
def test_the_examples_of_the_page_are_true(name: str, formula: str, shown: str) -> None:
    found = call(name, [_literal(arg) for arg in _arguments(formula)])
    assert _as_excel(found) == shown


def _arguments(formula: str) -> list[str]:
    inner = formula[formula.index("(") + 1 : -1]
    return re.findall(r'"[^"]*"|[^,]+', inner)


def _literal(arg: str) -> Value:
    return arg[1:-1] if arg.startswith('"') else float(arg)


def _as_excel(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)
def test_whatever_comes_in_a_value_comes_out(function: Function) -> None:
    """No argument makes a function raise, and every answer goes over the wire."""
    odd: list[Value] = [
        *(None, "", " ", "甲", "1e999", "≥", "#N/A", 1e308, -1.0, 0.0, True, float("nan"), float("inf")),
        *(CellError("#N/A"), [], [[]], [[None]], [[1.0, "甲"], [None, True]]),
        *("x" * 40_000, "S3-CN", "S3-01-1"),
    ]
    for arg in odd:
        for count in range(len(function.arguments) + 3):
            found = call(function.name, [arg] * count)
            assert len(read_values(write_values([found]))) == 1
            assert isinstance(found, float | str | bool | list)


def test_no_arguments_give_nothing() -> None:
    for name, function in FUNCTIONS.items():
        assert call(name, []) == ""
        assert call(name, [None] * len(function.arguments)) == ""
        assert call(name.lower(), []) == ""


# ---- quick to import ----


def test_the_import_is_quick_and_loads_no_pack() -> None:
    code = (
        "import sys, time; t = time.perf_counter(); import xlbudget_udfs; t = time.perf_counter() - t;"
        "heavy = {'xlwings', 'xlbudget.packs', 'openpyxl', 'sqlalchemy', 'xlbudget.rules.audit'};"
        "print(t); print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=UDFS)
    seconds, heavy = out.stdout.splitlines()
    assert heavy == "[]"
    assert float(seconds) < 0.3


# ---- VBA ----


def wrappers() -> dict[str, str]:
    found = re.findall(r"^Public Function (\w+)\(.*?^End Function$", module_text(), re.M | re.S)
    bodies = re.findall(r"^Public Function .*?^End Function$", module_text(), re.M | re.S)
    return dict(zip(found, bodies, strict=True))


def test_every_function_has_its_wrapper() -> None:
    assert list(wrappers()) == list(FUNCTIONS)
    assert module_text().startswith('Attribute VB_Name = "XbFunctions"\nOption Explicit\n')


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)
def test_a_wrapper_hands_over_its_arguments_in_order(function: Function) -> None:
    head, *body = wrappers()[function.name].split("\n")
    declared = head[head.index("(") + 1 : head.rindex(")")].split(", ")
    wanted = [f"{'Optional ' if a.optional else ''}ByVal {a.name} As Variant" for a in function.arguments]
    if function.pairs:
        wanted.append("ParamArray pairs() As Variant")
    assert declared == wanted
    assert head.endswith(") As Variant")
    passed = ", ".join(f"XbCall.Arg({a.name})" for a in function.arguments)
    fixed = f"Array({passed})"
    given = f"XbCall.Rest({fixed}, given)" if function.pairs else fixed
    lines = [line.strip() for line in body]
    assert f'{function.name} = XbCall.Value("{function.name}", {given})' in lines
    assert "On Error GoTo failed" in lines
    assert lines[-4:] == [
        "Exit Function",
        "failed:",
        f"{function.name} = XbCall.Failed(Err.Description)",
        "End Function",
    ]


def test_lines_are_short_and_chinese_stands_in_comments_only() -> None:
    for line in module_text().split("\n"):
        assert len(line) < 900
        assert line.isascii() or line.startswith("'")


# ---- xlwings ----


def test_xlwings_finds_the_functions_by_name() -> None:
    for name in FUNCTIONS:
        function = getattr(xlbudget_udfs, name)
        assert function.__name__ == name
        assert function is getattr(xlbudget_udfs, name)
    assert xlbudget_udfs.XB_RATE([[51.79]], [[60.0]], [[None]]) == 0.8632
    assert xlbudget_udfs.XB_SHARE([[1.0], [3.0]], 4) == [[0.25], [0.75]]
    with pytest.raises(AttributeError):
        _ = xlbudget_udfs.XB_NOTHING


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ([[None]], None),
        (((1.5,), ("甲",)), [[1.5], ["甲"]]),
        ([[1, Decimal("2.5")]], [[1.0, 2.5]]),
        ([1.0, 2.0], [[1.0], [2.0]]),
        (datetime.datetime(2023, 12, 20, 12), 45280.5),
        ("#DIV/0!", "#DIV/0!"),
        (True, True),
    ],
)
def test_values_as_com_hands_them_over(given: Any, taken: Value) -> None:
    found = _value(given)
    assert found == taken
    assert isinstance(found, CellError) == (taken == "#DIV/0!")
    assert type(found) in (type(taken), CellError)


_UNDER_XLWINGS = """
import sys, types
com = types.SimpleNamespace(CoInitialize=lambda: None, Dispatch=None)
sys.modules.update({name: com for name in ("pythoncom", "pywintypes", "win32com", "win32com.client")})
from xlwings import udfs
import xlbudget_udfs
from xlbudget_udfs.xlwings_functions import decorated
for function in xlbudget_udfs.FUNCTIONS.values():
    known = udfs.xlfunc(decorated(function)).__xlfunc__
    (argument,) = known["args"]
    assert known["name"] == function.name
    assert known["ret"]["doc"] == function.doc
    assert argument["vararg"]
    assert argument["options"]["ndim"] == 2
    assert argument["options"]["err_to_str"] is True
print("good")
"""


def test_xlwings_own_decorator_takes_the_functions() -> None:
    """xlwings' part for functions, which is for Windows only, with its COM modules left empty."""
    run = [sys.executable, "-c", _UNDER_XLWINGS]
    out = subprocess.run(run, capture_output=True, text=True, check=False, cwd=UDFS)
    assert (out.stdout, out.stderr) == ("good\n", "")


# ---- the page ----


def test_the_page_tells_every_function_with_its_arguments_and_examples() -> None:
    page = docs_page()
    assert page == docs_page()
    assert page.startswith("# ")
    assert page.endswith("\n")
    for function in FUNCTIONS.values():
        section = page.split(f"### {function.name}\n")[1].split("\n### ")[0]
        assert f"`{function.signature}`" in section
        for argument in function.arguments:
            assert f"- {argument.title}" in section
            assert argument.doc in section
        for formula, _ in function.examples:
            assert f"`{formula}` → " in section
