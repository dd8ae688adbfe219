"""The command line: what it writes, what it says, and how it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xlbudget import jobs
from xlbudget.cli import cli
from xlbudget.packs import available_packs, load_pack
from xlbudget.workbook.errors import OutputError, WorkbookRefused

SAMPLES = Path(__file__).resolve().parent.parent / "workbooks" / "samples"
NAME = "湖南省怀化市人民政府驻北京联络处-2023-项目支出绩效自评"

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *args: CliRunner().invoke(cli, [str(a) for a in args], prog_name="xlbudget")


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    out = tmp_path_factory.mktemp("seed")
    args = ["regenerate", str(SAMPLES / "seed-b"), "-o", str(out / "a")]
    args += ["--json", str(out / "a.json"), "--csv", str(out / "a.csv")]
    return CliRunner().invoke(cli, args), out


COMMANDS = ["new", "regenerate", "validate", "fill", "clear", "export", "rules"]
COMMANDS += ["serve", "doctor", "addin", "bundle"]


def english(text: str) -> set[str]:
    """Words of a text that are English prose: not options, names in capitals, file names or codes."""
    text = re.sub(r"--?[a-z][\w-]*|‘.*?’|“.*?”|'.*?'|\S*\.\w+|\b[A-Z0-9_-]+\b", " ", text)
    known = {"xlbudget", *COMMANDS, "SQLAlchemy", "SQLite", "Excel", "Python", "Windows"}
    known |= {"embeddable", "package", "constraints", "txt", "whl", "zip"}
    return set(re.findall(r"[A-Za-z]{2,}", text)) - known


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese_with_english_options(run: Run, command: str) -> None:
    result = run(*([command] if command else []), "--help")
    assert result.exit_code == 0
    assert "用法：" in result.stdout
    assert "选项:" in result.stdout
    assert english(result.stdout) == set()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["validat"], "没有命令“validat”"),
        (["validate"], "缺少参数"),
        (["new", "自评表"], "缺少选项"),
        (["new", "自评表", "-o"], "选项“-o”后面要写一个值"),
        (["rules", "--pakc", "x"], "没有选项“--pakc”。 是不是 '--pack'？"),
        (["rules", "a", "b"], "多出了参数（b）"),
        (["rules", "--debug=1"], "没有选项“--debug”"),
        (["clear", "a", "--help=1"], "选项“--help”后面不带值"),
    ],
)
def test_wrong_use_is_told_in_chinese(run: Run, args: list[str], said: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert english(result.stderr) == set()


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    result = run()
    assert result.exit_code == 2
    assert "命令:" in result.stdout + result.stderr


# -- new ------------------------------------------------------------------------------------------


def test_new_writes_a_blank_form_and_spares_an_existing_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "空表.xlsx"
    first = run("new", "自评表", "-o", target)
    assert (first.exit_code, first.stdout) == (0, f"空白表样：{target}\n")
    assert target.read_bytes() == jobs.new_form("S3-CN", ["自评表"])
    again = run("new", "S3-HN", "-o", target)
    assert again.exit_code == 2
    assert again.stderr == f"“{target}”已经存在；要覆盖它请加 --force\n"
    assert run("new", "S3-HN", "-o", target, "--force").exit_code == 0
    assert target.read_bytes() == jobs.new_form("S3-HN")


def test_new_names_the_forms_that_there_are(run: Run, tmp_path: Path) -> None:
    result = run("new", "评分表", "-o", tmp_path / "x.xlsx")
    assert result.exit_code == 2
    assert "没有表样“评分表”。规则包 S3-CN 的表样：自评表、汇总；" in result.stderr
    assert f"规则包：{'、'.join(available_packs())}" in result.stderr


# -- regenerate -----------------------------------------------------------------------------------


def test_regenerate_writes_both_workbooks_and_the_reports(seed: tuple[Result, Path]) -> None:
    result, out = seed
    assert result.exit_code == 1, result.output
    assert sorted(p.name for p in (out / "a").iterdir()) == [f"{NAME}-审核.xlsx", f"{NAME}.xlsx"]
    assert "附件2-3!H22" in result.stdout
    assert re.fullmatch(r"  \d+ 错误( · \d+ (核实|提示))*", result.stdout.splitlines()[-1])
    (file,) = json.loads((out / "a.json").read_bytes())["files"]
    table = (out / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(table) == 1 + len(file["findings"]) == 1 + sum(file["counts"].values())


def test_regenerate_gives_the_same_bytes_from_csv_and_sqlite(
    run: Run, seed: tuple[Result, Path], tmp_path: Path
) -> None:
    result = run("regenerate", SAMPLES / "seed-b.sqlite", "-o", tmp_path)
    assert result.exit_code == 1
    for name in (f"{NAME}.xlsx", f"{NAME}-审核.xlsx"):
        assert (tmp_path / name).read_bytes() == (seed[1] / "a" / name).read_bytes()


def test_regenerate_of_clean_data_ends_with_zero(run: Run, tmp_path: Path) -> None:
    result = run("regenerate", SAMPLES / "clean", "-o", tmp_path, "--quiet")
    assert (result.exit_code, result.stdout) == (0, "示例市人民政府驻北京联络处：通过\n")


def test_bad_data_is_told_in_full_without_a_traceback(run: Run, tmp_path: Path) -> None:
    for path in (SAMPLES / "seed-b").glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig").replace("46.78", "四十六").replace(",2023,", ",去年,")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    result = run("regenerate", tmp_path, "-o", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("数据有 5 处问题：\n  汇总.csv 第 2 行“年度”列：“去年”不是四位年份\n")
    assert result.stderr.count("“四十六”不是数") == 4
    assert run("regenerate", tmp_path / "没有", "-o", tmp_path).exit_code == 2


# -- validate and clear ---------------------------------------------------------------------------


def test_validate_and_clear(run: Run, seed: tuple[Result, Path], tmp_path: Path) -> None:
    clean = seed[1] / "a" / f"{NAME}.xlsx"
    before = clean.read_bytes()
    result = run("validate", clean, "-o", tmp_path, "--quiet")
    assert result.exit_code == 1
    assert re.fullmatch(rf"{re.escape(str(clean))}：\d+ 错误 · \d+ 核实 · \d+ 提示\n", result.stdout)
    assert clean.read_bytes() == before
    marked = tmp_path / f"{NAME}-审核.xlsx"
    cleared = tmp_path / "清除.xlsx"
    done = run("clear", marked, "-o", cleared)
    assert (done.exit_code, done.stdout) == (0, f"标注已清除（原样恢复）：{cleared}\n")
    assert run("clear", cleared).stdout == f"没有标注可清除：{cleared}\n"


def test_one_bad_file_does_not_stop_the_others(
    run: Run, seed: tuple[Result, Path], tmp_path: Path
) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"this is no workbook")
    good = seed[1] / "a" / f"{NAME}.xlsx"
    result = run("validate", bad, tmp_path / "没有.xlsx", good, "-o", tmp_path / "o")
    assert result.exit_code == 2
    assert result.stdout.count("无法处理：") == 2
    assert "共 3 个：" in result.stdout
    assert (tmp_path / "o" / f"{NAME}-审核.xlsx").is_file()


def test_clear_of_what_is_no_file(run: Run, tmp_path: Path) -> None:
    result = run("clear", tmp_path / "没有.xlsx")
    assert result.exit_code == 2
    assert result.stderr == "找不到文件“没有.xlsx”。请检查文件名和路径。\n"


# -- rules ----------------------------------------------------------------------------------------


def test_rules_lists_all(run: Run) -> None:
    result = run("rules", "--pack", "S3-HN")
    pack = load_pack("S3-HN")
    head, *lines = result.stdout.splitlines()
    assert head == f"{pack.title}（{pack.signature}）共 {len(pack.rules)} 条规则"
    assert [line.split()[:3] for line in lines] == [
        [r.id, r.severity.value, r.status.value] for r in pack.rules
    ]


@pytest.mark.parametrize("rule_id", [r.id for r in load_pack("S3-CN").rules])
def test_every_rule_has_a_page(run: Run, rule_id: str) -> None:
    rule = load_pack("S3-CN").rule_by_id[rule_id]
    result = run("rules", rule_id)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == f"{rule.id} {rule.title}"
    labels = {line[2:16].split()[0] for line in lines[1:] if line.startswith("  ") and line[2] != " "}
    assert labels >= {"级别", "规则包", "表样", "公式", "提示语", "依据", "原生公式"}


def test_one_rule_shows_its_formula_its_native_form_and_its_examples(run: Run) -> None:
    text = run("rules", "s3-05-1").stdout
    assert re.search(r"公式 +填报数\(总得分\) = 计算数\(总得分\)\n", text)
    assert re.search(r"原生公式 +H22 +=IFERROR\(", text)
    assert "98.63｜空白｜" in text


def test_a_rule_that_is_not_there(run: Run) -> None:
    assert "相近的有 S3-05-1" in run("rules", "S3-05").stderr
    assert "用 xlbudget rules 列出全部规则" in run("rules", "X").stderr
    assert run("rules", "--pack", "没有").exit_code == 2


# -- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OutputError("磁盘已满。"), WorkbookRefused("文件有密码。")])
def test_expected_errors_are_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: OutputError | WorkbookRefused
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(jobs, "clear", fail)
    result = run("clear", "x.xlsx")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{error.message}\n")


def test_unexpected_errors_tell_what_to_send(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("某处")

    monkeypatch.setattr(jobs, "clear", fail)
    result = run("clear", "x.xlsx")
    assert result.exit_code == 2
    assert "程序内部出错（KeyError: '某处'）" in result.stderr
    assert "发给开发者" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in run("--debug", "clear", "x.xlsx").stderr


def test_an_interrupted_run_is_one_that_could_not_be_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "clear", interrupt)
    result = run("clear", "x.xlsx")
    assert result.exit_code == 2
    assert "已中断。" in result.stderr


def test_a_pack_is_checked_before_any_data(run: Run, tmp_path: Path) -> None:
    assert run("rules", "--check").stdout.startswith("规则包 S3-CN@2020.1 没有写错：")
    head = 'id = "T"\nextends = "S3-CN"\ntitle = "试验"\nversion = "1"\n'
    wrong = '[[rule]]\nid = "S3-05-1"\nright = "计算数(没有的栏目)"\n'
    (tmp_path / "pack.toml").write_text(head + wrong, encoding="utf-8")
    result = run("rules", "--check", "--pack", tmp_path)
    assert result.exit_code == 2
    assert result.stdout == "规则 S3-05-1 右式：没有名称“计算数：没有的栏目”\n"
    assert result.stderr == "规则包 T 有 1 处写错，请改正后再用\n"
