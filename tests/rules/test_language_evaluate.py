"""Values of formulas: every function and operator by examples that follow Excel's documentation."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rules.language_samples import Names
from xlbudget.rules.language import FUNCTIONS, Call, ErrorValue, FormulaError, Value, evaluate, parse, walk

F = Fraction
DIV0, VALUE, NUM, NA, REF = map(ErrorValue, ("#DIV/0!", "#VALUE!", "#NUM!", "#N/A", "#REF!"))
SCOPE = Names(
    {"五": F(5), "空": None, "字": "成本指标", "真": True, "错": DIV0, "数字文本": "3", "空文本": ""},
    {
        "分": [F(1), F(2), None, F(4)],
        "类": ["产出", "效益", "产出", "成本"],
        "混": [F(1), "2", None, True],
        "错": [F(1), NA, F(3), F(4)],
        "重": [F(1), F(1), F(3), F(1)],
        "短": [F(1), F(2)],
        "码": ["2080501", F(2080501), "20805", ""],
    },
)

EXAMPLES: list[tuple[str, Value]] = [
    # operators
    ("1/3*3=1", True),
    ("0.1+0.2-0.3=0", True),
    ("-2^2", F(4)),
    ("2^3^2", F(64)),
    ("2^-2", F(1, 4)),
    ("4^0.5", F(2)),
    ("(-8)^(1/3)", NUM),
    ("0^0", NUM),
    ("0^-1", DIV0),
    ("10^400", NUM),
    ("5/0", DIV0),
    ("50%*五", F("2.5")),
    ("空+1", F(1)),
    ("真+1", F(2)),
    ("数字文本*2", F(6)),
    ('"90%"+0', F("0.9")),
    ('"1,200"+0', F(1200)),
    ('"12,00"+0', VALUE),
    ('"六"+0', VALUE),
    ("空文本+1", VALUE),
    ("错+1", DIV0),
    ('五&"项"', "5项"),
    ("(1/3)&空", "0.333333333333333"),
    ("真&0.50", "TRUE0.5"),
    ("+字", "成本指标"),
    ('"abc"="ABC"', True),
    ('"10">9', True),
    ("TRUE>字", True),
    ('空=""', True),
    ("空=0", True),
    ("空=FALSE", True),
    ('空文本=""', True),
    ("空文本=0", False),
    ("错=错", DIV0),
    ("1<>2", True),
    # sums and counts
    ("SUM(表[分])", F(7)),
    ("SUM(表[混])", F(1)),
    ('SUM(五,"3",TRUE,表[短])', F(12)),
    ("SUM(数字文本,字,真,空)", F(0)),
    ('SUM("字")', VALUE),
    ("SUM(表[错])", NA),
    ("SUM(INDEX(表[混],2))", F(0)),
    ("AVERAGE(表[分])", F(7, 3)),
    ("AVERAGE(表[类])", DIV0),
    ("MIN(表[分],五)", F(1)),
    ("MIN(表[类])", F(0)),
    ("MAX(表[分],五)", F(5)),
    ('COUNT(表[混],"3","x",1,TRUE,1/0)', F(4)),
    ("COUNTA(表[混],空文本,空)", F(4)),
    ("COUNTBLANK(表[混])", F(1)),
    ("COUNTBLANK(表[码])", F(1)),
    # criteria
    ('COUNTIF(表[分],">1")', F(2)),
    ('COUNTIF(表[分],"<>2")', F(3)),
    ('COUNTIF(表[类],"产出")', F(2)),
    ('COUNTIF(表[类],"*益")', F(1)),
    ('COUNTIF(表[类],"<>产?")', F(2)),
    ('COUNTIF(表[混],"")', F(1)),
    ('COUNTIF(表[码],"")', F(1)),
    ('COUNTIF(表[码],"=")', F(0)),
    ('COUNTIF(表[混],"<>")', F(3)),
    ("COUNTIF(表[混],TRUE)", F(1)),
    ('COUNTIF(表[混],"TRUE")', F(1)),
    ('COUNTIF(表[码],"2080501")', F(2)),
    ("COUNTIF(表[混],2)", F(1)),
    ('COUNTIF(表[类],">成")', F(2)),
    ('COUNTIF(五,">=5")', F(1)),
    ("COUNTIF(表[分],错)", DIV0),
    ('COUNTIFS(表[类],"产出",表[分],">0")', F(1)),
    ('COUNTIFS(表[类],"产出",表[短],1)', VALUE),
    ('SUMIF(表[类],"产出",表[分])', F(1)),
    ('SUMIF(表[分],">1")', F(6)),
    ('SUMIF(表[类],"效益",表[错])', NA),
    ('SUMIF(表[类],"成本",表[错])', F(4)),
    ('SUMIF(表[类],"成本",表[短])', VALUE),
    ('SUMIFS(表[分],表[类],"<>效益",表[分],">1")', F(4)),
    # arrays
    ("SUMPRODUCT(表[分],表[重])", F(7)),
    ("SUMPRODUCT(--(表[分]<表[重]))", F(1)),
    ('SUMPRODUCT((表[类]="产出")*表[重])', F(4)),
    ("SUMPRODUCT(表[类]*1)", VALUE),
    ("SUMPRODUCT(表[类],表[分])", F(0)),
    ("SUMPRODUCT(表[分],表[短])", VALUE),
    ("SUMPRODUCT(表[分]*表[短])", NA),
    ("SUMPRODUCT(1/COUNTIF(表[重],表[重]))", F(2)),
    ("SUMPRODUCT(--ISERROR(表[错]))", F(1)),
    ("SUMPRODUCT(ROUND(表[分]/3,1))", F("2.3")),
    ("SUMPRODUCT(-表[分])", F(-7)),
    ("SUMPRODUCT(3)", F(3)),
    # numbers
    ("ROUND(2.675,2)", F("2.68")),
    ("ROUND(-2.5,0)", F(-3)),
    ("ROUND(1250,-2)", F(1300)),
    ("ROUND(1,1000)", F(1)),
    ("ROUNDUP(2.001,2)", F("2.01")),
    ("ROUNDDOWN(-2.9,0)", F(-2)),
    ("INT(-2.1)", F(-3)),
    ("ABS(-2)", F(2)),
    ("MOD(-7,3)", F(2)),
    ("MOD(7,-3)", F(-2)),
    ("MOD(1,0)", DIV0),
    # conditions
    ("IF(五>1,1/0,2)", DIV0),
    ("IF(五>9,1/0,2)", F(2)),
    ("IF(FALSE,1)", False),
    ("IF(空,1,2)", F(2)),
    ('IF("TRUE",1,2)', F(1)),
    ("IF(字,1,2)", VALUE),
    ("IFERROR(1/0,9)", F(9)),
    ("IFERROR(错,9)", F(9)),
    ("IFERROR(五,1/0)", F(5)),
    ("AND(TRUE,1,五>2)", True),
    ("AND(TRUE,FALSE)", False),
    ("AND(TRUE,1/0)", DIV0),
    ("AND(字)", VALUE),
    ("AND(字,TRUE)", True),
    ("OR(空,FALSE,0)", False),
    ("OR(FALSE,五)", True),
    ("NOT(空)", True),
    # questions and conversions
    ("ISNUMBER(五)", True),
    ("ISNUMBER(数字文本)", False),
    ("ISNUMBER(真)", False),
    ("ISNUMBER(1/0)", False),
    ("ISTEXT(空文本)", True),
    ("ISTEXT(空)", False),
    ("ISBLANK(空)", True),
    ("ISBLANK(空文本)", False),
    ("ISERROR(错)", True),
    ("ISERROR(五)", False),
    ("N(字)", F(0)),
    ("N(空文本)", F(0)),
    ("N(真)", F(1)),
    ("N(错)", DIV0),
    ("T(字)", "成本指标"),
    ("T(五)", ""),
    ('VALUE(" 12.50 ")', F("12.5")),
    ('VALUE("1E3")', F(1000)),
    ('VALUE("6项")', VALUE),
    ("VALUE(TRUE)", VALUE),
    # lookup
    ("INDEX(表[类],2)", "效益"),
    ("INDEX(表[分],3)", None),
    ("INDEX(表[分],5)", REF),
    ("INDEX(表[分],0)", VALUE),
    ('MATCH("效益",表[类],0)', F(2)),
    ('MATCH("成*",表[类],0)', F(4)),
    ("MATCH(4,表[分],0)", F(4)),
    ("MATCH(TRUE,表[混],0)", F(4)),
    ("MATCH(9,表[分],0)", NA),
    # texts
    ("LEFT(字)", "成"),
    ("LEFT(字,2)", "成本"),
    ("LEFT(字,-1)", VALUE),
    ("RIGHT(字,2)", "指标"),
    ("RIGHT(字,0)", ""),
    ("RIGHT(字,99)", "成本指标"),
    ("MID(字,2,2)", "本指"),
    ("MID(字,9,2)", ""),
    ("MID(字,0,2)", VALUE),
    ("LEN(字)", F(4)),
    ("LEN(空)", F(0)),
    ('TRIM("  a   b ")', "a b"),
    ('SUBSTITUTE("aaa","a","b")', "bbb"),
    ('SUBSTITUTE("aaa","a","b",2)', "aba"),
    ('SUBSTITUTE("aaa","a","b",4)', "aaa"),
    ('SUBSTITUTE("aaa","","b")', "aaa"),
    ('FIND("指",字)', F(3)),
    ('FIND("A","abcA")', F(4)),
    ('FIND("x",字)', VALUE),
    ('FIND("","abc")', F(1)),
    ('SEARCH("B","abc")', F(2)),
    ('SEARCH("a?c","xabc")', F(2)),
    ('SEARCH("~?","ab?")', F(3)),
    ('SEARCH("b","abcb",3)', F(4)),
    ('SEARCH("x","abc")', VALUE),
    ('EXACT("a","A")', False),
    ('EXACT("a","a")', True),
    ('CONCATENATE("a",1,空)', "a1"),
    ('UPPER("aB项")', "AB项"),
    # our own
    ('NUMVAL("≥90%")', F("0.9")),
    ('NUMVAL("6项")', F(6)),
    ('NUMVAL("5-6项")', ""),
    ("NUMVAL(空)", ""),
    ("NUMVAL(五)", F(5)),
    ("NUMVAL(错)", DIV0),
    ('RELSIGN("不低于90%")', "≥"),
    ('RELSIGN("≤62.34")', "≤"),
    ("RELSIGN(五)", ""),
    ('DATEVAL("2023年12月之前完成")', F(45291)),
    ('DATEVAL("尽快")', ""),
    ("DATEVAL(45291)", F(45291)),
    ('ISIN(字,"无","成本指标")', True),
    ("ISIN(五,4,6)", False),
    ("ISIN(错,1)", DIV0),
    ('HASANY(字,"质量","成本")', True),
    ('HASANY("abc","B")', True),
    ("HASANY(错,1)", False),
    ('科目名("2080505",2022)', "机关事业单位基本养老保险缴费支出"),
    ("科目名(20805,2019)", "行政事业单位离退休"),
    ("科目名(20805,空)", "行政事业单位养老支出"),
    ('科目名("2999999",2022)', ""),
    ('科目名("208",1999)', NA),
]


@pytest.mark.parametrize(("formula", "expected"), EXAMPLES)
def test_examples(formula: str, expected: Value) -> None:
    result = evaluate(parse(formula), SCOPE)
    assert result == expected
    assert type(result) is type(expected)


def test_every_function_has_an_example() -> None:
    used = {part.fn for formula, _ in EXAMPLES for part in walk(parse(formula)) if isinstance(part, Call)}
    assert used == set(FUNCTIONS)


def test_every_function_says_in_chinese_what_it_does() -> None:
    assert all(f.says and not f.says.isascii() for f in FUNCTIONS.values())


def test_a_lone_column_is_no_value() -> None:
    with pytest.raises(FormulaError, match="整列不是一个值"):
        evaluate(parse("表[分]"), SCOPE)


def test_only_the_branch_taken_is_evaluated() -> None:
    assert evaluate(parse("IF(五>1,五,不存在)"), SCOPE) == F(5)
    with pytest.raises(KeyError):
        evaluate(parse("IF(五<1,五,不存在)"), SCOPE)


@pytest.mark.parametrize(
    "formula",
    [
        "9^9^9^9",
        "1.000001^1000000000000",
        "(1e-300*1e-300)^-9",
        "SUBSTITUTE(" * 20 + '"aaaaaaaaaa"' + ',"a","aaaaaaaaaa")' * 20,
        "长文&长文",
        "CONCATENATE(长文,长文)",
        'SUBSTITUTE(长文,"长",长文,3)',
    ],
)
def test_monstrous_results_are_errors(formula: str) -> None:
    scope = Names({"长文": "长" * 30_000})
    assert isinstance(evaluate(parse(formula), scope), ErrorValue)


def test_a_pattern_full_of_stars_takes_no_time() -> None:
    scope = Names({"x": "a" * 2000})
    assert evaluate(parse(f'COUNTIF(x,"{"*a" * 60}b")'), scope) == 0
    assert evaluate(parse(f'COUNTIF(x,"{"a*" * 60}")'), scope) == 1
