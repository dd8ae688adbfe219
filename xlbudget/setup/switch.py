"""The junction ``current`` and the settings: which version the add-in uses, and how."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import SetupError
from .layout import Layout
from .settings import read_settings, write_settings
from .sheet import sheet_settings
from .source import MODES
from .steps import Step

SECRET = ("token", "source")  # the address of a database may hold a password


def switching(layout: Layout, version: str) -> Step | None:
    """Point ``current`` at a version and note the one before it; None when it points there already."""
    before, noted = layout.current_version(), layout.previous_version()
    if before == version:
        return None

    def do() -> None:
        _point(layout, version)
        if before:
            layout.system.write(layout.previous_file, before.encode("ascii"))

    def undo() -> None:
        _point(layout, before)
        if noted:
            layout.system.write(layout.previous_file, noted.encode("ascii"))
        else:
            layout.system.remove(layout.previous_file)

    was = f"（原来是 {before}）" if before else ""
    return Step(f"启用版本 {version}{was}", do, undo)


def unlinking(layout: Layout) -> Step:
    before = layout.current_version()
    return Step("取消正在使用的版本", lambda: _point(layout, ""), lambda: _point(layout, before))


def _point(layout: Layout, version: str) -> None:
    """Junctions cannot be replaced in one go; between the two calls only ``current`` is missing."""
    if layout.current_version() == version:
        return
    if layout.system.link_target(layout.current) is not None:
        layout.system.unlink(layout.current)
    elif layout.current.exists():
        raise SetupError(f"“{layout.current}”应当由本程序建立，现在是别的文件夹；请改名或移走后再安装")
    if version:
        layout.system.link(layout.current, layout.version(version))


def stored(layout: Layout) -> dict[str, str]:
    """The settings in force: what was filled in on the add-in's sheet, then ``settings.txt``."""
    out = {**_filed(layout), **sheet_settings(layout.addin)}
    out["transport"] = out.get("transport", "").upper()
    if out["transport"] not in MODES:
        del out["transport"]
    return out


def _filed(layout: Layout) -> dict[str, str]:
    try:
        return read_settings(layout.settings.read_bytes())
    except FileNotFoundError:
        return {}


def settled(layout: Layout, given: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    """What was said this time, before what the user has, before what the bundle proposes."""
    return {**defaults, **stored(layout), **{key: value for key, value in given.items() if value}}


def with_python(layout: Layout, settings: Mapping[str, str], version: str) -> dict[str, str]:
    """The settings with the path of the Python to start, unless the user set one of their own.

    It is left out where it is the add-in's default. Call it when the version's folder is complete.
    """
    out = dict(settings)
    ours = out.get("python", "").lower().startswith(str(layout.root).lower())
    if "python" not in out or ours:
        out.pop("python", None)
        found = layout.windowless(layout.version(version))
        if found is not None and found.parent.name != "python":
            out["python"] = str(layout.current / found.relative_to(layout.version(version)))
    return out


def setting(layout: Layout, settings: Mapping[str, str], version: str) -> Step:
    """Write ``settings.txt``."""
    before = layout.settings.read_bytes() if layout.settings.exists() else None
    shown = "、".join(f"{k}={'******' if k in SECRET else v}" for k, v in settings.items() if v)

    def do() -> None:
        layout.system.write(layout.settings, write_settings(with_python(layout, settings, version)))

    def undo() -> None:
        if before is None:
            layout.system.remove(layout.settings)
        else:
            layout.system.write(layout.settings, before)

    return Step(f"写设置 {layout.settings}（{shown}）", do, undo)
