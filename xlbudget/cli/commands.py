"""The commands that make, check, fill, clear and export workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from xlbudget import jobs
from xlbudget.jobs import JobResult
from xlbudget.packs import Pack, available_packs, load_pack
from xlbudget.report import csv_bytes, json_bytes, print_report
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.errors import OutputError
from xlbudget.workbook.mark import Cleared

from .progress import progress
from .root import CLEAN, FAILED, FINDINGS

DEFAULT_PACK = "S3-CN"

_FILE = click.Path(path_type=Path)
pack_option = click.option("--pack", "pack_id", metavar="ID", help="规则包的编号，或规则包所在的文件夹。")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="不显示进度，每个文件只说一行。")
json_option = click.option("--json", "json_file", type=_FILE, metavar="FILE", help="结果另存为 JSON。")
csv_option = click.option("--csv", "csv_file", type=_FILE, metavar="FILE", help="结果另存为 CSV 表。")


@click.command(short_help="空白表样", options_metavar="[选项]")
@click.argument("form", nargs=-1, required=True, metavar="FORM...")
@click.option("-o", "--output", type=_FILE, required=True, metavar="FILE", help="写到这个 .xlsx 文件。")
@click.option("--force", is_flag=True, help="文件已经存在时覆盖它。")
@pack_option
def new(form: tuple[str, ...], output: Path, force: bool, pack_id: str | None) -> None:
    """生成空白的官方表样，可以直接填写。

    FORM 是表样的编号（如 自评表），写几次就有几张；写规则包的编号（如 S3-HN）则包括它的全部表样。
    表样带公式、填写提示和实时高亮。
    """
    pack, form_ids = _forms(form, pack_id)
    if output.exists() and not force:
        raise OutputError(f"“{output}”已经存在；要覆盖它请加 --force")
    write_atomic(output, jobs.new_form(pack, form_ids))
    click.echo(f"空白表样：{output}")


def _forms(names: Sequence[str], pack_id: str | None) -> tuple[Pack, list[str] | None]:
    """The pack and the forms that are meant; None for all of the pack's."""
    if pack_id is None and len(names) == 1 and names[0] in available_packs():
        return load_pack(names[0]), None
    pack = load_pack(pack_id or DEFAULT_PACK)
    for name in names:
        if name not in pack.form_by_id:
            known = "、".join(pack.form_by_id)
            packs = "、".join(available_packs())
            raise click.BadParameter(
                f"没有表样“{name}”。规则包 {pack.id} 的表样：{known}；规则包：{packs}", param_hint="FORM"
            )
    return pack, list(names)


@click.command(short_help="由数据生成工作簿并审核", options_metavar="[选项]")
@click.argument("data", metavar="DATA")
@click.option("-o", "--output", type=_FILE, required=True, metavar="DIR", help="写到这个文件夹。")
@json_option
@csv_option
@pack_option
@quiet_option
def regenerate(
    data: str, output: Path, json_file: Path | None, csv_file: Path | None, pack_id: str | None, quiet: bool
) -> int:
    """由数据生成官方工作簿，每个单位一本，并审核。

    DATA 是放着 CSV 文件的文件夹、一本 .xlsx 数据簿、一个 SQLite 文件，或 SQLAlchemy 数据库地址。
    每个单位写两个文件：干净的表样，和标出问题的“-审核”副本。
    """
    with progress("生成", quiet) as report:
        results = jobs.regenerate(data, pack_id, output, report)
    return _finish(results, json_file, csv_file, quiet)


@click.command(short_help="审核填好的工作簿", options_metavar="[选项]")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", type=_FILE, metavar="DIR", help="标注副本的文件夹；不写则在原文件旁边。")
@json_option
@csv_option
@pack_option
@quiet_option
def validate(
    files: tuple[str, ...],
    output: Path | None,
    json_file: Path | None,
    csv_file: Path | None,
    pack_id: str | None,
    quiet: bool,
) -> int:
    """审核填好的工作簿，写出标出问题的“-审核”副本。原文件不动。

    规则包由工作簿自己说明，或按标题认出，或用 --pack 给出。
    """
    with progress("审核", quiet) as report:
        results = jobs.validate(list(files), pack_id, output, report)
    return _finish(results, json_file, csv_file, quiet)


@click.command(short_help="清除标注", options_metavar="[选项]")
@click.argument("file", type=_FILE, metavar="FILE")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="写到这个文件；不写则另存为“-清稿”。")
def clear(file: Path, output: Path | None) -> None:
    """清除审核时加上的标注、批注和工作表，恢复原来的样子。"""
    result = jobs.clear(file, output)
    if result.how is Cleared.NOTHING:
        click.echo(f"没有标注可清除：{result.path}")
    else:
        click.echo(f"标注已清除（{result.how.value}）：{result.path}")


@click.command(short_help="填入公式和数据", options_metavar="[选项]")
@click.argument("file", type=_FILE, metavar="FILE")
@click.option("--source", metavar="DATA", default="", help="数据：写法与 regenerate 的 DATA 相同。")
@click.option("--restore", "--恢复", "restore", is_flag=True, help="被数字覆盖的公式也恢复。")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="写到这个文件；不写则另存为“-填充”。")
@pack_option
def fill(file: Path, source: str, restore: bool, output: Path | None, pack_id: str | None) -> int:
    """把缺的公式填上，空白的格子按数据填上，并附上评分底稿。原文件不动。

    填好的数、已有的公式都不改。被数字覆盖的公式、与数据不一致的数只列出来。
    """
    result = jobs.fill(file, source, output, pack_id, restore)
    filled = result.filled
    click.echo(f"{filled.line or '没有可填的格子'}：{result.path}")
    if filled.plan.overwritten and not restore:
        click.echo(f"{len(filled.plan.overwritten)} 处公式被数字覆盖（要恢复请加 --restore）：")
        for sentence in filled.overwritten:
            click.echo(f"　{sentence}")
    for detail in filled.details:
        click.echo(detail)
    return FINDINGS if result.undone else CLEAN


@click.command(short_help="导出报送版", options_metavar="[选项]")
@click.argument("file", type=_FILE, metavar="FILE")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="写到这个文件；不写则另存为“-报送版”。")
@pack_option
def export(file: Path, output: Path | None, pack_id: str | None) -> int:
    """导出报送用的副本，并再校验一遍。原文件不动。

    副本里没有标注和审核结果等工作表，用加载宏函数的单元格换成数值。
    """
    result = jobs.export(file, output, pack_id)
    released = result.released
    click.echo(f"已导出：{result.path}")
    click.echo(f"再次校验：{released.verdict}")
    for detail in released.details:
        click.echo(detail)
    if released.result.broken:
        return FAILED
    return FINDINGS if released.result.findings else CLEAN


def _finish(results: list[JobResult], json_file: Path | None, csv_file: Path | None, quiet: bool) -> int:
    """Write what was asked for, print the report, and give the exit code."""
    if json_file is not None:
        write_atomic(json_file, json_bytes(results))
    if csv_file is not None:
        write_atomic(csv_file, csv_bytes(results))
    print_report(results, Console(), quiet)
    return exit_code(results)


def exit_code(results: Sequence[JobResult]) -> int:
    """2 when a file could not be done or a rule is broken, else 1 when anything was found."""
    if any(r.error is not None or r.result is None or r.result.broken for r in results):
        return FAILED
    return FINDINGS if any(r.result and r.result.findings for r in results) else CLEAN
