"""Buttons and functions over real HTTP."""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.excel.jobs_made import NAME, broken_job, hopeless_job
from xlbudget import __version__
from xlbudget.excel import buttons
from xlbudget.excel.jobfile import write_packed
from xlbudget.excel.messages import OpenBook, Settings
from xlbudget.excel.wire import read_reply, read_values, write_values
from xlbudget.service.app import Config, create_app


def chinese(text: str) -> bool:
    return any("\u4e00" <= ch <= "\u9fff" for ch in text)


def test_ping(client: httpx.Client) -> None:
    answer = client.get("/v1/ping")
    assert (answer.status_code, answer.text) == (200, f"xlbudget {__version__}")
    assert answer.headers["content-type"] == "text/plain; charset=us-ascii"


def test_ping_needs_no_token(client: httpx.Client) -> None:
    assert httpx.get(f"{client.base_url}/v1/ping").status_code == 200


def test_validate_is_the_same_as_on_the_pc(client: httpx.Client) -> None:
    job = broken_job()
    answer = client.post("/v1/run", content=write_packed(job))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=us-ascii"
    assert answer.content.isascii()
    reply = read_reply(answer.text)
    assert reply == buttons.press(job)
    assert "错误" in reply.line
    assert reply.steps[NAME]


@pytest.mark.parametrize("verb", ["fill", "clear", "export"])
def test_other_buttons_are_the_same_too(client: httpx.Client, verb: str) -> None:
    job = broken_job(verb)
    served = read_reply(client.post("/v1/run", content=write_packed(job)).text)
    unplaced = replace(job, book=replace(job.book, folder=""))
    assert served == buttons.press(unplaced)
    assert served.ok


def test_an_unreadable_workbook_is_a_reply(client: httpx.Client) -> None:
    answer = client.post("/v1/run", content=write_packed(hopeless_job()))
    assert answer.status_code == 200
    reply = read_reply(answer.text)
    assert not reply.ok
    assert "图片" in reply.line


def test_an_unknown_verb_is_a_reply(client: httpx.Client) -> None:
    reply = read_reply(client.post("/v1/run", content=write_packed(broken_job("format"))).text)
    assert not reply.ok


def test_source_of_the_wire_is_ignored(client: httpx.Client, tmp_path: Path) -> None:
    """Neither opened, nor told whether it exists."""
    secret = tmp_path / "secret.sqlite"
    secret.write_bytes(b"SQLite format 3\0")
    replies = {
        client.post("/v1/run", content=write_packed(broken_job("fill", source))).text
        for source in ("", str(secret), str(tmp_path / "missing.xlsx"), "sqlite:///" + str(secret), "/etc")
    }
    assert len(replies) == 1


def test_folders_of_the_wire_are_ignored(client: httpx.Client, tmp_path: Path) -> None:
    job = broken_job("fill")
    replies = {
        client.post("/v1/run", content=write_packed(replace(job, book=replace(job.book, folder=str(f))))).text
        for f in ("", tmp_path, Path(__file__).parents[2] / "workbooks" / "samples" / "seed-b")
    }
    assert len(replies) == 1


def test_a_pack_of_the_service(client: httpx.Client) -> None:
    job = replace(broken_job(), settings=Settings("S3-HN"))
    assert read_reply(client.post("/v1/run", content=write_packed(job)).text) == buttons.press(job)


@pytest.mark.parametrize("pack", ["../S3-CN", "S3-XX", "./S3-CN", "folder"])
def test_a_pack_from_a_folder_is_not_loaded(client: httpx.Client, tmp_path: Path, pack: str) -> None:
    given = str(tmp_path) if pack == "folder" else pack
    (tmp_path / "pack.toml").write_text("id = 'X'")
    job = replace(broken_job(), settings=Settings(given))
    reply = read_reply(client.post("/v1/run", content=write_packed(job)).text)
    assert not reply.ok
    assert "服务没有规则包" in reply.line
    assert "S3-CN" in reply.line


def test_a_function(client: httpx.Client) -> None:
    answer = client.post("/v1/call/XB_RATE", content=write_values([51.79, 60.0]))
    assert answer.status_code == 200
    assert read_values(answer.text) == [0.8632]


def test_a_function_over_an_area(client: httpx.Client) -> None:
    args = write_values([[[1.0], [2.0]], [[4.0], [0.0]]])
    answer = client.post("/v1/call/XB_RATE", content=args)
    assert read_values(answer.text) == [[[0.25], ["预算数为零，不计算执行率"]]]


@pytest.mark.parametrize(
    "name", ["eval", "XB_rate", "XB_", "XB_RATE%2F..", "XB_RATE%00", "..%2Frun", "X" * 500]
)
def test_functions_that_there_are_not(client: httpx.Client, name: str) -> None:
    answer = client.post(f"/v1/call/{name}", content=write_values([1.0]))
    assert answer.status_code == 404
    assert chinese(answer.text)


@pytest.mark.parametrize("body", [b"hello\r\n", b"n\tx\r\n", b"\xff\xfe", b"a\t9\t9\r\nz\r\n"])
def test_arguments_that_are_none(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/v1/call/XB_RATE", content=body)
    assert answer.status_code == 400
    assert "参数" in answer.text


def test_parallel_requests(client: httpx.Client) -> None:
    """More than there are processes; each gets its own answer."""
    jobs = [replace(broken_job(), book=replace(broken_job().book, name=f"第{i}本.xlsx")) for i in range(6)]

    def ask(i: int) -> tuple[int, str, list[str], object]:
        with httpx.Client(base_url=client.base_url, headers=client.headers, timeout=120) as own:
            answer = own.post("/v1/run", content=write_packed(jobs[i]))
            value = own.post("/v1/call/XB_RATE", content=write_values([float(i), 10.0]))
        reply = read_reply(answer.text)
        return answer.status_code, reply.line, list(reply.steps), read_values(value.text)[0]

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(ask, range(6)))
    assert [f[0] for f in found] == [200] * 6
    assert [f[2] for f in found] == [[f"第{i}本.xlsx"] for i in range(6)]
    assert [f[3] for f in found] == [i / 10 for i in range(6)]
    assert len({f[1] for f in found}) == 1


def test_nothing_is_left_behind(client: httpx.Client) -> None:
    def there() -> set[str]:
        return {p.name for p in Path(tempfile.gettempdir()).iterdir()}

    before = there()
    for verb in ("validate", "fill", "export"):
        client.post("/v1/run", content=write_packed(broken_job(verb)))
    client.post("/v1/run", content=write_packed(hopeless_job()))
    new = there() - before
    assert not [n for n in new if "book" in n or "xlsx" in n or n.startswith("xlbudget")]


def test_other_open_workbooks_come_along(client: httpx.Client) -> None:
    job = replace(broken_job(), others=(OpenBook("别的.xlsx", b"PK\3\4"), OpenBook("空.xlsx", b"")))
    assert read_reply(client.post("/v1/run", content=write_packed(job)).text).ok


def test_a_page_beside_the_interface() -> None:
    """Other routes have rules of their own, and the interface keeps its."""

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse("<p>", headers={"Content-Security-Policy": "default-src 'self'"})

    app = create_app(Config("a-token-for-tests-only"), [Route("/", page)])

    async def get(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as own:
            return await own.get(path, headers={"Origin": "http://localhost"})

    asked = asyncio.run(get("/"))
    assert asked.status_code == 200
    assert asked.headers["content-security-policy"] == "default-src 'self'"
    assert asked.headers["x-content-type-options"] == "nosniff"
    assert asyncio.run(get("/v1/ping")).status_code == 403
