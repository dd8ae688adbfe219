"""Who is sent away, and how: too large, too slow, no token, a page in a browser, not a job."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests.excel.jobs_made import broken_job
from tests.service.running import TOKEN, Service, raw_request, received, running
from tests.service.test_service import chinese
from xlbudget.excel.jobfile import write_packed
from xlbudget.excel.messages import Job, OpenBook
from xlbudget.service.access import known_host
from xlbudget.service.app import Config

AUTH = {"Authorization": f"Bearer {TOKEN}"}
PIECES = {"Host": "127.0.0.1", **AUTH, "Transfer-Encoding": "chunked"}


# ---- token ----


@pytest.mark.parametrize(
    "value",
    [
        None, "", "Bearer", "Bearer  x", "Bearer wrong", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN,
        f"Basic {TOKEN}", f"Bearer {TOKEN.upper()}", "Bearer 口令".encode(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/run", "/v1/call/XB_RATE"])
def test_wrong_token(service: Service, path: str, value: str | bytes | None) -> None:
    headers = {} if value is None else {"Authorization": value}
    answer = httpx.post(service.url + path, content=write_packed(broken_job()), headers=headers)
    assert answer.status_code == 401
    assert "口令" in answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_two_tokens_are_none(service: Service) -> None:
    head = {"Host": "127.0.0.1", "Authorization": f"Bearer {TOKEN}", "authorization": "Bearer x"}
    assert raw_request(service, "/v1/run", {**head, "Content-Length": "0"}).startswith(b"HTTP/1.1 401")


def test_ping_tells_a_wrong_token(service: Service) -> None:
    answer = httpx.get(f"{service.url}/v1/ping", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401


# ---- pages ----


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:8765"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/run"), ("GET", "/v1/ping"), ("OPTIONS", "/v1/run"), ("POST", "/v1/call/XB_RATE")],
)
def test_pages_are_refused(client: httpx.Client, method: str, path: str, origin: str) -> None:
    answer = client.request(method, path, headers={"Origin": origin}, content=write_packed(broken_job()))
    assert answer.status_code == 403
    assert "网页" in answer.text
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil", ""]
)
def test_strange_hosts_are_refused(service: Service, host: str) -> None:
    answer = httpx.get(f"{service.url}/v1/ping", headers={"Host": host})
    assert answer.status_code == 400
    assert "主机名" in answer.text or host == ""


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765", "budget.local:80", "10.1.2.3"]
)
def test_known_hosts(service: Service, host: str) -> None:
    assert httpx.get(f"{service.url}/v1/ping", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["[::1", "::1:x", "a b", "127.0.0.1:80:80", "localhost:x", "[evil]:80", "@127.0.0.1"]
)
def test_hosts_that_are_none(host: str) -> None:
    assert not known_host(host, {"localhost"})


def test_a_host_is_needed(service: Service) -> None:
    assert raw_request(service, "/v1/ping", {}, method="GET").startswith(b"HTTP/1.1 400")


def test_headers_of_every_answer(client: httpx.Client) -> None:
    for answer in (
        client.get("/v1/ping"),
        client.get("/nowhere"),
        client.post("/v1/run", content=b"x"),
        client.get("/v1/ping", headers={"Host": "evil"}),
        client.get("/v1/ping", headers={"Origin": "x"}),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


# ---- size and time ----


def test_declared_too_large_is_told_before_anything_is_read(service: Service) -> None:
    head = {"Host": "127.0.0.1", **AUTH, "Content-Length": str(100 << 20)}
    with service.connect() as sock:
        lines = "".join(f"{k}: {v}\r\n" for k, v in head.items())
        sock.sendall(f"POST /v1/run HTTP/1.1\r\n{lines}\r\n".encode())
        sock.settimeout(3)
        start = sock.recv(65536)
    assert start.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("path", ["/v1/run", "/v1/call/XB_RATE"])
@pytest.mark.parametrize("size", [(4 << 20) + 1, 40 << 20])
def test_too_large_and_the_sentence_arrives(client: httpx.Client, path: str, size: int) -> None:
    answer = client.post(path, content=bytes(size))
    assert answer.status_code == 413
    assert "超过 4 MB" in answer.text


def test_too_large_in_pieces(client: httpx.Client) -> None:
    answer = client.post("/v1/run", content=(bytes(1 << 20) for _ in range(9)))
    assert answer.status_code == 413
    assert "超过 4 MB" in answer.text


def test_pieces_that_never_end(service: Service) -> None:
    """The answer comes although the sender has not finished; what still comes is not kept."""
    piece = b"100000\r\n" + bytes(1 << 20) + b"\r\n"
    with service.connect() as sock:
        lines = "".join(f"{k}: {v}\r\n" for k, v in PIECES.items())
        sock.sendall(f"POST /v1/run HTTP/1.1\r\n{lines}\r\n".encode() + piece * 6)
        sock.settimeout(30)
        assert b" 413 " in sock.recv(64)


def test_a_job_in_pieces_is_fine(client: httpx.Client) -> None:
    data = write_packed(broken_job("clear"))
    answer = client.post("/v1/run", content=(data[i : i + 1000] for i in range(0, len(data), 1000)))
    assert answer.status_code == 200


def test_a_lying_length(client: httpx.Client, service: Service) -> None:
    for length in ("-5", "abc", "1e3", "99999999999999999999999"):
        head = {"Host": "127.0.0.1", **AUTH, "Content-Length": length}
        answer = raw_request(service, "/v1/run", head)
        assert answer[9:12] in (b"400", b"413"), length
    assert client.get("/v1/ping").status_code == 200


def test_slow_senders_are_sent_away() -> None:
    with running(Config(TOKEN, upload_seconds=0.5, workers=1)) as service, service.connect() as sock:
        head = {"Host": "127.0.0.1", **AUTH, "Content-Length": "1000"}
        lines = "".join(f"{k}: {v}\r\n" for k, v in head.items())
        sock.sendall(f"POST /v1/run HTTP/1.1\r\n{lines}\r\n".encode())
        start = time.monotonic()
        for _ in range(12):
            sock.sendall(b"x")
            time.sleep(0.1)
        answer = received(sock).decode()
        assert answer.startswith("HTTP/1.1 408")
        assert "0.5 秒内没有传完" in answer
        assert time.monotonic() - start < 15


def test_a_sender_that_hangs_up(service: Service, client: httpx.Client) -> None:
    with service.connect() as sock:
        head = {"Host": "127.0.0.1", **AUTH, "Content-Length": "1000"}
        lines = "".join(f"{k}: {v}\r\n" for k, v in head.items())
        sock.sendall(f"POST /v1/run HTTP/1.1\r\n{lines}\r\nabc".encode())
    assert client.get("/v1/ping").status_code == 200


# ---- not a job ----


@pytest.mark.parametrize(
    "body",
    [
        b"", b"hello", b"{}", b"xlbudget 1\r\n", b"xlbudget 1\r\nend\r\n", b"PK\3\4" * 1000,
        write_packed(broken_job())[:-1], write_packed(broken_job()) + b"x",
        write_packed(broken_job()).replace(b"xlbudget 1", b"xlbudget 9", 1),
    ],
)  # fmt: skip
def test_not_a_job(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/v1/run", content=body)
    assert answer.status_code == 400
    assert chinese(answer.text)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "C:\\Windows\\x.xlsx", "a/b.xlsx", "x\n.xlsx", "CON:", "a" * 300]
)
def test_paths_in_names(client: httpx.Client, name: str, tmp_path: Path) -> None:
    answer = client.post(
        "/v1/run", content=write_packed(Job("export", OpenBook(name, broken_job().book.data)))
    )
    assert answer.status_code == 400
    assert "名称不对" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404), ("GET", "/v1", 404), ("GET", "/v1/", 404), ("GET", "/v1/run", 405),
        ("POST", "/v1/ping", 405), ("GET", "/v1/call/XB_RATE", 405), ("DELETE", "/v1/run", 405),
        ("POST", "/v1/run/..", 404), ("GET", "/docs", 404), ("POST", "/v1/call/", 404),
        ("GET", "/v1/%2e%2e/%2e%2e/etc/passwd", 404),
    ],
)  # fmt: skip
def test_nothing_else_is_there(client: httpx.Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert chinese(answer.text)


def test_behind_a_path_of_a_proxy() -> None:
    with running(Config(TOKEN, workers=1), root_path="/xlbudget") as service:
        assert httpx.get(f"{service.url}/v1/ping").status_code == 200
