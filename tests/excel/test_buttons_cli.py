"""The commands fill and export: what they write, what they say, how they end."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.workbook.marking import contents
from tests.workbook.refilling import WORKBOOKS, cell, changed, edit, sample
from xlbudget.cli import cli

from .books import ONE

SEED = str(WORKBOOKS / "samples" / "seed-b")
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *args: CliRunner().invoke(cli, [str(a) for a in args], prog_name="xlbudget")


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "表.xlsx"
    path.write_bytes(
        changed(sample("seed-b"), edit(ONE, "I6", None), edit(ONE, "E7", None), edit(ONE, "H21", 88))
    )
    return path


def test_fill_writes_a_copy_and_lists_what_is_left(run: Run, form: Path) -> None:
    before = form.read_bytes()
    result = run("fill", form, "--source", SEED)
    copy = form.with_name("表-填充.xlsx")
    assert result.exit_code == 1
    assert result.stdout == (
        f"填入公式 1 处，填入数据 1 处：{copy}\n"
        "1 处公式被数字覆盖（要恢复请加 --restore）：\n"
        "　附件2-1!H21（总分·得分）现为 88，公式得 90\n"
    )
    assert form.read_bytes() == before
    first = copy.read_bytes()
    assert run("fill", form, "--source", SEED).exit_code == 1
    assert copy.read_bytes() == first, "the same bytes again"
    assert (cell(first, ONE, "H21") or (None,) * 4)[3] == "88"


@pytest.mark.parametrize("option", ["--restore", "--恢复"])
def test_fill_restores_on_request(run: Run, form: Path, tmp_path: Path, option: str) -> None:
    out = tmp_path / "好.xlsx"
    result = run("fill", form, "--source", SEED, option, "-o", out)
    assert result.exit_code == 0
    assert result.stdout == f"填入公式 1 处，填入数据 1 处，恢复公式 1 处：{out}\n"
    restored = cell(out.read_bytes(), ONE, "H21")
    assert restored is not None
    assert (restored.value, restored.formula is None) == ("90", False)
    again = run("fill", out, "--source", SEED)
    assert (again.exit_code, again.stdout) == (0, f"没有可填的格子：{tmp_path / '好-填充.xlsx'}\n")


def test_fill_tells_what_differs(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    edits = [edit(ONE, f"G{row}", Fraction(row, 4)) for row in range(13, 21)]
    edits += [edit("附件2-2", f"G{row}", Fraction(row, 4)) for row in range(13, 22)]
    edits += [edit("附件2-3", f"G{row}", Fraction(row, 4)) for row in range(13, 22)]
    path.write_bytes(changed(sample("seed-b"), *edits))
    result = run("fill", path, "--source", SEED)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[1] == "与数据不一致，未改："
    assert len(lines) == 23
    assert lines[-1].startswith("　……另有 ")


def test_export(run: Run, form: Path) -> None:
    marked = form.with_name("表-审核.xlsx")
    run("validate", form)
    assert marked.exists()
    result = run("export", marked)
    copy = form.with_name("表-报送版.xlsx")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == f"已导出：{copy}"
    assert result.stdout.splitlines()[1].startswith("再次校验：")
    assert contents(copy.read_bytes()) == contents(form.read_bytes())
    first = copy.read_bytes()
    run("export", marked)
    assert copy.read_bytes() == first


def test_export_of_a_clean_workbook(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(sample())
    result = run("export", path, "-o", tmp_path / "报送.xlsx")
    assert (result.exit_code, result.stdout) == (0, f"已导出：{tmp_path / '报送.xlsx'}\n再次校验：通过\n")
    assert (tmp_path / "报送.xlsx").read_bytes() == sample()


@pytest.mark.parametrize("command", ["fill", "export"])
def test_what_cannot_be_done_says_why(run: Run, command: str, tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\3\4")
    for args in ([bad], [tmp_path / "没有.xlsx"]):
        result = run(command, *args)
        assert (result.exit_code, result.stdout) == (2, "")
        assert args[0].name in result.stderr
    good = tmp_path / "好.xlsx"
    good.write_bytes(sample())
    result = run(command, good, "-o", good)
    assert result.exit_code == 2
    assert "原文件" in result.stderr
    assert good.read_bytes() == sample()
