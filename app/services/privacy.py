"""Privacy: what is kept about a person, and how they go without changing any result.

Whoever goes leaves their votes, ballots and words, which are parts of decisions of others, and
takes along everything that says who they were.
"""

from dataclasses import replace
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import (
    Attachment,
    Ballot,
    BlockVersion,
    BriefSnapshot,
    Comment,
    Digest,
    Event,
    IdempotencyKey,
    Membership,
    Mention,
    Message,
    NotificationLevel,
    PasswordReset,
    Proposal,
    ProposalVote,
    PushSubscription,
    ReadMark,
    SeenAnnouncement,
    Session,
    Stroke,
    User,
)
from app.models.base import Base, now
from app.models.callers import Caller
from app.models.errors import Conflict
from app.models.payloads import (
    OwnAttachment,
    OwnBallot,
    OwnBrowser,
    OwnComment,
    OwnLevel,
    OwnMessage,
    OwnProposal,
    OwnReadMark,
    OwnSeen,
    OwnSnapshot,
    OwnStroke,
    OwnVote,
    OwnWriting,
    Payload,
    PersonExport,
    UserPayload,
)
from app.models.presenting import present_membership, present_user
from app.models.statuses import EventStatus, MessageKind
from app.services.names import take_name
from app.services.sessions import end_sessions, present_session
from app.utils.db import Database, ReadSession
from app.utils.transaction import UnitOfWork

Shape = TypeVar("Shape", bound=Payload)

FORMER: Final = "Former member"


async def export_person(database: Database, caller: Caller) -> PersonExport:
    """Return everything that is kept about the caller, as of one moment."""
    async with database.read_consistently() as session:
        user = await session.get_one(User, caller.id)
        sessions = await session.scalars(sa.select(Session).where(Session.user_id == caller.id))
        memberships = await session.scalars(
            sa.select(Membership)
            .options(joinedload(Membership.user))
            .where(Membership.user_id == caller.id)
            .order_by(Membership.event_id)
        )
        return PersonExport(
            user=present_user(user),
            sessions=[present_session(row, caller) for row in sessions],
            memberships=[present_membership(row) for row in memberships],
            proposals=await _own(session, OwnProposal, Proposal, Proposal.author_id == caller.id),
            votes=await _own(session, OwnVote, ProposalVote, ProposalVote.user_id == caller.id),
            ballots=await _own(session, OwnBallot, Ballot, Ballot.user_id == caller.id),
            comments=await _own(session, OwnComment, Comment, Comment.author_id == caller.id),
            messages=await _own(
                session,
                OwnMessage,
                Message,
                (Message.author_id == caller.id) & (Message.kind == MessageKind.SAID),
            ),
            attachments=await _own(
                session,
                OwnAttachment,
                Attachment,
                (Attachment.uploader_id == caller.id) & Attachment.removed_at.is_(None),
            ),
            read_marks=await _own(session, OwnReadMark, ReadMark, ReadMark.user_id == caller.id),
            **await _export_brief(session, caller),
            **await _export_reached(session, caller),
        )


async def _export_brief(session: ReadSession, caller: Caller) -> dict[str, Any]:
    """Read what they wrote and drew in briefs, and what they kept."""
    drawn, kept = Stroke.author_id == caller.id, BriefSnapshot.author_id == caller.id
    written = BlockVersion.author_id == caller.id
    return {
        "writings": await _own(session, OwnWriting, BlockVersion, written),
        "strokes": await _own(session, OwnStroke, Stroke, drawn),
        "snapshots": await _own(session, OwnSnapshot, BriefSnapshot, kept),
    }


async def _export_reached(session: ReadSession, caller: Caller) -> dict[str, Any]:
    """Return what is kept to reach the caller while they are away."""
    level, browser, seen = NotificationLevel, PushSubscription, SeenAnnouncement
    return {
        "notifications": await _own(session, OwnLevel, level, level.user_id == caller.id),
        "browsers": await _own(session, OwnBrowser, browser, browser.user_id == caller.id),
        "seen": await _own(session, OwnSeen, seen, seen.user_id == caller.id),
    }


async def forget_person(uow: UnitOfWork, caller: Caller) -> UserPayload:
    """Take away who somebody was; what they did stays, done by a former member.

    Raises Conflict where they own an event that goes on: somebody has to be able to close it.
    """
    await uow.claim()
    user = await uow.session.get_one(User, caller.id)
    await take_name(uow, user, FORMER, replace(caller, name=FORMER))
    # Asked when every event that they are in is locked: none can become theirs any more.
    await _require_nothing_owned(uow, user)
    user.email = user.password_hash = user.last_seen_at = None
    user.is_staff = False
    await end_sessions(uow, Session.user_id == user.id)
    for table in (PasswordReset, IdempotencyKey, NotificationLevel, SeenAnnouncement, Digest):
        await uow.session.execute(sa.delete(table).where(table.user_id == user.id))
    await _forget_files(uow, user)
    await uow.session.execute(_RENAME, _pattern(user))
    await uow.session.flush()
    return present_user(user)


async def _forget_files(uow: UnitOfWork, user: User) -> None:
    """Take away what they sent up, which can show who they were, and what they had read."""
    await uow.session.execute(
        sa.update(Attachment)
        .where(Attachment.uploader_id == user.id, Attachment.removed_at.is_(None))
        .values(removed_at=now())
    )
    for table in (ReadMark, Mention):
        await uow.session.execute(sa.delete(table).where(table.user_id == user.id))


async def _own(
    session: ReadSession, shape: type[Shape], table: type[Base], mine: sa.ColumnElement[bool]
) -> list[Shape]:
    columns = [getattr(table, name) for name in shape.model_fields]
    rows = await session.execute(sa.select(*columns).where(mine).order_by(*columns[:2]))
    return [shape.model_validate(dict(row)) for row in rows.mappings()]


async def _require_nothing_owned(uow: UnitOfWork, user: User) -> None:
    owned = await uow.session.scalar(
        sa.select(sa.func.count())
        .select_from(Event)
        .where(
            Event.owner_id == user.id,
            Event.status != EventStatus.FINISHED,
            Event.deleted_at.is_(None),
        )
    )
    if owned:
        raise Conflict(
            "owns_events",
            f"You own {owned} events that go on. Hand them over, close or delete them first.",
            current=str(owned),
        )


def _pattern(user: User) -> dict[str, object]:
    """Find the name where a person is written in a payload: `{"id": …, "name": …}`."""
    named = f'"id":"{user.id}","name":"'
    return {
        "user_id": user.id,
        "mention": f"%{named}%",
        "name": named + r'(\\.|[^"\\])*"',
        "former": f'{named}{FORMER}"',
    }


# What is in the log stays there, told of nobody: numbers, and all else that it says, are the same.
_RENAME = sa.text("""
    UPDATE changes
    SET payload = CAST(regexp_replace(CAST(payload AS text), :name, :former, 'g') AS json)
    WHERE (event_id IN (SELECT event_id FROM memberships WHERE user_id = :user_id)
           OR event_id IN (SELECT event_id FROM changes WHERE actor_id = :user_id))
      AND CAST(payload AS text) LIKE :mention
""")
