"""A report on the PC before anything is installed. It changes nothing and forbids nothing.

Policies are read where Group Policy, Intune and the user's own Trust Center leave them. Sources: Microsoft's
administrative templates for Office 2016 and later, and the documentation of Defender's attack surface rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .layout import Layout
from .source import Bundle
from .system import System
from .tree import needed

_EXCEL_CLASS = r"HKCR\CLSID\{00024500-0000-0000-C000-000000000046}\LocalServer32"
_CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_DEFENDER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender"
_RULES = r"\Windows Defender Exploit Guard\ASR\Rules"
_CHILD = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
_WIN32 = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
_YEARS = {"12": "2007", "14": "2010", "15": "2013", "16": "2016 或更新"}


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the report; ``mind`` when the user or IT has something to do about it."""

    text: str
    mind: bool = False

    def __str__(self) -> str:
        return f"{'【注意】' if self.mind else '　　　　'}{self.text}"


def preflight(layout: Layout, mode: str, bundle: Bundle | None = None) -> list[Note]:
    """What this PC has and what may stand in the way of installing and using ``mode``."""
    return [*standing(layout, mode), *_room(layout, mode, bundle), *_running(layout)]


def standing(layout: Layout, mode: str) -> list[Note]:
    """The part of the report that matters after the installation as well."""
    system = layout.system
    return [
        *_excel(system),
        *_wps(system, mode),
        *_policies(system),
        *_defender(system, mode),
        *_names(layout, mode),
    ]


def _excel(system: System) -> Iterator[Note]:
    server = str(system.registry(_EXCEL_CLASS) or "").lower()
    if system.registry(_CLICK_TO_RUN, "VersionToReport"):
        version = system.registry(_CLICK_TO_RUN, "VersionToReport")
        bits = "64" if system.registry(_CLICK_TO_RUN, "Platform") == "x64" else "32"
        yield Note(f"Excel {version}，{bits} 位（即点即用版）")
    elif found := _installed_excel(system):
        yield Note(found)
    elif not server:
        yield Note("没有找到 Excel；加载项仍会放好，装了 Excel 之后才能使用", mind=True)
    if "windowsapps" in server:
        yield Note("Office 来自微软应用商店，它看不到别处安装的程序；请改装普通安装版的 Office", mind=True)


def _installed_excel(system: System) -> str:
    for version in ("16", "15", "14", "12"):
        path = system.registry(rf"HKLM\SOFTWARE\Microsoft\Office\{version}.0\Excel\InstallRoot", "Path")
        if path:
            bits = "32" if "(x86)" in str(path).lower() else "64"
            return f"Excel {_YEARS[version]}（{version}.0），约为 {bits} 位，在 {path}"
    return ""


def _wps(system: System, mode: str) -> Iterator[Note]:
    server = str(system.registry(_EXCEL_CLASS) or "").lower()
    if "et.exe" in server or "kingsoft" in server or "wps" in server:
        text = "WPS 接管了 Excel 的调用接口；请在“WPS 配置工具 → 高级 → 兼容设置”里取消兼容第三方系统"
        yield Note(text, mind=True)
    kingsoft = r"SOFTWARE\Kingsoft\Office\6.0\Common"
    installed = any(system.registry(rf"{hive}\{kingsoft}", "InstallRoot") for hive in ("HKCU", "HKLM"))
    choice = system.registry(
        r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsx\UserChoice", "ProgId"
    )
    if re.match(r"(?i)(ET|WPS|KET)\.", str(choice or "")):
        yield Note("双击 .xlsx 会用 WPS 打开；使用本加载项请先打开 Excel，再从里面打开表格", mind=True)
    elif installed:
        hint = "" if mode == "T3" else "；WPS 里要用 T3 方式"
        yield Note(f"这台电脑也装有 WPS；本次安装是给 Excel 的{hint}")


def _policies(system: System) -> Iterator[Note]:
    """Policies come first under Software\\Policies; without that branch it is the user's own choice."""
    branches = {r"Software\Policies\Microsoft": "单位策略", r"Software\Microsoft": "Excel 信任中心"}
    for branch, who in branches.items():
        for version in ("16.0", "15.0", "14.0"):
            office = rf"{branch}\Office\{version}"

            def on(key: str, name: str, office: str = office) -> object:
                return system.registry(rf"HKCU\{office}\{key}", name) or system.registry(
                    rf"HKLM\{office}\{key}", name
                )

            found = (
                (on("Common", "VBAOff") == 1, "关闭了 VBA，加载项不能运行"),
                (on(r"Excel\Security", "VBAWarnings") in (3, 4), "禁止未签名的宏，加载项可能受影响"),
                (on(r"Excel\Security", "DisableAllAddins") == 1, "禁用了全部加载项"),
                (on(r"Excel\Security", "RequireAddinSig") == 1, "只允许带签名的加载项"),
                (
                    on(r"Excel\Security\Trusted Locations", "AllLocationsDisabled") == 1,
                    "关闭了受信任位置，XLSTART 里的加载项不会被信任",
                ),
            )
            for bad, text in found:
                if bad:
                    yield Note(f"{who}（Office {version}）{text}；请联系信息部门", mind=True)


def _defender(system: System, mode: str) -> Iterator[Note]:
    child, win32 = _rule(system, _CHILD), _rule(system, _WIN32)
    if child in (1, 6):
        hint = "T1 方式用不了，请用 T2 或 T3" if mode == "T1" else f"不影响 {mode} 方式"
        yield Note(f"Defender 禁止 Office 启动别的程序（攻击面减少规则）：{hint}", mind=mode == "T1")
    elif child == 2:
        yield Note("Defender 记录 Office 启动别的程序，但不阻止")
    if win32 in (1, 6):
        hint = "；T1 方式用不了，请用 T2 或 T3" if mode == "T1" else ""
        yield Note(f"Defender 禁止 Office 宏调用 Win32 接口（攻击面减少规则）{hint}", mind=True)


def _rule(system: System, guid: str) -> int:
    """1 blocks, 6 warns, 2 only writes down, 0 is off; by Group Policy, the PC's own setting, or Intune."""
    for key in (_DEFENDER + _RULES, r"HKLM\SOFTWARE\Microsoft\Windows Defender" + _RULES):
        for name in (guid, guid.upper()):
            value = system.registry(key, name)
            if value is not None and str(value).isdigit():
                return int(value)
    told = str(system.registry(_DEFENDER + r"\Policy Manager", "ASRRules") or "")
    found = re.search(rf"\{{?{guid}\}}?=(\d)", told, re.IGNORECASE)
    return int(found[1]) if found else 0


def _names(layout: Layout, mode: str) -> Iterator[Note]:
    text = str(layout.root)
    if text.isascii():
        return
    if not layout.system.code_page_holds(text):
        yield Note(f"安装路径 {text} 里有系统代码页以外的字，T1 方式用不了，请用 T2 或 T3", mind=mode == "T1")
    else:
        yield Note(f"用户名不是英文（{text}），一般不影响使用")


def _room(layout: Layout, mode: str, bundle: Bundle | None) -> Iterator[Note]:
    for folder in (layout.root, layout.xlstart):
        if not layout.system.writable(folder):
            yield Note(f"对 {folder} 没有写入权限，装不上；请联系信息部门", mind=True)
    if bundle is not None:
        need = needed(layout, bundle, mode)
        free = layout.system.free_space(layout.root)
        text = f"需要磁盘空间 {need // 1_000_000} MB，现有 {free // 1_000_000} MB"
        yield Note(text if free >= need else f"{text}，不够", mind=free < need)


def _running(layout: Layout) -> Iterator[Note]:
    if layout.system.locked(layout.addin):
        yield Note("Excel 正开着旧的加载项；安装前请关闭 Excel", mind=True)
    elif "excel.exe" in layout.system.processes():
        yield Note("Excel 正在运行；装好后要重新打开 Excel 才看得到“预算编审”")
    current = layout.current_version()
    yield Note(f"已安装版本 {current}" if current else "这台电脑上还没有安装 xlbudget")
