"""What can be read of events without being in one room: my events, and an event from its door."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import Ballot, Event, Item, Membership, User
from app.models.callers import Caller
from app.models.payloads import EventOverview, EventSummary, EventSummaryMe, WaitingMe
from app.models.presenting import (
    present_counts,
    present_item,
    present_membership,
    present_person,
    present_policies,
)
from app.models.statuses import ItemKind, MembershipStatus
from app.services import access
from app.services.doors import why_not
from app.services.pages import Page, cut, decode_cursor
from app.utils.db import Database, ReadSession


async def list_events(
    database: Database, caller: Caller, cursor: str | None, limit: int
) -> Page[EventSummary]:
    """Return the events that the caller is in or waits for, youngest first."""
    has_ballot = (
        sa.select(Ballot).where(Ballot.event_id == Event.id, Ballot.user_id == caller.id).exists()
    )
    wanted = (
        sa.select(Event, Membership, has_ballot)
        .join(Membership, Membership.event_id == Event.id)
        .options(joinedload(Membership.user, innerjoin=True))
        .where(
            Membership.user_id == caller.id,
            Membership.status.in_([MembershipStatus.ACCEPTED, MembershipStatus.PENDING]),
            Event.deleted_at.is_(None),
        )
        .order_by(Membership.event_id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        wanted = wanted.where(Membership.event_id < decode_cursor(cursor))
    async with database.read() as session:
        found = await session.execute(wanted)
        summaries = [present_summary(event, own, ballot) for event, own, ballot in found]
    return cut(summaries, limit)


async def read_overview(database: Database, caller: Caller | None, event_id: UUID) -> EventOverview:
    """Return what somebody at the door may know, and their place in the queue."""
    async with database.read() as session:
        event, owner, membership = await _find_at_the_door(session, caller, event_id)
        options = await session.scalars(
            sa.select(Item)
            .where(
                Item.event_id == event_id,
                Item.kind == ItemKind.OPTION,
                Item.deleted_at.is_(None),
            )
            .order_by(Item.position)
        )
        position = await _queue_position(session, membership) if membership is not None else None
    refusal = why_not(event, caller, membership)
    return EventOverview(
        id=event.id,
        subject=event.subject,
        description=event.description,
        status=event.status,
        capacity=event.capacity,
        counts=present_counts(event),
        policies=present_policies(event),
        options=[present_item(item) for item in options],
        owner=present_person(owner),
        created_at=event.created_at,
        started_at=event.started_at,
        finished_at=event.finished_at,
        can_enter=refusal is None,
        refusal=refusal,
        me=WaitingMe(membership=present_membership(membership), queue_position=position)
        if membership is not None
        else None,
    )


async def _find_at_the_door(
    session: ReadSession, caller: Caller | None, event_id: UUID
) -> tuple[Event, User, Membership | None]:
    found = await session.execute(
        sa.select(Event, User, Membership)
        .join(User, User.id == Event.owner_id)
        .outerjoin(
            Membership,
            (Membership.event_id == Event.id)
            & (Membership.user_id == (caller.id if caller else None)),
        )
        .options(joinedload(Membership.user))
        .where(Event.id == event_id, Event.deleted_at.is_(None))
    )
    row = found.one_or_none()
    if row is None:
        raise access.no_such("event")
    event, owner, membership = row
    return event, owner, membership


async def _queue_position(session: ReadSession, membership: Membership) -> int | None:
    if membership.status is not MembershipStatus.PENDING:
        return None
    ahead = await session.scalar(
        sa.select(sa.func.count())
        .select_from(Membership)
        .where(
            Membership.event_id == membership.event_id,
            Membership.status == MembershipStatus.PENDING,
            sa.tuple_(Membership.requested_at, Membership.id)
            < sa.tuple_(sa.literal(membership.requested_at), sa.literal(membership.id)),
        )
    )
    return (ahead or 0) + 1


def present_summary(event: Event, membership: Membership, has_ballot: bool) -> EventSummary:
    """Return an event as it stands in somebody's list."""
    return EventSummary(
        id=event.id,
        subject=event.subject,
        status=event.status,
        entrance_code=event.entrance_code,
        capacity=event.capacity,
        counts=present_counts(event),
        created_at=event.created_at,
        started_at=event.started_at,
        finished_at=event.finished_at,
        me=EventSummaryMe(membership=present_membership(membership), has_ballot=has_ballot),
    )
