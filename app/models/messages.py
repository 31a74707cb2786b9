"""Messages: what is said in a conversation, numbered without gaps."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, enum_column, one_of, text_between
from app.models.statuses import MessageKind, Remover, SystemCode


class Message(Base):
    """One message. `id` is made by whoever sends it, so that sending twice is sending once.

    A system line has a code instead of words; `author_id` is then who did what it tells, and
    `about_id` to whom. Of a message that was removed the words stay on record, and nobody is told.
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.PrimaryKeyConstraint("conversation_id", "seq"),
        sa.UniqueConstraint("conversation_id", "id"),
        sa.ForeignKeyConstraint(
            ["conversation_id", "reply_to_seq"], ["messages.conversation_id", "messages.seq"]
        ),
        sa.Index(None, "author_id"),
        one_of("kind", MessageKind),
        one_of("code", SystemCode),
        one_of("removed_by", Remover),
        text_between("content", 0, 5_000),
        sa.CheckConstraint("seq > 0", name="seq_positive"),
        sa.CheckConstraint("(kind = 'system') = (code IS NOT NULL)", name="code_fits"),
        sa.CheckConstraint("kind = 'system' OR author_id IS NOT NULL", name="somebody_said_it"),
        sa.CheckConstraint("(removed_by IS NULL) = (removed_at IS NULL)", name="removed_by_one"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE")
    )
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    id: Mapped[UUID]
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    content: Mapped[str]
    code: Mapped[SystemCode | None] = mapped_column(enum_column(SystemCode))
    about_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    params: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reply_to_seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[CreatedAt]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[Remover | None] = mapped_column(enum_column(Remover))


class Mention(Base):
    """Somebody named in a message. Its key counts the unread ones of a person."""

    __tablename__ = "mentions"
    __table_args__ = (
        sa.PrimaryKeyConstraint("conversation_id", "user_id", "seq"),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"],
            ["messages.conversation_id", "messages.seq"],
            ondelete="CASCADE",
        ),
        sa.Index(None, "conversation_id", "seq"),
    )

    conversation_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
