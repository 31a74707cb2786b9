"""What admins do with memberships, one at a time or in bulk, and how they are read."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import Event, Membership
from app.models.callers import Caller
from app.models.errors import Conflict, Forbidden, IllegalTransition
from app.models.payloads import BulkPayload, MembershipPayload
from app.models.presenting import present_membership
from app.models.statuses import MembershipStatus, Role
from app.services import access
from app.services.access import Right
from app.services.admission import (
    accept,
    announce_move,
    change_place,
    decline,
    free_places,
    remove,
    wait,
)
from app.services.changes import announce_membership, announce_turnout
from app.services.pages import Page, cut, decode_cursor
from app.services.system_lines import tell_removal
from app.utils.db import Database
from app.utils.transaction import UnitOfWork

Deed = Callable[[UnitOfWork, Event, Membership, Caller], Awaitable[None]]


async def _approve(uow: UnitOfWork, event: Event, membership: Membership, admin: Caller) -> None:
    _require(membership, MembershipStatus.PENDING, MembershipStatus.ACCEPTED)
    accept(event, membership)
    await announce_move(uow, event, membership, admin, withdrawn=False)


async def _reject(uow: UnitOfWork, event: Event, membership: Membership, admin: Caller) -> None:
    _require(membership, MembershipStatus.PENDING, MembershipStatus.REJECTED)
    decline(event, membership)
    await announce_move(uow, event, membership, admin, withdrawn=False)


async def _reset(uow: UnitOfWork, event: Event, membership: Membership, admin: Caller) -> None:
    _require(membership, MembershipStatus.REJECTED, MembershipStatus.PENDING)
    wait(event, membership)
    await announce_move(uow, event, membership, admin, withdrawn=False)


async def _kick(uow: UnitOfWork, event: Event, membership: Membership, admin: Caller) -> None:
    _spare_the_owner(membership)
    _require(membership, MembershipStatus.ACCEPTED, MembershipStatus.LEFT)
    await remove(uow, event, membership, MembershipStatus.LEFT, admin)
    await tell_removal(uow, event, membership.user, admin, banned=False)


async def _ban(uow: UnitOfWork, event: Event, membership: Membership, admin: Caller) -> None:
    _spare_the_owner(membership)
    _require(membership, MembershipStatus.ACCEPTED, MembershipStatus.BANNED)
    await remove(uow, event, membership, MembershipStatus.BANNED, admin)
    await tell_removal(uow, event, membership.user, admin, banned=True)


async def _unban(uow: UnitOfWork, event: Event, membership: Membership, admin: Caller) -> None:
    _require(membership, MembershipStatus.BANNED, MembershipStatus.LEFT)
    membership.status = MembershipStatus.LEFT
    await announce_move(uow, event, membership, admin, withdrawn=False)


DEEDS: dict[str, Deed] = {
    "approve": _approve,
    "reject": _reject,
    "reset": _reset,
    "kick": _kick,
    "ban": _ban,
    "unban": _unban,
}
"""What an admin can do to one membership, by the last word of its URL."""


async def do_to_membership(
    uow: UnitOfWork, admin: Caller, event_id: UUID, membership_id: UUID, deed: str
) -> MembershipPayload:
    """Do one of DEEDS. Raises IllegalTransition, naming the state found, where it cannot be."""
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    access.require_open(event)
    membership = await access.lock_membership(uow, event, membership_id)
    await DEEDS[deed](uow, event, membership, admin)
    return present_membership(membership)


async def change_role(
    uow: UnitOfWork, admin: Caller, event_id: UUID, membership_id: UUID, role: Role
) -> MembershipPayload:
    """Change what an accepted member may do. Only the owner makes and unmakes admins."""
    event, own = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    access.require_open(event)
    membership = await access.lock_membership(uow, event, membership_id)
    if not membership.is_accepted:
        raise Conflict(
            "not_a_member", "Only accepted members have a role.", current=membership.status
        )
    if Role.OWNER in {role, membership.role}:
        raise Conflict(
            "use_transfer",
            "There is one owner. Hand the event over instead.",
            current=membership.role,
        )
    owner = admin.is_staff or (own is not None and own.role is Role.OWNER)
    if Role.ADMIN in {role, membership.role} and not owner:
        raise Forbidden("owner_only", "Only the owner makes and unmakes admins.")
    if membership.role is not role:
        await change_place(uow, event, membership, role, admin)
    return present_membership(membership)


async def approve_all(
    uow: UnitOfWork, admin: Caller, event_id: UUID, membership_ids: Sequence[UUID] | None
) -> BulkPayload:
    """Fill the places that are left, oldest request first."""
    event, waiting = await _lock_waiting(uow, admin, event_id, membership_ids)
    lucky = waiting[: max(0, free_places(event))]
    for membership in lucky:
        accept(event, membership)
        announce_membership(uow, membership, admin)
    if lucky:
        announce_turnout(uow, event)
    return BulkPayload(approved=len(lucky), rejected=0, no_place=len(waiting) - len(lucky))


async def reject_all(
    uow: UnitOfWork, admin: Caller, event_id: UUID, membership_ids: Sequence[UUID] | None
) -> BulkPayload:
    """Turn the waiting requests down."""
    event, waiting = await _lock_waiting(uow, admin, event_id, membership_ids)
    for membership in waiting:
        decline(event, membership)
        announce_membership(uow, membership, admin)
    if waiting:
        announce_turnout(uow, event)
    return BulkPayload(approved=0, rejected=len(waiting), no_place=0)


async def list_memberships(
    database: Database,
    caller: Caller,
    event_id: UUID,
    status: MembershipStatus | None,
    cursor: str | None,
    limit: int,
) -> Page[MembershipPayload]:
    """Return memberships in the order of asking; only admins see others than accepted ones."""
    async with database.read() as session:
        _, own = await access.find_event(session, event_id, caller)
        if not access.is_admin(own, caller):
            if status not in {None, MembershipStatus.ACCEPTED}:
                raise Forbidden("admins_only", "Only admins see who waits, left or was declined.")
            status = MembershipStatus.ACCEPTED
        wanted = (
            sa.select(Membership)
            .options(joinedload(Membership.user, innerjoin=True))
            .where(Membership.event_id == event_id)
            .order_by(Membership.id)
            .limit(limit + 1)
        )
        if status is not None:
            wanted = wanted.where(Membership.status == status)
        if cursor is not None:
            wanted = wanted.where(Membership.id > decode_cursor(cursor))
        found = list(await session.scalars(wanted))
    return cut([present_membership(membership) for membership in found], limit)


async def _lock_waiting(
    uow: UnitOfWork, admin: Caller, event_id: UUID, membership_ids: Sequence[UUID] | None
) -> tuple[Event, list[Membership]]:
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    access.require_open(event)
    conditions = [Membership.status == MembershipStatus.PENDING]
    if membership_ids is not None:
        conditions.append(Membership.id.in_(membership_ids))
    return event, await access.lock_memberships(uow, event, *conditions)


def _require(membership: Membership, found: MembershipStatus, wanted: MembershipStatus) -> None:
    """Refuse a deed that is for another state, also where the table would let it happen."""
    if membership.status is not found:
        raise IllegalTransition("membership", membership.status, wanted)


def _spare_the_owner(membership: Membership) -> None:
    if membership.is_accepted and membership.role is Role.OWNER:
        raise Forbidden("owner_stays", "The owner cannot be sent out of their own event.")
