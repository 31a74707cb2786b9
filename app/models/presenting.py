"""How rows become payloads: one function a noun, used for answers and changes alike."""

from app.models.comments import Comment
from app.models.events import Event
from app.models.items import Item
from app.models.memberships import Membership
from app.models.payloads import (
    CommentPayload,
    CommentSubject,
    Counts,
    CriterionPayload,
    EventHead,
    ItemPayload,
    MembershipPayload,
    Needed,
    Person,
    PoliciesPayload,
    ProposalPayload,
    SourcePayload,
    Tally,
    TurnoutPayload,
    UserPayload,
)
from app.models.proposals import Proposal
from app.models.statuses import ItemKind, ProposalKind, ProposalStatus
from app.models.users import User


def present_person(user: User) -> Person:
    return Person(id=user.id, name=user.name)


def present_user(user: User) -> UserPayload:
    return UserPayload(
        id=user.id,
        email=user.email,
        name=user.name,
        locale=user.locale,
        is_staff=user.is_staff,
        is_guest=user.is_guest,
        created_at=user.created_at,
    )


def present_counts(event: Event) -> Counts:
    return Counts(
        members=event.members,
        pending=event.pending,
        observers=event.observers,
        voters=event.ballots,
    )


def present_needed(event: Event) -> Needed:
    return Needed(**{kind.value: event.needed(kind) for kind in ProposalKind})


def present_turnout(event: Event) -> TurnoutPayload:
    return TurnoutPayload(counts=present_counts(event), needed=present_needed(event))


def present_policies(event: Event) -> PoliciesPayload:
    return PoliciesPayload(
        **dict(event.policies), password_required=event.password_hash is not None
    )


def present_event(event: Event, owner: User) -> EventHead:
    """Return an event without its contents."""
    return EventHead(
        id=event.id,
        epoch=event.epoch,
        seq=event.seq,
        subject=event.subject,
        description=event.description,
        status=event.status,
        entrance_code=event.entrance_code,
        capacity=event.capacity,
        owner=present_person(owner),
        policies=present_policies(event),
        counts=present_counts(event),
        needed=present_needed(event),
        comment_count=event.comment_count,
        created_at=event.created_at,
        started_at=event.started_at,
        finished_at=event.finished_at,
        deleted=event.deleted_at is not None,
    )


def present_membership(membership: Membership) -> MembershipPayload:
    return MembershipPayload(
        id=membership.id,
        event_id=membership.event_id,
        user=present_person(membership.user),
        status=membership.status,
        role=membership.role,
        created_at=membership.created_at,
        joined_at=membership.joined_at,
    )


def present_item(item: Item) -> ItemPayload:
    if item.kind is ItemKind.CRITERION:
        return present_criterion(item)
    return _plain_item(item)


def present_criterion(item: Item) -> CriterionPayload:
    return CriterionPayload(
        **dict(_plain_item(item)), conclusion=item.conclusion, comment_count=item.comment_count
    )


def _plain_item(item: Item) -> ItemPayload:
    return ItemPayload(
        id=item.id,
        kind=item.kind,
        content=item.content,
        original_content=item.original_content,
        position=item.position,
        deleted=item.deleted_at is not None,
    )


def present_proposal(proposal: Proposal, event: Event) -> ProposalPayload:
    """Return a proposal; its author and who decided must be loaded."""
    pending = proposal.status is ProposalStatus.PENDING
    by = proposal.decided_by
    return ProposalPayload(
        id=proposal.id,
        event_id=proposal.event_id,
        kind=proposal.kind,
        category=proposal.category,
        target_id=proposal.target_id,
        content=proposal.content,
        reason=proposal.reason,
        source=_present_source(proposal),
        author=present_person(proposal.author),
        status=proposal.status,
        tally=Tally(agree=proposal.agree, disagree=proposal.disagree, abstain=proposal.abstain),
        needed=event.needed(proposal.kind) if pending else proposal.needed,
        decided_by=present_person(by) if by is not None else None if pending else "rule",
        decision_reason=proposal.decision_reason,
        comment_count=proposal.comment_count,
        created_at=proposal.created_at,
        decided_at=proposal.decided_at,
        applied_at=proposal.applied_at,
    )


def _present_source(proposal: Proposal) -> SourcePayload | None:
    if proposal.source_block_id is None or proposal.source_version is None:
        return None
    return SourcePayload(block_id=proposal.source_block_id, version=proposal.source_version)


def present_comment(comment: Comment) -> CommentPayload:
    """Return a comment; a deleted one without its words."""
    deleted = comment.deleted_at is not None
    return CommentPayload(
        id=comment.id,
        event_id=comment.event_id,
        subject=CommentSubject(type=comment.subject_type, id=comment.subject_id),
        author=present_person(comment.author),
        content="" if deleted else comment.content,
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        deleted=deleted,
    )
