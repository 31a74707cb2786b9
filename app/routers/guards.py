"""What stands before every route: bounded bodies, JSON only, same-origin writes, safe headers.

Plain ASGI: a middleware that wraps responses would hold streams back and hide disconnects.
"""

import asyncio
import re
from collections.abc import Awaitable, MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.routers.problems import SAFE_METHODS, SECURITY_HEADERS, render

SAFE: Final = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
OWN_SITE: Final = {"same-origin", "none"}
# A body up to so many times too large is read to its end and dropped: whoever is cut off while
# sending never reads why.
PATIENCE: Final = 4


UPLOAD: Final = re.compile(r"/api/conversations/[^/]+/attachments")


def is_upload(method: str, path: str) -> bool:
    """Whether a body is a file, which its route reads in pieces and bounds by itself."""
    return method == "POST" and UPLOAD.fullmatch(path) is not None


class SecurityHeaders:
    """Puts the headers on every answer that a browser should hold us to."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # No coroutine of its own: a stream passes here with every frame.
        def with_headers(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                given = message.get("headers", ())
                own = {name.lower() for name, _ in given}
                message["headers"] = [*given, *(pair for pair in SAFE if pair[0] not in own)]
            return send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class SameOrigin:
    """Refuses writes that another site makes a browser send with its cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            headers = Headers(scope=scope)
            if "authorization" not in headers and not _same_origin(headers):
                refusal = render(
                    403,
                    "cross_site",
                    "This came from another site. Open Assent itself and do it there.",
                    safe=False,
                )
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _same_origin(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in OWN_SITE
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


class BoundedJson:
    """Reads a write's whole body, up to a bound, and lets in nothing but JSON."""

    def __init__(self, app: ASGIApp, max_body: int, arrival: float) -> None:
        """`max_body` is in bytes, `arrival` the seconds in which all of it has to come."""
        self._app = app
        self._max_body = max_body
        self._arrival = arrival

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        free = scope["type"] != "http" or scope["method"] in SAFE_METHODS
        if free or is_upload(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            async with asyncio.timeout(self._arrival):
                body = await self._read(request.headers, receive)
        except ClientDisconnect:
            # What came is not what was meant: half of a body, or none, can be a valid request too.
            return
        except TimeoutError:
            detail = f"The body did not arrive within {self._arrival:g} s. Send it again."
            await _hang_up(render(408, "too_slow", detail, safe=True), scope, receive, send)
            return
        if body is None:
            detail = f"A body may have {self._max_body} bytes. Send less at a time."
            await _hang_up(render(413, "too_large", detail, safe=False), scope, receive, send)
        elif body and not _is_json(request.headers):
            detail = "Send JSON, with Content-Type: application/json."
            await render(415, "not_json", detail, safe=False)(scope, receive, send)
        else:
            await self._app(scope, replayed(body, receive), send)

    async def _read(self, headers: Headers, receive: Receive) -> bytes | None:
        """Return the body, or None where it is too large.

        Raises ClientDisconnect where the sender is gone before the end.
        """
        bound = PATIENCE * self._max_body
        declared = headers.get("content-length", "0")
        if not declared.isdigit() or int(declared) > bound:
            return None
        parts: list[bytes] = []
        size, more = 0, True
        while more and size <= bound:
            message: MutableMapping[str, Any] = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            part = message.get("body", b"")
            size += len(part)
            if size <= self._max_body:
                parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts) if size <= self._max_body else None


async def _hang_up(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a body that has not come to its end: what follows it cannot be understood."""
    refusal.headers["Connection"] = "close"
    await refusal(scope, receive, send)


def _is_json(headers: Headers) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, then what else comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
