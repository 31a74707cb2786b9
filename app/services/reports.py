"""What the lanes say of their work: counts of everything, words where it was slow or went wrong.

The words name the requests and the numbers that their commit got, which are also the ids of the
frames: so one word leads from a vote to every screen that it moved.
"""

from collections.abc import Sequence
from typing import Final, Protocol
from uuid import UUID

import structlog

from app.models.errors import DomainError, Unavailable
from app.services.votes import Outcome
from app.utils import metrics
from app.utils.idempotency import Answer
from app.utils.logs import debugging

log = structlog.get_logger(__name__)

# Seconds that a batch may take before it is worth a line.
SLOW: Final = 1.0


class Asked(Protocol):
    """Whatever was asked for by a request."""

    @property
    def request_id(self) -> str: ...


def note(
    event_id: UUID | None, jobs: Sequence[Asked], outcomes: Sequence[Outcome], seconds: float
) -> None:
    """Count what became of the jobs of one transaction, and tell of it where it was slow."""
    answers = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
    replayed = sum(answer.replayed for answer in answers)
    _count("done", len(answers) - replayed)
    _count("replayed", replayed)
    _count("refused", len(outcomes) - len(answers))
    slow = seconds >= SLOW
    if slow or debugging():
        seqs = [answer.seq for answer in answers if answer.seq and not answer.replayed]
        tell = log.info if slow else log.debug
        tell(
            "writes_slow" if slow else "writes_done",
            event_id=str(event_id),
            request_ids=[job.request_id for job in jobs],
            first_seq=seqs[0] if seqs else None,
            last_seq=seqs[-1] if seqs else None,
            milliseconds=round(seconds * 1_000, 1),
        )


def note_failure(event_id: UUID | None, request_id: str, error: Exception) -> None:
    """Count a write that ended in an error, and tell of it where nobody refused it."""
    if isinstance(error, DomainError) and not isinstance(error, Unavailable):
        _count("refused", 1)
        return
    _count("failed", 1)
    # Its name alone: a database's error repeats the statement, and what people wrote.
    log.warning(
        "write_failed",
        event_id=str(event_id),
        request_ids=[request_id],
        error=type(error).__name__,
    )


def _count(outcome: str, writes: int) -> None:
    if writes:
        metrics.WRITES[outcome].inc(writes)
