"""Housekeeping: what has expired goes, and who was here lately is written down."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.models import Session, User
from app.models.base import now
from app.models.errors import Unavailable
from app.services import retention
from app.services.sessions import Callers
from app.utils.db import Database
from app.utils.stores import Store
from app.utils.transaction import Publisher, UnitOfWork, unit_of_work

log = structlog.get_logger(__name__)

EVERY: Final = 60.0


class Housekeeping:
    """A round every minute, in every process; what two do at once is done once."""

    def __init__(
        self,
        database: Database,
        publisher: Publisher,
        callers: Callers,
        store: Store,
        keep_changes: int,
    ) -> None:
        """`keep_changes` are the days after its end that an event's log is kept; 0 for ever."""
        self._database = database
        self._publisher = publisher
        self._callers = callers
        self._removals: list[Callable[[UnitOfWork], Awaitable[bool]]] = [
            retention.remove_expired,
            partial(retention.sweep_attachments, store=store),
        ]
        if keep_changes:
            self._removals.append(partial(retention.drop_log, days=keep_changes))
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._rounds(), name="housekeeping")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def round(self) -> None:
        """Do everything that is due, in many short transactions."""
        async with unit_of_work(self._database, self._publisher) as uow:
            await uow.claim()
            await note_seen(uow, self._callers.take_seen())
        for removal in self._removals:
            try:
                while await self._some(removal):
                    pass
            except Unavailable as error:
                # Files that cannot be removed now keep nothing else from being removed.
                log.warning("housekeeping_waits", error=str(error))

    async def _some(self, removal: Callable[[UnitOfWork], Awaitable[bool]]) -> bool:
        """Remove as much as one transaction should; tell whether there is more."""
        async with unit_of_work(self._database, self._publisher) as uow:
            return await removal(uow)

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - the next round does it
                log.warning("housekeeping_failed", error=str(error))


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
