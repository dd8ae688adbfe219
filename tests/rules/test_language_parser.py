"""The text of formulas: precedence, canonical form, and what is refused with which words where."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rules.language_samples import Maker
from xlbudget.rules.language import (
    Binary,
    Boolean,
    Call,
    Column,
    FormulaError,
    Name,
    Number,
    Text,
    Unary,
    check,
    parse,
    parse_tree,
    unparse,
)


def n(x: int | str) -> Number:
    return Number(Fraction(x))


def test_each_kind_of_node() -> None:
    assert parse('=IF(得分>=5%,"是""吗""",FALSE)') == Call(
        "IF", (Binary(">=", Name("得分"), Unary("%", n(5))), Text('是"吗"'), Boolean(False))
    )
    assert parse("sum(指标[得分], 1.50)") == Call("SUM", (Column("指标", "得分"), n("3/2")))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1+2*3", Binary("+", n(1), Binary("*", n(2), n(3)))),
        ("1-2-3", Binary("-", Binary("-", n(1), n(2)), n(3))),
        ("2^3^2", Binary("^", Binary("^", n(2), n(3)), n(2))),
        ("-2^2", Binary("^", Unary("-", n(2)), n(2))),
        ("2^-1", Binary("^", n(2), Unary("-", n(1)))),
        ("-5%", Unary("-", Unary("%", n(5)))),
        ("a&b=c", Binary("=", Binary("&", Name("a"), Name("b")), Name("c"))),
        ("1<2=TRUE", Binary("=", Binary("<", n(1), n(2)), Boolean(True))),
    ],
)
def test_precedence(text: str, tree: Binary) -> None:
    assert parse(text) == tree
    assert unparse(tree) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("= 1 + (2 * 3)", "1+2*3"),
        ("(1+2)*3", "(1+2)*3"),
        ("1-(2-3)", "1-(2-3)"),
        ("((a))", "a"),
        ("-(2^2)", "-(2^2)"),
        ("(-x)%", "(-x)%"),
        ("--x", "--x"),
        ("1.50e2", "150"),
        (".5", "0.5"),
        ("IF（甲＞1，“", ""),
        ("if（甲＞1，2，3）", "IF(甲>1,2,3)"),
        ('"a""b"', '"a""b"'),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    if not canonical:
        with pytest.raises(FormulaError, match="双引号"):
            parse(text)
    else:
        assert unparse(parse(text)) == canonical


def test_unparse_then_parse_is_identity() -> None:
    maker = Maker(1)
    for text in [*maker.each(), *(maker.formula() for _ in range(500))]:
        tree = parse(text)
        assert parse(unparse(tree)) == tree
        assert unparse(parse(unparse(tree))) == unparse(tree)


def test_positions_take_no_part_in_comparison() -> None:
    assert parse("  甲") == parse("甲")
    assert hash(parse("SUM( 甲)")) == hash(parse("SUM(甲)"))


@pytest.mark.parametrize(
    ("text", "words", "position"),
    [
        ("", "公式是空的", 1),
        ("=", "公式是空的", 2),
        ("1+", "公式不完整", 3),
        ("SUM(1", "这里应是“,”或“)”", 6),
        ("(1", "这里应是“)”", 3),
        ("1 2", "多出“2”", 3),
        ("*2", "这里不能是“*”", 1),
        ("甲+没有(1)", "没有函数 没有", 3),
        ("IF(1)", "IF 至少要2个参数", 1),
        ("ABS(1,2)", "ABS 至多1个参数", 1),
        ("SUM(1,,2)", "参数不能空着", 7),
        ("SUMIFS(表[a],表[b])", "SUMIFS 至少要3个参数", 1),
        ("COUNTIFS(表[a],1,表[b])", "成对", 1),
        ("MATCH(1,表[a],1)", "只支持精确查找", 1),
        ("MATCH(1,表[a])", "MATCH 至少要3个参数", 1),
        ("1+表[a]", "表[a]：整列不能当一个值用", 3),
        ("SUM(表[a]*2)", "整列不能当一个值用", 5),
        ("IF(TRUE,表[a],1)", "整列不能当一个值用", 9),
        ("COUNTIF(甲+1,2)", "只能是一列或一个名称", 0),
        ('"没有完', "文本缺少右引号", 1),
        ("A1:B2", "不支持单元格区域", 3),
        ("{1,2}", "不支持数组常量", 1),
        ("表!a", "工作表名", 2),
        ("a≥b", "大于等于请写成 >=", 2),
        ("SUM(1；2)", "参数之间请用逗号", 6),
        ("2023年", "名称以数字开头", 1),
        ("1.2.3", "数字写错", 1),
        ("1234567890123456", "15位有效数字", 1),
        ("1e999", "数字过大", 1),
        ("表[1]", "方括号里应是列名", 3),
    ],
)
def test_refused(text: str, words: str, position: int) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert words in caught.value.message
    assert caught.value.position == position


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "-" * 5000 + "1",
        "1" + "%" * 500,
        "+".join(["1"] * 3000),
        "IF(1," * 1000 + "1" + ",2)" * 1000,
        "1" * 9000,
        f'"{"x" * 300}"',
        f"SUM({','.join(['1'] * 300)})",
    ],
)
def test_monstrous_formulas_get_a_sentence(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


def test_columns_may_stand_where_excel_takes_ranges() -> None:
    for text in (
        "SUM(表[a],1)",
        "COUNTIF(表[a],甲)",
        "INDEX(表[a],MATCH(甲,表[b],0))",
        "SUMPRODUCT(--(表[a]<表[b]))",
        "SUMPRODUCT(1/COUNTIF(表[a],表[a]))",
        "表[a]",
    ):
        parse(text)


def test_macros_pass_parse_tree_but_not_check() -> None:
    tree = parse_tree("正向比例(甲,乙)")
    assert tree == Call("正向比例", (Name("甲"), Name("乙")))
    with pytest.raises(FormulaError, match="没有函数 正向比例"):
        check(tree)
