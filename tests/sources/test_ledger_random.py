"""Random ledgers: the nine tables agree with each other on the exact amounts, whatever the order of rows."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.sources.ledger_names import names_of
from xlbudget.sources.ledger_record import Forms
from xlbudget.sources.ledger_tables import nine_tables

from .ledgers_made import (
    BALANCE_HEAD,
    CLOSING,
    FUND,
    GENERAL,
    INCOME_HEAD,
    KINDS,
    OPENING,
    STATE,
    Expected,
    ledgers,
    one_ledger,
    typed,
    wan,
)
from .tables import Tables

FUNCTIONS = {
    GENERAL: ["2010301", "2010302", "2010350", "2080505", "2080599", "2101101", "2210201", "2299999"],
    FUND: ["2120801", "2120899", "2296002", "2340201"],
    STATE: ["2230105", "2230199"],
}
OTHERS = ["上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"]
NATURES = ["基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"]
ECONOMIC = ["30101", "30113", "30199", "30201", "30217", "30302", "31002", "39999"]

fen = st.one_of(st.integers(-(10**6), 10**6), st.integers(-5000, 5000), st.integers(0, 10**13))


def yuan(amount: int) -> str:
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


@st.composite
def spendings(draw: st.DrawFn) -> list[list[str]]:
    source = draw(st.sampled_from([*KINDS, *OTHERS]))
    code = draw(st.sampled_from(FUNCTIONS.get(source, FUNCTIONS[GENERAL])))
    nature = draw(st.sampled_from(NATURES[:2] if source in KINDS else NATURES))
    return [code, draw(st.sampled_from(ECONOMIC)), source, nature, yuan(draw(fen))]


@st.composite
def incomes(draw: st.DrawFn) -> list[list[str]]:
    source = draw(st.sampled_from([*KINDS, *OTHERS]))
    code = draw(st.sampled_from(FUNCTIONS.get(source, FUNCTIONS[GENERAL])))
    return [code, source + ("收入" if source in KINDS else ""), yuan(draw(fen))]


@st.composite
def units(draw: st.DrawFn) -> Tables:
    """A unit whose closing balances follow from everything else."""
    spent = draw(st.lists(spendings(), min_size=1, max_size=30))
    income = draw(st.lists(incomes(), max_size=15))
    left: Counter[tuple[str, str]] = Counter()
    balances = [BALANCE_HEAD]
    for source, code in [
        (GENERAL, ""),
        (STATE, ""),
        ("非财政拨款", ""),
        *((FUND, c) for c in FUNCTIONS[FUND]),
    ]:
        opening = draw(fen)
        left[source, code] += opening
        balances.append([OPENING, source, code, yuan(opening)])
    for item, sign in (("使用非财政拨款结余", 1), ("结余分配", -1)):
        amount = draw(fen)
        left["非财政拨款", ""] += sign * amount
        balances.append([item, "非财政拨款", "", yuan(amount)])
    for sign, code, source, amount in [
        *((-1, row[0], row[2], row[4]) for row in spent),
        *(
            (1, row[0], row[1].removesuffix("收入") if row[1] not in OTHERS else row[1], row[2])
            for row in income
        ),
    ]:
        whole = sign * int(amount.replace(".", ""))
        left[source if source in KINDS else "非财政拨款", code if source == FUND else ""] += whole
    balances += [[CLOSING, source, code, yuan(amount)] for (source, code), amount in left.items()]
    return one_ledger(*spent, 收入=[INCOME_HEAD, *income], 结转结余=balances)


some = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@some
@given(units())
def test_identities_hold_on_the_exact_amounts(tables: Tables) -> None:
    """A total that two forms print is one number; income, spending and balances of all money close."""
    (ledger,) = ledgers(tables)
    names = names_of(ledger)
    exact = Forms(ledger, nine_tables(ledger), names, exact=True).record()
    derived = derive(pack_program(ledger.pack), exact)

    def n(name: str) -> Fraction:
        form = next(f for f in exact.forms if name in f.fields)
        spec = ledger.pack.form(form.form).by_name[name]
        value = derived.field(form, name) if spec.derived else form.fields[name].value
        return Fraction(getattr(value, "value", value) or 0)

    assert n("总表_收入总计") == n("总表_支出总计")  # T01-5
    assert n("总表_本年收入合计") == n("收入表_本年收入合计")  # X01
    fiscal = sum(n(f"总表_{kind}收入") for kind in KINDS)
    assert fiscal == n("收入表_财政拨款收入") == n("财拨_本年收入合计")  # X02
    for name in OTHERS:
        assert n(f"总表_{name}") == n(f"收入表_{name}")  # X03
    assert n("总表_本年支出合计") == n("支出表_本年支出合计")  # X04
    assert n("财拨_本年支出_一般") == n("一般支出表_小计")  # X05
    assert n("财拨_本年支出_基金") == n("基金表_小计")  # X06
    assert n("财拨_政府性基金预算财政拨款收入") == n("基金表_本年收入")
    assert n("财拨_年初结转_基金") == n("基金表_年初结转和结余")
    assert n("财拨_年末结转_基金") == n("基金表_年末结转和结余")
    assert n("财拨_本年支出_国资") == n("国资表_合计")  # X07
    assert n("一般支出表_基本支出") == n("基本_人员经费合计") + n("基本_公用经费合计")  # X08
    assert n("财拨_收入总计") == n("财拨_支出总计_合计")  # T04-6
    for kind, short in KINDS.items():  # T04-7
        came = n(f"财拨_{kind}收入") + n(f"财拨_年初结转_{short}")
        assert came == n(f"财拨_本年支出_{short}") + n(f"财拨_年末结转_{short}")
    assert n("基金表_年初结转和结余") + n("基金表_本年收入") - n("基金表_小计") == n("基金表_年末结转和结余")


@some
@given(units(), st.integers(0, 2**32))
def test_cells_are_the_sums_of_their_rows_rounded_once(tables: Tables, seed: int) -> None:
    expected = Expected(tables)
    (ledger,) = ledgers(tables)
    nine, names = nine_tables(ledger), names_of(ledger)
    record = Forms(ledger, nine, names).record()
    fields, cells = typed(record)
    assert fields == {name: wan(v) for name, v in expected.fields.items() if v}
    assert cells == {key: wan(v) for key, v in expected.printed.items() if v}
    shuffled = {}
    for name, (header, *rows) in tables.items():
        random.Random(seed).shuffle(rows)
        shuffled[name] = [header, *rows]
    (again,) = ledgers(shuffled)
    assert Forms(again, nine_tables(again), names_of(again)).record() == record
    assert again.notes == ledger.notes
