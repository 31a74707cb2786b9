"""Comments: said, mended and taken back, until the event is finished."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import Comment, Event, Item, Proposal, User
from app.models.base import now
from app.models.callers import Caller
from app.models.errors import Conflict, Forbidden, Malformed
from app.models.payloads import CommentChange, CommentCount, CommentPayload
from app.models.presenting import present_comment
from app.models.statuses import ChangeType, ItemKind, ProposalStatus, SubjectType
from app.services import access
from app.services.access import Right
from app.services.changes import announce
from app.services.pages import Page, cut, decode_cursor
from app.utils.db import Database
from app.utils.transaction import UnitOfWork

Commented = Event | Item | Proposal


@dataclass(frozen=True, slots=True)
class Subject:
    """What a comment is about. For the event as a whole the id may be left open."""

    type: SubjectType
    id: UUID | None = None

    @classmethod
    def parse(cls, text: str) -> "Subject":
        """Read `event`, `criterion:<id>` or `proposal:<id>`. Raises Malformed."""
        name, _, identity = text.partition(":")
        try:
            subject = cls(SubjectType(name), UUID(identity) if identity else None)
        except ValueError:
            raise _bad_subject() from None
        if subject.id is None and subject.type is not SubjectType.EVENT:
            raise _bad_subject()
        return subject

    def place(self, event_id: UUID) -> UUID:
        return self.id if self.type is not SubjectType.EVENT and self.id else event_id


def _bad_subject() -> Malformed:
    return Malformed("subject_malformed", "subject must be event, criterion:<id> or proposal:<id>.")


async def say(
    uow: UnitOfWork, author: Caller, event_id: UUID, subject: Subject, content: str
) -> CommentChange:
    """Comment on something of the event."""
    event, _ = await access.lock_event(uow, event_id, author, Right.SEE)
    access.require_open(event)
    about = await _find_subject(uow, event, subject)
    comment = Comment(
        event_id=event.id,
        subject_type=subject.type,
        subject_id=subject.place(event.id),
        author=await uow.session.get_one(User, author.id),
        content=content,
    )
    uow.session.add(comment)
    about.comment_count += 1
    return await _announce(uow, comment, about, author)


async def edit(
    uow: UnitOfWork, author: Caller, event_id: UUID, comment_id: UUID, content: str
) -> CommentChange:
    """Mend one's own comment."""
    event, _ = await access.lock_event(uow, event_id, author, Right.SEE)
    access.require_open(event)
    comment = await _find_comment(uow, event, comment_id)
    if comment.author_id != author.id:
        raise Forbidden("not_the_author", "Only its author may edit a comment.")
    comment.content, comment.edited_at = content, now()
    return await _announce(uow, comment, await _subject_of(uow, event, comment), author)


async def remove(
    uow: UnitOfWork, caller: Caller, event_id: UUID, comment_id: UUID
) -> CommentChange:
    """Take a comment away: its author, or an admin. Its place and its words stay on record."""
    event, membership = await access.lock_event(uow, event_id, caller, Right.SEE)
    access.require_open(event)
    comment = await _find_comment(uow, event, comment_id)
    if comment.author_id != caller.id and not access.is_admin(membership, caller):
        raise Forbidden("not_the_author", "Only its author or an admin may delete a comment.")
    comment.deleted_at, comment.deleted_by_id = now(), caller.id
    about = await _subject_of(uow, event, comment)
    about.comment_count -= 1
    return await _announce(uow, comment, about, caller)


async def list_comments(
    database: Database,
    caller: Caller,
    event_id: UUID,
    subject: Subject | None,
    cursor: str | None,
    limit: int,
) -> Page[CommentPayload]:
    """Return comments, youngest first: on one subject, or on everything in the event."""
    wanted = (
        sa.select(Comment)
        .options(joinedload(Comment.author, innerjoin=True))
        .where(Comment.event_id == event_id)
        .order_by(Comment.id.desc())
        .limit(limit + 1)
    )
    if subject is not None:
        wanted = wanted.where(
            Comment.subject_type == subject.type, Comment.subject_id == subject.place(event_id)
        )
    if cursor is not None:
        wanted = wanted.where(Comment.id < decode_cursor(cursor))
    async with database.read() as session:
        await access.find_event(session, event_id, caller)
        found = list(await session.scalars(wanted))
    return cut([present_comment(comment) for comment in found], limit)


async def count_comments(
    database: Database, caller: Caller, event_id: UUID, criterion_id: UUID
) -> CommentCount:
    """Return how many comments a criterion has."""
    async with database.read() as session:
        await access.find_event(session, event_id, caller)
        item = await session.get(Item, (event_id, criterion_id))
    if item is None or item.kind is not ItemKind.CRITERION:
        raise access.no_such("criterion")
    return CommentCount(count=item.comment_count)


async def _find_subject(uow: UnitOfWork, event: Event, subject: Subject) -> Commented:
    found = await _load_subject(uow, event, subject.type, subject.place(event.id))
    gone = (isinstance(found, Item) and found.deleted_at is not None) or (
        isinstance(found, Proposal) and found.status is ProposalStatus.DELETED
    )
    if gone:
        raise Conflict("subject_deleted", "This was deleted meanwhile.", current="DELETED")
    return found


async def _load_subject(
    uow: UnitOfWork, event: Event, kind: SubjectType, subject_id: UUID
) -> Commented:
    if kind is SubjectType.EVENT:
        return event
    if kind is SubjectType.PROPOSAL:
        proposal = await uow.session.get(Proposal, (event.id, subject_id))
        if proposal is None:
            raise access.no_such("proposal")
        return proposal
    item = await uow.session.get(Item, (event.id, subject_id))
    if item is None or item.kind is not ItemKind.CRITERION:
        raise access.no_such("criterion")
    return item


async def _subject_of(uow: UnitOfWork, event: Event, comment: Comment) -> Commented:
    return await _load_subject(uow, event, comment.subject_type, comment.subject_id)


async def _find_comment(uow: UnitOfWork, event: Event, comment_id: UUID) -> Comment:
    comment = await uow.session.scalar(
        sa.select(Comment)
        .options(joinedload(Comment.author, innerjoin=True))
        .where(Comment.event_id == event.id, Comment.id == comment_id)
    )
    if comment is None or comment.deleted_at is not None:
        raise access.no_such("comment")
    return comment


async def _announce(
    uow: UnitOfWork, comment: Comment, about: Commented, actor: Caller
) -> CommentChange:
    await uow.session.flush()
    said = CommentChange(**dict(present_comment(comment)), comment_count=about.comment_count)
    announce(uow, ChangeType.COMMENT, said, actor)
    return said
