"""Who is here, across processes that die and a Redis that goes and comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.launch.valkey import Valkey
from tests.support.client import Api, Person, connect
from tests.support.personal import open_personal, until
from tests.support.rooms import Room, open_room
from tests.support.server import Server, StartServers
from tests.support.sse import Line, open_line
from tests.support.valkeys import ValkeyCluster

QUICK = {"ASSENT_PRESENCE_TTL": "1", "ASSENT_PRESENCE_GRACE": "0.5"}


@dataclass(frozen=True)
class Hall:
    """Two servers of one test, and an event with two guests."""

    servers: tuple[Server, Server]
    room: Room
    first: Person
    second: Person


async def _gather(api: Api, host: Person, servers: tuple[Server, Server]) -> Hall:
    room = await open_room(replace(host, api=api))
    first, second = await room.guests(2)
    return Hall(servers, room, first, second)


@pytest.fixture
async def hall(host: Person, start_servers: StartServers, valkey: Valkey) -> AsyncIterator[Hall]:
    one, two = start_servers(2, REDIS_URL=valkey.url, **QUICK)
    async with connect(one.url, two.url) as api:
        yield await _gather(api, host, (one, two))


class Looking:
    """Somebody who keeps in mind who is here, as a client does."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.here: dict[str, Any] | None = {}
        self.told: list[str] = []

    async def until(self, *people: Person) -> None:
        """Read until just these are here."""
        wanted = {person.id for person in people}
        while self.here is None or set(self.here) != wanted:
            await self.next()

    async def until_unknown(self) -> None:
        while self.here is not None:
            await self.next()

    async def next(self) -> None:
        frame = await self._line.next()
        assert frame is not None, self._line.seen[-3:]
        if not frame.event.startswith("presence"):
            return
        self.told.append(frame.event)
        if frame.event == "presence":
            here = frame.json["here"]
            self.here = None if here is None else {each["id"]: each for each in here}
        elif self.here is not None:
            for each in frame.json.get("people", ()):
                self.here[each["id"]] = each
            for gone in frame.json.get("ids", ()):
                self.here.pop(gone, None)


async def test_who_comes_and_goes_is_seen_in_every_process(hall: Hall) -> None:
    async with open_line(hall.first, hall.room.id, at=0, presence=True) as line:
        looking = Looking(line)
        await looking.until(hall.first)
        async with open_line(hall.second, hall.room.id, at=1, presence=True) as other:
            await looking.until(hall.first, hall.second)
            await Looking(other).until(hall.first, hall.second)
            async with open_line(hall.second, hall.room.id, at=0, presence=True) as tab:
                await Looking(tab).until(hall.first, hall.second)
        await looking.until(hall.first)
    assert looking.told == ["presence", "presence.joined", "presence.left"]
    assert looking.here is not None
    assert looking.here[hall.first.id]["name"] == hall.first.user["name"]


async def test_a_line_of_ones_own_shows_the_event_and_who_is_here(hall: Hall) -> None:
    async with (
        open_personal(hall.first, hall.room.id, at=0) as line,
        open_line(hall.second, hall.room.id, at=1, presence=True),
    ):
        await Looking(line).until(hall.first, hall.second)
    events = [frame.event for frame in line.seen if frame.event]
    assert events.index("summary") < events.index("snapshot") < events.index("presence")


async def test_a_reload_is_no_departure(
    host: Person, start_servers: StartServers, valkey: Valkey
) -> None:
    (server,) = start_servers(1, REDIS_URL=valkey.url, ASSENT_PRESENCE_GRACE="3")
    async with connect(server.url) as api:
        hall = await _gather(api, host, (server, server))
        async with open_line(hall.first, hall.room.id, presence=True) as line:
            looking = Looking(line)
            async with open_line(hall.second, hall.room.id, presence=True):
                await looking.until(hall.first, hall.second)
            async with open_line(hall.second, hall.room.id, presence=True) as again:
                await Looking(again).until(hall.first, hall.second)
                (third,) = await hall.room.guests(1)
                async with open_line(third, hall.room.id, presence=True):
                    await looking.until(hall.first, hall.second, third)
    assert "presence.left" not in looking.told


async def test_what_somebody_does_is_told(hall: Hall) -> None:
    path = f"{hall.room.path}/presence"
    async with (
        open_line(hall.first, hall.room.id, at=0, presence=True) as line,
        open_line(hall.second, hall.room.id, at=1, presence=True),
    ):
        looking = Looking(line)
        await looking.until(hall.first, hall.second)
        for status in ("idle", "active"):
            # Said in the process where they have no line.
            said = await hall.second.send("PUT", path, {"status": status}, at=0)
            assert said.status_code == 204
            await until(line, "presence.changed")
            assert line.seen[-1].json["people"] == [
                {"id": hall.second.id, "name": hall.second.user["name"], "status": status}
            ]


async def test_the_people_of_a_killed_process_leave_by_themselves(hall: Hall) -> None:
    async with AsyncExitStack() as stack:
        line = await stack.enter_async_context(
            open_line(hall.first, hall.room.id, at=0, presence=True)
        )
        looking = Looking(line)
        await stack.enter_async_context(open_line(hall.second, hall.room.id, at=1, presence=True))
        await looking.until(hall.first, hall.second)
        hall.servers[1].kill()
        await looking.until(hall.first)


async def test_without_redis_it_is_unknown_who_is_here(hall: Hall, valkey: Valkey) -> None:
    async with (
        open_line(hall.first, hall.room.id, at=0, presence=True) as line,
        open_line(hall.second, hall.room.id, at=1, presence=True) as other,
    ):
        looking, elsewhere = Looking(line), Looking(other)
        await looking.until(hall.first, hall.second)
        await elsewhere.until(hall.first, hall.second)
        valkey.stop()
        await asyncio.gather(looking.until_unknown(), elsewhere.until_unknown())
        async with open_line(hall.room.owner, hall.room.id, at=0, presence=True) as late:
            newcomer = Looking(late)
            await newcomer.next()
            await newcomer.until_unknown()
            valkey.restart()
            everybody = (hall.first, hall.second, hall.room.owner)
            await asyncio.gather(*(who.until(*everybody) for who in (looking, elsewhere, newcomer)))
    assert "presence.left" not in {*looking.told, *elsewhere.told}


async def test_a_process_that_is_alone_knows_by_itself(
    host: Person, start_servers: StartServers
) -> None:
    (server,) = start_servers(1, **(QUICK | {"REDIS_URL": ""}))
    async with connect(server.url) as api:
        hall = await _gather(api, host, (server, server))
        async with open_line(hall.first, hall.room.id, presence=True) as line:
            looking = Looking(line)
            async with open_line(hall.second, hall.room.id, presence=True):
                await looking.until(hall.first, hall.second)
            await looking.until(hall.first)


async def test_a_cluster_keeps_it_too(
    host: Person, start_servers: StartServers, valkeys: ValkeyCluster
) -> None:
    one, two = start_servers(2, REDIS_URL=valkeys.url, **QUICK)
    async with connect(one.url, two.url) as api:
        hall = await _gather(api, host, (one, two))
        async with open_line(hall.first, hall.room.id, at=0, presence=True) as line:
            looking = Looking(line)
            async with open_line(hall.second, hall.room.id, at=1, presence=True):
                await looking.until(hall.first, hall.second)
            await looking.until(hall.first)
