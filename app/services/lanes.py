"""One lane per event and process: writes wait in memory and run in turn, votes in batches.

A hundred people who write in one event are then one connection, not a hundred that fight for a row;
and the busier the event, the more votes share a commit. The row's lock stays what makes several
processes safe.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from app.models.errors import Unavailable
from app.models.payloads import Payload
from app.services import reports
from app.services.tallies import VoteIntent
from app.services.votes import Outcome, count_votes
from app.utils import metrics
from app.utils.db import Database, is_disconnect
from app.utils.idempotency import Answer, Ledger, RequestKey
from app.utils.tracing import request_id
from app.utils.transaction import OutcomeUnknown, Publisher, Replay, UnitOfWork, unit_of_work

Work = Callable[[UnitOfWork], Awaitable[Payload]]
BATCH: Final = 64
ATTEMPTS: Final = 3


@dataclass(slots=True)
class WorkJob:
    """One write that runs alone."""

    work: Work
    status: int
    key: RequestKey | None
    done: asyncio.Future[Answer]
    request_id: str = field(default_factory=request_id.get)
    entered: float = field(default_factory=perf_counter)


@dataclass(slots=True)
class VoteJob:
    """One vote, which may share its transaction with those next to it."""

    intent: VoteIntent
    done: asyncio.Future[Answer]
    request_id: str = field(default_factory=request_id.get)
    entered: float = field(default_factory=perf_counter)


Job = WorkJob | VoteJob
Result = TypeVar("Result")


@dataclass(slots=True)
class Lane:
    """What waits to be written in one event."""

    waiting: deque[Job] = field(default_factory=deque)

    def take(self) -> list[Job]:
        """Take the next write, with the votes that follow it where it is a vote."""
        taken = [self.waiting.popleft()]
        if isinstance(taken[0], VoteJob):
            while self.waiting and len(taken) < BATCH and isinstance(self.waiting[0], VoteJob):
                taken.append(self.waiting.popleft())
        return taken


class Lanes:
    """The lanes of this process, and the writes that belong to no event."""

    def __init__(self, database: Database, publisher: Publisher, bound: int) -> None:
        """`bound` is how many writes may wait in one lane."""
        self._database = database
        self._publisher = publisher
        self._bound = bound
        self._lanes: dict[UUID, Lane] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    async def write(
        self, event_id: UUID | None, work: Work, *, status: int, key: RequestKey | None
    ) -> Answer:
        """Run a write in its event's lane, or at once where it belongs to no event."""
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        job = WorkJob(work, status, key, done)
        if event_id is None:
            await self._perform_jobs(None, [job])
        else:
            self._enter(event_id, job)
        return await done

    async def vote(self, event_id: UUID, intent: VoteIntent) -> Answer:
        """Count a vote in its event's lane."""
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._enter(event_id, VoteJob(intent, done))
        return await done

    async def known(self, key: RequestKey | None) -> Answer | None:
        """Return what this very request was answered before, if it was; what is kept never changes.

        Raises Invalid where the key belongs to another request.
        """
        if key is None:
            return None
        ledger = Ledger()
        async with self._database.read() as session:
            await ledger.load(session, [key])
        return ledger.find(key)

    async def drain(self) -> None:
        """Take no more writes, and wait until those that were taken are done."""
        self._closed = True
        while self._running:
            await asyncio.wait(self._running)

    @property
    def depth(self) -> int:
        """Return how many writes wait."""
        return sum(len(lane.waiting) for lane in self._lanes.values())

    @property
    def deepest(self) -> int:
        """Return how many writes wait in the fullest lane."""
        return max((len(lane.waiting) for lane in self._lanes.values()), default=0)

    def _enter(self, event_id: UUID, job: Job) -> None:
        if self._closed:
            raise Unavailable(
                "shutting_down", "This server is restarting. Send it again.", retry_after=1
            )
        lane = self._lanes.get(event_id)
        if lane is None:
            lane = self._lanes[event_id] = Lane()
            # A lane works for many requests: it does not speak in the name of the first.
            running = asyncio.create_task(
                self._run(event_id, lane), name=f"lane {event_id}", context=Context()
            )
            self._running.add(running)
            running.add_done_callback(self._running.discard)
        if len(lane.waiting) >= self._bound:
            metrics.LANES_FULL.inc()
            raise Unavailable(
                "event_busy",
                "More people are writing here than can be answered in time. Send it again.",
                retry_after=2,
            )
        lane.waiting.append(job)

    async def _run(self, event_id: UUID, lane: Lane) -> None:
        try:
            while lane.waiting:
                jobs = lane.take()
                metrics.LANE_WAIT.observe(perf_counter() - jobs[0].entered)
                await self._perform_jobs(event_id, jobs)
        finally:
            del self._lanes[event_id]

    async def _perform_jobs(self, event_id: UUID | None, jobs: Sequence[Job]) -> None:
        began = perf_counter()
        try:
            outcomes = await self._outcomes(event_id, jobs)
        except Exception as error:  # noqa: BLE001 - whatever happened belongs to who asked
            if len(jobs) == 1:
                _fail(event_id, jobs[0], error)
                return
            # One of them may be what broke the batch: alone, it breaks nobody else's. But what may
            # be counted already is not counted again where no key can tell.
            for job in jobs:
                if isinstance(error, OutcomeUnknown) and _key_of(job) is None:
                    _fail(event_id, job, error)
                else:
                    await self._perform_jobs(event_id, [job])
            return
        for job, outcome in zip(jobs, outcomes, strict=True):
            _finish(job, outcome)
        reports.note(event_id, jobs, outcomes, perf_counter() - began)

    async def _outcomes(self, event_id: UUID | None, jobs: Sequence[Job]) -> Sequence[Outcome]:
        first = jobs[0]
        if event_id is None or isinstance(first, WorkJob):
            assert isinstance(first, WorkJob)
            return [await self._perform(first.work, first.status, first.key)]
        intents = [job.intent for job in jobs if isinstance(job, VoteJob)]
        metrics.VOTES.inc(len(intents))
        metrics.BATCH.observe(len(intents))
        keyed = all(intent.key is not None for intent in intents)
        return await self._attempt(lambda: self._count(event_id, intents), repeatable=keyed)

    async def _count(self, event_id: UUID, intents: Sequence[VoteIntent]) -> Sequence[Outcome]:
        async with unit_of_work(self._database, self._publisher) as uow:
            return await count_votes(uow, event_id, intents)

    async def _perform(self, work: Work, status: int, key: RequestKey | None) -> Answer:
        async def once() -> Answer:
            try:
                async with unit_of_work(self._database, self._publisher, key) as uow:
                    payload = await work(uow)
                    found = 200 if uow.existed else status
                    return uow.answer(found, payload.encode(), key)
            except Replay as replay:
                return replay.answer

        return await self._attempt(once, repeatable=key is not None)

    @staticmethod
    async def _attempt(once: Callable[[], Awaitable[Result]], *, repeatable: bool) -> Result:
        """Run a unit of work; again where the connection broke and that cannot do it twice.

        Nothing of it is in the database when the break came before the commit. When it came during
        the commit only the key can tell: with one, the second run finds the first one's answer.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await once()
            except OutcomeUnknown:
                if not repeatable or attempt == ATTEMPTS:
                    raise
            except DBAPIError as error:
                if not is_disconnect(error) or attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")


def _key_of(job: Job) -> RequestKey | None:
    return job.key if isinstance(job, WorkJob) else job.intent.key


def _fail(event_id: UUID | None, job: Job, error: Exception) -> None:
    _finish(job, error)
    reports.note_failure(event_id, job.request_id, error)


def _finish(job: Job, outcome: Outcome | Exception) -> None:
    if job.done.done():
        return
    if isinstance(outcome, Exception):
        job.done.set_exception(outcome)
    else:
        job.done.set_result(outcome)
