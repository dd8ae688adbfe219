"""Installing and upgrading."""

from __future__ import annotations

from collections.abc import Mapping

from .addin import check_free, placing
from .agent import registering, unregistering
from .layout import Layout
from .source import ADDIN, Bundle, verify
from .steps import Say, Step, carry_out
from .switch import setting, settled, stored, switching
from .tree import check_python, tree_steps


def install(
    layout: Layout, bundle: Bundle, given: Mapping[str, str], say: Say, what_if: bool = False
) -> dict[str, str]:
    """Install the bundle, or repair or upgrade what is there; the settings as they are now.

    ``given`` holds what was asked for this time: transport (T1, T2, T3), service, token, pack. Raises
    SetupError, with everything as it was before, when it cannot be done.
    """
    say(f"安装包：{bundle.folder}，版本 {bundle.version}，{len(bundle.sums)} 个文件，正在核对……")
    verify(bundle)
    before = stored(layout).get("transport", "")
    settings = settled(layout, given, {"transport": bundle.mode, "service": bundle.service})
    mode = settings["transport"]
    if mode != "T3":
        check_python(layout, bundle)
    check_free(layout)
    carry_out(_steps(layout, bundle, settings, before), say, what_if)
    if not what_if:
        tidy(layout, say)
    return settings


def _steps(layout: Layout, bundle: Bundle, settings: Mapping[str, str], before: str) -> list[Step]:
    steps = tree_steps(layout, bundle, settings["transport"])
    if settings["transport"] != "T2" and before == "T2" and layout.python(layout.current):
        steps.append(unregistering(layout))  # with the Python that registered it, so before the switch
    if switch := switching(layout, bundle.version):
        steps.append(switch)
    steps.append(placing(layout, bundle.folder / ADDIN))
    steps.append(setting(layout, settings, bundle.version))
    if settings["transport"] == "T2":
        steps.append(registering(layout, was_registered=before == "T2"))
    return steps


def tidy(layout: Layout, say: Say) -> None:
    """Remove what is neither in use nor kept for rollback; what cannot go now goes the next time."""
    kept = {layout.current_version(), layout.previous_version()}
    gone = [layout.version(v) for v in layout.versions() if v not in kept]
    for folder in [*layout.unfinished(), *gone]:
        try:
            layout.system.remove(folder)
        except OSError:
            say(f"旧文件夹 {folder} 正被占用，下次安装时再删除")
