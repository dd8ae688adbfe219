"""The add-in inside a LibreOffice: its real VBA presses the buttons on a form that is open beside it.

The add-in is built as a document (``xlsm``) whose macros LibreOffice runs; only the modules in ``doubles``
take another module's place. LibreOffice swallows errors of VBA: a test has to look for what must be there.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xlbudget.addin.build import build_addin
from xlbudget.excel.messages import Reply
from xlbudget.excel.wire import escape, unescape, write_reply

sys.path.append("/usr/lib/python3/dist-packages")

ROOT = Path(__file__).resolve().parents[2]
DOUBLES = {p.stem: p.read_text("utf-8") for p in (Path(__file__).parent / "doubles").iterdir()}
LIBRARY = "XlBudget"
START = 60.0  # seconds that LibreOffice may take
PRINTED = "_xlnm.Print_Area"
NUMBER = 1  # com.sun.star.sheet.FormulaResult.VALUE

PYTHON = """\
unset LD_LIBRARY_PATH PYTHONHOME
export PYTHONPATH='{path}'
'{python}' "$XB_TEST_DIR/command.py" > "$XB_TEST_DIR/python.log" 2>&1
echo $? > "$XB_TEST_DIR/status.txt"
"""
REQUEST = """\
unset LD_LIBRARY_PATH
{ read -r method; read -r url; read -r token; read -r seconds; } < "$XB_TEST_DIR/arguments.txt"
set -- -s -X "$method" --max-time "$seconds" -o "$XB_TEST_DIR/answer.bin" -w '%{http_code}'
if [ -n "$token" ]; then set -- "$@" -H "Authorization: Bearer $token"; fi
if [ "$method" = POST ]; then set -- "$@" --data-binary "@$XB_TEST_DIR/body.bin"; fi
curl "$@" "$url" > "$XB_TEST_DIR/status.txt"
"""


def available() -> bool:
    """Whether this machine has LibreOffice and lets this Python drive it."""
    try:
        import uno  # noqa: F401
    except ImportError:
        return False
    return bool(shutil.which("soffice") and shutil.which("curl"))


def properties(**values: Any) -> tuple[Any, ...]:
    from com.sun.star.beans import PropertyValue

    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Host:
    """A LibreOffice with the add-in open and hidden. Use it with ``with``."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="xlbudget-addin-"))
        self.python_is(PYTHON)
        (self.folder / "request.sh").write_text(REQUEST)
        for name in ("temp", "local/xlbudget", "documents"):
            (self.folder / name).mkdir(parents=True)
        self.addin_path = self.folder / "xlbudget.xlsm"
        self.addin_path.write_bytes(build_addin("xlsm", DOUBLES))

    def __enter__(self) -> Host:
        pipe = f"xlbudget-addin-{os.getpid()}"
        own = {"XB_TEST_DIR": "", "TEMP": "temp", "LOCALAPPDATA": "local"}
        self._office = subprocess.Popen(
            [
                *("soffice", "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
                f"-env:UserInstallation={(self.folder / 'profile').as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            env={**os.environ, **{key: str(self.folder / name) for key, name in own.items()}},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._desktop = self._connected(pipe)
        self._addin = self._load(self.addin_path, Hidden=True)
        return self

    def __exit__(self, *exc: object) -> None:
        from com.sun.star.uno import Exception as UnoException

        with contextlib.suppress(UnoException):
            self._desktop.terminate()
        try:
            self._office.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self._office.pid, 9)
            self._office.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _connected(self, pipe: str) -> Any:
        import uno
        from com.sun.star.connection import NoConnectException

        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + START
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            except NoConnectException:
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)
            else:
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def _load(self, path: Path, **how: Any) -> Any:
        how = {"MacroExecutionMode": 4, "UpdateDocMode": 3, **how}
        return self._desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, properties(**how))

    # ---- workbooks ----

    def open(self, path: Path) -> Any:
        """The UNO document of a workbook, in front of all others; open until :meth:`close_books`."""
        document = self._load(path)
        for sheet in map(document.Sheets.getByIndex, range(document.Sheets.Count)):
            if sheet.NamedRanges.hasByName(PRINTED):  # read twice: as printed range and as this name
                sheet.NamedRanges.removeByName(PRINTED)
        document.CurrentController.Frame.activate()
        document.calculateAll()
        return document

    def close_books(self) -> None:
        """Close all workbooks but the add-in, without saving."""
        for document in list(self.others()):
            document.close(True)

    def others(self) -> Iterator[Any]:
        """Workbooks that are open besides, other than the add-in."""
        found = self._desktop.Components.createEnumeration()
        while found.hasMoreElements():
            one = found.nextElement()
            if one.supportsService("com.sun.star.sheet.SpreadsheetDocument") and one != self._addin:
                yield one

    def saved(self, document: Any) -> bytes:
        """The workbook as it would be saved now."""
        path = self.folder / "saved.xlsx"
        document.storeToURL(path.as_uri(), properties(FilterName="Calc MS Excel 2007 XML"))
        return path.read_bytes()

    def printed(self, data: bytes, pdf: Path) -> None:
        """A workbook as a PDF, for a person to look at."""
        path = self.folder / "printed.xlsx"
        path.write_bytes(data)
        document = self._load(path, Hidden=True)
        document.storeToURL(pdf.as_uri(), properties(FilterName="calc_pdf_Export"))
        document.close(True)

    # ---- the add-in ----

    def run(self, name: str, *args: Any) -> Any:
        """Call ``Module.Procedure`` of the add-in; None also when VBA did not compile."""
        uri = f"vnd.sun.star.script:{LIBRARY}.{name}?language=Basic&location=document"
        return self._addin.getScriptProvider().getScript(uri).invoke(args, (), ())[0]

    def carry_out(self, reply: str | Reply) -> str:
        """What XbApply says of a reply, "" when all went well."""
        path = self.folder / "temp" / "canned.txt"
        path.write_bytes((reply if isinstance(reply, str) else write_reply(reply)).encode("ascii"))
        (self.folder / "told.txt").unlink(missing_ok=True)
        said = self.run("XbApply.FromFile", str(path))
        assert said is not None, "VBA did not run"
        return str(said)

    def press(self, callback: str) -> list[str]:
        """Press a button of the ribbon; what the user was told and asked, in order."""
        (self.folder / "told.txt").unlink(missing_ok=True)
        self.run(callback, self._addin.Sheets)
        return self.told()

    def told(self) -> list[str]:
        path = self.folder / "told.txt"
        lines = path.read_text("ascii").splitlines() if path.exists() else []
        return [unescape(line.partition("\t")[2]) for line in lines]

    def answers(self, letters: str) -> None:
        """What the user will answer: ``y`` or ``n`` for each question."""
        (self.folder / "answers.txt").write_text(letters)

    def settings(self, **values: str) -> None:
        """What settings.txt says, nothing else."""
        text = "".join(f"{key}={escape(value)}\r\n" for key, value in values.items())
        (self.folder / "local/xlbudget/settings.txt").write_bytes(text.encode("ascii"))

    def python_is(self, script: str) -> None:
        """The script that runs ``command.py``; PYTHON is the usual one."""
        path = f"{ROOT}:{ROOT / 'udfs'}"
        text = script.replace("{path}", path).replace("{python}", sys.executable)
        (self.folder / "python.sh").write_text(text)

    def log(self) -> str:
        """What Python printed last."""
        path = self.folder / "python.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def function(self, formula: str, cells: dict[str, float | str] | None = None, ref: str = "H1") -> Any:
        """The result of a formula in a cell of the add-in's own sheet: a float, a text or an error's text.

        ``cells`` are written first; a text that begins with = is a formula. Several cells as ``ref`` take
        the formula as an array; its results come as rows.
        """
        sheet = self._addin.Sheets.getByIndex(0)
        for place, value in (cells or {}).items():
            if isinstance(value, str):
                sheet.getCellRangeByName(place).setFormula(value)
            else:
                sheet.getCellRangeByName(place).setValue(value)
        text = re.sub(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', ";", formula)  # as UNO writes formulas
        area = sheet.getCellRangeByName(ref)
        if ":" in ref:
            area.setArrayFormula(text)
            return [list(row) for row in area.getDataArray()]
        area.setFormula(text)
        return area.Value if area.FormulaResultType2 == NUMBER and not area.getError() else area.String

    def forget_function(self, ref: str = "H1") -> None:
        """Clear the cells of a formula: the same one would not be calculated again."""
        self._addin.Sheets.getByIndex(0).getCellRangeByName(ref).clearContents(1023)

    def setting_cell(self, row: int, text: str) -> None:
        """Type into the column 内容 of the settings sheet."""
        self._addin.Sheets.getByIndex(0).getCellByPosition(1, row - 1).setString(text)
