"""The outermost layer: every request gets an id, and every answer says it and is measured."""

from collections.abc import Awaitable
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.utils import metrics
from app.utils.tracing import accepted, request_id

HEADER: Final = b"x-request-id"
# The last resort is for what answers no class: it would be an error of ours.
CLASSES: Final = {int(name[0]): times for name, times in metrics.REQUESTS.items()}


class Traced:
    """Binds the id for whatever runs in the request's course.

    It stays bound after the end: an error is written down and answered outside of this layer, in
    the same task, which ends with the request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = accepted(_given(scope))
        request_id.set(own)
        began, said = perf_counter(), own.encode()

        # No coroutine of its own: a stream passes here with every frame.
        def with_id(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (HEADER, said)]
                CLASSES[message["status"] // 100].observe(perf_counter() - began)
            return send(message)

        await self._app(scope, receive, with_id)


def _given(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER:
            return str(value, "latin-1")
    return ""
