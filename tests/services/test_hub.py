"""Two processes in one: what commits in either reaches the streams of both, through Valkey."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from redis.asyncio import Redis

from app.config import Settings
from app.launch.valkey import Valkey
from app.services.house import House
from app.services.rooms import Room
from app.services.viewers import Viewer
from app.utils.frames import NOTHING
from tests.support.stage import Cast, Meeting, Stage


@pytest.fixture
def redis_url(valkey: Valkey) -> str:
    """A server of the test's own: other processes would suffer from what is done here."""
    return valkey.url


@pytest.fixture
async def houses(database_url: str, redis_url: str) -> AsyncIterator[list[House]]:
    made = [House(Settings(DATABASE_URL=database_url, REDIS_URL=redis_url)) for _ in range(2)]
    for house in made:
        house.open()
    yield made
    await asyncio.gather(*(house.close() for house in made))


async def enter(house: House, meeting: Meeting, cast: Cast) -> tuple[Room, Viewer]:
    viewer = Viewer(meeting.id, cast.member.id, cast.member.session_id, is_staff=True)
    return await house.hub.enter(viewer), viewer


async def until(room: Room, head: int) -> None:
    async with asyncio.timeout(10):
        while (room.head or 0) < head:
            await room.news.wait()


async def propose_in(houses: list[House], meeting: Meeting, cast: Cast) -> None:
    """Write in each process by turns."""
    for house in (*houses, *houses):
        meeting.stage = Stage(house.database, meeting.stage.told, house.lanes)
        await meeting.propose(cast.owner)


async def test_both_processes_show_the_same(
    houses: list[House], meeting: Meeting, cast: Cast
) -> None:
    rooms = [(await enter(house, meeting, cast))[0] for house in houses]
    start = rooms[0].head or 0
    await propose_in(houses, meeting, cast)
    await asyncio.gather(*(until(room, start + 4) for room in rooms))
    first, second = (room.after(start) for room in rooms)
    assert first == second
    assert [frame.seq for frame in (first or NOTHING).frames] == list(range(start + 1, start + 5))


async def test_a_broken_line_loses_nothing(
    houses: list[House], meeting: Meeting, cast: Cast, redis_url: str
) -> None:
    rooms = [(await enter(house, meeting, cast))[0] for house in houses]
    start = rooms[0].head or 0
    async with Redis.from_url(redis_url, protocol=2) as admin:
        await admin.client_kill_filter(_type="pubsub")
        await propose_in(houses, meeting, cast)
    await asyncio.gather(*(until(room, start + 4) for room in rooms))
    for room in rooms:
        seqs = [frame.seq for frame in (room.after(start) or NOTHING).frames]
        assert seqs == list(range(start + 1, start + 5))


async def test_signing_out_in_one_ends_the_streams_of_the_other(
    houses: list[House], meeting: Meeting, cast: Cast
) -> None:
    room, viewer = await enter(houses[1], meeting, cast)
    async with asyncio.timeout(10):
        while viewer.cut is None:
            news = room.news
            # The line may not stand yet: what is said before is lost, as it may be.
            houses[0].hub.end_sessions([viewer.session_id])
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), 0.1)
    assert viewer.cut == ("signed_out",)


async def test_an_empty_room_lingers_and_then_goes(
    houses: list[House], meeting: Meeting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = houses[0].hub
    room, viewer = await enter(houses[0], meeting, cast)
    hub.leave(viewer)
    await hub._sweep()
    assert (await enter(houses[0], meeting, cast))[0] is room
    hub.leave(next(iter(room.viewers)))
    monkeypatch.setattr("app.services.hub.LINGER", -1.0)
    await hub._sweep()
    monkeypatch.undo()
    assert (await enter(houses[0], meeting, cast))[0] is not room
