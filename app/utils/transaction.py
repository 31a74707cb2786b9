"""The one unit of work: every write of Assent begins, commits and is published here."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

import app.utils.state_transition  # noqa: F401 - puts the guard on every status
from app.models import Event
from app.models.base import now
from app.models.errors import Unavailable
from app.models.payloads import Payload
from app.models.statuses import ChangeType
from app.utils.db import Database
from app.utils.frames import Frame, LoggedChange, change_frame
from app.utils.idempotency import Answer, Ledger, RequestKey, lock_key, reused
from app.utils.security import new_token


@dataclass(frozen=True, slots=True)
class Published:
    """What one committed unit of work changed in an event."""

    event_id: UUID
    epoch: UUID
    frames: tuple[Frame, ...]


class Publisher(Protocol):
    """Whoever tells the streams. Neither call may wait or fail: the log is the truth."""

    def publish(self, published: Published) -> None: ...

    def end_sessions(self, session_ids: Sequence[UUID]) -> None: ...


class Replay(Exception):
    """The work was done before; the stored answer goes out again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("answered before")
        self.answer = answer


class OutcomeUnknown(Unavailable):
    """The connection broke while committing: only the idempotency key can tell what happened."""

    def __init__(self) -> None:
        super().__init__(
            "outcome_unknown",
            "The database broke off while saving. Send the same request with the same key.",
            retry_after=1,
        )


@dataclass(slots=True)
class UnitOfWork:
    """One transaction: what it holds, what it announces, and what it will have answered."""

    session: AsyncSession
    key: RequestKey | None = None
    event: Event | None = None
    log: list[LoggedChange] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    claimed: bool = False
    ended_sessions: list[UUID] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    async def claim(self) -> None:
        """Lock the key and look for its answer: the first step of a write outside any event."""
        if self.key is not None:
            await lock_key(self.session, self.key)
        await self.recall_own()

    async def recall_own(self) -> None:
        """Raise Replay where this request was answered before, or what is wrong with its key."""
        await self.recall([self.key] if self.key is not None else [])
        answer = self.ledger.find(self.key)
        if answer is not None:
            raise Replay(answer)

    async def recall(self, keys: Sequence[RequestKey]) -> None:
        """Load the answers of requests that came before; what locks must be held by now."""
        self.claimed = True
        if keys:
            await self.ledger.load(self.session, keys)

    def hold(self, event: Event) -> None:
        """Take the event whose row is locked as the one that this unit of work writes in."""
        self.event = event

    def record(
        self, kind: ChangeType, payload: Payload, actor: tuple[UUID, str] | None, only: UUID | None
    ) -> int:
        """Number a change and keep it for the end of the transaction; return its number."""
        seq = self.next_seq()
        actor_id, actor_name = actor if actor is not None else (None, None)
        self.log.append(
            LoggedChange(seq, kind, now(), actor_id, actor_name, only, payload.encode())
        )
        return seq

    def next_seq(self) -> int:
        """Take the event's next number. The row itself is written once, with the log."""
        event = self._held()
        set_committed_value(event, "seq", event.seq + 1)
        return event.seq

    def answer(
        self, status: int, body: bytes, key: RequestKey | None, *, changed: bool = True
    ) -> Answer:
        """Form the answer of a request and keep it under its key.

        `changed` is False where the changes so far were made by others in the same batch.
        """
        seq = self.event.cursor if self.event is not None and self.log and changed else None
        answer = Answer(status, body, seq)
        self.ledger.keep(key, answer)
        return answer

    def new_token(self) -> str:
        """Return a secret token, the same again when the same request is replayed."""
        return new_token(self.key.token_seed if self.key is not None else None)

    def published(self) -> Published | None:
        """Return what has to reach the streams."""
        if self.event is None or not self.log:
            return None
        epoch = self.event.epoch
        return Published(self.event.id, epoch, tuple(change_frame(epoch, c) for c in self.log))

    async def write_log(self) -> None:
        """Write the changes, the event's new number and the answers, in one statement."""
        if not self.claimed:
            raise RuntimeError("a write did not look for the answer of its key")
        answers = self.ledger.new
        keys = _key_columns(answers, self.event.id if self.event else None)
        if self.log:
            result = await self.session.execute(
                _LOG_AND_KEYS, {"event_id": self._held().id, **_log_columns(self.log), **keys}
            )
        elif answers:
            result = await self.session.execute(_KEYS, keys)
        else:
            return
        if result.scalar_one() != len(answers):
            raise reused()

    def _held(self) -> Event:
        if self.event is None:
            raise RuntimeError("a change was announced without holding its event")
        return self.event


@asynccontextmanager
async def unit_of_work(
    database: Database, publisher: Publisher, key: RequestKey | None = None
) -> AsyncIterator[UnitOfWork]:
    """Run the body in one transaction; commit it, then publish what it announced.

    Raises OutcomeUnknown where the connection breaks during the commit, and whatever the body
    raises, in which case nothing of it remains.
    """
    async with database.write() as session:
        uow = UnitOfWork(session, key)
        try:
            yield uow
            await session.flush()
            await uow.write_log()
        except BaseException:
            await session.rollback()
            raise
        try:
            await session.commit()
        except DBAPIError as error:
            raise OutcomeUnknown from error
    _tell(uow, publisher)


def _tell(uow: UnitOfWork, publisher: Publisher) -> None:
    published = uow.published()
    if published is not None:
        publisher.publish(published)
    if uow.ended_sessions:
        publisher.end_sessions(uow.ended_sessions)
    for step in uow.after_commit:
        step()


def _log_columns(log: Sequence[LoggedChange]) -> dict[str, object]:
    return {
        "head": log[-1].seq,
        "seqs": [c.seq for c in log],
        "types": [c.type.value for c in log],
        "actors": [c.actor_id for c in log],
        "onlys": [c.for_user_id for c in log],
        "payloads": [c.payload.decode() for c in log],
        "moments": [c.at for c in log],
    }


def _key_columns(
    answers: Sequence[tuple[RequestKey, Answer]], event_id: UUID | None
) -> dict[str, object]:
    # In the order of the keys: two transactions that claim the same keys cannot wait in a circle.
    ordered = sorted(answers, key=lambda pair: pair[0].key_hash)
    return {
        "key_event": event_id,
        "keys": [key.key_hash for key, _ in ordered],
        "prints": [key.fingerprint for key, _ in ordered],
        "users": [key.user_id for key, _ in ordered],
        "statuses": [answer.status for _, answer in ordered],
        "bodies": [answer.body for _, answer in ordered],
        "answer_seqs": [answer.seq for _, answer in ordered],
    }


_INSERT_KEYS = """
  INSERT INTO idempotency_keys (key_hash, fingerprint, user_id, event_id, response_status,
                                response_body, response_seq, created_at)
  SELECT key, print, person, CAST(:key_event AS uuid), status, body, seq, now()
  FROM unnest(CAST(:keys AS bytea[]), CAST(:prints AS bytea[]), CAST(:users AS uuid[]),
              CAST(:statuses AS smallint[]), CAST(:bodies AS bytea[]),
              CAST(:answer_seqs AS text[])) AS k(key, print, person, status, body, seq)
  ON CONFLICT (key_hash) DO NOTHING
  RETURNING 1
"""
_INSERT_LOG = """
  INSERT INTO changes (event_id, seq, type, actor_id, for_user_id, payload, created_at)
  SELECT CAST(:event_id AS uuid), seq, type, actor, person, CAST(payload AS json), moment
  FROM unnest(CAST(:seqs AS bigint[]), CAST(:types AS text[]), CAST(:actors AS uuid[]),
              CAST(:onlys AS uuid[]), CAST(:payloads AS text[]),
              CAST(:moments AS timestamptz[])) AS c(seq, type, actor, person, payload, moment)
"""
_LOG_AND_KEYS = sa.text(
    f"WITH log AS ({_INSERT_LOG}), kept AS ({_INSERT_KEYS}) "  # noqa: S608 - constants only
    "UPDATE events SET seq = :head WHERE id = :event_id RETURNING (SELECT count(*) FROM kept)"
)
_KEYS = sa.text(f"WITH kept AS ({_INSERT_KEYS}) SELECT count(*) FROM kept")  # noqa: S608
