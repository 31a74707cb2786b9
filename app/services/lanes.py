"""One lane per event and process: writes wait in memory and run in turn, votes in batches.

A hundred people who write in one event are then one connection, not a hundred that fight for a row;
and the busier the event, the more votes share a commit. The row's lock stays what makes several
processes safe.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from time import perf_counter
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from app.models.errors import Unavailable
from app.services import reports
from app.services.jobs import Job, Lane, VoteJob, Work, WorkJob, finish, is_late
from app.services.tallies import VoteIntent
from app.services.votes import Outcome, count_votes
from app.utils import metrics
from app.utils.db import Database
from app.utils.failures import as_unavailable, is_passing
from app.utils.idempotency import Answer, Ledger, RequestKey
from app.utils.transaction import OutcomeUnknown, Publisher, Replay, unit_of_work

ATTEMPTS: Final = 3
Result = TypeVar("Result")


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
        await ledger.load(self._database.ask, [key])
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
            raise _busy()
        lane.waiting.append(job)

    async def _run(self, event_id: UUID, lane: Lane) -> None:
        try:
            while lane.waiting:
                jobs = lane.take()
                metrics.LANE_WAIT.observe(perf_counter() - jobs[0].entered)
                # They stand in the order in which they came.
                late = sum(map(is_late, jobs))
                for job in jobs[:late]:
                    _fail(event_id, job, _busy())
                if jobs[late:]:
                    await self._perform_jobs(event_id, jobs[late:])
        finally:
            del self._lanes[event_id]

    async def _perform_jobs(self, event_id: UUID | None, jobs: Sequence[Job]) -> None:
        began = perf_counter()
        try:
            outcomes = await self._outcomes(event_id, jobs)
        except Exception as error:  # noqa: BLE001 - whatever happened belongs to who asked
            if len(jobs) == 1 or as_unavailable(error):
                # Where the database fails, or somebody locks the event, each alone would fail too.
                for job in jobs:
                    _fail(event_id, job, error)
            else:
                await self._perform_apart(event_id, jobs, error)
            return
        for job, outcome in zip(jobs, outcomes, strict=True):
            finish(job, outcome)
        reports.note(event_id, jobs, outcomes, perf_counter() - began)

    async def _perform_apart(
        self, event_id: UUID | None, jobs: Sequence[Job], error: Exception
    ) -> None:
        """Go on with a batch that one of them may have broken: alone, it breaks nobody else's.

        But what may be counted already is not counted again where no key can tell.
        """
        unknown = error if isinstance(error, OutcomeUnknown) else None
        for job in jobs:
            if unknown is not None and job.key is None:
                _fail(event_id, job, unknown)
            elif is_late(job):
                _fail(event_id, job, unknown or _busy())
            else:
                await self._perform_jobs(event_id, [job])

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
        """Run a unit of work; again where it broke and that cannot do it twice.

        Nothing of it is in the database when the connection broke, or a deadlock was solved, before
        the commit. When it broke during the commit only the key can tell: with one, the second run
        finds the first one's answer.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await once()
            except OutcomeUnknown:
                if not repeatable or attempt == ATTEMPTS:
                    raise
            except DBAPIError as error:
                if not is_passing(error) or attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")


def _busy() -> Unavailable:
    metrics.LANES_FULL.inc()
    return Unavailable(
        "event_busy",
        "More people are writing here than can be answered in time. Send it again.",
        retry_after=2,
    )


def _fail(event_id: UUID | None, job: Job, error: Exception) -> None:
    finish(job, error)
    reports.note_failure(event_id, job.request_id, error)
