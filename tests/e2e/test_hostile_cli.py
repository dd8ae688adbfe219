"""The command line against what people hand in: a sentence and exit 2, or findings and exit 1; no damage."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from xlbudget.cli import cli

from .hostile import HOSTILE, changed, part

ROOT = Path(__file__).resolve().parents[2]
CLEAN = ROOT / "workbooks" / "samples" / "clean"
FORM = "附件2-1"
RULES = "审核规则"

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *args: CliRunner().invoke(cli, [str(a) for a in args], prog_name="xlbudget")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The official workbook of the clean sample."""
    out = tmp_path_factory.mktemp("clean")
    result = CliRunner().invoke(cli, ["regenerate", str(CLEAN), "-o", str(out), "-q"])
    assert result.exit_code == 0, result.output
    (book,) = (p for p in out.iterdir() if not p.stem.endswith("-审核"))
    return book.read_bytes()


def process(*args: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person starts it."""
    command = [sys.executable, "-m", "xlbudget", *map(str, args)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, **more)


def state(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mtime_ns


def sentence(text: str, name: str) -> str:
    """The one sentence about a file; anything else that a program would say fails."""
    assert "Traceback" not in text
    assert "程序内部出错" not in text
    told = " ".join(text.split())
    assert name in told
    assert told.endswith(("。", "！")) or "。" in told
    return told


def findings(run: Run, book: Path, folder: Path) -> tuple[int, list[dict[str, Any]]]:
    report = folder / "r.json"
    result = run("validate", book, "-o", folder / "o", "--json", report, "-q")
    assert "Traceback" not in result.output
    (file,) = json.loads(report.read_bytes())["files"]
    assert file["error"] is None, file["error"]
    return result.exit_code, file["findings"]


# -- what cannot be used ------------------------------------------------------------------------------


UNUSABLE = [
    (command, what)
    for command in ("validate", "clear")
    for what in HOSTILE
    if (command, what) != ("clear", "no form")  # clearing needs no form
]


@pytest.mark.parametrize(("command", "what"), UNUSABLE)
def test_a_file_that_cannot_be_used(run: Run, clean: bytes, tmp_path: Path, what: str, command: str) -> None:
    name, spoil, words = HOSTILE[what]
    source, out = tmp_path / name, tmp_path / "o"
    source.write_bytes(spoil(clean))
    before = state(source)
    more = [] if command == "clear" else ["-o", out, "-q"]
    result = run(command, source, *more)
    assert result.exit_code == 2
    assert words in sentence(result.output, name)
    assert state(source) == before
    assert sorted(p.name for p in tmp_path.iterdir() if p != out) == [name]
    assert not out.exists() or not list(out.iterdir())


def test_a_process_ends_so_as_well(clean: bytes, tmp_path: Path) -> None:
    name, spoil, words = HOSTILE["zip bomb"]
    source = tmp_path / name
    source.write_bytes(spoil(clean))
    done = process("validate", source, "-q")
    assert done.returncode == 2
    assert words in sentence(done.stdout + done.stderr, name)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_folder_and_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "一个文件夹.xlsx"
    folder.mkdir()
    for path, words in ((folder, "文件夹"), (tmp_path / "没有.xlsx", "没有.xlsx")):
        for command in ("validate", "clear"):
            result = run(command, path)
            assert result.exit_code == 2
            assert words in sentence(result.output + "。", path.name)
    assert [p.name for p in tmp_path.iterdir()] == [folder.name]


def test_of_two_files_the_good_one_is_done(run: Run, clean: bytes, tmp_path: Path) -> None:
    good, bad = tmp_path / "好.xlsx", tmp_path / "坏.xlsx"
    good.write_bytes(clean)
    bad.write_bytes(clean[:1000])
    result = run("validate", bad, good, "-q")
    assert result.exit_code == 2
    assert f"{good}：通过" in result.stdout
    assert "文件不完整" in result.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == ["坏.xlsx", "好-审核.xlsx", "好.xlsx"]


# -- where the result cannot be written ---------------------------------------------------------------


@pytest.mark.parametrize("lock", ["", "~$表-审核.xlsx", ".~lock.表-审核.xlsx#"])
def test_a_target_that_is_read_only_or_open(run: Run, clean: bytes, tmp_path: Path, lock: str) -> None:
    source, target = tmp_path / "表.xlsx", tmp_path / "表-审核.xlsx"
    source.write_bytes(clean)
    target.write_bytes(b"old")
    if lock:
        (tmp_path / lock).write_bytes(b"")
    else:
        target.chmod(0o444)
    result = run("validate", source, "-q")
    assert result.exit_code == 2
    assert ("只读" if not lock else "正在表格软件中打开") in sentence(result.output, target.name)
    assert (source.read_bytes(), target.read_bytes()) == (clean, b"old")
    assert len(list(tmp_path.iterdir())) == (3 if lock else 2)


def test_a_workbook_that_is_open_is_not_cleared_but_can_be_read(
    run: Run, clean: bytes, tmp_path: Path
) -> None:
    source = tmp_path / "表.xlsx"
    source.write_bytes(clean)
    assert run("validate", source, "-o", tmp_path / "o", "-q").exit_code == 0
    marked = tmp_path / "表-审核.xlsx"
    shutil.copy(tmp_path / "o" / marked.name, marked)
    before = state(marked)
    (tmp_path / f"~${marked.name}").write_bytes(b"")
    (tmp_path / f"~${source.name}").write_bytes(b"")
    assert run("validate", source, "-o", tmp_path / "p", "-q").exit_code == 0
    result = run("clear", marked, "-o", marked)
    assert result.exit_code == 2
    assert "正在表格软件中打开" in sentence(result.output, marked.name)
    assert state(marked) == before


def test_a_full_disk(run: Run, clean: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "表.xlsx", tmp_path / "o"
    source.write_bytes(clean)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    for args in (("validate", source, "-o", out, "-q"), ("regenerate", CLEAN, "-o", out)):
        result = run(*args)
        assert result.exit_code == 2
        assert "磁盘已满" in sentence(result.output, ".xlsx")
        assert list(out.iterdir()) == []
    assert source.read_bytes() == clean


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a matter of Unix")
def test_writing_that_breaks_off_half_way(clean: bytes, tmp_path: Path) -> None:
    """The system stops the process at a file size: what a full disk does, in a process of its own."""
    import resource

    source, out = tmp_path / "表.xlsx", tmp_path / "o"
    source.write_bytes(clean)
    limit = (8192, 8192)
    done = process(
        *("validate", source, "-o", out, "-q"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert done.returncode == 2
    told = sentence(done.stdout + done.stderr, "表-审核.xlsx")
    assert "超过了磁盘或系统允许的大小" in told
    assert list(out.iterdir()) == []
    assert source.read_bytes() == clean


def test_an_output_folder_that_cannot_be_one(run: Run, clean: bytes, tmp_path: Path) -> None:
    source, out = tmp_path / "表.xlsx", tmp_path / "是文件"
    source.write_bytes(clean)
    out.write_bytes(b"x")
    for args in (("validate", source), ("regenerate", CLEAN)):
        result = run(*args, "-o", out)
        assert result.exit_code == 2
        assert "文件夹" in sentence(result.output, "是文件")
    assert out.read_bytes() == b"x"


# -- what works ---------------------------------------------------------------------------------------

EVIL = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", '\t=HYPERLINK("http://x")', '="a"&"b"')


def test_texts_from_data_never_become_formulas(run: Run, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "o"
    shutil.copytree(CLEAN, data)
    _fill_in(data / "自评表.csv", "总分说明", [f"{EVIL[4]}。", EVIL[3], EVIL[1]])
    _fill_in(data / "自评表.指标.csv", "偏差原因", [EVIL[i % 6] for i in range(9)])
    _fill_in(data / "自评表.csv", "预期目标", [EVIL[0], EVIL[5], EVIL[2]])
    result = run("regenerate", data, "-o", out, "-q")
    assert result.exit_code in (0, 1), result.output
    for book in out.iterdir():
        xml = b"".join(part(book.read_bytes(), f"xl/worksheets/sheet{n}.xml") for n in (1, 2, 3)).decode()
        assert not re.findall(r"<f>[^<]*(?:cmd|HYPERLINK|SUM\(A1:A9\)|1\+1)", xml)
        for evil in EVIL:
            written = evil.strip("\t").replace("&", "&amp;").replace('"', "&quot;")
            assert re.search(rf't="inlineStr"><is><t xml:space="preserve">\t?{re.escape(written)}', xml), evil
    first = openpyxl.load_workbook(next(iter(out.iterdir())))[FORM]
    typed = {c.value: c.data_type for row in first for c in row if isinstance(c.value, str)}
    assert typed[EVIL[0]] in ("s", "inlineStr")


def _fill_in(path: Path, column: str, texts: list[str]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as f:
        rows = list(csv.DictReader(f))
    for row, text in zip(rows, texts, strict=False):
        row[column] = text
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")


def test_a_clean_file_ends_with_zero(run: Run, clean: bytes, tmp_path: Path) -> None:
    source = tmp_path / "表.xlsx"
    source.write_bytes(clean)
    before = state(source)
    assert findings(run, source, tmp_path) == (0, [])
    assert state(source) == before


def _replaced(clean: bytes, ref: str, cell: str) -> bytes:
    """The workbook with another content of one cell; ``cell`` follows the style."""
    name = "xl/worksheets/sheet1.xml"
    xml, count = re.subn(
        rf'(<c r="{ref}" s="\d+")(?:/>|[^>]*>.*?</c>)',
        lambda m: m[1] + cell,
        part(clean, name).decode(),
        count=1,
    )
    assert count == 1
    return changed(clean, {name: xml.encode()})


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (' t="e"><v>#DIV/0!</v></c>', "出错值"),
        (' t="e"><f>1/0</f><v>#DIV/0!</v></c>', "出错值"),
        (' t="inlineStr"><is><t>６２．３４</t></is></c>', "文本"),
        (' t="inlineStr"><is><t> 62.34 万元</t></is></c>', "文本"),
        (' t="inlineStr"><is><t>六十二</t></is></c>', "数字"),
    ],
)
def test_odd_cells_are_findings(run: Run, clean: bytes, tmp_path: Path, content: str, rule: str) -> None:
    ref = _money(clean)
    source = tmp_path / "表.xlsx"
    source.write_bytes(_replaced(clean, ref, content))
    code, found = findings(run, source, tmp_path)
    assert code == 1
    here = [f for f in found if {"sheet": FORM, "cell": ref}.items() <= f["places"][0].items()]
    assert any(rule in f["title"] + f["message"] for f in here), [f["title"] for f in found]


def _money(clean: bytes) -> str:
    """An input cell with an amount: the first constant number below the money captions."""
    sheet = openpyxl.load_workbook(io.BytesIO(clean))[FORM]
    return next(c.coordinate for row in sheet.iter_rows() for c in row if c.value == 62.34)


def _moved(clean: bytes, path: Path, down: int, right: int, wrong: str) -> Path:
    """The form typed again lower and further right on one sheet: values only, merges moved along.

    The content of the cell ``wrong`` is increased by one.
    """
    old = openpyxl.load_workbook(io.BytesIO(clean), data_only=True)[FORM]
    book = openpyxl.Workbook()
    new = book.active
    new.title = FORM
    for row in old.iter_rows():
        for cell in row:
            if cell.value is not None:
                value = cell.value + 1 if cell.coordinate == wrong else cell.value
                there = new.cell(cell.row + down, cell.column + right, value)
                there.number_format = cell.number_format
    for merge in old.merged_cells.ranges:
        merge.shift(right, down)
        new.merge_cells(merge.coord)
    new["A1"] = "本表由办公室汇总"
    book.save(path)
    return path


@pytest.mark.parametrize(("down", "right"), [(3, 0), (1, 2), (5, 1)])
def test_a_form_with_rows_inserted_and_merges_moved_is_read(
    run: Run, clean: bytes, tmp_path: Path, down: int, right: int
) -> None:
    wrong = _score(clean)
    source = _moved(clean, tmp_path / "表.xlsx", down, right, wrong)
    code, found = findings(run, source, tmp_path)
    assert code == 1
    column, row = openpyxl.utils.cell.coordinate_from_string(wrong)
    letters = openpyxl.utils.get_column_letter(openpyxl.utils.column_index_from_string(column) + right)
    cells = {p["cell"] for f in found for p in f["places"] if f["severity"] == "错误"}
    assert f"{letters}{row + down}" in cells


def _score(clean: bytes) -> str:
    """The cell of the total score: the last number on the form."""
    sheet = openpyxl.load_workbook(io.BytesIO(clean), data_only=True)[FORM]
    numbers = [c for row in sheet.iter_rows() for c in row if isinstance(c.value, int | float)]
    return numbers[-1].coordinate


def test_a_marked_copy_is_a_whole_workbook(run: Run, clean: bytes, tmp_path: Path) -> None:
    source = tmp_path / "表.xlsx"
    source.write_bytes(_replaced(clean, _money(clean), ' t="e"><v>#N/A</v></c>'))
    code, _ = findings(run, source, tmp_path)
    assert code == 1
    (marked,) = (tmp_path / "o").iterdir()
    with zipfile.ZipFile(marked) as z:
        assert z.testzip() is None
    assert RULES in openpyxl.load_workbook(marked).sheetnames
