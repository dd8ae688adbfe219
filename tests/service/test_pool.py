"""The processes behind the service: one that hangs, dies or breaks harms nobody else."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.service.running import ODD, TOKEN, Service, running
from tests.service.test_service import chinese
from xlbudget.excel.wire import WireError
from xlbudget.service.app import Config
from xlbudget.service.pool import Crashed, Pool, TooSlow

HEAD = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def odd() -> Iterator[Service]:
    config = Config(TOKEN, workers=2, waiting=4, job_seconds=1.5, call_seconds=1.5, work=ODD)
    with running(config) as service:
        yield service


def post(service: Service, body: str, path: str = "/v1/run") -> httpx.Response:
    return httpx.post(service.url + path, content=body, headers=HEAD, timeout=60)


def test_a_task_that_hangs_is_ended(odd: Service) -> None:
    start = time.monotonic()
    answer = post(odd, "hang")
    assert answer.status_code == 504
    assert "1.5 秒内没有做完" in answer.text
    assert time.monotonic() - start < 20
    assert post(odd, "hello").text == "echo hello"


def test_others_go_on_while_one_hangs(odd: Service) -> None:
    with ThreadPoolExecutor(2) as threads:
        hanging = threads.submit(post, odd, "hang")
        time.sleep(0.2)
        assert post(odd, "hello").status_code == 200
        assert httpx.get(f"{odd.url}/v1/ping").status_code == 200
        assert post(odd, "x", "/v1/call/XB_RATE").status_code == 200
        assert hanging.result().status_code == 504


def test_functions_do_not_wait_for_workbooks(odd: Service) -> None:
    with ThreadPoolExecutor(2) as threads:
        busy = [threads.submit(post, odd, "sleep 1") for _ in range(2)]
        time.sleep(0.3)
        start = time.monotonic()
        assert post(odd, "x", "/v1/call/XB_RATE").status_code == 200
        assert time.monotonic() - start < 0.6
        assert {b.result().status_code for b in busy} == {200}


def test_a_process_that_dies(odd: Service, caplog: pytest.LogCaptureFixture) -> None:
    answer = post(odd, "die")
    assert answer.status_code == 500
    assert "编号" in answer.text
    assert post(odd, "hello").status_code == 200


def test_an_error_is_logged_without_what_it_quotes(odd: Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        answer = post(odd, "raise")
    assert answer.status_code == 500
    (line,) = [r.getMessage() for r in caplog.records if r.name == "xlbudget.service"]
    number = answer.text.partition("编号 ")[2][:8]
    assert line.startswith(number)
    assert "ZeroDivisionError at running.py" in line
    assert "王丽" not in caplog.text
    assert "王丽" not in answer.text


def test_a_task_that_refuses(odd: Service) -> None:
    answer = post(odd, "refuse")
    assert (answer.status_code, answer.text) == (400, "看不懂。")


def test_memory_is_limited(odd: Service) -> None:
    assert post(odd, "memory").status_code == 500
    assert post(odd, "hello").status_code == 200


def test_too_many_are_sent_away(odd: Service) -> None:
    with ThreadPoolExecutor(7) as threads:
        answers = list(threads.map(lambda _: post(odd, "sleep 0.7"), range(7)))
    statuses = sorted(a.status_code for a in answers)
    assert statuses[:4] == [200] * 4
    assert 503 in statuses
    (busy, *_) = [a for a in answers if a.status_code == 503]
    assert "正忙" in busy.text
    assert chinese(busy.text)
    assert busy.headers["retry-after"]
    assert post(odd, "hello").status_code == 200


# ---- the pool itself ----


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(ODD, 1, tasks=3)
    yield made
    made.close()


def done(pool: Pool, body: bytes, seconds: float = 20) -> bytes:
    return asyncio.run(pool.do("run", "", body, seconds))


def test_processes_are_replaced_after_some_tasks(pool: Pool) -> None:
    pids = [done(pool, b"pid") for _ in range(7)]
    assert len(set(pids[:3])) == len(set(pids[3:6])) == 1
    assert len(set(pids)) == 3


def test_errors_of_a_pool(pool: Pool) -> None:
    with pytest.raises(WireError, match="看不懂"):
        done(pool, b"refuse")
    with pytest.raises(Crashed, match="ZeroDivisionError"):
        done(pool, b"raise")
    with pytest.raises(TooSlow):
        done(pool, b"hang", 0.3)
    with pytest.raises(Crashed, match="ended"):
        done(pool, b"die")
    assert done(pool, b"hi") == b"echo hi"


def test_large_bodies_pass(pool: Pool) -> None:
    body = b"x" * (30 << 20)
    assert done(pool, body) == b"echo " + body


def test_closing_ends_what_hangs() -> None:
    pool = Pool(ODD, 2)
    done(pool, b"warm")

    async def close_meanwhile() -> None:
        asking = [asyncio.ensure_future(pool.do("run", "", b"hang", 60)) for _ in range(2)]
        await asyncio.sleep(0.5)
        start = time.monotonic()
        await asyncio.to_thread(pool.close)
        for task in asking:
            with pytest.raises(Crashed):
                await task
        assert time.monotonic() - start < 10

    asyncio.run(close_meanwhile())
    with pytest.raises((Crashed, RuntimeError)):
        done(pool, b"after")


def test_a_task_that_cannot_be_loaded() -> None:
    pool = Pool("tests.service.running:missing", 1)
    try:
        with pytest.raises(Crashed):
            done(pool, b"x")
    finally:
        pool.close()
