"""Reading an event in full: known, kept, changing under the readers, and never seen before."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from loadtests.bench.crowd import Crowd
from loadtests.bench.hall import CHOICES, Hall, fill
from loadtests.bench.report import Finding, middle
from loadtests.bench.stage import Stage, open_stage
from loadtests.bench.wire import connect

PEOPLE = 100
READERS = 32
CHANGES = 20  # a second, while readers read
# More events than a process keeps snapshots of, read in turn: each reading starts from nothing.
OTHERS = 300
COLUMNS = (
    *("read", "reads/s", "p50 ms", "p99 ms", "queries a read", "kB a read"),
    *("server µs", "database µs", "generator µs"),
)
NOTE = (
    f"20 proposals, {PEOPLE} members, 2,000 votes; {READERS} readers at once. Who asks is looked "
    "up for every read. Known: If-None-Match names what stands, 304. Kept: the shared part is in "
    f"memory, the reader's own is read. Changing: {CHANGES} votes a second, so readers share new "
    f"readings. From nothing: {OTHERS} events in turn, none of them in memory."
)


def measure(seconds: float) -> list[Finding]:
    """Read the same event in each way for so long."""
    return [asyncio.run(_measure(seconds))]


async def _measure(seconds: float) -> Finding:
    found = Finding("Reading an event", COLUMNS, note=NOTE)
    with open_stage() as stage:
        hall = await fill(stage.url, PEOPLE)
        await _vote_once_each(hall)
        others = Crowd(stage.postgres).copies(hall.event_id, OTHERS)
        ways: list[tuple[str, bool, int, Callable[[int], str]]] = [
            ("known", True, 0, lambda _: hall.event_id),
            ("kept", False, 0, lambda _: hall.event_id),
            ("known, changing", True, CHANGES, lambda _: hall.event_id),
            ("changing", False, CHANGES, lambda _: hall.event_id),
            ("from nothing", False, 0, lambda turn: others[turn % OTHERS]),
        ]
        await _read(stage, hall, 1.0, ways[1])
        for way in ways:
            found.add(way[0], *await _read(stage, hall, seconds, way))
    return found


async def _read(
    stage: Stage, hall: Hall, seconds: float, way: tuple[str, bool, int, Callable[[int], str]]
) -> list[float]:
    _, asks_for_news, changes, event = way
    loop = asyncio.get_running_loop()
    times: list[float] = []
    size = 0
    queries, before = await _queries(hall), stage.cpu()
    voting = loop.create_task(_vote_on(hall, changes))
    began = loop.time()

    async def read(reader: int) -> None:
        nonlocal size
        connection = await connect(hall.host, hall.port)
        turn, known = reader * 7, ""
        while loop.time() - began < seconds:
            asked = loop.time()
            path = f"/api/events/{event(turn)}"
            status, body = await connection.ask("GET", path, hall.tokens[reader], known=known)
            times.append(loop.time() - asked)
            if status != 200 and not (known and status == 304):
                raise SystemExit(f"{path} got {status}: {body!r}")
            size += len(body)
            known = connection.told(b"etag") if asks_for_news else ""
            turn += 1
        connection.close()

    await asyncio.gather(*(read(reader) for reader in range(READERS)))
    lasted, after = loop.time() - began, stage.cpu()
    voting.cancel()
    with suppress(asyncio.CancelledError):
        await voting
    asked = await _queries(hall) - queries
    cpu = [(after[part] - before[part]) / len(times) * 1e6 for part in after if part != "bus"]
    return [
        *(len(times) / lasted, middle(times) * 1e3, middle(times, 0.99) * 1e3),
        *(asked / len(times), size / len(times) / 1e3),
        *cpu,
    ]


async def _vote_once_each(hall: Hall) -> None:
    async def vote(person: int) -> None:
        door = await connect(hall.host, hall.port)
        for turn in range(len(hall.proposals)):
            path, token = hall.vote_path(turn), hall.tokens[person]
            await door.insist("PUT", path, token, CHOICES[0])
        door.close()

    await asyncio.gather(*(vote(person) for person in range(PEOPLE)))


async def _vote_on(hall: Hall, rate: int) -> None:
    door = await connect(hall.host, hall.port)
    while rate:
        await hall.vote(door)
        await asyncio.sleep(1 / rate)


async def _queries(hall: Hall) -> float:
    """Return how many statements the server has sent so far, as its metrics say."""
    door = await connect(hall.host, hall.port)
    _, body = await door.ask("GET", "/metrics", None)
    door.close()
    counts = (b"assent_query_seconds_count", b"assent_lock_wait_seconds_count")
    return sum(float(line.split()[-1]) for line in body.splitlines() if line.startswith(counts))
