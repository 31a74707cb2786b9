"""Places in an event: who takes one, who waits for one, and what happens when one is given up."""

from app.models import Event, Membership
from app.models.base import now
from app.models.callers import Caller
from app.models.errors import Conflict
from app.models.memberships import VOTING
from app.models.statuses import MembershipStatus, Role
from app.services.changes import announce_membership, announce_turnout
from app.services.decisions import run_rule
from app.services.departures import withdraw_voter
from app.utils.transaction import UnitOfWork


def accept(event: Event, membership: Membership) -> None:
    """Give a locked membership a place. Raises Conflict where none is left, or it has one."""
    waited = membership.status is MembershipStatus.PENDING
    membership.status = MembershipStatus.ACCEPTED
    _take_place(event, membership.role)
    membership.joined_at = now()
    event.pending -= waited


def wait(event: Event, membership: Membership) -> None:
    """Put a locked membership into the admins' queue."""
    membership.status = MembershipStatus.PENDING
    membership.requested_at = now()
    event.pending += 1


def decline(event: Event, membership: Membership) -> None:
    """Turn a locked request down."""
    membership.status = MembershipStatus.REJECTED
    event.pending -= 1


def free_places(event: Event) -> int:
    return event.capacity - event.members


async def remove(
    uow: UnitOfWork, event: Event, membership: Membership, end: MembershipStatus, by: Caller
) -> None:
    """Take an accepted membership its place, its open votes and its ballot, and announce it."""
    voted = membership.votes
    membership.status = end
    _give_up_place(event, membership.role)
    membership.role = Role.MEMBER
    await announce_move(uow, event, membership, by, withdrawn=voted)


async def change_place(
    uow: UnitOfWork, event: Event, membership: Membership, role: Role, by: Caller
) -> None:
    """Move an accepted membership to another role, and announce it."""
    voted = membership.votes
    _give_up_place(event, membership.role)
    _take_place(event, role)
    membership.role = role
    await announce_move(uow, event, membership, by, withdrawn=voted and not membership.votes)


async def announce_move(
    uow: UnitOfWork, event: Event, membership: Membership, by: Caller | None, *, withdrawn: bool
) -> None:
    """Announce what became of a membership, with all that follows from it.

    `withdrawn` says that this was a voter and is none any more.
    """
    announce_membership(uow, membership, by)
    if withdrawn:
        await withdraw_voter(uow, event, membership.user_id)
    announce_turnout(uow, event)
    await uow.session.flush()
    if withdrawn:
        await run_rule(uow, event)


def _take_place(event: Event, role: Role) -> None:
    if role not in VOTING:
        event.observers += 1
        return
    if free_places(event) < 1:
        raise Conflict(
            "event_full",
            f"All {event.capacity} places of this event are taken. Ask an admin for more places.",
            current=f"{event.members}/{event.capacity}",
        )
    event.members += 1


def _give_up_place(event: Event, role: Role) -> None:
    if role in VOTING:
        event.members -= 1
    else:
        event.observers -= 1
