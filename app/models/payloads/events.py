"""Events as JSON: from the door, in a list, in full, and as changes."""

from uuid import UUID

from pydantic import Field

from app.models.payloads.content import CriterionPayload, ItemPayload, ProposalPayload
from app.models.payloads.people import MembershipPayload
from app.models.payloads.shapes import Identified, Moment, Payload, Person
from app.models.policies import Policies
from app.models.statuses import Choice, EventStatus


class Counts(Payload):
    """`members` is what the capacity bounds; `voters` counts ballots cast."""

    members: int
    pending: int
    observers: int
    voters: int


class Needed(Payload):
    """AGREE votes that accept a pending proposal of each kind now; null where the rule is off."""

    assumption: int | None
    criterion: int | None
    conclusion: int | None


class PoliciesPayload(Policies):
    password_required: bool


class TurnoutPayload(Payload):
    counts: Counts
    needed: Needed


class EventHead(Payload):
    """An event without what is in it."""

    id: UUID
    epoch: UUID
    seq: int
    subject: str
    description: str
    status: EventStatus
    entrance_code: str
    capacity: int
    owner: Person
    policies: PoliciesPayload
    counts: Counts
    needed: Needed
    comment_count: int
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    deleted: bool = False


class SharedEvent(EventHead):
    """An event as everybody in it sees it."""

    options: list[ItemPayload]
    assumptions: list[ItemPayload]
    criteria: list[CriterionPayload]
    proposals: list[ProposalPayload]
    message_seq: int = Field(description="the number of the last message in its conversation")


class Me(Payload):
    """What the caller is to the event. `membership` is null for staff who look in."""

    membership: MembershipPayload | None
    votes: dict[UUID, Choice]
    has_ballot: bool
    read_seq: int = Field(description="the number of the last message that the caller read")


class EventPayload(SharedEvent):
    me: Me


class EventSummaryMe(Payload):
    membership: MembershipPayload
    has_ballot: bool


class EventSummary(Identified):
    subject: str
    status: EventStatus
    entrance_code: str
    capacity: int
    counts: Counts
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    me: EventSummaryMe


class WaitingMe(Payload):
    """What somebody at the door is told. `queue_position` counts from 1 while waiting."""

    membership: MembershipPayload
    queue_position: int | None


class EventOverview(Payload):
    """What can be known of an event before joining it.

    `refusal` is the code of what keeps the caller out, null where `can_enter`.
    """

    id: UUID
    subject: str
    description: str
    status: EventStatus
    capacity: int
    counts: Counts
    policies: PoliciesPayload
    options: list[ItemPayload]
    owner: Person
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    can_enter: bool
    refusal: str | None
    me: WaitingMe | None


class CodeCheck(Payload):
    valid: bool
    event_id: UUID
    subject: str
    status: EventStatus
    guests_allowed: bool
    observers_allowed: bool
    password_required: bool
    membership_auto_approved: bool
    members: int
    capacity: int


class EntranceCode(Payload):
    entrance_code: str


class ChangePayload(Payload):
    seq: int
    type: str
    at: Moment
    actor: Person | None
    data: dict[str, object] | None = Field(description="null where the caller may not see it")


class ChangesPage(Payload):
    items: list[ChangePayload]
    head: int
    epoch: UUID
