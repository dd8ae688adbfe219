"""Our own sheets (审核结果, 审核规则): new parts behind the user's sheets, and reading them back.

A hidden name of ours points at each, so that they are found again whatever program saved the file
and whatever the sheet is called by then. Nothing on them is locked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlbudget.rules.record import column_letters
from xlbudget.workbook.package import Package
from xlbudget.workbook.patch import OwnSheet, SheetCell
from xlbudget.workbook.sheetscan import letters_number
from xlbudget.workbook.xmltext import decode_escapes

from .outline import Element, escape
from .ownrows import Cells, looks, row_xml
from .skeleton import OWN_NAME, Book, Sheet, quoted, unquoted
from .splice import Draft
from .styles import Styles

SHEET_NAME = OWN_NAME + "sheet_"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TABS = ("C00000", "34567A")
_LONGEST_NAME = 31
_FOOTER = "&C第 &P 页，共 &N 页"
_DEFAULT_WIDTH = 8
_REF = re.compile(r"([A-Z]{1,3})(\d+)")


def add(draft: Draft, book: Book, styles: Styles, sheets: Sequence[OwnSheet]) -> None:
    """Create the parts of our sheets and enter them in the workbook."""
    taken = {e.attrs.get("name", "").lower() for e in book.sheet_elements()}
    entries = []
    for k, sheet in enumerate(sheets):
        name = _free_name(sheet.name, taken)
        taken.add(name.lower())
        part = draft.fresh(book.folder + "worksheets/xlbudget{}.xml")
        draft.create(part, _Page(book, styles, sheet, tab_colour(k).encode()).render(), _CONTENT_TYPE)
        entries.append((name, part))
        scope = book.count + k
        book.define(own_name(sheet.name), f"{quoted(name)}!$A$1")
        if sheet.frozen:
            book.define("_xlnm.Print_Titles", f"{quoted(name)}!$1:${sheet.frozen}", scope, hidden=False)
        area = filter_area(sheet, "$")
        if area:
            book.define("_xlnm._FilterDatabase", f"{quoted(name)}!{area}", scope)
    if entries:
        book.add_sheets(entries)


def own_name(sheet: str) -> str:
    """The hidden name that points at our sheet of this name."""
    return SHEET_NAME + re.sub(r"\W", "_", sheet)


def own_sheets(book: Book) -> list[Sheet]:
    """The sheets that our hidden names point at."""
    wanted = {unquoted(n.target)[0] for n in book.names if n.name.startswith(SHEET_NAME)}
    return [s for s in book.sheets if s.name in wanted]


def header_row(sheet: OwnSheet) -> int:
    """The row (1-based) with the column heads, when it is the last of the frozen ones; else 0."""
    if not 0 < sheet.frozen < len(sheet.rows):
        return 0
    heads = [c for c in sheet.rows[sheet.frozen - 1] if c is not None]
    return sheet.frozen if heads and all(c.style == "head" for c in heads) else 0


def filter_area(sheet: OwnSheet, fixed: str = "") -> str:
    """The table with its heads (``A5:M40``, ``fixed`` before letters and numbers), "" without heads."""
    header = header_row(sheet)
    if not header:
        return ""
    filled = [n for n, c in enumerate(sheet.rows[header - 1], 1) if c is not None]
    first, last = f"{fixed}{column_letters(filled[0])}", f"{fixed}{column_letters(filled[-1])}"
    return f"{first}{fixed}{header}:{last}{fixed}{len(sheet.rows)}"


def tab_colour(order: int) -> str:
    """The colour of the tab of our first, second … sheet (from 0), as RRGGBB."""
    return _TABS[min(order, len(_TABS) - 1)]


def _free_name(name: str, taken: set[str]) -> str:
    """The name, or with a number behind it when the user has a sheet of that name."""
    k = 1
    free = name[:_LONGEST_NAME]
    while free.lower() in taken:
        k += 1
        end = f" ({k})"
        free = name[: _LONGEST_NAME - len(end)] + end
    return free


class _Page:
    """The XML of one of our sheets."""

    def __init__(self, book: Book, styles: Styles, sheet: OwnSheet, tab: bytes) -> None:
        self.book = book
        self.styles = styles
        self.sheet = sheet
        self.tab = tab
        self.spans = _row_spans(sheet.merges)
        self.across: dict[int, tuple[int, ...]] = {}  # by the number of cells in a row
        self.indexes: dict[tuple[str, ...], tuple[int, ...]] = {}  # of the styles, by a row's formats
        self.links: list[bytes] = []

    def render(self) -> bytes:
        sheet = self.sheet
        rows = b"".join(self._row(n, cells) for n, cells in enumerate(sheet.rows, 1))
        across = max([len(r) for r in sheet.rows] + [len(sheet.widths), 1])
        extent = f"A1:{column_letters(across)}{max(1, len(sheet.rows))}".encode()
        return b"".join(
            (
                b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="%s">'
                % self.book.dialect.main.encode(),
                b'<sheetPr><tabColor rgb="FF%s"/><pageSetUpPr fitToPage="1"/></sheetPr>' % self.tab,
                b'<dimension ref="%s"/>' % extent,
                self._view(),
                b'<sheetFormatPr defaultRowHeight="15"/>',
                self._cols(),
                b"<sheetData>" + rows + b"</sheetData>",
                self._filter(),
                self._merges(),
                b"<hyperlinks>%s</hyperlinks>" % b"".join(self.links) if self.links else b"",
                b'<printOptions horizontalCentered="1"/>',
                b'<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>',
                b'<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>',
                b"<headerFooter><oddFooter>%s</oddFooter></headerFooter>" % escape(_FOOTER),
                b"</worksheet>",
            )
        )

    def _view(self) -> bytes:
        pane = b""
        view = b'<sheetViews><sheetView showGridLines="0" workbookViewId="0">%s</sheetView></sheetViews>'
        if self.sheet.frozen:
            pane = (
                b'<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>'
                b'<selection pane="bottomLeft"/>' % (self.sheet.frozen, self.sheet.frozen + 1)
            )
        return view % pane

    def _cols(self) -> bytes:
        cols = b"".join(
            b'<col min="%d" max="%d" width="%s" customWidth="1"/>' % (n, n, f"{w:g}".encode())
            for n, w in enumerate(self.sheet.widths, 1)
        )
        return b"<cols>%s</cols>" % cols if cols else b""

    def _filter(self) -> bytes:
        area = filter_area(self.sheet)
        return b'<autoFilter ref="%s"/>' % area.encode() if area else b""

    def _merges(self) -> bytes:
        refs = b"".join(b'<mergeCell ref="%s"/>' % escape(m) for m in self.sheet.merges)
        return b'<mergeCells count="%d">%s</mergeCells>' % (len(self.sheet.merges), refs) if refs else b""

    def _row(self, number: int, cells: Cells) -> bytes:
        formats, linked = looks(cells)
        if formats not in self.indexes:
            self.indexes[formats] = tuple(map(self.styles.cell, formats))
        styles = self.indexes[formats]
        for n in linked:
            self._link(f"{column_letters(n)}{number}", cells[n - 1])
        return row_xml(number, cells, styles, self._across(number, len(cells)))

    def _across(self, row: int, count: int) -> tuple[int, ...]:
        """Characters that fit in each cell of a row: across its column, or its merged range."""
        widths = self.sheet.widths
        if count not in self.across:
            single = [max(1, int(w - 1)) for w in widths[:count]]
            self.across[count] = (*single, *[_DEFAULT_WIDTH] * (count - len(single)))
        plain = self.across[count]
        merged = self.spans.get(row)
        if not merged:
            return plain
        out = list(plain)
        for first, last in merged.items():
            if first <= count:
                out[first - 1] = max(1, int(sum(widths[first - 1 : last]) - 1))
        return tuple(out)

    def _link(self, ref: str, cell: SheetCell | None) -> None:
        assert cell is not None
        self.links.append(
            b'<hyperlink ref="%s" location="%s" display="%s"/>'
            % (ref.encode(), escape(cell.link), escape(str(cell.text).replace("\n", " ")))
        )


def _row_spans(merges: Sequence[str]) -> dict[int, dict[int, int]]:
    """For each row the merged ranges within it: first column and last column."""
    out: dict[int, dict[int, int]] = {}
    for merge in merges:
        first, last = (_REF.fullmatch(ref) for ref in (merge.split(":") * 2)[:2])
        if first and last and first[2] == last[2]:
            out.setdefault(int(first[2]), {})[letters_number(first[1])] = letters_number(last[1])
    return out


# -- reading back --------------------------------------------------------------------------------------


def own_sheet_rows(package: Package, sheet_name: str) -> list[list[str]]:
    """The texts of our sheet of this name as they stand now, row by row from the first; [] without it.

    The sheet is found by our hidden name, or, where that was lost, by its own name. Numbers come as
    written in the file; cells that are not there come as "".
    """
    draft = Draft(package)
    book = Book(draft)
    target = next((n.target for n in book.names if n.name == own_name(sheet_name)), "")
    sheet = book.sheet(unquoted(target)[0]) or book.sheet(sheet_name)
    data = draft.outline(sheet.part).child("sheetData") if sheet else None
    if data is None:
        return []
    shared = shared_strings(draft, book)
    rows: list[list[str]] = []
    for row in data.all("row"):
        number = int(row.attrs.get("r", len(rows) + 1))
        rows += [[] for _ in range(number - len(rows))]
        for cell in row.all("c"):
            found = _REF.fullmatch(cell.attrs.get("r", ""))
            col = letters_number(found[1]) if found else len(rows[number - 1]) + 1
            line = rows[number - 1]
            line += [""] * (col - len(line))
            line[col - 1] = _text(cell, shared)
    return rows


def shared_strings(draft: Draft, book: Book) -> list[str]:
    """The workbook's shared strings."""
    part = book.related("sharedStrings")
    return [decode_escapes(e.string()) for e in draft.outline(part).all("si")] if part else []


def _text(cell: Element, shared: list[str]) -> str:
    kind = cell.attrs.get("t", "n")
    if kind == "inlineStr":
        inline = cell.child("is")
        return decode_escapes(inline.string()) if inline else ""
    value = cell.child("v")
    text = value.text if value else ""
    if kind == "s":
        return shared[int(text)] if text.isdigit() and int(text) < len(shared) else ""
    return decode_escapes(text) if kind == "str" else text
