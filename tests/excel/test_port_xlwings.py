"""What the port uses of xlwings, and that nothing else of this project does.

xlwings is pinned, and its engines' interface is not documented: so every name that the port uses is listed
here, and each is looked up in the installed version, its Windows engine, and our object model.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.engines import looks, model, pages, rangemodel, sheetmodel
from tests.engines import names as namesmodel
from tests.engines.windows import load

ROOT = Path(__file__).resolve().parents[2]
PORT = [ROOT / "xlbudget" / "excel" / f"port{part}.py" for part in ("", "_steps", "_cells", "_quiet")]
PINNED = "0.37.8"

# xlwings' class → its names; None is the module itself
XLWINGS = {
    None: {"Book", "XlwingsError", "apps", "engines", "func", "ret", "has_pywin32"},
    "Engines": {"active"},
    "Apps": {"active"},
    "App": {
        *("alert", "api", "books", "calculate", "macro"),
        *("screen_updating", "enable_events", "display_alerts", "calculation"),
    },
    "Books": {"active"},
    "Book": {"_mock_caller", "api", "app", "caller", "name", "names", "sheets"},
    "Sheets": {"active", "add"},
    "Sheet": {"api", "cells", "delete", "name", "names", "page_setup", "visible"},
    "PageSetup": {"print_area"},
    "Names": {"add"},
    "Name": {"api", "delete", "name"},
    "Range": {
        *("api", "clear_formats", "color", "column_width", "font", "horizontal_alignment", "number_format"),
        *("row_height", "vertical_alignment", "wrap_text"),
    },
    "Font": {"api", "bold", "color", "name", "size"},
}
WINDOWS = {"_xlwindows", "BOOK_CALLER", "ExcelBusyError", "N_COM_ATTEMPTS", "pywintypes", "com_error"}
# members of Excel's own objects, behind .api
EXCEL = {
    *("Activate", "AddComment", "AutoFilter", "AutoFilterMode", "Borders", "Comment", "Delete", "Formula"),
    *("FormatConditions", "Goto", "Hyperlinks", "Merge", "PageSetup", "Path", "SaveCopyAs", "Shape", "Text"),
    *("Tab", "UseStandardWidth", "Value2", "Visible", "Windows", "Width", "Height", "Underline"),
    *("Add", "Color", "Count", "Formula1", "Interior", "LineStyle", "Pattern", "PatternColor", "Type"),
    *("SetFirstPriority", "StopIfTrue", "Weight"),
    *("DisplayGridlines", "FreezePanes", "SplitColumn", "SplitRow"),
    *("EnableSelection", "Protect", "ProtectContents", "ProtectDrawingObjects", "ProtectScenarios"),
    *("ProtectStructure", "Protection", "Unprotect"),
    *("CenterFooter", "CenterHorizontally", "FitToPagesTall", "FitToPagesWide", "Orientation", "PaperSize"),
    *("PrintTitleRows", "Zoom"),
}
# attributes that are Python's or this project's own
OTHERS = {
    *("argv", "modules", "platform", "startswith", "partition", "format", "append", "encode", "splitlines"),
    *("strip", "suffix", "lower", "read_bytes", "write_bytes", "with_suffix", "items", "setdefault", "pop"),
    *("discard", "compile", "fullmatch", "callback", "sleep", "book", "steps", "carry_out", "sheet", "ref"),
    *("args", "do", "values", "size", "bold", "line", "fill", "border", "heavy", "across", "down", "wrap"),
    *("font", "color", "name", "format", "__name__", "join", "replace"),
    *("hresult", "excepinfo", "strerror"),  # of pywin32's errors
}


def used() -> set[str]:
    """Every attribute name in the port, but for its private ones and the kinds of step."""
    found: set[str] = set()
    for path in PORT:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute):
                of_kinds = isinstance(node.value, ast.Name) and node.value.id == "Do"
                of_self = isinstance(node.value, ast.Name) and node.value.id == "self"
                if not of_kinds and not (of_self and node.attr.startswith("_")):
                    found.add(node.attr)
            asks = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("getattr", "hasattr")
            if asks:
                found |= {n.value for n in node.args[1:2] if isinstance(n, ast.Constant)}
    return found


def test_the_list_is_complete() -> None:
    known = set().union(*XLWINGS.values()) | WINDOWS | EXCEL | OTHERS
    assert used() - known == set()


def test_the_list_has_nothing_idle() -> None:
    """Settings are set by name, so they do not show as attributes; neither do errors' fields."""
    by_name = {"screen_updating", "enable_events", "display_alerts", "calculation"}
    listed = set().union(*XLWINGS.values()) | WINDOWS | EXCEL
    assert listed - used() - by_name == set()


def test_every_name_exists_in_the_pinned_version() -> None:
    xlwings, windows = load()
    assert xlwings.__version__ == PINNED
    for owner, names in XLWINGS.items():
        where = xlwings if owner is None else getattr(xlwings.main, owner)
        there = {*dir(where), "_mock_caller", "active"}  # set on first use; an attribute of instances
        assert names - there == set(), owner
    for name in WINDOWS - {"_xlwindows", "com_error"}:
        assert hasattr(windows, name), name
    assert hasattr(windows.pywintypes, "com_error")


@pytest.mark.parametrize(
    ("owner", "part"), [("App", "App"), ("Sheet", "Sheet"), ("Range", "Range"), ("Names", "Names")]
)
def test_every_name_exists_in_the_windows_engine(owner: str, part: str) -> None:
    _, windows = load()
    elsewhere = {"macro", "page_setup"} if owner == "App" else set()
    assert XLWINGS[owner] - elsewhere - set(dir(getattr(windows, part))) == set()


def test_every_member_of_excel_is_in_the_object_model() -> None:
    """Both engines stand on it: openpyxl and LibreOffice only keep the cells."""
    classes = [c for m in (model, namesmodel, sheetmodel, rangemodel, looks, pages) for c in _classes(m)]
    members = set().union(*(c._members for c in classes))
    assert EXCEL - members == set()


def _classes(module: ModuleType) -> list[type]:
    return [c for c in vars(module).values() if isinstance(c, type) and hasattr(c, "_members")]


# -- who imports it ------------------------------------------------------------------------------------


def imports(path: Path) -> set[str]:
    out: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            out.add(node.module)
    return out


def test_only_the_port_imports_xlwings() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("xlbudget", "udfs")
        for path in (ROOT / folder).rglob("*.py")
        if any(name.partition(".")[0] == "xlwings" for name in imports(path))
    }
    assert found == {"xlbudget/excel/port.py"}


EVERYTHING = """
import sys
from tests.engines.books import seed_b
from tests.engines.memory import excel
from xlbudget.excel import macros, port
import xlbudget_udfs
for addin in (True, False):
    with excel(("表.xlsx", seed_b()), addin=addin):
        for button in (macros.fill, macros.validate, macros.clear, macros.export):
            button()
assert "xlwings" in sys.modules
print([name for name, module in sys.modules.items() if name.startswith("xlwings.pro") and module])
"""


def test_nothing_of_xlwings_pro_is_ever_loaded(tmp_path: Path) -> None:
    env = {"PYTHONPATH": f"{ROOT}:{ROOT / 'udfs'}", "HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING], capture_output=True, text=True, env=env, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_xlwings_is_not_needed_where_nobody_talks_to_excel(tmp_path: Path) -> None:
    code = (
        "import sys; import xlbudget.excel.port, xlbudget_udfs; xlbudget_udfs.XB_RATE;"
        "print([m for m in sys.modules if m.startswith('xlwings') or m == 'pandas'])"
    )
    env = {"PYTHONPATH": f"{ROOT}:{ROOT / 'udfs'}", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
