"""The doctor: what it finds on a PC that is well, and on one that is not; it changes nothing."""

from __future__ import annotations

import email.message
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.excel.fake_registry import FakeWinreg
from tests.setup.pc import PC, snapshot
from xlbudget import __version__
from xlbudget.addin.package import Ribbon, package
from xlbudget.addin.xlwingsbas import VERSION as XLWINGS
from xlbudget.cli.live import doctor as command
from xlbudget.excel import agent, doctor, doctor_install
from xlbudget.excel.doctor import Check, Pc
from xlbudget.excel.registry import WindowsRegistry
from xlbudget.setup.layout import Layout
from xlbudget.setup.settings import write_settings
from xlbudget.setup.source import ADDIN, SUMS, sha256, write_sums

CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
CHILD_RULE = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"


def addin(version: str = __version__) -> bytes:
    return package("xlam", b"vba", Ribbon(b"<new/>", b"<old/>"), version)


def saved(data: bytes, **settings: str) -> bytes:
    """The add-in after somebody filled in its settings sheet: another zip, contents in column B."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for row, key in enumerate(("transport", "service", "token", "pack", "source", "python"), 2):
                    if key in settings:
                        was, now = (
                            f'<c r="B{row}" s="2"/>',
                            f'<c r="B{row}" t="str"><v>{settings[key]}</v></c>',
                        )
                        assert was.encode() in content
                        content = content.replace(was.encode(), now.encode())
            new.writestr(name, content)
    return out.getvalue()


class Office(PC):
    """A PC with Excel and xlbudget, all in order."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reg = FakeWinreg()
        self.values |= {(CLICK_TO_RUN, "VersionToReport"): "16.0.17328", (CLICK_TO_RUN, "Platform"): "x64"}
        self.layout = Layout(self)
        version = self.layout.version(__version__)
        files = {
            ADDIN: addin(),
            "python/pythonw.exe": b"MZ",
            "python/python.exe": b"MZ",
            f"dll/xlwings32-{XLWINGS}.dll": b"MZ",
            f"dll/xlwings64-{XLWINGS}.dll": b"MZ",
        }
        for name, data in files.items():
            (version / name).parent.mkdir(parents=True, exist_ok=True)
            (version / name).write_bytes(data)
        (version / SUMS).write_bytes(write_sums({n: sha256(version / n) for n in files}))
        self.link(self.layout.current, version)
        self.layout.xlstart.mkdir(parents=True)
        self.layout.addin.write_bytes(addin())

    def settings(self, **settings: str) -> None:
        self.layout.settings.write_bytes(write_settings(settings))

    @property
    def looked(self) -> list[Check]:
        return doctor.examine(Pc(self, WindowsRegistry(self.reg)))

    @property
    def problems(self) -> list[str]:
        return [f"{c.area}：{c.text}" for c in self.looked if c.mind]


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("xlbudget.excel.doctor_checks.NEEDED_ON_WINDOWS", ())
    return Office(tmp_path)


# ---- a PC that is well ----


def test_all_is_well(pc: Office) -> None:
    checks = pc.looked
    assert [c for c in checks if c.mind] == []
    assert {c.area for c in checks} == {
        "程序", "规则包", "临时文件夹", "语言", "安装", "加载项", "设置", "连接", "电脑",
    }  # fmt: skip
    text = "\n".join(doctor.report(checks))
    for word in (
        f"xlbudget {__version__}",
        "Python 3",
        "S3-CN",
        "Excel 16.0.17328，64 位",
        "T1",
        "没有发现问题",
    ):
        assert word in text


def test_nothing_is_changed(pc: Office, tmp_path: Path) -> None:
    pc.settings(transport="T3", token="x" * 20)
    before = snapshot(tmp_path)
    temp = set(os.listdir(tempfile.gettempdir()))
    _ = pc.looked
    assert snapshot(tmp_path) == before
    assert not pc.reg.changed
    assert not [n for n in set(os.listdir(tempfile.gettempdir())) - temp if "xlbudget" in n]


# ---- installation ----


def test_not_installed(pc: Office) -> None:
    pc.unlink(pc.layout.current)
    shutil.rmtree(pc.layout.version(__version__))
    pc.layout.addin.unlink()
    told = pc.problems
    assert any("没有安装 xlbudget；请运行安装包里的 install.ps1" in t for t in told)
    assert any("Excel 里不会有“预算编审”" in t for t in told)


def test_a_damaged_file(pc: Office) -> None:
    (pc.layout.current / "dll" / f"xlwings64-{XLWINGS}.dll").write_bytes(b"virus")
    assert pc.problems == [f"安装：版本 {__version__} 有文件缺少或被改动；请关闭 Excel 后重新安装"]


def test_another_version_is_installed(pc: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_install, "__version__", "9.9")
    assert any("现在运行的是另一份 xlbudget（9.9）" in c.text for c in pc.looked)


def test_an_old_addin(pc: Office) -> None:
    pc.layout.addin.write_bytes(addin("0.0.9"))
    (told,) = pc.problems
    assert "是 0.0.9 版，安装的是 " + __version__ in told


def test_an_addin_whose_settings_were_saved(pc: Office) -> None:
    """Excel has written it anew: other bytes, and nothing wrong."""
    pc.settings(transport="T1", pack="S3-HN")
    pc.layout.addin.write_bytes(
        saved(addin(), transport="t3", service="http://10.0.0.5:8765", token="secret-token-0123")
    )
    assert pc.problems == []
    assert any("其中保存过设置" in c.text for c in pc.looked)
    assert ("GET", "http://10.0.0.5:8765/v1/ping", "secret-token-0123") in pc.commands
    told = "\n".join(c.text for c in pc.looked)
    assert "transport=t3" in told
    assert "pack=S3-HN" in told
    assert "secret-token" not in told


def test_a_broken_addin(pc: Office) -> None:
    pc.layout.addin.write_bytes(b"PK\3\4 not really")
    assert any("已损坏" in t for t in pc.problems)


def test_two_addins(pc: Office) -> None:
    (pc.layout.xlstart / "xlbudget (1).xlam").write_bytes(addin())
    assert any("还有另一份" in t and "请移走它" in t for t in pc.problems)


def test_an_addin_from_the_internet(pc: Office) -> None:
    Path(f"{pc.layout.addin}:Zone.Identifier").write_text("ZoneId=3")
    assert any("解除锁定" in t for t in pc.problems)


def test_an_addin_that_excel_disabled(pc: Office) -> None:
    item = b"\1\0\0\0" + "c:\\xlstart\\xlbudget.xlam".encode("utf-16-le")
    key = "HKCU\\Software\\Microsoft\\Office\\16.0\\Excel\\Resiliency\\DisabledItems"
    pc.reg = FakeWinreg({key: {"9A": item}})
    assert any("管理“禁用项目”" in t for t in pc.problems)


# ---- settings ----


def test_settings_that_are_wrong(pc: Office) -> None:
    pc.layout.settings.write_bytes(b"transport=T9\r\npack=S3-XX\r\ncolour=red\r\n")
    told = "\n".join(pc.problems)
    assert "连接方式“T9”不对，应为 T1、T2、T3 之一" in told
    assert "没有规则包“S3-XX”" in told
    assert "不认识的项目：colour" in told


def test_settings_that_are_not_ascii(pc: Office) -> None:
    pc.layout.settings.write_bytes("source=D:\\数据\r\n".encode("gbk"))
    assert any("直接写入的汉字" in t for t in pc.problems)


def test_secrets_are_not_told(pc: Office) -> None:
    pc.settings(token="very-secret-token", source="mysql://root:hunter2@db/x")
    told = "\n".join(c.text for c in pc.looked)
    assert "very-secret" not in told
    assert "hunter2" not in told


# ---- ways to Python ----


def test_t1_without_its_files(pc: Office) -> None:
    pc.settings(python="C:\\nowhere\\pythonw.exe")
    (pc.layout.current / "dll" / f"xlwings32-{XLWINGS}.dll").unlink()
    told = "\n".join(pc.problems)
    assert "T1：找不到 C:\\nowhere\\pythonw.exe" in told
    assert f"T1：缺少 xlwings32-{XLWINGS}.dll" in told


def test_t1_where_defender_forbids_it(pc: Office) -> None:
    pc.values[(ASR, CHILD_RULE)] = "1"
    assert any("Defender 禁止 Office 启动别的程序" in t and "请用 T2 或 T3" in t for t in pc.problems)
    pc.settings(transport="T3", token="x" * 20)
    assert not any("启动别的程序" in t for t in pc.problems)


def test_t2(pc: Office) -> None:
    pc.settings(transport="T2")
    assert any("T2：后台程序没有登记" in t for t in pc.problems)
    agent.register(WindowsRegistry(pc.reg), pc.layout.current / "python" / "pythonw.exe")
    assert pc.problems == []
    agent.register(WindowsRegistry(pc.reg), "C:\\old place\\pythonw.exe")
    (told,) = pc.problems
    assert "T2：登记的后台程序 C:\\old place\\pythonw.exe 不存在" in told


def refused(code: int) -> Callable[[str, str], str]:
    def get(url: str, token: str) -> str:
        raise urllib.error.HTTPError(url, code, "no", email.message.Message(), io.BytesIO())

    return get


def test_t3(pc: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    pc.settings(transport="T3", token="x" * 20)
    assert pc.problems == []
    pc.page = "xlbudget 9.9"
    assert any("与本机的" in c.text and not c.mind for c in pc.looked if c.area == "连接")
    pc.page = "<html>登录"
    assert any("不是 xlbudget 的服务" in t for t in pc.problems)
    pc.page = ""
    assert any("连不上" in t and "请核对地址" in t for t in pc.problems)
    for code, words in ((401, "不接受口令"), (502, "应答 502")):
        monkeypatch.setattr(pc, "get", refused(code))
        assert any(words in t for t in pc.problems)


def test_t3_without_a_token(pc: Office) -> None:
    pc.settings(transport="T3")
    assert any("没有填写口令" in t for t in pc.problems)


@pytest.mark.parametrize("url", ["10.0.0.5:8765", "file:///etc/passwd", "ftp://x"])
def test_t3_with_an_address_that_is_none(pc: Office, url: str) -> None:
    pc.settings(transport="T3", service=url)
    assert any("应以 http:// 或 https:// 开头" in t for t in pc.problems)
    assert not [c for c in pc.commands if c[0] == "GET"]


# ---- the program and the PC ----


def test_missing_libraries(pc: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbudget.excel.doctor_checks.NEEDED", ("json", "no_such_library"))
    assert any("缺少程序库 no_such_library；请重新安装" in t for t in pc.problems)


def test_another_xlwings(pc: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: "0.30.0")
    assert any(f"xlwings 是 0.30.0，加载项要求 {XLWINGS}" in t for t in pc.problems)


def test_no_place_for_jobs(pc: Office) -> None:
    pc.may_write = False
    assert any("按钮用不了" in t and "TEMP" in t for t in pc.problems)


def test_no_excel_and_policies(pc: Office) -> None:
    pc.values = {
        (r"HKCU\Software\Policies\Microsoft\Office\16.0\Common", "VBAOff"): 1,
        (r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security", "DisableAllAddins"): 1,
    }
    told = "\n".join(pc.problems)
    for words in ("没有找到 Excel", "关闭了 VBA", "禁用了全部加载项"):
        assert words in told


def test_a_check_that_fails_itself(pc: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> str:
        raise ZeroDivisionError("x")

    monkeypatch.setattr(Layout, "whole", broken)
    told = pc.problems
    assert any(t.startswith("安装：检查没有做成（ZeroDivisionError: x）") for t in told)
    assert any(c.area == "连接" for c in pc.looked)


# ---- as a command ----


def run(*args: str) -> Result:
    return CliRunner().invoke(command, list(args), standalone_mode=False)


def test_on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    done = run("--json", str(tmp_path / "F.json"))
    assert done.exception is None
    assert done.return_value == 0
    assert "这里不是 Windows" in done.output
    assert "没有发现问题。" in done.output
    assert "install.ps1" not in done.output
    told = json.loads((tmp_path / "F.json").read_text("utf-8"))
    assert told["xlbudget"] == __version__
    assert {c["area"] for c in told["checks"]} >= {"程序", "规则包", "临时文件夹"}
    assert str(Path.home()) not in json.dumps(told) or len(str(Path.home())) <= 3


def test_exit_code_and_private_json(pc: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pc.layout.addin.unlink()
    monkeypatch.setattr(doctor, "this_pc", lambda: Pc(pc, WindowsRegistry(pc.reg)))
    done = run("--json", str(tmp_path / "F.json"))
    assert done.return_value == 1
    assert "【注意】加载项：" in done.output
    assert "有 1 处要处理" in done.output
    raw = (tmp_path / "F.json").read_text("utf-8")
    assert "zhang" not in raw
    assert "%APPDATA%" in raw
    assert [c["mind"] for c in json.loads(raw)["checks"]].count(True) == 1


def test_output_belongs_to_the_selftest() -> None:
    done = run("-o", "F.json")
    assert "要与 --selftest 一起用" in str(done.exception)


def test_folders_are_taken_out_longest_first() -> None:
    folders = {"C:\\Users\\li": "%USERPROFILE%", "C:\\Users\\li\\AppData\\Local": "%LOCALAPPDATA%"}
    text = "C:\\Users\\li\\AppData\\Local\\x c:\\users\\LI\\y"
    assert doctor.without(text, folders) == "%LOCALAPPDATA%\\x %USERPROFILE%\\y"


def test_importing_the_doctor_loads_no_xlwings() -> None:
    code = "import sys, xlbudget.cli.live, xlbudget.excel.doctor; print('xlwings' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
