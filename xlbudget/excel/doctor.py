"""``xlbudget doctor``: is everything here that a button needs? It looks, and changes nothing.

What stands in the way on this PC (Excel, WPS, policies, Defender, names) is asked in the words of set-up's
report before an installation; added to it is what can only be known afterwards.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlbudget import __version__
from xlbudget.setup.layout import Layout
from xlbudget.setup.system import System

from .registry import Registry, this_registry
from .state import home

_TELLING = 3  # characters: what is shorter stands in many words by chance


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report. ``mind`` when somebody has something to do; the text then says what."""

    area: str
    text: str
    mind: bool = False


@dataclass(frozen=True, slots=True)
class Pc:
    """The PC that is looked at. Tests stand in for each of them."""

    system: System
    registry: Registry
    windows: bool = True

    @property
    def layout(self) -> Layout:
        return Layout(self.system)


def this_pc() -> Pc:
    """The real one. Raises SetupError for an account without its folders."""
    if sys.platform == "win32":
        from xlbudget.setup.windows import Windows  # type: ignore[unreachable, unused-ignore]

        return Pc(Windows(), this_registry())
    return Pc(System(home().parent, home().parent), this_registry(), windows=False)


def examine(pc: Pc) -> list[Check]:
    """All checks, in the order in which somebody would look. A check that fails itself says so."""
    from . import doctor_checks as checks
    from . import doctor_install as install

    everywhere: tuple[tuple[str, Callable[[Pc], Iterator[Check]]], ...] = (
        ("程序", checks.programs),
        ("规则包", checks.packs),
        ("临时文件夹", checks.temporary),
        ("语言", checks.languages),
    )
    on_windows: tuple[tuple[str, Callable[[Pc], Iterator[Check]]], ...] = (
        ("安装", install.installed),
        ("加载项", install.addin),
        ("设置", install.settings),
        ("连接", install.connection),
        ("电脑", checks.this_computer),
    )
    out: list[Check] = []
    for area, check in (*everywhere, *(on_windows if pc.windows else ())):
        try:
            out += check(pc)
        except Exception as e:  # noqa: BLE001 - one strange PC must not hide the other findings
            out.append(
                Check(area, f"检查没有做成（{type(e).__name__}: {e}）；请把这句话发给开发者", mind=True)
            )
    if not pc.windows:
        text = f"这里不是 Windows（{platform.system()}），没有 Excel；只检查了程序本身"
        out.append(Check("电脑", text))
    return out


def report(checks: list[Check]) -> Iterator[str]:
    """The report for people, line by line."""
    yield f"xlbudget {__version__} 诊断，{datetime.now():%Y-%m-%d %H:%M}（只检查，不改动任何东西）"
    for check in checks:
        yield f"{'【注意】' if check.mind else '　　　　'}{check.area}：{check.text}"
    bad = sum(check.mind for check in checks)
    yield f"有 {bad} 处要处理，见【注意】。" if bad else "没有发现问题。"


def as_json(checks: list[Check], folders: dict[str, str]) -> bytes:
    """The report for programs, fit to be passed on: ``folders`` (path → word) takes the user's paths out."""
    told = {
        "xlbudget": __version__,
        "date": f"{datetime.now():%Y-%m-%d}",
        "python": platform.python_version(),
        "system": platform.platform(),
        "checks": [{"area": c.area, "mind": c.mind, "text": without(c.text, folders)} for c in checks],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def private_folders(system: System) -> dict[str, str]:
    """Folders whose names tell who the user is, the name itself, and what to say instead."""
    found = {
        str(system.local): "%LOCALAPPDATA%",
        str(system.roaming): "%APPDATA%",
        os.environ.get("TEMP", ""): "%TEMP%",
        str(Path.home()): "%USERPROFILE%",
        os.environ.get("USERNAME", ""): "%USERNAME%",
    }
    return {path: word for path, word in found.items() if len(path) >= _TELLING}


def without(text: str, folders: dict[str, str]) -> str:
    """The text with the folders, the longest first and in whatever letter case, replaced by their words."""
    for path in sorted(folders, key=len, reverse=True):
        word = folders[path].replace("\\", r"\\")
        text = re.sub(re.escape(path), word, text, flags=re.IGNORECASE)
    return text
