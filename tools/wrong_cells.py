"""One wrong cell at a time, in a workbook without error: making it, and asking whether the audit saw it.

A mutation replaces the content of one cell in the sheet's XML, as somebody would who types over it; every
other cell, and what formulas had cached, stays. It counts as found when a finding stands at that cell, lists
it among its operands, or stands at a cell whose formula reaches it (the sum that contains it).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from xlbudget.figures import Figure
from xlbudget.jobs import regenerate
from xlbudget.packs import Pack, load_pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.model import Finding
from xlbudget.rules.record import Entry, FormRecord, Place, Record
from xlbudget.workbook.book import RawBook, read_book
from xlbudget.workbook.package import Package
from xlbudget.workbook.read import read_record

CLEAN = Path(__file__).resolve().parent.parent / "workbooks" / "samples" / "clean"
Cell = tuple[str, int, int]  # sheet, row, column

DIGIT, SWAP, TENFOLD, BLANK, TEXT = "改一位数字", "两位数字对调", "放大十倍", "漏填", "填成文字"
STRAY = "空格误填数"
KINDS = (DIGIT, SWAP, TENFOLD, BLANK, TEXT)
WRONG_TEXTS = ("约10", "待定", "无", "1O", "见附件")


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of a form: its field or column, how it is typed, and the text that stands in it."""

    place: Place
    name: str
    kind: str
    shown: str  # as typed: 62.34, 86.32% ; "" when blank

    @property
    def cell(self) -> Cell:
        return (self.place.sheet, self.place.row, self.place.col)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One wrong content: ``number`` for a number, else ``text``; both None empties the cell."""

    target: Target
    kind: str
    shown: str
    number: str | None = None
    text: str | None = None


@dataclass(slots=True)
class Tried:
    """A mutation and whether it was found: as the file stands, with formulas computed anew, and by a
    finding that is about more than the form of the cell.
    """

    mutation: Mutation
    findings: list[Finding]
    found: bool
    found_fresh: bool
    beyond_form: bool


@dataclass(slots=True)
class Bench:
    """A clean workbook, taken apart once."""

    pack: Pack
    data: bytes
    book: RawBook
    record: Record
    reach: dict[Cell, frozenset[Cell]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes, pack: Pack) -> Bench:
        book = read_book(data)
        record, _ = read_record(book, pack)
        return cls(pack, data, book, record, _reach(book))

    # -- the cells ----------------------------------------------------------------------------------

    def targets(self, numeric: bool, blank: bool = False) -> list[Target]:
        """The numeric cells, or those for targets and actual values: filled ones, or blank ones."""
        out = {t.cell: t for t in self._targets() if _is_numeric(t) == numeric and (t.shown == "") == blank}
        return list(out.values())

    def _targets(self) -> Iterator[Target]:
        for form in self.record.forms:
            schema = self.pack.form(form.form)
            for f in schema.fields:
                yield from _target(form.fields.get(f.name), f.name, f.kind)
            for rowset in schema.rowsets:
                for row in form.rows.get(rowset.name, []):
                    for c in rowset.columns:
                        yield from _target(row.get(c.name), c.name, c.kind)

    # -- trying a mutation --------------------------------------------------------------------------

    def apply(self, mutation: Mutation) -> bytes:
        """The workbook with that one cell wrong."""
        place = mutation.target.place
        part = next(s.part for s in self.book.sheets if s.name == place.sheet)
        package = Package.open(self.data)
        xml = package.get(part)
        assert xml is not None
        package.put(part, _with_cell(xml, place.ref, mutation))
        return package.save()

    def tried(self, mutation: Mutation, fresh: bool = False) -> Tried:
        """``fresh`` asks for the second answer too, else it repeats the first."""
        record, _ = read_record(read_book(self.apply(mutation)), self.pack)
        program = pack_program(self.pack)
        findings = audit(program, record).findings
        cell = mutation.target.cell
        found = self.found(cell, findings)
        anew = audit(program, recalculated(record)).findings if fresh else findings
        beyond = [f for f in findings if not f.rule.startswith("GEN-")]
        return Tried(mutation, findings, found, self.found(cell, anew), self.found(cell, beyond))

    def found(self, cell: Cell, findings: Iterable[Finding]) -> bool:
        for f in findings:
            stands = {_cell(p) for p in f.places}
            if cell in stands | {_cell(o.place) for o in f.operands if o.place is not None}:
                return True
            if any(cell in self.reach.get(s, ()) for s in stands):
                return True
        return False


def _cell(place: Place) -> Cell:
    return (place.sheet, place.row, place.col)


def _is_numeric(target: Target) -> bool:
    return target.kind != "quantity"


def _target(entry: Entry | None, name: str, kind: str) -> Iterator[Target]:
    if entry is None or entry.place is None or kind in ("text", "choice"):
        return
    yield Target(entry.place, name, kind, _shown(entry.value))


def _shown(value: Figure | str | None) -> str:
    """As somebody would type it: a rate with its printed digits, other numbers without idle zeros."""
    if not isinstance(value, Figure):
        return value or ""
    if value.percent:
        return f"{_plain(round(value.value * 100, value.decimals - 2))}%"
    return _plain(value.value)


def _plain(value: Fraction) -> str:
    """A decimal fraction written out."""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    scaled = abs(int(value * 10**digits))
    text = str(scaled).rjust(digits + 1, "0")
    text = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{text}" if value < 0 else text


def _reach(book: RawBook) -> dict[Cell, frozenset[Cell]]:
    """For every formula cell, all cells that it is computed from, through other formulas too."""
    direct = {
        (sheet.name, *at): _references(cell.formula, sheet.name)
        for sheet in book.sheets
        for at, cell in sheet.cells.items()
        if cell.formula
    }
    out: dict[Cell, frozenset[Cell]] = {}

    def follow(cell: Cell) -> frozenset[Cell]:
        if cell not in out:
            near = direct.get(cell, frozenset())
            out[cell] = near.union(*(follow(c) for c in near))
        return out[cell]

    for cell in direct:
        follow(cell)
    return out


_REFERENCE = re.compile(
    r"(?:'((?:[^']|'')+)'!)?\$?([A-Z]{1,2})\$?(\d+)(?::\$?([A-Z]{1,2})\$?(\d+))?(?![\w(])"
)
_QUOTED = re.compile(r'"[^"]*"')


def _references(formula: str, sheet: str) -> frozenset[Cell]:
    out: set[Cell] = set()
    for name, col, row, col2, row2 in _REFERENCE.findall(_QUOTED.sub('""', formula)):
        on = name.replace("''", "'") or sheet
        for r in range(int(row), int(row2 or row) + 1):
            out |= {(on, r, c) for c in range(_number(col), _number(col2 or col) + 1)}
    return frozenset(out)


def _number(letters: str) -> int:
    n = 0
    for ch in letters:
        n = n * 26 + ord(ch) - 64
    return n


def _with_cell(xml: bytes, ref: str, mutation: Mutation) -> bytes:
    """The sheet with the content of one cell replaced; its style stays, a formula goes."""
    found = re.search(rb'<c r="%s"([^>]*?)(?:/>|>.*?</c>)' % ref.encode(), xml, re.S)
    assert found is not None, ref
    style = re.search(rb' s="\d+"', found[1])
    head = b'<c r="%s"%s' % (ref.encode(), style[0] if style else b"")
    if mutation.number is not None:
        new = head + b"><v>%s</v></c>" % mutation.number.encode()
    elif mutation.text is not None:
        new = head + b' t="inlineStr"><is><t>%s</t></is></c>' % mutation.text.encode()
    else:
        new = head + b"/>"
    return xml[: found.start()] + new + xml[found.end() :]


def recalculated(record: Record) -> Record:
    """The same record with nothing in the cells that still compute themselves."""

    def fresh(entry: Entry) -> Entry:
        return replace(entry, value=None, issue=None) if entry.formula else entry

    forms = [
        FormRecord(
            f.form,
            f.key,
            f.sheet,
            {n: fresh(e) for n, e in f.fields.items()},
            {rs: [{n: fresh(e) for n, e in row.items()} for row in rows] for rs, rows in f.rows.items()},
        )
        for f in record.forms
    ]
    return Record(record.pack, record.unit, record.year, forms)


# ---- mutations ----


def mutations(targets: Sequence[Target], rng: random.Random, digits: int = 1) -> list[Mutation]:
    """Every kind for every filled cell, ``digits`` changed digits each; nothing that keeps the value."""
    out: list[Mutation] = []
    for target in targets:
        changed = [_digit_changed(target.shown, rng) for _ in range(digits * 3)]
        out += _distinct(target, DIGIT, changed, digits)
        out += _distinct(target, SWAP, _swaps(target.shown, rng), 1)
        out += _distinct(target, TENFOLD, [_tenfold(target.shown)], 1)
        out.append(Mutation(target, BLANK, ""))
        wrong = rng.choice(WRONG_TEXTS)
        out.append(Mutation(target, TEXT, wrong, text=wrong))
    return out


def stray(targets: Sequence[Target], rng: random.Random) -> list[Mutation]:
    """A number typed into a cell that is rightly blank."""
    return [
        Mutation(t, STRAY, n, number=n) for t in targets for n in [str(rng.choice((1, 5, 12, 10.5, 62.34)))]
    ]


def _distinct(target: Target, kind: str, shown: Sequence[str], most: int) -> list[Mutation]:
    changed = dict.fromkeys(s for s in shown if _value(s) != _value(target.shown))
    return [_typed(target, kind, s) for s in list(changed)[:most]]


def _typed(target: Target, kind: str, shown: str) -> Mutation:
    if target.kind == "quantity":
        return Mutation(target, kind, shown, text=shown)
    return Mutation(target, kind, shown, number=_plain(Fraction(_value(shown))))


def _value(shown: str) -> Fraction | str:
    bare = shown.removesuffix("%")
    try:
        return Fraction(bare) / (100 if bare != shown else 1)
    except ValueError:
        return shown


_DIGIT = re.compile(r"\d")


def _digit_changed(shown: str, rng: random.Random) -> str:
    at = rng.choice([m.start() for m in _DIGIT.finditer(shown)] or [0])
    old = shown[at : at + 1]
    return shown[:at] + rng.choice([d for d in "0123456789" if d != old]) + shown[at + 1 :]


def _swaps(shown: str, rng: random.Random) -> list[str]:
    """Neighbouring digits exchanged, a decimal point between them left where it is."""
    at = [m.start() for m in _DIGIT.finditer(shown)]
    out = []
    for a, b in pairwise(at):
        if b - a <= 2 and shown[a] != shown[b]:
            out.append(shown[:a] + shown[b] + shown[a + 1 : b] + shown[a] + shown[b + 1 :])
    rng.shuffle(out)
    return out


def _tenfold(shown: str) -> str:
    value = _value(shown)
    if isinstance(value, str):
        found = re.search(r"\d+(?:\.\d+)?", shown)
        return shown.replace(found[0], _plain(Fraction(found[0]) * 10), 1) if found else shown
    percent = shown.endswith("%")
    return _plain(value * 10 * (100 if percent else 1)) + ("%" if percent else "")


def clean_bench() -> Bench:
    """The twin's workbook as the main job makes it."""
    with TemporaryDirectory() as folder:
        result = regenerate(str(CLEAN), None, folder)[0]
        assert result.clean_path is not None
        assert result.pack is not None
        return Bench.of(result.clean_path.read_bytes(), load_pack(result.pack.id))
