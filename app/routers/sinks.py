"""The last seam: a stream's bytes become the server's, without a task for each stream and frame.

Where the server lends its connection, a stream writes to it; everywhere else it drives `send`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import lru_cache
from types import coroutine
from typing import Any, Final, cast

from starlette.types import Receive, Send
from typing_extensions import override

# The ASGI extension of a server that hands over the connection of a response that has begun.
LENDING: Final = "assent.lending"
# Seconds in which the last words must have gone.
PARTING: Final = 10.0


@lru_cache(maxsize=8)
def as_chunk(body: bytes) -> bytes:
    """Frame bytes as HTTP/1.1 sends them: once for all streams of a round."""
    return b"%x\r\n%b\r\n" % (len(body), body)


class LineSink(asyncio.Protocol):
    """Owns a borrowed connection, and writes chunks to it as long as the client takes them.

    `on_room` is called when it takes again what it did not, `on_gone` when it is not there.
    """

    __slots__ = ("_ending", "_on_gone", "_on_room", "_transport", "blocked_since")

    def __init__(self, on_room: Callable[[], None], on_gone: Callable[[], None]) -> None:
        self.blocked_since: float | None = None
        self._on_room = on_room
        self._on_gone = on_gone
        self._transport: asyncio.Transport | None = None
        self._ending = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have all methods of asyncio's, and not its class.
        self._transport = cast("asyncio.Transport", transport)

    @override
    def pause_writing(self) -> None:
        self.blocked_since = asyncio.get_running_loop().time()

    @override
    def resume_writing(self) -> None:
        self.blocked_since = None
        if not self._ending:
            self._on_room()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._on_gone()

    def push(self, chunk: bytes) -> None:
        if self._transport is not None and chunk:
            self._transport.write(as_chunk(chunk))

    def end(self) -> None:
        if self._transport is not None:
            self._ending = True
            self._transport.write(b"0\r\n\r\n")
            self._transport.close()
            asyncio.get_running_loop().call_later(PARTING, self.cut)

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class AsgiSink:
    """Drives a response's `send` itself, as far as it goes without waiting.

    A server's `send` waits only where the client takes nothing. Until then a chunk costs a call;
    only what waits takes a task, and `on_room` is called when it went.
    """

    def __init__(self, send: Send, on_room: Callable[[], None]) -> None:
        self.blocked_since: float | None = None
        self.was_cut = False
        self._send = send
        self._on_room = on_room
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
        if self._request is not None:
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
