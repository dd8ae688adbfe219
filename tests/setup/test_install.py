"""Installing: every step, and everything that may stand in its way."""

from __future__ import annotations

import errno
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.setup.pc import PC, make_bundle, snapshot
from xlbudget.addin.package import SETTINGS, Ribbon, package
from xlbudget.setup.errors import CLOSE_EXCEL, SetupError
from xlbudget.setup.install import install
from xlbudget.setup.layout import PTH_NAME, Layout
from xlbudget.setup.settings import read_settings
from xlbudget.setup.sheet import KEYS, sheet_settings
from xlbudget.setup.source import Bundle


def put_in(layout: Layout, bundle: Bundle, what_if: bool = False, **given: str) -> list[str]:
    said: list[str] = []
    install(layout, bundle, given, said.append, what_if)
    return said


def settings(layout: Layout) -> dict[str, str]:
    return read_settings(layout.settings.read_bytes())


def refused(layout: Layout, bundle: Bundle, **given: str) -> str:
    """The sentence of an installation that failed, which left everything as it was."""
    before = snapshot(layout.system.local.parent)
    with pytest.raises(SetupError) as error:
        put_in(layout, bundle, **given)
    after = snapshot(layout.system.local.parent)
    empty = {
        "Local/xlbudget",
        "Roaming/Microsoft",
        "Roaming/Microsoft/Excel",
        "Roaming/Microsoft/Excel/XLSTART",
    }
    assert {k: v for k, v in after.items() if k not in empty} == {
        k: v for k, v in before.items() if k not in empty
    }
    return str(error.value)


# ---- what it does ----


@pytest.mark.parametrize("user", ["zhang", "张三", "Zhang San", "R&D 100%"])
def test_everything_is_where_it_belongs(tmp_path: Path, bundle: Bundle, user: str) -> None:
    pc = PC(tmp_path / "D", user)
    layout = Layout(pc)
    put_in(layout, bundle)
    version = pc.local / "xlbudget" / "0.1.0"
    assert (version / "python" / "pythonw.exe").read_bytes() == b"MZ pythonw"
    assert (version / "site" / "xlbudget" / "__init__.py").exists()
    assert (version / "site-cp311" / "win32" / "win32api.pyd").exists()
    assert (version / "dll" / "xlwings64-0.37.8.dll").exists()
    assert not (version / "setup.pyz").exists()
    assert pc.link_target(pc.local / "xlbudget" / "current") == version
    assert layout.addin == pc.roaming / "Microsoft" / "Excel" / "XLSTART" / "xlbudget.xlam"
    assert layout.addin.read_bytes() == b"add-in 0.1.0"
    assert [p.name for p in layout.addin.parent.iterdir()] == ["xlbudget.xlam"]
    assert settings(layout) == {"transport": "T1"}
    assert layout.unfinished() == []
    assert not layout.previous_file.exists()


def test_the_python_is_tried_before_it_is_used(layout: Layout, pc: PC, bundle: Bundle) -> None:
    put_in(layout, bundle)
    trial, compiling = pc.commands
    assert trial[0].endswith("0.1.0.part/python/python.exe")
    assert trial[1:3] == ("-I", "-B")
    assert "import pythoncom, xlwings, xlbudget.jobs" in trial
    assert "compileall" in compiling
    pc.answers = lambda command: (1, "Traceback\nImportError: DLL load failed")
    other = make_bundle(bundle.folder, "0.2.0")
    assert "ImportError: DLL load failed" in refused(layout, other)
    assert layout.current_version() == "0.1.0"


def test_an_installed_python_gets_an_environment(layout: Layout, pc: PC, tmp_path: Path) -> None:
    put_in(layout, make_bundle(tmp_path / "b", python=""))
    python = layout.version("0.1.0") / "python"
    assert "addsitedir" in (python / "Lib" / "site-packages" / PTH_NAME).read_text()
    assert settings(layout)["python"] == str(layout.current / "python" / "Scripts" / "pythonw.exe")
    put_in(layout, make_bundle(tmp_path / "b", "0.2.0"))
    assert "python" not in settings(layout)  # the default fits again


@pytest.mark.parametrize(
    ("tag", "platform"), [("cp310", "win-amd64"), ("cp311", "win32"), ("cp311", "win-arm64")]
)
def test_an_unfit_python_is_refused(layout: Layout, pc: PC, tmp_path: Path, tag: str, platform: str) -> None:
    pc.own_tag, pc.own_platform = tag, platform
    bundle = make_bundle(tmp_path / "b", python="")
    assert "64 位的 Python 3.11" in refused(layout, bundle)
    put_in(layout, bundle, transport="T3")  # needs none


def test_a_bundle_of_the_addin_alone(layout: Layout, tmp_path: Path) -> None:
    bundle = replace(make_bundle(tmp_path / "b", python=""), tags=())
    assert "请加 -Mode T3" in refused(layout, bundle)
    put_in(layout, bundle, transport="T3")


def test_t3_brings_only_the_addin(layout: Layout, pc: PC, bundle: Bundle) -> None:
    put_in(layout, bundle, transport="T3", service="http://10.0.0.8:8765", token="秘密 x")
    assert sorted(p.name for p in layout.version("0.1.0").iterdir()) == ["SHA256SUMS", "addin", "licences"]
    assert settings(layout) == {"transport": "T3", "service": "http://10.0.0.8:8765", "token": "秘密 x"}
    assert pc.commands == []
    put_in(layout, bundle, transport="T1")
    assert (layout.version("0.1.0") / "site").is_dir()


def test_t2_registers_the_agent(layout: Layout, pc: PC, bundle: Bundle) -> None:
    put_in(layout, bundle, transport="T2")
    assert pc.commands[-1] == (
        str(layout.current / "python" / "python.exe"), "-I", "-X", "utf8", "-m", "xlbudget.excel.agent",
        "--register", str(layout.current / "python" / "pythonw.exe"),
    )  # fmt: skip
    put_in(layout, bundle, transport="T1")
    assert pc.commands[-1][-1] == "--unregister"


def test_a_failed_registration_takes_everything_back(layout: Layout, pc: PC, bundle: Bundle) -> None:
    pc.answers = lambda command: (2, "登记不了") if "--register" in command else (0, "")
    assert "登记不了" in refused(layout, bundle, transport="T2")
    assert "--unregister" in pc.commands[-1]


def test_settings_of_the_user_stay(layout: Layout, bundle: Bundle) -> None:
    layout.settings.parent.mkdir()
    layout.settings.write_bytes(
        b"transport=T2\r\npack=S3-HN\r\nsource=D:\\u005cdata\r\npython=D:\\u005cmy.exe\r\n"
    )
    put_in(layout, bundle, token="abc")
    assert settings(layout) == {
        "transport": "T2", "pack": "S3-HN", "source": "D:\\data", "python": "D:\\my.exe", "token": "abc",
    }  # fmt: skip


def filled_in(layout: Layout, **values: str) -> None:
    """An add-in whose settings sheet a person filled in, as a spreadsheet program saves it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["项目", "内容", "说明"])
    for key, value in {"pack": "", **values, "colour": "red"}.items():
        sheet.append([key, value or None, "说明"])
    layout.xlstart.mkdir(parents=True, exist_ok=True)
    book.save(layout.addin)


def test_settings_saved_in_the_old_addin_outlive_it(layout: Layout, bundle: Bundle) -> None:
    put_in(layout, bundle, token="old", pack="S3-HN")
    filled_in(layout, Transport="t2", token="密&码", service="http://srv:8765", source="sqlite:///D:/数据.db")
    said = put_in(layout, bundle)
    assert layout.addin.read_bytes() == b"add-in 0.1.0"
    assert settings(layout) == {
        "transport": "T2", "pack": "S3-HN", "token": "密&码", "service": "http://srv:8765",
        "source": "sqlite:///D:/数据.db",
    }  # fmt: skip
    assert not [line for line in said if "密&码" in line or "数据.db" in line]


def test_an_addin_that_cannot_be_read_has_no_settings(layout: Layout, bundle: Bundle) -> None:
    filled_in(layout, transport="T9", service="http://srv:8765")
    put_in(layout, bundle)
    assert settings(layout) == {"transport": "T1", "service": "http://srv:8765"}
    layout.addin.write_bytes(b"PK broken")
    put_in(layout, bundle)
    assert settings(layout)["service"] == "http://srv:8765"


def test_the_sheet_of_our_own_addin_is_read(layout: Layout) -> None:
    made = package("xlam", b"vba", Ribbon(b"<ui/>", b"<ui/>"), "0.1.0")
    layout.xlstart.mkdir(parents=True)
    layout.addin.write_bytes(made)
    assert sheet_settings(layout.addin) == {}
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(layout.addin, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b'<c r="B4" s="2"/>' in data
                data = data.replace(
                    b'<c r="B4" s="2"/>', b'<c r="B4" t="inlineStr"><is><t> abc </t></is></c>'
                )
            new.writestr(name, data)
    assert sheet_settings(layout.addin) == {"token": "abc"}
    assert [s.key for s in SETTINGS] == list(KEYS)


def test_blocked_files_come_out_unblocked(layout: Layout, pc: PC, bundle: Bundle) -> None:
    pc.blocked = {p for p in bundle.folder.rglob("*") if p.is_file()}
    put_in(layout, bundle)
    assert [p for p in pc.blocked if not p.is_relative_to(bundle.folder)] == []


def test_again_changes_nothing(layout: Layout, bundle: Bundle) -> None:
    put_in(layout, bundle)
    before = snapshot(layout.system.local.parent)
    times = {p: p.stat().st_mtime_ns for p in layout.version("0.1.0").rglob("*")}
    said = put_in(layout, bundle)
    assert snapshot(layout.system.local.parent) == before
    assert {p: p.stat().st_mtime_ns for p in layout.version("0.1.0").rglob("*")} == times
    assert not [line for line in said if "拷贝" in line]


def test_again_repairs_what_is_damaged(layout: Layout, bundle: Bundle) -> None:
    put_in(layout, bundle)
    before = snapshot(layout.system.local.parent)
    (layout.version("0.1.0") / "site" / "xlbudget" / "__init__.py").write_text("")
    layout.addin.unlink()
    put_in(layout, bundle)
    assert snapshot(layout.system.local.parent) == before


def test_a_half_finished_installation_is_done_anew(layout: Layout, pc: PC, bundle: Bundle) -> None:
    for name in ("0.1.0.part", "0.0.9.gone"):
        rubbish = layout.root / name / "site" / "rubbish.py"
        rubbish.parent.mkdir(parents=True)
        rubbish.write_text("x")
    put_in(layout, bundle)
    assert not list(layout.root.rglob("rubbish.py"))
    assert layout.whole("0.1.0")


def test_an_upgrade_keeps_one_version_for_rollback(layout: Layout, tmp_path: Path) -> None:
    for version in ("0.1.0", "0.2.0", "0.10.0"):
        put_in(layout, make_bundle(tmp_path / "b", version))
    assert layout.versions() == ["0.10.0", "0.2.0"]
    assert (layout.current_version(), layout.previous_version()) == ("0.10.0", "0.2.0")
    assert layout.addin.read_bytes() == b"add-in 0.10.0"


def test_old_files_in_use_wait_for_the_next_time(layout: Layout, pc: PC, tmp_path: Path) -> None:
    for version in ("0.1.0", "0.2.0"):
        put_in(layout, make_bundle(tmp_path / "b", version))
    pc.held = {layout.version("0.1.0") / "python" / "pythonw.exe"}
    said = put_in(layout, make_bundle(tmp_path / "b", "0.3.0"))
    assert layout.current_version() == "0.3.0"
    assert any("0.1.0 正被占用" in line for line in said)


def test_what_if_does_nothing(layout: Layout, pc: PC, bundle: Bundle) -> None:
    before = snapshot(layout.system.local.parents[2])
    said = put_in(layout, bundle, what_if=True, transport="T2", token="geheim")
    assert snapshot(layout.system.local.parents[2]) == before
    assert pc.commands == []
    plan = "\n".join(said)
    for words in (
        "拷贝 7 个文件",
        "0.1.0.part 改名为 0.1.0",
        "启用版本 0.1.0",
        "XLSTART",
        "settings.txt",
        "登记后台程序",
    ):
        assert words in plan
    assert all(line.startswith("将会") for line in said[1:])
    assert "geheim" not in plan


# ---- what may stand in the way ----


def test_a_changed_file_is_named(layout: Layout, bundle: Bundle) -> None:
    (bundle.folder / "site-cp311" / "win32" / "win32api.pyd").write_bytes(b"MZ virus")
    assert "文件“site-cp311/win32/win32api.pyd”与清单不符" in refused(layout, bundle)


def test_a_missing_file_is_named(layout: Layout, bundle: Bundle) -> None:
    (bundle.folder / "说明.txt").unlink()
    assert "“说明.txt”" in refused(layout, bundle)


def test_a_copy_that_went_wrong_is_noticed(layout: Layout, pc: PC, bundle: Bundle) -> None:
    def copy(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:-1])

    pc.copy = copy  # type: ignore[method-assign]
    assert "拷贝后与原件不符" in refused(layout, bundle)


def test_excel_holds_the_addin(layout: Layout, pc: PC, tmp_path: Path) -> None:
    put_in(layout, make_bundle(tmp_path / "b"))
    pc.held = {layout.addin}
    sentence = refused(layout, make_bundle(tmp_path / "b", "0.2.0"))
    assert CLOSE_EXCEL in sentence
    assert layout.current_version() == "0.1.0"


def test_excel_is_opened_meanwhile(layout: Layout, pc: PC, tmp_path: Path) -> None:
    """The add-in becomes locked after everything else was copied: all of it is taken back."""
    put_in(layout, make_bundle(tmp_path / "b"))
    pc.fails = lambda what, path: (
        PermissionError(errno.EACCES, "sharing violation", str(path))
        if (what, path) == ("rename", layout.addin)
        else None
    )
    sentence = refused(layout, make_bundle(tmp_path / "b", "0.2.0"))
    assert CLOSE_EXCEL in sentence
    assert "已恢复到安装前的状态" in sentence


def test_excel_may_run_at_the_first_installation(layout: Layout, pc: PC, bundle: Bundle) -> None:
    pc.running = {"excel.exe"}
    put_in(layout, bundle)
    assert layout.addin.exists()


def test_the_version_itself_is_in_use(layout: Layout, pc: PC, tmp_path: Path) -> None:
    put_in(layout, make_bundle(tmp_path / "b"))
    pc.held = {layout.version("0.1.0") / "python" / "pythonw.exe"}
    same = make_bundle(tmp_path / "b", more={"site/new.py": b"new"})
    assert "后台的 xlbudget 也要先退出" in refused(layout, same)
    assert layout.whole("0.1.0")


def test_no_rights(layout: Layout, pc: PC, bundle: Bundle) -> None:
    pc.fails = lambda what, path: (
        PermissionError(errno.EACCES, "denied", str(path)) if what == "copy" else None
    )
    assert "没有权限" in refused(layout, bundle)


def test_no_room(layout: Layout, pc: PC, bundle: Bundle) -> None:
    pc.free = 1_000_000
    assert "磁盘空间不够" in refused(layout, bundle)
    pc.free = 10**9
    put_in(layout, bundle)
    pc.free = 0
    put_in(layout, bundle)  # there is nothing to copy


def test_the_disk_fills_up(layout: Layout, pc: PC, bundle: Bundle) -> None:
    pc.fails = lambda what, path: (
        OSError(errno.ENOSPC, "full", str(path)) if path.name == "win32api.pyd" else None
    )
    assert "磁盘已满" in refused(layout, bundle)


def test_a_folder_in_place_of_the_junction(layout: Layout, bundle: Bundle) -> None:
    (layout.current / "mine").mkdir(parents=True)
    assert "应当由本程序建立" in refused(layout, bundle)


def test_the_junction_cannot_be_made(layout: Layout, pc: PC, tmp_path: Path) -> None:
    put_in(layout, make_bundle(tmp_path / "b"))
    done: list[Path] = []

    def once(what: str, path: Path) -> OSError | None:
        if what == "link" and not done:
            done.append(path)
            return OSError(errno.EIO, "broken", str(path))
        return None

    pc.fails = once
    assert "磁盘读写出错" in refused(layout, make_bundle(tmp_path / "b", "0.2.0"))
    assert layout.current_version() == "0.1.0"


def test_interrupted_by_the_user(layout: Layout, pc: PC, bundle: Bundle) -> None:
    def stop(what: str, path: Path) -> OSError | None:
        raise KeyboardInterrupt

    before = snapshot(pc.local)
    pc.fails = stop
    with pytest.raises(KeyboardInterrupt):
        put_in(layout, bundle)
    pc.fails = lambda what, path: None
    assert "xlbudget/0.1.0" not in snapshot(pc.local)
    put_in(layout, bundle)
    assert layout.whole("0.1.0")
    assert before == {}


def test_what_cannot_be_undone_is_said(layout: Layout, pc: PC, bundle: Bundle) -> None:
    pc.fails = lambda what, path: (
        OSError(errno.EIO, "broken", str(path))
        if what == "link" or (what == "remove" and path.name == "0.1.0")
        else None
    )
    with pytest.raises(SetupError, match=r"没能恢复原状：把 0\.1\.0\.part 改名为 0\.1\.0"):
        put_in(layout, bundle)
