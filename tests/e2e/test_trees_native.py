"""Trees in LibreOffice: sums of rows below, totals, other sheets, live formats, forms typed in by hand."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

from tests.e2e.live_sheets import Values, overwritten, recalculated_book, with_probes
from tests.office import Office
from tests.rules_pack.trees_made import record, table, totals, tree_pack
from xlbudget.figures import Figure
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.rules.record import Entry, FormRecord, Place, Record
from xlbudget.workbook.book import read_book
from xlbudget.workbook.fill import fill
from xlbudget.workbook.read import read_record

SEEDS = range(8)
LIVE = {"T-TREE", "T-NUM", "T-TOTAL"}  # the rules of the pack that speak of one sheet
FIRST, TOTAL_ROW = 6, 5  # sheet rows of the table's first row and of its total


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return tree_pack(tmp_path_factory.mktemp("pack"))


def rows_of(seed: int) -> list[str]:
    """A table as units hand them in: levels left out, amounts left out, in the order of the codes."""
    r = random.Random(seed)
    codes: set[str] = set()
    for kind in r.sample(("201", "205", "208", "210", "221"), r.randint(1, 4)):
        for _ in range(r.randint(1, 3)):
            section = kind + r.choice(("01", "05", "99"))
            codes |= {section + r.choice(("01", "02", "99")) for _ in range(r.randint(0, 3))}
            codes |= {section} if r.random() < 0.8 else set()
        codes |= {kind} if r.random() < 0.8 else set()
    return [f"{code}|科目{code}|{_amount(r)}|{_amount(r)}" for code in sorted(codes or {"229"})]


def _amount(r: random.Random) -> str:
    return "" if r.random() < 0.4 else f"{r.randint(-500, 99999) / 100:.2f}"


def filled(pack: Pack, made: Record) -> bytes:
    return fill(pack, made, derive(pack_program(pack), made))


def recalculated(office: Office, data: bytes, folder: Path) -> Values:
    path = folder / "made.xlsx"
    path.write_bytes(data)
    return office.recalculated(path)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_formula_gives_what_we_computed(office: Office, pack: Pack, tmp_path: Path, seed: int) -> None:
    data = filled(pack, record(pack, table(rows_of(seed)), totals()))
    values = recalculated(office, data, tmp_path)
    formulas = 0
    for sheet in read_book(data).sheets:
        for cell in sheet.cells.values():
            if cell.formula:
                formulas += 1
                found = values[sheet.name].get(f"{'ABCDE'[cell.col - 1]}{cell.row}", "")
                assert _same(found, cell.value), (sheet.name, cell, found)
    assert formulas > 5


def _same(found: object, stored: object) -> bool:
    if isinstance(found, float):
        return f"{found:.15g}" == f"{float(str(stored)):.15g}"
    return (found or "") == (stored or "")


@pytest.mark.parametrize("seed", SEEDS)
def test_live_formats_show_the_amount_that_was_typed_over(
    office: Office, pack: Pack, tmp_path: Path, seed: int
) -> None:
    """The audit tells the sums over it as well, which took the amount along; on the sheet they add up."""
    made = record(pack, table(rows_of(seed)), totals())
    data = filled(pack, made)
    r = random.Random(seed)
    spots = [Place("支出", c.row, c.col) for c in read_book(data).sheets[0].cells.values() if c.formula]
    spot = r.choice([p for p in spots if p.col > 3])
    typed = overwritten(data, ["支出", "总表"], {spot: Fraction(r.randint(1, 99999), 100)})
    probed, probes = with_probes(pack, made, typed)
    values = recalculated(office, probed, tmp_path)
    read, _ = read_record(recalculated_book(typed, values), pack)
    found = [(f.rule, f.place) for f in audit(pack_program(pack), read).findings if f.place]
    broken = {(rule, place.row) for rule, place in found if rule in LIVE}
    constant = {(rule, p.row) for rule, p in found if rule in LIVE and not _formula(read, p)}
    assert {p.live.rule for p in probes} == LIVE
    lit = {(p.live.rule, row) for p in probes for row in p.cells if p.applies(values, row)}
    assert constant <= lit <= broken
    assert not broken or spot.row in {row for _, row in lit}


def _formula(made: Record, place: Place) -> bool:
    form = made.forms[0]
    entries = [*form.fields.values(), *(e for row in form.rows["支出明细"] for e in row.values())]
    return any(e.formula for e in entries if e.place is not None and e.place[:3] == place[:3])


def test_a_blank_form_adds_up_what_is_typed_into_it(office: Office, pack: Pack, tmp_path: Path) -> None:
    blank = table(())
    blank.rows["支出明细"] = [{"科目编码": Entry(None)} for _ in range(12)]
    path = tmp_path / "blank.xlsx"
    path.write_bytes(filled(pack, record(pack, blank, totals())))
    for seed in SEEDS:
        rows = rows_of(seed)[:12]
        cells: dict[str, float | str] = {}
        for at, row in enumerate(rows, FIRST):
            code, name, basic, project = row.split("|")
            cells |= {f"A{at}": code, f"B{at}": name}
            cells |= {f"{col}{at}": float(text) for col, text in (("D", basic), ("E", project)) if text}
        typed = office.fill(path, tmp_path / "typed.xlsx", {"支出": cells})
        values = office.recalculated(typed)["支出"]
        form = record(pack, table(rows)).forms[0]
        for col, name in (("D", "基本支出"), ("E", "项目支出")):
            given = _tops(form, name)
            found = values.get(f"{col}{TOTAL_ROW}", "")
            assert _same(found, "" if given is None else float(given)), (seed, name, found)


def _tops(form: FormRecord, column: str) -> Fraction | None:
    """The sum of what was typed into the rows that no other row contains."""
    codes = [str(row["科目编码"].value) for row in form.rows["支出明细"]]
    found = [
        figure.value
        for row, code in zip(form.rows["支出明细"], codes, strict=True)
        if not any(code != c and code.startswith(c) for c in codes)
        and isinstance(figure := row[column].value, Figure)
    ]
    return sum(found, Fraction(0)) if found else None
