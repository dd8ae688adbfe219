"""The agent of T2, registered and taken away by the installed Python."""

from __future__ import annotations

from .errors import SetupError
from .layout import Layout
from .steps import Step


def registering(layout: Layout, was_registered: bool) -> Step:
    """Register the agent of ``current``; its path stays the same over upgrades."""

    def do() -> None:
        python = layout.windowless(layout.current)
        _call(layout, "--register", str(python))

    def undo() -> None:
        if not was_registered:
            _call(layout, "--unregister")

    return Step("登记后台程序（随登录启动，只为当前用户）", do, undo)


def unregistering(layout: Layout) -> Step:
    """No undo of its own: whoever falls back runs the installation again."""
    return Step("取消登记后台程序", lambda: _call(layout, "--unregister"))


def _call(layout: Layout, *what: str) -> None:
    python = layout.python(layout.current)
    if python is None:
        raise SetupError("找不到已安装的 Python，后台程序的登记没有变")
    command = (str(python), "-I", "-X", "utf8", "-m", "xlbudget.excel.agent", *what)
    code, output = layout.system.run(*command, timeout=120)
    if code:
        last = (output.strip().splitlines() or [f"退出码 {code}"])[-1]
        raise SetupError(f"后台程序的登记没有成功：{last}（详细记录在 {layout.root / 'log'}）")
