"""One stream from its first byte to its last: snapshot or replay, then live, then a reason."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from app.models.base import now
from app.models.callers import Caller
from app.models.errors import DomainError
from app.models.payloads import rfc3339
from app.services.changes import changes_after
from app.services.cursors import Cursor
from app.services.hub import Hub
from app.services.rooms import Room
from app.services.snapshots import Shared, Snapshots, View
from app.services.viewers import Viewer
from app.utils import metrics
from app.utils.db import Database
from app.utils.frames import Frame, change_frame, named_frame, retry_frame

REPLAY: Final = 500
# Milliseconds. Whoever is sent away for a moment comes back at a moment of their own.
SOON: Final = (200, 1_000)
LATER: Final = (5_000, 15_000)
# One stream in so many measures what its changes took, and all while there are few.
SAMPLE: Final = 16


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: between heartbeats on a quiet line, and that one stream lives at most."""

    heartbeat: float
    lifetime: float


@dataclass(slots=True)
class Stream:
    """A stream that may be opened: the viewer is in its room, and its first state is read."""

    hub: Hub
    room: Room
    viewer: Viewer
    snapshots: Snapshots
    database: Database
    caller: Caller
    timing: Timing
    cursor: Cursor | None
    view: View
    sampled: bool = False
    newest: Frame | None = None
    ended: str = "client"

    @property
    def shared(self) -> Shared:
        return self.view.shared

    @property
    def is_over(self) -> bool:
        """Whether the event is finished and this client has seen all of it."""
        return (
            self.room.finished
            and self.cursor is not None
            and self.cursor.epoch == self.shared.epoch
            and self.cursor.seq == self.shared.seq
        )

    def discard(self) -> None:
        self.hub.leave(self.viewer)

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the stream, as many frames at a time as there are."""
        try:
            yield self._beginning()
            async for chunk in self._live():
                yield chunk
        finally:
            self.hub.leave(self.viewer)
            metrics.DISCONNECTS[self.ended].inc()

    def _beginning(self) -> bytes:
        """Start a new client from a snapshot, a known one where it stopped, another one over."""
        if self.cursor is None:
            metrics.CONNECTS["snapshot"].inc()
            return self._snapshot()
        reason = self._why_not(self.cursor)
        if reason is not None:
            metrics.CONNECTS["reset"].inc()
            return self._reset(reason) + self._snapshot()
        metrics.CONNECTS["resume"].inc()
        self.viewer.cursor = self.cursor.seq
        # Bytes at once: proxies and browsers wait for the first ones to call a stream open.
        return b": resumed\n\n"

    def _why_not(self, cursor: Cursor) -> str | None:
        if cursor.epoch != self.shared.epoch:
            return "unknown_epoch"
        if cursor.seq > self.shared.seq:
            return "ahead_of_log"
        return "too_far_behind" if self.shared.seq - cursor.seq > REPLAY else None

    def _snapshot(self) -> bytes:
        self.viewer.cursor = self.shared.seq
        return named_frame("snapshot", self.view.encode(), self.shared.cursor)

    def _reset(self, reason: str) -> bytes:
        metrics.RESETS[reason].inc()
        return named_frame("reset", orjson.dumps({"reason": reason, "head": self.shared.cursor}))

    async def _live(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        dies = loop.time() + self.timing.lifetime * random.uniform(0.8, 1.0)
        caught_up = False
        while True:
            news = self.room.news
            chunk = await self._next_chunk()
            if chunk:
                yield chunk
                if self.sampled and caught_up:
                    self._measure()
            ending = self._ending()
            if ending is not None:
                yield ending
                return
            if chunk:
                continue
            caught_up = True
            if loop.time() >= dies:
                yield self._send_away()
                return
            if not await self._wait(news, dies - loop.time()):
                yield self._heartbeat()

    def _measure(self) -> None:
        """Observe how old the newest change is that the socket has just been given."""
        if self.newest is not None:
            made = datetime.fromisoformat(orjson.loads(self.newest.data)["at"])
            metrics.DELIVERY.observe(max(0.0, (now() - made).total_seconds()))
            self.newest = None

    async def _wait(self, news: asyncio.Event, left: float) -> bool:
        """Wait for news, a heartbeat's time or the end; tell whether there were news."""
        pause = self.timing.heartbeat * random.uniform(0.8, 1.2)
        try:
            await asyncio.wait_for(news.wait(), min(pause, left))
        except TimeoutError:
            return False
        return True

    async def _next_chunk(self) -> bytes:
        """Return what the viewer may see beyond its cursor, and move the cursor."""
        if self.shared.epoch != self.room.epoch:
            return await self._start_over("unknown_epoch")
        frames = self.room.after(self.viewer.cursor)
        if frames is None:
            metrics.RING_MISSES.inc()
            behind = (self.room.head or 0) - self.viewer.cursor
            if behind > REPLAY:
                return await self._start_over("too_far_behind")
            frames = await self._from_log()
        allowed = [frame for frame in frames if self.viewer.may_see(frame.seq)]
        if not allowed:
            return b""
        self.newest = allowed[-1]
        self.viewer.cursor = self.newest.seq
        return b"".join([self.viewer.show(frame) for frame in allowed])

    async def _from_log(self) -> list[Frame]:
        async with self.database.read() as session:
            changes = await changes_after(session, self.viewer.event_id, self.viewer.cursor)
        head = self.room.head or 0
        return [change_frame(self.shared.epoch, c) for c in changes if c.seq <= head]

    async def _start_over(self, reason: str) -> bytes:
        try:
            self.view = await self.snapshots.read(self.caller, self.viewer.event_id)
        except DomainError:
            self.viewer.cut = ("kicked",)
            return b""
        return self._reset(reason) + self._snapshot()

    def _ending(self) -> bytes | None:
        """Return the last words, where it is time for them."""
        if self.viewer.cut is not None:
            (reason,) = self.viewer.cut
            return self._revoke(reason) if reason else self._send_away()
        if self.viewer.end is not None and self.viewer.cursor >= self.viewer.end[0]:
            return self._revoke(self.viewer.end[1])
        if self.room.finished and self.viewer.cursor == self.room.head:
            return self._revoke("event_closed")
        return None

    def _send_away(self) -> bytes:
        self.ended = "sent_away"
        return retry_frame(random.randint(*SOON))

    def _revoke(self, reason: str) -> bytes:
        self.ended = "revoked"
        return named_frame("revoked", orjson.dumps({"reason": reason}))

    def _heartbeat(self) -> bytes:
        head = f"{self.room.epoch}.{self.room.head}"
        return named_frame("heartbeat", orjson.dumps({"head": head, "at": rfc3339(now())}))


def busy_frame() -> bytes:
    """Return all that an overloaded server sends: when to come back."""
    return retry_frame(random.randint(*LATER))


async def open_stream(
    hub: Hub,
    snapshots: Snapshots,
    database: Database,
    caller: Caller,
    event_id: UUID,
    cursor: Cursor | None,
    timing: Timing,
) -> Stream:
    """Register, then check, then read. Raises NotFound or Forbidden, and leaves nothing behind."""
    viewer = Viewer(event_id, caller.id, caller.session_id, caller.is_staff)
    try:
        room = await hub.enter(viewer)
        view = await snapshots.read(caller, event_id)
    except BaseException:
        hub.leave(viewer)
        raise
    # What is replayed is filtered by what the viewer may see now.
    viewer.check_in(view.checked, admin=view.admin)
    room.hear(view.shared.epoch, view.shared.seq)
    stream = Stream(hub, room, viewer, snapshots, database, caller, timing, cursor, view)
    stream.sampled = hub.streams <= SAMPLE or random.randrange(SAMPLE) == 0
    return stream
