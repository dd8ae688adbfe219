"""Taking in what was sent: never more than allowed, and not for ever."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from .answers import BODY_READ, Refusal

MB = 1 << 20


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """The body of a request, at most ``limit`` bytes, in at most ``seconds``.

    Raises Refusal: 413 as soon as it is known to be larger (before anything is read when it says so itself),
    408 when it does not come, 400 when the sender has gone.
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise _too_large(limit)
                parts.append(part)
    except TimeoutError:
        raise Refusal(408, f"{seconds:g} 秒内没有传完。请检查网络后再试。") from None
    except ClientDisconnect:
        raise Refusal(400, "没有传完。") from None
    request.scope[BODY_READ] = True
    return b"".join(parts)


def _too_large(limit: int) -> Refusal:
    size = f"{limit / MB:g} MB" if limit >= MB else f"{limit} 字节"
    return Refusal(413, f"工作簿合计超过 {size}，服务不接受。请关闭过大的工作簿后再试，或请管理员调高上限。")
