"""Housekeeping: what has expired goes, and who was here lately is written down."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.models import IdempotencyKey, PasswordReset, Session, User
from app.models.base import now
from app.services.sessions import Callers
from app.utils.db import Database
from app.utils.idempotency import HOURS_KEPT
from app.utils.transaction import Publisher, UnitOfWork, unit_of_work

log = structlog.get_logger(__name__)

EVERY: Final = 60.0
AT_ONCE: Final = 5_000
# Any number that nothing else in the database locks.
LOCK: Final = 7_461_926_535


class Housekeeping:
    """A round every minute, in every process; what two do at once is done once."""

    def __init__(self, database: Database, publisher: Publisher, callers: Callers) -> None:
        self._database = database
        self._publisher = publisher
        self._callers = callers
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._rounds(), name="housekeeping")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def round(self) -> None:
        """Do everything once."""
        async with unit_of_work(self._database, self._publisher) as uow:
            await uow.claim()
            await remove_expired(uow)
            await note_seen(uow, self._callers.take_seen())

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - the next round does it
                log.warning("housekeeping_failed", error=str(error))


async def remove_expired(uow: UnitOfWork) -> None:
    """Remove idempotency keys after their day, and sessions and resets after their end.

    AT_ONCE rows of each at a time, and by one process at a time.
    """
    if not await uow.session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK))):
        return
    for key, expired in (
        (IdempotencyKey.key_hash, IdempotencyKey.created_at < now() - timedelta(hours=HOURS_KEPT)),
        (Session.id, Session.expires_at < now()),
        (PasswordReset.token_hash, PasswordReset.expires_at < now()),
    ):
        batch = sa.select(key).where(expired).limit(AT_ONCE)
        removal = sa.delete(key.class_).where(key.in_(batch)).returning(key)
        while len((await uow.session.scalars(removal)).all()) == AT_ONCE:
            pass


async def note_seen(uow: UnitOfWork, session_ids: Sequence[UUID]) -> None:
    """Write down when sessions, and the people behind them, were last heard of."""
    if not session_ids:
        return
    moment = now()
    people = await uow.session.scalars(
        sa.update(Session)
        .where(Session.id.in_(session_ids))
        .values(last_used_at=moment)
        .returning(Session.user_id)
    )
    await uow.session.execute(
        sa.update(User).where(User.id.in_(people.all())).values(last_seen_at=moment)
    )
