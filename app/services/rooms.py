"""One event's live side in this process: a ring of recent frames, and the viewers around it."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.models import Event
from app.models.errors import Unavailable
from app.models.statuses import ChangeType, EventStatus
from app.services.changes import changes_after
from app.services.following import follow_event, follow_membership
from app.services.rounds import Missed, Rounds
from app.services.viewers import Viewer
from app.utils import metrics
from app.utils.db import Database
from app.utils.frames import NOTHING, Batch, Frame, change_frame

log = structlog.get_logger(__name__)

RING: Final = 1_000
RETRY: Final = 0.5
# Seconds that a number may be missing before the log is asked for it.
GRACE: Final = 0.03
PATIENCE: Final = 5.0


class Room:
    """Frames arrive in any order and any number of times; they go out in order and once.

    `head` is the last number that went out, or None until it was read from the log.
    """

    def __init__(self, event_id: UUID, database: Database) -> None:
        self.event_id = event_id
        self.epoch: UUID | None = None
        self.head: int | None = None
        self.finished = False
        self.viewers: set[Viewer] = set()
        self.news = asyncio.Event()
        self._ring: deque[Frame] = deque(maxlen=RING)
        self._database = database
        self._heard = 0
        self._early: dict[int, Frame] = {}
        self._healing: asyncio.Task[None] | None = None
        self._latest = NOTHING
        self.rounds = Rounds(self)

    def feed(self, epoch: UUID, frames: Iterable[Frame]) -> None:
        """Take frames as they arrive. Next: send it. Old: drop it. Ahead: keep it for a moment.

        What is missing is mostly on its way from another process; else the log has it.
        """
        for frame in frames:
            self._heard = max(self._heard, frame.seq)
            if epoch == self.epoch and self.head is not None and frame.seq > self.head:
                self._early[frame.seq] = frame
        self._catch_up()
        if epoch != self.epoch:
            self.heal()
        elif self.head is None or self._heard > self.head:
            self.heal(GRACE)
        self.wake()

    def signal(self, frame: bytes, missed: Missed | None = None) -> None:
        """Say something to everybody who is here now. It has no number and is not kept.

        `missed` is called with each viewer whose line was busy.
        """
        if self.viewers and frame:
            self.rounds.signal(frame, missed)
            self.wake()

    def hear(self, epoch: UUID, head: int) -> None:
        """Take in what the database says is the last number."""
        self._heard = max(self._heard, head)
        if epoch != self.epoch or self.head is None or head > self.head:
            self.heal()

    def heal(self, grace: float = 0.0) -> None:
        """Read what is missing from the log, if it still is after so many seconds."""
        if self._healing is None:
            self._healing = asyncio.create_task(self._heal(grace), name=f"heal {self.event_id}")

    async def ready(self) -> None:
        """Wait until the head is known. Raises Unavailable where the log cannot be read."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self.head is None:
                    news = self.news
                    self.heal()
                    await news.wait()
        except TimeoutError:
            raise Unavailable(
                "log_unreadable", "The event cannot be read right now.", retry_after=5
            ) from None

    def after(self, cursor: int, until: int | None = None) -> Batch | None:
        """Return the frames after a number, up to another one or the head.

        None where the ring does not reach back so far.
        """
        head = self.head or 0
        last = head if until is None else min(until, head)
        if cursor >= last:
            return NOTHING
        if head - cursor > len(self._ring):
            return None
        # Nearly everybody is at the same place: what follows it is put together once.
        if (self._latest.after, self._latest.last) != (cursor, last):
            some = range(cursor - head, last - head)
            self._latest = Batch.of([self._ring[index] for index in some])
        return self._latest

    @property
    def newest(self) -> Frame | None:
        return self._ring[-1] if self._ring else None

    @property
    def lag(self) -> int:
        """How many changes are known of and have not come."""
        return max(0, self._heard - self.head) if self.head is not None else 0

    def close(self) -> None:
        self.rounds.close()
        if self._healing is not None:
            self._healing.cancel()

    async def _heal(self, grace: float) -> None:
        try:
            await asyncio.sleep(grace)
            behind = not grace or self.head is None or self._heard > self.head
            while behind:
                behind = await self._read_missing()
        except Exception as error:  # noqa: BLE001 - the net comes round every second
            log.warning("log_unreadable", event_id=str(self.event_id), error=str(error))
            await asyncio.sleep(RETRY)
        finally:
            self._healing = None
            self.wake()

    async def _read_missing(self) -> bool:
        """Read one page of the log; tell whether there is more to read."""
        metrics.LOG_READS.inc()
        async with self._database.read() as session:
            row = (
                await session.execute(
                    sa.select(Event.epoch, Event.seq, Event.status).where(Event.id == self.event_id)
                )
            ).one_or_none()
            if row is None:
                self.head = self.head or 0
                return False
            if self.head is None or row.epoch != self.epoch:
                head: int = row.seq
                self._begin(row.epoch, head, row.status)
                return self._heard > head
            changes = await changes_after(session, self.event_id, self.head)
        for change in changes:
            self._early[change.seq] = change_frame(row.epoch, change)
        self._catch_up()
        self.wake()
        last: int = max(row.seq, self._heard)
        return bool(changes) and (self.head or 0) < last

    def _begin(self, epoch: UUID, head: int, status: EventStatus) -> None:
        """Start at the log's present end; viewers of an earlier epoch have to start over."""
        if self.epoch is not None:
            self._heard = head
        self.epoch, self.head = epoch, head
        self.finished = status is EventStatus.FINISHED
        self._ring.clear()
        self._latest = NOTHING
        self._early.clear()
        self.rounds.disperse()
        self.wake()

    def _catch_up(self) -> None:
        """Append whatever is next, and forget whatever is not wanted any more."""
        while self.head is not None and self.head + 1 in self._early:
            self._append(self._early.pop(self.head + 1))
        head = self.head or 0
        if self._early:
            self._early = {s: f for s, f in self._early.items() if head < s <= head + RING}

    def _append(self, frame: Frame) -> None:
        """Move the head. Whoever this change shuts out is shut out before the next one is seen."""
        if frame.type == ChangeType.MEMBERSHIP:
            follow_membership(self.viewers, frame)
        elif frame.type == ChangeType.EVENT:
            self.finished = follow_event(self.viewers, frame)
        self._ring.append(frame)
        self.head = frame.seq

    def wake(self) -> None:
        """Go round the viewers: each sends what is new to it."""
        news, self.news = self.news, asyncio.Event()
        news.set()
        self.rounds.ask()
