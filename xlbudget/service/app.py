"""The application: what can be asked of the service, and what is answered.

    GET  /v1/ping           xlbudget <version>
    POST /v1/run            a packed job; the reply
    POST /v1/call/XB_NAME   values; one value

Everything under /v1 is for the add-in: programs with the token, never pages. Other routes (a page for
people, say) are given to :func:`create_app` and bring their own rules; what they need is in ``app.state``.
Whatever is refused is answered with a Chinese sentence.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xlbudget import __version__
from xlbudget.excel.wire import WireError

from .access import Hosts, NoPages, authorize
from .answers import Refusal, RefusalResponse
from .body import MB, read_body
from .pool import Crashed, Pool, TooSlow, where
from .work import CALL, RUN

WORK: Final = "xlbudget.service.work:task"
CALL_LIMIT: Final = 4 * MB  # of the arguments of a function

_FUNCTION: Final = re.compile(r"XB_[A-Z0-9_]{1,60}")
_log = logging.getLogger("xlbudget.service")


@dataclass(frozen=True, slots=True)
class Config:
    """How the service behaves. Sizes in bytes, times in seconds."""

    token: str
    hosts: tuple[str, ...] = ()
    max_bytes: int = 50 * MB
    workers: int = 2
    waiting: int = 16  # requests with a workbook at the same time; more are sent away
    job_seconds: float = 60.0
    call_seconds: float = 10.0
    upload_seconds: float = 120.0
    work: str = WORK


class Gate:
    """Lets so many in at a time, and sends others away: what waits here holds memory."""

    def __init__(self, places: int) -> None:
        self._free = places

    @contextmanager
    def entered(self) -> Iterator[None]:
        if self._free <= 0:
            raise Refusal(503, "服务正忙，请稍后再试。")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


def create_app(config: Config, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The application with its processes, which start and end with it. ``routes`` come beside /v1."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.jobs = Pool(config.work, config.workers)
        app.state.calls = Pool(config.work, 1)  # cells do not wait behind workbooks
        try:
            yield
        finally:
            app.state.jobs.close()
            app.state.calls.close()

    api = [
        Route("/ping", ping),
        Route("/run", run, methods=["POST"]),
        Route("/call/{name}", call, methods=["POST"]),
    ]
    app = Starlette(
        routes=[Mount("/v1", Router(api, redirect_slashes=False, middleware=[Middleware(NoPages)])), *routes],
        middleware=[Middleware(Hosts, names=config.hosts), Middleware(NoTraces)],
        exception_handlers={Refusal: _refused, HTTPException: _not_here},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.config = config
    app.state.gate = Gate(config.waiting)
    return app


# ---- endpoints ----


async def ping(request: Request) -> Response:
    """Who is here. Needs no token, for those who watch the service; a wrong one is told."""
    if "authorization" in request.headers:
        authorize(request, request.app.state.config.token)
    return _ascii(f"xlbudget {__version__}".encode())


async def run(request: Request) -> Response:
    """A press of a button: packed job in, reply out."""
    state = request.app.state
    config: Config = state.config
    authorize(request, config.token)
    with state.gate.entered():
        body = await read_body(request, config.max_bytes, config.upload_seconds)
        return _ascii(await _done(state.jobs, RUN, "", body, config.job_seconds))


async def call(request: Request) -> Response:
    """A worksheet function: values in, one value out."""
    state = request.app.state
    config: Config = state.config
    authorize(request, config.token)
    name = request.path_params["name"]
    if not _FUNCTION.fullmatch(name):
        raise Refusal(404, "没有这个函数。")
    body = await read_body(request, min(CALL_LIMIT, config.max_bytes), config.upload_seconds)
    return _ascii(await _done(state.calls, CALL, name, body, config.call_seconds))


async def _done(pool: Pool, kind: str, name: str, body: bytes, seconds: float) -> bytes:
    try:
        return await pool.do(kind, name, body, seconds)
    except WireError as e:
        raise Refusal(400, f"{e}。") from None
    except TooSlow:
        _log.warning("%s took longer than %g s", kind, seconds)
        raise Refusal(504, f"{seconds:g} 秒内没有做完，已停止。工作簿可能过大或已损坏。") from None
    except Crashed as e:
        raise _our_fault(str(e)) from None


def _our_fault(what: str) -> Refusal:
    number = secrets.token_hex(4)
    _log.error("%s: %s", number, what)
    return Refusal(500, f"服务内部出错，没有完成。请把编号 {number} 告诉管理员，服务的日志里有这次的记录。")


def _ascii(body: bytes) -> Response:
    return PlainTextResponse(body, media_type="text/plain; charset=us-ascii")


# ---- refusals ----


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return RefusalResponse(error)


async def _not_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    sentence = "此地址要用另一种方法请求。" if status == 405 else "没有这个地址。"
    return RefusalResponse(Refusal(status, sentence))


class NoTraces:
    """Middleware: an error of ours becomes a sentence with a number, and a line without the user's data."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as e:  # noqa: BLE001 - the server below would log the error with all its texts
            refusal = _our_fault(where(e))
            if scope["type"] == "http" and not started:
                await RefusalResponse(refusal)(scope, receive, send)
