"""Seed A, as far as its text tells what stands in the nine tables: which of its errors the tables show."""

from __future__ import annotations

from xlbudget.packs import load_pack
from xlbudget.rules.model import OutcomeKind, Severity
from xlbudget.rules.record import Record

from .s1_made import NO_CAPITAL, NO_FUND, Cell, audited, changed, pairs, telling, unit

ITEMS = pairs("""
2010301=185.11 2010302=46.20 2010308=73.05 2010399=32.26 2011308=4 2013299=2.40 2019999=28.50
2080501=0.41 2080599=12.13 2080505=17.10 2101101=8.55
""")
ITEM_NAMES = {
    "2010308": "信访事务",
    "20113": "商贸事务",
    "2011308": "招商引资",
    "20132": "组织事务",
    "2013299": "其他组织事务支出",
    "20199": "其他一般公共服务支出",
    "2019999": "其他一般公共服务支出",
    "2080599": "其他行政事业单位养老支出",
}
SEED_A = pairs("""
总表_一般公共预算财政拨款收入=381.20 总表_其他收入=28.50
总表_支出201=371.52 总表_支出208=29.63 总表_支出210=8.55
财拨_一般公共预算财政拨款收入=381.20 财拨_支出201_一般=371.52 财拨_支出208_一般=29.63 财拨_支出210_一般=8.55
三公_预算_接待=8.15 三公_预算_运行=35.80 三公_决算_接待=8.15 三公_决算_运行=35.80
""") | {"基金表_说明": NO_FUND, "国资表_说明": NO_CAPITAL}


def seed_a() -> Record:
    """What a published department's text says of its tables; of the income table it tells the total only."""
    hunan = load_pack("S1-HN")
    spent = {code: {"基本支出": amount} for code, amount in ITEMS.items()}
    record = unit(hunan, SEED_A, {"支出明细": spent, "一般支出明细": spent}, ITEM_NAMES)
    for name, amount in (("基本_人员经费合计", "241.55"), ("基本_公用经费合计", "168.15")):
        record = changed(hunan, record, Cell("基本支出表", "", 0, name), amount)
    record.forms = [f for f in record.forms if f.form != "收入表"]
    return record


def test_seed_a() -> None:
    """Spending of other income reported as fiscal spending: five findings with one difference, one cause."""
    result = audited(load_pack("S1-HN"), seed_a())
    assert telling(result) == [
        ("T04-6", "公开04表!G39", "381.20", "409.70", "28.50"),
        ("T04-7-1", "公开04表!H39", "381.20", "409.70", "28.50"),
        ("X13-1", "公开04表!H34", "≤381.20", "409.70", "28.50"),
        ("X13-4", "公开06表!I42", "≤381.20", "409.70", "28.50"),
        ("X09-3", "公开01表!G36", "28.50", "0.00", "-28.50"),
        ("X18-2", "公开03表!D12", "0.00", "46.20", "46.20"),
    ]
    errors = [f for f in result.findings if f.severity is Severity.ERROR]
    assert {f.cause for f in errors} == {"同一差额 28.5"}
    tails = [f for f in result.findings if f.tail]  # 208 is printed 29.63, its items add up to 29.64
    assert [f.rule for f in tails] == ["X04-1", "X04-2", "X05-1", "X05-2", "X08"]
    assert {f.difference.lstrip("-") for f in tails} == {"0.01"}


def test_identities_of_seed_a_that_hold_stay_silent() -> None:
    outcomes = audited(load_pack("S1-HN"), seed_a()).outcomes
    passed = {o.rule for o in outcomes if o.kind is OutcomeKind.PASSED}
    assert {"T01-5", "X02-2", "X02-3", "X12-2"} - passed == {"X12-2"}  # 公开06 shows no items
    assert {"Tsg-3-1", "X04-2", "X10-3", "X17-4-T03"} <= passed


def test_spending_moved_out_of_the_fiscal_columns_mends_it() -> None:
    """fail → fix → pass: with 28.50 paid from other income nothing of the cause is left."""
    hunan = load_pack("S1-HN")
    fiscal = {code: {"基本支出": amount} for code, amount in ITEMS.items() if code != "2019999"}
    spent = fiscal | {"2019999": {"基本支出": "28.50"}}
    fields = SEED_A | {"财拨_支出201_一般": "343.02", "基本_30101": "241.55", "基本_30201": "139.65"}
    record = unit(hunan, fields, {"支出明细": spent, "一般支出明细": fiscal}, ITEM_NAMES)
    record.forms = [f for f in record.forms if f.form != "收入表"]
    assert [r[0] for r in telling(audited(hunan, record))] == ["X18-2"]
