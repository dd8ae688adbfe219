"""XB_RATE, XB_YOY, XB_SHARE: exact inside, in single cells and in columns."""

from __future__ import annotations

import pytest

from xlbudget.excel.wire import CellError, Value
from xlbudget_udfs import call


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([51.79, 60.0], 0.8632),
        ([51.79, 60.0, 2.0], 0.86),
        ([51.79, 60.0, 0.0], 1.0),
        ([0.0, 60.0], 0.0),
        ([66.0, 60.0], 1.1),
        ([-3.0, 60.0], -0.05),
        ([1.0, 8.0, 2.0], 0.13),  # 0.125, half up
        ([2.675, 1.0, 2.0], 2.68),  # the double below 2.675 must not round down
        ([0.1 + 0.2, 0.3], 1.0),
        (["1,234.50", "２０００"], 0.6173),
        ([5.0, 0.0], "预算数为零，不计算执行率"),
        ([0.0, 0.0], "预算数为零，不计算执行率"),
        ([None, 60.0], ""),
        ([51.79, None], ""),
        ([" ", 60.0], ""),
        ([51.79], ""),
        ([], ""),
        (["五十万", 60.0], "执行数“五十万”不是数"),
        (["5万元", 60.0], "执行数“5万元”带有单位，请只填数"),
        ([True, 60.0], "执行数应为数，不能是TRUE"),
        ([1.0, 3.0, 1.5], "位数应为0到10的整数"),
        ([1.0, 3.0, 99.0], "位数应为0到10的整数"),
        ([1.0, 3.0, 2.0, 4.0], "参数太多，应为 XB_RATE(执行数, 预算数[, 位数])"),
        ([float("inf"), 3.0], "执行数“inf”不是数"),
    ],
)
def test_a_rate(args: list[Value], expected: Value) -> None:
    assert call("XB_RATE", args) == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([409.7, 435.9], -0.0601),
        ([110.0, 100.0], 0.1),
        ([1.1, 1.0, 10.0], 0.1),  # 1.1-1 in doubles is 0.10000000000000009
        ([0.0, 100.0], -1.0),
        ([10.0, 0.0], "上年为零，不计算增减率"),
        ([0.0, 0.0], "上年为零，不计算增减率"),
        ([10.0, None], "上年没有数，不计算增减率"),
        ([10.0, ""], "上年没有数，不计算增减率"),
        ([10.0, -5.0], "上年为负数，不计算增减率"),
        ([None, 100.0], ""),
        ([None, None], ""),
    ],
)
def test_a_growth_rate(args: list[Value], expected: Value) -> None:
    assert call("XB_YOY", args) == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([381.2, 409.7], 0.9304),
        ([1.0, 3.0, 2.0], 0.33),
        ([1.0, 0.0], "合计为零，不计算占比"),
        ([None, 1.0], ""),
    ],
)
def test_a_share(args: list[Value], expected: Value) -> None:
    assert call("XB_SHARE", args) == expected


def test_a_column_against_one_total() -> None:
    column: Value = [[1.0], [None], ["无"], [3.0]]
    assert call("XB_SHARE", [column, 4.0]) == [[0.25], [""], ["部分“无”不是数"], [0.75]]


def test_a_column_against_a_column() -> None:
    assert call("XB_RATE", [[[1.0], [2.0]], [[2.0], [0.0]]]) == [[0.5], ["预算数为零，不计算执行率"]]


def test_a_row_stays_a_row() -> None:
    assert call("XB_RATE", [[[1.0, 3.0]], 4.0]) == [[0.25, 0.75]]


def test_an_area_of_one_cell_is_that_cell() -> None:
    assert call("XB_RATE", [[[1.0]], [[2.0]]]) == 0.5
    assert call("XB_RATE", [[[None]], 2.0]) == ""
    assert call("XB_RATE", [[], 2.0]) == ""


def test_beyond_the_end_of_a_shorter_column_stands_na() -> None:
    found = call("XB_RATE", [[[1.0], [2.0], [3.0]], [[2.0], [2.0]]])
    assert found == [[0.5], [1.0], ["#N/A"]]
    assert isinstance(found, list)
    assert isinstance(found[2][0], CellError)


def test_error_values_come_out_as_they_went_in() -> None:
    broken = CellError("#DIV/0!")
    found = call("XB_RATE", [broken, 60.0])
    assert found == "#DIV/0!"
    assert isinstance(found, CellError)
    assert call("XB_YOY", [[[broken], [3.0]], 2.0]) == [["#DIV/0!"], [0.5]]


def test_an_unknown_function_is_told() -> None:
    assert call("XB_NOTHING", [1.0]) == "没有函数 XB_NOTHING"
