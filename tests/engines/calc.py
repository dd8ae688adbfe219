"""Excel over LibreOffice: slower, and everything is really recalculated.

Saved copies are LibreOffice's, with its losses: names are no longer hidden, notes lose their authors. So a
workbook is compared with what the package patcher makes of such a copy, not of the original.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from xlbudget.workbook.book import read_book

from .memory import File, opened
from .model import Application
from .store import Box, Condition, Guard, Named, Value

_CONTENTS, _FORMATS = 1 | 2 | 4 | 16, 32 | 64  # com.sun.star.sheet.CellFlags
_OOXML = 3  # AddressConvention.XL_OOX
_CONDITION, _BY_FORMULA = 0, 24  # ConditionEntryType.CONDITION, as the operator of formulas reads
_ERRORS = {
    502: "#VALUE!",
    503: "#NUM!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
_EMPTY, _VALUE, _TEXT = "EMPTY", "VALUE", "TEXT"

T = TypeVar("T")


class CrashedError(RuntimeError):
    """LibreOffice is gone; it does that now and then."""


class Calc:
    """A headless LibreOffice with a profile of its own. ``with Calc() as calc: with calc.excel(...)``."""

    def __enter__(self) -> Calc:
        sys.path.append("/usr/lib/python3/dist-packages")
        try:
            from tests import office_worker
        finally:
            sys.path.pop()
        self.worker = office_worker
        self.folder = Path(tempfile.mkdtemp(prefix="xlbudget-calc-"))
        self._starts = 0
        self._start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        self._starts += 1
        user = self.folder / f"profile{self._starts}" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(self.worker.SETTINGS, encoding="utf-8")
        pipe = f"xlbudgetcalc{os.getpid()}x{self._starts}"
        command = ["soffice", "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        command += [f"-env:UserInstallation={user.parent.as_uri()}", f"--accept=pipe,name={pipe};urp;"]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        self.desktop = self._desktop(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")

    def _desktop(self, address: str) -> Any:
        import uno

        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(600):
            try:
                context = resolver.resolve(address)
            except self.worker.UnoException:
                time.sleep(0.1)
            else:
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        raise CrashedError("soffice did not answer")

    def _stop(self) -> None:
        """End this soffice and nothing else: its processes share a session."""
        with suppress(self.worker.UnoException):
            self.desktop.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def twice(self, body: Callable[[], None]) -> None:
        """Do something, and when it failed because LibreOffice crashed, once more."""
        try:
            body()
        except (CrashedError, AssertionError):
            if self._alive():
                raise
            self._stop()
            self._start()
            body()

    def _alive(self) -> bool:
        try:
            self.desktop.getComponents()
        except self.worker.UnoException:
            return False
        return self._process.poll() is None

    @contextmanager
    def excel(self, *files: File, addin: bool = False, folder: str = "") -> Iterator[Application]:
        """An Excel with these workbooks open, the first in front."""
        with opened([(name, Book(self, data)) for name, data in files], addin, folder, True) as app:
            yield app


def _in_plain_words(store: type[T]) -> type[T]:
    """LibreOffice's exceptions cannot go through Python's machinery unharmed; they become Python's own."""
    for name, member in list(vars(store).items()):
        if isinstance(member, FunctionType) and (name == "__init__" or not name.startswith("_")):
            setattr(store, name, _plainly(member))
    return store


def _plainly(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except Exception as e:
            if not hasattr(e, "Message"):
                raise
            text = f"{type(e).__name__}: {e.Message}"
        gone = any(word in text for word in ("isposed", "bridge", "NoConnect", "uno.RuntimeException"))
        raise (CrashedError if gone else RuntimeError)(f"{method.__qualname__}: {text}")

    return call


@_in_plain_words
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


@_in_plain_words
class Sheet:
    """One worksheet in LibreOffice, which itself never protects it: the model does."""

    def __init__(self, book: Book, sheet: Any, raw: Any) -> None:
        self.book = book
        self.sheet = sheet
        self.filtered = ""
        self.guard = Guard(on=bool(sheet.isProtected()))
        sheet.unprotect("")
        self._merges = [(m.row, m.col, m.row2, m.col2) for m in raw.merges] if raw else []
        self.name_was = sheet.Name
        self._conditions: list[Condition] | None = None
        self._known: dict[tuple[int, int], Any] = {}  # cells asked for before; each asking is a call
        self._notes = {(n.Position.Row + 1, n.Position.Column + 1) for n in sheet.Annotations}

    @property
    def name(self) -> str:
        return self.name_was

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.Name = self.name_was = value

    def last(self) -> tuple[int, int]:
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        return cursor.RangeAddress.EndRow + 1, cursor.RangeAddress.EndColumn + 1

    # -- cells -------------------------------------------------------------------------------------

    def _cell(self, row: int, col: int) -> Any:
        if (row, col) not in self._known:
            self._known[row, col] = self.sheet.getCellByPosition(col - 1, row - 1)
        return self._known[row, col]

    def _area(self, box: Box) -> Any:
        return self.sheet.getCellRangeByPosition(box[1] - 1, box[0] - 1, box[3] - 1, box[2] - 1)

    def value(self, row: int, col: int) -> Value:
        cell = self._cell(row, col)
        kind = cell.Type.value
        if kind == _EMPTY:
            return None
        if cell.getError():
            return _ERRORS.get(cell.getError(), "#VALUE!")
        if kind == _VALUE or (kind != _TEXT and cell.FormulaResultType2 == 1):
            return float(cell.Value)
        return str(cell.String)

    def formula(self, row: int, col: int) -> str:
        cell = self._cell(row, col)
        if cell.Type.value != "FORMULA":
            return ""
        return str(self.book.parser.printFormula(cell.getTokens(), cell.CellAddress))

    def put(self, row: int, col: int, value: Value, formula: str = "") -> None:
        cell = self._cell(row, col)
        if formula:
            cell.setTokens(self.book.parser.parseFormula(formula, cell.CellAddress))
        elif value is None:
            cell.clearContents(_CONTENTS)
        elif isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(float(value))

    def number_format(self, row: int, col: int) -> str:
        key = self._cell(row, col).NumberFormat
        if key not in self.book.codes:
            code = self.book.document.NumberFormats.getByKey(key).FormatString
            self.book.codes[key] = "General" if code in ("常规", "General") else str(code)
        return self.book.codes[key]

    def wraps(self, row: int, col: int) -> bool:
        return bool(self._cell(row, col).IsTextWrapped)

    def style(self, box: Box, what: str, value: Any) -> None:
        """Only what decides about contents; looks are compared over the other store."""
        if what == "format":
            self._area(box).NumberFormat = self.book.format_key(value)
        elif what == "wrap":
            self._area(box).IsTextWrapped = bool(value)

    def plain(self, box: Box) -> None:
        self._area(box).clearContents(_FORMATS)

    def merges(self) -> list[Box]:
        return self._merges

    def merge(self, box: Box) -> None:
        self._area(box).merge(True)
        self._merges.append(box)

    def link(self, row: int, col: int, target: str) -> None:
        cell = self._cell(row, col)
        shown = cell.String
        link = self.book.document.createInstance("com.sun.star.text.TextField.URL")
        link.URL = "#" + target.replace("!", ".")
        link.Representation = shown
        cell.setString("")
        cell.insertTextContent(cell.createTextCursor(), link, False)

    # -- notes -------------------------------------------------------------------------------------

    def note(self, row: int, col: int) -> str | None:
        return str(self._cell(row, col).Annotation.String) if (row, col) in self._notes else None

    def set_note(self, row: int, col: int, text: str | None) -> None:
        notes = self.sheet.Annotations
        if (row, col) in self._notes:
            places = [(n.Position.Row + 1, n.Position.Column + 1) for n in notes]
            notes.removeByIndex(places.index((row, col)))
            self._notes.discard((row, col))
        if text is not None:
            notes.insertNew(self._cell(row, col).CellAddress, text)
            self._notes.add((row, col))

    # -- conditional formats -----------------------------------------------------------------------

    def conditions(self) -> list[Condition]:
        if self._conditions is None:
            self._conditions = [
                c for f in self.sheet.ConditionalFormats.getConditionalFormats() for c in _entries(f)
            ]
        return self._conditions

    def add_condition(self, condition: Condition) -> None:
        condition.key = self._add([self._area(b).RangeAddress for b in condition.areas])
        self._enter(condition.key, condition.formula, _BY_FORMULA, self.book.look(condition.key, self.name))
        if self._conditions is not None:
            self._conditions.append(condition)

    def to_front(self, condition: Condition) -> None:
        """Their order is not compared here."""

    def _add(self, areas: Iterable[Any]) -> int:
        ranges = self.book.document.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddresses(tuple(areas), False)
        return int(self.sheet.ConditionalFormats.createByRange(ranges))

    def _format(self, number: int) -> Any:
        return next(f for f in self.sheet.ConditionalFormats.getConditionalFormats() if number == f.ID)

    def _enter(self, number: int, formula: str, operator: int, look: str) -> None:
        one = self._format(number)
        at = one.getCount()
        one.createEntry(_CONDITION, at)
        entry = one.getByIndex(at)
        entry.Operator, entry.Formula1, entry.StyleName = operator, formula, look

    def change_condition(self, condition: Condition) -> None:
        looks = self.book.document.StyleFamilies.getByName("CellStyles")
        if condition.fill:
            looks.getByName(self.book.look(condition.key, self.name)).CellBackColor = int(condition.fill, 16)

    def drop_condition(self, condition: Condition) -> None:
        """LibreOffice puts rules over equal ranges into one, and cannot take one of them out."""
        one = self._format(condition.key)
        areas = one.Range.RangeAddresses
        entries = [one.getByIndex(k) for k in range(one.getCount())]
        left = [(e.Formula1, e.Operator, e.StyleName) for e in entries if e.Formula1 != condition.formula]
        self.sheet.ConditionalFormats.removeByID(condition.key)
        if left:
            number = self._add(areas)
            for entry in left:
                self._enter(number, *entry)
        self._conditions = None

    # -- the sheet ---------------------------------------------------------------------------------

    def width(self, first: int, last: int, characters: float | None) -> None:
        for col in range(first - 1, last):
            column = self.sheet.Columns.getByIndex(col)
            column.Width = round((8.43 if characters is None else characters) * 195 + 130)

    def height(self, first: int, last: int, points: float) -> None:
        for row in range(first - 1, last):
            self.sheet.Rows.getByIndex(row).Height = round(points * 35.28)

    def print_area(self, area: str) -> None:
        ranges = [self.sheet.getCellRangeByName(a).RangeAddress for a in area.split(",") if a]
        self.sheet.setPrintAreas(tuple(ranges))
        if self.sheet.NamedRanges.hasByName("_xlnm.Print_Area"):  # left over from the file
            self.sheet.NamedRanges.removeByName("_xlnm.Print_Area")

    def page(self, what: str, value: Any) -> None:
        if what == "tab":
            self.sheet.TabColor = int(value, 16)
        elif what == "filter" and value:
            self.filtered = "on"


def _entries(one: Any) -> Iterator[Condition]:
    for k in range(one.getCount()):
        entry = one.getByIndex(k)
        if entry.getType() == _CONDITION:
            boxes = [
                (a.StartRow + 1, a.StartColumn + 1, a.EndRow + 1, a.EndColumn + 1)
                for a in one.Range.RangeAddresses
            ]
            kind = 2 if entry.Operator == _BY_FORMULA else 1
            yield Condition(boxes, entry.Formula1, kind, key=one.ID)
