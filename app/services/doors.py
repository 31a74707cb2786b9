"""The door of an event: who may come in, and why somebody may not."""

from app.models import Event, Membership
from app.models.callers import Caller
from app.models.statuses import EventStatus, MembershipStatus

_STANDS = {
    MembershipStatus.PENDING: "membership_pending",
    MembershipStatus.REJECTED: "membership_rejected",
    MembershipStatus.BANNED: "membership_banned",
}


def why_not(event: Event, caller: Caller | None, membership: Membership | None) -> str | None:
    """Return the code of the refusal that somebody would meet, or None for who may come in.

    Who is in stays in, however full it is: capacity keeps out newcomers alone. Where admins decide,
    also those may ask for whom there is no place yet. A password is asked for at the door itself.
    """
    if membership is not None and membership.is_accepted:
        return None
    if membership is not None and membership.status in _STANDS:
        return _STANDS[membership.status]
    if event.status is EventStatus.FINISHED:
        return "event_closed"
    if event.policies.membership_auto_approved and event.members >= event.capacity:
        return "event_full"
    if (caller is None or caller.is_guest) and not event.policies.guests_allowed:
        return "not_signed_in" if caller is None else "guests_not_allowed"
    return None
