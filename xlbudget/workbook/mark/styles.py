"""Additions to the styles part: differential formats for marks, cell formats for labels and own sheets.

Everything is appended, so that every index in use keeps its meaning.
"""

from __future__ import annotations

from .look import CELLS, CellLook, cell_look, differential
from .outline import Element, outline, set_attribute
from .skeleton import Book
from .splice import Draft, Edit, spliced

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%s">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b"</styleSheet>"
)
# What a list must contain before its first entry of ours (index 0 belongs to cells without a style).
_NO_FILL = b'<@fill><@patternFill patternType="none"/></@fill>'
_FIRST = {
    "fonts": b'<@font><@sz val="11"/><@name val="Calibri"/></@font>',
    "fills": _NO_FILL + _NO_FILL.replace(b"none", b"gray125"),
    "borders": b"<@border><@left/><@right/><@top/><@bottom/><@diagonal/></@border>",
    "cellXfs": b'<@xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "dxfs": b"",
}
_ENTRY = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf", "dxfs": "dxf"}
_SEVERAL = {"fills": 2}


class Styles:
    """The styles part of a workbook within a draft; additions are put down by :meth:`write`."""

    def __init__(self, draft: Draft, book: Book) -> None:
        self.draft = draft
        self.book = book
        self.part = book.related("styles")
        # a workbook without any styles gets the smallest styles part there can be
        self.source = draft.source(self.part) if self.part else _EMPTY % book.dialect.main.encode()
        self.root = draft.outline(self.part) if self.part else outline(self.source, "styles")
        self.prefix = self.root.prefix
        self._new: dict[str, list[bytes]] = {}
        self._known: dict[tuple[str, bytes], int] = {}
        self._cells: dict[str, int] = {}

    def mark(self, severity: str) -> int:
        """The index of the differential format of a severity."""
        return self._add("dxfs", differential(severity, self.prefix))

    def cell(self, look: str) -> int:
        """The index of one of our cell formats (a key of :data:`.look.CELLS`)."""
        if look not in self._cells:
            self._cells[look] = self._add("cellXfs", self._format(cell_look(CELLS[look])))
        return self._cells[look]

    def _format(self, look: CellLook) -> bytes:
        font = self._add("fonts", look.font.replace(b"@", self.prefix))
        fill = self._add("fills", look.fill.replace(b"@", self.prefix)) if look.fill else 0
        border = self._add("borders", look.border.replace(b"@", self.prefix)) if look.border else 0
        p = self.prefix
        return (
            b'<%sxf numFmtId="%d" fontId="%d" fillId="%d" borderId="%d"%s applyFont="1" applyFill="1"'
            b' applyBorder="1" applyAlignment="1" applyNumberFormat="1"><%salignment %s/></%sxf>'
            % (p, look.format, font, fill, border, self._base, p, look.align, p)
        )

    @property
    def _base(self) -> bytes:
        base = self.root.child("cellStyleXfs")
        return b' xfId="0"' if base and base.all("xf") else b""

    def _add(self, section: str, entry: bytes) -> int:
        key = (section, entry)
        if key not in self._known:
            new = self._new.setdefault(section, [])
            self._known[key] = self._count(section) + len(new)
            new.append(entry)
        return self._known[key]

    def _count(self, section: str) -> int:
        """How many entries stand there before ours, counting those that must be put first."""
        holder = self.root.child(section)
        found = _entries(holder, _ENTRY[section]) if holder else 0
        if section == "dxfs" or found:
            return found
        return _SEVERAL.get(section, 1)

    def write(self) -> None:
        edits: list[Edit] = []
        for section, entries in self._new.items():
            edits += self._extend(section, b"".join(entries), self._count(section) + len(entries))
        if self.part:
            for e in edits:
                self.draft.replace(self.part, e.start, e.end, e.new)
        elif edits:
            part = self.draft.fresh(self.book.folder + "styles{}.xml")
            self.draft.create(part, spliced(self.source, edits)[0], _CONTENT_TYPE)
            self.draft.relate(self.book.main, self.book.dialect.relation("styles"), part)

    def _extend(self, section: str, new: bytes, count: int) -> list[Edit]:
        """The edits that put entries at the end of a list, making the list where there is none."""
        holder = self.root.child(section)
        if holder is None or not _entries(holder, _ENTRY[section]):
            new = _FIRST[section].replace(b"@", self.prefix) + new
        name = self.prefix + section.encode()
        whole = b'<%s count="%d">%s</%s>' % (name, count, new, name)
        if holder is None:
            later = _ORDER[_ORDER.index(section) + 1 :]
            after = next((c for c in self.root.children if c.name in later), None)
            at = after.start if after else self.root.close
            return [Edit(at, at, whole)]
        if holder.empty:
            return [Edit(holder.start, holder.end, whole)]
        edits = [Edit(holder.close, holder.close, new)]
        if "count" in holder.attrs:
            counted = set_attribute(self.source[holder.start : holder.inner], b"count", b"%d" % count)
            edits.append(Edit(holder.start, holder.inner, counted))
        return edits


def _entries(holder: Element, name: str) -> int:
    """How many entries a list has; of alternatives (``mc:AlternateContent``) the first counts."""
    alternatives = [c.children[0] for c in holder.all("AlternateContent") if c.children]
    return len(holder.all(name)) + sum(len(a.all(name)) for a in alternatives)
