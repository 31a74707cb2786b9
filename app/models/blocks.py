"""The blocks of an event's shared brief, and every version that each of them ever had."""

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.models.attachments import Attachment
from app.models.base import Base, CreatedAt, Id, enum_column, one_of, text_between
from app.models.statuses import BlockKind
from app.models.users import User

LONGEST_HEADING: Final = 200
LONGEST_BLOCK: Final = 5_000


class Block(Base):
    """One block as it is now. A removed one is hidden and keeps its versions.

    `token` is the highest that was ever granted to somebody who took the block to write in it, and
    `holder_id` who that was: whoever brings a lower one with a commit was overtaken.
    """

    __tablename__ = "blocks"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "id"),
        sa.Index(
            "ix_blocks_shown",
            "event_id",
            "position",
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
        one_of("kind", BlockKind),
        text_between("text", 1, LONGEST_BLOCK),
        sa.CheckConstraint(
            f"kind <> 'heading' OR char_length(text) <= {LONGEST_HEADING}", name="heading_length"
        ),
        sa.CheckConstraint(
            "(kind = 'image') = (attachment_id IS NOT NULL)", name="only_images_attach"
        ),
        sa.CheckConstraint("version >= 1 AND token >= 0", name="counts_positive"),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    id: Mapped[Id]
    kind: Mapped[BlockKind] = mapped_column(enum_column(BlockKind))
    text: Mapped[str]
    attachment_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(sa.BigInteger)
    version: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    token: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    holder_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    author: Mapped[User] = relationship(lazy="raise", foreign_keys=[author_id])
    # The conversation of an event has its id.
    image: Mapped[Attachment | None] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            foreign(Block.event_id) == Attachment.conversation_id,
            foreign(Block.attachment_id) == Attachment.id,
        ),
    )


class BlockVersion(Base):
    """What a block said from one commit to the next. `removed` where the commit took it away."""

    __tablename__ = "block_versions"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "block_id", "version"),
        sa.ForeignKeyConstraint(
            ["event_id", "block_id"], ["blocks.event_id", "blocks.id"], ondelete="CASCADE"
        ),
        text_between("text", 1, LONGEST_BLOCK),
    )

    event_id: Mapped[UUID]
    block_id: Mapped[UUID]
    version: Mapped[int]
    text: Mapped[str]
    removed: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="raise")
