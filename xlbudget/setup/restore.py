"""Going back to the version that was in use before the last upgrade."""

from __future__ import annotations

from .addin import check_free, placing
from .agent import registering
from .errors import SetupError
from .layout import Layout
from .source import ADDIN
from .steps import Say, carry_out
from .switch import setting, stored, switching
from .tree import cannot_run


def rollback(layout: Layout, say: Say, what_if: bool = False) -> None:
    """Use the previous version again; a second rollback undoes the first. Raises SetupError."""
    previous = layout.previous_version()
    if not previous or previous == layout.current_version():
        raise SetupError("没有可以退回的旧版本：只安装过一个版本")
    if not layout.whole(previous):
        raise SetupError(f"旧版本 {previous} 的文件已不完整，不能退回；请用旧版本的安装包重新安装")
    folder = layout.version(previous)
    settings = stored(layout)
    transport = settings.get("transport", "T1")
    if transport != "T3" and (why := cannot_run(layout, folder)):
        raise SetupError(f"旧版本 {previous} 已不能运行（{why}），不能退回；请用旧版本的安装包重新安装")
    check_free(layout)
    switch = switching(layout, previous)
    steps = [switch] if switch else []
    steps += [placing(layout, folder / ADDIN), setting(layout, settings, previous)]
    if transport == "T2":
        steps.append(registering(layout, was_registered=True))
    carry_out(steps, say, what_if)
