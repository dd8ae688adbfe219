"""Edits of one worksheet part: elements at their place in the schema, cells at their place in the rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from xlbudget.rules.record import column_letters
from xlbudget.workbook.sheetscan import Cell, Element, Row, SheetScan, letters_number, scan_sheet
from xlbudget.workbook.xmltext import attributes

from .outline import set_attribute
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
COLUMN = re.compile(rb"""<(?:[\w.-]+:)?col\s(?:"[^"]*"|'[^']*'|[^>"'])*>""")
_SPANS = re.compile(rb"(\sspans\s*=\s*[\"'])(\d+):(\d+)([\"'])")
_EXTENT = re.compile(rb"""\sref\s*=\s*["']\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?["']""")
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

    @cached_property
    def columns(self) -> list[tuple[int, int, dict[str, str]]]:
        """The entries of columns: first, last, all attributes."""
        holder = self.scan.child("cols")
        out = []
        for tag in COLUMN.findall(self.xml, holder.inner, holder.end) if holder else []:
            a = attributes(tag.decode("utf-8", "replace"))
            first, last = a.get("min", ""), a.get("max", "")
            if first.isdigit() and last.isdigit():
                out.append((int(first), int(last), a))
        return out

    def column(self, col: int) -> dict[str, str]:
        """The attributes that the sheet states for a column; none where it has the standard width."""
        return next((a for first, last, a in self.columns if first <= col <= last), {})

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
        """:meth:`put_cells` for a row with one."""
        self.put_cells(row, {col: tail})

    def put_cells(self, row: int, tails: Mapping[int, bytes]) -> None:
        """Write cells of one row by their columns, in place of what stands there; once for each row.

        A tail follows the reference of its cell and goes up to the end tag.
        """
        p = self.prefix
        new = [
            (col, b'<%sc r="%s%d"%s' % (p, column_letters(col).encode(), row, tail))
            for col, tail in sorted(tails.items())
        ]
        whole = b"".join(cell for _, cell in new)
        found = self.rows.get(row)
        if found is None:
            self._put_row(row, b'<%srow r="%d">%s</%srow>' % (p, row, whole, p))
            return
        tag = self.xml[found.start : found.inner]
        wide = _SPANS.sub(lambda m: self._widened(m, new[0][0], new[-1][0]), tag)
        if found.empty:
            self.draft.replace(
                self.part, found.start, found.end, wide[:-2].rstrip() + b">" + whole + b"</%srow>" % p
            )
            return
        if wide != tag:
            self.draft.replace(self.part, found.start, found.inner, wide)
        cells = self.scan.cells(found)
        end = self.xml.rindex(b"</", found.inner, found.end)
        for col, cell in new:
            next_ = next((c for c in cells if c.col >= col), None)
            if next_ is not None and next_.col == col:
                self.draft.replace(self.part, next_.start, next_.end, cell)
            else:
                self.draft.insert(self.part, next_.start if next_ else end, cell)

    @staticmethod
    def _widened(spans: re.Match[bytes], first: int, last: int) -> bytes:
        return b"%s%d:%d%s" % (spans[1], min(int(spans[2]), first), max(int(spans[3]), last), spans[4])

    def grow_dimension(self, cells: Iterable[tuple[int, int]]) -> None:
        """Keep the stated extent of the sheet true: readers of other makes rely on it."""
        child = self.scan.child("dimension")
        if child is None:
            return
        tag = self.xml[child.start : child.inner]
        found = _EXTENT.search(tag)
        if not found:
            return
        rows, cols = (list(n) for n in zip(*cells, strict=True))
        rows += [int(found[2]), int(found[4] or found[2])]
        cols += [letters_number(found[1].decode()), letters_number((found[3] or found[1]).decode())]
        extent = f"{column_letters(min(cols))}{min(rows)}:{column_letters(max(cols))}{max(rows)}".encode()
        if (min(rows), min(cols)) == (max(rows), max(cols)):
            extent = extent.partition(b":")[0]
        self.draft.replace(self.part, child.start, child.inner, set_attribute(tag, b"ref", extent))

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
