"""The hub at a size that no machine of ours opens sockets for: real rooms, lines that take all."""

import asyncio
import gc
import os
import time
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

import orjson
import psutil

from app.models.base import now
from app.models.payloads import rfc3339
from app.routers.lines import LineSink
from app.services.hub import Hub
from app.services.rooms import Room
from app.services.streams import Stream, Timing
from app.services.viewers import Viewer
from app.utils.bus import Bus
from app.utils.db import Database
from app.utils.frames import Frame
from loadtests.bench.report import Finding, middle

SHAPES = ((1, 10_000), (1, 100_000), (1_000, 100), (10_000, 10), (100_000, 1))
ROUNDS = 5
COLUMNS = (
    *("events", "streams each", "kB a stream", "change to all ms", "µs a delivery"),
    *("clock ms", "loop held ms"),
)
NOTE = (
    "One process; sockets are the null device, so this is our own code with a system call and "
    "without the network. "
    "Change to all: one event's change, until its last stream has it. Clock: one look at every "
    "stream, twice a second. Loop held: the longest that nothing else got a turn meanwhile."
)


class Nowhere:
    """A transport that takes everything, and whose socket does."""

    def __init__(self, taker: IO[bytes]) -> None:
        self._taker = taker

    def get_extra_info(self, name: str) -> IO[bytes] | None:
        return self._taker if name == "socket" else None

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def write(self, data: bytes) -> None:
        """Take it."""


def measure(_seconds: float) -> list[Finding]:
    """Put so many streams into so many rooms, and make changes."""
    found = Finding("The hub by itself", COLUMNS, note=NOTE)
    with Path(os.devnull).open("wb", buffering=0) as taker:
        for events, streams in SHAPES:
            found.add(events, streams, *asyncio.run(_simulate(events, streams, Nowhere(taker))))
    return [found]


async def _simulate(events: int, streams: int, nowhere: Nowhere) -> list[float]:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none", 1)
    hub, epoch = Hub(database, Bus("")), uuid4()
    gc.collect()
    empty = psutil.Process().memory_info().rss
    rooms = [_room(hub, database, epoch, streams, nowhere) for _ in range(events)]
    held = (psutil.Process().memory_info().rss - empty) / (events * streams)
    gc.freeze()
    times, pauses = [], []
    for turn in range(1, ROUNDS + 1):
        watch = asyncio.create_task(_longest_pause())
        await asyncio.sleep(0)
        began = time.perf_counter()
        rooms[0].feed(epoch, [_frame(epoch, turn)])
        while (going := rooms[0].rounds._going) is not None:  # noqa: SLF001 - it says nothing
            await asyncio.wait({going})
        times.append(time.perf_counter() - began)
        watch.cancel()
        pauses.append(await watch)
    began = time.perf_counter()
    await hub._tick()  # noqa: SLF001
    clock = time.perf_counter() - began
    await database.close()
    gc.unfreeze()
    took = middle(times)
    return [held / 1e3, took * 1e3, took / streams * 1e6, clock * 1e3, max(pauses) * 1e3]


def _room(hub: Hub, database: Database, epoch: UUID, streams: int, nowhere: Nowhere) -> Room:
    room = Room(uuid4(), database)
    room.epoch, room.head = epoch, 0
    hub._rooms[room.event_id] = room  # noqa: SLF001 - entering would ask the database
    for _ in range(streams):
        viewer = Viewer(room.event_id, uuid4(), uuid4(), is_staff=False)
        stream = Stream(hub, room, viewer, None, database, None, Timing(20, 600), epoch, None)  # type: ignore[arg-type]
        sink = LineSink(stream.pump, stream.close)
        sink.connection_made(nowhere)  # type: ignore[arg-type]
        stream.start(sink)
        stream.spoke = asyncio.get_running_loop().time()
        room.viewers.add(viewer)
    return room


def _frame(epoch: UUID, seq: int) -> Frame:
    data = orjson.dumps({"seq": seq, "type": "tally.changed", "at": rfc3339(now()), "data": {}})
    hidden = f"id: {epoch}.{seq}\n\n".encode()
    return Frame(seq, "tally.changed", None, hidden[:-1] + b"data: " + data + b"\n\n", hidden)


async def _longest_pause() -> float:
    longest, last = 0.0, time.perf_counter()
    try:
        while True:
            await asyncio.sleep(0)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    except asyncio.CancelledError:
        return longest
