"""Saying no: a status and a Chinese sentence, said in a way that the asking program gets to read."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

BODY_READ: Final = "xlbudget.body_read"  # key of the scope, once the whole body has been taken in

_LINGER_BYTES: Final = 64 << 20
_LINGER_SECONDS: Final = 2.0


class Refusal(Exception):
    """A request that is not done. ``sentence`` is for the user."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class RefusalResponse(PlainTextResponse):
    """The answer to a request that is not done; the connection ends with it.

    A program that is still sending reads no answer before it has sent all, and loses it when the connection
    is cut meanwhile. So the answer goes out at once, and the rest of the request is let in for a moment and
    thrown away.
    """

    def __init__(self, refusal: Refusal) -> None:
        headers = {"Connection": "close"}
        if refusal.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        elif refusal.status == 503:
            headers["Retry-After"] = "5"
        super().__init__(refusal.sentence, refusal.status, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        if not scope.get(BODY_READ):
            await _linger(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _linger(receive: Receive) -> None:
    left = _LINGER_BYTES
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return
