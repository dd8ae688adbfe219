"""A service on a port of its own, inside the tests' process, and tasks for it that misbehave."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import uvicorn

from xlbudget.excel.wire import WireError
from xlbudget.service.app import Config, create_app
from xlbudget.service.server import open_socket

TOKEN = "a-token-for-tests-only"
ODD = "tests.service.running:odd_task"


def odd_task(kind: str, name: str, body: bytes) -> bytes:
    """What the body says: hang, die, raise, be refused, take memory, tell its process; else echo."""
    word = body.partition(b" ")[0]
    if word == b"hang":
        while True:
            pass
    if word == b"sleep":
        time.sleep(float(body.split()[1]))
    if word == b"die":
        os._exit(9)
    if word == b"raise":
        raise ZeroDivisionError("王丽 1234.56")
    if word == b"refuse":
        raise WireError("看不懂")
    if word == b"memory":
        bytearray(8 << 30)
    return str(os.getpid()).encode() if word == b"pid" else b"echo " + body


@dataclass
class Service:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)


@contextlib.contextmanager
def running(config: Config, root_path: str = "") -> Iterator[Service]:
    sock = open_socket("127.0.0.1", 0)
    app = create_app(config)
    options = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        lifespan="on",
        ws="none",
        server_header=False,
        root_path=root_path,
    )
    server = uvicorn.Server(options)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        until = time.monotonic() + 60
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        assert server.started
        yield Service(sock.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(60)
        sock.close()


def raw_request(
    service: Service, path: str, headers: dict[str, str], body: bytes = b"", method: str = "POST"
) -> bytes:
    """An HTTP request as it is written here; all that comes back until the other side closes."""
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
    with service.connect() as sock:
        sock.sendall(head.encode() + body)
        return received(sock)


def received(sock: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)
