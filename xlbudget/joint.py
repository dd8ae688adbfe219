"""Several workbooks of one unit as one record, and what was found in it told for each workbook again.

Inside the joint record a sheet is called ``[书名]表名``. Seen from one of the workbooks its own sheets have
their plain names again, and those of the others keep the name of their book.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from xlbudget.packs import Pack
from xlbudget.rules.model import AuditResult, Finding, Outcome, OutcomeKind
from xlbudget.rules.record import Entry, FormRecord, Place, Record, Row
from xlbudget.workbook.read import ReadReport
from xlbudget.workbook.read.summary import link_summaries

_STATED, _CARRYING = ("填报单位", "单位名称"), ("实施单位",)  # fields that name a unit
_BLANKS = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")


def plain_name(text: str) -> str:
    """A unit's or project's name for comparing: full-width folded, without blanks."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def plain_unit(text: str) -> str:
    """A unit's name for comparing, also with and without 人民 before 政府."""
    return plain_name(text).replace("人民政府", "政府")


def same_unit(one: Record, other: Record) -> bool:
    """Whether two records are of one unit, and of one year where both state it.

    What the summaries state decides. A workbook of projects alone names the unit that carries them out.
    """
    years = {one.year, other.year} - {None}
    stated, carrying = zip(*(_unit_names(r) for r in (one, other)), strict=True)
    if not all(stated):
        stated = tuple(a | b for a, b in zip(stated, carrying, strict=True))
    return bool(stated[0] & stated[1]) and len(years) < 2


def _unit_names(record: Record) -> tuple[set[str], set[str]]:
    """The names of the unit as stated, and those of the units that carry projects out."""
    found: list[set[str]] = []
    for fields in (_STATED, _CARRYING):
        entries = (form.fields.get(name) for form in record.forms for name in fields)
        texts = (e.value for e in entries if e is not None and isinstance(e.value, str))
        found.append({plain_unit(t) for t in texts} - {""})
    return found[0], found[1]


@dataclass(slots=True)
class Joint:
    """The joint record; ``names`` are those of the workbooks, ``notes`` tell what joining showed."""

    record: Record
    names: list[str]
    notes: list[str]

    def own(self, result: AuditResult, name: str) -> AuditResult:
        """The result as the sheets of one workbook tell it: its own findings, and all other outcomes."""
        out = AuditResult(result.pack)
        for outcome in result.outcomes:
            found = tuple(f for f in outcome.findings if self._home(f) == name)
            if found or outcome.kind is not OutcomeKind.FINDING:
                out.outcomes.append(self._told(outcome, found, name))
        return out

    def seen_from(self, result: AuditResult, name: str) -> AuditResult:
        """The whole result with the names that the sheets have for one workbook."""
        return AuditResult(result.pack, [self._told(o, o.findings, name) for o in result.outcomes])

    def _home(self, finding: Finding) -> str:
        """The workbook that a finding belongs to; the first where it has no cell and no form of its own."""
        if finding.place is not None:
            return next(n for n in self.names if finding.place.sheet.startswith(_prefix(n)))
        for form in self.record.forms:
            if form.sheet and finding.subject.partition("·")[0] == form.key:
                return next(n for n in self.names if form.sheet.startswith(_prefix(n)))
        return self.names[0]

    def _told(self, outcome: Outcome, findings: Sequence[Finding], name: str) -> Outcome:
        own = _prefix(name)
        subject = outcome.subject.removeprefix(own)
        return replace(outcome, subject=subject, findings=tuple(_seen(f, own) for f in findings))


def join(parts: Sequence[tuple[str, Record]], pack: Pack) -> Joint:
    """The records of several workbooks (by the workbook's name) as one; the first is the leading one.

    A project or a summary that stands in two workbooks counts once, in the earlier one.
    """
    first = parts[0][1]
    record = Record(first.pack, first.unit, first.year)
    notes: list[str] = []
    for name, part in parts:
        earlier = Record("", forms=list(record.forms))  # two of a name in one workbook are for the rules
        for form in _written(part, pack):
            twin = _twin(form, earlier, pack)
            if twin is None:
                record.forms.append(_renamed(form, name))
            else:
                where = twin.sheet.removeprefix(_prefix(parts[0][0]))
                title = pack.form(form.form).title
                what = f"{title}“{form.key}”" if pack.form(form.form).repeated else title
                notes.append(f"“{name}”的{what}与“{where}”重复，没有再计。")
    report = ReadReport(pack.id)
    link_summaries(record, pack, report)
    notes += [n.replace(_prefix(parts[0][0]), "") for n in report.notes]
    return Joint(record, [name for name, _ in parts], notes)


def joinable(parts: Sequence[Record], other: Record, pack: Pack) -> bool:
    """Whether a workbook adds any form to those already there; a mere copy of them adds none."""
    together = Record("", forms=[f for part in parts for f in _written(part, pack)])
    return any(_twin(form, together, pack) is None for form in _written(other, pack))


def linking_notes(record: Record, pack: Pack) -> list[str]:
    """What reading a workbook by itself said about its summary."""
    report = ReadReport(pack.id)
    link_summaries(Record(record.pack, forms=_written(record, pack)), pack, report)
    return report.notes


def is_foreign(sheet: str) -> bool:
    """Whether a place is in another workbook than the one it is told for; no sheet's own name begins so."""
    return sheet.startswith("[")


def _prefix(name: str) -> str:
    return f"[{name}]"


def _written(record: Record, pack: Pack) -> list[FormRecord]:
    """Copies of the forms that have a sheet, with the rows that have cells: as before they were linked."""
    out = []
    for form in record.forms:
        if not form.sheet:
            continue
        linked = {r.name for r in pack.form(form.form).rowsets if r.of}
        rows = {
            name: [row for row in rows if name not in linked or any(e.place for e in row.values())]
            for name, rows in form.rows.items()
        }
        out.append(FormRecord(form.form, form.key, form.sheet, dict(form.fields), rows))
    return out


def _twin(form: FormRecord, record: Record, pack: Pack) -> FormRecord | None:
    """The form that says the same already: of the same project, or of a kind that a unit has once."""
    repeated = pack.form(form.form).repeated
    nameless = form.key == form.sheet
    for known in record.of(form.form):
        if not repeated or (not nameless and plain_name(known.key) == plain_name(form.key)):
            return known
    return None


def _renamed(form: FormRecord, book: str) -> FormRecord:
    sheet = _prefix(book) + form.sheet
    key = sheet if form.key == form.sheet else form.key
    fields = {name: _moved(e, sheet) for name, e in form.fields.items()}
    rows: dict[str, list[Row]] = {
        name: [{column: _moved(e, sheet) for column, e in row.items()} for row in rows]
        for name, rows in form.rows.items()
    }
    return FormRecord(form.form, key, sheet, fields, rows)


def _moved(entry: Entry, sheet: str) -> Entry:
    place = entry.place and entry.place._replace(sheet=sheet)
    return Entry(entry.value, place, entry.formula, entry.issue, entry.raw, entry.given)


def _seen(finding: Finding, own: str) -> Finding:
    """A finding with the workbook's own sheets under their plain names."""
    bare: Callable[[Place], Place] = lambda p: p._replace(sheet=p.sheet.removeprefix(own))  # noqa: E731
    operands = tuple(o if o.place is None else replace(o, place=bare(o.place)) for o in finding.operands)
    places = tuple(bare(p) for p in finding.places)
    return replace(finding, places=places, operands=operands, subject=finding.subject.removeprefix(own))
