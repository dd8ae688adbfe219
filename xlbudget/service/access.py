"""Who may ask. A service on the user's PC must not be driven by the pages that the user looks at.

A page on the web can make a browser send requests to this PC. Such a request carries an ``Origin``, or, when
the page's own name was turned to this PC's address, a strange ``Host``; neither is answered. A program that
is meant to ask has the token.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Collection, Iterable
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .answers import Refusal, RefusalResponse

HEADERS: Final = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}
"""Sent with every answer; an endpoint that sets one of them itself has its own way."""

UNKNOWN_HOST: Final = "服务不认识这个主机名。请用服务的 IP 地址，或请管理员启动服务时用 --allow-host 写上它。"


class Hosts:
    """Middleware: answers only requests for a known host name, and adds :data:`HEADERS`.

    Addresses in digits are always known: no page's name can be one.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app = app
        self.names = frozenset(n.lower() for n in names) | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(k, v) for k, v in HEADERS.items() if k not in present]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) == 1 and known_host(given[0].decode("latin-1"), self.names):
            await self.app(scope, receive, with_headers)
        else:
            sentence = (
                "服务不认识所用的主机名。请用服务的 IP 地址，或在启动服务时用 --allow-host 写上这个主机名。"
            )
            await RefusalResponse(Refusal(400, sentence))(scope, receive, with_headers)


def known_host(header: str, names: Collection[str]) -> bool:
    """Whether the value of a Host header is one of ``names`` (lower case) or an address in digits."""
    host, port = header, ""
    if header.startswith("["):
        host, closed, port = header[1:].partition("]")
        if not closed or (port and not port.startswith(":")):
            return False
        port = port[1:]
    elif ":" in header:
        host, _, port = header.rpartition(":")
    if port and not (port.isascii() and port.isdigit()):
        return False
    if host.lower() in names:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class NoPages:
    """Middleware: refuses what a page in a browser has sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and any(name == b"origin" for name, _ in scope["headers"]):
            refusal = Refusal(403, "此服务只接受加载项的请求，不接受网页的请求。")
            await RefusalResponse(refusal)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def authorize(request: Request, token: str) -> None:
    """Raises Refusal unless the request carries the token."""
    given = request.headers.getlist("authorization")
    kind, _, word = (given[0] if len(given) == 1 else "").partition(" ")
    right = hmac.compare_digest(word.strip().encode("utf-8", "replace"), token.encode())
    if kind.lower() != "bearer" or not right:
        raise Refusal(401, "口令不对。请在加载项的“设置”里填写服务启动时给出的口令。")
