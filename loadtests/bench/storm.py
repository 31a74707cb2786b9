"""A storm before a full hall: what it costs to send every change, and what joining them saves."""

import asyncio
import time

from loadtests.bench.hall import CHOICES, Hall, fill
from loadtests.bench.report import Finding
from loadtests.bench.stage import Stage, open_stage
from loadtests.bench.watchers import Watchers
from loadtests.bench.wire import connect

STREAMS = (0, 100, 1_000)
VOTERS = 100
FRAME_PAUSE = 0.05
COLUMNS = (
    *("streams", "votes/s", "changes/s", "behind at the end ms", "server CPU %"),
    *("MB/s sent", "of it, if coalesced %"),
)
NOTE = (
    f"{VOTERS} connections vote without a pause on 20 proposals. Behind: from the last answer to "
    "the last frame at the last stream. Coalesced: one frame for each proposal and 50 ms instead."
)


def measure(seconds: float) -> list[Finding]:
    """Let everybody vote with nobody, some and many watching."""
    found = Finding("A storm of votes before a hall", COLUMNS, note=NOTE)
    with open_stage() as stage:
        hall = asyncio.run(fill(stage.url, VOTERS))
        asyncio.run(_rage(hall, 1.0))
        for streams in STREAMS:
            found.add(streams, *asyncio.run(_storm(stage, hall, streams, seconds)))
    return [found]


async def _storm(stage: Stage, hall: Hall, streams: int, seconds: float) -> list[float]:
    with Watchers(stage.url, b"event: snapshot") as watchers:
        request = f"GET /api/events/{hall.event_id}/stream HTTP/1.1\r\nHost: b\r\nAuthorization: "
        watchers.open(
            [f"{request}Bearer {hall.tokens[n % VOTERS]}\r\n\r\n".encode() for n in range(streams)]
        )
        first, size = await _head(hall), await _frame_size(hall)
        if streams:
            watchers.expect(None)
        before, began = stage.seconds(), time.monotonic()
        votes = await _rage(hall, seconds)
        over, used = time.monotonic(), stage.seconds() - before
        changes = await _head(hall) - first
        last = over
        if streams:
            watchers.tell(changes)
            came = await asyncio.to_thread(watchers.arrivals)
            last = max(max(frame) for frame in came)
        used = stage.seconds() - before
        took = last - began
    rate = changes / (over - began)
    coalesced = min(rate, len(hall.proposals) / FRAME_PAUSE)
    return [
        *(votes / (over - began), rate, (last - over) * 1e3, used / took * 100),
        *(changes * streams * size / took / 1e6, coalesced / rate * 100),
    ]


async def _rage(hall: Hall, seconds: float) -> int:
    """Vote as fast as there are answers; return how many there were."""
    began, votes, first = time.monotonic(), 0, hall.turn()

    async def vote(person: int) -> None:
        nonlocal votes
        door = await connect(hall.host, hall.port)
        turn = 0
        while time.monotonic() - began < seconds:
            path = hall.vote_path(person + turn)
            choice = CHOICES[(first + turn // len(hall.proposals)) % 3]
            await door.insist("PUT", path, hall.tokens[person], choice)
            votes, turn = votes + 1, turn + 1
        door.close()

    await asyncio.gather(*(vote(person) for person in range(VOTERS)))
    return votes


async def _head(hall: Hall) -> int:
    door = await connect(hall.host, hall.port)
    await door.ask("GET", f"/api/events/{hall.event_id}", hall.tokens[0])
    door.close()
    return int(door.told(b"x-event-seq").rpartition(".")[2])


async def _frame_size(hall: Hall) -> int:
    """Return the bytes of a change as it stands in the log; its frame has some 60 more."""
    door = await connect(hall.host, hall.port)
    path = f"/api/events/{hall.event_id}/changes?after={max(0, await _head(hall) - 10)}"
    _, body = await door.ask("GET", path, hall.tokens[0])
    door.close()
    return len(body) // max(1, body.count(b'"seq"')) + 60
