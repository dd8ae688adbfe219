"""Uninstalling: what set-up made goes, what the user made stays."""

from __future__ import annotations

from pathlib import Path

from .addin import check_free, removing
from .agent import unregistering
from .layout import UNFINISHED, Layout
from .sheet import sheet_settings
from .source import SUMS, read_sums
from .steps import Say, Step, carry_out
from .switch import setting, stored, unlinking


def uninstall(layout: Layout, say: Say, everything: bool = False, what_if: bool = False) -> list[str]:
    """Remove the add-in and all versions; settings too with ``everything``. What had to stay, as sentences.

    Raises SetupError when nothing could be done.
    """
    check_free(layout)
    steps: list[Step] = []
    if stored(layout).get("transport") == "T2" and layout.python(layout.current):
        steps.append(unregistering(layout))
    if not everything and sheet_settings(layout.addin):
        steps.append(setting(layout, stored(layout), layout.current_version()))  # they go with the add-in
    if layout.addin.exists():
        steps.append(removing(layout))
    if layout.system.link_target(layout.current) is not None:
        steps.append(unlinking(layout))
    if layout.previous_file.exists():
        steps.append(Step("删除旧版本的记录", lambda: layout.system.remove(layout.previous_file)))
    for path in (layout.settings, layout.log) if everything else ():
        if path.exists():
            steps.append(Step(f"删除 {path}", lambda p=path: layout.system.remove(p)))  # type: ignore[misc]
    folders = [*map(layout.version, layout.versions()), *layout.unfinished()]
    if not steps and not folders:
        say("没有找到已安装的 xlbudget，不用卸载")
        return []
    carry_out(steps, say, what_if)
    left = []
    for folder in folders:
        say(f"{'将会' if what_if else '正在'}删除 {folder}")
        if not what_if:
            left += _remove(layout, folder)
    if not what_if and layout.root.is_dir() and not any(layout.root.iterdir()):
        layout.system.remove(layout.root)
    return left


def _remove(layout: Layout, folder: Path) -> list[str]:
    """Remove a version's folder; why it stays, if it does."""
    own = _strange_workbook(folder)
    if own:
        return [f"{folder} 里有不是本程序的文件“{own}”，整个文件夹没有删除；请把它移走后手工删除文件夹"]
    if layout.system.python.is_relative_to(folder):
        return [f"{folder} 里的 Python 正在运行本程序，请在窗口关闭后手工删除这个文件夹"]
    gone = folder if folder.suffix in UNFINISHED else folder.with_name(folder.name + ".gone")
    try:
        if gone != folder:
            layout.system.rename(folder, gone)  # fails while a file in it is in use, before any is lost
        layout.system.remove(gone)
    except OSError:
        left = gone if gone.exists() else folder
        return [f"{left} 正被占用；请关闭 Excel、注销再登录后手工删除，或再卸载一次"]
    return []


def _strange_workbook(folder: Path) -> str:
    """A workbook that somebody keeps in a folder of ours."""
    try:
        ours = read_sums((folder / SUMS).read_bytes())
    except (OSError, ValueError):
        return ""
    found = (p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*.[xX][lL][sS]*")))
    return next((name for name in found if name not in ours), "")
