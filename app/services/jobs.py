"""What waits in a lane: writes that run alone, and votes that may share a transaction."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from app.models.payloads import Payload
from app.services.tallies import VoteIntent
from app.services.votes import Outcome
from app.utils.idempotency import Answer, RequestKey
from app.utils.tracing import request_id
from app.utils.transaction import UnitOfWork

Work = Callable[[UnitOfWork], Awaitable[Payload]]
BATCH: Final = 64
# Seconds after which a write that could not begin is given up: whoever sent it has gone, or sends
# it again.
PATIENCE: Final = 10.0


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

    @property
    def key(self) -> RequestKey | None:
        return self.intent.key


Job = WorkJob | VoteJob


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


def is_late(job: Job) -> bool:
    """Tell whether a job has waited for so long that it is not to be begun."""
    return perf_counter() - job.entered > PATIENCE


def finish(job: Job, outcome: Outcome | Exception) -> None:
    """Tell whoever waits for a job what became of it, if they still do."""
    if job.done.done():
        return
    if isinstance(outcome, Exception):
        job.done.set_exception(outcome)
    else:
        job.done.set_result(outcome)
