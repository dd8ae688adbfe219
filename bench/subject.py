"""What is measured: the workbook of the clean sample, as it is and with more projects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from xlbudget.figures import Figure
from xlbudget.packs import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.record import Entry, FormRecord, Record
from xlbudget.sources import read_source
from xlbudget.workbook.fill import fill, placed
from xlbudget.workbook.patch import Mark, Patch

SAMPLE = Path(__file__).resolve().parent.parent / "workbooks" / "samples" / "clean"
_SEVERITIES = ("错误", "核实", "提示")


@dataclass(frozen=True, slots=True)
class Subject:
    """One workbook: its data, and what the other ways need to make or to mark the same one."""

    pack: Pack
    record: Record  # as a source gives it
    blank: bytes  # the official forms without the contents of input cells
    filled: bytes
    inputs: dict[str, dict[str, float | str]]  # sheet → reference → what is typed
    marks: Patch  # ten marks with notes

    @property
    def sheets(self) -> int:
        return len(self.inputs)


def subject(projects: int) -> Subject:
    """The sample with so many projects; they repeat where it has fewer."""
    (unit,) = read_source(SAMPLE)
    pack = unit.pack
    (repeated,) = (f.id for f in pack.forms if f.repeated)
    given = list(unit.record.of(repeated))
    forms = [
        replace(given[i % len(given)], key=f"{given[i % len(given)].key}（{i + 1}）", sheet="")
        for i in range(projects)
    ]
    record = replace(unit.record, forms=forms)
    whole = placed(pack, record)
    program = pack_program(pack)
    empty = placed(pack, replace(record, forms=[_emptied(pack, f) for f in forms]))
    marks = _marks(whole)
    return Subject(
        pack,
        record,
        fill(pack, empty, derive(program, empty)),
        fill(pack, whole, derive(program, whole)),
        {f.sheet: _inputs(pack, f) for f in whole.forms},
        Patch(marks=marks),
    )


def _emptied(pack: Pack, form: FormRecord) -> FormRecord:
    """The form without contents; merged labels stay, as they belong to the layout."""
    layout = pack.form(form.form)
    rows = {
        rowset.name: [
            {c.name: row[c.name] for c in rowset.columns if c.grouped and c.name in row}
            for row in form.rows.get(rowset.name, [])
        ]
        for rowset in layout.rowsets
    }
    return replace(form, fields={}, rows=rows)


def _inputs(pack: Pack, form: FormRecord) -> dict[str, float | str]:
    layout = pack.form(form.form)
    out: dict[str, float | str] = {}
    for field in layout.fields:
        if not field.derived:
            _type_in(out, form.fields.get(field.name))
    for rowset in layout.rowsets:
        for row in form.rows.get(rowset.name, []):
            for column in rowset.columns:
                if not column.derived and not column.grouped:
                    _type_in(out, row.get(column.name))
    return out


def _type_in(out: dict[str, float | str], entry: Entry | None) -> None:
    if entry is None or entry.blank or entry.place is None:
        return
    assert entry.value is not None
    out[entry.place.ref] = float(entry.value.value) if isinstance(entry.value, Figure) else entry.value


def _marks(record: Record) -> list[Mark]:
    """Ten marks of all severities, spread over the sheets."""
    cells = [
        (form.sheet, entry.place)
        for form in record.forms
        for entry in form.fields.values()
        if entry.place is not None and isinstance(entry.value, Figure)
    ]
    note = (
        "【错误】执行率＝全年执行数÷全年预算数（S3-02-1）\n"
        "执行率填报83.62%，应为86.32%。\n怎么办：改正执行率。"
    )
    step = max(1, len(cells) // 10)
    return [
        Mark(sheet, place.row, place.col, _SEVERITIES[i % 3], note, f"{_SEVERITIES[i % 3]} S3-02-1")
        for i, (sheet, place) in enumerate(cells[::step][:10])
    ]
