"""HTTP as cheap as it gets, so that no client library is in the figures."""

import asyncio
import uuid
from typing import Self

from typing_extensions import override


class Connection(asyncio.Protocol):
    """Asks and awaits answers that have a Content-Length."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0 or self._answer is None:
            return
        lower = bytes(self._buffer[:head]).lower()
        size = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(self._buffer) < head + 4 + size:
            return
        body = bytes(self._buffer[head + 4 : head + 4 + size])
        del self._buffer[: head + 4 + size]
        answer, self._answer = self._answer, None
        answer.set_result((int(lower[9:12]), body))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up"))

    async def ask(
        self, method: str, path: str, token: str | None, body: bytes
    ) -> tuple[int, bytes]:
        """Send a request with a fresh key; return the status and the body of its answer."""
        who = f"Authorization: Bearer {token}\r\n" if token else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: bench\r\n{who}Idempotency-Key: {uuid.uuid4()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(head.encode() + body)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Listener(asyncio.Protocol):
    """One open stream: tells how many bytes and frames came, and when the last one did."""

    def __init__(self, path: str, token: str) -> None:
        self._head = (
            f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self.open: asyncio.Future[Self] = self._loop.create_future()
        self.arrivals: list[float] = []
        self.frames = 0
        self._awaited: tuple[int, asyncio.Event] | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._head)

    @override
    def data_received(self, data: bytes) -> None:
        if not self.open.done():
            if b"event: snapshot" in data:
                self.open.set_result(self)
            return
        count = data.count(b"\nid: ") + data.startswith(b"id: ")
        self.frames += count
        self.arrivals += [self._loop.time()] * count
        if self._awaited is not None and self.frames >= self._awaited[0]:
            self._awaited[1].set()

    async def seen(self, frames: int) -> None:
        """Wait until so many frames have come."""
        self._awaited = (frames, asyncio.Event())
        if self.frames < frames:
            await self._awaited[1].wait()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def connect(host: str, port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, host, port)
    return connection


async def listen(host: str, port: int, path: str, token: str) -> Listener:
    """Open a stream and wait for its snapshot."""
    loop = asyncio.get_running_loop()
    _, listener = await loop.create_connection(lambda: Listener(path, token), host, port)
    return await listener.open
