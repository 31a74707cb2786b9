"""From one change to every stream: ours, a bare ASGI loop, and nginx with Nchan, in one run."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from loadtests.bench import nchan
from loadtests.bench.hall import fill
from loadtests.bench.report import Finding, middle
from loadtests.bench.stage import Served, open_stage, served_by_uvicorn
from loadtests.bench.watchers import Watchers
from loadtests.bench.wire import Connection, connect

STREAMS = (100, 1_000, 5_000, 10_000)
RATE = 100
DELIVERIES = 100_000  # a second, and no more changes than that asks for
PEOPLE = 100
DOORS = 8
# As large as the frame of a tally.
DATA = b'{"seq":1,"type":"tally.changed","data":{"proposal_id":"%s"}}' % (b"0" * 200)
COLUMNS = (
    *("server", "streams", "changes", "deliveries/s", "asked for", "p50 ms", "p99 ms", "lost"),
    *("CPU µs", "x Nchan", "a change µs", "telling µs", "x Nchan", "generator µs", "kB a stream"),
)
NOTE = (
    "From the request that makes a change to the socket of each stream. CPU is the server's per "
    "delivery, with what making the changes costs: at 100 streams that is most of it. A change is "
    "what one costs at the same pace while nobody watches, for Assent a vote's transaction, and "
    "telling is CPU per delivery without it. Memory is "
    "what the process grew by since before the first stream. All have one process or worker."
)


@dataclass(frozen=True)
class Peer:
    """A server that fans out: how a stream is opened, and how a change is made."""

    name: str
    server: Served
    marker: bytes
    open: Callable[[int], bytes]
    publish: Callable[[Connection], Awaitable[object]]


@dataclass(frozen=True)
class Figures:
    """What one number of streams gave."""

    changes: int
    per_second: float
    wanted: float
    delays: list[float]
    lost: int
    cpu: float
    change: float
    telling: float
    generator: float
    memory: float


def measure(seconds: float) -> list[Finding]:
    """Let each server tell the same number of streams, one server after another."""
    told: dict[str, dict[int, Figures]] = {}
    for stage in (_nchan, _bare, _ours):
        with stage() as peer:
            if peer is not None:
                told[peer.name] = asyncio.run(_tell(peer, seconds))
    found = Finding("From a change to every stream", COLUMNS, note=NOTE)
    for name, each in told.items():
        for streams, one in each.items():
            beside = told.get("nginx + Nchan", {}).get(streams)
            found.add(
                *(name, streams, one.changes, one.per_second, one.wanted),
                *(middle(one.delays) * 1e3, middle(one.delays, 0.99) * 1e3, one.lost),
                *(one.cpu * 1e6, one.cpu / beside.cpu if beside else "-"),
                one.change * 1e6,
                *(one.telling * 1e6, one.telling / beside.telling if beside else "-"),
                *(one.generator * 1e6, one.memory / 1e3),
            )
    return [found]


async def _tell(peer: Peer, seconds: float) -> dict[int, Figures]:
    with Watchers(peer.server.url, peer.marker) as watchers:
        # The first streams and changes warm up what every later one shares.
        watchers.open([peer.open(place) for place in range(STREAMS[0])])
        await _publish(peer, 20, 0.01)
    await asyncio.sleep(1)
    changes = {streams: await _change(peer, *_pace(streams, seconds)) for streams in STREAMS}
    empty = peer.server.memory()
    figures: dict[int, Figures] = {}
    with Watchers(peer.server.url, peer.marker) as watchers:
        opened = 0
        for streams in STREAMS:
            watchers.open([peer.open(place) for place in range(opened, streams)])
            opened = streams
            memory = (peer.server.memory() - empty) / streams
            pace = _pace(streams, seconds)
            figures[streams] = await _round(peer, watchers, streams, pace, changes[streams], memory)
    return figures


def _pace(streams: int, seconds: float) -> tuple[int, float]:
    """Return how many changes there are to be, and how many a second."""
    rate = min(RATE, DELIVERIES / streams)
    return max(10, round(rate * seconds)), rate


async def _change(peer: Peer, changes: int, rate: float) -> float:
    """Return the seconds of CPU that a change takes while nobody watches."""
    before = peer.server.seconds()
    await _publish(peer, changes, 1 / rate)
    return (peer.server.seconds() - before) / changes


async def _round(
    peer: Peer,
    watchers: Watchers,
    streams: int,
    pace: tuple[int, float],
    change: float,
    memory: float,
) -> Figures:
    changes, rate = pace
    watchers.expect(changes)
    before, generated = peer.server.seconds(), watchers.seconds()
    asked = await _publish(peer, changes, 1 / rate)
    came = await asyncio.to_thread(watchers.arrivals)
    used, generated = peer.server.seconds() - before, watchers.seconds() - generated
    delays = [at - ask for ask, frame in zip(asked, came, strict=False) for at in frame]
    last = max((max(frame) for frame in came if frame), default=asked[-1] + 1)
    taken = max(last - asked[0], changes / rate)
    return Figures(
        changes,
        len(delays) / taken,
        rate * streams,
        delays,
        changes * streams - len(delays),
        used / max(1, len(delays)),
        change,
        max(0.0, used - change * changes) / max(1, len(delays)),
        generated / max(1, len(delays)),
        memory,
    )


async def _publish(peer: Peer, changes: int, pause: float) -> list[float]:
    """Make changes at a steady pace, answered or not; return when each was asked for."""
    place = urlsplit(peer.server.url)
    doors: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(DOORS):
        doors.put_nowait(await connect(place.hostname or "", place.port or 80))

    async def publish(door: Connection) -> None:
        await peer.publish(door)
        doors.put_nowait(door)

    began, asked, asking = time.monotonic(), [], []
    for turn in range(changes):
        await asyncio.sleep(max(0.0, began + turn * pause - time.monotonic()))
        asked.append(time.monotonic())
        door = await doors.get()
        asking.append(asyncio.create_task(publish(door)))
    await asyncio.gather(*asking)
    while not doors.empty():
        doors.get_nowait().close()
    return asked


@contextmanager
def _ours() -> Iterator[Peer]:
    with open_stage() as stage:
        hall = asyncio.run(fill(stage.url, PEOPLE))
        path = f"/api/events/{hall.event_id}/stream"
        yield Peer(
            "Assent",
            stage,
            b"event: snapshot",
            lambda place: _request(path, hall.tokens[place % PEOPLE]),
            hall.vote,
        )


@contextmanager
def _bare() -> Iterator[Peer]:
    with served_by_uvicorn("loadtests.bench.bare:app") as server:
        yield Peer(
            "bare ASGI",
            server,
            b":\n\n",
            lambda _: _request("/", ""),
            lambda door: door.ask("POST", "/", None, DATA),
        )


@contextmanager
def _nchan() -> Iterator[Peer | None]:
    if not nchan.is_here():
        yield None
        return
    with nchan.serve() as server:
        yield Peer(
            "nginx + Nchan",
            server,
            b"\r\n\r\n",
            lambda _: _request("/sub", ""),
            lambda door: door.ask("POST", "/pub", None, DATA),
        )


def _request(path: str, token: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
