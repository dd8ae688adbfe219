"""Forms whose rows stand for other forms: bringing the rows of a summary into the order of the projects."""

from __future__ import annotations

from xlbudget.packs.layout import Form, RowSet
from xlbudget.packs.model import Pack
from xlbudget.rules.record import Entry, FormRecord, Record, Row

from .captions import assign, concept
from .grid import Label
from .labels import spelling, unstuttered
from .report import ReadReport


def link_summaries(record: Record, pack: Pack, report: ReadReport) -> None:
    """Make row i of every such row set stand for the i-th form that it speaks of.

    A summary that the workbook lacks is added without places, so that rules across forms still run.
    """
    for form in pack.forms:
        for rowset in form.rowsets:
            if rowset.of:
                _link(record, pack, form, rowset, report)


def _link(record: Record, pack: Pack, form: Form, rowset: RowSet, report: ReadReport) -> None:
    projects = list(record.of(rowset.of))
    summary = next(record.of(form.id), None)
    if summary is None:
        if projects:
            record.forms.append(_absent(form, rowset, len(projects)))
            report.notes.append(f"工作簿中没有“{form.title}”，涉及各表合计的审核按各表的数进行")
        return
    subject = pack.form(rowset.of).subject
    naming = next((c.name for c in rowset.columns if c.source and c.source == subject), "")
    rows = summary.rows.get(rowset.name, [])
    pairs = pair([_text(r.get(naming)) for r in rows], [p.key for p in projects])
    left = [i for i in range(len(rows)) if i not in pairs.values()]
    linked = [rows[pairs[i]] if i in pairs else _silent(rowset) for i in range(len(projects))]
    for i, project in enumerate(projects):
        if i not in pairs and (rows or project.key != project.sheet):
            report.notes.append(f"“{summary.sheet}”没有列出项目“{project.key}”（工作表“{project.sheet}”）")
        elif (
            i in pairs
            and (name := _text(rows[pairs[i]].get(naming)))
            and spelling(name) != spelling(project.key)
        ):
            report.notes.append(f"“{summary.sheet}”的“{name}”按“{project.key}”核对，两处名称不一致")
    for i in left:
        report.notes.append(
            f"“{summary.sheet}”列出的“{_text(rows[i].get(naming))}”没有对应的“{pack.form(rowset.of).title}”"
        )
    summary.rows[rowset.name] = linked + [rows[i] for i in left]


def pair(names: list[str], keys: list[str]) -> dict[int, int]:
    """Which row (value) stands for which form (key): by equal names, by similar names, then in order."""
    pairs: dict[int, int] = {}
    rows = list(range(len(names)))
    for k, key in enumerate(keys):
        same = next((i for i in rows if spelling(names[i]) == spelling(key)), None)
        if same is not None:
            pairs[k] = same
            rows.remove(same)
    open_keys = [k for k in range(len(keys)) if k not in pairs]
    concepts = {keys[k].replace("|", ""): k for k in open_keys}
    labels = [Label(i, 0, s := spelling(names[i]), unstuttered(s)) for i in rows if names[i]]
    for key, match in assign(labels, [concept(k) for k in concepts]).items():
        pairs[concepts[key]] = match.row
        rows.remove(match.row)
    open_keys = [k for k in open_keys if k not in pairs]
    nameless = [i for i in rows if not names[i]]
    in_order = rows if len(rows) == len(open_keys) else nameless
    pairs.update(zip(open_keys, in_order, strict=False))
    return pairs


def _absent(form: Form, rowset: RowSet, count: int) -> FormRecord:
    fields = {f.name: Entry(given=False) for f in form.fields}
    return FormRecord(form.id, form.title, "", fields, {rowset.name: [_silent(rowset) for _ in range(count)]})


def _silent(rowset: RowSet) -> Row:
    """A row about which the workbook says nothing."""
    return {c.name: Entry(given=False) for c in rowset.columns}


def _text(entry: Entry | None) -> str:
    return entry.value.replace("\n", "") if entry and isinstance(entry.value, str) else ""
