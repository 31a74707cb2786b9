"""Ownership: exactly one owner while anybody is there, whoever leaves."""

from uuid import UUID

from app.models import Event, Membership
from app.models.callers import Caller
from app.models.errors import Conflict
from app.models.payloads import MembershipPayload
from app.models.presenting import present_membership
from app.models.statuses import EventStatus, MembershipStatus, Role
from app.services import access
from app.services.access import Right
from app.services.admission import change_place, remove
from app.services.changes import announce_event, announce_membership
from app.services.lifecycle import move_event
from app.services.system_lines import tell_owner
from app.utils.transaction import UnitOfWork


async def transfer(
    uow: UnitOfWork, owner: Caller, event_id: UUID, user_id: UUID
) -> MembershipPayload:
    """Hand the event to another accepted member; the old owner stays as an admin.

    Raises Conflict where an observer would take a place and none is left.
    """
    event, _ = await access.lock_event(uow, event_id, owner, Right.OWNER)
    access.require_open(event)
    both = await access.lock_memberships(
        uow, event, Membership.user_id.in_([user_id, event.owner_id])
    )
    heir = next((m for m in both if m.user_id == user_id and m.is_accepted), None)
    if heir is None:
        raise access.no_such("member")
    if heir.role is Role.OWNER:
        raise Conflict("already_owner", "This person owns the event already.", current=heir.role)
    if heir.role is Role.OBSERVER:
        # An owner has a vote, and a vote needs a place.
        await change_place(uow, event, heir, Role.MEMBER, owner)
    old = next(m for m in both if m.user_id == event.owner_id)
    old.role = Role.ADMIN
    await _crown(uow, event, heir, owner)
    announce_membership(uow, old, owner)
    return present_membership(heir)


async def leave(uow: UnitOfWork, caller: Caller, event_id: UUID) -> MembershipPayload:
    """Leave an event; an owner's place goes to the next in line, or the event closes."""
    event, own = await access.lock_event(uow, event_id, caller, Right.SEE)
    access.require_open(event)
    if own is None or not own.is_accepted:
        # Staff see events that they are not in.
        access.refuse_outsider(own)
    membership = await access.lock_membership(uow, event, own.id)
    abandoned = membership.role is Role.OWNER and not await _pass_on(uow, event, membership, caller)
    await remove(uow, event, membership, MembershipStatus.LEFT, caller)
    if abandoned:
        await _close(uow, event, caller)
    return present_membership(membership)


async def _pass_on(uow: UnitOfWork, event: Event, old: Membership, caller: Caller) -> bool:
    """Crown the next in line: the earliest admin, else the earliest member. False: nobody is."""
    line = await access.lock_memberships(
        uow,
        event,
        Membership.status == MembershipStatus.ACCEPTED,
        Membership.role.in_([Role.ADMIN, Role.MEMBER]),
    )
    if not line:
        return False
    heir = min(line, key=lambda m: (m.role is not Role.ADMIN, m.joined_at, m.id))
    old.role = Role.ADMIN
    await _crown(uow, event, heir, caller)
    return True


async def _crown(uow: UnitOfWork, event: Event, heir: Membership, by: Caller) -> None:
    # The old owner's row first: an index allows no two owners, not even for a moment.
    await uow.session.flush()
    heir.role = Role.OWNER
    event.owner_id = heir.user_id
    await uow.session.flush()
    announce_membership(uow, heir, by)
    await announce_event(uow, event, by)
    await tell_owner(uow, event, heir.user, by)


async def _close(uow: UnitOfWork, event: Event, caller: Caller) -> None:
    """Finish an event that nobody is left in, along the ways that its status has."""
    if event.status is EventStatus.NOT_STARTED:
        await move_event(uow, event, EventStatus.IN_PROGRESS, caller)
    await move_event(uow, event, EventStatus.FINISHED, caller)
