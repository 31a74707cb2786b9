"""Readings that a replica may take over: only where it can prove that it has come far enough.

What has to be read names a number of an event's log. A replica that has it in the same epoch has
all that came before it, so nobody can be shown less than they know already.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.models import Event
from app.utils import metrics
from app.utils.db import Database, ReadSession
from app.utils.failures import as_unavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")
# Seconds for which a replica that failed is left alone.
REST: Final = 15.0


async def read_as_of(
    database: Database,
    event_id: UUID,
    at: tuple[UUID, int],
    reading: Callable[[ReadSession], Awaitable[T]],
) -> T:
    """Run a reading in one state that holds an event as of `at`, its epoch and number, or later."""
    if database.replica is not None:
        found = await _try_replica(database.replica, event_id, at, reading)
        if found is not None:
            return found[0]
    async with database.read_consistently() as session:
        return await reading(session)


async def _try_replica(
    replica: Database,
    event_id: UUID,
    at: tuple[UUID, int],
    reading: Callable[[ReadSession], Awaitable[T]],
) -> tuple[T] | None:
    """Return what the replica says, or None where it is behind, or fails."""
    time = asyncio.get_running_loop().time()
    if time < replica.rests_until:
        return None
    try:
        async with replica.read_consistently() as session:
            row = (await session.execute(_PLACE, {"event": event_id})).one_or_none()
            if row is None or row.epoch != at[0] or row.seq < at[1]:
                metrics.REPLICA_READS["behind"].inc()
                return None
            found = await reading(session)
    except SQLAlchemyError as error:
        if as_unavailable(error) is None:
            raise
        log.warning("replica_failed", error=str(error))
        metrics.REPLICA_READS["failed"].inc()
        replica.rests_until = time + REST
        return None
    metrics.REPLICA_READS["used"].inc()
    return (found,)


_PLACE = sa.select(Event.epoch, Event.seq).where(Event.id == sa.bindparam("event"))
