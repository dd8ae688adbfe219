"""From the tables in 分 to a record on the forms of the pack: rounded where a cell stands, nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from xlbudget.figures import Figure
from xlbudget.figures.rounding import round_half_up
from xlbudget.packs.layout import Column, Field, Form, RowSet
from xlbudget.rules.record import Entry, FormRecord, Record, Row

from .errors import Problem
from .ledger_cells import FUND, STATE
from .ledger_names import name_or_code
from .ledger_read import Ledger
from .ledger_tables import SHORT, Cells, Nine, parents
from .ledger_words import statement

CODE, NAME = "科目编码", "科目名称"
_EXPLAINED = {"基金表_说明": (FUND, "基金明细"), "国资表_说明": (STATE, "国资明细")}
_FEN = {"元": 100, "万元": 1_000_000}


class Forms:
    """Builds the record of one ledger. ``exact`` keeps the amounts to the 分 instead of rounding them."""

    def __init__(self, ledger: Ledger, nine: Nine, names: Mapping[str, str], exact: bool = False) -> None:
        self.ledger = ledger
        self.nine = nine
        self.names = names
        self.exact = exact

    def record(self) -> Record:
        pack = self.ledger.pack
        out = Record(pack.signature, self.ledger.shown, self.ledger.year)
        out.forms += [self._form(form) for form in pack.forms if not form.repeated]
        return out

    def _form(self, form: Form) -> FormRecord:
        out = FormRecord(form.id)
        for spec in form.fields:
            out.fields[spec.name] = self._field(form, spec)
        for rowset in form.rowsets:
            out.rows[rowset.name] = self._rows(rowset, self.nine.rows.get(rowset.name, {}))
        subject = out.fields.get(form.subject)
        out.key = str(subject.value) if subject is not None and not subject.blank else ""
        return out

    def _field(self, form: Form, spec: Field) -> Entry:
        name = spec.name
        if spec.derived or name in self.nine.silent:
            return Entry(given=False)
        if spec.kind == "year":
            return Entry(Figure.of(self.ledger.year))
        if name == f"{form.id}_部门":
            return Entry(self.ledger.shown)
        if name in _EXPLAINED:
            return Entry(self._statement(*_EXPLAINED[name]))
        if name in self.nine.fields:
            return Entry(self._figure(self.nine.fields[name], spec))
        return Entry(given=spec.numeric)

    def _statement(self, money: str, rowset: str) -> str | None:
        """What an empty table says under its frame; nothing where there was money of that kind."""
        if self.nine.rows.get(rowset) or any(n.endswith(f"_{SHORT[money]}") for n in self.nine.fields):
            return None
        param = self.ledger.pack.params.get("空表说明")
        text = str(param.value) if param is not None else statement("空表")
        return text.replace("{年}", str(self.ledger.year)).replace("{资金}", money)

    def _rows(self, rowset: RowSet, cells: Cells) -> list[Row]:
        """The subjects with an amount in a column of this form, and those above them."""
        printed = {c.name for c in rowset.columns}
        shown = {code: own for code, own in cells.items() if printed & set(own)}
        return [self._row(rowset, code, shown.get(code)) for code in parents(shown)]

    def _row(self, rowset: RowSet, code: str, own: Mapping[str, int] | None) -> Row:
        """A row of amounts, or that of a subject whose amounts stand in rows under it (``own`` is None)."""
        row: Row = {}
        for column in rowset.columns:
            if column.name == CODE:
                row[CODE] = Entry(code)
            elif column.name == NAME:
                row[NAME] = Entry(self.names.get(code) or None)
            elif own is None or column.derived or (rowset.name, column.name) in self.nine.silent_columns:
                row[column.name] = Entry(given=False)
            elif column.name in own:
                row[column.name] = Entry(self._figure(own[column.name], column))
            else:
                row[column.name] = Entry()
        return row

    def _figure(self, fen: int, spec: Field | Column) -> Figure:
        """An amount in the unit of its cell, half a unit of the last digit rounded up (away from zero)."""
        value = Fraction(fen, _FEN[spec.unit or "万元"])
        return Figure(value if self.exact else round_half_up(value, spec.decimals), spec.decimals)


def homeless(ledger: Ledger, nine: Nine, names: Mapping[str, str]) -> list[Problem]:
    """Amounts that no form of the pack has a cell for: money that would vanish."""
    fields = {f.name for form in ledger.pack.forms for f in form.fields}
    titles = {f.name: form.title for form in ledger.pack.forms for f in form.fields}
    out: dict[str, None] = {}
    for name in nine.fields:
        if name in fields:
            continue
        form = _form_of(name, titles)
        code = name.split("_")[1].removeprefix("支出")
        if not form:
            continue  # the pack does without that form
        if name.startswith("基本_"):
            subject = name_or_code(names, code)
            message = f"经济分类 {subject} 不在《{form}》上，一般公共预算财政拨款的基本支出不能用它"
        elif code.isdigit():
            message = f"功能分类 {name_or_code(names, code)} 在《{form}》上没有行"
        else:
            message = f"《{form}》上没有“{code}”这一栏，数据里的金额没有地方填"
        out[message] = None
    return [Problem(f"单位“{ledger.unit}”", message) for message in out]


def _form_of(name: str, titles: Mapping[str, str]) -> str:
    """The title of the form on which other fields of the same family stand."""
    family = name.split("_")[0] + "_"
    return next((title for field, title in titles.items() if field.startswith(family)), "")
