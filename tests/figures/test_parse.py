from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.figures import Figure, Quantity, parse_date, parse_figure, parse_quantity

from .strategies import printed_figures

WIDE = {i: i + 0xFEE0 for i in range(0x21, 0x7F)}


@pytest.mark.parametrize(
    ("raw", "value", "decimals", "unit"),
    [
        ("43.9", "43.9", 1, ""),
        ("43.95", "43.95", 2, ""),
        ("10.00", "10", 2, ""),
        ("１２３．４５", "123.45", 2, ""),
        ("1,234,567.80", "1234567.8", 2, ""),
        ("１，２３４", "1234", 0, ""),
        (" 62.34\u3000万元 ", "62.34", 2, "万元"),
        ("\u00a05\u200b元", "5", 0, "元"),
        ("16.4亿元", "16.4", 1, "亿元"),
        ("¥1,234.00", "1234", 2, ""),
        ("￥5元", "5", 0, "元"),
        ("人民币 5万元", "5", 0, "万元"),
        ("-26.2", "-26.2", 1, ""),
        ("−26.2", "-26.2", 1, ""),
        ("－26.2", "-26.2", 1, ""),
        ("¥-3.5", "-3.5", 1, ""),
        ("-¥3.5", "-3.5", 1, ""),
        ("+7", "7", 0, ""),
        ("(1,234.00)", "-1234", 2, ""),
        ("（5）万元", "-5", 0, "万元"),
        (".5", "0.5", 1, ""),
        ("007", "7", 0, ""),
        ("2‰", "0.002", 3, "‰"),
        (0, "0", 0, ""),
        (51.79, "51.79", 2, ""),
        (0.1 + 0.2, "0.3", 1, ""),
        (409.69999999999999, "409.7", 1, ""),
        (1e20, "100000000000000000000", 0, ""),
        (Decimal("8.630"), "8.63", 3, ""),
        (Fraction(1, 4), "0.25", 2, ""),
    ],
)
def test_figures(raw: str | float, value: str, decimals: int, unit: str) -> None:
    assert parse_figure(raw) == Figure(Fraction(value), decimals, unit)


@pytest.mark.parametrize(
    ("raw", "value", "decimals"), [("86.32%", "0.8632", 4), ("100％", "1", 2), ("-0.5 %", "-0.005", 3)]
)
def test_percentages(raw: str, value: str, decimals: int) -> None:
    assert parse_figure(raw) == Figure(Fraction(value), decimals, percent=True)


@pytest.mark.parametrize(
    "raw",
    [
        "", "  ", "—", "无", "1,23", "12,34,567", "0,123", "1,234,56", "1 234", "1.2.3", "5-6", "6项",
        "≥90%", "1E3", "0x10", "5%元", "5 万", "①", "²", "½", "十", "٣", "(-5)", "--5", "#DIV/0!",
        "1/2", "nan", "9" * 101, ".", "-", "%", "¥", "5\n6",
    ],
)  # fmt: skip
def test_not_a_figure(raw: str) -> None:
    assert parse_figure(raw) is None


@given(printed_figures())
def test_full_width_text_reads_the_same(figure: Figure) -> None:
    assert parse_figure(str(figure).translate(WIDE)) == figure


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_counts_with_fifteen_digits(value: float) -> None:
    figure = parse_figure(value)
    assert figure is not None
    assert figure.value == Fraction(Decimal(f"{value:.15g}"))


@given(
    st.text(alphabet="0123456789.,-+%‰元万亿千()¥ ≥≤<>=不低于以上内约年月日至底项", max_size=14)
    | st.text(max_size=120)
)
def test_no_text_raises(text: str) -> None:
    parse_figure(text)
    parse_date(text, 2023)
    quantity = parse_quantity(text)
    assert quantity.figure is not None or not quantity.label


@pytest.mark.parametrize(
    ("raw", "relation", "printed", "label"),
    [
        ("≥90%", "≥", "90%", "%"),
        ("≧90％", "≥", "90%", "%"),
        ("＞＝９０％", "≥", "90%", "%"),
        (">= 90 %", "≥", "90%", "%"),
        ("≦62.34", "≤", "62.34", ""),
        ("≤62.34", "≤", "62.34", ""),
        ("<=10万元/年", "≤", "10", "万元/年"),
        ("＞5项", ">", "5", "项"),
        ("＜5项", "<", "5", "项"),
        ("＝100%", "=", "100%", "%"),
        ("不低于95%", "≥", "95%", "%"),
        ("不少于12次", "≥", "12", "次"),
        ("达到90%", "≥", "90%", "%"),
        ("不超过62.34万元", "≤", "62.34", "万元"),
        ("不高于5%", "≤", "5%", "%"),
        ("控制在5%以内", "≤", "5%", "%"),
        ("90%以上", "≥", "90%", "%"),
        ("90%（含）以上", "≥", "90%", "%"),
        ("90%以上（含）", "≥", "90%", "%"),
        ("90%及以上", "≥", "90%", "%"),
        ("90%（不含）以上", ">", "90%", "%"),
        ("60分以下（不含）", "<", "60", "分"),
        ("10人以下", "≤", "10", "人"),
        ("30日内", "≤", "30", "日"),
        ("3个月内", "≤", "3", "个月"),
        ("不低于90%以上", "≥", "90%", "%"),
        ("满意度≥90%", "≥", "90%", "%"),
        ("≥-5%", "≥", "-5%", "%"),
        ("6项", "", "6", "项"),
        ("完成6项", "", "6", "项"),
        ("已完成6项", "", "6", "项"),
        ("535", "", "535", ""),
        ("200", "", "200", ""),
        ("1,200人次", "", "1200", "人次"),
        ("１，２００人次", "", "1200", "人次"),
        ("62.34万元", "", "62.34", "万元"),
        ("2百万元", "", "2", "百万元"),
        ("100㎡", "", "100", "㎡"),
        ("500m2", "", "500", "m2"),
        ("4个（套）", "", "4", "个(套)"),
        ("5年", "", "5", "年"),
        ("100%到位", "", "100%", "%"),
        ("3‰", "", "3‰", "‰"),
        ("5个百分点", "", "5", "个百分点"),
        ("1.2万人次", "", "12000", "人次"),
        ("5万", "", "50000", ""),
    ],
)
def test_quantities(raw: str, relation: str, printed: str, label: str) -> None:
    quantity = parse_quantity(raw)
    assert quantity.figure is not None
    assert (quantity.relation, quantity.figure.plain, quantity.label) == (relation, printed, label)


@pytest.mark.parametrize(
    "raw",
    [
        "", "效果明显", "5-6项", "5～6项", "5至6项", "5到六项", "90%-95%", "2023年12月之前完成", "2023年",
        "12月底前", "30日前", "第3名", "约90%", "近90%", "5项左右", "10余名", "10多项", "十余名", "5千人",
        "3/5", "12:30", "1.2.3", "1,2345", "5²", "①5项", "10件不到", "不超过6项以上", "等于6项以上",
        "100%（50/50）", "3次，5次", "未达到90%", "6项。", "9" * 101 + "项",
    ],
)  # fmt: skip
def test_no_single_number(raw: str) -> None:
    assert parse_quantity(raw) == Quantity()


@pytest.mark.parametrize(("raw", "relation"), [("≥良好", "≥"), ("≤", "≤"), ("≥5-6项", "≥"), ("达到预期", "")])
def test_a_leading_sign_is_kept_without_a_number(raw: str, relation: str) -> None:
    assert parse_quantity(raw) == Quantity(relation)


@pytest.mark.parametrize(("raw", "value"), [(0.9, "0.9"), (6, "6"), (Decimal("62.34"), "62.34")])
def test_numbers_are_quantities(raw: float | Decimal, value: str) -> None:
    figure = parse_quantity(raw).figure
    assert figure is not None
    assert figure.value == Fraction(value)


def test_scaled_counts_keep_their_precision() -> None:
    figure = parse_quantity("1.2万人次").figure
    assert figure is not None
    assert (figure.value, figure.decimals, figure.half) == (12000, -3, 500)


@given(st.sampled_from(["≥", "≤", "=", ">", "<"]), printed_figures())
def test_a_signed_figure_is_a_quantity(sign: str, figure: Figure) -> None:
    label = "%" if figure.percent else figure.unit
    assert parse_quantity(f"{sign}{figure}") == Quantity(sign, figure, label)
    assert parse_quantity(str(figure)) == Quantity("", figure, label)
