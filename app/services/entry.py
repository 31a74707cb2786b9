"""Coming in through the door: with a code, as a person who is known or as a guest."""

from app.models import Event, Membership, User
from app.models.bodies import Entry, Guest
from app.models.callers import Caller
from app.models.errors import Conflict, Forbidden
from app.models.payloads import GuestSignedIn, MembershipPayload
from app.models.presenting import present_membership, present_user
from app.models.statuses import MembershipStatus, Role
from app.services import access
from app.services.accounts import create_guest
from app.services.admission import accept, announce_move, wait
from app.services.codes import find_event_by_code
from app.services.sessions import issue
from app.utils.db import Database
from app.utils.security import password_matches
from app.utils.transaction import UnitOfWork


async def check_door(database: Database, body: Entry | Guest) -> Event:
    """Find the event that a code opens and check its password, before anything is locked."""
    event = await find_event_by_code(database, body.entrance_code)
    if event.password_hash is None:
        return event
    if body.password is None:
        raise Forbidden("event_password_required", "This event asks for a password. Enter it.")
    if not await password_matches(body.password, event.password_hash):
        raise Forbidden("event_password_wrong", "This is not the event's password. Try again.")
    return event


async def enter(
    uow: UnitOfWork, caller: Caller, door: Event, *, observe: bool = False
) -> MembershipPayload:
    """Come in, or ask to: what the event's policy says. Raises Conflict where there is no place.

    Who comes to observe takes no place and has no vote.
    """
    event, membership = await access.lock_event_for_entry(uow, door.id, caller.id)
    _check_unchanged(event, door)
    if caller.is_guest:
        _check_guests(event)
    if membership is not None:
        _check_may_return(membership)
    else:
        membership = _newcomer(event, await uow.session.get_one(User, caller.id))
    membership.role = _role(event, observe=observe)
    return await _admit(uow, event, membership, caller)


async def enter_as_guest(uow: UnitOfWork, body: Guest, door: Event, days: int) -> GuestSignedIn:
    """Come in with a name alone: a person, a session and a membership in one step."""
    event, _ = await access.lock_event_for_entry(uow, door.id, None)
    _check_unchanged(event, door)
    _check_guests(event)
    access.require_open(event)
    user = await create_guest(uow, body.name, body.locale)
    session, token = await issue(uow, user.id, days)
    caller = Caller(user.id, user.name, is_staff=False, is_guest=True, session_id=session.id)
    newcomer = _newcomer(event, user)
    newcomer.role = _role(event, observe=body.observe)
    membership = await _admit(uow, event, newcomer, caller)
    return GuestSignedIn(user=present_user(user), token=token, membership=membership)


async def _admit(
    uow: UnitOfWork, event: Event, membership: Membership, caller: Caller
) -> MembershipPayload:
    access.require_open(event)
    if event.policies.membership_auto_approved:
        accept(event, membership)
    else:
        wait(event, membership)
    uow.session.add(membership)
    await uow.session.flush()
    await announce_move(uow, event, membership, caller, withdrawn=False)
    return present_membership(membership)


def _newcomer(event: Event, user: User) -> Membership:
    return Membership(event_id=event.id, user_id=user.id, user=user)


def _role(event: Event, *, observe: bool) -> Role:
    if observe and not event.policies.observers_allowed:
        raise Forbidden(
            "observers_not_allowed",
            "This event takes no observers. Join it as a member, or ask its host.",
        )
    return Role.OBSERVER if observe else Role.MEMBER


def _check_unchanged(event: Event, door: Event) -> None:
    """The door was looked at before the lock: a new password or code closes it again."""
    if (event.password_hash, event.entrance_code) != (door.password_hash, door.entrance_code):
        raise Conflict("door_changed", "The event's code or password was just changed. Try again.")


def _check_guests(event: Event) -> None:
    if not event.policies.guests_allowed:
        raise Forbidden("guests_not_allowed", "This event takes no guests. Sign up or sign in.")


def _check_may_return(membership: Membership) -> None:
    status = membership.status
    if status is MembershipStatus.ACCEPTED:
        raise Conflict("already_member", "You are in this event already.", current=status)
    if status is MembershipStatus.PENDING:
        raise Conflict("already_waiting", "Your request waits for an admin.", current=status)
    if status in {MembershipStatus.BANNED, MembershipStatus.REJECTED}:
        access.refuse_outsider(membership)
