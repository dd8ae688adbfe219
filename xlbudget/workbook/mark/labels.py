"""Words in the margin: ◀错误 S3-05 beside each row with a mark, so that a print without colours says it too.

They stand in the first free column; its width and the print area are adapted, and what was there
before is kept in hidden names of ours, which every program saves along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlbudget.rules.record import column_letters
from xlbudget.workbook.patch import Mark
from xlbudget.workbook.sheetscan import letters_number
from xlbudget.workbook.xmltext import TRUE, attributes

from .contents import tail
from .look import SEVERITIES, rank
from .notetext import words
from .outline import set_attribute
from .sheetedit import COLUMN, SheetEdit
from .skeleton import OWN_NAME, quoted
from .styles import Styles

ARROW = "◀"
HIDDEN = " hidden"  # behind the former width of the margin
LABEL = re.compile(rf"{ARROW}(?:{'|'.join(SEVERITIES)})(?:[ ；].*)?")
MARGIN_NAME = OWN_NAME + "margin"
WIDTH_NAME = OWN_NAME + "width"
PRINT_NAME = OWN_NAME + "print"
PRINT_AREA = "_xlnm.Print_Area"
_LAST_COL = 16384
_SHOWN = 3  # rule numbers in one label; more are counted
_RANGE = re.compile(r"((?:'(?:[^']|'')+'|[^',!]+)!)?\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)")


def add(edit: SheetEdit, styles: Styles, marks: Iterable[Mark]) -> None:
    """Write the labels of one sheet; none for marks without one, or when there is no free column."""
    rows: dict[int, list[Mark]] = {}
    for m in marks:
        if m.label:
            rows.setdefault(m.row, []).append(m)
    if not rows:
        return
    area = next((n for n in edit.book.names if n.name == PRINT_AREA and n.scope == edit.sheet.index), None)
    ranges = _areas(area.target) if area else []
    col = _freeletters_number(edit, rows, [r[3] for r in ranges])
    if col > _LAST_COL:
        return
    longest = 0
    for row, of_row in sorted(rows.items()):
        text = label(of_row)
        longest = max(longest, sum(2 if ord(ch) > 0x2E80 or ch == ARROW else 1 for ch in text))
        severity = SEVERITIES[min(rank(m.severity) for m in of_row)]
        edit.put_cell(row, col, tail(text, style=styles.cell(f"label:{severity}"), prefix=edit.prefix))
    _set_width(edit, col, longest * 9 // 10 + 2)  # the words are smaller than the digits that widths count
    edit.grow_dimension((row, col) for row in rows)
    letters = column_letters(col)
    edit.book.define(MARGIN_NAME, f"{quoted(edit.sheet.name)}!${letters}:${letters}", edit.sheet.index)
    stated = edit.column(col)
    if stated.get("width"):
        hidden = HIDDEN if stated.get("hidden") in TRUE else ""
        edit.book.define(WIDTH_NAME, f'"{stated["width"]}{hidden}"', edit.sheet.index)
    grown = _extended(ranges, rows, col) if area else None
    if area and grown:
        edit.book.define(PRINT_NAME, area.target, edit.sheet.index)
        edit.book.retarget(area, grown)


def label(marks: Iterable[Mark]) -> str:
    """The words of one row: ``◀错误 S3-05、S3-07；核实 S3-09``."""
    parts = []
    shown = 0
    wanted: dict[str, dict[str, None]] = {}
    for m in sorted(marks, key=lambda m: rank(m.severity)):
        wanted.setdefault(SEVERITIES[rank(m.severity)], {}).update(dict.fromkeys(words(m).split("、")))
    total = sum(len(w) for w in wanted.values())
    for severity, found in wanted.items():
        fitting = [w for w in found if w][: max(0, _SHOWN - shown)]
        shown += len(fitting)
        parts.append(f"{severity} {'、'.join(fitting)}".strip())
    more = f" 等{total}项" if total > max(shown, len(parts)) else ""
    return ARROW + "；".join(parts) + more


def _freeletters_number(edit: SheetEdit, rows: Iterable[int], printed: Iterable[int]) -> int:
    """The first column right of everything that shows or prints, free in the rows to be labelled."""
    content_col = edit.last_content_col()
    merged = [d for _, b, _, d in edit.merges if b <= content_col and d < _LAST_COL]
    used = max([content_col, *merged, *(c for c in printed if c < _LAST_COL)])
    standing = [edit.scan.cells(edit.rows[r])[-1:] for r in rows if r in edit.rows]
    styled = max((c.col for cells in standing for c in cells), default=0)
    return 1 + (styled if used < styled <= used + 3 else used)


def _set_width(edit: SheetEdit, col: int, width: int) -> None:
    """Give one column a width, splitting the entry that covers it."""
    p = edit.prefix
    mine = b'<%scol min="%d" max="%d" width="%d.7109375" customWidth="1"/>' % (p, col, col, width)
    holder = edit.scan.child("cols")
    if holder is None:
        edit.insert_child("cols", b"<%scols>%s</%scols>" % (p, mine, p))
        return
    at = edit.xml.rindex(b"</", holder.inner, holder.end) if holder.inner < holder.end else -1
    for tag in COLUMN.finditer(edit.xml, holder.inner, holder.end):
        a = attributes(tag[0].decode("utf-8", "replace"))
        first, last = int(a.get("min", "0")), int(a.get("max", "0"))
        if first <= col <= last:
            _split(edit, (tag.start(), tag.end()), (first, last), (col, mine))
            return
        if first > col:
            at = tag.start()
            break
    if at < 0:
        edit.draft.replace(edit.part, holder.start, holder.end, b"<%scols>%s</%scols>" % (p, mine, p))
    else:
        edit.draft.insert(edit.part, at, mine)


def _split(edit: SheetEdit, at: tuple[int, int], span: tuple[int, int], own: tuple[int, bytes]) -> None:
    """Replace a column entry by what is left and right of our column, and ours between."""
    tag, end = edit.xml[slice(*at)], at[1]
    if not tag.endswith(b"/>"):  # <col …></col>
        end = edit.xml.index(b">", end) + 1
        tag = tag[:-1] + b"/>"
    (first, last), (col, mine) = span, own
    left = set_attribute(tag, b"max", b"%d" % (col - 1)) if first < col else b""
    right = set_attribute(tag, b"min", b"%d" % (col + 1)) if col < last else b""
    edit.draft.replace(edit.part, at[0], end, left + mine + right)


def _areas(target: str) -> list[tuple[str, int, int, int, int]]:
    """The ranges of a print area as (sheet part, column, row, last column, last row); [] when computed."""
    out = []
    at = 0
    while m := _RANGE.match(target, at):
        out.append((m[1] or "", letters_number(m[2]), int(m[3]), letters_number(m[4]), int(m[5])))
        at = m.end()
        if at == len(target):
            return out
        if target[at] != ",":
            break
        at += 1
    return []


def _extended(ranges: list[tuple[str, int, int, int, int]], rows: Iterable[int], col: int) -> str:
    """The print area with our column, "" when no marked row is printed."""
    texts = []
    changed = False
    labelled = list(rows)
    for sheet, left, top, right, bottom in ranges:
        inside = right < col and any(top <= r <= bottom for r in labelled)
        changed |= inside
        letters = column_letters(col if inside else right)
        texts.append(f"{sheet}${column_letters(left)}${top}:${letters}${bottom}")
    return ",".join(texts) if changed else ""
