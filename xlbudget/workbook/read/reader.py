"""From a workbook to a record: the forms on its sheets, joined and accounted for."""

from __future__ import annotations

from collections import Counter

from xlbudget.figures import Figure
from xlbudget.packs.model import Pack
from xlbudget.rules.record import Record
from xlbudget.workbook.book import RawBook
from xlbudget.workbook.errors import WorkbookRefused

from .forms import read_form
from .report import ReadReport
from .sheets import Recognised, is_own, recognise_all
from .summary import link_summaries

NO_FORM = "no-form"  # code of the refusal
_UNITS = ("填报单位", "单位名称", "实施单位")  # fields that name the unit, the most telling first


def read_record(book: RawBook, pack: Pack) -> tuple[Record, ReadReport]:
    """Everything that a workbook reports under a pack, and how it was read.

    Values are exact; what is odd about a cell is its entry's ``issue``, nothing is corrected. Raises
    :class:`WorkbookRefused` (code ``no-form``) when no sheet is a form of the pack.
    """
    found = recognise_all(book, pack.forms)
    if not any(found.values()):
        raise no_form(book, pack)
    report = ReadReport(pack.id, own=[s.name for s in book.sheets if is_own(s)])
    record = Record(pack.id)
    single = _best_singles(found)
    for sheet, forms in found.items():
        read = [r for r in forms if r.form.repeated or single[r.form.id] is r]
        if not read:
            report.unknown.append(sheet)
        for r in read:
            _read(r, book, record, report)
        if forms and not read:
            report.notes.append(f"工作簿有几张“{forms[0].form.title}”，工作表“{sheet}”没有采用")
    hidden = [s.name for s in book.sheets if s.state != "visible" and found.get(s.name)]
    if hidden:
        report.notes.append(f"隐藏的工作表也一并审核：{'、'.join(hidden)}")
    _tell_apart(record, pack, report)
    link_summaries(record, pack, report)
    record.year = _year(record, pack)
    record.unit = _unit(record, pack)
    return record, report


def _read(r: Recognised, book: RawBook, record: Record, report: ReadReport) -> None:
    form, account = read_form(r.grid, r.words, r.located, r.names, r.percent, book.date1904)
    record.forms.append(form)
    report.forms.append(account)


def _tell_apart(record: Record, pack: Pack, report: ReadReport) -> None:
    """Several forms of one unit that all bear the unit's name are called by their sheets."""
    pairs = zip(record.forms, report.forms, strict=True)
    single = [(form, account) for form, account in pairs if not pack.form(form.form).repeated]
    keys = Counter(form.key for form, _ in single)
    for form, account in single:
        if keys[form.key] > 1:
            form.key = account.key = form.sheet


def _best_singles(found: dict[str, list[Recognised]]) -> dict[str, Recognised]:
    """Of a form that does not repeat, the sheet that fits best (the first of equals)."""
    best: dict[str, Recognised] = {}
    for forms in found.values():
        for r in forms:
            if r.form.id not in best or r.percent > best[r.form.id].percent:
                best[r.form.id] = r
    return best


def _year(record: Record, pack: Pack) -> int | None:
    """The year that most forms state."""
    years: Counter[int] = Counter()
    for form in record.forms:
        for f in pack.form(form.form).fields:
            entry = form.fields.get(f.name)
            if f.kind == "year" and entry and isinstance(entry.value, Figure):
                years[int(entry.value.value)] += 1
    return years.most_common(1)[0][0] if years else None


def _unit(record: Record, pack: Pack) -> str:
    """The unit's name: from the summary, else the one that most forms state, by name or as their subject."""
    for name in (*_UNITS, ""):
        stated: Counter[str] = Counter()
        for form in record.forms:
            layout = pack.form(form.form)
            subject = "" if layout.repeated else layout.subject
            entry = form.fields.get(name or subject)
            if entry and isinstance(entry.value, str) and entry.value:
                stated[entry.value] += 1
        if stated:
            return stated.most_common(1)[0][0]
    return ""


def no_form(book: RawBook, pack: Pack) -> WorkbookRefused:
    """The refusal of a workbook that holds none of a pack's forms: what was looked for, and where."""
    titles = "、".join(f"“{f.title}”" for f in pack.forms)
    rowset = next((r for f in pack.forms for r in f.rowsets), None)
    captions = "、".join(c.caption.split("|")[0] for c in rowset.columns[:5]) if rowset else "各栏目"
    names = [s.name for s in book.sheets if not is_own(s)]
    sheets = "、".join(names[:5]) + (f" 等 {len(names)} 张" if len(names) > 5 else "")
    return WorkbookRefused(
        f"没有找到{titles}：按定义名称和标题（{captions}等）查找了工作表 {sheets or '（无）'}，都对不上。"
        f"请确认表头没有改动；如用的是其他地区的表样，请指定规则包（命令行 --pack，Excel 里按“设置”）。",
        NO_FORM,
    )
