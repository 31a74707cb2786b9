"""Presence: who is here, across all processes, without a write to the database.

A person is here while a line of theirs is open in any process. Each process says so where all can
read it, in words that are forgotten unless they are renewed; who is missed is shown for a while
more, because a reload is no departure.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog

from app.models.statuses import Activity
from app.services.attendance import Attendance
from app.services.hub import Hub
from app.services.viewers import Viewer
from app.utils import metrics
from app.utils.presence_store import PresenceStore, StoreAway, open_store

log = structlog.get_logger(__name__)

# Rung with an event's id where people moved, and with what somebody does.
HERE: Final = "here"
STATUS: Final = "status"
# Lines that are served before everything else gets a turn.
AT_ONCE: Final = 250


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `ttl` is how long a process is believed that says nothing more."""

    tick: float = 0.25
    renew: float = 3.0
    ttl: float = 10.0
    grace: float = 10.0
    crowd: float = 2.0


class Presence:
    """Who is here in the events that are shown by this process."""

    def __init__(self, hub: Hub, redis_url: str, pace: Pace) -> None:
        self._hub = hub
        self._pace = pace
        self._store: PresenceStore = open_store(redis_url, pace.ttl)
        self._events: dict[UUID, Attendance] = {}
        self._moved: set[UUID] = set()
        self._stale: set[UUID] = set()
        self._unsettled: set[UUID] = set()
        self._renewed = float("-inf")
        self.is_known = True
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._hub.on_move.append(self._on_move)
        self._hub.doorbells.listen(HERE, self._on_here)
        self._hub.doorbells.listen(STATUS, self._on_status)
        self._task = asyncio.create_task(self._rounds(), name="presence")

    async def close(self) -> None:
        """Leave with everybody: the others need not wait until this process is forgotten."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            await self._store.save(dict.fromkeys(self._events, b""))
        except StoreAway as error:
            log.debug("presence_left_behind", error=str(error))
        await self._store.close()

    def set_status(self, event_id: UUID, user_id: UUID, status: Activity) -> None:
        """Note what somebody does, wherever their lines are."""
        self._hub.doorbells.ring(STATUS, [str(event_id), str(user_id), status.value])

    def _on_move(self, viewer: Viewer, by: int) -> None:
        attendance = self._events.get(viewer.event_id)
        if attendance is None:
            attendance = self._events[viewer.event_id] = Attendance()
            self._stale.add(viewer.event_id)
        attendance.move(viewer, by)
        self._moved.add(viewer.event_id)

    def _on_here(self, event_id: str) -> None:
        if UUID(event_id) in self._events:
            self._stale.add(UUID(event_id))

    def _on_status(self, said: Any) -> None:
        event_id, user_id, status = UUID(said[0]), UUID(said[1]), Activity(said[2])
        attendance = self._events.get(event_id)
        if attendance is not None and attendance.set_status(user_id, status):
            self._moved.add(event_id)

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(self._pace.tick)
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - the next round tells it
                log.warning("presence_failed", error=str(error))

    async def round(self) -> None:
        """Say who moved here, hear who moved elsewhere, and show what is new of both."""
        moved, self._moved = self._moved, set()
        stale, self._stale = self._stale, set()
        time = asyncio.get_running_loop().time()
        renewed = set(self._events) if time - self._renewed >= self._pace.renew else set()
        try:
            await self._exchange(moved | renewed, stale | renewed)
        except StoreAway as error:
            self._lose(error)
        else:
            self._take_time(renewed, time)
            for event_id in moved:
                self._hub.doorbells.ring(HERE, str(event_id))
        unsettled, self._unsettled = self._unsettled, set()
        for event_id in moved | stale | renewed | unsettled:
            if event_id in self._events:
                await self._settle(event_id, self._events[event_id], time)

    async def _exchange(self, moved: set[UUID], stale: set[UUID]) -> None:
        said = {e: self._events[e].say() for e in moved if e in self._events}
        if said:
            await self._store.save(said)
        asked = [event_id for event_id in stale if event_id in self._events]
        if asked:
            for event_id, elsewhere in (await self._store.read(asked)).items():
                if event_id in self._events:
                    self._events[event_id].elsewhere = elsewhere

    def _lose(self, error: StoreAway) -> None:
        """From here on nobody is said to be here or gone; all is said anew when it is known."""
        metrics.PRESENCE_ERRORS.inc()
        if self.is_known:
            log.warning("presence_unknown", error=str(error))
            self._unsettled.update(self._events)
        self.is_known = False
        self._renewed = float("-inf")

    def _take_time(self, renewed: set[UUID], time: float) -> None:
        if renewed or not self._events:
            self._renewed = time
            # What was lost comes back with everything, never with a part of it.
            self.is_known = True

    async def _settle(self, event_id: UUID, attendance: Attendance, time: float) -> None:
        if self.is_known:
            self._tell(event_id, attendance.settle(time, self._pace.grace, self._pace.crowd))
        else:
            self._tell(event_id, attendance.forget())
        await self._begin(attendance)
        if not attendance.viewers:
            del self._events[event_id]
        elif attendance.is_waiting:
            self._unsettled.add(event_id)

    def _tell(self, event_id: UUID, news: bytes) -> None:
        """Tell all lines together; one that is busy is told everything later."""
        room = self._hub.room(event_id)
        if room is not None:
            room.signal(news, partial(self._owe, event_id))

    def _owe(self, event_id: UUID, viewer: Viewer) -> None:
        attendance = self._events.get(event_id)
        if attendance is not None and viewer in attendance.viewers:
            attendance.owed.add(viewer)
            self._unsettled.add(event_id)

    @staticmethod
    async def _begin(attendance: Attendance) -> None:
        """Tell who is here to each line that knows nothing yet, unless it is busy.

        What all are told together may reach it a moment later once more: it says how people are
        now, and twice is as good as once.
        """
        everything = attendance.all()
        for served, viewer in enumerate(list(attendance.owed), start=1):
            if viewer.stream is not None and viewer.stream.signal(everything):
                attendance.owed.discard(viewer)
            if served % AT_ONCE == 0:
                await asyncio.sleep(0)
