"""A department made by hand whose nine tables of final accounts agree, and changes to single cells of it.

The catalogue that comes with the software holds few subjects of government funds, so ordinary ones stand in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from xlbudget.figures import Figure, parse_figure, shown
from xlbudget.packs import Pack
from xlbudget.packs.layout import Column, Field
from xlbudget.packs.program import pack_program
from xlbudget.rules.audit import audit
from xlbudget.rules.derive import derive
from xlbudget.rules.model import AuditResult
from xlbudget.rules.record import Entry, FormRecord, Record
from xlbudget.workbook.fill import placed

UNIT, YEAR = "示例单位", "2022"
FORMS = ("总表", "收入表", "支出表", "财拨总表", "一般支出表", "基本支出表", "基金表", "国资表", "三公表")
NO_FUND = "说明：本单位本年度没有政府性基金预算财政拨款收支，故本表无数据。"
NO_CAPITAL = "说明：本单位本年度没有国有资本经营预算财政拨款收支，故本表无数据。"

NAMES = {
    "201": "一般公共服务支出",
    "20103": "政府办公厅（室）及相关机构事务",
    "2010301": "行政运行",
    "2010302": "一般行政管理事务",
    "2010350": "事业运行",
    "2010399": "其他政府办公厅（室）及相关机构事务支出",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080501": "行政单位离退休",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "210": "卫生健康支出",
    "21011": "行政事业单位医疗",
    "2101101": "行政单位医疗",
    "212": "城乡社区支出",
    "21201": "城乡社区管理事务",
    "2120199": "其他城乡社区管理事务支出",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210203": "购房补贴",
}

Cells = dict[str, str]
Rows = dict[str, dict[str, Cells]]  # row set → code of a 项 → column → amount


def pairs(text: str) -> Cells:
    """``总表_其他收入=50 …`` as cells."""
    return dict(part.split("=", 1) for part in text.split())


FIELDS = pairs("""
总表_一般公共预算财政拨款收入=880 总表_政府性基金预算财政拨款收入=100 总表_国有资本经营预算财政拨款收入=20
总表_上级补助收入=8 总表_事业收入=30 总表_经营收入=12 总表_附属单位上缴收入=6 总表_其他收入=50
总表_使用非财政拨款结余=4 总表_年初结转和结余=18 总表_支出201=839 总表_支出208=80.80
总表_支出210=40.20 总表_支出212=98 总表_支出221=20 总表_结余分配=1 总表_年末结转和结余=49
财拨_一般公共预算财政拨款收入=880 财拨_政府性基金预算财政拨款收入=100 财拨_国有资本经营预算财政拨款收入=20
财拨_年初结转_一般=10 财拨_年初结转_基金=5 财拨_支出201_一般=750 财拨_支出208_一般=80.80
财拨_支出210_一般=40.20 财拨_支出212_基金=98 财拨_支出221_国资=20 财拨_年末结转_一般=19
财拨_年末结转_基金=7
基本_30101=200 基本_30102=150 基本_30103=80 基本_30108=60.30 基本_30110=40.20
基本_30113=50 基本_30302=20.50 基本_30201=30 基本_30211=20 基本_30217=5
基本_30231=12 基本_30239=43 基本_31002=10
三公_预算_出国=2 三公_预算_购置=18 三公_预算_运行=15 三公_预算_接待=6 三公_决算_出国=1.60
三公_决算_购置=17.96 三公_决算_运行=14 三公_决算_接待=5.50
""")
ROWS: Rows = {
    "收入明细": {
        "2010301": {"财政拨款收入": "605"},
        "2010302": {"财政拨款收入": "153.50", "其他收入": "50"},
        "2010350": {"事业收入": "30"},
        "2010399": {"上级补助收入": "8", "经营收入": "12", "附属单位上缴收入": "6"},
        "2080501": {"财政拨款收入": "20.50"},
        "2080505": {"财政拨款收入": "60.50"},
        "2101101": {"财政拨款收入": "40.50"},
        "2120199": {"财政拨款收入": "100"},
        "2210203": {"财政拨款收入": "20"},
    },
    "支出明细": {
        "2010301": {"基本支出": "600"},
        "2010302": {"项目支出": "195"},
        "2010350": {"基本支出": "28", "上缴上级支出": "3"},
        "2010399": {"经营支出": "11", "对附属单位补助支出": "2"},
        "2080501": {"基本支出": "20.50"},
        "2080505": {"基本支出": "60.30"},
        "2101101": {"基本支出": "40.20"},
        "2120199": {"项目支出": "98"},
        "2210203": {"项目支出": "20"},
    },
    "一般支出明细": {
        "2010301": {"基本支出": "600"},
        "2010302": {"项目支出": "150"},
        "2080501": {"基本支出": "20.50"},
        "2080505": {"基本支出": "60.30"},
        "2101101": {"基本支出": "40.20"},
    },
    "基金明细": {
        "2120199": {"年初结转和结余": "5", "本年收入": "100", "项目支出": "98", "年末结转和结余": "7"},
    },
    "国资明细": {"2210203": {"项目支出": "20"}},
}


Told = tuple[str, str, str, str, str]  # rule, cell, expected, actual, difference


@dataclass(frozen=True)
class Cell:
    """One cell of a record: a field of a form (``rowset`` ""), or a column in a row of it."""

    form: str
    rowset: str
    row: int
    name: str

    def __str__(self) -> str:
        return f"{self.form}·{self.rowset}[{self.row}].{self.name}" if self.rowset else self.name


def unit(pack: Pack, fields: Cells = FIELDS, rows: Rows = ROWS, names: Cells | None = None) -> Record:
    """The record of a unit: what was typed in, and every derived cell as the forms compute it.

    ``names`` adds names of subjects, or gives other ones.
    """
    called = {**NAMES, **(names or {})}
    forms = [_form(pack, form, fields, rows, called) for form in FORMS]
    return computed(pack, Record(pack.id, UNIT, int(YEAR), forms))


def _form(pack: Pack, form_id: str, fields: Cells, rows: Rows, names: Cells) -> FormRecord:
    form = pack.form(form_id)
    out = FormRecord(form_id)
    about = {f"{form_id}_部门": UNIT, f"{form_id}_年度": YEAR}
    for f in form.fields:
        out.fields[f.name] = entry(about.get(f.name, "") or fields.get(f.name, ""), f)
    for rowset in form.rowsets:
        leaves = rows.get(rowset.name, {})
        codes = sorted({code[:n] for code in leaves for n in (3, 5, 7)}) or [""]
        for code in codes:
            texts = {"科目编码": code, "科目名称": names.get(code, ""), **leaves.get(code, {})}
            row = {c.name: entry(texts.get(c.name, ""), c) for c in rowset.columns}
            out.rows.setdefault(rowset.name, []).append(row)
    return out


def entry(text: str, spec: Field | Column) -> Entry:
    figure = parse_figure(text) if spec.numeric and text else None
    return Entry(figure.with_decimals(spec.decimals) if figure else text or None)


def computed(pack: Pack, record: Record) -> Record:
    """The record with every derived cell as its formula gives it now, on the sheets of the forms."""
    new = Record(record.pack, record.unit, record.year, [_copy(f) for f in record.forms])
    derived = [cell for cell, _ in cells(new) if derives(pack, new, cell)]
    for cell in derived:
        _put(new, cell, Entry(None, formula="="))
    results = derive(pack_program(pack), new)
    forms = {f.form: f for f in new.forms}
    found: dict[Cell, Entry] = {}
    for c in derived:
        form, spec = forms[c.form], _spec(pack, c)
        value = results.cell(form, c.rowset, c.row, c.name) if c.rowset else results.field(form, c.name)
        if isinstance(value, Fraction):
            found[c] = Entry(Figure(value, spec.decimals), formula="=")
    for cell, content in found.items():
        _put(new, cell, content)
    return placed(pack, new)


def _spec(pack: Pack, cell: Cell) -> Field | Column:
    form = pack.form(cell.form)
    return form.rowset_by_name[cell.rowset].column(cell.name) if cell.rowset else form.by_name[cell.name]


def derives(pack: Pack, record: Record, cell: Cell) -> bool:
    """Whether a cell computes itself: by its formula, or as an amount with rows below."""
    spec = _spec(pack, cell)
    if spec.derived or not cell.rowset or not spec.numeric:
        return spec.derived
    rows = next(f for f in record.forms if f.form == cell.form).rows[cell.rowset]
    codes = [str(r["科目编码"].value or "") for r in rows]
    own = codes[cell.row]
    return bool(own) and any(c != own and c.startswith(own) for c in codes)


def _put(record: Record, cell: Cell, found: Entry) -> None:
    form = next(f for f in record.forms if f.form == cell.form)
    (form.rows[cell.rowset][cell.row] if cell.rowset else form.fields)[cell.name] = found


def cells(record: Record) -> Iterator[tuple[Cell, Entry]]:
    """Every cell of a record."""
    for form in record.forms:
        for name, found in form.fields.items():
            yield Cell(form.form, "", 0, name), found
        for rowset, rows in form.rows.items():
            for i, row in enumerate(rows):
                for name, found in row.items():
                    yield Cell(form.form, rowset, i, name), found


def changed(pack: Pack, record: Record, cell: Cell, text: str) -> Record:
    """The record with ``text`` typed over one cell; nothing else is computed again."""
    forms = [_copy(f) if f.form == cell.form else f for f in record.forms]
    new = Record(record.pack, record.unit, record.year, forms)
    typed = entry(text, _spec(pack, cell))
    typed.place = dict(cells(record))[cell].place
    _put(new, cell, typed)
    return new


def _copy(form: FormRecord) -> FormRecord:
    rows = {name: [dict(row) for row in rows] for name, rows in form.rows.items()}
    return FormRecord(form.form, form.key, form.sheet, dict(form.fields), rows)


def wrong(pack: Pack, cell: Cell, found: Entry) -> list[str]:
    """What a filled cell should not hold: another amount, a shifted point, the wrong sign, nothing."""
    if isinstance(found.value, Figure):
        value = found.value.value
        if _spec(pack, cell).kind == "year":
            return [str(value - 1), ""]
        return [shown(x, 2) for x in (value + 1, value * 10, -value)] + [""]
    text = str(found.value)
    if _spec(pack, cell).kind == "code":
        return [text[:-1] + ("8" if text[-1] == "9" else "9"), ""]
    return [text + "误", ""]


def without(fields: Mapping[str, str], *names: str) -> Cells:
    return {name: text for name, text in fields.items() if name not in names}


def audited(pack: Pack, record: Record) -> AuditResult:
    return audit(pack_program(pack), record)


def telling(result: AuditResult) -> list[Told]:
    """The findings that are no tails."""
    return [
        (f.rule, f.place.address if f.place else "", f.expected, f.actual, f.difference)
        for f in result.findings
        if not f.tail
    ]
