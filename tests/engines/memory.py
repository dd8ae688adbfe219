"""Excel over openpyxl: fast, nothing is recalculated.

openpyxl was chosen over our own package code because a carrier must not be compared with itself. It keeps
what the tests look at: contents, formats, notes, conditional formats, names with scope and hidden flag,
custom properties. The one thing it drops, results of formulas, is put back into every saved copy.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from xlbudget.workbook.book import read_book

from .addin import MACRO, applied
from .memory_sheet import Sheet
from .model import Application
from .store import Named
from .windows import load, running

File = tuple[str, bytes]
_RESULT = re.compile(
    r'<c r="([A-Z]+)(\d+)"([^>]*?)(?: t="\w+")?>(<f\b[^>]*>[^<]*</f>|<f\b[^>]*/>)<v ?/?>(?:</v>)?</c>'
)


@contextmanager
def excel(*files: File, addin: bool = False, folder: str = "", calling: bool = True) -> Iterator[Application]:
    """An Excel with these workbooks open, the first in front; it calls Python when ``calling``."""
    with opened([(name, Book(data)) for name, data in files], addin, folder, calling) as app:
        yield app


@contextmanager
def opened(books: list[tuple[str, Any]], addin: bool, folder: str, calling: bool) -> Iterator[Application]:
    _, windows = load()
    app = Application()
    for name, store in reversed(books):
        app.add(name, store, folder)
    app.books.reverse()
    if addin:
        app.addins["xlbudget.xlam"] = {MACRO: lambda path: applied(app, path)}
    with running(app):
        windows.BOOK_CALLER = windows.COMRetryObjectWrapper(app.front) if calling else None
        try:
            yield app
        finally:
            windows.BOOK_CALLER = None
            for _, store in books:
                store.close()


class Book:
    """A workbook in memory."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(data))
        results = {sheet.name: sheet.cells.values() for sheet in read_book(data).sheets}
        self._sheets = [Sheet(page, results[page.title]) for page in self.book.worksheets]

    def sheets(self) -> list[Sheet]:
        return self._sheets

    def add_sheet(self, name: str, index: int) -> None:
        self._sheets.insert(index, Sheet(self.book.create_sheet(name, index), ()))

    def move_sheet(self, name: str, index: int) -> None:
        (moved,) = (s for s in self._sheets if s.name == name)
        self._sheets.remove(moved)
        self._sheets.insert(index, moved)

    def drop_sheet(self, name: str) -> None:
        (gone,) = (s for s in self._sheets if s.name == name)
        self._sheets.remove(gone)
        self.book.remove(gone.ws)

    def names(self) -> list[Named]:
        scopes = [("", self.book.defined_names), *((s.name, s.ws.defined_names) for s in self._sheets)]
        return [
            Named(scope, n.name, n.attr_text or "", bool(n.hidden))
            for scope, all_ in scopes
            for n in all_.values()
        ]

    def _scope(self, sheet: str) -> Any:
        return self.book[sheet].defined_names if sheet else self.book.defined_names

    def put_name(self, name: Named) -> None:
        self._scope(name.sheet)[name.name] = DefinedName(name.name, attr_text=name.target, hidden=name.hidden)

    def drop_name(self, name: Named) -> None:
        del self._scope(name.sheet)[name.name]

    def calculate(self) -> None:
        """Nothing: that is what :mod:`.calc` is for."""

    def save_copy(self, path: Path) -> None:
        path.write_bytes(self.data())

    def close(self) -> None:
        """Nothing is held."""

    def data(self) -> bytes:
        """The workbook as Excel would save it, results of formulas included."""
        self.book._sheets = [s.ws for s in self._sheets]
        for sheet in self._sheets:
            sheet.settle()
        out = io.BytesIO()
        self.book.save(out)
        parts = {f"xl/worksheets/sheet{n}.xml": s for n, s in enumerate(self._sheets, 1)}
        again = io.BytesIO()
        with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = old.read(name)
                if name in parts:
                    content = _RESULT.sub(parts[name].result, content.decode()).encode()
                new.writestr(name, content)
        return again.getvalue()
