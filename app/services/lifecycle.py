"""The status of an event: started, paused, resumed, and closed for good."""

from uuid import UUID

from app.models import Event, User
from app.models.base import now
from app.models.callers import Caller
from app.models.payloads import EventHead
from app.models.presenting import present_event
from app.models.statuses import EventStatus
from app.services import access
from app.services.access import Right
from app.services.changes import announce_event
from app.services.decisions import run_rule
from app.services.system_lines import tell_status
from app.utils.transaction import UnitOfWork


async def change_status(
    uow: UnitOfWork, admin: Caller, event_id: UUID, status: EventStatus
) -> EventHead:
    """Move the event. Votes committed before count; after `FINISHED` or `PAUSED` none do."""
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    await move_event(uow, event, status, admin)
    return present_event(event, await uow.session.get_one(User, event.owner_id))


async def move_event(uow: UnitOfWork, event: Event, status: EventStatus, by: Caller) -> None:
    """Move a locked event along its table, and announce it."""
    event.status = status
    if status is EventStatus.IN_PROGRESS and event.started_at is None:
        event.started_at = now()
    if status is EventStatus.FINISHED:
        event.finished_at = now()
    # The last thing that is said, where the event ends with this.
    await tell_status(uow, event, by)
    await announce_event(uow, event, by)
    await uow.session.flush()
    await run_rule(uow, event)
