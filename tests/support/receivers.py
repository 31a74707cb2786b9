"""A server outside that takes what is sent to it, may be switched off and on, and remembers."""

import asyncio
import hmac
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest_asyncio


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    def tells(self, change: str) -> bool:
        return bool(self.json["data"]["type"] == change)

    def is_signed_with(self, secret: str) -> bool:
        """Verify as a receiver does, with nothing but the documentation."""
        id_, stamp = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        signed = f"{id_}.{stamp}.".encode() + self.body
        key = b64decode(secret.removeprefix("whsec_"))
        mark = b64encode(hmac.digest(key, signed, "sha256")).decode()
        return self.headers["webhook-signature"] == f"v1,{mark}"


@dataclass
class Receiver:
    """Answers every request with `status`, and holds it while `holding` is set."""

    status: int = 200
    answer: bytes = b""
    headers: str = ""
    taken: list[Received] = field(default_factory=list)
    refused: list[Received] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?a=b"

    @property
    def seqs(self) -> list[int]:
        """The numbers of the changes that a webhook brought, in the order they came."""
        return [received.json["data"]["seq"] for received in self.taken]

    async def switch_on(self) -> None:
        self.open.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def switch_off(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def until(self, wanted: Callable[[], bool], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not wanted():
                self._news.clear()
                await self._news.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while (received := await _read(reader)) is not None:
                (self.taken if self.status < 300 else self.refused).append(received)
                self._news.set()
                await self.open.wait()
                head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.answer)}\r\n"
                writer.write(f"{head}{self.headers}\r\n".encode() + self.answer)
                await writer.drain()
        except OSError:
            return
        finally:
            self._writers.discard(writer)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Received | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    except (asyncio.IncompleteReadError, OSError):
        return None
    first, *lines = head.strip().split("\r\n")
    headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers["content-length"]))
    return Received(first.split(" ")[1], headers, body)


async def eventually(wanted: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Ask until it is so: for what nobody tells."""
    async with asyncio.timeout(seconds):
        while not await wanted():  # noqa: ASYNC110 - it is another process that knows
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.switch_on()
    yield receiver
    await receiver.switch_off()
