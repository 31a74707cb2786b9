"""Five times what fits: what is answered is true, the rest is told to come back, and it ends."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import psutil
import pytest_asyncio

from tests.support.client import Api, Person, connect, problem
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server, StartServers
from tests.support.sse import Frame, Watcher, open_line
from tests.support.truth import Truth

FITS = 20
TIMES = 5
ROUNDS = 2
STREAMS = 10
MEGABYTE = 2**20


@pytest_asyncio.fixture
async def small(host: Person, start_servers: StartServers) -> AsyncIterator[tuple[Server, Room]]:
    """A server in whose lanes so many writes fit, with so many streams, and an event at it."""
    (server,) = start_servers(
        ASSENT_LANE_BOUND=str(FITS),
        ASSENT_MAX_STREAMS=str(STREAMS),
        ASSENT_DATABASE_POOL="2",
        ASSENT_STREAMS_PER_USER="1000",
    )
    async with connect(server.url) as api:
        yield server, await open_room(replace(host, api=api), policies=MANUAL)


async def _say(person: Person, room: Room, word: str) -> httpx2.Response:
    return await person.send("POST", f"{room.path}/comments", {"content": word}, key=word)


async def test_what_is_too_much_is_refused_and_the_rest_is_true(
    small: tuple[Server, Room], api: Api, truth: Truth
) -> None:
    server, room = small
    elsewhere = await asyncio.gather(*(api.guest(room.code, f"G {n}") for n in range(FITS * TIMES)))
    people = [replace(person, api=room.owner.api) for person in elsewhere]
    process = psutil.Process(server.pid)
    before, most = process.memory_info().rss, 0
    answers: dict[str, httpx2.Response] = {}

    async def press(n: int, person: Person) -> None:
        for turn in range(ROUNDS):
            answers[f"{n}-{turn}"] = await _say(person, room, f"{room.id[-6:]} {n}-{turn}")

    async with Watcher(room.owner, room.id) as watcher:
        pressing = asyncio.gather(*(press(n, person) for n, person in enumerate(people)))
        while not pressing.done():
            most = max(most, process.memory_info().rss)
            await asyncio.wait({pressing}, timeout=0.1)
        await pressing
        await watcher.until_seq(await truth.head(room.id))

    statuses = Counter(answer.status_code for answer in answers.values())
    assert set(statuses) == {201, 503}, statuses
    for answer in answers.values():
        if answer.status_code == 503:
            assert problem(answer, 503, "event_busy")["retry_after"] >= 1
            assert int(answer.headers["retry-after"]) >= 1
    wanted = Counter(a.json()["content"] for a in answers.values() if a.status_code == 201)
    kept = await truth.rows("SELECT content FROM comments WHERE event_id = %s", room.id)
    assert Counter(row["content"] for row in kept) == wanted
    assert most - before < 64 * MEGABYTE
    await truth.check(room.id)

    # It is over by itself: what was refused is taken now, with the key that it had.
    fitting = asyncio.Semaphore(FITS // 2)

    async def again(name: str) -> None:
        n = int(name.partition("-")[0])
        async with fitting:
            assert (await _say(people[n], room, f"{room.id[-6:]} {name}")).status_code == 201

    await asyncio.gather(*(again(name) for name, a in answers.items() if a.status_code == 503))
    total = "SELECT count(*) FROM comments WHERE event_id = %s"
    assert await truth.number(total, room.id) == FITS * TIMES * ROUNDS
    assert (await room.owner.get("/readyz"))["status"] == "ready"


async def test_streams_beyond_the_most_are_told_when_to_come_back(
    small: tuple[Server, Room],
) -> None:
    _, room = small
    async with contextlib.AsyncExitStack() as stack:
        lines = [
            await stack.enter_async_context(open_line(room.owner, room.id))
            for _ in range(STREAMS * TIMES)
        ]
        firsts: list[Frame | None] = [await line.next() for line in lines]
        taken = [line for line, f in zip(lines, firsts, strict=True) if f and f.event == "snapshot"]
        sent_away = [f for f in firsts if f is not None and f.retry is not None]
        assert {line.response.status_code for line in lines} == {200}
        assert len(taken) == STREAMS
        assert len(sent_away) == STREAMS * (TIMES - 1)
        assert all(5_000 <= (f.retry or 0) <= 15_000 for f in sent_away)
        assert len({f.retry for f in sent_away}) > 1
        said = await _say(room.owner, room, f"Still {room.id}")
        head = int(said.headers["x-event-seq"].rpartition(".")[2])
        await asyncio.gather(*(line.until_seq(head) for line in taken))
    async with open_line(room.owner, room.id) as line:
        # Places that were left are free again as soon as the server has seen that they are.
        assert line.response.status_code == 200
