"""Drives one headless LibreOffice; runs under the system's Python, which has the ``uno`` module.

Speaks JSON lines: one request on stdin, one answer on stdout. Requests: ``{"op": "values", "path": …}``,
``{"op": "pdf", "path": …, "out": …}`` and ``resave`` likewise; answers: ``{"ok": …}`` or ``{"error": …}``.
The first argument is the profile folder, which belongs to this process alone.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.uno import Exception as UnoException

ERRORS = 4  # com.sun.star.sheet.FormulaResult.ERROR
FORMULAS = 16  # com.sun.star.sheet.CellFlags.FORMULA
CODES = {
    501: "#VALUE!",  # invalid character
    502: "#VALUE!",  # invalid argument
    503: "#NUM!",
    504: "#REF!",
    508: "Err:508",
    511: "Err:511",
    519: "#VALUE!",
    523: "#NUM!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def prop(name, value):
    p = PropertyValue()
    p.Name, p.Value = name, value
    return p


def start(profile):
    """Start soffice on a pipe of its own and give its desktop."""
    user = Path(profile) / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    pipe = f"xlbudget{os.getpid()}"
    command = ["soffice", "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
    command += [f"-env:UserInstallation={Path(profile).as_uri()}", f"--accept=pipe,name={pipe};urp;"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except UnoException:
            if process.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise TimeoutError("soffice did not answer")


def opened(desktop, path):
    document = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (prop("Hidden", True),))
    if document is None:
        raise OSError(f"LibreOffice cannot open {path}")
    return document


def letters(col):
    out = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        out = chr(65 + rest) + out
    return out


def sheet_values(sheet):
    """{ref: value} of all cells with content: numbers, texts, booleans, errors as {"error": code}."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.RangeAddress
    area = sheet.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow)
    found = {}
    for r, (values, formulas) in enumerate(zip(area.getDataArray(), area.getFormulaArray(), strict=True)):
        for c, (value, formula) in enumerate(zip(values, formulas, strict=True)):
            if formula == "":
                continue
            if value in (0.0, 1.0) and formula.startswith("="):
                shown = sheet.getCellByPosition(c, r).String
                value = {"TRUE": True, "FALSE": False}.get(shown, value)
            found[f"{letters(c)}{r + 1}"] = value
    for address in area.queryFormulaCells(ERRORS).getRangeAddresses():
        for r in range(address.StartRow, address.EndRow + 1):
            for c in range(address.StartColumn, address.EndColumn + 1):
                code = sheet.getCellByPosition(c, r).getError()
                found[f"{letters(c)}{r + 1}"] = {"error": CODES.get(code, f"Err:{code}")}
    return found


def values(desktop, path):
    document = opened(desktop, path)
    try:
        document.calculateAll()
        return {sheet.Name: sheet_values(sheet) for sheet in document.Sheets}
    finally:
        document.close(True)


def pdf(desktop, path, out):
    document = opened(desktop, path)
    try:
        document.calculateAll()
        document.storeToURL(Path(out).as_uri(), (prop("FilterName", "calc_pdf_Export"),))
    finally:
        document.close(True)
    return out


def resaved(desktop, path, out):
    """What LibreOffice makes of a workbook when it opens and saves it."""
    document = opened(desktop, path)
    try:
        document.storeToURL(Path(out).as_uri(), (prop("FilterName", "Calc MS Excel 2007 XML"),))
    finally:
        document.close(True)
    return out


def filled(desktop, path, out, cells):
    """A workbook with ``{sheet: {ref: value}}`` typed into it, recalculated and saved."""
    document = opened(desktop, path)
    try:
        for name, contents in cells.items():
            sheet = document.Sheets.getByName(name)
            for ref, value in contents.items():
                cell = sheet.getCellRangeByName(ref)
                if isinstance(value, str):
                    cell.String = value
                else:
                    cell.Value = value
        document.calculateAll()
        document.storeToURL(Path(out).as_uri(), (prop("FilterName", "Calc MS Excel 2007 XML"),))
    finally:
        document.close(True)
    return out


def main():
    desktop = start(sys.argv[1])
    operations = {"values": values, "pdf": pdf, "resave": resaved, "fill": filled}
    print(json.dumps({"ok": "ready"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        operation = operations[request.pop("op")]
        try:
            answer = {"ok": operation(desktop, **request)}
        except (UnoException, OSError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, ensure_ascii=True), flush=True)
    try:
        desktop.terminate()
    except UnoException as error:
        print(error, file=sys.stderr)


if __name__ == "__main__":
    main()
