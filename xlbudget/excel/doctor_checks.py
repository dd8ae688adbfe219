"""What ``doctor`` looks at apart from the installation: the program, its packs, the PC."""

from __future__ import annotations

import importlib.util
import locale
import platform
import struct
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from xlbudget import __version__
from xlbudget.setup import preflight

from .doctor import Check, Pc
from .doctor_install import transport
from .state import JOBS

NEEDED: Final = ("openpyxl", "isal", "sqlalchemy", "click", "rich", "starlette", "uvicorn", "xlwings")
NEEDED_ON_WINDOWS: Final = ("pythoncom", "win32com")
_LONG: Final = 200  # characters of a path from which on older programs may stumble


def programs(pc: Pc) -> Iterator[Check]:
    area = "程序"
    bits = struct.calcsize("P") * 8
    yield Check(
        area, f"xlbudget {__version__}，Python {platform.python_version()}，{bits} 位，{sys.executable}"
    )
    wanted = (*NEEDED, *(NEEDED_ON_WINDOWS if pc.windows else ()))
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    if missing:
        yield Check(area, f"缺少程序库 {'、'.join(missing)}；请重新安装 xlbudget", mind=True)
    yield from _xlwings()


def _xlwings() -> Iterator[Check]:
    """The library, the DLL and the text inside the add-in must be of one version."""
    from xlbudget.addin.xlwingsbas import VERSION

    try:
        found = metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return  # told above
    if found == VERSION:
        yield Check("程序", f"xlwings {found}，与加载项相同")
    else:
        text = f"xlwings 是 {found}，加载项要求 {VERSION}，T1 方式用不了；请重新安装 xlbudget"
        yield Check("程序", text, mind=True)


def packs(pc: Pc) -> Iterator[Check]:
    from xlbudget.packs import PackError, available_packs, load_pack

    good = []
    for name in available_packs():
        try:
            good.append(load_pack(name).signature)
        except PackError as e:
            yield Check("规则包", f"{name} 读不了：{e}；请重新安装 xlbudget", mind=True)
    if good:
        yield Check("规则包", "、".join(good))
    else:
        yield Check("规则包", "一个也没有；请重新安装 xlbudget", mind=True)


def temporary(pc: Pc) -> Iterator[Check]:
    """Jobs live there. Nothing is left behind by looking."""
    folder = tempfile.gettempdir()
    if not pc.system.writable(Path(folder)):
        text = f"{folder} 写不了，按钮用不了；请清理磁盘，或联系信息部门检查环境变量 TEMP"
        yield Check("临时文件夹", text, mind=True)
        return
    if len(folder) > _LONG:
        yield Check("临时文件夹", f"{folder} 的路径太长；请联系信息部门改短环境变量 TEMP", mind=True)
        return
    yield Check("临时文件夹", f"{folder}{chr(92) if pc.windows else '/'}{JOBS} 可以写")


def languages(pc: Pc) -> Iterator[Check]:
    language = locale.getlocale()[0] or "未设置"
    yield Check("语言", f"区域 {language}，代码页 {locale.getencoding()}")


def this_computer(pc: Pc) -> Iterator[Check]:
    """What set-up reports before an installation, but for what only matters then."""
    system, mode = pc.system, transport(pc)
    yield Check("电脑", platform.platform())
    for notes in (
        preflight._excel(system),
        preflight._wps(system, mode),
        preflight._policies(system),
        preflight._defender(system, mode),
        preflight._names(pc.layout, mode),
    ):
        for note in notes:
            yield Check("电脑", note.text, note.mind)
