"""The cells of one worksheet part: a regular expression over plain XML, a dictionary of cells out of it."""

from __future__ import annotations

import re
from functools import lru_cache

from xlbudget.packs.layout import Box

from .canonical import canonical
from .cellread import OddCell, Shared, Workshop, is_number
from .errors import refusal
from .limits import Limits
from .package import Package
from .raw import RawCell, RawSheet
from .sheetscan import cell_ref
from .strings import item_text
from .xmltext import TRUE, attributes, unescape, utf8

# A cell with something in it: address, other attributes; then either formula and value (or inline text),
# or the whole inside. Cells that only carry a style do not match.
_CELL = re.compile(
    r'<c r="([^"]*)"([^>]*+)(?<!/)>'
    r"(?:(?:<f>([^<]*)</f>)?<(?:v>|is><t(?: xml:space=\"preserve\")?>)([^<]*)</(?:v|t></is)></c>"
    r"|(?!</c>)(.*?)</c>)",
    re.S,
)
_PLAIN_HEAD = '<c r="'
_SHORTEST_ROW = len("<row/>")
_MERGE = re.compile(r"<mergeCell\s([^>]*)>")
_USUAL_MERGE = 40  # characters of a merged range that is remembered
_PROTECTION = re.compile(r"<sheetProtection\s([^>]*)>")
_ODD_CELL = re.compile(r"<c(?:[\t\r\n>/]| (?!r=\"))")
make = tuple.__new__  # a RawCell without going through its keyword arguments


def read_sheet(package: Package, sheet: RawSheet, shop: Workshop) -> None:
    """Fill ``sheet`` from its part. Raises :class:`WorkbookRefused` when the part is broken or too large."""
    xml = utf8(package.get(sheet.part) or b"", sheet.part)
    most = shop.limits.rows
    if len(xml) > most * _SHORTEST_ROW and xml.count(b"<row") + xml.count(b":row ") > most:
        raise refusal("too-many-rows", sheet=sheet.name, limit=most)
    markup = package.markup(sheet.part, xml)
    if markup.root != "worksheet":
        raise refusal("not-a-sheet", part=sheet.part)
    data, rest = _halves(xml.decode()) if markup.plain and not markup.prefix else ("", "")
    if not (data or "<sheetData/>" in rest) or _odd(data):
        data, rest = _halves(canonical(xml, sheet.part, shop.limits))
    _read_cells(data, sheet, shop)
    _read_rest(rest, sheet, shop.limits)


def _odd(data: str) -> bool:
    """Whether some cell is written in another way than the patterns know."""
    return data.count("<c ") != data.count(_PLAIN_HEAD) or _ODD_CELL.search(data) is not None


def _halves(text: str) -> tuple[str, str]:
    """The rows of a sheet, and what stands behind them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = text.find("<sheetData")
    end = text.find("</sheetData>", start)
    return (text[start:end], text[end:]) if 0 <= start < end else ("", text)


def _read_cells(data: str, sheet: RawSheet, shop: Workshop) -> None:
    """All cells with content. One loop over all cells of a workbook: written for speed."""
    cells, strings, places, heads = sheet.cells, shop.strings, shop.places, shop.heads
    count, longest = len(strings), shop.limits.text
    shared: Shared = {}
    before = 0
    content: str | bool | None
    for ref, attributes_, formula, value, inside in _CELL.findall(data):
        here, row, col = places[ref]
        if here <= before:
            _refuse_place(ref, sheet, shop)
        before = here
        kind, style, number_format = heads[attributes_]
        what = ""
        if not inside and len(formula) <= longest:
            if kind == "s":
                if value.isdigit() and int(value) < count:
                    what, content = "text", strings[int(value)]
            elif kind == "n":
                if is_number(value):
                    what, content = "number", value
            elif (kind == "inlineStr" or kind == "str") and len(value) <= longest:
                what = "text"
                content = item_text(value, tagged=False) if "&" in value or "_x" in value else value
        if not what:
            odd = OddCell(sheet.name, shop, row, col)
            what, content, formula = odd.read(kind, formula, value, inside, shared)
            if what == "blank" and formula is None:
                continue
        elif "&" in formula:
            formula = unescape(formula)
        cells[row, col] = make(RawCell, (row, col, what, content, style, formula or None, number_format))
    shop.left -= len(cells)
    if shop.left < 0:
        raise refusal("too-many-cells", limit=shop.limits.cells)


def _refuse_place(ref: str, sheet: RawSheet, shop: Workshop) -> None:
    row, col = cell_ref(ref)
    if row > shop.limits.last_row or col > shop.limits.last_col:
        raise refusal("too-far", sheet=sheet.name, ref=ref)
    raise refusal("cell-twice", sheet=sheet.name, ref=ref)


def _area(inside: str) -> tuple[str, Box]:
    """The range of a ``mergeCell``, given the inside of its tag: as written, and as a box."""
    ref = attributes(inside).get("ref", "")
    first, _, last = ref.partition(":")
    (row, col), (row2, col2) = cell_ref(first), cell_ref(last or first)
    return ref, Box(row, col, row2, col2)


# All sheets of a form merge the same ranges; a box never changes.
_same_area = lru_cache(maxsize=8192)(_area)


def _read_rest(rest: str, sheet: RawSheet, limits: Limits) -> None:
    """Merged ranges and protection, which stand behind the rows."""
    start = rest.find("<mergeCells")
    merges = _MERGE.findall(rest, start, rest.find("</mergeCells>", start)) if start >= 0 else []
    if len(merges) > limits.merges:
        raise refusal("too-many-merges", sheet=sheet.name, count=len(merges), limit=limits.merges)
    for inside in merges:
        ref, box = _same_area(inside) if len(inside) <= _USUAL_MERGE else _area(inside)
        if (box.row2 - box.row + 1) * (box.col2 - box.col + 1) > limits.merged_cells:
            raise refusal("merge-too-large", sheet=sheet.name, ref=ref)
        sheet.merges.append(box)
    found = _PROTECTION.search(rest) if "sheetProtection" in rest else None
    sheet.protected = found is not None and attributes(found.group(1)).get("sheet") in TRUE
