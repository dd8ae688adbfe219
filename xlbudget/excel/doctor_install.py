"""What ``doctor`` looks at in an installation: files, add-in, settings, and the way to Python."""

from __future__ import annotations

import urllib.error
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from xlbudget import __version__
from xlbudget.oserrors import reason
from xlbudget.setup.layout import Layout
from xlbudget.setup.settings import read_settings
from xlbudget.setup.source import ADDIN, MODES
from xlbudget.workbook.errors import shown

from .agent import registered
from .doctor import Check, Pc
from .doctor_addin import read_addin

DEFAULT_SERVICE: Final = "http://127.0.0.1:8765"
KEYS: Final = ("transport", "service", "token", "pack", "source", "python")
SECRET: Final = ("token", "source")  # an address of a database may hold a password
REINSTALL: Final = "请关闭 Excel 后重新安装"

_DISABLED: Final = "HKCU\\Software\\Microsoft\\Office\\{}\\Excel\\Resiliency\\DisabledItems"
_OFFICES: Final = ("16.0", "15.0", "14.0", "12.0")


def stored(pc: Pc) -> dict[str, str]:
    """The settings as the add-in sees them: those saved in it, then settings.txt; blank ones are left out."""
    found = _of_file(pc)
    saved = _bytes(pc.layout.addin)
    told = read_addin(saved) if saved is not None else None
    return {k: v for k, v in {**found, **(told.settings if told else {})}.items() if v}


def _of_file(pc: Pc) -> dict[str, str]:
    try:
        return read_settings(pc.layout.settings.read_bytes())
    except OSError:
        return {}


def transport(pc: Pc) -> str:
    found = stored(pc).get("transport", "").upper()
    return found if found in MODES else MODES[0]


# ---- files ----


def installed(pc: Pc) -> Iterator[Check]:
    layout = pc.layout
    version = layout.current_version()
    if not version:
        text = f"{layout.root} 里没有安装 xlbudget；请运行安装包里的 install.ps1"
        yield Check("安装", text, mind=True)
        return
    yield Check("安装", f"版本 {version}，在 {layout.version(version)}")
    if not layout.whole(version):
        yield Check("安装", f"版本 {version} 有文件缺少或被改动；{REINSTALL}", mind=True)
    if version != __version__:
        yield Check("安装", f"现在运行的是另一份 xlbudget（{__version__}），加载项用的是 {version}")
    if previous := layout.previous_version():
        yield Check("安装", f"可以退回版本 {previous}")


def addin(pc: Pc) -> Iterator[Check]:
    layout = pc.layout
    built = _bytes(layout.current / ADDIN)
    there = _bytes(layout.addin)
    if there is None:
        yield Check("加载项", f"{layout.addin} 不存在，Excel 里不会有“预算编审”；{REINSTALL}", mind=True)
    elif there == built:
        yield Check("加载项", f"{layout.addin} 与安装的版本相同")
    else:
        yield _other_addin(layout, there)
    if there is not None and Path(f"{layout.addin}:Zone.Identifier").exists():
        text = "加载项带有“来自互联网”的标记，Excel 会拒绝其中的宏；请右击文件 → 属性 → 解除锁定"
        yield Check("加载项", text, mind=True)
    for other in sorted(layout.xlstart.glob("*xlbudget*.xla*")):
        if other.name.lower() != layout.addin.name:
            yield Check("加载项", f"还有另一份 {other}，会与本加载项冲突；请移走它", mind=True)
    for office in _OFFICES:
        if any("xlbudget" in str(v).lower() for v in pc.registry.values(_DISABLED.format(office)).values()):
            text = "Excel 已把加载项列为禁用项目；请在 Excel 的 文件 → 选项 → 加载项 → 管理“禁用项目”里启用"
            yield Check("加载项", text, mind=True)


def _other_addin(layout: Layout, data: bytes) -> Check:
    """An add-in that is not the installed file: saved by 设置, or of another version."""
    told, wanted = read_addin(data), layout.current_version()
    if told is None:
        return Check("加载项", f"{layout.addin} 读不了，已损坏；{REINSTALL}", mind=True)
    if told.version != wanted:
        text = f"{layout.addin} 是 {told.version or '不明'} 版，安装的是 {wanted or '不明'} 版；{REINSTALL}"
        return Check("加载项", text, mind=True)
    return Check("加载项", f"{layout.addin}，版本 {told.version}，其中保存过设置")


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


# ---- settings ----


def settings(pc: Pc) -> Iterator[Check]:
    path = pc.layout.settings
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raw = b""
    except OSError as e:
        yield Check("设置", f"{path} 读不了：{reason(e)}；{REINSTALL}", mind=True)
        raw = b""
    if not raw.isascii():
        text = f"{path} 里有直接写入的汉字，会读错；请在加载项的“设置”里填写，或重新安装"
        yield Check("设置", text, mind=True)
    yield from _known(stored(pc))


def _known(found: Mapping[str, str]) -> Iterator[Check]:
    told = "，".join(f"{k}={'******' if k in SECRET else v}" for k, v in found.items())
    yield Check("设置", told or "全部用默认值")
    unknown = [shown(k) for k in found if k not in KEYS]
    if unknown:
        text = f"不认识的项目：{'、'.join(unknown)}；请从“设置”或 settings.txt 里删去"
        yield Check("设置", text, mind=True)
    given = found.get("transport", "")
    if given and given.upper() not in MODES:
        text = f"连接方式“{shown(given)}”不对，应为 {'、'.join(MODES)} 之一；请在“设置”里改正"
        yield Check("设置", text, mind=True)
    yield from _pack(found.get("pack", ""))


def _pack(name: str) -> Iterator[Check]:
    from xlbudget.packs import PackError, load_pack

    if name:
        try:
            load_pack(name)
        except PackError as e:
            yield Check("设置", f"{e}；请在“设置”里改正", mind=True)


# ---- the way to Python ----


def connection(pc: Pc) -> Iterator[Check]:
    mode = transport(pc)
    ways = {"T1": _by_xlwings, "T2": _by_agent, "T3": _by_service}
    for text, mind in ways[mode](pc):
        yield Check("连接", f"{mode}：{text}", mind)


def _by_xlwings(pc: Pc) -> Iterator[tuple[str, bool]]:
    from xlbudget.addin.xlwingsbas import VERSION

    layout = pc.layout
    given = stored(pc).get("python", "")
    python = Path(given) if given else layout.current / "python" / "pythonw.exe"
    if python.is_file():
        yield f"Excel 启动 {python}", False
    else:
        yield f"找不到 {python}；{REINSTALL}", True
    missing = [
        name
        for name in (f"xlwings32-{VERSION}.dll", f"xlwings64-{VERSION}.dll")
        if not (layout.current / "dll" / name).is_file()
    ]
    if missing:
        yield f"缺少 {'、'.join(missing)}；{REINSTALL}", True


def _by_agent(pc: Pc) -> Iterator[tuple[str, bool]]:
    command = registered(pc.registry)
    if not command:
        yield f"后台程序没有登记；{REINSTALL}", True
        return
    program = Path(command[1:].partition('"')[0] if command.startswith('"') else command.partition(" ")[0])
    if program.is_file():
        yield f"后台程序已登记：{command}", False
    else:
        yield f"登记的后台程序 {program} 不存在；{REINSTALL}", True


def _by_service(pc: Pc) -> Iterator[tuple[str, bool]]:
    found = stored(pc)
    url = (found.get("service") or DEFAULT_SERVICE).rstrip("/")
    if not url.lower().startswith(("http://", "https://")):
        yield f"服务地址“{shown(url)}”应以 http:// 或 https:// 开头；请在“设置”里改正", True
        return
    try:
        answer = pc.system.get(f"{url}/v1/ping", found.get("token", "")).strip()
    except urllib.error.HTTPError as e:
        if e.code == 401:
            yield f"服务 {url} 不接受口令；请在“设置”里填写服务启动时给出的口令", True
        else:
            yield f"服务 {url} 应答 {e.code}；请核对地址，或联系管理服务的人", True
        return
    except (OSError, ValueError) as e:
        why = reason(e) if isinstance(e, OSError) else e
        yield f"服务 {url} 连不上（{why}）；请核对地址和网络，或看服务是否已启动", True
        return
    if not answer.startswith("xlbudget "):
        yield f"{url} 有应答，但不是 xlbudget 的服务；请核对地址", True
    elif answer != f"xlbudget {__version__}":
        yield f"服务 {url} 应答正常，是 {shown(answer)}，与本机的 {__version__} 不同", False
    elif not found.get("token"):
        yield f"服务 {url} 应答正常，但没有填写口令；请在“设置”里填写", True
    else:
        yield f"服务 {url} 应答正常：{answer}", False
