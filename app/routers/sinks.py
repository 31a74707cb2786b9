"""A response's `send`, driven without a task for each stream and frame."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import coroutine
from typing import Any, Final

from starlette.types import Receive, Send

# The ASGI extension of a server that breaks the connection of a response off when it is told.
CUTTING: Final = "assent.cutting"


class AsgiSink:
    """Drives a response's `send` itself, as far as it goes without waiting.

    A server's `send` waits only where the client takes nothing. Until then a chunk costs a call;
    only what waits takes a task, and `on_room` is called when it went. `abort` breaks the
    connection off; where a server offers no such thing, the request ends before its response does.
    """

    line = None

    def __init__(
        self, send: Send, on_room: Callable[[], None], abort: Callable[[], None] | None = None
    ) -> None:
        self.blocked_since: float | None = None
        self.was_cut = False
        self._send = send
        self._on_room = on_room
        self._abort = abort
        self._request = asyncio.current_task()
        self._waiting: asyncio.Task[None] | None = None
        self._ending = False

    def push(self, chunk: bytes) -> None:
        self._step({"type": "http.response.body", "body": chunk, "more_body": True})

    def end(self) -> None:
        if self._waiting is not None:
            self._ending = True
        else:
            self._step({"type": "http.response.body", "body": b"", "more_body": False})

    def cut(self) -> None:
        self.was_cut = True
        if self._abort is not None:
            # `until_gone` finds out.
            self._abort()
        elif self._request is not None:
            self._request.cancel()

    def close(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    async def until_gone(self, receive: Receive) -> None:
        """Wait until the client has gone, or the response is complete."""
        while (await receive())["type"] != "http.disconnect":
            pass

    def _step(self, message: dict[str, Any]) -> None:
        sending = _as_coroutine(self._send(message))
        try:
            awaited = sending.send(None)
        except (StopIteration, OSError):
            # Taken, or nobody is there any more, which `until_gone` finds out.
            return
        loop = asyncio.get_running_loop()
        self.blocked_since = loop.time()
        self._waiting = loop.create_task(self._wait(sending, awaited), name="slow stream")

    async def _wait(self, sending: Coroutine[Any, None, None], awaited: Any) -> None:
        try:
            await _go_on(sending, awaited)
        except OSError:
            return
        self.blocked_since = self._waiting = None
        if self._ending:
            self.end()
        else:
            self._on_room()


def _as_coroutine(sending: Awaitable[None]) -> Coroutine[Any, None, None]:
    if isinstance(sending, Coroutine):
        return sending

    async def wrapped() -> None:
        await sending

    return wrapped()


@coroutine
def _go_on(sending: Coroutine[Any, None, None], awaited: Any) -> Generator[Any, None, None]:
    """Go on with a coroutine that has been started and waits for `awaited`."""
    while True:
        yield awaited
        try:
            awaited = sending.send(None)
        except StopIteration:
            return
