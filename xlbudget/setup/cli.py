"""The command line of set-up: Chinese texts, a log, exit codes.

0 done, 1 done with something to mind, 2 not done.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from xlbudget.oserrors import reason

from .errors import SetupError
from .install import install
from .layout import Layout
from .preflight import preflight
from .remove import uninstall
from .restore import rollback
from .settings import read_token
from .source import MODES, Bundle, open_bundle
from .switch import stored
from .system import System
from .windows import Windows

DONE, MIND, FAILED = 0, 1, 2
LOG = "xlbudget-setup.log"


class Output:
    """Says each line on the screen and in the log; the log is left alone in runs that change nothing."""

    def __init__(self, log: Path | None) -> None:
        self.log = log

    def say(self, text: str) -> None:
        print(text, flush=True)
        self.note(text)

    def note(self, text: str) -> None:
        if self.log is None:
            return
        try:
            with self.log.open("a", encoding="utf-8") as out:
                out.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} {text}\n")
        except OSError:
            self.log = None  # a log that cannot be written is no reason not to install


def main(argv: Sequence[str] | None = None, system: System | None = None) -> int:
    """Run set-up; ``system`` stands in for Windows in tests."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    args = _parser().parse_args(argv)
    quiet = args.what_if or args.command == "preflight"
    out = Output(None if quiet else Path(args.log or Path(tempfile.gettempdir()) / LOG))
    try:
        return _run(args, system or _windows(), out)
    except SetupError as e:
        out.say(f"没有完成：{e}")
    except OSError as e:
        name = f"“{e.filename}”" if e.filename else ""
        out.say(f"没有完成：{name}{reason(e)}")
    except KeyboardInterrupt:
        out.say("已中断，没有留下改动")
    except Exception as e:  # noqa: BLE001 - the last line of defence: the user gets a sentence
        out.note(traceback.format_exc())
        out.say(f"没有完成：程序内部出错（{type(e).__name__}: {e}）；请把日志 {out.log or ''} 发给开发者")
    return FAILED


def _windows() -> System:
    if os.name != "nt":
        raise SetupError("安装程序只能在 Windows 上运行")
    return Windows()


def _run(args: argparse.Namespace, system: System, out: Output) -> int:
    layout = Layout(system)
    if args.command == "rollback":
        rollback(layout, out.say, args.what_if)
        out.say(_ended(args, f"已退回版本 {layout.current_version()}，请重新打开 Excel"))
        return DONE
    if args.command == "uninstall":
        left = uninstall(layout, out.say, args.all, args.what_if)
        for sentence in left:
            out.say(sentence)
        kept = "" if args.all or not layout.settings.exists() else "；设置保留着，要一并删除请加 -All"
        out.say(_ended(args, f"已卸载，您的表格文件没有动过{kept}"))
        return MIND if left else DONE
    bundle = open_bundle(_source(args))
    mode = args.mode or stored(layout).get("transport") or bundle.mode
    notes = preflight(layout, mode, bundle)
    out.say(f"检查这台电脑（{mode} 方式）：")
    for note in notes:
        out.say(str(note))
    minded = any(note.mind for note in notes)
    if args.command == "preflight":
        out.say("检查完毕，没有改动任何东西" + ("；请看上面的【注意】" if minded else "，可以安装"))
        return MIND if minded else DONE
    return _install(args, layout, bundle, out, minded)


def _install(args: argparse.Namespace, layout: Layout, bundle: Bundle, out: Output, minded: bool) -> int:
    token = read_token(Path(args.token_file).read_bytes()) if args.token_file else ""
    given = {"transport": args.mode, "service": args.service, "token": token, "pack": args.pack}
    settings = install(layout, bundle, given, out.say, args.what_if)
    if args.what_if:
        out.say(_ended(args, ""))
        return DONE
    well = _doctor(layout, settings, out)
    good = well and not minded
    out.say(
        f"已安装 xlbudget {bundle.version}（{settings['transport']} 方式）。"
        "请打开 Excel，看有没有“预算编审”选项卡" + ("" if good else "；上面的【注意】请逐条处理")
    )
    if out.log is not None:
        out.say(f"日志：{out.log}")
    return DONE if good else MIND


def _doctor(layout: Layout, settings: dict[str, str], out: Output) -> bool:
    """Whether what was installed finds itself in order, by its own word."""
    if settings["transport"] == "T3":
        return _ping(layout, settings, out)
    out.say("正在自检：")
    try:
        code, output = layout.system.run(
            str(layout.python(layout.current)), "-I", "-X", "utf8", "-m", "xlbudget", "doctor", timeout=300
        )
    except OSError as e:
        code, output = FAILED, reason(e)
    for line in output.strip().splitlines():
        out.say(f"　　　　{line}")
    if code:
        out.say("【注意】已经装好，但自检发现了问题；处理后可在“预算编审”选项卡里按“诊断”再查")
    return code == 0


def _ping(layout: Layout, settings: dict[str, str], out: Output) -> bool:
    """T3 has no Python here to ask; the service must answer."""
    url = settings.get("service") or "http://127.0.0.1:8765"
    try:
        answer = layout.system.get(f"{url.rstrip('/')}/v1/ping", settings.get("token", ""))
    except (OSError, ValueError) as e:
        why = reason(e) if isinstance(e, OSError) else e
        out.say(f"【注意】服务 {url} 连不上（{why}）；请核对地址和网络")
        return False
    if not answer.startswith("xlbudget "):
        out.say(f"【注意】{url} 有应答，但不是 xlbudget 的服务；请核对地址")
        return False
    out.say(f"服务 {url} 应答正常：{answer.strip()}")
    return True


def _source(args: argparse.Namespace) -> Path:
    if args.source:
        return Path(args.source)
    started = Path(sys.argv[0]).resolve()
    if started.suffix == ".pyz":
        return started.parent
    raise SetupError("请用 --source 指明安装包所在的文件夹")


def _ended(args: argparse.Namespace, text: str) -> str:
    return "以上只是预演，没有改动任何东西" if args.what_if else text


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(FAILED, f"参数写错了：{message}\n用 --help 查看说明\n")


def _parser() -> argparse.ArgumentParser:
    what = "安装 xlbudget：只装给当前用户，不需要管理员权限，不用联网。"
    p = _Parser(prog="xlbudget.setup", description=what)
    commands = ("install", "rollback", "uninstall", "preflight")
    p.add_argument(
        "command",
        nargs="?",
        choices=commands,
        default="install",
        help="install 安装或升级；rollback 退回旧版本；uninstall 卸载；preflight 只检查",
    )
    p.add_argument("--source", metavar="BUNDLE", help="安装包解压后的文件夹")
    p.add_argument("--mode", choices=MODES, default="", help="T1 xlwings；T2 后台程序；T3 网络服务")
    p.add_argument("--service", default="", metavar="URL", help="T3 的服务地址")
    p.add_argument("--token-file", default="", metavar="F", help="只有一行口令的文件")
    p.add_argument("--pack", default="", metavar="ID", help="规则包编号，不写则按表格自动判断")
    p.add_argument("--all", action="store_true", help="卸载时设置也删除")
    p.add_argument("--what-if", action="store_true", help="只说要做什么，不做")
    p.add_argument("--log", default="", metavar="FILE", help=f"日志文件，默认是临时文件夹里的 {LOG}")
    return p
