"""Blank and filled workbooks. Equal data give equal bytes."""

from __future__ import annotations

from collections.abc import Sequence

from xlbudget.packs.model import Pack
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.rules.record import FormRecord, Record

from .frame import sheet_part
from .place import placed
from .shape import shape_of
from .slots import Context, DerivedValues, Link
from .template import template_of
from .zipout import archive, member_with_tail

__all__ = ["blank", "fill", "placed"]


def blank(pack: Pack, form_ids: Sequence[str] | None = None) -> bytes:
    """A workbook of blank forms, ready to type in.

    Without ``form_ids`` one sheet for each form of the pack; a form named several times gets as many sheets,
    and the summary that joins them as many rows.
    """
    ids = [f.id for f in pack.forms] if form_ids is None else list(form_ids)
    record = placed(pack, Record(pack.signature, forms=[FormRecord(pack.form(i).id) for i in ids]))
    return fill(pack, record, derive(pack_program(pack), record))


def fill(pack: Pack, record: Record, derived: DerivedValues) -> bytes:
    """The workbook of a placed record: derived cells hold their formula and, as cached value, ``derived``.

    Raises :class:`FillError` when a text does not fit into a cell.
    """
    template = template_of(pack)
    stamps = [template.stamp(shape_of(pack.form(f.form), f)) for f in record.forms]
    sheets = [(form.sheet, stamp) for form, stamp in zip(record.forms, stamps, strict=True)]
    links: dict[str, list[Link]] = {}
    members = list(template.frame(sheets))
    for form, stamp in zip(record.forms, stamps, strict=True):
        links.setdefault(form.form, []).append(Link(form.sheet, stamp.plan))
    seen: dict[str, int] = {}
    year = str(record.year or "")
    for position, (form, stamp) in enumerate(zip(record.forms, stamps, strict=True), 1):
        number = seen[form.form] = seen.get(form.form, 0) + 1
        context = Context(form, derived, links, {}, position == 1, number, year)
        members.append(member_with_tail(sheet_part(position), stamp.front(context), stamp.tail))
    return archive(members)
