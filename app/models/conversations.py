"""Conversations: one for every event and for every two who talk, and who read how far."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, Id
from app.models.statuses import ConversationKind


class Conversation(Base):
    """A row of numbered messages. An event's conversation has the event's own id.

    `last_seq` moves under the event's lock, or under this row's own where there is no event.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        sa.UniqueConstraint("low_user_id", "high_user_id"),
        sa.Index(None, "high_user_id"),
        sa.CheckConstraint("last_seq >= 0", name="last_seq_positive"),
        sa.CheckConstraint(
            "CASE WHEN event_id IS NULL THEN low_user_id < high_user_id"
            " ELSE event_id = id AND low_user_id IS NULL AND high_user_id IS NULL END",
            name="event_or_pair",
        ),
        sa.CheckConstraint(
            "event_id IS NOT NULL OR (low_user_id IS NOT NULL AND high_user_id IS NOT NULL)",
            name="pair_complete",
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    low_user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    high_user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    last_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    last_at: Mapped[CreatedAt]
    created_at: Mapped[CreatedAt]

    @property
    def kind(self) -> ConversationKind:
        return ConversationKind.DIRECT if self.event_id is None else ConversationKind.EVENT

    @property
    def pair(self) -> tuple[UUID | None, UUID | None]:
        return (self.low_user_id, self.high_user_id)

    def other_of(self, user_id: UUID) -> UUID | None:
        """Return the other one of the two; None in an event's conversation."""
        return self.high_user_id if user_id == self.low_user_id else self.low_user_id


class ReadMark(Base):
    """How far one person has read, and how far messages have reached a line of theirs.

    It belongs to the person: it is no part of the event's state, and moves without its lock.
    """

    __tablename__ = "read_marks"
    __table_args__ = (
        sa.PrimaryKeyConstraint("conversation_id", "user_id"),
        sa.CheckConstraint("seq BETWEEN 0 AND delivered_seq", name="read_was_delivered"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE")
    )
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    delivered_seq: Mapped[int] = mapped_column(sa.BigInteger)
