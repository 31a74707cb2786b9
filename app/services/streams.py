"""One stream from its first byte to its last: snapshot or replay, then live, then a reason.

A stream has no task of its own. Its room pushes to it when there is something new, and the hub's
clock looks in for what time brings. Only what has to be read from the database takes a task.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from app.models.callers import Caller
from app.models.errors import DomainError
from app.services.changes import changes_after, follows
from app.services.choir import NO_SOCKET
from app.services.hub import Hub
from app.services.replicas import read_as_of
from app.services.rooms import Room
from app.services.sayings import (
    REPLAY,
    Opening,
    beginning,
    come_back_soon,
    heartbeat,
    revoked,
    starting_over,
)
from app.services.sinks import Sink
from app.services.snapshots import Snapshots
from app.services.viewers import Viewer
from app.utils import metrics
from app.utils.db import Database
from app.utils.frames import Batch, change_frame

log = structlog.get_logger(__name__)

# Seconds in which a socket must take what it is sent.
SLOW: Final = 10.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: between heartbeats on a quiet line, and that one stream lives at most."""

    heartbeat: float
    lifetime: float


@dataclass(eq=False, slots=True)
class Stream:
    """A stream that may be opened: the viewer is in its room, and its first state is read."""

    hub: Hub
    room: Room
    viewer: Viewer
    snapshots: Snapshots
    database: Database
    caller: Caller
    timing: Timing
    epoch: UUID
    opening: Opening | None
    sink: Sink | None = None
    dies: float = 0.0
    pause: float = 0.0
    spoke: float = 0.0
    place: int = -1
    reading: "asyncio.Task[None] | None" = field(default=None)
    ended: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the event is finished and this client has seen all of it."""
        return self.room.finished and self.opening is not None and self.opening.nothing_new

    def start(self, sink: Sink) -> None:
        """Begin to send: the first bytes at once, then all that comes."""
        began = asyncio.get_running_loop().time()
        self.sink, self.ended = sink, "client"
        self.dies = began + self.timing.lifetime * random.uniform(0.8, 1.0)
        self.pause = self.timing.heartbeat * random.uniform(0.8, 1.2)
        self.viewer.stream = self
        self.room.rounds.enter(self)
        if self.opening is not None:
            first, self.viewer.cursor = beginning(self.opening.view, self.opening.cursor)
            self.opening = None
            self._push(first)
        self.pump()

    def close(self) -> None:
        """Leave the room. Nothing is sent any more."""
        self.sink = None
        if self.ended:
            metrics.DISCONNECTS[self.ended].inc()
        if self.reading is not None:
            self.reading.cancel()
        self.room.rounds.leave(self)
        self.hub.leave(self.viewer)

    def pump(self, until: int | None = None) -> None:
        """Send what is new, all of it or up to a number, and the last words when it is time."""
        self.step_out()
        if self.sink is None or self.sink.blocked_since is not None or self.reading is not None:
            return
        if self.epoch != self.room.epoch:
            self._read(partial(self._start_over, "unknown_epoch"))
            return
        batch = self.room.after(self.viewer.cursor, until)
        if batch is None:
            self._read(self._catch_up)
            return
        self._send(batch)
        self._end_if_due()

    def socket_at(self, seq: int) -> int:
        """Return its socket's number if all there is to do is to write there what follows `seq`."""
        viewer, line = self.viewer, self.sink.line if self.sink is not None else None
        if (
            line is None
            or viewer.cursor != seq
            or viewer.end is not None
            or viewer.cut is not None
            or self.reading is not None
            or self.room.finished
            or self.epoch != self.room.epoch
        ):
            return NO_SOCKET
        return line.socket()

    def step_out(self) -> None:
        """Be told by itself from now on, until a round finds it in step."""
        if self.place >= 0:
            self.room.rounds.part(self)

    def fall_out(self, rest: bytes) -> None:
        self.step_out()
        if rest and self.sink is not None and self.sink.line is not None:
            self.sink.line.carry(rest)

    def tick(self, time: float) -> None:
        """Do what is due by the loop's time: cut a dead line, end an old one, prove a quiet one."""
        if self.sink is None or self.reading is not None:
            return
        blocked = self.sink.blocked_since
        if blocked is not None:
            if time - blocked > SLOW:
                self.ended = "slow"
                self.sink.cut()
        elif time >= self.dies:
            self.ended = "sent_away"
            self._finish(come_back_soon())
        elif time - self.room.rounds.last_said_to(self) >= self.pause:
            self._push(heartbeat(f"{self.room.epoch}.{self.room.head}"))

    def signal(self, frame: bytes) -> bool:
        """Say something that is worth nothing later, unless the line is busy or about to end."""
        busy = self.sink is None or self.sink.blocked_since is not None or self.reading is not None
        if busy or self.viewer.end is not None or self.viewer.cut is not None:
            return False
        self._push(frame)
        return True

    def _send(self, batch: Batch) -> None:
        chunk, last = self.viewer.take(batch)
        if chunk:
            self.viewer.cursor = last
            self._push(chunk)

    def _read(self, work: Callable[[], Awaitable[None]]) -> None:
        """Read what is not in memory, beside the room's round; then go on."""
        self.reading = asyncio.create_task(self._reading(work), name="stream reads")

    async def _reading(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            async with self.hub.readers:
                await work()
        except Exception as error:  # noqa: BLE001 - the client comes back and resumes
            log.warning("stream_unreadable", error=str(error))
            self.viewer.cut = self.viewer.cut or (None,)
        self.reading = None
        self.pump()

    async def _catch_up(self) -> None:
        """Send what the ring no longer holds from the log, or start over where it is too much."""
        metrics.RING_MISSES.inc()
        head = self.room.head or 0
        if head - self.viewer.cursor > REPLAY:
            await self._start_over("too_far_behind")
            return
        event_id, epoch = self.viewer.event_id, self.epoch
        reading = partial(changes_after, event_id=event_id, after=self.viewer.cursor)
        changes = await read_as_of(self.database, event_id, (epoch, head), reading)
        if not follows(changes, self.viewer.cursor, head):
            await self._start_over("not_kept")
            return
        self._send(Batch.of([change_frame(epoch, c) for c in changes if c.seq <= head]))

    async def _start_over(self, reason: str) -> None:
        try:
            view = await self.snapshots.read(self.caller, self.viewer.event_id)
        except DomainError:
            self.viewer.cut = ("kicked",)
            return
        self.viewer.check_in(view.checked, admin=view.admin)
        self.epoch, self.viewer.cursor = view.shared.epoch, view.shared.seq
        self._push(starting_over(view, reason))

    def _end_if_due(self) -> None:
        ending = self._ending()
        if ending is not None:
            self.ended = "sent_away" if self.viewer.cut == (None,) else "revoked"
            self._finish(ending)

    def _ending(self) -> bytes | None:
        """Return the last words, where it is time for them."""
        event_id = self.viewer.event_id
        if self.viewer.cut is not None:
            (reason,) = self.viewer.cut
            return revoked(reason, event_id) if reason else come_back_soon()
        if self.viewer.end is not None and self.viewer.cursor >= self.viewer.end[0]:
            return revoked(self.viewer.end[1], event_id)
        if self.room.finished and self.viewer.cursor == self.room.head:
            return revoked("event_closed", event_id)
        return None

    def _push(self, chunk: bytes) -> None:
        self.step_out()
        if self.sink is not None:
            self.spoke = asyncio.get_running_loop().time()
            self.sink.push(chunk)

    def _finish(self, ending: bytes) -> None:
        """Say the last words. Where they wait for the socket, the end follows when they went."""
        sink = self.sink
        self._push(ending)
        self.sink = None
        if sink is not None:
            sink.end()
