"""Pens: what is drawn in this process waits in memory for a moment and is stored in batches.

One writer per image, and few of them at once: drawing takes what the votes leave, and the busier a
drawing is, the more strokes share a commit. Told to everybody is only what is stored, so that
whoever subscribes first and reads then has all of it.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.models.brief_bodies import NewStroke
from app.models.errors import DomainError, Unavailable
from app.models.payloads import StrokesPayload
from app.services.hub import Hub
from app.services.sketches import Drawn, clear_strokes, erase_strokes, store_strokes
from app.utils.db import Database
from app.utils.frames import named_frame
from app.utils.transaction import unit_of_work

# Connections that drawing may use at the same time.
WRITERS: Final = 1
# Points that share a batch, and a frame: some seventy kilobytes.
TOGETHER: Final = 5_000
# Requests that may wait for one image.
WAITING: Final = 500

Place = tuple[UUID, UUID]


@dataclass(slots=True)
class Job:
    """What one request drew."""

    drawn: Sequence[Drawn]
    done: asyncio.Future[int]

    @property
    def points(self) -> int:
        return sum(len(stroke.points) for _, stroke in self.drawn)


class Pens:
    """The writers of this process."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._writers = asyncio.Semaphore(WRITERS)
        self._waiting: dict[Place, deque[Job]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def draw(
        self, event_id: UUID, image_id: UUID, author_id: UUID, strokes: Sequence[NewStroke]
    ) -> int:
        """Store strokes and tell everybody; return the number of their batch."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        job = Job([(author_id, stroke) for stroke in strokes], done)
        place = (event_id, image_id)
        queue = self._waiting.get(place)
        if queue is None:
            queue = self._waiting[place] = deque()
            running = asyncio.create_task(
                self._run(place, queue), name=f"pen {image_id}", context=Context()
            )
            self._running.add(running)
            running.add_done_callback(self._running.discard)
        if len(queue) >= WAITING:
            raise Unavailable(
                "sketch_busy", "More is drawn here than can be kept. Send it again.", retry_after=1
            )
        queue.append(job)
        return await done

    async def clear(self, event_id: UUID, image_id: UUID, author_id: UUID | None) -> int:
        """Take away somebody's strokes, or everybody's, and tell everybody."""
        async with unit_of_work(self._database, self._hub) as uow:
            cleared = await clear_strokes(uow, event_id, image_id, author_id)
        self._tell(event_id, cleared)
        return cleared.seq

    async def erase(
        self, event_id: UUID, image_id: UUID, author_id: UUID, ids: Sequence[UUID]
    ) -> int:
        """Take away some of somebody's own strokes, and tell everybody."""
        async with unit_of_work(self._database, self._hub) as uow:
            erased = await erase_strokes(uow, event_id, image_id, author_id, ids)
        self._tell(event_id, erased)
        return erased.seq

    async def drain(self) -> None:
        """Wait until all that was drawn is stored."""
        while self._running:
            await asyncio.wait(self._running)

    async def _run(self, place: Place, queue: deque[Job]) -> None:
        try:
            while queue:
                async with self._writers:
                    await self._store(place, _take(queue))
        finally:
            del self._waiting[place]

    async def _store(self, place: Place, jobs: Sequence[Job]) -> None:
        try:
            async with unit_of_work(self._database, self._hub) as uow:
                drawn = [one for job in jobs for one in job.drawn]
                stored = await store_strokes(uow, *place, drawn)
        except Exception as error:  # noqa: BLE001 - whatever happened belongs to who drew
            if len(jobs) > 1 and isinstance(error, DomainError):
                # What is too much together may fit one by one.
                for job in jobs:
                    await self._store(place, [job])
                return
            _fail(jobs, error)
            return
        self._tell(place[0], stored)
        for job in jobs:
            if not job.done.done():
                job.done.set_result(stored.seq)

    def _tell(self, event_id: UUID, news: StrokesPayload) -> None:
        self._hub.signal(event_id, named_frame("strokes", news.encode()))


def _take(queue: deque[Job]) -> list[Job]:
    taken = [queue.popleft()]
    points = taken[0].points
    while queue and points + queue[0].points <= TOGETHER:
        points += queue[0].points
        taken.append(queue.popleft())
    return taken


def _fail(jobs: Sequence[Job], error: Exception) -> None:
    for job in jobs:
        if not job.done.done():
            job.done.set_exception(error)
