"""Items, proposals, votes and comments as JSON."""

from typing import Literal
from uuid import UUID

from app.models.payloads.shapes import Identified, Moment, Payload, Person
from app.models.statuses import (
    Category,
    Choice,
    ItemKind,
    ProposalKind,
    ProposalStatus,
    SubjectType,
)


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


class SourcePayload(Payload):
    """The version of a block of the brief that a proposal was made of."""

    block_id: UUID
    version: int


class ProposalPayload(Identified):
    event_id: UUID
    kind: ProposalKind
    category: Category
    target_id: UUID | None
    content: str | None
    reason: str | None
    source: SourcePayload | None
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
