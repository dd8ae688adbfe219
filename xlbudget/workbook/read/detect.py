"""Which pack a workbook belongs to: by what it carries, else by its captions and weights."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xlbudget.figures import Figure
from xlbudget.packs import Pack, PackError, available_packs, load_pack
from xlbudget.packs.layout import Form, RowSet
from xlbudget.rules.record import Entry, Record, Row
from xlbudget.workbook.book import RawBook
from xlbudget.workbook.errors import WorkbookRefused

from .labels import spelling, unstuttered
from .reader import read_record
from .report import How, ReadReport

SIGNATURE = "_xlbudget_pack"  # of the document property and of the hidden name
_SIGNED = re.compile(r'="?([\w.-]+)@([\w.-]+)"?|"?([\w.-]+)@([\w.-]+)"?')
_WEIGHT = "权重_"  # parameters that state the weight of a group of rows
CERTAIN, SEVERAL = 100, 60


@dataclass(frozen=True, slots=True)
class Detected:
    """The pack found. ``confidence`` is in percent, ``why`` says in Chinese what it rests on.

    ``made_with`` is the version that the workbook was made from ("" when it carries none), ``version``
    the one that will be used.
    """

    pack: Pack
    confidence: int
    why: tuple[str, ...]
    made_with: str = ""

    @property
    def version(self) -> str:
        return self.pack.version

    @property
    def other_version(self) -> bool:
        return self.made_with not in ("", self.pack.version)

    @property
    def sentence(self) -> str:
        """What to tell the user before anything else."""
        text = f"规则包 {self.pack.id}（{self.pack.title}）：{'；'.join(self.why)}"
        if self.other_version:
            text += f"。注意：本工作簿按 {self.made_with} 版制作，现按 {self.version} 版审核，表样可能有出入"
        elif self.confidence < SEVERAL:
            text += "。如不对，请指定规则包（命令行 --pack，Excel 里按“设置”）"
        return text


def detect_pack(book: RawBook, packs: Iterable[Pack] | None = None) -> Detected:
    """The pack of a workbook, among ``packs`` or those that come with xlbudget.

    Raises :class:`WorkbookRefused` when no sheet is a form of any of them.
    """
    given = None if packs is None else {p.id: p for p in packs}
    ids = available_packs() if given is None else list(given)
    signed = signature(book)
    if signed and signed[0] in ids:
        pack = given[signed[0]] if given is not None else load_pack(signed[0])
        made = signed[1]
        return Detected(pack, CERTAIN, (f"工作簿注明 {signed[0]} {made} 版",), made)
    known = given if given is not None else {i: load_pack(i) for i in ids}
    if not known:
        raise PackError("没有可用的规则包")
    readings: dict[tuple[str, ...], _Reading] = {}
    judged = [_judge(book, p, _read_once(book, p, readings)) for p in known.values()]
    ranked = sorted(judged, key=lambda j: j.rank, reverse=True)
    best = ranked[0]
    if not best.percent:
        raise best.refused or PackError("没有可用的规则包")
    why = list(best.why)
    if signed:
        why.insert(0, f"工作簿注明的规则包“{signed[0]}”不在可用之列，改按标题识别")
    rivals = [j.pack.id for j in ranked[1:] if j.rank[:4] == best.rank[:4]]
    confidence = best.percent
    if rivals:
        why.append(f"与 {'、'.join(rivals)} 的表样相同，无法凭表样区分")
        confidence = min(confidence, SEVERAL - 10)
    return Detected(best.pack, confidence, tuple(why))


def signature(book: RawBook) -> tuple[str, str] | None:
    """Pack id and version that a workbook carries, from its property or its hidden name."""
    texts = [v for k, v in book.properties.items() if k.lower() == SIGNATURE]
    texts += [n.target for n in book.names if n.name.lower() == SIGNATURE]
    for text in texts:
        m = _SIGNED.fullmatch(text.strip())
        if m:
            return (m[1] or m[3], m[2] or m[4])
    return None


@dataclass(frozen=True, slots=True)
class _Judgement:
    pack: Pack
    percent: int
    rank: tuple[int, int, int, int, int]  # share, number of captions, weights, region, the more general
    why: tuple[str, ...]
    refused: WorkbookRefused | None = None


_Reading = tuple[Record, ReadReport] | WorkbookRefused


def _read_once(book: RawBook, pack: Pack, readings: dict[tuple[str, ...], _Reading]) -> _Reading:
    """The workbook read under a pack; packs that look for the same captions share one reading."""
    looks = tuple(
        "/".join((form.id, *(f"{f.name}:{f.captions}" for f in form.fields), *_columns(form)))
        for form in pack.forms
    )
    if looks not in readings:
        try:
            readings[looks] = read_record(book, pack)
        except WorkbookRefused as refused:
            readings[looks] = refused
    return readings[looks]


def _columns(form: Form) -> list[str]:
    return [f"{r.name}:{c.name}:{c.caption}:{c.kind}" for r in form.rowsets for c in r.columns]


def _judge(book: RawBook, pack: Pack, reading: _Reading) -> _Judgement:
    general = -len(pack.lineage)
    if isinstance(reading, WorkbookRefused):
        return _Judgement(pack, 0, (0, 0, 0, 0, general), (), reading)
    record, report = reading
    found = [f.how is not How.MISSING for form in report.forms for f in form.found.values()]
    share = max(1, 100 * sum(found) // max(1, len(found)))
    agree, stated = _weights(record, pack)
    region = _region(book, pack)
    sheets = "、".join(f.sheet for f in report.forms[:3]) + ("等" if len(report.forms) > 3 else "")
    why = [f"工作表 {sheets} 的栏目对上 {share}%"]
    if stated:
        why.append(f"{stated} 处分值有 {agree} 处与规定相同")
    if region:
        why.append(f"表中出现“{pack.region}”")
    weights = 100 * agree // stated if stated else 50
    return _Judgement(pack, share, (share, sum(found), weights, region, general), tuple(why))


def _weights(record: Record, pack: Pack) -> tuple[int, int]:
    """How many of the weights that a pack sets are met, out of those that could be compared."""
    agree = stated = 0
    for form in record.forms:
        layout = pack.form(form.form)
        pairs = [(pack.params.get(f.default), _value(form.fields.get(f.name))) for f in layout.fields]
        sums = {g: v for r in layout.rowsets for g, v in _group_sums(form.rows.get(r.name, []), r).items()}
        for name, param in pack.params.items():
            if name.startswith(_WEIGHT):
                word = name.removeprefix(_WEIGHT)
                pairs.append((param, next((v for g, v in sums.items() if g.startswith(word)), None)))
        for wanted, value in pairs:
            if wanted is not None and isinstance(wanted.value, Decimal) and value is not None:
                stated += 1
                agree += value == Fraction(wanted.value)
    return agree, stated


def _group_sums(rows: list[Row], rowset: RowSet) -> dict[str, Fraction]:
    """The weights of the rows by their outermost group label."""
    group = next((c.name for c in rowset.columns if c.grouped), None)
    weight = next((c.name for c in rowset.columns if c.kind == "weight"), None)
    out: dict[str, Fraction] = {}
    for row in rows:
        label = row[group].value if group else None
        value = _value(row.get(weight)) if weight else None
        if isinstance(label, str) and value is not None:
            key = unstuttered(spelling(label))
            out[key] = out.get(key, Fraction(0)) + value
    return out


def _value(entry: Entry | None) -> Fraction | None:
    return entry.value.value if entry and isinstance(entry.value, Figure) else None


def _region(book: RawBook, pack: Pack) -> int:
    """1 when the pack's region is named in a cell."""
    if not pack.region or len(pack.lineage) == 1:
        return 0
    texts = (c.value for s in book.sheets for c in s.cells.values() if c.kind == "text")
    return int(any(isinstance(t, str) and pack.region in t for t in texts))
