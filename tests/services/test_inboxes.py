"""Notices and signals between two processes: numbered for a person, or said once to a room."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar
from uuid import UUID

import pytest

from app.config import Settings
from app.launch.valkey import Valkey
from app.services.house import House
from app.services.openings import open_stream
from app.utils.frames import named_frame
from app.utils.notices import Notice
from tests.support.stage import Cast, Meeting, Stage


class Ear:
    """A personal line that keeps what it is told."""

    def __init__(self, user_id: UUID) -> None:
        self.user_id = user_id
        self.notices: asyncio.Queue[Notice] = asyncio.Queue()
        self.heard: asyncio.Queue[int] = asyncio.Queue()
        self.whispers: asyncio.Queue[bytes] = asyncio.Queue()

    def notice(self, notice: Notice) -> None:
        self.notices.put_nowait(notice)

    def hear(self, seq: int) -> None:
        self.heard.put_nowait(seq)

    def whisper(self, frame: bytes) -> None:
        self.whispers.put_nowait(frame)


class Screen:
    """The far end of a stream that keeps what it is given."""

    line = None
    blocked_since: float | None = None

    def __init__(self) -> None:
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def push(self, chunk: bytes) -> None:
        self.chunks.put_nowait(chunk)

    def end(self) -> None:
        """Nothing follows."""

    def cut(self) -> None:
        """It takes everything."""


@pytest.fixture
async def houses(database_url: str, valkey: Valkey) -> AsyncIterator[list[House]]:
    made = [House(Settings(DATABASE_URL=database_url, REDIS_URL=valkey.url)) for _ in range(2)]
    for house in made:
        house.open()
    yield made
    await asyncio.gather(*(house.close() for house in made))


Thing = TypeVar("Thing")


async def soon(queue: asyncio.Queue[Thing]) -> Thing:
    async with asyncio.timeout(10):
        return await queue.get()


async def until_heard(house: House, ear: Ear) -> None:
    """Whisper until it arrives: a subscription is confirmed in its own time."""
    async with asyncio.timeout(10):
        while ear.whispers.empty():
            house.hub.inboxes.whisper(ear.user_id, named_frame("typing", b"{}"))
            await asyncio.sleep(0.01)


async def until_told(ear: Ear, last: int) -> dict[int, Notice]:
    told: dict[int, Notice] = {}
    while last not in told:
        notice = await soon(ear.notices)
        told.setdefault(notice.seq, notice)
    return told


async def test_a_person_is_told_in_every_process(
    houses: list[House], meeting: Meeting, cast: Cast
) -> None:
    ears = [Ear(cast.second.id) for _ in houses]
    for house, ear in zip(houses, ears, strict=True):
        await house.hub.inboxes.enter(ear)
    await until_heard(houses[0], ears[1])
    meeting.stage = Stage(houses[0].database, meeting.stage.told, houses[0].lanes)
    await meeting.treat("ban", cast.second)
    await meeting.treat("unban", cast.second)
    # A process hears of its own notices twice: once from itself, and once over the bus.
    told = [await until_told(ear, 3) for ear in ears]
    assert told[0] == told[1]
    assert list(told[0]) == [2, 3]
    assert b'"status":"BANNED"' in told[0][2].frame


async def test_what_was_missed_is_heard_of(
    houses: list[House], meeting: Meeting, cast: Cast
) -> None:
    """A notice that no line was there for: the net tells how many there were."""
    await meeting.treat("ban", cast.second)
    ear = Ear(cast.second.id)
    await houses[1].hub.inboxes.enter(ear)
    first = await soon(ear.heard)
    await meeting.treat("unban", cast.second)
    async with asyncio.timeout(10):
        while await ear.heard.get() != first + 1:
            pass


async def test_who_left_is_told_nothing(houses: list[House], cast: Cast) -> None:
    house, ear = houses[0], Ear(cast.second.id)
    await house.hub.inboxes.enter(ear)
    await house.hub.inboxes.leave(ear)
    house.hub.notify([Notice(cast.second.id, 1, b"")])
    assert ear.notices.empty()
    assert list(house.hub.inboxes.people) == []


async def test_a_whisper_and_a_signal_reach_the_other_process(
    houses: list[House], meeting: Meeting, cast: Cast
) -> None:
    here, there = houses
    ear, screen = Ear(cast.second.id), Screen()
    await there.hub.inboxes.enter(ear)
    stream = await open_stream(
        there.hub, there.snapshots, there.database, cast.member, meeting.id, None, there.timing
    )
    stream.start(screen)
    frame = named_frame("typing", b"{}")
    await until_heard(here, ear)
    async with asyncio.timeout(10):
        while frame not in await screen.chunks.get():
            here.hub.signal(meeting.id, frame)
    assert await ear.whispers.get() == frame
    stream.close()
