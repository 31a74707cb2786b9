"""Redis that one server has and another has not, and what was committed and never said."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest_asyncio

from app.launch.valkey import Valkey
from tests.support.client import Api, Person, connect
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server, StartServers
from tests.support.sse import Frame, Watcher, open_line
from tests.support.switches import Switch
from tests.support.truth import Truth

PRESENCE_TTL = "1"


@dataclass(frozen=True)
class Pair:
    """Two servers; the first one's way to Valkey alone may be cut."""

    servers: list[Server]
    way: Switch
    valkey: Valkey
    api: Api
    room: Room


@pytest_asyncio.fixture
async def pair(host: Person, start_servers: StartServers, valkey: Valkey) -> AsyncIterator[Pair]:
    async with contextlib.AsyncExitStack() as stack:
        way = await stack.enter_async_context(Switch(valkey.url).open())
        own = {"ASSENT_PRESENCE_TTL": PRESENCE_TTL, "ASSENT_PRESENCE_GRACE": "0"}
        servers = [
            *start_servers(REDIS_URL=way.url, **own),
            *start_servers(REDIS_URL=valkey.url, **own),
        ]
        api = await stack.enter_async_context(connect(*(server.url for server in servers)))
        room = await open_room(replace(host, api=api), policies=MANUAL)
        yield Pair(servers, way, valkey, api, room)


def _tells(frame: Frame, *, known: bool) -> bool:
    """Whether a frame says who is here, or that nobody knows."""
    return frame.event == "presence" and (frame.json["count"] is not None) is known


async def test_one_without_redis_misses_nothing_and_says_so(pair: Pair, truth: Truth) -> None:
    room = pair.room
    async with (
        Watcher(room.owner, room.id, at=0) as without,
        Watcher(room.owner, room.id, at=1) as having,
        open_line(room.owner, room.id, at=0, presence=True) as unsure,
        open_line(room.owner, room.id, at=1, presence=True) as sure,
    ):
        for line in (unsure, sure):
            await line.until(lambda frame: _tells(frame, known=True))
        pair.way.lead(None)
        await unsure.until(lambda frame: _tells(frame, known=False))
        for n in range(10):
            path, body = f"{room.path}/comments", {"content": f"Word {n}"}
            await room.owner.ok("POST", path, body, at=n % 2)
        head = await truth.head(room.id)
        await asyncio.gather(without.until_seq(head), having.until_seq(head))
        said = [await pair.api.nobody().get("/readyz", at=at) for at in range(2)]
        pair.way.lead(pair.valkey.port)
        await unsure.until(lambda frame: _tells(frame, known=True))
    assert [one["bus"] for one in said] == ["unreachable", "ok"]
    assert [bool(one["warnings"]) for one in said] == [True, False]
    assert not any(_tells(frame, known=False) for frame in sure.seen)
    assert (without.lines, having.lines) == (1, 1)
    await truth.check(room.id)


async def test_what_was_committed_and_never_said_is_seen_and_answered(
    pair: Pair, truth: Truth
) -> None:
    """The server ends when the database has the votes and before anybody was told of them."""
    room = pair.room
    voters = await room.guests(20)
    proposal = await room.propose(room.owner)
    keys = {voter.id: str(uuid4()) for voter in voters}

    async def vote(voter: Person, at: int) -> tuple[int, bytes]:
        path = room.votes_on(proposal)
        answer = await voter.send("POST", path, key=keys[voter.id], at=at)
        return answer.status_code, answer.content

    async with Watcher(room.owner, room.id, at=1) as watcher:
        await watcher.until_seq(await truth.head(room.id))
        pair.way.hold()
        first = await asyncio.gather(*(vote(voter, 0) for voter in voters))
        pair.servers[0].kill()
        pair.way.lead(None)
        await watcher.until_seq(await truth.head(room.id))
        again = await asyncio.gather(*(vote(voter, 1) for voter in voters))
    assert again == first
    assert {status for status, _ in first} == {201}
    assert watcher.state["proposals"][0]["tally"]["agree"] == len(voters)
    assert watcher.lines == 1
    await truth.check(room.id)
