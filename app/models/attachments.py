"""Attachments: images and files of messages. Their bytes are in a store, by their id."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, Id, enum_column, one_of, text_between
from app.models.statuses import AttachmentKind, AttachmentStatus


class Attachment(Base):
    """An image or a file. It belongs to whoever sent it up until a message carries it.

    `removed_at` says that nobody may have it any more; what is in the store goes with the next
    round of housekeeping, and the row after it: so no bytes stay behind without a row.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        sa.PrimaryKeyConstraint("conversation_id", "id"),
        sa.ForeignKeyConstraint(
            ["conversation_id", "message_seq"],
            ["messages.conversation_id", "messages.seq"],
        ),
        sa.Index(None, "conversation_id", "message_seq"),
        sa.Index(None, "uploader_id"),
        sa.Index(
            "ix_attachments_unsent",
            "created_at",
            postgresql_where=sa.text("message_seq IS NULL AND removed_at IS NULL"),
        ),
        sa.Index(
            "ix_attachments_removed",
            "removed_at",
            postgresql_where=sa.text("removed_at IS NOT NULL"),
        ),
        one_of("kind", AttachmentKind),
        one_of("status", AttachmentStatus),
        text_between("name", 1, 200),
        text_between("media_type", 1, 100),
        sa.CheckConstraint("size > 0", name="size_positive"),
        sa.CheckConstraint(
            "(kind = 'image') = (width IS NOT NULL AND height IS NOT NULL)", name="images_measured"
        ),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE")
    )
    id: Mapped[Id]
    message_seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    position: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    uploader_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    kind: Mapped[AttachmentKind] = mapped_column(enum_column(AttachmentKind))
    status: Mapped[AttachmentStatus] = mapped_column(
        enum_column(AttachmentStatus), default=AttachmentStatus.APPROVED
    )
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[CreatedAt]
    removed_at: Mapped[datetime | None]
