"""A borrowed connection: a stream's bytes go to the socket, without a task for each stream."""

import asyncio
from collections.abc import Callable
from typing import Final, cast

from typing_extensions import override

from app.utils.chunks import LAST_CHUNK, as_chunk

# The ASGI extension of a server that hands over the connection of a response that has begun.
LENDING: Final = "assent.lending"
# Seconds in which the last words must have gone.
PARTING: Final = 10.0


class LineSink(asyncio.Protocol):
    """Owns a borrowed connection, and writes chunks to it as long as the client takes them.

    `on_room` is called when it takes again what it did not, `on_gone` when it is not there.
    """

    __slots__ = ("_ending", "_number", "_on_gone", "_on_room", "_transport", "blocked_since")

    def __init__(self, on_room: Callable[[], None], on_gone: Callable[[], None]) -> None:
        self.blocked_since: float | None = None
        self._on_room = on_room
        self._on_gone = on_gone
        self._transport: asyncio.Transport | None = None
        self._number = -1
        self._ending = False

    @property
    def line(self) -> "LineSink":
        return self

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have all methods of asyncio's, and not its class.
        self._transport = cast("asyncio.Transport", transport)
        socket = transport.get_extra_info("socket")
        # What is encrypted on its way is for the transport alone.
        if socket is not None and transport.get_extra_info("sslcontext") is None:
            self._number = socket.fileno()

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
        # Only after this does the transport close the socket, and may its number become another's.
        self._transport = None
        self._on_gone()

    def socket(self) -> int:
        transport = self._transport
        if transport is None or transport.is_closing() or transport.get_write_buffer_size():
            return -1
        return self._number

    def carry(self, rest: bytes) -> None:
        # Where the socket is broken and not full, the transport finds that out.
        if self._transport is not None:
            self._transport.write(rest)

    def push(self, chunk: bytes) -> None:
        if self._transport is not None and chunk:
            self._transport.write(as_chunk(chunk))

    def end(self) -> None:
        if self._transport is not None:
            self._ending = True
            self._transport.write(LAST_CHUNK)
            self._transport.close()
            asyncio.get_running_loop().call_later(PARTING, self.cut)

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()
