"""The one unit of work: every write of Assent begins, commits and is published here."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

import app.utils.state_transition  # noqa: F401 - puts the guard on every status
from app.models import Event
from app.models.base import now
from app.models.errors import DomainError, Unavailable
from app.models.payloads import Payload
from app.models.statuses import ChangeType, NoticeType
from app.utils import metrics
from app.utils.db import Database, Result
from app.utils.frames import Frame, LoggedChange, change_frame
from app.utils.idempotency import Answer, Ledger, RequestKey, lock_key
from app.utils.logbook import NONE, Rows, write_log
from app.utils.notices import Notice, Unnumbered, number
from app.utils.security import new_token


@dataclass(frozen=True, slots=True)
class Published:
    """What one committed unit of work changed in an event."""

    event_id: UUID
    epoch: UUID
    frames: tuple[Frame, ...]


class Publisher(Protocol):
    """Whoever tells the streams. No call may wait or fail: the log is the truth."""

    def publish(self, published: Published) -> None: ...

    def notify(self, notices: Sequence[Notice]) -> None: ...

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
    rows: Rows = NONE
    ledger: Ledger = field(default_factory=Ledger)
    claimed: bool = False
    ended_sessions: list[UUID] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    beside: list["UnitOfWork"] = field(default_factory=list)
    notices: list[Unnumbered] = field(default_factory=list)
    numbered: list[Notice] = field(default_factory=list)
    _connection: AsyncConnection | None = None
    existed: bool = False
    """Whether what was to be made was there already: the answer is then 200."""

    async def execute(self, statement: sa.TextClause, values: Mapping[str, object]) -> Result:
        """Run a statement of the hot path: what the session would do around it costs as much again.

        It sees nothing that was not flushed.
        """
        if self._connection is None:
            self._connection = await self.session.connection()
        return await self._connection.execute(statement, values)

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
            await self.ledger.load(self.execute, keys)

    def hold(self, event: Event) -> None:
        """Take the event whose row is locked as the one that this unit of work writes in."""
        self.event = event

    def begin_beside(self) -> "UnitOfWork":
        """Begin to write in one more event, in this same transaction and with no answer of its own.

        Whoever does this takes the events in the order of their ids.
        """
        one_more = UnitOfWork(self.session, claimed=True)
        self.beside.append(one_more)
        return one_more

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

    def notify(self, user_id: UUID, kind: NoticeType, payload: Payload) -> None:
        """Tell one person something, on every line of theirs, once this is committed."""
        self.notices.append(Unnumbered(user_id, kind, now(), payload.encode()))

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

    async def write(self) -> None:
        """Write what the session holds, the changes, the answers, and last the notices."""
        for each in (self, *self.beside):
            await each.write_log()
        for one_more in self.beside:
            self.notices += one_more.notices
        self.numbered = await number(self.execute, self.notices)

    async def write_log(self) -> None:
        """Write what happened in this one event, and what is answered."""
        if not self.claimed:
            raise RuntimeError("a write did not look for the answer of its key")
        await self.session.flush()
        event_id = self.event.id if self.event is not None else None
        await write_log(self.execute, event_id, self.log, self.ledger.new, self.rows)

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
            await uow.write()
        except BaseException as error:
            metrics.ROLLBACKS[_cause(error)].inc()
            await session.rollback()
            raise
        began = perf_counter()
        try:
            await session.commit()
        except DBAPIError as error:
            metrics.ROLLBACKS["unknown"].inc()
            raise OutcomeUnknown from error
        metrics.COMMIT.observe(perf_counter() - began)
    _tell(uow, publisher)


def _cause(error: BaseException) -> str:
    if isinstance(error, Replay):
        return "replayed"
    return "refused" if isinstance(error, DomainError) else "error"


def _tell(uow: UnitOfWork, publisher: Publisher) -> None:
    for each in (uow, *uow.beside):
        published = each.published()
        if published is not None:
            publisher.publish(published)
    if uow.numbered:
        publisher.notify(uow.numbered)
    if uow.ended_sessions:
        publisher.end_sessions(uow.ended_sessions)
    for step in uow.after_commit:
        step()
