import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.client import Json, Person
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.sse import Watcher
from tests.support.truth import Truth

CHOICES = ("AGREE", "DISAGREE", "ABSTAIN")


@pytest_asyncio.fixture
async def room(host: Person, truth: Truth) -> AsyncIterator[Room]:
    opened = await open_room(host, policies=MANUAL)
    yield opened
    await truth.check(opened.id)


def _shared(event: Json) -> Json:
    return {name: value for name, value in event.items() if name != "me"}


async def _vote(voter: Person, votes: str, times: int) -> None:
    for n in range(times):
        await voter.ok("PUT", votes, {"choice": CHOICES[n % 3]})


async def _agree(room: Room, watchers: list[Watcher], truth: Truth) -> None:
    """Wait until everybody has seen everything, and compare what they see."""
    head = await truth.head(room.id)
    await asyncio.gather(*(watcher.until_seq(head) for watcher in watchers))
    fresh = _shared(await room.owner.get(room.path))
    for watcher in watchers:
        assert _shared(watcher.state) == fresh


async def test_watchers_who_drop_and_come_back_miss_nothing(room: Room, truth: Truth) -> None:
    chance = random.Random(7)
    voters = await room.guests(20)
    votes = [room.votes_on(await room.propose(room.owner, f"Number {n}")) for n in range(3)]
    async with contextlib.AsyncExitStack() as stack:
        watchers = [Watcher(voters[n % 20], room.id) for n in range(30)]
        await asyncio.gather(*map(stack.enter_async_context, watchers))
        storm = asyncio.gather(*(_vote(voter, path, 5) for voter in voters for path in votes))
        while not storm.done():
            watcher = chance.choice(watchers)
            await watcher.until_seq(min(watcher.seq + 3, await truth.head(room.id)))
            watcher.drop()
        await storm
        await _agree(room, watchers, truth)
    assert sum(watcher.lines for watcher in watchers) > len(watchers)


async def test_watchers_who_come_during_a_storm_miss_nothing(room: Room, truth: Truth) -> None:
    voters = await room.guests(20)
    votes = room.votes_on(await room.propose(room.owner))
    async with contextlib.AsyncExitStack() as stack:
        storm = asyncio.gather(*(_vote(voter, votes, 12) for voter in voters))
        watchers = [Watcher(voters[n % 20], room.id) for n in range(30)]
        for watcher in watchers:
            await stack.enter_async_context(watcher)
        await storm
        await _agree(room, watchers, truth)
    assert all(watcher.lines == 1 for watcher in watchers)


async def test_snapshots_during_a_storm_lead_to_the_same_state(room: Room, truth: Truth) -> None:
    """The seam over plain HTTP: any snapshot and the changes after it come to the present."""
    voters = await room.guests(10)
    votes = room.votes_on(await room.propose(room.owner))
    storm = asyncio.gather(*(_vote(voter, votes, 10) for voter in voters))
    snapshots = []
    while not storm.done():
        snapshots.append(await room.owner.get(room.path))
    await storm
    head = await truth.head(room.id)
    for snapshot in snapshots[:: max(1, len(snapshots) // 10)]:
        page = await room.owner.get(f"{room.path}/changes?after={snapshot['seq']}")
        assert [change["seq"] for change in page["items"]] == [
            *range(snapshot["seq"] + 1, head + 1)
        ]
        assert (page["head"], page["epoch"]) == (head, room.event["epoch"])
