"""Listening: the application behind uvicorn, until it is told to stop.

On a network the service stands behind a proxy that speaks TLS (``--proxy-headers``; ``--root-path`` when the
proxy gives it a path of its own): the token and the workbooks go over the wire as they are.
"""

from __future__ import annotations

import ipaddress
import logging
import signal
import socket
from dataclasses import dataclass
from typing import Final

import uvicorn

from .app import Config, create_app

CONNECTIONS: Final = 100
GRACE: Final = 10  # seconds for answers that are under way when the service is told to stop


@dataclass(frozen=True, slots=True)
class Behind:
    """The proxy in front, if there is one."""

    proxy_headers: bool = False
    root_path: str = ""


def is_loopback(host: str) -> bool:
    """Whether only programs of this PC can reach a service that listens there."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises OSError, also when another program already does."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    sock = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets others share a port otherwise
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def listen(config: Config, proxy: Behind, sock: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; answers under way are finished first."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(config),
            access_log=False,
            date_header=False,
            limit_concurrency=CONNECTIONS,
            log_config=None,
            lifespan="on",
            proxy_headers=proxy.proxy_headers,
            root_path=proxy.root_path,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            ws="none",
        )
    )
    # uvicorn raises the signal again when it is done; the service has then ended well, and says so
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server.run(sockets=[sock])
