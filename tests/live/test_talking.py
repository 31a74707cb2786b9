"""What is said reaches everybody who looks, and soon."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit
from uuid import uuid4

from tests.support.client import Person, connect
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server, StartServers

STREAMS = 1_000
MESSAGES = 20


class Ear:
    """One stream."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._tail = b""

    async def until(self, mark: bytes) -> float:
        """Read until a mark comes by; return when it did."""
        while mark not in self._tail:
            piece = await self._reader.read(65_536)
            assert piece, "the stream ended"
            self._tail = self._tail[-8_000:] + piece
        return perf_counter()


@asynccontextmanager
async def listening(server: Server, room: Room, who: Person) -> AsyncIterator[list[Ear]]:
    place = urlsplit(server.url)
    asked = (
        f"GET /api{room.path}/stream HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {who.token}\r\n\r\n"
    )
    opened = []
    try:
        for _ in range(STREAMS):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
            opened.append((reader, writer))
            writer.write(asked.encode())
        for reader, _ in opened:
            await reader.readuntil(b"event: snapshot")
            await reader.readuntil(b"\n\n")
        yield [Ear(reader) for reader, _ in opened]
    finally:
        for _, writer in opened:
            writer.transport.abort()


async def say(room: Room, ears: list[Ear]) -> tuple[float, float]:
    """Say something; return the seconds from request and from answer to the last socket."""
    one = str(uuid4())
    hearing = asyncio.gather(*(ear.until(f'"id":"{one}"'.encode()) for ear in ears))
    began = perf_counter()
    path = f"/conversations/{room.id}/messages"
    await room.owner.ok("POST", path, {"id": one, "content": "Hello"})
    answered = perf_counter()
    async with asyncio.timeout(60):
        last = max(await hearing)
    return last - began, last - answered


async def test_a_message_reaches_a_thousand_streams(start_servers: StartServers) -> None:
    (server,) = start_servers(REDIS_URL="", ASSENT_STREAMS_PER_USER=str(STREAMS))
    async with connect(server.url) as api:
        room = await open_room(await api.sign_up("Owner"), policies=MANUAL)
        async with listening(server, room, room.owner) as ears:
            spent = [await say(room, ears) for _ in range(MESSAGES)]
    whole, after = (sorted(times) for times in zip(*spent, strict=True))
    print(  # noqa: T201 - a figure, not a verdict
        f"a message to {STREAMS} streams: request to last socket p50 {median(whole) * 1e3:.0f} ms, "
        f"slowest {whole[-1] * 1e3:.0f} ms; answer to last socket p50 {median(after) * 1e3:.0f} ms"
    )
