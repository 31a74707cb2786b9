"""A conversation as one person may use it: found, authorized and, for a write, locked."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.models import Conversation, Event, Membership, User
from app.models.callers import Caller
from app.models.errors import Forbidden
from app.models.payloads import MessagePayload
from app.models.statuses import ChangeType, MembershipStatus, NoticeType
from app.services import access
from app.services.access import Right
from app.services.changes import announce
from app.utils.transaction import UnitOfWork

UserColumn = sa.ColumnExpressionArgument[UUID] | sa.SQLColumnExpression[UUID | None]
_IN: Final = MembershipStatus.ACCEPTED


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that the caller may read: of an event, or else with the `other` person."""

    conversation: Conversation
    caller: Caller
    event: Event | None
    membership: Membership | None
    other: User | None
    acquainted: bool

    @property
    def id(self) -> UUID:
        return self.conversation.id

    @property
    def admin(self) -> bool:
        """Whether the caller may take away what others said."""
        return self.event is not None and access.is_admin(self.membership, self.caller)

    @property
    def holds_images(self) -> bool:
        """Whether an image of the caller's waits for an admin."""
        return (
            self.event is not None and self.event.policies.images_need_approval and not self.admin
        )

    def require_open(self) -> None:
        """Raise unless something can be said here now.

        Two people who share no event any more can read what they said, and say nothing new.
        """
        if self.event is not None:
            access.require_open(self.event)
        elif not self.acquainted:
            raise Forbidden(
                "no_shared_event",
                "You two share no event any more. What was said stays; meet again to go on.",
            )


async def find_talk(session: AsyncSession, conversation_id: UUID, caller: Caller) -> Talk:
    """Find a conversation for somebody who must be in it. Raises NotFound or Forbidden."""
    found = (await session.execute(_of_event(conversation_id, caller))).one_or_none()
    if found is None:
        return await _find_direct(session, conversation_id, caller)
    conversation, event, membership = found
    access.require_there(event)
    access.allow(membership, caller, Right.SEE)
    return Talk(conversation, caller, event, membership, other=None, acquainted=True)


async def lock_talk(uow: UnitOfWork, conversation_id: UUID, caller: Caller) -> Talk:
    """Lock a conversation for somebody who must be in it; first step of a write in it.

    Raises NotFound, Forbidden, or Replay.
    """
    await access.lock_conversation(uow, conversation_id)
    await uow.recall_own()
    return await find_talk(uow.session, conversation_id, caller)


def tell(uow: UnitOfWork, talk: Talk, message: MessagePayload) -> None:
    """Tell whoever is in the conversation how a message is now: by the log, or both by notice."""
    if talk.event is not None:
        announce(uow, ChangeType.MESSAGE, message, talk.caller)
        return
    for user_id in talk.conversation.pair:
        if user_id is not None:
            uow.notify(user_id, NoticeType.MESSAGE, message)


def share_event(one: UserColumn, other: UserColumn) -> sa.Exists:
    """Return whether there is an event that two people are both in now."""
    first, second = aliased(Membership), aliased(Membership)
    return (
        sa.select(first.id)
        .join(second, second.event_id == first.event_id)
        .join(Event, Event.id == first.event_id)
        .where(
            first.user_id == one,
            second.user_id == other,
            first.status == _IN,
            second.status == _IN,
            Event.deleted_at.is_(None),
        )
        .exists()
    )


async def _find_direct(session: AsyncSession, conversation_id: UUID, caller: Caller) -> Talk:
    found = (await session.execute(_of_pair(conversation_id, caller))).one_or_none()
    # Nobody else, staff neither, learns that two people talk.
    if found is None:
        raise access.no_such("conversation")
    conversation, other, shared = found
    acquainted = shared or caller.is_staff or other.is_staff
    return Talk(conversation, caller, None, None, other, acquainted)


def _of_event(
    conversation_id: UUID, caller: Caller
) -> sa.Select[Conversation, Event, Membership | None]:
    return (
        sa.select(Conversation, Event, Membership)
        .join(Event, Event.id == Conversation.event_id)
        .outerjoin(
            Membership,
            (Membership.event_id == conversation_id) & (Membership.user_id == caller.id),
        )
        .where(Conversation.id == conversation_id)
    )


def _of_pair(conversation_id: UUID, caller: Caller) -> sa.Select[Conversation, User, bool]:
    low, high = Conversation.low_user_id, Conversation.high_user_id
    return (
        sa.select(Conversation, User, share_event(low, high))
        .join(User, User.id == sa.case((low == caller.id, high), else_=low))
        .where(Conversation.id == conversation_id, sa.or_(low == caller.id, high == caller.id))
    )
