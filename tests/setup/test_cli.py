"""The command line, and set-up as the one file that install.ps1 starts."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.pc import PC, make_bundle, snapshot
from xlbudget.excel import wire
from xlbudget.setup import cli, settings
from xlbudget.setup.layout import Layout
from xlbudget.setup.make.bundle import setup_program
from xlbudget.setup.source import MANIFEST, SUMS, Bundle, open_bundle, read_sums
from xlbudget.setup.system import System

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "xlbudget" / "setup"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "setup.log"


def run(pc: PC, log: Path, *args: str) -> int:
    return cli.main([*args, "--log", str(log)], pc)


# ---- commands and exit codes ----


def test_install_and_what_follows(
    pc: PC, bundle: Bundle, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pc.values[r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "VersionToReport"] = "16.0"
    source = ["--source", str(bundle.folder)]
    token = tmp_path / "token.txt"
    token.write_text("\ufeffgeheim\r\n", encoding="utf-8")
    assert run(pc, log, "preflight", *source) == 0
    assert not log.exists()
    assert run(pc, log, "install", *source, "--what-if") == 0
    assert snapshot(pc.local) == {}
    pc.answers = lambda command: (0, "一切正常") if "doctor" in command else (0, "")
    assert run(pc, log, "install", *source, "--mode", "T2", "--token-file", str(token)) == 0
    out = capsys.readouterr().out
    assert "一切正常" in out
    assert "已安装 xlbudget 0.1.0（T2 方式）" in out
    assert "geheim" not in out + log.read_text(encoding="utf-8")
    assert b"token=geheim" in Layout(pc).settings.read_bytes()
    make_bundle(bundle.folder, "0.2.0")
    assert run(pc, log, "install", *source) == 0
    assert "（T2 方式）" in capsys.readouterr().out
    assert run(pc, log, "rollback") == 0
    assert "已退回版本 0.1.0" in capsys.readouterr().out
    assert run(pc, log, "uninstall") == 0
    assert "设置保留着" in capsys.readouterr().out
    assert "已卸载" in log.read_text(encoding="utf-8")


def test_a_doctor_with_findings_is_told(
    pc: PC, bundle: Bundle, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pc.answers = lambda command: (1, "DLL 版本不符") if "doctor" in command else (0, "")
    assert run(pc, log, "install", "--source", str(bundle.folder)) == 1
    out = capsys.readouterr().out
    assert "DLL 版本不符" in out
    assert "已经装好，但自检发现了问题" in out


def test_t3_asks_the_service(pc: PC, bundle: Bundle, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["install", "--source", str(bundle.folder), "--mode", "T3", "--service", "http://srv:1/"]
    run(pc, log, *args)
    assert "应答正常" in capsys.readouterr().out
    assert pc.commands == [("GET", "http://srv:1/v1/ping", "")]
    pc.page = "<html>"
    assert run(pc, log, *args) == 1
    assert "不是 xlbudget 的服务" in capsys.readouterr().out
    pc.page = ""
    assert run(pc, log, *args) == 1
    assert "连不上" in capsys.readouterr().out


def test_failure_is_a_sentence_and_code_2(
    pc: PC, bundle: Bundle, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(pc, log, "rollback") == 2
    assert run(pc, log, "install", "--source", str(tmp_path / "nowhere")) == 2
    assert run(pc, log, "install") == 2
    bad = tmp_path / "bad.txt"
    bad.write_text("两 个")
    assert run(pc, log, "install", "--source", str(bundle.folder), "--token-file", str(bad)) == 2
    pc.copy = None  # type: ignore[method-assign, assignment]
    assert run(pc, log, "install", "--source", str(bundle.folder)) == 2
    out = capsys.readouterr().out
    assert out.count("没有完成：") == 5
    for words in ("没有可以退回的旧版本", "不是安装包", "--source", "只有一行口令", "程序内部出错"):
        assert words in out
    assert "Traceback" not in out
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_wrong_words_are_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["install", "--mode", "T9"])
    assert stopped.value.code == 2
    assert "参数写错了" in capsys.readouterr().err


def test_only_on_windows(capsys: pytest.CaptureFixture[str], log: Path) -> None:
    assert cli.main(["preflight", "--source", "x"]) == 2
    assert "只能在 Windows 上运行" in capsys.readouterr().out


# ---- the one file ----


def test_setup_runs_from_one_file_alone(tmp_path: Path) -> None:
    program = tmp_path / "张 三" / "setup.pyz"
    program.parent.mkdir()
    program.write_bytes(setup_program(ROOT))
    (program.parent / "json.py").write_text("raise SystemExit('a file beside it was imported')")
    command = [sys.executable, "-I", "-B", str(program)]
    helped = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert helped.returncode == 0, helped.stderr
    assert "不需要管理员权限" in helped.stdout
    done = subprocess.run([*command, "install"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "只能在 Windows 上运行" in done.stdout


def test_setup_needs_only_the_standard_library() -> None:
    for path in SETUP.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            else:
                continue
            for name in names:
                own = name in ("xlbudget.oserrors", "xlbudget.setup.cli")
                assert own or name.partition(".")[0] in sys.stdlib_module_names, (path.name, name)


# ---- settings and lists ----


@pytest.mark.parametrize(
    "text", ["plain", "http://张三:8765/a=b", "back\\slash \\u0041", "emoji 😀", "tab\tend"]
)
def test_settings_are_written_as_the_addin_reads_them(text: str) -> None:
    raw = settings.write_settings({"service": text, "token": ""})
    assert raw == f"service={wire.escape(text)}\r\n".encode("ascii")
    assert settings.read_settings(raw) == {"service": text}


def test_lists_that_lead_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    for name in ("../x", "/x", "a/../../x", "C:/x", "a\\b", "a:stream"):
        with pytest.raises(ValueError, match=r".+"):
            read_sums(f"{'0' * 64}  {name}\n".encode())
    bundle = make_bundle(tmp_path / "b")
    (bundle.folder / MANIFEST).write_text('{"version": "../..", "tags": []}')
    with pytest.raises(Exception, match="内容不对"):
        open_bundle(bundle.folder)
    (bundle.folder / SUMS).write_text("nonsense")
    with pytest.raises(Exception, match="读不了"):
        open_bundle(bundle.folder)


def test_portable_answers(tmp_path: Path) -> None:
    system = System(tmp_path, tmp_path)
    assert system.writable(tmp_path / "not" / "yet")
    assert list(tmp_path.iterdir()) == []
    assert system.free_space(tmp_path / "not" / "yet") > 0
    assert system.run(sys.executable, "-X", "utf8", "-c", "print('好'); raise SystemExit(3)") == (3, "好\n")
    with pytest.raises(OSError, match="没有结束"):
        system.run(sys.executable, "-c", "import time; time.sleep(9)", timeout=1)
