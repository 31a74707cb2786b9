"""Two machines, one PostgreSQL, one Valkey: what one does the other shows, and one may vanish."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest_asyncio

from tests.support.client import Api, Person, connect
from tests.support.machines import BuildMachines, Elsewhere
from tests.support.rooms import MANUAL, open_room
from tests.support.server import Server
from tests.support.sse import Watcher
from tests.support.truth import Truth

# Seconds after which somebody who votes gives an answer up and sends the vote again.
GIVE_UP = 1.0


@dataclass(frozen=True)
class Pair:
    machines: list[Elsewhere]
    servers: list[Server]
    api: Api


@pytest_asyncio.fixture
async def pair(
    build_machines: BuildMachines, tmp_path: Path, database_url: str, redis_url: str
) -> AsyncIterator[Pair]:
    async with contextlib.AsyncExitStack() as stack:
        machines, servers = build_machines(2), []
        for machine in machines:
            reaching = (machine.reaching(url) for url in (database_url, redis_url))
            database, redis = [await stack.enter_async_context(each) for each in reaching]
            (tmp_path / machine.name).mkdir()
            own = {"DATABASE_URL": database, "REDIS_URL": redis}
            servers.append(Server(tmp_path / machine.name, own, machine))
            # Not here: its way to the database leads through this loop.
            stack.push_async_callback(asyncio.to_thread, servers[-1].stop)
            servers[-1].start()
        for server in servers:
            await asyncio.to_thread(server.ready)
        api = await stack.enter_async_context(connect(*(server.url for server in servers)))
        yield Pair(machines, servers, api)


async def test_a_machine_that_vanishes_takes_along_nothing_that_was_acknowledged(
    pair: Pair, host: Person, truth: Truth
) -> None:
    room = await open_room(replace(host, api=pair.api), policies=MANUAL)
    proposal = await room.propose(room.owner)
    voters = await room.guests(60)
    some_are_in = asyncio.Semaphore(0)
    acknowledged: dict[str, bytes] = {}

    async def vote(voter: Person) -> None:
        """Vote at the first machine, and with the same key at the other where no answer comes."""
        key = str(uuid4())
        at = 0
        while voter.id not in acknowledged:
            with contextlib.suppress(httpx2.TransportError, TimeoutError):
                async with asyncio.timeout(None if at else GIVE_UP):
                    answer = await voter.send("POST", room.votes_on(proposal), key=key, at=at)
                if answer.status_code == httpx2.codes.CREATED:
                    acknowledged[voter.id] = answer.content
                else:
                    assert answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE, answer.text
            some_are_in.release()
            at = 1

    async def vanish() -> None:
        for _ in range(10):
            await some_are_in.acquire()
        pair.machines[0].unplug()

    async with (
        Watcher(room.owner, room.id, at=0) as moved,
        Watcher(room.owner, room.id, at=1) as stayed,
    ):
        await voters[0].ok("POST", f"{room.path}/comments", {"content": "Hello"}, at=0)
        await stayed.until_seq(await truth.head(room.id))
        await asyncio.gather(vanish(), *map(vote, voters))
        moved.at = 1
        moved.drop()
        head = await truth.head(room.id)
        await asyncio.gather(moved.until_seq(head), stayed.until_seq(head))
    pair.servers[0].kill()
    assert await truth.votes(proposal) == len(acknowledged) == 60
    assert len(await truth.log(room.id, "tally.changed")) == 60
    assert [frame.event for frame in moved.frames if frame.event] == ["snapshot"]
    assert moved.state["proposals"] == stayed.state["proposals"]
    await truth.check(room.id)
