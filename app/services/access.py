"""Find, authorize and lock, in one call. The only module that takes row locks.

One order everywhere: a person's row where a write depends on their name, then the event's, then the
rest. The event's row is taken `FOR NO KEY UPDATE`, as an ordinary update takes it, so that rows
referring to the event can be inserted beside it.
"""

from enum import Enum
from typing import Final, NoReturn
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from app.models import Conversation, Event, Membership, Proposal, User
from app.models.callers import Belonging, Caller
from app.models.errors import Conflict, Forbidden, NotFound
from app.models.memberships import ADMINS, VOTING
from app.models.statuses import EventStatus, MembershipStatus, ProposalKind, ProposalStatus, Role
from app.services.refusals import CLOSED, OUTSIDE
from app.utils.db import ReadSession
from app.utils.transaction import UnitOfWork


class Right(Enum):
    """What a caller must be allowed: the roles that carry it, and the refusal without it."""

    SEE = (tuple(Role), False, "members_only", "Only members of this event may see this.")
    VOTE = (VOTING, False, "observers_do_not_vote", "Observers see everything and do not vote.")
    ADMIN = (ADMINS, True, "admins_only", "Only admins of this event may do this.")
    OWNER = ((Role.OWNER,), True, "owner_only", "Only the owner of this event may do this.")

    def __init__(self, roles: tuple[Role, ...], staff: bool, code: str, detail: str) -> None:
        self.roles = roles
        self.staff = staff or code == "members_only"
        self.code = code
        self.detail = detail


def allow(membership: Belonging | None, caller: Caller, right: Right) -> None:
    """Raise Forbidden, with the reason, unless the caller has the right."""
    if right.staff and caller.is_staff:
        return
    if membership is None or membership.status is not MembershipStatus.ACCEPTED:
        refuse_outsider(membership)
    elif membership.role not in right.roles:
        raise Forbidden(right.code, right.detail, current=membership.role)


def refuse_outsider(membership: Belonging | None) -> NoReturn:
    """Raise Forbidden with what the person is to the event."""
    status = membership.status if membership else None
    raise Forbidden(*OUTSIDE[status], current=status)


def is_admin(membership: Belonging | None, caller: Caller) -> bool:
    if caller.is_staff or membership is None:
        return caller.is_staff
    return membership.status is MembershipStatus.ACCEPTED and membership.role in ADMINS


def require_in_progress(event: Event) -> None:
    """Raise Conflict unless proposing, voting and ballots are open."""
    if event.status is not EventStatus.IN_PROGRESS:
        raise Conflict(*CLOSED[event.status], current=event.status)


def require_open(event: Event) -> None:
    """Raise Conflict where the event is finished and so read-only."""
    if event.status is EventStatus.FINISHED:
        raise Conflict(*CLOSED[event.status], current=event.status)


def no_such(noun: str) -> NotFound:
    return NotFound(f"{noun}_not_found", f"There is no such {noun}. Check the address.")


def require_there(event: Event) -> None:
    """Raise NotFound where the event was deleted."""
    if event.deleted_at is not None:
        raise no_such("event")


async def lock_event(
    uow: UnitOfWork, event_id: UUID, caller: Caller, right: Right
) -> tuple[Event, Membership | None]:
    """Lock an event for a caller who must have the right; first step of a write in an event.

    The caller's membership is None only for staff. Raises NotFound, Forbidden, or Replay.
    """
    event = await lock_event_row(uow, event_id)
    await uow.recall_own()
    require_there(event)
    membership = await _membership_of(uow.session, event_id, caller.id)
    allow(membership, caller, right)
    return event, membership


async def lock_event_for_entry(
    uow: UnitOfWork, event_id: UUID, user_id: UUID | None
) -> tuple[Event, Membership | None]:
    """Lock an event for somebody at its door, with the membership they had, if any."""
    if user_id is not None:
        await lock_name(uow, user_id)
    event = await lock_event_row(uow, event_id)
    await uow.recall_own()
    require_there(event)
    if user_id is None:
        return event, None
    found = _memberships(event_id).where(Membership.user_id == user_id)
    return event, await uow.session.scalar(found.with_for_update(of=Membership, key_share=True))


async def lock_name(uow: UnitOfWork, user_id: UUID) -> None:
    """Hold a person's name as it is: where they are new, a rename cannot know yet that it counts.

    Before the event's row, as a rename holds the person while it takes their events.
    """
    found = sa.select(User.id).where(User.id == user_id)
    await uow.session.execute(found.with_for_update(read=True))


async def lock_event_row(uow: UnitOfWork, event_id: UUID) -> Event:
    """Lock an event without asking who wants it: a batch asks for each of its members.

    It may be deleted: what was answered before that is still answered so.
    """
    event = await _lock_event_if_any(uow, event_id)
    if event is None:
        raise no_such("event")
    return event


async def lock_conversation(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Lock what the messages of a conversation are numbered under: its event, or its own row."""
    if await _lock_event_if_any(uow, conversation_id) is None:
        found = sa.select(Conversation.id).where(Conversation.id == conversation_id)
        if await uow.session.scalar(found.with_for_update(key_share=True)) is None:
            raise no_such("conversation")


_LOCK_EVENT = (
    sa.select(Event)
    .where(Event.id == sa.bindparam("event_id"))
    .with_for_update(key_share=True)
    .execution_options(timed="lock_event")
)


async def _lock_event_if_any(uow: UnitOfWork, event_id: UUID) -> Event | None:
    # No join here: a row that changed during the wait is joined to what it was before the wait.
    event = await uow.session.scalar(_LOCK_EVENT, {"event_id": event_id})
    if event is not None:
        uow.hold(event)
    return event


async def lock_membership(uow: UnitOfWork, event: Event, membership_id: UUID) -> Membership:
    """Lock one membership of the event."""
    found = _memberships(event.id).where(Membership.id == membership_id)
    membership = await uow.session.scalar(found.with_for_update(of=Membership, key_share=True))
    if membership is None:
        raise no_such("membership")
    return membership


async def lock_memberships(
    uow: UnitOfWork, event: Event, *conditions: sa.ColumnElement[bool]
) -> list[Membership]:
    """Lock the memberships of the event that meet the conditions, oldest request first."""
    found = _memberships(event.id).where(*conditions)
    ordered = found.order_by(Membership.requested_at, Membership.id)
    locked = await uow.session.scalars(ordered.with_for_update(of=Membership, key_share=True))
    return list(locked)


async def lock_proposal(
    uow: UnitOfWork, event: Event, kind: ProposalKind, proposal_id: UUID
) -> Proposal:
    """Lock one proposal of the event and kind, as it is now."""
    found = _proposals(event.id).where(Proposal.id == proposal_id, Proposal.kind == kind)
    proposal = await uow.session.scalar(
        found.with_for_update(of=Proposal, key_share=True).execution_options(populate_existing=True)
    )
    if proposal is None:
        raise no_such("proposal")
    return proposal


async def lock_pending_proposals(
    uow: UnitOfWork, event: Event, *conditions: sa.ColumnElement[bool]
) -> list[Proposal]:
    """Lock the pending proposals that meet the conditions, oldest first, as they are now."""
    found = _proposals(event.id).where(Proposal.status == ProposalStatus.PENDING, *conditions)
    locked = await uow.session.scalars(
        found.order_by(Proposal.id)
        .with_for_update(of=Proposal, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(locked)


async def find_event(
    session: ReadSession, event_id: UUID, caller: Caller, right: Right = Right.SEE
) -> tuple[Event, Membership | None]:
    """Find an event and the caller's membership, for reading."""
    found = await session.execute(_FIND_EVENT, {"event_id": event_id, "user_id": caller.id})
    row = found.one_or_none()
    if row is None:
        raise no_such("event")
    event, membership = row
    allow(membership, caller, right)
    return event, membership


async def _membership_of(session: AsyncSession, event_id: UUID, user_id: UUID) -> Membership | None:
    found = await session.scalars(_MEMBERSHIP, {"event_id": event_id, "user_id": user_id})
    return found.one_or_none()


def _memberships(event_id: UUID | sa.BindParameter[UUID]) -> sa.Select[Membership]:
    return (
        sa.select(Membership)
        .options(joinedload(Membership.user, innerjoin=True))
        .where(Membership.event_id == event_id)
    )


def _proposals(event_id: UUID) -> sa.Select[Proposal]:
    return (
        sa.select(Proposal)
        .options(joinedload(Proposal.author, innerjoin=True), joinedload(Proposal.decided_by))
        .where(Proposal.event_id == event_id)
    )


_EVENT: Final = sa.bindparam("event_id", type_=sa.Uuid)
_USER: Final = sa.bindparam("user_id", type_=sa.Uuid)
# Asked by nearly every request: to put such a statement together takes longer than to send it.
_MEMBERSHIP: Final = _memberships(_EVENT).where(Membership.user_id == _USER)
_FIND_EVENT: Final = (
    sa.select(Event, Membership)
    .outerjoin(Membership, (Membership.event_id == Event.id) & (Membership.user_id == _USER))
    .options(joinedload(Event.owner), joinedload(Membership.user))
    .where(Event.id == _EVENT, Event.deleted_at.is_(None))
)
