"""A thousand personal lines in fifty events beside a hall of a thousand: what they cost."""

import asyncio
import contextlib
import sys
from dataclasses import replace

import psutil
import pytest
from typing_extensions import override

from app.launch.valkey import Valkey
from tests.support.client import Person, connect
from tests.support.measures import cpu_seconds
from tests.support.personal import first_summary, open_personal, until
from tests.support.readers import Reader, reading
from tests.support.rooms import open_room
from tests.support.server import Server, StartServers

CROWD, EVENTS = 500, 25
# Lines that open at once.
WAVE = 250
MANY = {"ASSENT_STREAMS_PER_USER": "5000"}


class Personal(Reader):
    """A personal line as a bare connection, which counts what it is told and keeps nothing."""

    def __init__(self, person: Person) -> None:
        super().__init__(person, "")
        self.request = self.request.replace(b"/api/events//stream", b"/api/me/stream")
        self.summaries = self.lobby = 0

    @override
    async def connect(self, server: Server, few: asyncio.Semaphore) -> None:
        address = server.machine.address, server.port
        async with few:
            await asyncio.get_running_loop().create_connection(lambda: self, *address)
            await self.until(lambda: bool(self.summaries))

    @override
    def data_received(self, data: bytes) -> None:
        # Frames that are cut in two are missed: the last one never is, as its chunk ends there.
        self.summaries += data.count(b"event: summary\n")
        self.lobby += data.count(b"event: lobby\n")
        self.news.set()


@pytest.mark.timeout(300)
async def test_what_is_told_from_afar_stays_cheap(
    host: Person, start_servers: StartServers
) -> None:
    (server,) = start_servers(**MANY)
    clock = psutil.Process(server.pid)
    async with connect(server.url) as api, contextlib.AsyncExitStack() as stack:
        person = await api.sign_up("In Fifty Events")
        rooms = [await open_room(person, start=False) for _ in range(EVENTS)]
        hall = await open_room(replace(host, api=api))
        readers = [Reader(host, hall.id) for _ in range(CROWD)]
        await stack.enter_async_context(reading(server, readers))
        lines = [Personal(person) for _ in range(CROWD)]
        before = cpu_seconds(clock)
        for start in range(0, CROWD, WAVE):
            await stack.enter_async_context(reading(server, lines[start : start + WAVE]))
        opened, before = cpu_seconds(clock) - before, cpu_seconds(clock)
        for room in rooms:
            await person.ok("PATCH", room.path, {"capacity": 7})
        written, before = cpu_seconds(clock) - before, cpu_seconds(clock)
        for line in lines:
            await line.until(lambda line=line: line.lobby + EVENTS * line.summaries >= 1.9 * EVENTS)
        comment = await hall.owner.send("POST", f"{hall.path}/comments", {"content": "Still here"})
        seq = int(comment.headers["x-event-seq"].rpartition(".")[2])
        await asyncio.gather(*(each.until_seq(seq) for each in readers))
        told = cpu_seconds(clock) - before
        frames = sum(line.lobby for line in lines)
    sys.stdout.write(
        f"\n{CROWD} lines in {EVENTS} events: opened with {1_000 * opened / CROWD:.1f} ms CPU each;"
        f" {EVENTS} changes, {frames} frames told with {written + told:.1f} s CPU"
        f" ({1_000_000 * (written + told) / frames:.1f} us a frame, the writes included)\n"
    )


async def test_lost_notices_are_made_up_for(
    host: Person, start_servers: StartServers, valkey: Valkey
) -> None:
    """With the line between the processes cut, the summary comes again within seconds."""
    one, two = start_servers(2, REDIS_URL=valkey.url)
    async with connect(one.url, two.url) as api:
        room = await open_room(replace(host, api=api))
        person = await api.sign_up("Far Away")
        own = await open_room(person)
        async with open_personal(person, at=1) as line:
            assert len((await first_summary(line))["events"]) == 1
            valkey.stop()
            body = {"entrance_code": room.code}
            await person.ok("POST", "/events/entry", body, at=0)
            summary = (await line.until(lambda f: f.event == "summary"))[-1].json
            assert {event["id"] for event in summary["events"]} == {room.id, own.id}
            # What becomes of it now is found by the net, and told from afar.
            await room.owner.ok("PATCH", room.path, {"capacity": 31}, at=0)
            await until(line, "lobby", id=room.id, capacity=31)
            valkey.restart()
