"""The summary: all that waits for somebody, read in a few queries however many events they have."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import Ballot, Conversation, Event, Inbox, Membership, Proposal, ProposalVote, User
from app.models.memberships import VOTING
from app.models.payloads import DirectUnread, OwnEvent, Person, Summary
from app.models.statuses import MembershipStatus, ProposalStatus
from app.services.announcements import read_unseen
from app.services.lobby import present_summary
from app.services.unread import Unread, read_unread
from app.utils.db import Database, ReadSession

# Events in one summary, the youngest first; who has more finds them in `GET /api/events`.
EVENTS_AT_MOST: Final = 500
DIRECT_AT_MOST: Final = 100
_USER: Final = sa.bindparam("user_id", type_=sa.Uuid)
INVOLVED: Final = (MembershipStatus.ACCEPTED, MembershipStatus.PENDING)


@dataclass(frozen=True, slots=True)
class Reading:
    """A summary, and the number of the last change of each of its events."""

    summary: Summary
    heads: dict[UUID, int]


async def read_summary(database: Database, user_id: UUID) -> Reading:
    """Read what is now. Whatever was told before the call is in it."""
    async with database.read() as session:
        # First: nothing that is read after it is older than the notices it counts.
        seq = await session.scalar(_SEQ, {"user_id": user_id})
        rows = (await session.execute(_OWN_EVENTS, {"user_id": user_id})).all()
        announcements = await read_unseen(session, user_id)
        unread = {each.conversation_id: each for each in await read_unread(session, user_id)}
        direct = await _waiting(session, user_id, unread.values())
    summary = Summary(
        notice_seq=seq or 0,
        events=[_present(row, unread.get(row.Event.id)) for row in rows],
        conversations=direct,
        announcements=announcements,
    )
    return Reading(summary, {row.Event.id: row.Event.seq for row in rows})


async def read_positions(
    session: ReadSession, event_ids: list[UUID], user_ids: list[UUID]
) -> dict[tuple[UUID, UUID], int]:
    """Return the places in the queues of events, of those among the people who wait there."""
    ranked = (
        sa.select(Membership.event_id, Membership.user_id, _RANK.label("position"))
        .where(Membership.event_id.in_(event_ids), Membership.status == MembershipStatus.PENDING)
        .subquery()
    )
    found = await session.execute(sa.select(ranked).where(ranked.c.user_id.in_(user_ids)))
    return {(row.event_id, row.user_id): row.position for row in found}


async def _waiting(
    session: ReadSession, user_id: UUID, unread: Iterable[Unread]
) -> list[DirectUnread]:
    """Return the direct conversations in which something waits, with whom they are."""
    waiting = {each.conversation_id: each for each in unread if each.direct and each.unread}
    if not waiting:
        return []
    other = sa.case(
        (Conversation.low_user_id == user_id, Conversation.high_user_id),
        else_=Conversation.low_user_id,
    )
    found = await session.execute(
        sa.select(Conversation.id, User.id.label("person_id"), User.name)
        .join(User, User.id == other)
        .where(Conversation.id.in_(list(waiting)))
        .order_by(Conversation.last_at.desc())
        .limit(DIRECT_AT_MOST)
    )
    return [
        DirectUnread(
            id=row.id,
            with_person=Person(id=row.person_id, name=row.name),
            last_seq=waiting[row.id].last_seq,
            read_seq=waiting[row.id].read_seq,
            unread=waiting[row.id].unread,
        )
        for row in found
    ]


def open_proposals() -> sa.ScalarSelect[int]:
    """Return the number of an event's pending proposals, as a column."""
    return (
        sa.select(sa.func.count())
        .select_from(Proposal)
        .where(Proposal.event_id == Event.id, Proposal.status == ProposalStatus.PENDING)
        .correlate(Event)
        .scalar_subquery()
    )


def _voted() -> sa.ScalarSelect[int]:
    """Return how many of an event's pending proposals a person has voted on, as a column."""
    return (
        sa.select(sa.func.count())
        .select_from(ProposalVote)
        .join(
            Proposal,
            (Proposal.event_id == ProposalVote.event_id)
            & (Proposal.id == ProposalVote.proposal_id),
        )
        .where(
            ProposalVote.event_id == Event.id,
            ProposalVote.user_id == _USER,
            Proposal.status == ProposalStatus.PENDING,
        )
        .correlate(Event)
        .scalar_subquery()
    )


def _ahead() -> sa.ScalarSelect[int]:
    """Return how many wait in front of a membership, as a column."""
    other = sa.orm.aliased(Membership)
    return (
        sa.select(sa.func.count())
        .select_from(other)
        .where(
            Membership.status == MembershipStatus.PENDING,
            other.event_id == Membership.event_id,
            other.status == MembershipStatus.PENDING,
            sa.tuple_(other.requested_at, other.id)
            < sa.tuple_(Membership.requested_at, Membership.id),
        )
        .correlate(Membership)
        .scalar_subquery()
    )


def _present(row: Any, unread: Unread | None) -> OwnEvent:
    membership: Membership = row.Membership
    votes = membership.is_accepted and membership.role in VOTING
    return OwnEvent(
        **dict(present_summary(row.Event, membership, row.has_ballot)),
        message_seq=row.message_seq or 0,
        unread=unread.unread if unread else 0,
        mentions=unread.mentions if unread else 0,
        open_proposals=row.open,
        undecided=row.open - row.voted if votes else 0,
        queue_position=row.ahead + 1 if membership.status is MembershipStatus.PENDING else None,
    )


_RANK = sa.func.row_number().over(
    partition_by=Membership.event_id, order_by=(Membership.requested_at, Membership.id)
)
# Said once: to put such a statement together takes longer than to send it.
_SEQ: Final = sa.select(Inbox.seq).where(Inbox.user_id == _USER)
_OWN_EVENTS: Final = (
    sa.select(
        Event,
        Membership,
        (Ballot.user_id.is_not(None)).label("has_ballot"),
        open_proposals().label("open"),
        _voted().label("voted"),
        _ahead().label("ahead"),
        Conversation.last_seq.label("message_seq"),
    )
    .join(Membership, Membership.event_id == Event.id)
    .outerjoin(Conversation, Conversation.id == Event.id)
    .outerjoin(Ballot, (Ballot.event_id == Event.id) & (Ballot.user_id == _USER))
    .options(joinedload(Membership.user, innerjoin=True))
    .where(
        Membership.user_id == _USER,
        Membership.status.in_(INVOLVED),
        Event.deleted_at.is_(None),
    )
    .order_by(Membership.event_id.desc())
    .limit(EVENTS_AT_MOST)
)
