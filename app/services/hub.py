"""The hub: what committed anywhere reaches every stream of this process, in order, without gaps."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final
from uuid import UUID

import orjson
import structlog

from app.services.choir import AT_ONCE
from app.services.doorbells import CHANGED, Doorbells
from app.services.inboxes import Inboxes
from app.services.lines import Lines
from app.services.nets import read_heads, read_refusals
from app.services.rooms import Room
from app.services.viewers import Viewer
from app.utils.bus import Bus
from app.utils.channels import CONTROL, EVERYBODY, event_channel, event_of, person_of
from app.utils.db import Database
from app.utils.frames import pack, unpack
from app.utils.notices import Notice
from app.utils.signals import Signals, is_signal
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
        self._signals = Signals()
        self.inboxes = Inboxes(database, bus, self._signals)
        self.lines = Lines(database, self.inboxes)
        self.doorbells = Doorbells(bus, self._signals)
        self._rooms: dict[UUID, Room] = {}
        self._empty_since: dict[UUID, float] = {}
        self._streams: dict[UUID, int] = {}
        self.streams = 0
        # Told who came, by 1, and who went, by -1.
        self.on_move: list[Callable[[Viewer, int], None]] = []
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
        room = self.room(published.event_id)
        if room is not None:
            room.feed(published.epoch, published.frames)
        channel = event_channel(published.event_id)
        self._bus.publish(channel, pack(published.epoch, published.frames))
        self.doorbells.ring(CHANGED, str(published.event_id))

    def notify(self, notices: Sequence[Notice]) -> None:
        """Tell people something, on every line of theirs."""
        self.inboxes.notify(notices)

    def signal(self, event_id: UUID, frame: bytes) -> None:
        """Tell everybody in an event something now or never: no number, at most once."""
        room = self.room(event_id)
        if room is not None:
            room.signal(frame)
        self._bus.publish(event_channel(event_id), self._signals.pack(frame))

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
        self._move(viewer, 1)
        self._empty_since.pop(viewer.event_id, None)
        await self._bus.subscribe(event_channel(viewer.event_id))
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
            self._move(viewer, -1)
        if not room.viewers:
            time = asyncio.get_running_loop().time()
            self._empty_since[viewer.event_id] = float("-inf") if room.epoch is None else time

    def room(self, event_id: UUID | None) -> Room | None:
        """Return what this process shows of an event, if it does."""
        return self._rooms.get(event_id) if event_id is not None else None

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

    def count(self, user_id: UUID, by: int) -> None:
        """Count a person's streams; a line that shows an event is counted as its viewer alone."""
        self.streams += by
        self._streams[user_id] = self.streams_of(user_id) + by
        if not self._streams[user_id]:
            del self._streams[user_id]

    def _move(self, viewer: Viewer, by: int) -> None:
        for tell in self.on_move:
            tell(viewer, by)
        self.count(viewer.user_id, by)

    async def drain(self, seconds: float) -> None:
        """Send everybody away to come back elsewhere, spread over at most so many seconds."""
        self.draining = True
        viewers, lines = self.viewers(), self.lines.all()
        leaving = [*(partial(self._cut, v, None) for v in viewers)]
        leaving += [partial(line.cut, None) for line in lines]
        pause = min(seconds / max(1, len(leaving)), DRAIN_PAUSE)
        for leave in leaving:
            leave()
            await asyncio.sleep(pause)

    def _cut(self, viewer: Viewer, reason: str | None) -> None:
        viewer.cut = viewer.cut or (reason,)
        if viewer.stream is not None:
            viewer.stream.pump()

    def _cut_sessions(self, session_ids: set[UUID]) -> None:
        for viewer in self.viewers():
            if viewer.session_id in session_ids:
                self._cut(viewer, "signed_out")
        self.lines.cut_sessions(session_ids)

    def _on_message(self, channel: str, message: bytes) -> None:
        if channel == CONTROL:
            self._cut_sessions({UUID(ended) for ended in orjson.loads(message)["ended"]})
        elif channel == EVERYBODY:
            self.doorbells.on_message(message)
        elif (user_id := person_of(channel)) is not None:
            self.inboxes.on_message(user_id, message)
        elif (room := self.room(event_of(channel))) is None:
            return
        elif is_signal(message):
            room.signal(self._signals.unpack(message))
        else:
            room.feed(*unpack(message))

    def _on_subscribed(self, channel: str) -> None:
        """A subscription, first or again, says nothing of what was missed before it."""
        if (room := self.room(event_of(channel))) is not None:
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
        for line in self.lines.all():
            line.tick(time)

    async def _cast_net(self) -> None:
        """Compare the heads of all live events with the log, in one query."""
        await self._sweep()
        await self.inboxes.cast_net()
        if not self._rooms:
            return
        for event_id, epoch, seq in await read_heads(self._database, self._rooms):
            if event_id in self._rooms:
                self._rooms[event_id].hear(epoch, seq)

    async def _recheck(self) -> None:
        """Ask again whether every viewer may be here: the net under messages that were lost."""
        await self.lines.recheck()
        viewers = self.viewers()
        if not viewers:
            return
        refusals = await read_refusals(self._database, viewers)
        for viewer, reason in zip(viewers, refusals, strict=True):
            if reason is not None:
                self._cut(viewer, reason)

    async def _sweep(self) -> None:
        """Forget rooms that have been empty for long."""
        now = asyncio.get_running_loop().time()
        for event_id, since in list(self._empty_since.items()):
            if now - since > LINGER:
                del self._empty_since[event_id]
                self._rooms.pop(event_id).close()
                await self._bus.unsubscribe(event_channel(event_id))
