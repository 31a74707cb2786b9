"""The hub: what committed anywhere reaches every stream of this process, in order, without gaps."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

import orjson
import sqlalchemy as sa
import structlog

from app.models import Event
from app.services.choir import AT_ONCE
from app.services.rooms import Room
from app.services.viewers import Viewer
from app.utils.bus import CONTROL, Bus
from app.utils.db import Database
from app.utils.frames import pack, unpack
from app.utils.transaction import Published

log = structlog.get_logger(__name__)

NET: Final = 1.0
RECHECK: Final = 15.0
LINGER: Final = 60.0
TICK: Final = 0.5
# Streams that read the database at the same time.
READERS: Final = 4
# Between two streams that are sent away; a few leave at once, thousands take the whole drain.
DRAIN_PAUSE: Final = 0.02


class Hub:
    """The rooms of this process and their line to the other processes. A Publisher."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._rooms: dict[UUID, Room] = {}
        self._empty_since: dict[UUID, float] = {}
        self._streams: dict[UUID, int] = {}
        self.streams = 0
        self.readers = asyncio.Semaphore(READERS)
        self._tasks: list[asyncio.Task[None]] = []
        self.draining = False

    def start(self) -> None:
        self._bus.start(self._on_message, self._on_subscribed)
        self._tasks = [
            asyncio.create_task(self._every(NET, self._cast_net), name="net"),
            asyncio.create_task(self._every(RECHECK, self._recheck), name="recheck"),
            asyncio.create_task(self._every(TICK, self._tick), name="tick"),
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for room in self._rooms.values():
            room.close()
        await self._bus.close()

    def publish(self, published: Published) -> None:
        """Tell this process's streams at once, and the other processes through the bus."""
        room = self._rooms.get(published.event_id)
        if room is not None:
            room.feed(published.epoch, published.frames)
        self._bus.publish(_channel(published.event_id), pack(published.epoch, published.frames))

    def end_sessions(self, session_ids: Sequence[UUID]) -> None:
        """End the streams of sessions that ended, here and elsewhere."""
        self._cut_sessions(set(session_ids))
        self._bus.publish(CONTROL, orjson.dumps({"ended": list(session_ids)}))

    async def enter(self, viewer: Viewer) -> Room:
        """Add a viewer to its room, before anything is read for it: nothing can slip between."""
        room = self._rooms.get(viewer.event_id)
        if room is None:
            room = self._rooms[viewer.event_id] = Room(viewer.event_id, self._database)
        room.viewers.add(viewer)
        self._count(viewer.user_id, 1)
        self._empty_since.pop(viewer.event_id, None)
        await self._bus.subscribe(_channel(viewer.event_id))
        await room.ready()
        return room

    def leave(self, viewer: Viewer) -> None:
        """Take a viewer out. The room lingers for a while: most come back."""
        viewer.stream = None
        room = self._rooms.get(viewer.event_id)
        if room is None:
            return
        if viewer in room.viewers:
            room.viewers.remove(viewer)
            self._count(viewer.user_id, -1)
        if room.epoch is None and not room.viewers:
            self._empty_since[viewer.event_id] = float("-inf")
        elif not room.viewers:
            self._empty_since[viewer.event_id] = asyncio.get_running_loop().time()

    def viewers(self) -> list[Viewer]:
        return [viewer for room in self._rooms.values() for viewer in room.viewers]

    @property
    def users(self) -> int:
        """Return how many people have a stream here."""
        return len(self._streams)

    @property
    def live_events(self) -> int:
        return len(self._rooms)

    @property
    def head_lag(self) -> int:
        """Return how many changes the worst room knows of and has not got."""
        return max((room.lag for room in self._rooms.values()), default=0)

    def streams_of(self, user_id: UUID) -> int:
        return self._streams.get(user_id, 0)

    def _count(self, user_id: UUID, by: int) -> None:
        self.streams += by
        self._streams[user_id] = self.streams_of(user_id) + by
        if not self._streams[user_id]:
            del self._streams[user_id]

    async def drain(self, seconds: float) -> None:
        """Send everybody away to come back elsewhere, spread over at most so many seconds."""
        self.draining = True
        leaving = self.viewers()
        pause = min(seconds / max(1, len(leaving)), DRAIN_PAUSE)
        for viewer in leaving:
            self._cut(viewer, None)
            await asyncio.sleep(pause)

    def _cut(self, viewer: Viewer, reason: str | None) -> None:
        viewer.cut = viewer.cut or (reason,)
        if viewer.stream is not None:
            viewer.stream.pump()

    def _cut_sessions(self, session_ids: set[UUID]) -> None:
        for viewer in self.viewers():
            if viewer.session_id in session_ids:
                self._cut(viewer, "signed_out")

    def _on_message(self, channel: str, message: bytes) -> None:
        if channel == CONTROL:
            self._cut_sessions({UUID(ended) for ended in orjson.loads(message)["ended"]})
            return
        room = self._rooms.get(_event_of(channel))
        if room is not None:
            room.feed(*unpack(message))

    def _on_subscribed(self, channel: str) -> None:
        """A subscription, first or again, says nothing of what was missed before it."""
        room = self._rooms.get(_event_of(channel)) if channel != CONTROL else None
        if room is not None:
            room.heal()

    @staticmethod
    async def _every(seconds: float, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await step()
            except Exception as error:  # noqa: BLE001 - it comes round again
                log.warning("hub_step_failed", error=str(error))

    async def _tick(self) -> None:
        """Let every stream do what time brings."""
        time = asyncio.get_running_loop().time()
        for place, viewer in enumerate(self.viewers(), start=1):
            if viewer.stream is not None:
                viewer.stream.tick(time)
            if place % AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _cast_net(self) -> None:
        """Compare the heads of all live events with the log, in one query."""
        await self._sweep()
        if not self._rooms:
            return
        async with self._database.read() as session:
            heads = await session.execute(_HEADS, {"events": list(self._rooms)})
            for event_id, epoch, seq in heads:
                if event_id in self._rooms:
                    self._rooms[event_id].hear(epoch, seq)

    async def _recheck(self) -> None:
        """Ask again whether every viewer may be here: the net under messages that were lost."""
        viewers = self.viewers()
        if not viewers:
            return
        async with self._database.read() as session:
            rows = await session.execute(
                _RIGHTS,
                {
                    "sessions": [viewer.session_id for viewer in viewers],
                    "users": [viewer.user_id for viewer in viewers],
                    "events": [viewer.event_id for viewer in viewers],
                },
            )
            rights = list(rows)
        for viewer, row in zip(viewers, rights, strict=True):
            if not row.signed_in:
                self._cut(viewer, "signed_out")
            elif not row.accepted and not viewer.is_staff:
                self._cut(viewer, "kicked")

    async def _sweep(self) -> None:
        """Forget rooms that have been empty for long."""
        now = asyncio.get_running_loop().time()
        for event_id, since in list(self._empty_since.items()):
            if now - since > LINGER:
                del self._empty_since[event_id]
                self._rooms.pop(event_id).close()
                await self._bus.unsubscribe(_channel(event_id))


def _channel(event_id: UUID) -> str:
    return f"assent:{{{event_id}}}"


def _event_of(channel: str) -> UUID:
    return UUID(channel.removeprefix("assent:{").removesuffix("}"))


_HEADS = (
    sa.select(Event.id, Event.epoch, Event.seq)
    .where(Event.id.in_(sa.bindparam("events", expanding=True)))
    .execution_options(timed="heads")
)
_RIGHTS = sa.text("""
    SELECT s.id IS NOT NULL AS signed_in, m.status IS NOT DISTINCT FROM 'ACCEPTED' AS accepted
    FROM unnest(CAST(:sessions AS uuid[]), CAST(:users AS uuid[]), CAST(:events AS uuid[]))
         WITH ORDINALITY AS w(session_id, user_id, event_id, place)
    LEFT JOIN sessions s ON s.id = w.session_id AND s.expires_at > now()
    LEFT JOIN memberships m ON m.event_id = w.event_id AND m.user_id = w.user_id
    ORDER BY w.place
""")
