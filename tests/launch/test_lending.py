"""A connection that changes hands: from uvicorn to the stream that writes on it."""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from typing_extensions import override
from uvicorn.server import ServerState

from app.launch.lending import LendingProtocol
from app.routers.lines import LENDING, LineSink

HEAD = {"type": "http.response.start", "status": 200, "headers": []}
GET = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"


class Borrower:
    """An application that asks for its connection, and says what became of it."""

    def __init__(self, *, begins: bool = True, sized: bool = False) -> None:
        self._begins = begins
        self._head = {**HEAD, "headers": [(b"content-length", b"4")]} if sized else HEAD
        self.lent: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.room, self.gone, self.returned = (asyncio.Event() for _ in range(3))
        self.sink = LineSink(self.room.set, self.gone.set)
        self.state = ServerState()

    async def taken(self) -> None:
        """Come back when the client has taken all that waits."""
        for _ in range(1_000):
            if self.sink.line.socket() >= 0:
                return
            await asyncio.sleep(0.01)

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        lend: Callable[[LineSink], bool] = scope["extensions"][LENDING]
        if self._begins:
            await send(self._head)
        lent = lend(self.sink)
        if not self.lent.done():
            self.lent.set_result(lent)
        if not lent:
            if not self._begins:
                await send(self._head)
            await send({"type": "http.response.body", "body": b"none"})
        self.returned.set()


@asynccontextmanager
async def served(
    app: Borrower, request: bytes = GET
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = uvicorn.Config(app, http=LendingProtocol, lifespan="off", log_config=None)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: LendingProtocol(config, app.state, {}), "127.0.0.1", 0
    )
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            writer.write(request)
            async with asyncio.timeout(10):
                yield reader, writer
        finally:
            writer.close()


async def test_a_stream_outlives_its_request_and_its_server_record() -> None:
    app = Borrower()
    async with served(app) as (reader, _):
        assert await app.lent
        await app.returned.wait()
        await asyncio.sleep(0)
        assert not app.state.connections
        app.sink.push(b"id: 1\n\n")
        app.sink.push(b"")
        app.sink.push(b"id: 2\n\n")
        app.sink.end()
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        assert b"transfer-encoding: chunked" in head
        assert body == b"7\r\nid: 1\n\n\r\n7\r\nid: 2\n\n\r\n0\r\n\r\n"
        await app.gone.wait()


async def test_a_client_that_goes_is_noticed_and_nothing_is_written_to_it() -> None:
    app = Borrower()
    async with served(app) as (_, writer):
        assert await app.lent
        writer.close()
        await app.gone.wait()
        app.sink.push(b"late")
        app.sink.end()
        app.sink.cut()


async def test_a_client_that_takes_nothing_blocks_until_it_does() -> None:
    app = Borrower()
    async with served(app) as (reader, _):
        assert await app.lent
        pushed = 0
        while app.sink.blocked_since is None:
            app.sink.push(bytes(100_000))
            pushed += 1
            await asyncio.sleep(0)
        while not app.room.is_set():
            await reader.read(1 << 20)
        assert app.sink.blocked_since is None
        assert pushed > 1


async def test_a_socket_is_written_to_only_while_nothing_waits_before_it() -> None:
    app = Borrower()
    async with served(app) as (reader, _):
        assert await app.lent
        await reader.readuntil(b"\r\n\r\n")
        number = app.sink.line.socket()
        os.write(number, b"1\r\na\r\n")
        with pytest.raises(BlockingIOError):
            while True:
                os.write(number, b"4\r\nmany\r\n" * 1_000)
        app.sink.carry(b"1\r\nb\r\n")
        assert app.sink.line.socket() == -1
        app.sink.push(b"c")
        body = b""
        while not body.endswith(b"1\r\nb\r\n1\r\nc\r\n"):
            body += await reader.read(1 << 20)
        assert body.startswith(b"1\r\na\r\n")
        await app.taken()
        assert app.sink.line.socket() == number
        app.sink.end()
        assert app.sink.line.socket() == -1
        await app.gone.wait()
        assert app.sink.line.socket() == -1


class Encrypted(asyncio.Transport):
    """A transport that has a socket, and encrypts what goes through it."""

    def __init__(self, under: socket.socket) -> None:
        super().__init__({"socket": under, "sslcontext": ssl.create_default_context()})

    @override
    def is_closing(self) -> bool:
        return False

    @override
    def get_write_buffer_size(self) -> int:
        return 0


def test_what_is_encrypted_is_left_to_the_transport() -> None:
    sink = LineSink(lambda: None, lambda: None)
    with socket.socket() as under:
        sink.connection_made(Encrypted(under))
        assert sink.line.socket() == -1


async def test_a_cut_ends_a_client_that_takes_nothing() -> None:
    app = Borrower()
    async with served(app) as (reader, _):
        assert await app.lent
        while app.sink.blocked_since is None:
            app.sink.push(bytes(100_000))
            await asyncio.sleep(0)
        app.sink.cut()
        await app.gone.wait()
        assert not (await reader.read()).endswith(b"0\r\n\r\n")


@pytest.mark.parametrize(
    ("options", "request_"),
    [
        pytest.param({}, GET + GET, id="another request waits behind it"),
        pytest.param(
            {}, b"GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhalf", id="a body is unread"
        ),
        pytest.param({}, GET.replace(b"GET", b"HEAD"), id="it has no body"),
        pytest.param({"sized": True}, GET, id="it is not chunked"),
        pytest.param({"begins": False}, GET, id="it has not begun"),
    ],
)
async def test_a_line_that_carries_something_else_is_not_lent(
    options: dict[str, bool], request_: bytes
) -> None:
    app = Borrower(**options)
    async with served(app, request_) as (reader, _):
        assert not await app.lent
        assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
        await app.returned.wait()
