"""A thousand readers in one process: bare connections, parsed as they come."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from typing_extensions import override

from tests.support.client import Person
from tests.support.server import Server
from tests.support.sse import Frame, Parser

PATIENCE: Final = 90.0
# Small enough that a client that reads nothing fills them with a few frames.
SEGMENT, BUFFER = 536, 2_048


class Reader(asyncio.Protocol):
    """One stream: the numbers it brought, in order, and how it ended."""

    def __init__(self, person: Person, event_id: str, cursor: str | None = None) -> None:
        headers = {**person.headers, **({"Last-Event-ID": cursor} if cursor else {})}
        lines = [f"GET /api/events/{event_id}/stream HTTP/1.1", "Host: a"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.request = "\r\n".join([*lines, "", ""]).encode()
        self.seqs: list[int] = []
        self.last: Frame | None = None
        self.cursor = cursor
        self.news = asyncio.Event()
        self.over = False
        self._head: bytes | None = b""
        self._rest = bytearray()
        self._parser = Parser()
        self._transport: asyncio.Transport | None = None

    async def connect(self, server: Server, few: asyncio.Semaphore) -> None:
        """Connect, a few at a time, and wait for the first number of somebody new."""
        address = server.machine.address, server.port
        async with few:
            await asyncio.get_running_loop().create_connection(lambda: self, *address)
            if self.cursor is None:
                await self.until(lambda: bool(self.seqs))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self.request)

    @override
    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head, _, data = (self._head + data).partition(b"\r\n\r\n")
            assert self._head.startswith(b"HTTP/1.1 200"), self._head
            self._head = None
        for frame in self._parser.feed(self._unchunk(data)):
            self.take(frame)
        self.news.set()

    def take(self, frame: Frame) -> None:
        self.last = frame
        if frame.id is not None:
            self.seqs.append(frame.seq)
            self.cursor = frame.id

    @override
    def connection_lost(self, error: Exception | None) -> None:
        self.over = True
        self.news.set()

    def _unchunk(self, data: bytes) -> bytes:
        """Take off what HTTP puts around each chunk."""
        self._rest += data
        body = bytearray()
        while (end := self._rest.find(b"\r\n")) >= 0:
            size = int(self._rest[:end], 16)
            if len(self._rest) < end + size + 4:
                break
            body += self._rest[end + 2 : end + 2 + size]
            del self._rest[: end + size + 4]
        return bytes(body)

    async def until_seq(self, seq: int) -> None:
        await self.until(lambda: bool(self.seqs) and self.seqs[-1] >= seq)

    async def until_over(self) -> None:
        await self.until(lambda: self.over)

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not wanted():
                assert not self.over, f"over after {self.seqs[-1:]}"
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def reading(server: Server, readers: Sequence[Reader]) -> AsyncIterator[None]:
    """Connect them all, and begin when each has its first number."""
    few = asyncio.Semaphore(50)
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(reader.connect(server, few) for reader in readers))
        yield
    finally:
        for reader in readers:
            reader.close()


def never_read(server: Server, reader: Reader) -> socket.socket:
    """Ask for a stream and read nothing of it."""
    line = socket.socket()
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    line.connect((server.machine.address, server.port))
    line.sendall(reader.request)
    return line
