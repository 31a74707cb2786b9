"""A hall that comes in, or comes back after its server went: how fast streams open."""

import asyncio

from loadtests.bench.hall import Hall, fill
from loadtests.bench.report import Finding, middle
from loadtests.bench.stage import Stage, open_stage
from loadtests.bench.wire import connect

PEOPLE = 100
STREAMS = 2_000
AT_ONCE = 64
COLUMNS = ("streams", "how", "opened/s", "p50 ms", "p99 ms", "server µs", "database µs", "bus µs")
NOTE = (
    f"{AT_ONCE} at a time, {PEOPLE} people in turn, until the first of the stream is there: the "
    "snapshot for who is new, the replay for who says where they stood; a browser's line begins "
    "with all that waits for its person. Each is asked who they are and whether they may read."
)


def measure(_seconds: float) -> list[Finding]:
    """Open so many streams in each way. It takes as long as it takes."""
    found = Finding("Opening streams", COLUMNS, note=NOTE)
    with open_stage() as stage:
        hall = asyncio.run(fill(stage.url, PEOPLE))
        cursor = asyncio.run(_cursor(hall))
        event = f"/api/events/{hall.event_id}/stream"
        person = f"/api/me/stream?event={hall.event_id}"
        resumed = f"Last-Event-ID: {cursor}\r\n"
        for how, path, said, first in (
            ("new", event, "", b"event: snapshot"),
            ("resumed", event, resumed, b"\n\n"),
            ("a browser's, new", person, "", b"event: snapshot"),
            ("a browser's, resumed", person, resumed, b"\n\n"),
        ):
            asked = f"GET {path} HTTP/1.1\r\nHost: bench\r\n{said}"
            found.add(STREAMS, how, *asyncio.run(_open(stage, hall, asked, first)))
    return [found]


async def _open(stage: Stage, hall: Hall, request: str, first: bytes) -> list[float]:
    loop = asyncio.get_running_loop()
    doors = asyncio.Semaphore(AT_ONCE)
    times: list[float] = []
    kept: list[asyncio.StreamWriter] = []

    async def come(person: int) -> None:
        token = hall.tokens[person % PEOPLE]
        async with doors:
            asked = loop.time()
            reader, writer = await asyncio.open_connection(hall.host, hall.port)
            kept.append(writer)
            writer.write(f"{request}Authorization: Bearer {token}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise SystemExit(f"A stream was refused: {head!r}")
            await reader.readuntil(first)
            times.append(loop.time() - asked)

    await asyncio.gather(*(come(person) for person in range(AT_ONCE)))
    times.clear()
    before, began = stage.cpu(), loop.time()
    await asyncio.gather(*(come(person) for person in range(STREAMS)))
    lasted, after = loop.time() - began, stage.cpu()
    for writer in kept:
        writer.close()
    cpu = [(after[part] - before[part]) / STREAMS * 1e6 for part in ("server", "database", "bus")]
    return [STREAMS / lasted, middle(times) * 1e3, middle(times, 0.99) * 1e3, *cpu]


async def _cursor(hall: Hall) -> str:
    door = await connect(hall.host, hall.port)
    await door.ask("GET", f"/api/events/{hall.event_id}", hall.owner)
    told = door.told(b"x-event-seq")
    door.close()
    return told
