"""What leaves Assent as JSON: the bodies of answers, which are also the data of changes."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from app.models.policies import Policies
from app.models.statuses import (
    Category,
    Choice,
    EventStatus,
    ItemKind,
    Locale,
    MembershipStatus,
    ProposalKind,
    ProposalStatus,
    Role,
    SubjectType,
)


def rfc3339(moment: datetime) -> str:
    """Return the moment in UTC with microseconds and a `Z`: one shape for bodies and frames."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


Moment = Annotated[datetime, PlainSerializer(rfc3339, return_type=str, when_used="json")]


class Payload(BaseModel):
    """A shape on the wire: nothing undeclared goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def encode(self) -> bytes:
        """Return the JSON that is sent, stored and streamed."""
        return self.__pydantic_serializer__.to_json(self)


class Identified(Payload):
    id: UUID


class Person(Payload):
    id: UUID
    name: str


class UserPayload(Payload):
    id: UUID
    email: str | None
    name: str
    locale: Locale
    is_staff: bool
    is_guest: bool
    created_at: Moment


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


class ItemPayload(Payload):
    id: UUID
    kind: ItemKind
    content: str
    original_content: str | None
    position: int
    deleted: bool = False


class CriterionPayload(ItemPayload):
    conclusion: str | None
    comment_count: int


class Tally(Payload):
    agree: int
    disagree: int
    abstain: int


class ProposalPayload(Identified):
    event_id: UUID
    kind: ProposalKind
    category: Category
    target_id: UUID | None
    content: str | None
    reason: str | None
    author: Person
    status: ProposalStatus
    tally: Tally
    needed: int | None
    decided_by: Person | Literal["rule"] | None
    decision_reason: str | None
    comment_count: int
    created_at: Moment
    decided_at: Moment | None
    applied_at: Moment | None


class TallyPayload(Payload):
    proposal_id: UUID
    tally: Tally
    needed: int | None


class VotePayload(Payload):
    """The answer to a vote. `seq` is the number of the last change it made."""

    proposal_id: UUID
    choice: Choice | None
    tally: Tally
    status: ProposalStatus
    seq: int


class MembershipPayload(Identified):
    event_id: UUID
    user: Person
    status: MembershipStatus
    role: Role
    created_at: Moment
    joined_at: Moment | None


class BulkPayload(Payload):
    approved: int
    rejected: int
    no_place: int


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


class Me(Payload):
    """What the caller is to the event. `membership` is null for staff who look in."""

    membership: MembershipPayload | None
    votes: dict[UUID, Choice]
    has_ballot: bool


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
    """What can be known of an event before joining it."""

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
    me: WaitingMe | None


class CodeCheck(Payload):
    valid: bool
    event_id: UUID
    subject: str
    status: EventStatus
    guests_allowed: bool
    password_required: bool
    membership_auto_approved: bool
    members: int
    capacity: int


class EntranceCode(Payload):
    entrance_code: str


class BallotPayload(Payload):
    """`ranking_outdated` says that the criteria changed after the ballot was cast."""

    option_id: UUID
    criterion_ids: list[UUID]
    ranking_outdated: bool
    updated_at: Moment


class OptionResult(Payload):
    option_id: UUID
    content: str
    votes: int


class CriterionResult(Payload):
    criterion_id: UUID
    content: str
    first_choices: int
    weighted_score: int


class ResultPayload(Payload):
    total_members: int
    voters: int
    options: list[OptionResult]
    criteria: list[CriterionResult]


class CommentSubject(Payload):
    type: SubjectType
    id: UUID


class CommentPayload(Identified):
    """A deleted comment keeps its place and loses its words."""

    event_id: UUID
    subject: CommentSubject
    author: Person
    content: str
    created_at: Moment
    edited_at: Moment | None
    deleted: bool


class CommentChange(CommentPayload):
    """A comment with the number of comments that its subject now has."""

    comment_count: int


class CommentCount(Payload):
    count: int


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


class SessionPayload(Identified):
    name: str | None
    user_agent: str
    created_at: Moment
    last_used_at: Moment | None
    expires_at: Moment
    current: bool


class SignedIn(Payload):
    user: UserPayload
    token: str


class GuestSignedIn(SignedIn):
    membership: MembershipPayload


class ApiToken(Payload):
    id: UUID
    name: str
    token: str
    expires_at: Moment
