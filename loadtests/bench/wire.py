"""HTTP as cheap as it gets, so that no client library is in the figures."""

import asyncio
import uuid

from typing_extensions import override


class Connection(asyncio.Protocol):
    """Asks and awaits answers that have a Content-Length."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.head = b""

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
        size = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(self._buffer) < head + 4 + size:
            return
        body = bytes(self._buffer[head + 4 : head + 4 + size])
        del self._buffer[: head + 4 + size]
        self.head = lower
        answer, self._answer = self._answer, None
        if not answer.done():
            answer.set_result((int(lower[9:12]), body))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up"))

    async def ask(
        self, method: str, path: str, token: str | None, body: bytes = b"", known: str = ""
    ) -> tuple[int, bytes]:
        """Send a request with a fresh key; return the status and the body of its answer.

        `known` is the ETag of what the asker has. `head` holds the answer's headers, in lower case.
        """
        who = f"Authorization: Bearer {token}\r\n" if token else ""
        if known:
            who += f"If-None-Match: {known}\r\n"
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: bench\r\n{who}Idempotency-Key: {uuid.uuid4()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        assert self._transport is not None
        if self._transport.is_closing():
            # Nobody would ever answer.
            raise ConnectionError("the server hung up")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(head.encode() + body)
        return await self._answer

    async def insist(self, method: str, path: str, token: str | None, body: bytes = b"") -> bytes:
        """Ask, and end the run where that fails: its figures would mean nothing."""
        status, answer = await self.ask(method, path, token, body)
        if status >= 300:
            raise SystemExit(f"{method} {path} got {status}: {answer!r}")
        return answer

    def told(self, name: bytes) -> str:
        """Return a header of the last answer, in lower case, or nothing."""
        return self.head.partition(b"\r\n" + name + b": ")[2].partition(b"\r\n")[0].decode()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def connect(host: str, port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, host, port)
    return connection
