"""The add-in in the folder from which Excel loads what it finds there."""

from __future__ import annotations

from pathlib import Path

from .errors import CLOSE_EXCEL, SetupError
from .layout import Layout
from .steps import Step

LOCKED = f"Excel 正开着 xlbudget 加载项，换不了文件：{CLOSE_EXCEL}"


def check_free(layout: Layout) -> None:
    """Raises SetupError while Excel holds the add-in open; asked before anything is changed."""
    if layout.system.locked(layout.addin):
        raise SetupError(LOCKED)


def placing(layout: Layout, source: Path) -> Step:
    """Copy the add-in to XLSTART; Excel never sees half a file."""
    before = _bytes(layout.addin)

    def do() -> None:
        layout.xlstart.mkdir(parents=True, exist_ok=True)
        # beside XLSTART, not in it: Excel opens whatever lies in there, also what a power cut left
        new = layout.xlstart.with_name("~xlbudget.xlam.new")
        try:
            layout.system.copy(source, new)
            layout.system.unblock(new)
            layout.system.rename(new, layout.addin)
        finally:
            layout.system.remove(new)

    return Step(f"把加载项放到 {layout.addin}", do, lambda: _restore(layout, before), LOCKED)


def removing(layout: Layout) -> Step:
    before = _bytes(layout.addin)

    def do() -> None:
        layout.system.remove(layout.addin)

    return Step(f"删除加载项 {layout.addin}", do, lambda: _restore(layout, before), LOCKED)


def _restore(layout: Layout, before: bytes | None) -> None:
    if before == _bytes(layout.addin):
        return
    if before is None:
        layout.system.remove(layout.addin)
    else:
        new = layout.xlstart.with_name("~xlbudget.xlam.new")
        new.write_bytes(before)
        layout.system.rename(new, layout.addin)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
