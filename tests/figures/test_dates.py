from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.figures import DateSpan, Timing, parse_date

ON, BEFORE = Timing.ON, Timing.BEFORE


@pytest.mark.parametrize(
    ("text", "first", "last", "relation"),
    [
        ("2023年12月之前完成", "2023-12-01", "2023-12-31", BEFORE),
        ("2023年12月31日前", "2023-12-31", "2023-12-31", BEFORE),
        ("截至2023年6月", "2023-06-01", "2023-06-30", BEFORE),
        ("不晚于2023年2月", "2023-02-01", "2023-02-28", BEFORE),
        ("≤2024年2月", "2024-02-01", "2024-02-29", BEFORE),
        ("2023年底前", "2023-12-31", "2023-12-31", BEFORE),
        ("2023年年内", "2023-01-01", "2023-12-31", ON),
        ("2023年12月20日", "2023-12-20", "2023-12-20", ON),
        ("2023 年 12 月 20 日", "2023-12-20", "2023-12-20", ON),
        ("２０２３年１２月", "2023-12-01", "2023-12-31", ON),
        ("于2023年12月完成", "2023-12-01", "2023-12-31", ON),
        ("2023-12-20", "2023-12-20", "2023-12-20", ON),
        ("2023-12-20 00:00:00", "2023-12-20", "2023-12-20", ON),
        ("2023/1/5", "2023-01-05", "2023-01-05", ON),
        ("2023.12", "2023-12-01", "2023-12-31", ON),
        ("20231220", "2023-12-20", "2023-12-20", ON),
        ("2023年度", "2023-01-01", "2023-12-31", ON),
        ("2023年年底", "2023-12-31", "2023-12-31", ON),
        ("2023年12月底", "2023-12-31", "2023-12-31", ON),
        ("2023年11月上旬", "2023-11-01", "2023-11-10", ON),
        ("2023年11月中旬", "2023-11-11", "2023-11-20", ON),
        ("2023年2月下旬", "2023-02-21", "2023-02-28", ON),
        ("2023年上半年", "2023-01-01", "2023-06-30", ON),
        ("2023年下半年", "2023-07-01", "2023-12-31", ON),
        ("2023年第一季度", "2023-01-01", "2023-03-31", ON),
        ("2023年4季度", "2023-10-01", "2023-12-31", ON),
        ("2023年1-12月", "2023-01-01", "2023-12-31", ON),
        ("2023年1月至12月", "2023-01-01", "2023-12-31", ON),
        ("2023年1月1日—2023年12月31日", "2023-01-01", "2023-12-31", ON),
        ("2023年12月1-20日", "2023-12-01", "2023-12-20", ON),
        ("2023-2024年", "2023-01-01", "2024-12-31", ON),
        ("2023.1-2023.6", "2023-01-01", "2023-06-30", ON),
    ],
)
def test_dates(text: str, first: str, last: str, relation: Timing) -> None:
    assert parse_date(text) == DateSpan(date.fromisoformat(first), date.fromisoformat(last), relation)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12月底", "2023-12-31", "2023-12-31"), ("年底", "2023-12-31", "2023-12-31"),
        ("上半年", "2023-01-01", "2023-06-30"), ("第3季度", "2023-07-01", "2023-09-30"),
        ("6月1日", "2023-06-01", "2023-06-01"), ("3-5月", "2023-03-01", "2023-05-31"),
    ],
)  # fmt: skip
def test_without_a_year_the_given_one_counts(text: str, first: str, last: str) -> None:
    assert parse_date(text) is None
    assert parse_date(text, 2023) == DateSpan(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "", "按时", "6", "2023", "30日内", "20日前", "2年内", "3个月", "2023年13月", "2023年2月30日",
        "2023年12月31日以后", "2023年12月起", "约2023年12月", "2023年12月未完成", "不早于2023年12月",
        "2023年12月完成6项", "2023年6月-2023年5月", "0000年1月", "6项", "≥90%", "20231345", "2023-1-1x2",
        "2023年" + "很" * 99,
    ],
)  # fmt: skip
def test_no_single_date(text: str) -> None:
    assert parse_date(text, 2023) is None


@given(
    st.dates(date(1900, 3, 1)),
    st.sampled_from(["%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"]),
)
def test_every_day_reads_back(day: date, form: str) -> None:
    assert parse_date(day.strftime(form)) == DateSpan(day, day)


@given(st.dates(date(1900, 3, 1)), st.integers(0, 400))
def test_every_range_reads_back(day: date, more: int) -> None:
    last = date.fromordinal(min(day.toordinal() + more, date.max.toordinal()))
    text = f"{day:%Y}年{day.month}月{day.day}日至{last:%Y}年{last.month}月{last.day}日"
    assert parse_date(text) == DateSpan(day, last)


def test_dates_of_python() -> None:
    assert (
        parse_date(date(2023, 12, 20))
        == parse_date(datetime(2023, 12, 20, 8, 30))
        == parse_date("2023-12-20")
    )


def test_excel_serial() -> None:
    assert DateSpan(date(2023, 12, 1), date(2023, 12, 31)).serial == 45291
    assert DateSpan(date(1900, 3, 1), date(1900, 3, 1)).serial == 61
