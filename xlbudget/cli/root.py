"""The root command: what ends well, what ends with a sentence, and the exit codes."""

from __future__ import annotations

import io
import shlex
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from xlbudget import __version__
from xlbudget.oserrors import reason
from xlbudget.packs import PackError
from xlbudget.rules.language import FormulaError
from xlbudget.sources import SourceError
from xlbudget.workbook.errors import OutputError, WorkbookRefused
from xlbudget.workbook.fill.cellxml import FillError

from .words import install

CLEAN, FINDINGS, FAILED = 0, 1, 2
"""Exit codes: nothing found, something found, could not run."""

EXPECTED = (PackError, SourceError, WorkbookRefused, OutputError, FormulaError, FillError)
"""What may go wrong with what the user gave us; their text is a sentence for the user."""

install()


class Root(click.Group):
    """Turns every error into a sentence on stderr and exit code 2; a traceback only with --debug."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort, click.ClickException):
            raise
        except EXPECTED as e:
            _fail(ctx, str(e), e)
        except BrokenPipeError:
            raise
        except OSError as e:
            name = f"“{e.filename}”" if e.filename else ""
            _fail(ctx, f"文件{name}读写不了：{reason(e)}", e)
        except Exception as e:  # noqa: BLE001 - the last line of defence: the user gets a sentence
            _fail(ctx, _unexpected(e), e)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """As Click's own, but an interrupted run counts as one that could not be done."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name, **extra)
        except click.Abort:
            click.echo("已中断。", err=True)
            code = FAILED
        except click.ClickException as e:
            e.show()
            code = FAILED
        sys.exit(code if isinstance(code, int) else CLEAN)


def _fail(ctx: click.Context, sentence: str, error: BaseException) -> NoReturn:
    click.echo(sentence, err=True)
    if ctx.params.get("debug"):
        click.echo("".join(traceback.format_exception(error)), err=True)
    ctx.exit(FAILED)


def _unexpected(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    command = shlex.join(sys.argv[1:])
    return (
        f"程序内部出错（{what}），没有完成。请把这句话、所用的命令（{command}）和有关文件发给开发者；"
        "用 xlbudget --debug 重新运行可以看到详细信息。"
    )


@click.group(
    cls=Root,
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", prog_name="xlbudget")
@click.option("--debug", is_flag=True, help="出错时显示详细信息，供开发者查找原因。")
def cli(debug: bool) -> None:
    """公开表格的生成与审核：按规则包生成官方表样，审核填好的工作簿，标出问题。

    退出码：0 没有发现问题，1 有发现，2 没有运行成功。
    """
