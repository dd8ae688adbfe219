"""The files of one version: copied beside their place, tried, and only then put in it."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from .errors import CLOSE_EXCEL, SetupError
from .layout import PTH, PTH_NAME, Layout
from .source import SUMS, Bundle, first_damaged, write_sums
from .steps import Step

SPARE = 20_000_000  # bytes
_BUSY = f"旧文件正被占用：{CLOSE_EXCEL}；后台的 xlbudget 也要先退出（注销再登录即可）"

_TRIAL = "import pythoncom, xlwings, xlbudget.jobs"  # what a button needs: COM, xlwings, the program itself


def tree_steps(layout: Layout, bundle: Bundle, mode: str) -> list[Step]:
    """What brings the version's folder about; nothing when it is there, whole and able to run.

    Raises SetupError when there is no room for it.
    """
    system, wanted = layout.system, bundle.wanted(mode, layout.system.tag)
    final = layout.version(bundle.version)
    part, old = (final.with_name(final.name + end) for end in (".part", ".old"))
    steps = [
        Step(f"清理上一次没有完成的 {p.name}", lambda p=p: system.remove(p))  # type: ignore[misc]
        for p in layout.unfinished()
    ]
    there = (final / SUMS).is_file() and not first_damaged(final, wanted)
    if there and (mode == "T3" or not cannot_run(layout, final)):
        return steps
    _check_room(layout, bundle, mode)

    def copy() -> None:
        for name in wanted:
            target = part / name
            target.parent.mkdir(parents=True, exist_ok=True)
            system.copy(bundle.folder / name, target)
            system.unblock(target)
        (part / SUMS).write_bytes(write_sums(wanted))
        if name := first_damaged(part, wanted):
            raise SetupError(f"文件“{name}”拷贝后与原件不符，磁盘可能有问题；请换一个磁盘或联系信息部门")

    def python() -> None:
        if not bundle.python:
            folder = part / "python"
            system.make_venv(folder)
            site = folder / system.venv_site.format(*sys.version_info[:2])
            site.mkdir(parents=True, exist_ok=True)
            (site / PTH_NAME).write_text(PTH, encoding="ascii")
        if why := cannot_run(layout, part):
            raise SetupError(f"安装包里的 Python 在这台电脑上运行不了：{why}")

    def swap() -> None:
        if final.exists():
            system.rename(final, old)
        system.rename(part, final)

    def swap_back() -> None:
        if old.exists():
            system.remove(final)
            system.rename(old, final)
        elif not part.exists():
            system.remove(final)

    megabytes = bundle.size(wanted) // 1_000_000 + 1
    told = f"拷贝 {len(wanted)} 个文件（{megabytes} MB）到 {part}"
    steps.append(Step(told, copy, lambda: system.remove(part)))
    if mode != "T3":
        made = "安装包自带的" if bundle.python else f"本机 Python（{system.python}）的"
        steps.append(Step(f"准备并试运行{made}运行环境", python))
        steps.append(Step("预编译程序，让按钮第一次就快", lambda: _compile(layout, part, final)))
    steps.append(Step(f"把 {part.name} 改名为 {final.name}", swap, swap_back, _BUSY))
    return steps


def needed(layout: Layout, bundle: Bundle, mode: str) -> int:
    """Bytes that an installation takes: the files, nearly as much once compiled, and a little to spare."""
    return bundle.size(bundle.wanted(mode, layout.system.tag)) * 2 + SPARE


def _check_room(layout: Layout, bundle: Bundle, mode: str) -> None:
    """Raises SetupError when the disk cannot hold the version, before anything is copied."""
    need, free = needed(layout, bundle, mode), layout.system.free_space(layout.root)
    if free < need:
        raise SetupError(
            f"磁盘空间不够：需要 {need // 1_000_000} MB，{layout.root.anchor or layout.root} 只剩"
            f" {free // 1_000_000} MB；请清理磁盘后再安装"
        )


def check_python(layout: Layout, bundle: Bundle) -> None:
    """Raises SetupError when the bundle holds no program, or none for the Python that is running this."""
    system = layout.system
    if not bundle.tags:
        raise SetupError("这个安装包里只有加载项，只能用 T3 方式安装；请加 -Mode T3，或换用完整的安装包")
    if not bundle.python and (system.tag not in bundle.tags or system.platform != "win-amd64"):
        raise SetupError(
            f"这个安装包要用 64 位的 Python {bundle.pythons()}，现在运行的是 {system.python}（{system.tag}，"
            f"{system.platform}）；请安装合适的 Python，换用自带 Python 的安装包，或用 T3 方式安装"
        )


def cannot_run(layout: Layout, folder: Path) -> str:
    """Why the Python of a version's folder cannot load xlbudget; "" when it can."""
    python = layout.python(folder)
    if python is None:
        return "没有 python.exe"
    try:
        code, output = layout.system.run(str(python), "-I", "-B", "-X", "utf8", "-c", _TRIAL, timeout=120)
    except OSError as e:
        return e.strerror or str(e)
    return "" if code == 0 else (output.strip().splitlines() or [f"退出码 {code}"])[-1]


def _compile(layout: Layout, part: Path, final: Path) -> None:
    """xlwings starts Python with -B, so what is not compiled now would be compiled anew every time.

    That it fails is no reason to stop: everything works, only more slowly.
    """
    sites = [str(p) for p in sorted(part.glob("site*"))]
    paths = ["-s", str(part), "-p", str(final)]  # tracebacks name the files where they will be
    with suppress(OSError):
        layout.system.run(str(layout.python(part)), "-I", "-m", "compileall", "-q", *paths, *sites)
