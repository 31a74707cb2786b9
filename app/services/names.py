"""Names: what a person is called now is told in every event that shows it and still goes on."""

import sqlalchemy as sa

from app.models import Event, Membership, User
from app.models.callers import Caller
from app.models.presenting import present_person
from app.models.statuses import ChangeType, EventStatus
from app.services import access
from app.services.changes import AT_THE_DOOR, announce
from app.utils.transaction import UnitOfWork


async def take_name(uow: UnitOfWork, user: User, name: str, by: Caller) -> None:
    """Change a name, and announce it wherever it stands, all in one transaction.

    The log of a finished event is closed: it shows the new name, and tells nobody.
    """
    user.name = name
    await uow.session.flush()
    known_in = await uow.session.execute(
        sa.select(Membership.event_id, Membership.status)
        .join(Event, Event.id == Membership.event_id)
        .where(
            Membership.user_id == user.id,
            Event.status != EventStatus.FINISHED,
            Event.deleted_at.is_(None),
        )
        .order_by(Membership.event_id)
    )
    for event_id, status in known_in.all():
        there = uow.begin_beside()
        event = await access.lock_event_row(there, event_id)
        if event.status is EventStatus.FINISHED or event.deleted_at is not None:
            continue
        only = user.id if status in AT_THE_DOOR else None
        announce(there, ChangeType.PERSON, present_person(user), by, only=only)
