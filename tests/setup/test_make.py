"""Making a bundle, without a network, and installing it with a real Python."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.setup.wheelhouse import XLWINGS, embeddable, program, source, wheel, wheelhouse
from xlbudget.cli import bundle as commands
from xlbudget.setup import cli
from xlbudget.setup.make import Files, MakeError
from xlbudget.setup.make.bundle import Recipe, make, zipped
from xlbudget.setup.make.checks import check
from xlbudget.setup.make.embed import embeddable as read_embeddable
from xlbudget.setup.make.wheels import Fetch, pip_fetch
from xlbudget.setup.source import ADDIN, SUMS, open_bundle, read_sums, verify
from xlbudget.setup.system import System


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return source(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def fetch(tmp_path_factory: pytest.TempPathFactory) -> Fetch:
    return local(wheelhouse(tmp_path_factory.mktemp("wheels") / "house"))


def local(folder: Path) -> Fetch:
    return pip_fetch(["--no-index", "--find-links", str(folder)])


@pytest.fixture(scope="module")
def both(root: Path, fetch: Fetch) -> Files:
    """A bundle for two installed Pythons."""
    return make(Recipe(root, pythons=("3.11", "3.12"), xlwings=XLWINGS), lambda: b"add-in", fetch)


def written(files: Files, folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


# ---- what is in it ----


def test_what_a_bundle_holds(both: Files) -> None:
    names = {n for n in both if not n.startswith("site/xlbudget/setup/")}
    assert names == {
        "SHA256SUMS", "manifest.json", "install.ps1", "setup.pyz", "说明.txt", "addin/xlbudget.xlam",
        "dll/xlwings32-0.37.8.dll", "dll/xlwings64-0.37.8.dll",
        "licences/README.txt", "licences/backport-1.5/LICENSE", "licences/fast-1.0/LICENSE",
        "licences/pure-package-2.0/LICENSE", "licences/pywin32-312/LICENSE",
        "licences/xlwings-0.37.8/LICENSE",
        "site/backport.py", "site/backport-1.5.dist-info/METADATA",
        "site/fast/__init__.py", "site/fast/_fast.cp311-win_amd64.pyd", "site/fast/_fast.cp312-win_amd64.pyd",
        "site/fast-1.0.dist-info/METADATA",
        "site/pure.py", "site/pure_package-2.0.dist-info/METADATA",
        "site/xlbudget/__init__.py", "site/xlbudget/__main__.py", "site/xlbudget/jobs.py",
        "site/xlbudget/oserrors.py", "site/xlbudget_udfs/__init__.py",
        "site/xlwings/__init__.py", "site/xlwings-0.37.8.dist-info/METADATA",
        *(f"site-{tag}/{name}" for tag in ("cp311", "cp312") for name in (
            "pywin32.pth", "pythoncom.py", "win32/win32api.pyd", f"pywin32_system32/pywintypes{tag[2:]}.dll",
            "pywin32-312.dist-info/METADATA",
        )),
    }  # fmt: skip
    manifest = json.loads(both["manifest.json"])
    assert manifest["tags"] == ["cp311", "cp312"]
    assert manifest["xlwings"] == XLWINGS
    assert {"name": "pywin32", "version": "312", "licence": "Python Software Foundation License"} in manifest[
        "packages"
    ]
    assert both["install.ps1"].startswith(b"\xef\xbb\xbf")
    assert both["install.ps1"].count(b"\n") == both["install.ps1"].count(b"\r\n") > 100
    assert "3.11、3.12".encode() in both["说明.txt"]


def test_the_list_names_every_file(both: Files, tmp_path: Path) -> None:
    sums = read_sums(both[SUMS])
    assert set(sums) == set(both) - {SUMS}
    assert all(hashlib.sha256(both[n]).hexdigest() == h for n, h in sums.items())
    verify(open_bundle(written(both, tmp_path / "张 三")))


def test_the_same_again(both: Files, root: Path, fetch: Fetch) -> None:
    again = make(Recipe(root, pythons=("3.11", "3.12"), xlwings=XLWINGS), lambda: b"add-in", fetch)
    assert zipped(again) == zipped(both)
    with zipfile.ZipFile(io.BytesIO(zipped(both))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(both)
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_only_an_older_python_needs(root: Path, fetch: Fetch) -> None:
    files = make(Recipe(root, pythons=("3.12",), xlwings=XLWINGS), lambda: b"", fetch)
    assert "site/backport.py" not in files
    assert "site/win32/win32api.pyd" in files  # one Python alone: everything in one place


def test_t3_holds_no_program(root: Path) -> None:
    def no_fetch(*args: object) -> None:
        raise AssertionError

    recipe = Recipe(root, mode="T3", service="http://10.0.0.8:8765", xlwings=XLWINGS)
    files = make(recipe, lambda: b"add-in", no_fetch)
    assert set(files) == {SUMS, "manifest.json", ADDIN, "install.ps1", "setup.pyz", "说明.txt"}
    assert "不需要 Python" in files["说明.txt"].decode()


def test_a_python_of_its_own(root: Path, fetch: Fetch, tmp_path: Path) -> None:
    python = read_embeddable(embeddable(tmp_path / "python-3.11.9-embed-amd64.zip"))
    files = make(Recipe(root, python=python, xlwings=XLWINGS), lambda: b"", fetch)
    assert files["python/python311._pth"] == b"python311.zip\r\n.\r\nimport site\r\n"
    assert b"addsitedir" in files["python/Lib/site-packages/xlbudget.pth"]
    assert not any(n.startswith("site-cp") for n in files)
    manifest = json.loads(files["manifest.json"])
    assert (manifest["python"], manifest["tags"]) == ("3.11.9", ["cp311"])
    assert "自带 Python 3.11.9" in files["说明.txt"].decode()


# ---- what is refused ----


def test_not_a_python(tmp_path: Path, root: Path, fetch: Fetch) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(MakeError, match="不是 zip 文件"):
        read_embeddable(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as out:
        out.writestr("python.exe", b"")
    with pytest.raises(MakeError, match=r"pythonw\.exe"):
        read_embeddable(tmp_path / "y.zip")
    other = read_embeddable(embeddable(tmp_path / "python-3.11.9-embed-win32.zip", machine=0x14C))
    with pytest.raises(MakeError, match="不是 64 位 Windows 的程序文件"):
        make(Recipe(root, python=other, xlwings=XLWINGS), lambda: b"", fetch)


def test_packages_that_are_not_pinned_or_not_there(root: Path, fetch: Fetch, tmp_path: Path) -> None:
    constraints = root / "constraints.txt"
    pins = constraints.read_text()
    try:
        for wrong, sentence in (
            (pins.replace("PyWin32==312", ""), "没有固定 pywin32 的版本"),
            (pins.replace("pure-package==2.0", "pure-package==0.9"), "需要的是 Pure.Package>=1"),
            (pins.replace("fast==1.0", "fast==1.1"), "取不到 Python 3.11 在 Windows 上的软件包"),
        ):
            constraints.write_text(wrong)
            with pytest.raises(MakeError, match=sentence):
                make(Recipe(root, pythons=("3.11",), xlwings=XLWINGS), lambda: b"", fetch)
    finally:
        constraints.write_text(pins)


@pytest.mark.parametrize(
    ("meta", "refused"),
    [
        ("License: GPLv3\n", True),
        ("License-Expression: AGPL-3.0-only\n", True),
        ("Classifier: License :: OSI Approved :: GNU General Public License v2 (GPLv2)\n", True),
        ("License-Expression: LGPL-2.1-or-later\n", False),
    ],
)
def test_no_copyleft(root: Path, tmp_path: Path, meta: str, refused: bool) -> None:
    folder = wheelhouse(tmp_path / "house")
    wheel(folder, "backport", "1.5", "py2.py3-none-any", {"backport.py": ""}, meta)
    recipe = Recipe(root, pythons=("3.11",), xlwings=XLWINGS)
    if refused:
        with pytest.raises(MakeError, match=r"backport 1\.5 的许可证"):
            make(recipe, lambda: b"", local(folder))
    else:
        make(recipe, lambda: b"", local(folder))


def test_checks() -> None:
    good = {f"dll/xlwings{n}-1.dll": program(m) for n, m in (("64", 0x8664), ("32", 0x14C))}
    good |= {"site/a.pyd": program()}
    check(good, "1")
    for wrong, sentence in (
        ({"site/b.pyd": program(0xAA64)}, "不是 64 位"),
        ({"site/b.dll": b"#!"}, "不是 64 位"),
        ({"dll/xlwings64-1.dll": program(0x14C)}, "不是 64 位"),
        ({"site/A.pyd": program()}, "重名"),
        ({f"site/{'x' * 150}.py": b""}, "太长"),
        ({"site/xlwings/pro/x.py": b""}, "不该放进"),
        ({"site/x.so": b""}, "不该放进"),
    ):
        with pytest.raises(MakeError, match=sentence):
            check(good | wrong, "1")
    with pytest.raises(MakeError, match="必须同一版本"):
        check(good, "2")


# ---- from wheels to a running installation ----


class Linux(System):
    """This computer with real environments, links and programs; only the platform's name is not true."""

    @property
    def platform(self) -> str:
        return "win-amd64"


def test_a_bundle_installs_and_runs(
    root: Path, fetch: Fetch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if version not in ("3.11", "3.12"):
        pytest.skip("the wheels are for 3.11 and 3.12")
    files = make(Recipe(root, pythons=("3.11", "3.12"), xlwings=XLWINGS), lambda: b"add-in", fetch)
    folder = written(files, tmp_path / "安装 包")
    pc = Linux(tmp_path / "张 三" / "Local", tmp_path / "张 三" / "Roaming")
    for path in (pc.local, pc.roaming):
        path.mkdir(parents=True)
    log = tmp_path / "log"
    code = cli.main(["install", "--source", str(folder), "--log", str(log)], pc)
    out = capsys.readouterr().out
    assert code == 1, out  # no Excel here
    assert "自检 ['doctor'] 1" in out  # the environment finds xlbudget, xlwings and the pure package
    current = pc.local / "xlbudget" / "current"
    python = str(current / "python" / "bin" / "python")
    code, output = pc.run(python, "-I", "-c", "import sys; print(*sys.path, sep='\\n')")
    first = next(p for p in output.split("\n") if "site-cp" in p)
    assert first == str(current / f"site-cp{version.replace('.', '')}")
    assert any((current / "site" / "xlbudget" / "__pycache__").glob("jobs.*.pyc"))
    assert cli.main(["uninstall", "--all", "--log", str(log)], pc) == 0
    assert list(pc.local.iterdir()) == []


# ---- the commands ----


def test_the_command_bundle(
    root: Path, fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "ROOT", root)
    monkeypatch.setattr(commands, "_addin", lambda: b"add-in")
    house = wheelhouse(tmp_path / "house")
    run = CliRunner()
    for out in (tmp_path / "包.zip", tmp_path / "包"):
        args = ["-o", str(out), "--wheels", str(house), "--python-version", "3.11"]
        done = run.invoke(commands.bundle, args, catch_exceptions=False)
        assert "没有自带 Python：电脑上要已装有 64 位的 Python 3.11" in done.output
        assert "DLL：1 KB" in done.output
        again = run.invoke(commands.bundle, args)
        assert "要覆盖它请加 --force" in str(again.exception)
        assert run.invoke(commands.bundle, [*args, "--force", "-q"]).exit_code == 0
    with zipfile.ZipFile(tmp_path / "包.zip") as archive:
        same = {n: archive.read(n) for n in archive.namelist()}
    assert same == {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["house", "包", "包.zip"]


def test_wrong_versions(tmp_path: Path) -> None:
    out = ["-o", str(tmp_path / "x.zip")]
    assert "3.11 这样" in CliRunner().invoke(commands.bundle, [*out, "--python-version", "311"]).output
    python = embeddable(tmp_path / "python-3.11.9-embed-amd64.zip")
    args = [*out, "--python-version", "3.11", "--python", str(python)]
    assert "不必再写版本" in CliRunner().invoke(commands.bundle, args).output


def test_bundle_never_takes_the_place_of_other_files(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "ROOT", root)
    (tmp_path / "mine.xlsx").write_bytes(b"mine")
    done = CliRunner().invoke(commands.bundle, ["-o", str(tmp_path), "--force"])
    assert "里有别的文件" in str(done.exception)
    assert (tmp_path / "mine.xlsx").exists()


def test_the_command_addin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_addin", lambda: b"add-in")
    out = tmp_path / "xlbudget.xlam"
    done = CliRunner().invoke(commands.addin, ["-o", str(out)], catch_exceptions=False)
    assert done.output.startswith("加载项：")
    assert out.read_bytes() == b"add-in"
    assert CliRunner().invoke(commands.addin, ["-o", str(out)]).exit_code != 0
