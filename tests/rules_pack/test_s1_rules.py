"""The rules over the nine tables of final accounts: silent where the tables agree, loud on any change.

The examples of the rules run in test_examples; here a whole department is audited.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import cycle

import pytest

from xlbudget.figures import Figure, shown
from xlbudget.packs import Pack, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.language import NotNative
from xlbudget.rules.live import live_condition
from xlbudget.rules.model import HARMLESS, OutcomeKind, Severity
from xlbudget.rules.record import Record

from .s1_made import (
    FIELDS,
    NO_CAPITAL,
    NO_FUND,
    ROWS,
    Cell,
    Cells,
    Rows,
    Told,
    audited,
    cells,
    changed,
    computed,
    derives,
    telling,
    unit,
    without,
    wrong,
)

PACKS = ("S1-CN", "S1-HN", "S1-HN21", "S1-SH")
WITH_INCOME: Rows = {**ROWS, "国资明细": {"2210203": {"本年收入": "20", "项目支出": "20"}}}
LATER = {"X14", "X15", "X19", "X20"}  # need the narrative, last year's tables or the self-evaluation


@cache
def pack() -> Pack:
    return load_pack("S1-CN")


@cache
def sound() -> Record:
    return unit(pack())


def told(record: Record) -> list[Told]:
    return telling(audited(pack(), record))


def heard(record: Record) -> bool:
    """Whether something is found that a person must look at."""
    return any(not f.tail and f.severity is not Severity.NOTICE for f in audited(pack(), record).findings)


@pytest.mark.parametrize("pack_id", PACKS)
def test_tables_that_agree_have_no_finding(pack_id: str) -> None:
    used = load_pack(pack_id)
    result = audited(used, unit(used, rows=WITH_INCOME if pack_id == "S1-SH" else ROWS))
    assert [(f.rule, f.message) for f in result.findings] == []
    assert result.broken == []
    skipped = {o.reason for o in result.outcomes if o.kind is OutcomeKind.SKIPPED}
    assert skipped <= HARMLESS
    assert sum(o.kind is OutcomeKind.PASSED for o in result.outcomes) > 500


def plain(texts: Cells) -> Record:
    """A department with nothing but general budget money."""
    kinds = ("_政府性基金预算财政拨款收入", "_国有资本经营预算财政拨款收入", "_基金", "_国资")
    fields = {name: text for name, text in FIELDS.items() if not name.endswith(kinds)}
    fields = without(fields, "总表_支出212", "总表_支出221")
    fields |= {"总表_年初结转和结余": "13", "总表_年末结转和结余": "42"}
    gone = ("2120199", "2210203")
    rows = {
        name: {code: row for code, row in leaves.items() if code not in gone} for name, leaves in ROWS.items()
    }
    return unit(pack(), fields | texts, rows)


def test_an_empty_table_says_so() -> None:
    assert told(plain({"基金表_说明": NO_FUND, "国资表_说明": NO_CAPITAL})) == []
    assert [(f.rule, f.severity) for f in audited(pack(), plain({"国资表_说明": NO_CAPITAL})).findings] == [
        ("X16-9", Severity.QUERY)
    ]


def test_a_missing_table_is_one_finding_not_many() -> None:
    record = unit(pack(), rows={**ROWS, "收入明细": {}})
    assert [f.rule for f in audited(pack(), record).findings] == ["X16-2"]


def test_a_table_that_the_record_lacks_is_a_reason_to_skip() -> None:
    record = unit(pack())
    record.forms = [f for f in record.forms if f.form != "收入表"]
    result = audited(pack(), record)
    assert result.findings == []
    assert result.broken == []
    reasons = {o.rule: o.reason for o in result.outcomes if o.kind is OutcomeKind.SKIPPED}
    assert reasons["X01"] == "没有《收入决算表》"


CHANGES: dict[str, tuple[Cell, str, list[Told]]] = {
    "an amount of the summary": (
        Cell("总表", "", 0, "总表_其他收入"),
        "60",
        [
            ("T01-1", "公开01表!D34", "1116.00", "1106.00", "-10.00"),
            ("T01-3", "公开01表!D37", "1138.00", "1128.00", "-10.00"),
            ("T01-5", "公开01表!D37", "1128.00", "1138.00", "10.00"),
            ("X01", "公开01表!D34", "1106.00", "1116.00", "10.00"),
            ("X03-5", "公开01表!D15", "50.00", "60.00", "10.00"),
        ],
    ),
    "a function of the fiscal summary": (
        Cell("财拨总表", "", 0, "财拨_支出208_合计"),
        "88",
        [("T04-2-208", "公开04表!G15", "80.80", "88.00", "7.20")],
    ),
    "a 款 above its 项": (
        Cell("一般支出表", "一般支出明细", 5, "基本支出"),
        "88",
        [("T05-2-2", "公开05表!D14", "80.80", "88.00", "7.20")],
    ),
    "an item of the basic expenditure": (
        Cell("基本支出表", "", 0, "基本_30217"),
        "6",
        [
            ("T06-1-302", "公开06表!F7", "111.00", "110.00", "-1.00"),
            ("T06-2-2", "公开06表!I42", "121.00", "120.00", "-1.00"),
            ("X08", "公开06表!C42", "721.00", "722.00", "1.00"),
            ("X12-2", "公开06表!F23", "≤5.50", "6.00", "0.50"),
        ],
    ),
    "a code": (
        Cell("支出表", "支出明细", 8, "科目编码"),
        "2080506",
        [
            ("X09-4", "公开05表!D15", "≤0.00", "20.50", "20.50"),
            ("X17-4-T03", "公开03表!B17", "机关事业单位职业年金缴费支出", "行政单位离退休", ""),
        ],
    ),
    "a year": (
        Cell("国资表", "", 0, "国资表_年度"),
        "2021",
        [("T00-1-Tsc", "公开08表!A2", "2022", "2021", "-1")],
    ),
    "a hidden digit": (Cell("总表", "", 0, "总表_其他收入"), "50.01", []),
}


@pytest.mark.parametrize(("cell", "text", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_told_where_it_shows(cell: Cell, text: str, expected: list[Told]) -> None:
    assert told(changed(pack(), sound(), cell, text)) == expected


def test_a_hidden_digit_is_one_notice_of_tails() -> None:
    cell, text, _ = CHANGES["a hidden digit"]
    findings = audited(pack(), changed(pack(), sound(), cell, text)).findings
    assert {f.severity for f in findings} == {Severity.NOTICE}
    assert len({f.cause for f in findings}) == 1


def test_any_filled_cell_typed_wrong_is_found() -> None:
    """Each filled cell of printed tables with one of its wrong contents, in turn; none is missed."""
    turn = cycle(range(4))
    missed: list[str] = []
    tried = 0
    for cell, found in cells(sound()):
        if found.blank:
            continue
        texts = wrong(pack(), cell, found)
        text = texts[next(turn) % len(texts)]
        tried += 1
        if not heard(changed(pack(), sound(), cell, text)):
            missed.append(f"{cell}: {text}")
    assert tried > 350
    assert missed == []


def test_a_wrong_input_of_a_living_workbook_is_found() -> None:
    """The totals follow the input, so only another table that repeats the figure can tell."""
    missed: set[str] = set()
    tried = 0
    for cell, found in cells(sound()):
        figure = found.value
        if not isinstance(figure, Figure) or derives(pack(), sound(), cell) or figure.value > 2000:
            continue
        tried += 1
        text = shown(figure.value + 1, 2)
        if not heard(computed(pack(), changed(pack(), sound(), cell, text))):
            missed.add(cell.name)
    assert tried > 80
    budget = {f"三公_预算_{kind}" for kind in ("出国", "购置", "运行", "接待")}
    assert missed == budget | {"三公_决算_运行"}  # still within the budget and above what 公开06 shows


def test_the_identities_are_all_there() -> None:
    ids = [r.id for r in pack().rules]
    assert len(ids) == len(set(ids))
    told_of = {m[0] for i in ids if (m := re.match(r"[TX]\d\d|T\w\w", i))}
    wanted = {f"T0{n}" for n in range(1, 7)} | {"Tgf", "Tsc", "Tsg"} | {f"X{n:02}" for n in range(1, 21)}
    assert wanted - told_of == LATER


def test_what_one_table_tells_lights_up_without_python() -> None:
    program = pack_program(pack())
    silent: set[str] = set()
    for rule in pack().rules:
        try:
            live_condition(program, rule)
        except NotNative:
            silent.add(rule.id.partition("-")[0])
    assert silent & {f"T0{n}" for n in range(1, 7)} == set()
    assert {"X01", "X04", "X08"} <= silent
