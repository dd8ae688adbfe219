"""The commands around Excel: the service, and the doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbudget.oserrors import reason
from xlbudget.workbook.atomic import write_atomic

from .root import CLEAN, FINDINGS

if TYPE_CHECKING:
    from xlbudget.excel.doctor import Pc

_FILE = click.Path(path_type=Path)


@click.command(short_help="启动网络服务", options_metavar="[选项]")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="地址", help="在这个地址上等候。")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), metavar="端口")
@click.option("--token-file", type=_FILE, metavar="FILE", help="口令文件；没有则在第一次启动时生成。")
@click.option(
    "--max-mb",
    default=50,
    show_default=True,
    type=click.IntRange(1, 1000),
    metavar="MB",
    help="一次请求的工作簿合计上限。",
)
@click.option("--allow-host", multiple=True, metavar="主机名", help="除 IP 地址外还接受的主机名，可写几次。")
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    metavar="个数",
    help="同时处理几个工作簿。",
)
@click.option(
    "--seconds",
    default=60,
    show_default=True,
    type=click.IntRange(1, 3600),
    metavar="秒",
    help="一个工作簿最多处理多久。",
)
@click.option("--proxy-headers", is_flag=True, help="服务在反向代理后面，采用代理所写的来源。")
@click.option("--root-path", default="", metavar="路径", help="反向代理给服务的路径，如 /xlbudget。")
def serve(
    host: str,
    port: int,
    token_file: Path | None,
    max_mb: int,
    allow_host: tuple[str, ...],
    workers: int,
    seconds: int,
    proxy_headers: bool,
    root_path: str,
) -> int:
    """启动网络服务，让没有 Python 的电脑上的加载项（连接方式 T3）也能用按钮和函数。

    工作簿只在内存里处理，不留存，不写进日志。口令取自环境变量 XLBUDGET_TOKEN 或口令文件；
    第一次启动时生成并显示一次。服务本身不加密：给其他电脑用时，请放在有 TLS 的反向代理后面，
    并加 --proxy-headers。
    """
    from xlbudget.service.app import Config
    from xlbudget.service.body import MB
    from xlbudget.service.server import Behind, is_loopback, listen, open_socket
    from xlbudget.service.token import TokenError, find_token

    try:
        token = find_token(token_file, make=is_loopback(host))
    except TokenError as e:
        raise click.ClickException(f"{e}。") from e
    try:
        sock = open_socket(host, port)
    except OSError as e:
        raise click.ClickException(
            f"不能在 {host}:{port} 上等候：{reason(e)}。可能已有程序占用，请换一个 --port，或先关闭它。"
        ) from e
    name = f"[{host}]" if ":" in host else host
    click.echo(f"服务已启动：http://{name}:{sock.getsockname()[1]}（按 Ctrl+C 停止）")
    if token.made is not None:
        click.echo(f"口令（只显示这一次）：{token.word}")
        click.echo("请在加载项“设置”里填写：连接方式 T3，服务地址如上，口令如上。")
        click.echo(f"口令保存在 {token.made}；删除该文件后重新启动即换新口令。")
    config = Config(
        token.word,
        hosts=(host, *allow_host),
        max_bytes=max_mb * MB,
        workers=workers,
        job_seconds=seconds,
    )
    listen(config, Behind(proxy_headers, root_path), sock)
    click.echo("服务已停止。")
    return CLEAN


@click.command(short_help="诊断", options_metavar="[选项]")
@click.option(
    "--json", "json_file", type=_FILE, metavar="FILE", help="结果另存为 JSON，其中没有用户名和个人路径。"
)
@click.option("--selftest", is_flag=True, help="打开 Excel，用一份空白表样把每个按钮和函数试一遍。")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="--selftest 的结果写到这个 JSON 文件。")
def doctor(json_file: Path | None, selftest: bool, output: Path | None) -> int:
    """检查这台电脑上能否使用加载项：程序、安装、Excel、策略、设置和连接。只检查，不改动任何东西。

    退出码：0 没有发现问题，1 有要处理的，2 没有做成。
    """
    from xlbudget.excel import doctor as looking
    from xlbudget.setup.errors import SetupError

    if output is not None and not selftest:
        raise click.UsageError("-o 要与 --selftest 一起用；只检查时请用 --json。")
    try:
        pc = looking.this_pc()
    except SetupError as e:
        raise click.ClickException(f"{e}。") from e
    if selftest:
        return _selftest(pc, output)
    checks = looking.examine(pc)
    for line in looking.report(checks):
        click.echo(line)
    if json_file is not None:
        write_atomic(json_file, looking.as_json(checks, looking.private_folders(pc.system)))
    return FINDINGS if any(check.mind for check in checks) else CLEAN


def _selftest(pc: Pc, output: Path | None) -> int:
    from xlbudget.excel import doctor as looking
    from xlbudget.excel.doctor_selftest import result, selftest
    from xlbudget.excel.doctor_stage import StageError, running_excel

    try:
        stage = running_excel()
    except StageError as e:
        raise click.ClickException(str(e)) from e
    click.echo("自检约需一分钟，请不要操作 Excel……")
    facts = stage.facts()
    trials = selftest(stage)
    for trial in trials:
        times = "，".join(f"{name} {ms} 毫秒" for name, ms in trial.ms.items())
        click.echo(f"{'　　　　' if trial.ok else '【不对】'}{trial.name}（{times}）{trial.text}")
    bad = sum(not trial.ok for trial in trials)
    click.echo(f"共 {len(trials)} 项，{f'{bad} 项不对' if bad else '全部正确'}。")
    if output is not None:
        folders = looking.private_folders(pc.system)
        write_atomic(output, result(trials, facts, lambda text: looking.without(text, folders)))
        click.echo(f"结果写在 {output}，其中没有用户名和个人路径，可以交给开发者。")
    return FINDINGS if bad else CLEAN


COMMANDS = [serve, doctor]
