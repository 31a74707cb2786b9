"""What somebody is told who may not: by what they are to the event, or by what the event is."""

from typing import Final

from app.models.statuses import EventStatus, MembershipStatus

OUTSIDE: Final = {
    None: ("not_a_member", "You are not a member of this event. Join it with its entrance code."),
    MembershipStatus.PENDING: (
        "membership_pending",
        "Your request to join waits for an admin. You come in as soon as one approves it.",
    ),
    MembershipStatus.REJECTED: (
        "membership_rejected",
        "Your request to join was declined. Ask an admin of the event to open it again.",
    ),
    MembershipStatus.LEFT: (
        "membership_left",
        "You are no longer in this event. Join it again with its entrance code.",
    ),
    MembershipStatus.BANNED: ("membership_banned", "You are banned from this event."),
}

CLOSED: Final = {
    EventStatus.NOT_STARTED: ("event_not_started", "This event has not started yet."),
    EventStatus.PAUSED: ("event_paused", "This event is paused. Try again when it goes on."),
    EventStatus.FINISHED: ("event_closed", "This event is closed. It can only be read now."),
}
