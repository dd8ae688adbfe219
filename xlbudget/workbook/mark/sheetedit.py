"""Edits of one worksheet part: elements at their place in the schema, cells at their place in the rows."""

from __future__ import annotations

import re
from functools import cached_property

from xlbudget.rules.record import column_letters
from xlbudget.workbook.sheetscan import Cell, Element, Row, SheetScan, letters_number, scan_sheet
from xlbudget.workbook.xmltext import attributes

from .skeleton import Book, Sheet
from .splice import Draft

_ORDER = {
    name: n
    for n, name in enumerate(
        re.findall(
            r"\w+",
            "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection"
            " protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells"
            " phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup"
            " headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing"
            " legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts"
            " extLst",
        )
    )
}
_SPANS = re.compile(rb"(\sspans\s*=\s*[\"'])(\d+):(\d+)([\"'])")
_CELL_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})\d""")
_MERGE = re.compile(rb"""\sref\s*=\s*["']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)["']""")


def start_tag(xml: bytes, element: Element | Row | Cell) -> dict[str, str]:
    """The attributes of an element's opening tag, by the names as written."""
    return attributes(xml[element.start : element.inner].decode("utf-8", "replace"))


class SheetEdit:
    """One worksheet within a draft. Insert children in schema order of their names."""

    def __init__(self, draft: Draft, book: Book, sheet: Sheet) -> None:
        self.draft = draft
        self.book = book
        self.sheet = sheet
        self.part = sheet.part
        self.xml = draft.source(self.part)
        package = draft.package
        markup = package.markup(self.part, self.xml)
        self.scan: SheetScan = scan_sheet(self.xml, self.part, package.limits, markup)
        self.prefix = self.scan.prefix
        self.rows = {r.row: r for r in self.scan.rows}
        self._new_rows: dict[int, list[tuple[int, bytes]]] = {}  # offset → (number, row)

    def insert_child(self, name: str, xml: bytes, first: bool = False) -> None:
        """Put a direct child of the worksheet where the schema wants it, ``first`` or last of its name."""
        rank = _ORDER[name] - first
        after = next((c for c in self.scan.children if self._rank(c) > rank), None)
        at = after.start if after else self.xml.rindex(b"</")
        self.draft.insert(self.part, at, xml)

    @staticmethod
    def _rank(child: Element) -> int:
        """Alternatives at the top of a sheet hold controls; what is unknown counts as standing last."""
        if child.name == "AlternateContent":
            return _ORDER["controls"]
        return _ORDER.get(child.name, _ORDER["extLst"])

    def children(self, name: str) -> list[Element]:
        return [c for c in self.scan.children if c.name == name]

    # -- reading -----------------------------------------------------------------------------------

    @cached_property
    def merges(self) -> list[tuple[int, int, int, int]]:
        """The merged ranges as (row, column, last row, last column)."""
        holder = self.scan.child("mergeCells")
        if holder is None:
            return []
        found = _MERGE.findall(self.xml, holder.inner, holder.end)
        number = letters_number
        return [(int(b), number(a.decode()), int(d), number(c.decode())) for a, b, c, d in found]

    def last_content_col(self) -> int:
        """The rightmost column that shows something: a value or a formula (0 on an empty sheet)."""
        return max((self._last_in(row) for row in self.scan.rows if not row.empty), default=0)

    def _last_in(self, row: Row) -> int:
        """The rightmost cell with content in a row: looked up from the row's end where that is safe."""
        if self.scan.markup.plain:
            end = self.xml.rfind(b"</%sc>" % self.prefix, row.inner, row.end)
            start = self.xml.rfind(b"<%sc " % self.prefix, row.inner, end) if end > 0 else -1
            found = _CELL_COLUMN.search(self.xml, start, end) if start > 0 else None
            if found:
                return letters_number(found[1].decode())
        return next((c.col for c in reversed(self.scan.cells(row)) if c.inner < c.end), 0)

    # -- cells -------------------------------------------------------------------------------------

    def put_cell(self, row: int, col: int, tail: bytes) -> None:
        """Write a cell, in place of what stands there; ``tail`` follows its reference and ends its tag."""
        p = self.prefix
        cell = b'<%sc r="%s%d"%s' % (p, column_letters(col).encode(), row, tail)
        found = self.rows.get(row)
        if found is None:
            self._put_row(row, b'<%srow r="%d">%s</%srow>' % (p, row, cell, p))
            return
        tag = self.xml[found.start : found.inner]
        wide = _SPANS.sub(lambda m: self._widened(m, col), tag)
        if found.empty:
            self.draft.replace(
                self.part, found.start, found.end, wide[:-2].rstrip() + b">" + cell + b"</%srow>" % p
            )
            return
        if wide != tag:
            self.draft.replace(self.part, found.start, found.inner, wide)
        cells = self.scan.cells(found)
        old = next((c for c in cells if c.col == col), None)
        after = next((c for c in cells if c.col > col), None)
        if old:
            self.draft.replace(self.part, old.start, old.end, cell)
        else:
            end = self.xml.rindex(b"</", found.inner, found.end)
            self.draft.insert(self.part, after.start if after else end, cell)

    @staticmethod
    def _widened(spans: re.Match[bytes], col: int) -> bytes:
        first, last = min(int(spans[2]), col), max(int(spans[3]), col)
        return b"%s%d:%d%s" % (spans[1], first, last, spans[4])

    def _put_row(self, number: int, xml: bytes) -> None:
        data = self.scan.child("sheetData")
        after = next((r for r in self.scan.rows if r.row > number), None)
        if after:
            at = after.start
        elif data is None or data.inner == data.end:
            at = -1
        else:
            at = self.xml.rindex(b"</", data.inner, data.end)
        self._new_rows.setdefault(at, []).append((number, xml))

    def finish(self) -> None:
        """Put down the rows that had to be created."""
        for at, rows in self._new_rows.items():
            new = b"".join(xml for _, xml in sorted(rows))
            data = self.scan.child("sheetData")
            whole = b"<%ssheetData>%s</%ssheetData>" % (self.prefix, new, self.prefix)
            if at >= 0:
                self.draft.insert(self.part, at, new)
            elif data is None:
                self.insert_child("sheetData", whole)
            else:
                self.draft.replace(self.part, data.start, data.end, whole)
