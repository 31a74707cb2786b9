"""Unread counts of somebody in two hundred events, over HTTP: one statement, on indexes.

That it reads no table from end to end is shown in `services/test_plans.py`.
"""

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from statistics import median
from time import perf_counter
from uuid import uuid4

import pytest

from tests.support.client import Json, Person, connect
from tests.support.measures import measures
from tests.support.personal import first_summary, open_personal
from tests.support.rooms import Room, open_room
from tests.support.server import StartServers

EVENTS = 200
TIMES = 20
READ = 'assent_query_seconds_count{query="unread"}'
SPENT = 'assent_query_seconds_sum{query="unread"}'


@pytest.fixture
async def person(host: Person, start_servers: StartServers) -> AsyncIterator[Person]:
    """A member of two hundred events, named in each."""
    (server,) = start_servers(REDIS_URL="")
    async with connect(server.url) as api:
        owner, busy = replace(host, api=api), await api.sign_up("Busy")

        async def involve() -> Room:
            room = await open_room(owner, start=False)
            await room.join(busy)
            body = {"id": str(uuid4()), "content": "Are you coming, @Busy?"}
            await owner.ok("POST", f"/conversations/{room.id}/messages", body)
            return room

        rooms = [await involve() for _ in range(EVENTS)]
        for room in rooms[: EVENTS // 2]:
            await busy.ok("PUT", f"/conversations/{room.id}/read", {"seq": 1})
        yield busy


async def come_back(person: Person) -> tuple[Json, float]:
    """Open a personal line; return what it begins with, and after how many seconds."""
    began = perf_counter()
    async with open_personal(person) as line:
        return await first_summary(line), perf_counter() - began


@pytest.mark.timeout(300)
async def test_unread_counts_of_two_hundred_events_are_one_statement(person: Person) -> None:
    before = await measures(person)
    back = [await come_back(person) for _ in range(TIMES)]
    after = await measures(person)
    events = back[-1][0]["events"]
    assert sorted(event["unread"] for event in events) == [0] * 100 + [1] * 100
    assert sum(event["mentions"] for event in events) == 100
    assert after[READ] - before[READ] == TIMES
    spent = (after[SPENT] - before[SPENT]) / TIMES
    sys.stdout.write(
        f"\nunread of {EVENTS} events: one statement, {1e3 * spent:.1f} ms in the server; line"
        f" opened to whole summary p50 {1e3 * median(time for _, time in back):.0f} ms\n"
    )
