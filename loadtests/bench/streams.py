"""From a vote to the streams that show it, and what a frame costs at many streams."""

import asyncio
from dataclasses import dataclass

from loadtests.bench.hall import Hall, fill
from loadtests.bench.stage import Stage
from loadtests.bench.wire import Listener, connect, listen

WATCHERS = (100, 1_000)
RATE = 100
OPENING_AT_ONCE = 50


@dataclass(frozen=True)
class StreamFigures:
    """Times in milliseconds from the vote's request to each stream; CPU in microseconds a frame."""

    streams: int
    votes: int
    p50: float
    p99: float
    lost: int
    cpu_per_frame: float
    bytes_per_stream: float


async def measure_streams(stage: Stage, seconds: float) -> list[StreamFigures]:
    """Vote at a steady rate while so many streams watch."""
    hall = await fill(stage.url, 100)
    return [await _watch(stage, hall, number, seconds) for number in WATCHERS]


async def _watch(stage: Stage, hall: Hall, number: int, seconds: float) -> StreamFigures:
    empty = stage.memory()
    listeners = await _open(hall, number)
    held = stage.memory() - empty
    votes = max(10, round(min(RATE, 20_000 / number) * seconds))
    before = stage.cpu()
    asked = await _vote_steadily(hall, votes, seconds / votes)
    await _until_all_came(listeners, votes)
    after = stage.cpu()
    # Voting itself costs the server too: what it costs with nobody watching is taken away.
    alone_before = stage.cpu()
    for listener in listeners:
        listener.close()
    await _vote_steadily(hall, votes, seconds / votes)
    alone = stage.cpu()["server"] - alone_before["server"]
    delays = sorted(
        (came - sent) * 1e3
        for listener in listeners
        for sent, came in zip(asked, listener.arrivals, strict=False)
    )
    frames = votes * number
    return StreamFigures(
        number,
        votes,
        delays[len(delays) // 2],
        delays[int(len(delays) * 0.99)],
        frames - sum(listener.frames for listener in listeners),
        (after["server"] - before["server"] - alone) / frames * 1e6,
        held / number,
    )


async def _open(hall: Hall, number: int) -> list[Listener]:
    path = f"/api/events/{hall.event_id}/stream"
    places = asyncio.Semaphore(OPENING_AT_ONCE)

    async def one(place: int) -> Listener:
        async with places:
            token = hall.tokens[place % len(hall.tokens)]
            return await listen(hall.host, hall.port, path, token)

    return list(await asyncio.gather(*(one(place) for place in range(number))))


async def _vote_steadily(hall: Hall, votes: int, pause: float) -> list[float]:
    """Vote one after another at a steady pace; return when each was asked for."""
    loop = asyncio.get_running_loop()
    connection = await connect(hall.host, hall.port)
    asked: list[float] = []
    began = loop.time()
    for turn in range(votes):
        await asyncio.sleep(max(0.0, began + turn * pause - loop.time()))
        asked.append(loop.time())
        choice = b'{"choice":"%s"}' % (b"AGREE", b"DISAGREE", b"ABSTAIN")[hall.turn() % 3]
        status, body = await connection.ask("PUT", hall.vote_path(0), hall.tokens[0], choice)
        if status != 200:
            raise SystemExit(f"a vote got {status}: {body!r}")
    connection.close()
    return asked


async def _until_all_came(listeners: list[Listener], votes: int) -> None:
    async with asyncio.timeout(30):
        for listener in listeners:
            await listener.seen(votes)
