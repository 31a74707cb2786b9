"""The tables by which a status may move, and the guard on every assignment."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from sqlalchemy import event as listening
from sqlalchemy.orm import LoaderCallableStatus

from app.models import Attachment, Event, Membership, Proposal
from app.models.errors import IllegalTransition
from app.models.statuses import (
    AttachmentStatus,
    EventStatus,
    MembershipStatus,
    ProposalStatus,
)

Status = TypeVar("Status", bound=StrEnum)
Table = Mapping[Status, frozenset[Status]]

EVENT_TRANSITIONS: Final[Table[EventStatus]] = {
    EventStatus.NOT_STARTED: frozenset({EventStatus.IN_PROGRESS}),
    EventStatus.IN_PROGRESS: frozenset({EventStatus.PAUSED, EventStatus.FINISHED}),
    EventStatus.PAUSED: frozenset({EventStatus.IN_PROGRESS, EventStatus.FINISHED}),
    EventStatus.FINISHED: frozenset(),
}

MEMBERSHIP_TRANSITIONS: Final[Table[MembershipStatus]] = {
    MembershipStatus.PENDING: frozenset({MembershipStatus.ACCEPTED, MembershipStatus.REJECTED}),
    MembershipStatus.ACCEPTED: frozenset({MembershipStatus.LEFT, MembershipStatus.BANNED}),
    MembershipStatus.REJECTED: frozenset({MembershipStatus.PENDING}),
    MembershipStatus.LEFT: frozenset({MembershipStatus.PENDING, MembershipStatus.ACCEPTED}),
    MembershipStatus.BANNED: frozenset({MembershipStatus.LEFT}),
}

PROPOSAL_TRANSITIONS: Final[Table[ProposalStatus]] = {
    ProposalStatus.PENDING: frozenset(
        {ProposalStatus.ACCEPTED, ProposalStatus.REJECTED, ProposalStatus.DELETED}
    ),
    ProposalStatus.ACCEPTED: frozenset(),
    ProposalStatus.REJECTED: frozenset(),
    ProposalStatus.DELETED: frozenset(),
}

ATTACHMENT_TRANSITIONS: Final[Table[AttachmentStatus]] = {
    AttachmentStatus.PENDING: frozenset({AttachmentStatus.APPROVED, AttachmentStatus.REJECTED}),
    AttachmentStatus.APPROVED: frozenset(),
    AttachmentStatus.REJECTED: frozenset(),
}


def validate_transition(table: Table[Status], noun: str, current: Status, wanted: Status) -> None:
    """Raise IllegalTransition unless the table leads from `current` to `wanted`."""
    if wanted not in table[current]:
        raise IllegalTransition(noun, current.value, wanted.value)


def _guard(model: type[Any], noun: str, table: Table[Any]) -> None:
    @listening.listens_for(model.status, "set")
    def _check(_target: object, wanted: Any, current: Any, _initiator: object) -> None:
        if current is not LoaderCallableStatus.NO_VALUE and current is not None:
            validate_transition(table, noun, current, wanted)


_guard(Event, "event", EVENT_TRANSITIONS)
_guard(Membership, "membership", MEMBERSHIP_TRANSITIONS)
_guard(Proposal, "proposal", PROPOSAL_TRANSITIONS)
_guard(Attachment, "image", ATTACHMENT_TRANSITIONS)
