"""People who come into a hall of hundreds of streams: all are told, together with all the rest."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import psutil
import pytest
from typing_extensions import override

from tests.support.client import Api, Person, connect
from tests.support.measures import cpu_seconds
from tests.support.readers import Reader, reading
from tests.support.rooms import Room, open_room
from tests.support.server import Server, StartServers
from tests.support.sse import Frame, open_line

CROWD, JOINS = 500, 8
MANY = {"ASSENT_STREAMS_PER_USER": "5000", "ASSENT_PRESENCE_GRACE": "600", "REDIS_URL": ""}


class Looking(Reader):
    """A stream that keeps in mind who is here."""

    def __init__(self, person: Person, event_id: str) -> None:
        super().__init__(person, event_id)
        self.here: set[str] = set()

    @override
    def take(self, frame: Frame) -> None:
        super().take(frame)
        if frame.event == "presence":
            self.here = {each["id"] for each in frame.json["here"]}
        elif frame.event == "presence.joined":
            self.here |= {each["id"] for each in frame.json["people"]}

    async def until_here(self, person: Person) -> None:
        await self.until(lambda: person.id in self.here)


@dataclass
class Hall:
    """An event that is looked at by its owner in very many tabs."""

    server: Server
    room: Room
    people: list[Person]
    readers: list[Looking]
    lines: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def come(self, person: Person) -> None:
        """Open a line, and wait until everybody knows."""
        await self.lines.enter_async_context(open_line(person, self.room.id))
        await asyncio.gather(*(each.until_here(person) for each in self.readers))

    async def say(self) -> None:
        body = {"content": "Hello"}
        said = await self.room.owner.send("POST", f"{self.room.path}/comments", body)
        seq = int(said.headers["x-event-seq"].rpartition(".")[2])
        await asyncio.gather(*(each.until_seq(seq) for each in self.readers))

    async def measure(self) -> tuple[float, float]:
        """Return the server's CPU seconds for some who come, and for as many who then speak."""
        clock = psutil.Process(self.server.pid)
        await self.say()
        began = cpu_seconds(clock)
        for person in self.people[:JOINS]:
            await self.come(person)
        came = cpu_seconds(clock)
        for person in self.people[JOINS:]:
            await self.come(person)
            await self.say()
        return came - began, cpu_seconds(clock) - came


@asynccontextmanager
async def open_hall(server: Server, api: Api, host: Person, tabs: int) -> AsyncIterator[Hall]:
    room = await open_room(replace(host, api=api))
    people = await room.guests(2 * JOINS)
    readers = [Looking(host, room.id) for _ in range(tabs)]
    hall = Hall(server, room, people, readers)
    async with reading(server, readers), hall.lines:
        yield hall


@pytest.mark.timeout(300)
async def test_who_comes_into_a_hall_is_told_to_everybody(
    host: Person, start_servers: StartServers
) -> None:
    (server,) = start_servers(**MANY)
    async with connect(server.url) as api:
        async with open_hall(server, api, host, tabs=1) as small:
            alone = await small.measure()
        async with open_hall(server, api, host, tabs=CROWD) as hall:
            together = await hall.measure()
    everybody = {host.id, *(person.id for person in hall.people)}
    for each in hall.readers:
        assert each.here == everybody
        assert each.seqs == [*range(each.seqs[0], each.seqs[-1] + 1)]
    join, both = (
        1e6 * (more - one) / JOINS / (CROWD - 1) for more, one in zip(together, alone, strict=True)
    )
    sys.stdout.write(
        f"\nsomebody comes to {CROWD} streams: {join:.1f} us CPU a stream; with a change right"
        f" after it: {both:.1f} us for the two\n"
    )
