"""Excel over LibreOffice: slower, and everything is really recalculated.

Saved copies are LibreOffice's, with its losses: names are no longer hidden, notes lose their authors. So a
workbook is compared with what the package patcher makes of such a copy, not of the original.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xlbudget.workbook.book import read_book

from .calc_sheet import Sheet
from .memory import File, opened
from .model import Application
from .soffice import Soffice, in_plain_words
from .store import Named

_OOXML = 3  # AddressConvention.XL_OOX


class Calc(Soffice):
    """``with Calc() as calc: with calc.excel(("表.xlsx", data)) as app:``."""

    @contextmanager
    def excel(self, *files: File, addin: bool = False, folder: str = "") -> Iterator[Application]:
        """An Excel with these workbooks open, the first in front."""
        with opened([(name, Book(self, data)) for name, data in files], addin, folder, True) as app:
            yield app


@in_plain_words
class Book:
    """A workbook in LibreOffice."""

    def __init__(self, calc: Calc, data: bytes) -> None:
        self.calc = calc
        path = Path(tempfile.mkdtemp(dir=calc.folder)) / "book.xlsx"
        path.write_bytes(data)
        self.document = calc.worker.opened(calc.desktop, path)
        self.document.calculateAll()
        self.document.enableAutomaticCalculation(False)
        self.document.addActionLock()  # no fitting of row heights after each text
        self.codes: dict[int, str] = {}  # of number formats, by their numbers
        raw = {s.name: s for s in read_book(data).sheets}
        self._sheets = [Sheet(self, s, raw[s.Name]) for s in self.document.Sheets]
        self.parser = self.document.createInstance("com.sun.star.sheet.FormulaParser")
        self.parser.CompileEnglish = True
        self.parser.FormulaConvention = _OOXML

    def sheets(self) -> list[Sheet]:
        return self._sheets

    def add_sheet(self, name: str, index: int) -> None:
        self.document.Sheets.insertNewByName(name, index)
        self._sheets.insert(index, Sheet(self, self.document.Sheets.getByIndex(index), None))

    def move_sheet(self, name: str, index: int) -> None:
        here = [s.name for s in self._sheets].index(name)
        self.document.Sheets.moveByName(name, index + (index > here))
        self._sheets.insert(index, self._sheets.pop(here))

    def drop_sheet(self, name: str) -> None:
        self.document.Sheets.removeByName(name)
        self._sheets = [s for s in self._sheets if s.name_was != name]

    def _scope(self, sheet: str) -> Any:
        return (self.document.Sheets.getByName(sheet) if sheet else self.document).NamedRanges

    def names(self) -> list[Named]:
        """Without their targets, which nobody asks for."""
        scopes = ["", *(s.name for s in self._sheets)]
        return [Named(scope, name, "") for scope in scopes for name in self._scope(scope).ElementNames]

    def put_name(self, name: Named) -> None:
        at = self._sheets[0].sheet.getCellByPosition(0, 0).CellAddress
        names = self._scope(name.sheet)
        if names.hasByName(name.name):
            names.removeByName(name.name)
        names.addNewByName(name.name, "0", at, 0)
        names.getByName(name.name).setTokens(self.parser.parseFormula(name.target, at))

    def drop_name(self, name: Named) -> None:
        self._scope(name.sheet).removeByName(name.name)

    def calculate(self) -> None:
        self.document.calculateAll()

    def save_copy(self, path: Path) -> None:
        for sheet in self._sheets:
            if sheet.guard.on:
                sheet.sheet.protect("")
        self.document.removeActionLock()
        filtered = self.calc.worker.prop("FilterName", "Calc MS Excel 2007 XML")
        self.document.storeToURL(path.resolve().as_uri(), (filtered,))
        self.document.addActionLock()
        for sheet in self._sheets:
            sheet.sheet.unprotect("")

    def data(self) -> bytes:
        path = self.calc.folder / "copy.xlsx"
        self.save_copy(path)
        return path.read_bytes()

    def close(self) -> None:
        self.document.close(True)

    def look(self, number: int, sheet: str) -> str:
        """The name of a cell style for a conditional format of ours."""
        name = f"xb {sheet} {number}"
        looks = self.document.StyleFamilies.getByName("CellStyles")
        if not looks.hasByName(name):
            looks.insertByName(name, self.document.createInstance("com.sun.star.style.CellStyle"))
        return name

    def format_key(self, code: str) -> int:
        """The number of a number format, made when it is new."""
        if code in ("", "General"):
            return 0
        from com.sun.star.lang import Locale

        here = Locale("zh", "CN", "")
        key = self.document.NumberFormats.queryKey(code, here, False)
        return int(key if key >= 0 else self.document.NumberFormats.addNew(code, here))
