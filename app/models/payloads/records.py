"""What Assent keeps about somebody, and what admins did, as they may read it."""

from typing import Any
from uuid import UUID

from app.models.payloads.people import MembershipPayload, SessionPayload, UserPayload
from app.models.payloads.shapes import Moment, Payload, Person
from app.models.statuses import Category, Choice, ProposalKind, ProposalStatus, SubjectType, Wanted


class OwnProposal(Payload):
    id: UUID
    event_id: UUID
    kind: ProposalKind
    category: Category
    content: str | None
    reason: str | None
    status: ProposalStatus
    created_at: Moment


class OwnVote(Payload):
    event_id: UUID
    proposal_id: UUID
    choice: Choice
    created_at: Moment


class OwnBallot(Payload):
    event_id: UUID
    option_id: UUID
    criterion_ids: list[UUID]
    updated_at: Moment


class OwnComment(Payload):
    id: UUID
    event_id: UUID
    subject_type: SubjectType
    subject_id: UUID
    content: str
    created_at: Moment


class OwnWriting(Payload):
    """A version of a block of a brief."""

    event_id: UUID
    block_id: UUID
    version: int
    text: str
    created_at: Moment


class OwnStroke(Payload):
    """A stroke on an image: x and y in turn."""

    event_id: UUID
    image_id: UUID
    id: UUID
    points: list[float]
    created_at: Moment


class OwnSnapshot(Payload):
    event_id: UUID
    id: UUID
    name: str
    created_at: Moment


class OwnLevel(Payload):
    event_id: UUID
    level: Wanted


class OwnBrowser(Payload):
    endpoint: str
    created_at: Moment


class OwnSeen(Payload):
    announcement_id: UUID
    seen_at: Moment


class OwnMessage(Payload):
    """Something said, by its number; `removed_at` where it was taken away."""

    conversation_id: UUID
    seq: int
    content: str
    created_at: Moment
    removed_at: Moment | None


class OwnAttachment(Payload):
    """A file that was sent up; its bytes are at its message's address."""

    conversation_id: UUID
    id: UUID
    name: str
    media_type: str
    size: int
    created_at: Moment


class OwnReadMark(Payload):
    conversation_id: UUID
    seq: int


class PersonExport(Payload):
    """Everything that is kept about one person. Passwords and tokens are kept as hashes only."""

    user: UserPayload
    sessions: list[SessionPayload]
    memberships: list[MembershipPayload]
    proposals: list[OwnProposal]
    votes: list[OwnVote]
    ballots: list[OwnBallot]
    comments: list[OwnComment]
    writings: list[OwnWriting]
    strokes: list[OwnStroke]
    snapshots: list[OwnSnapshot]
    notifications: list[OwnLevel]
    browsers: list[OwnBrowser]
    seen: list[OwnSeen]
    messages: list[OwnMessage]
    attachments: list[OwnAttachment]
    read_marks: list[OwnReadMark]


class AuditEntry(Payload):
    """One deed of an admin: a row of the log, in the words of an audit.

    `detail` says what it led to; of an edit, the fields that it changed.
    """

    seq: int
    at: Moment
    actor: Person
    action: str
    subject: UUID
    detail: dict[str, Any]


class AuditPage(Payload):
    """Deeds, youngest first. `next_before` is null on the last page."""

    items: list[AuditEntry]
    next_before: int | None
