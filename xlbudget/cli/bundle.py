"""``xlbudget addin`` and ``xlbudget bundle``: for whoever makes a release, not for the accountant."""

from __future__ import annotations

import re
import shutil
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import xlbudget
from xlbudget.setup.source import MANIFEST, MODES
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.errors import OutputError

from .commands import quiet_option

if TYPE_CHECKING:
    from xlbudget.setup.make.bundle import Recipe

ROOT = Path(xlbudget.__file__).resolve().parents[1]
_FILE = click.Path(path_type=Path)
_NAMES = {"": "说明与安装程序", "python": "Python", "addin": "加载项", "dll": "DLL", "licences": "许可证"}


@click.command(short_help="生成 Excel 加载项", options_metavar="[选项]")
@click.option("-o", "--output", type=_FILE, required=True, metavar="FILE", help="写到这个 .xlam 文件。")
@click.option("--force", is_flag=True, help="文件已经存在时覆盖它。")
def addin(output: Path, force: bool) -> None:
    """生成 Excel 加载项 xlbudget.xlam。

    内容全部由文本生成，同样的源代码总是得到同样的文件。
    """
    _may_write(output, force)
    data = _addin()
    write_atomic(output, data)
    click.echo(f"加载项：{output}（{_size(len(data))}）")


@click.command(short_help="制作安装包", options_metavar="[选项]")
@click.option("-o", "--output", type=_FILE, required=True, metavar="OUT", help="写到这个文件夹或 .zip。")
@click.option("--force", is_flag=True, help="已经存在时覆盖它。")
@click.option(
    "--python",
    "embedded",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="ZIP",
    help="放进安装包的 Python：64 位 Windows 的 embeddable package。不给则要求电脑上已装有 Python。",
)
@click.option(
    "--python-version",
    "versions",
    multiple=True,
    metavar="3.11",
    help="没有自带的 Python 时，适合哪些版本；可以写几次，默认 3.11 至 3.14。",
)
@click.option("--mode", type=click.Choice(MODES), default="T1", help="默认的连接方式；T3 只含加载项。")
@click.option("--service", default="", metavar="URL", help="T3 的服务地址。")
@click.option(
    "--wheels",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="不联网，只用这个文件夹里的 .whl 文件。",
)
@quiet_option
def bundle(
    output: Path,
    force: bool,
    embedded: Path | None,
    versions: tuple[str, ...],
    mode: str,
    service: str,
    wheels: Path | None,
    quiet: bool,
) -> None:
    """制作给会计电脑用的安装包：加载项、程序、所需的软件包、安装脚本和说明。

    在源代码目录里运行，任何系统都可以；软件包按 constraints.txt 固定的版本取 Windows 用的。
    """
    try:
        from xlbudget.setup.make import MakeError
        from xlbudget.setup.make.bundle import PYTHONS, Recipe, make, sizes
        from xlbudget.setup.make.embed import embeddable
        from xlbudget.setup.make.wheels import pip_fetch
    except ModuleNotFoundError as e:
        raise OutputError(f"制作安装包要用到 {e.name}；请先安装开发用的依赖") from e
    for version in versions:
        if embedded or not re.fullmatch(r"3\.\d+", version):
            wrong = "已经用 --python 自带一个，不必再写版本" if embedded else f"“{version}”应写成 3.11 这样"
            raise click.BadParameter(wrong, param_hint="--python-version")
    if not (ROOT / "pyproject.toml").is_file():
        raise OutputError("制作安装包要在源代码目录里运行")
    _may_write(output, force)
    extra = ["--no-index", "--find-links", str(wheels)] if wheels else []
    try:
        recipe = Recipe(
            ROOT,
            mode,
            service,
            embeddable(embedded) if embedded else None,
            versions or PYTHONS,
            metadata.version("xlwings"),
        )
        files = make(recipe, _addin, pip_fetch(extra))
    except MakeError as e:
        raise OutputError(str(e)) from e
    _write(output, files)
    click.echo(f"安装包：{output}（{len(files)} 个文件，{_size(sum(map(len, files.values())))}）")
    if not quiet:
        for folder, size in sorted(sizes(files).items()):
            click.echo(f"  {_NAMES.get(folder, folder)}：{_size(size)}")
        click.echo(_needs(recipe))


def _needs(recipe: Recipe) -> str:
    if recipe.mode == "T3":
        return "T3 安装包，电脑上不需要 Python。"
    if recipe.python:
        return f"自带 Python {recipe.python.version}。"
    return f"没有自带 Python：电脑上要已装有 64 位的 Python {'、'.join(recipe.pythons)}。"


def _addin() -> bytes:
    from xlbudget.addin.build import build_addin
    from xlbudget.addin.errors import AddinError

    try:
        return build_addin()
    except AddinError as e:
        raise OutputError(str(e)) from e


def _may_write(output: Path, force: bool) -> None:
    if output.exists() and not force and (output.is_file() or any(output.iterdir())):
        raise OutputError(f"“{output}”已经存在；要覆盖它请加 --force")
    if output.is_dir() and any(output.iterdir()) and not (output / MANIFEST).is_file():
        raise OutputError(f"“{output}”里有别的文件，不是以前的安装包；请换一个文件夹")


def _write(output: Path, files: dict[str, bytes]) -> None:
    """A zip, or a folder that is there whole or not at all."""
    from xlbudget.setup.make.bundle import zipped

    if output.suffix.lower() == ".zip":
        write_atomic(output, zipped(files))
        return
    part = output.with_name(f"{output.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        for name, data in files.items():
            target = part / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if output.is_dir():
            shutil.rmtree(output)
        part.replace(output)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _size(n: int) -> str:
    return f"{n / 1_000_000:.1f} MB" if n >= 1_000_000 else f"{max(1, n // 1000)} KB"


COMMANDS: list[Any] = [addin, bundle]
