"""The report on the PC: what it recognises, and that it changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.setup.pc import PC, snapshot
from xlbudget.setup.layout import Layout
from xlbudget.setup.preflight import preflight
from xlbudget.setup.source import Bundle

_CLICK = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_SERVER = r"HKCR\CLSID\{00024500-0000-0000-C000-000000000046}\LocalServer32"
_ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_CHILD = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
_POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"


def minded(layout: Layout, mode: str = "T1", bundle: Bundle | None = None) -> list[str]:
    return [note.text for note in preflight(layout, mode, bundle) if note.mind]


@pytest.fixture
def good(pc: PC) -> PC:
    """A PC with Excel and nothing in the way."""
    pc.values[_CLICK, "VersionToReport"] = "16.0.17928.20114"
    pc.values[_CLICK, "Platform"] = "x86"
    pc.values[_SERVER, ""] = r'"C:\Program Files (x86)\Microsoft Office\Root\Office16\EXCEL.EXE" /automation'
    return pc


def test_nothing_in_the_way(good: PC, layout: Layout, bundle: Bundle) -> None:
    before = snapshot(good.local.parent)
    notes = preflight(layout, "T1", bundle)
    assert [n for n in notes if n.mind] == []
    assert "Excel 16.0.17928.20114，32 位（即点即用版）" in [n.text for n in notes]
    assert snapshot(good.local.parent) == before


def test_an_msi_excel(pc: PC, layout: Layout) -> None:
    key = r"HKLM\SOFTWARE\Microsoft\Office\14.0\Excel\InstallRoot"
    pc.values[key, "Path"] = "C:\\Program Files\\Microsoft Office\\Office14\\"
    assert "Excel 2010（14.0），约为 64 位" in preflight(layout, "T1")[0].text


def test_no_excel(layout: Layout) -> None:
    assert "没有找到 Excel" in minded(layout)[0]


def test_the_store_office(good: PC, layout: Layout) -> None:
    good.values[_SERVER, ""] = r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel\EXCEL.EXE"
    assert "应用商店" in minded(layout)[0]


def test_wps_in_place_of_excel(good: PC, layout: Layout) -> None:
    good.values[_SERVER, ""] = r"C:\Users\x\AppData\Local\Kingsoft\WPS Office\12\office6\et.exe /automation"
    assert "WPS 接管" in minded(layout)[0]


def test_wps_opens_the_files(good: PC, layout: Layout) -> None:
    key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsx\UserChoice"
    good.values[key, "ProgId"] = "ET.Xlsx.6"
    assert "双击 .xlsx 会用 WPS 打开" in minded(layout)[0]


@pytest.mark.parametrize(
    ("key", "name", "value", "words"),
    [
        (rf"{_POLICY}\Common", "VBAOff", 1, "关闭了 VBA"),
        (rf"{_POLICY}\Excel\Security", "VBAWarnings", 3, "未签名的宏"),
        (rf"{_POLICY}\Excel\Security", "DisableAllAddins", 1, "禁用了全部加载项"),
        (rf"{_POLICY}\Excel\Security", "RequireAddinSig", 1, "带签名"),
        (rf"{_POLICY}\Excel\Security\Trusted Locations", "AllLocationsDisabled", 1, "XLSTART"),
    ],
)
def test_policies(good: PC, layout: Layout, key: str, name: str, value: int, words: str) -> None:
    good.values[key, name] = value
    (text,) = minded(layout)
    assert text.startswith("单位策略（Office 16.0）")
    assert words in text
    good.values.pop((key, name))
    good.values[key.replace(r"\Policies", ""), name] = value
    assert minded(layout)[0].startswith("Excel 信任中心")


@pytest.mark.parametrize("value", ["1", 1, "6"])
def test_the_defender_rule_matters_for_t1(good: PC, layout: Layout, value: str | int) -> None:
    good.values[_ASR, _CHILD] = value
    assert "请用 T2 或 T3" in minded(layout, "T1")[0]
    assert minded(layout, "T2") == []
    assert minded(layout, "T3") == []


def test_the_defender_rule_by_intune_or_only_watching(good: PC, layout: Layout) -> None:
    key = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
    good.values[key, "ASRRules"] = f"56a863a9-875e-4185-98a7-b882c64b5ce5=1|{{{_CHILD.lower()}}}=1"
    assert "T1 方式用不了" in minded(layout)[0]
    good.values[key, "ASRRules"] = f"{_CHILD}=2"
    assert minded(layout) == []


def test_a_chinese_user_name(good: PC, bundle: Bundle, tmp_path: Path) -> None:
    pc = PC(tmp_path / "E", "张三")
    pc.values = good.values
    layout = Layout(pc)
    assert minded(layout) == []
    assert any("张三" in n.text for n in preflight(layout, "T1"))
    pc.ansi = False
    assert "系统代码页以外的字" in minded(layout, "T1")[0]
    assert minded(layout, "T3") == []


def test_no_rights_no_room(good: PC, layout: Layout, bundle: Bundle) -> None:
    good.may_write, good.free = False, 0
    texts = minded(layout, "T1", bundle)
    assert [t for t in texts if "没有写入权限" in t and "XLSTART" in t]
    assert "不够" in texts[-1]


def test_excel_is_running(good: PC, layout: Layout) -> None:
    good.running = {"excel.exe"}
    assert any("Excel 正在运行" in n.text for n in preflight(layout, "T1"))
    good.held = {layout.addin}
    assert "请关闭 Excel" in minded(layout)[0]
