"""The scan of odd sheets: comments, CDATA, mixed prefixes, ``>`` in attributes. Slow and always right."""

from __future__ import annotations

import re
from xml.parsers.expat import ParserCreate

from .errors import refusal
from .limits import Limits
from .markup import MAIN, Markup
from .sheetscan import Cell, Element, Row, SheetScan, cell_ref, row_number, style_index

_TAG = re.compile(rb"<(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>")


class _Scanner:
    """Collects offsets from expat's callbacks; paths are (namespace name) pairs as expat joins them."""

    def __init__(self, xml: bytes, name: str, limits: Limits) -> None:
        self.xml, self.name, self.limits = xml, name, limits
        self.children: list[Element] = []
        self.rows: list[Row] = []
        self.cells: dict[int, list[Cell]] = {}
        self.depth = 0
        self.open: dict[int, tuple[int, int]] = {}  # depth → start, inner
        self.inside = False  # of sheetData
        self.row = self.col = self.style = 0
        self.parser = ParserCreate("UTF-8", " ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise refusal("too-deep", part=self.name, limit=self.limits.depth)
        if self.depth > 4:
            return
        at = self.parser.CurrentByteIndex
        found = _TAG.match(self.xml, at)
        self.open[self.depth] = (at, found.end() if found else at)
        local = _local(tag)
        if self.depth == 2:
            self.inside = local == "sheetData"
        elif self.depth == 3 and self.inside and local == "row":
            if len(self.rows) >= self.limits.rows:
                raise refusal("too-many-rows", sheet=self.name, limit=self.limits.rows)
            self.row = row_number(attributes["r"]) if attributes.get("r") else self.row + 1
            self.col = 0
            self.cells[at] = []
        elif self.depth == 4 and self.inside and local == "c":
            self.col = cell_ref(attributes["r"])[1] if attributes.get("r") else self.col + 1
            self.style = style_index(attributes.get("s", ""))

    def end(self, tag: str) -> None:
        if 2 <= self.depth <= 4:
            start, inner = self.open[self.depth]
            end = inner
            if self.xml[inner - 2] != 0x2F:  # not <x/>: the end tag stands here
                end = self.xml.index(b">", self.parser.CurrentByteIndex) + 1
            self._close(tag, start, inner, end)
        self.depth -= 1

    def _close(self, tag: str, start: int, inner: int, end: int) -> None:
        local = _local(tag)
        if self.depth == 2:
            self.children.append(Element(tag.rpartition(" ")[2], start, inner, end))
            self.inside = False
        elif self.depth == 3 and self.inside and local == "row":
            self.rows.append(Row(self.row, start, inner, end))
        elif self.depth == 4 and self.inside and local == "c":
            row_start = self.open[3][0]
            if row_start in self.cells:
                self.cells[row_start].append(Cell(self.row, self.col, start, inner, end, self.style))


def _local(tag: str) -> str:
    """Local name of an element of the spreadsheet namespace, "" for elements of others."""
    uri, _, name = tag.rpartition(" ")
    return name if uri in MAIN else ""


def scan_by_events(xml: bytes, name: str, markup: Markup, limits: Limits) -> SheetScan:
    """As :func:`~.sheetscan.scan_sheet`, for a part known to be well-formed."""
    if xml.count(b"<") > limits.odd_tags:
        raise refusal("part-too-many-tags", part=name, limit=limits.odd_tags)
    scanner = _Scanner(xml, name, limits)
    scanner.parser.Parse(xml, True)
    prefix = markup.prefix
    return SheetScan(
        xml,
        Markup(markup.namespace, markup.root, prefix, False),
        scanner.children,
        scanner.rows,
        scanner.cells,
    )
