"""New epochs: after a restore the log has forgotten numbers that clients have seen.

Those numbers will be given again, to other changes. A new epoch tells every client that its cursor
belongs to a log that is gone, and it starts over from a snapshot instead of missing something.
"""

from uuid import UUID

import sqlalchemy as sa

from app.config import Settings
from app.models import Event
from app.models.base import new_id
from app.services import access
from app.services.changes import announce_event
from app.services.staff import Nobody
from app.utils.db import Database
from app.utils.transaction import UnitOfWork, unit_of_work


async def begin_epoch(uow: UnitOfWork, event_id: UUID) -> Event:
    """Give an event a new epoch; its first change says what the event is now."""
    event = await access.lock_event_row(uow, event_id)
    await uow.recall_own()
    event.epoch = new_id()
    await announce_event(uow, event, None)
    return event


async def begin_epochs(settings: Settings, event_id: UUID | None) -> int:
    """Give one event, or every one, a new epoch; return how many. Servers see it in a second."""
    database = Database(settings.sqlalchemy_url, settings.database_pool)
    try:
        chosen = [event_id] if event_id else await _all_events(database)
        for each in chosen:
            async with unit_of_work(database, Nobody()) as uow:
                await begin_epoch(uow, each)
    finally:
        await database.close()
    return len(chosen)


async def _all_events(database: Database) -> list[UUID]:
    async with database.read() as session:
        return list(await session.scalars(sa.select(Event.id).where(Event.deleted_at.is_(None))))
