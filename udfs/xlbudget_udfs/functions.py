"""The worksheet functions: one table, from which come the call, the VBA wrappers and the documentation."""

from __future__ import annotations

from xlbudget.excel.wire import Value

from . import amounts, auditing, scoring, subjects
from .registry import Argument, Function
from .values import Sentence, first_error, spread

_RATIO = "计算"
_SCORE = "评分"
_AUDIT = "审核"
_WORDS = "科目和金额"

_DIGITS = Argument("digits", "位数", "比率保留几位小数，四舍五入；不填为4，如 0.8632。", optional=True)
_PACK = Argument("pack", "规则包", "规则包的编号，如 S3-HN；不填为 S3-CN。", optional=True)

_ALL = (
    Function(
        "XB_RATE",
        "执行率",
        _RATIO,
        "执行数除以预算数。预算数为零时没有执行率，给出说明文字；两数缺一个时为空。可以整列计算。",
        (
            Argument("done", "执行数", "执行数，一个数或一列数。"),
            Argument("planned", "预算数", "预算数，一个数或一列数；与执行数单位相同。"),
            _DIGITS,
        ),
        amounts.rate,
        (("=XB_RATE(51.79,60)", "0.8632"), ("=XB_RATE(5,0)", "预算数为零，不计算执行率")),
    ),
    Function(
        "XB_YOY",
        "增减率",
        _RATIO,
        "本年数比上年数增减的比率，减少为负。上年为零、为负或没有数时不计算，给出说明文字。可以整列计算。",
        (
            Argument("current", "本年", "本年数，一个数或一列数。"),
            Argument("previous", "上年", "上年数，一个数或一列数；与本年数单位相同。"),
            _DIGITS,
        ),
        amounts.growth,
        (("=XB_YOY(409.7,435.9)", "-0.0601"), ("=XB_YOY(10,0)", "上年为零，不计算增减率")),
    ),
    Function(
        "XB_SHARE",
        "占比",
        _RATIO,
        "部分占合计的比率。合计为零时不计算，给出说明文字。可以整列计算。",
        (
            Argument("part", "部分", "部分数，一个数或一列数。"),
            Argument("whole", "合计", "合计数，一个数或一列数；与部分数单位相同。"),
            _DIGITS,
        ),
        amounts.part_of,
        (("=XB_SHARE(381.2,409.7)", "0.9304"), ("=XB_SHARE(1,3,2)", "0.33")),
    ),
    Function(
        "XB_SCORE",
        "应得分",
        _SCORE,
        "按规则包的评分规则算出应得分。目标和实际可以是数，也可以照表上写：≥90%、6项、不超过62.34万元。"
        "定性指标没有公式，给出说明文字。可以整列计算。",
        (
            Argument("pack", "规则包", "规则包的编号，如 S3-HN；空白为 S3-CN。"),
            Argument(
                "rule",
                "指标或评分规则",
                "“预算执行率”；指标的类别，如 数量指标，或统写作 定量指标（按目标的≥、≤决定正向还是反向）；"
                "或评分规则的名称，如 正向比例。",
            ),
            Argument("weight", "分值", "这一项的分值。"),
            Argument("target", "目标或预算", "年度指标值；预算执行率填全年预算数。"),
            Argument("actual", "实际", "实际完成值；预算执行率填全年执行数。"),
            Argument("sign", "目标方向", "目标里没有写明时填 ≥、≤ 或 =；不填为不低于目标。", optional=True),
        ),
        scoring.score,
        (
            ('=XB_SCORE("S3-CN","预算执行率",10,60,51.79)', "8.63"),
            ('=XB_SCORE("S3-CN","数量指标",15,"8项","6项")', "11.25"),
            ('=XB_SCORE("S3-CN","成本指标",10,"≤50元","62.5元")', "8"),
            ('=XB_SCORE("S3-CN","社会效益指标",10,"效果明显","效果明显")', "定性指标，按完成情况评分"),
        ),
    ),
    Function(
        "XB_GRADE",
        "等级",
        _SCORE,
        "总分所在的等级：优、良、中、差，界线按规则包。可以整列计算。",
        (Argument("total", "总分", "总分，一个数或一列数。"), _PACK),
        scoring.grade,
        (("=XB_GRADE(98.63)", "优"), ('=XB_GRADE(79.99,"S3-HN")', "中")),
    ),
    Function(
        "XB_CHECK",
        "按规则审核",
        _AUDIT,
        "用给出的数执行一条审核规则：符合为 TRUE，不符为审核结论，缺数或不适用为“跳过：原因”。",
        (
            Argument("rule", "规则编号", "如 S3-01-1，见“审核规则”表。"),
            Argument("pack", "规则包", "规则包的编号，如 S3-HN；空白为 S3-CN。"),
        ),
        auditing.check,
        (
            ('=XB_CHECK("S3-03-1","S3-CN","资金分值",10)', "TRUE"),
            (
                '=XB_CHECK("S3-03-1","S3-CN","资金分值",11)',
                "预算执行率的分值填报11，规定为10。",
            ),
            ('=XB_CHECK("S3-03-1","S3-CN","资金分值","")', "跳过：缺少：资金分值"),
        ),
        whole=True,
        pairs=True,
    ),
    Function(
        "XB_EXPLAIN",
        "规则说明",
        _AUDIT,
        "一条审核规则的名称、公式、原因、处理办法和依据。",
        (Argument("rule", "规则编号", "如 S3-01-1。"), _PACK),
        auditing.explain,
        (
            (
                '=XB_EXPLAIN("S3-03-1")',
                "S3-03-1 预算执行率的分值（错误）\n公式：资金分值 = 权重_预算执行\n"
                "为什么：各部分分值由办法统一规定。\n怎么办：按规定的分值填写。\n"
                "依据：财预〔2020〕10号：预算执行率10%（条款号待核）；各省表样另有规定的从其规定",
            ),
        ),
    ),
    Function(
        "XB_SUBJECT",
        "科目名称",
        _WORDS,
        "支出功能分类或部门预算支出经济分类科目的名称。编码可以是数，也可以是带空格或全角的文字。可以整列查。",
        (
            Argument("code", "科目编码", "三、五或七位编码，如 2080505。"),
            Argument("fiscal", "年度", "哪一年的科目，从2018年起；不填为2024年。", optional=True),
        ),
        subjects.subject,
        (
            ("=XB_SUBJECT(2080505)", "机关事业单位基本养老保险缴费支出"),
            ('=XB_SUBJECT("208 05",2019)', "行政事业单位离退休"),
            ('=XB_SUBJECT("2999999",2022)', "没有收录科目 2999999（2022 年）"),
        ),
    ),
    Function(
        "XB_RMB",
        "人民币大写",
        _WORDS,
        "金额（元）的中文大写，按票据的写法：到元为止写“整”，有角分的不写；四舍五入到分，负数前写“负”。可以整列转换。",
        (Argument("amount", "金额", "以元为单位的金额，一个数或一列数。"),),
        amounts.rmb,
        (("=XB_RMB(1409.5)", "壹仟肆佰零玖元伍角"), ("=XB_RMB(16409.02)", "壹万陆仟肆佰零玖元零贰分")),
    ),
)

FUNCTIONS: dict[str, Function] = {f.name: f for f in _ALL}


def call(name: str, args: list[Value]) -> Value:
    """What a worksheet function gives. Never raises: whatever is wrong becomes a Chinese sentence.

    Numbers go in and come out as floats, error values of cells come out as they went in. A missing argument
    is None, and may be left out at the end.
    """
    function = FUNCTIONS.get(name.upper())
    if function is None:
        return f"没有函数 {name}"
    try:
        return _run(function, args)
    except Sentence as said:
        return str(said)
    except (ArithmeticError, LookupError, OSError, RecursionError, TypeError, ValueError) as e:
        return f"{function.name} 没有算出来：{e}"


def _run(function: Function, args: list[Value]) -> Value:
    given = list(args)
    while len(given) > len(function.arguments) and given[-1] is None and not function.pairs:
        given.pop()
    if len(given) > len(function.arguments) and not function.pairs:
        raise Sentence(f"参数太多，应为 {function.signature}")
    given += [None] * (len(function.arguments) - len(given))
    areas = [_single(arg) for arg in given]
    if not function.whole:
        return spread(function.run, areas)
    error = first_error(areas)
    return error if error is not None else function.run(*areas)


def _single(arg: Value) -> Value:
    """An area of one cell is its cell, an area without any is nothing."""
    if not isinstance(arg, list):
        return arg
    cells = [cell for row in arg for cell in row]
    if len(cells) > 1:
        return arg
    return cells[0] if cells else None
