"""The workbook to be handed in: without our marks and sheets, and without anything that needs the add-in.

A cell whose formula calls one of the add-in's functions keeps the value that it shows and loses the formula;
on another PC it would show an error. Everything else stays byte for byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from xlbudget.rules.record import column_letters

from .book import RawBook, RawCell, read_book
from .errors import WorkbookRefused
from .mark import clear
from .mark.contents import tail
from .mark.sheetedit import SheetEdit
from .mark.skeleton import Book
from .mark.splice import Draft, Relation
from .package import Package

ADDIN = "xlbudget.xlam"
NO_VALUE = "export-no-value"  # code of the refusal
_TEXTS = re.compile(r'"[^"]*"')
_CALL = re.compile(r"(?<![\w.\\])(?:_xludf\.)?XB_\w+\s*\(", re.IGNORECASE)
_FORMULAS = re.compile(rb"<(?:[\w.-]+:)?(?:f|formula[12]?|definedName)(?:\s[^>]*)?>([^<]+)</")


@dataclass(slots=True)
class Released:
    """What was done: the cells that became values (addresses), and sentences about what could not go."""

    frozen: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def release(package: Package) -> Released:
    """Make a package ready to be handed in.

    Raises WorkbookRefused when a formula with a function of the add-in has no value to keep.
    """
    clear(package)
    book = read_book(package)
    out = Released()
    wanted = _calls(book)
    draft = Draft(package)
    parts = Book(draft)
    for sheet in parts.sheets:
        if sheet.name in wanted:
            cells = wanted[sheet.name]
            _freeze(SheetEdit(draft, parts, sheet), cells)
            out.frozen += [_address(sheet.name, c) for c in cells.values()]
    if out.frozen:
        parts.drop_calculation_chain()
        draft.carry_out()
    out.left = [f"名称“{n.name}”用到加载宏的函数，没有改动" for n in book.names if calls_addin(n.target)]
    out.left += _drop_link(package)
    return out


def calls_addin(formula: str) -> bool:
    """Whether a formula calls a function of the add-in, with or without the add-in's name before it."""
    return _CALL.search(_TEXTS.sub('""', formula)) is not None


def _calls(book: RawBook) -> dict[str, dict[tuple[int, int], RawCell]]:
    """Sheet → the cells that call the add-in."""
    out: dict[str, dict[tuple[int, int], RawCell]] = {}
    for sheet in book.sheets:
        for at, cell in sheet.cells.items():
            if cell.formula and calls_addin(cell.formula):
                if cell.kind in ("error", "blank"):
                    raise _no_value(sheet.name, cell)
                out.setdefault(sheet.name, {})[at] = cell
    return out


def _no_value(sheet: str, cell: RawCell) -> WorkbookRefused:
    what = f"结果是 {cell.value}" if cell.kind == "error" else "还没有计算结果"
    return WorkbookRefused(
        f"“{_address(sheet, cell)}”用了加载宏的函数，{what}，不能导出；请先改正或重新计算，保存后再导出。",
        NO_VALUE,
    )


def _address(sheet: str, cell: RawCell) -> str:
    return f"{sheet}!{column_letters(cell.col)}{cell.row}"


def _freeze(edit: SheetEdit, cells: dict[tuple[int, int], RawCell]) -> None:
    """Values in place of formulas; numbers keep their digits."""
    p = edit.prefix
    for cell in edit.scan.all_cells():
        raw = cells.get((cell.row, cell.col))
        if raw is None:
            continue
        if raw.kind in ("number", "bool"):
            style = b' s="%d"' % cell.style if cell.style else b""
            kind = b' t="b"' if raw.kind == "bool" else b""
            value = str(int(bool(raw.value))) if raw.kind == "bool" else str(raw.value)
            rest = b"%s%s><%sv>%s</%sv></%sc>" % (style, kind, p, value.encode(), p, p)
        else:
            rest = tail(str(raw.value or ""), "", cell.style, p)
        ref = f"{column_letters(cell.col)}{cell.row}".encode()
        edit.draft.replace(edit.part, cell.start, cell.end, b'<%sc r="%s"%s' % (p, ref, rest))


# ---- the link to the add-in --------------------------------------------------------------------------


def _drop_link(package: Package) -> list[str]:
    """Take the link to the add-in out when nothing uses it any more; else say why it stays."""
    draft = Draft(package)
    book = Book(draft)
    holder = book.root.child("externalReferences")
    entries = holder.all("externalReference") if holder else []
    by_id = {r.id: r for r in draft.relations(book.main) if r.kind == "externalLink" and r.part}
    rids = [next((v for k, v in e.attrs.items() if k.endswith("}id")), "") for e in entries]
    links = [by_id.get(rid) for rid in rids]
    ours = [n for n, link in enumerate(links, 1) if link and _leads_to_addin(draft, link)]
    if not ours or holder is None:
        return []
    used = _used(package)
    # A formula names a link by its number, so one can only go when none stays behind it.
    gone: list[int] = []
    while len(links) - len(gone) in ours and len(links) - len(gone) not in used:
        gone.append(len(links) - len(gone))
    for n in gone:
        link = links[n - 1]
        assert link is not None
        draft.remove(link.part)
        draft.unrelate(book.main, link.id)
        if len(gone) < len(entries):
            draft.cut(book.main, entries[n - 1])
    if gone and len(gone) == len(entries):
        draft.cut(book.main, holder)
    if gone:
        draft.carry_out()
    if len(gone) == len(ours):
        return []
    return [
        "文件里仍有指向加载宏的外部链接（还有别处用到它，或排在其他外部链接之前），打开时可能提示更新链接"
    ]


def _leads_to_addin(draft: Draft, link: Relation) -> bool:
    for r in draft.relations(link.part):
        target = unquote(r.element.attrs.get("Target", "")).replace("\\", "/")
        if target.rpartition("/")[2].lower() == ADDIN:
            return True
    return False


def _used(package: Package) -> set[int]:
    """The numbers of the links that some formula names: ``[2]Sheet1!A1``."""
    used: set[int] = set()
    for name in package.names():
        if name.lower().endswith(".xml"):
            for formula in _FORMULAS.findall(package.get(name) or b""):
                used |= {int(n) for n in re.findall(rb"\[(\d{1,4})\]", formula)}
    return used
